"""E0308, a text wanted and a number, a `bool`, a `char` or another value that can be shown given: `&n.to_string()`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sleepy.daemon.fix.recipes.place import byte_range
from sleepy.koans.syntax import ParsedSource, between, field
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0308",)

_FOUND = re.compile(
    r"expected `(?P<wanted>&str|&String|String)`, found (?P<given>`[^`]+`|integer|floating-point number)"
)
_TEXTS = frozenset(("`str`", "`&str`", "`String`", "`&String`", "`()`"))  # which the compiler converts, or nobody
_WHOLE = frozenset(  # expressions that a method can be called on as they stand
    "identifier integer_literal float_literal boolean_literal char_literal call_expression field_expression self "
    "index_expression macro_invocation parenthesized_expression scoped_identifier await_expression try_expression".split()
)


def shown(source: str, error: Diagnostic) -> Iterator[str]:
    """With the value as text where it is given."""
    place = error.primary
    found = _FOUND.search(place.label) if place is not None else None
    if place is None or found is None or found["given"] in _TEXTS:
        return
    parsed = ParsedSource(source)
    start, end = byte_range(source, place)
    node = parsed.root.named_descendant_for_byte_range(start, end)
    if node is None or (node.start_byte, node.end_byte) != (start, end):
        return
    inner = node
    while inner.type == "reference_expression" and (lent := field(inner, "value")) is not None:
        inner = lent
    text = parsed.words(inner)
    text = text if inner.type in _WHOLE else f"({text})"
    lent_as = "" if found["wanted"] == "String" else "&"
    yield parsed.changed([between(start, end, f"{lent_as}{text}.to_string()")])
