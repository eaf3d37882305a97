"""Following the user's crates: what stopped compiling, how its developer repaired it, and what that teaches."""
