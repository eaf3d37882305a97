"""The user's crates as they are read: their sources, what is ignored, their secrets taken out, lessons drawn from them."""
