"""The templates, text files by subject, and what writes programs from them."""
