"""Traits that are missing, incomplete or not what the code needs."""

from sleepy.koans.forge.templates.traits import (
    associated,
    bounds,
    derives,
    implementations,
    iteration,
    members,
    objects,
    operators,
    printing,
    sizes,
)

PARTS = (printing, operators, derives, bounds, members, implementations, objects, associated, iteration, sizes)
