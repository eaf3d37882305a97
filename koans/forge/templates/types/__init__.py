"""One type where another is needed."""

from sleepy.koans.forge.templates.types import branches, casts, inference, numbers, references, returns, shapes, text

PARTS = (text, references, numbers, returns, branches, shapes, inference, casts)
