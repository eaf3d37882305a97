"""One attempt at a task, and what the compiler suggests for it."""
