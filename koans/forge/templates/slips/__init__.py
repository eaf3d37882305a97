"""Slips of the keyboard: punctuation, brackets and keywords."""

from sleepy.koans.forge.templates.slips import punctuation, words

PARTS = (punctuation, words)
