"""Chooses the lines of a program that the model is shown: all of a short one, of a long one those around the error.

A window holds the lines of the error's spans and suggestions with their neighbours, the headers of
the items around them, the imports, and the definitions of the names the message mentions; what room
is left goes to the lines nearest the error. Blank lines and comments are not shown. So the model
meets a file of five thousand lines as it met one of forty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sleepy.sandbox.verdict import Diagnostic

LIMIT = 40  # lines shown at most; training saw no more
_NAME = re.compile(r"[A-Za-z_]\w*")
_ITEM = re.compile(
    r"^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|unsafe\s+|const\s+)?(?:fn|struct|enum|trait|type|const|static|union)\s+(\w+)"
)
_HEADER = re.compile(
    r"^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|unsafe\s+|const\s+)?(?:fn|struct|enum|trait|impl|mod)\b"
)
_IMPORTS, _DEFINITION = 6, 8  # lines kept of each


def holds_code(line: str) -> bool:
    """Whether a line is more than blank or a line comment."""
    text = line.strip()
    return bool(text) and not text.startswith("//")


def chosen(lines: Sequence[str], error: Diagnostic, *, limit: int = LIMIT) -> tuple[int, ...]:
    """The 1-based numbers of the lines to show, ascending; at most `limit`."""
    touched = {span.line_start for span in error.spans}
    able = [n for n, line in enumerate(lines, start=1) if holds_code(line) or n in touched]
    if len(able) <= limit:
        return tuple(able)
    kept: dict[int, None] = {}
    allowed = set(able)

    def keep(numbers: Iterable[int]) -> None:
        for number in numbers:
            if number in allowed and len(kept) < limit:
                kept.setdefault(number)

    primary = error.primary
    center = primary.line_start if primary is not None else 1
    keep(range(center - 1, center + 2))
    for span in error.spans:
        keep([span.line_start, min(span.line_end, span.line_start + 3)])
    for offer in error.suggestions:
        for part in offer.replacements:
            keep([part.line_start, part.line_end])
    for span in error.spans:
        keep(range(span.line_start - 1, span.line_start + 2))
    keep(_headers(lines, center))
    keep([n for n, line in enumerate(lines, start=1) if line.startswith(("use ", "pub use "))][:_IMPORTS])
    for number in _definitions(lines, _mentioned(lines, error, center)):
        keep(number)
    keep(sorted(able, key=lambda number: (abs(number - center), -number)))
    return tuple(sorted(kept))


def _mentioned(lines: Sequence[str], error: Diagnostic, center: int) -> list[str]:
    """Names in the message's quotes first, then those of the line itself."""
    said = [error.message, *(span.label for span in error.spans), *error.notes]
    names = [name for text in said for quoted in re.findall(r"`([^`]*)`", text) for name in _NAME.findall(quoted)]
    return list(dict.fromkeys([*names, *_NAME.findall(lines[min(center, len(lines)) - 1])]))


def _definitions(lines: Sequence[str], names: Sequence[str]) -> list[range]:
    """Where items of these names stand: attributes above, and the item's first lines."""
    at: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        found = _ITEM.match(line)
        if found:
            at.setdefault(found.group(1), number)
    out = []
    for name in names:
        if name not in at:
            continue
        first = number = at[name]
        while first > 1 and lines[first - 2].lstrip().startswith("#["):
            first -= 1
        body = 0 if " fn " in f" {lines[number - 1]}" else _DEFINITION
        out.append(range(first, min(number + body, _item_end(lines, number)) + 1))
    return out


def _item_end(lines: Sequence[str], number: int) -> int:
    """The line that closes an item, by its indentation."""
    head = lines[number - 1]
    if "{" not in head or "}" in head:
        return number
    depth = len(head) - len(head.lstrip())
    for later in range(number + 1, len(lines) + 1):
        line = lines[later - 1]
        if line.strip().startswith("}") and len(line) - len(line.lstrip()) <= depth:
            return later
    return len(lines)


def _headers(lines: Sequence[str], center: int) -> list[int]:
    """The headers of the items around a line, the innermost first, and the lines down to the error's own."""
    center = min(center, len(lines))
    out, depth = [], len(lines[center - 1]) - len(lines[center - 1].lstrip())
    for number in range(center - 1, 0, -1):
        line = lines[number - 1]
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent < depth:
            depth = indent
            if _HEADER.match(line):
                out.append(number)
    return out
