"""The who-does-what plan: its typed values, its yes, and its frozen versions."""
