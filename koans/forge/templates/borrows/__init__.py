"""Borrows that meet: two at once, one that outlives its value, one that may not change it."""

from sleepy.koans.forge.templates.borrows import (
    assignments,
    exclusive,
    extractions,
    held,
    mutability,
    outlived,
    overlaps,
)

PARTS = (overlaps, exclusive, held, outlived, mutability, assignments, extractions)
