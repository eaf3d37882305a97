"""What is practised: koans, their shelf and their forge."""
