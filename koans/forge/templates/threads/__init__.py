"""Closures that leave, threads, and what they take with them."""

from sleepy.koans.forge.templates.threads import closures, sharing

PARTS = (sharing, closures)
