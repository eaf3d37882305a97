"""A koan's answer as the sandbox judges it."""

from __future__ import annotations

from sleepy.koans.koan import Koan
from sleepy.sandbox.case import Case


def case(koan: Koan, source: str) -> Case:
    """The case of `source` as an answer to `koan`, with all that shows whether it is right."""
    return Case(source, koan.tests, koan.broken, koan.edition, koan.fixed, koan.stdout or None)
