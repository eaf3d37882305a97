"""E0277, E0308, a collection of other elements: each is made what is wanted, `&str` a `String` and the other way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sleepy.daemon.fix.recipes.place import around, byte_range, method, node_at
from sleepy.koans.syntax import ParsedSource, TextChange, between
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0277", "E0308")

_BUILT = re.compile(
    r"a value of type `\w+<(?P<wanted>[^`]+)>` cannot be built from an iterator over elements of type "
    r"`(?P<given>[^`]+)`"
)
_FOUND = re.compile(
    r"expected `(?P<lent>&?)(?:Vec<|\[)(?P<wanted>[^`]+?)[>\]]`, found `&?(?:Vec<|\[)(?P<given>[^`]+?)[>\]]`"
)
_OPTION = re.compile(r"expected `Option<(?P<wanted>[^`]+)>`, found `Option<(?P<given>[^`]+)>`")


def converted(source: str, error: Diagnostic) -> Iterator[str]:
    """With the elements converted before they are collected, or collected anew; and what an `Option` holds."""
    parsed, place = ParsedSource(source), error.primary
    if place is None:
        return
    built, found, option = _BUILT.search(error.message), _FOUND.search(place.label), _OPTION.search(place.label)
    if error.code == "E0277" and built is not None:
        seen = method(parsed, around(node_at(parsed, place), "call_expression"))
        how = _how(built["wanted"], built["given"])
        if seen is not None and seen[1] == "collect" and how:
            yield parsed.changed([TextChange(seen[0].end_byte, seen[0].end_byte, how)])
    elif error.code == "E0308" and option is not None:
        how, (_, end) = _how(option["wanted"], option["given"]), byte_range(source, place)
        if how:
            yield parsed.changed([TextChange(end, end, how)])
    elif error.code == "E0308" and found is not None:
        how = _how(found["wanted"], f"&{found['given']}")
        if how:
            start, end = byte_range(source, place)
            value = parsed.data[start:end].decode()
            if found["lent"]:
                text = f"&{value.removeprefix('&')}.iter(){how}.collect::<Vec<_>>()"
            else:
                text = f"{value}.iter(){how}.collect()"
            yield parsed.changed([between(start, end, text)])


def _how(wanted: str, given: str) -> str:
    """The call that makes one element of another; '' where none is known."""
    if wanted == "String":
        return {"&str": ".map(str::to_string)", "&&str": ".map(ToString::to_string)", "char": ".map(String::from)"}.get(
            given, ".cloned()" if given == "&String" else ""
        )
    if wanted == "&str":
        return ".map(String::as_str)" if given == "&String" else ".copied()" if given == "&&str" else ""
    return ".cloned()" if given == f"&{wanted}" else ""
