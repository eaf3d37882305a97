"""The forge: makes compiler-verified variants of a mistake."""
