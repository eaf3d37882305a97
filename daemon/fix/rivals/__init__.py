"""Other programs that a repair which is a choice must be told apart from."""
