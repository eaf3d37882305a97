"""`sleepy model`: which models there are; getting, adding, adopting, checking and removing them."""
