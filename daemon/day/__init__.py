"""The day: attempts at the shelf and at the user's crates."""
