"""Matches that miss something, and patterns of the wrong shape."""

from sleepy.koans.forge.templates.patterns import coverage, shapes

PARTS = (coverage, shapes)
