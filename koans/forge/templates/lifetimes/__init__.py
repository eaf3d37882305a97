"""References whose lifetimes are missing, unknown or too short."""

from sleepy.koans.forge.templates.lifetimes import agreement, bounds, missing

PARTS = (missing, agreement, bounds)
