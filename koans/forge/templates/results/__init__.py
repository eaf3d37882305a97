"""Options and results that are taken for values, and `?` where it cannot be."""

from sleepy.koans.forge.templates.results import errors, insides, questions, wrappings

PARTS = (questions, wrappings, insides, errors)
