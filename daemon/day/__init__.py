"""The day: koans to practise, and attempts at them."""
