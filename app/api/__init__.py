"""The JSON API: what the screens use, and all a program needs to drive a whole meeting."""
