"""rustc's JSON into diagnostics: spans followed back to the user's file, suggestions as replacements."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion


def flags(edition: str) -> list[str]:
    """What every compilation is called with, whatever it emits.

    No bitcode for link-time optimisation, which nobody does: a library is a third smaller.
    """
    return [
        "--edition", edition, "--error-format=json", "-Awarnings", "-C", "opt-level=0", "-C", "debuginfo=0",
        "-C", "codegen-units=1", "-C", "strip=symbols", "-C", "overflow-checks=on", "-C", "embed-bitcode=no",
    ]  # fmt: skip


ERRORS = ("error", "error: internal compiler error")
WARNINGS = ("warning",)


def diagnostics(stderr: bytes, file: str, levels: Sequence[str] = ERRORS) -> list[Diagnostic]:
    """The messages of some levels, in the order of `ordered`; `file` is the user's, as rustc names it."""
    found = []
    for line in stderr.decode(errors="replace").splitlines():
        if not line.startswith("{"):
            continue
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if message.get("level") not in levels:
            continue
        if not message.get("spans") and message.get("message", "").startswith("aborting due to"):
            continue
        found.append(_diagnostic(message, file))
    return ordered(found)


def ordered(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The compiler's order, except that neighbouring messages of one code go by their places.

    Within one phase rustc walks items in an order that depends on what else the crate holds.
    """
    out: list[Diagnostic] = []
    for _, run in groupby(found, key=lambda item: item.code):
        out += sorted(run, key=_place)
    return out


def _place(item: Diagnostic) -> tuple[int, int]:
    return (item.primary.line_start, item.primary.column_start) if item.primary is not None else (0, 0)


def _diagnostic(message: dict[str, Any], file: str) -> Diagnostic:
    spans = [span for span in (_span(raw, file) for raw in message["spans"]) if span is not None]
    notes: list[str] = []
    suggestions: list[Suggestion] = []
    elsewhere: list[Suggestion] = []
    for child in message.get("children", []):
        offered = [raw for raw in child["spans"] if raw.get("suggested_replacement") is not None]
        if offered:
            home = all(raw["file_name"] == file for raw in offered)
            (suggestions if home else elsewhere).extend(_suggestions(child["message"], offered, file))
        elif child["level"] in ("note", "help"):
            notes.append(child["message"])
            if child["level"] == "note":
                spans += [
                    span for span in (_span(raw, file, primary=False) for raw in child["spans"]) if span is not None
                ]
    code = message.get("code")
    return Diagnostic(
        code["code"] if code else None,
        "warning" if message.get("level") == "warning" else "error",
        message["message"],
        tuple(spans),
        tuple(suggestions),
        tuple(notes),
        message.get("rendered") or "",
        tuple(elsewhere),
    )


def _own(raw: dict[str, Any], file: str) -> dict[str, Any] | None:
    """The span in the user's file a (macro) span stands for; None when it is all std's."""
    seen: dict[str, Any] | None = raw
    while seen is not None:
        if seen["file_name"] == file:
            return seen
        seen = (seen.get("expansion") or {}).get("span")
    return None


def _span(raw: dict[str, Any], file: str, *, primary: bool = True) -> Span | None:
    own = _own(raw, file)
    if own is None:
        return None
    text = own.get("text") or []
    return Span(
        own["line_start"],
        own["line_end"],
        own["column_start"],
        own["column_end"],
        bool(raw["is_primary"]) and primary,
        raw.get("label") or "",
        text[0]["text"] if text else "",
    )


def _suggestions(message: str, offered: list[dict[str, Any]], file: str) -> Iterator[Suggestion]:
    """One suggestion per alternative: spans at one place are alternatives, at several one change."""
    parts: dict[tuple[int, int, int, int, str], list[tuple[str, str]]] = {}
    for raw in offered:
        other = "" if raw["file_name"] == file else raw["file_name"]
        place = (raw["line_start"], raw["column_start"], raw["line_end"], raw["column_end"], other)
        applicability = raw.get("suggestion_applicability") or "Unspecified"
        parts.setdefault(place, []).append((raw["suggested_replacement"], applicability))
    for choice in range(max(len(options) for options in parts.values())):
        picked = [(place, options[min(choice, len(options) - 1)]) for place, options in parts.items()]
        yield Suggestion(
            message,
            picked[0][1][1],
            tuple(Replacement(*place[:4], text, place[4]) for place, (text, _) in picked),
        )
