"""What is remembered: episodes in SQL, repairs in weights."""
