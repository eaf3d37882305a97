"""Structs, functions and constants that are declared or used wrongly."""

from sleepy.koans.forge.templates.items import arguments, declarations, places, qualifiers

PARTS = (arguments, declarations, places, qualifiers)
