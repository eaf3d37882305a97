"""Versions as a user meets them: listed, explained, forgotten, collected."""
