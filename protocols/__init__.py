"""What a way of meeting is: definitions read from files, checked, and executed. Pure; imports nothing of ours."""
