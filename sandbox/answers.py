"""What calls returned and tests said: alike as a caller would see it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from sleepy.sandbox.api import Calls

_NUMBER = re.compile(r"(-?\d+\.\d+(?:e-?\d+)?)")


def difference(calls: Sequence[Calls], expected: Sequence[str], found: Sequence[str] | None) -> str:
    """Where a candidate's calls return something else than the reference's; "" where they agree."""
    if not expected:
        return ""
    if found is None:
        return "a call did not report"
    asked = [(item.function.name, row) for item in calls for row in item.arguments]
    for i, value in enumerate(found):
        right = expected[i % len(expected)]
        if right and not alike(value, right):
            name, row = asked[i % len(asked)]
            return f"{name}({', '.join(row)}) returns something else than the reference"
    return ""


def alike(value: str, expected: str) -> bool:
    """Whether two results are the same for a caller: an error is an error in any words, and floats may round."""
    if value.startswith("Err(") and expected.startswith("Err("):
        return True
    if value == expected or '"' in value + expected:
        return value == expected
    words, others = _NUMBER.split(value), _NUMBER.split(expected)
    return len(words) == len(others) and all(
        one == other or (i % 2 == 1 and math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12))
        for i, (one, other) in enumerate(zip(words, others, strict=True))
    )


def first_panic(stderr: bytes) -> str:
    """The first panic's words, for a person to read; its place is in a harness nobody sees."""
    lines = stderr.decode(errors="replace").split("\n")
    at = next((i for i, line in enumerate(lines) if "panicked at" in line), None)
    return "" if at is None else " ".join(line.strip() for line in lines[at + 1 : at + 4])[:300]
