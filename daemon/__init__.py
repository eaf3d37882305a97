"""What sleepy does, and when: the command line, the day, the night."""
