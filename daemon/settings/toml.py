"""A TOML file with one key changed and everything else as it was: comments, order, blanks, line ends.

It knows what a settings file is made of: `key = value` at the top level. Keys in tables are left alone. What it made
is read back, so that a file it does not understand is refused and never broken.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sleepy.daemon.base.errors import UserError

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""(?P<bare>[A-Za-z0-9_-]+)|"(?P<basic>[^"\\\n]*)"|'(?P<literal>[^'\n]*)'""")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_STRINGS = (
    re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'(?!''))*'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_PLAIN = re.compile(r"[^\s#,\]\}]+(?:[ \t]+[^\s#,\]\}]+)*")


@dataclass(frozen=True, slots=True)
class Statement:
    """A key and where its value stands in the text."""

    key: str
    start: int  # of the line
    value: int
    end: int  # of the value


class _Unclear(Exception):
    """Something this reader does not know."""


def assigned(text: str, key: str, value: Any, *, name: str) -> str:
    """The text with the key set; `UserError` when the file `name` is not one that can be changed safely."""
    before = _parsed(text, name)
    written = f"{key} = {literal(value)}"
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        known = {item.key: item for item in statements(text)}
        if key in known:
            made = text[: known[key].value] + literal(value) + text[known[key].end :]
        else:
            made = _inserted(text, key, written, newline)
        if tomllib.loads(made) != before | {key: _plain(value)}:
            raise _Unclear
    except (_Unclear, tomllib.TOMLDecodeError) as error:
        raise UserError(
            f"{name} is written in a way that cannot be changed safely", remedy=f"write `{written}` into it"
        ) from error
    return made


def removed(text: str, key: str, *, name: str) -> str:
    """The text without the key's line; the same text where it is not there."""
    before = _parsed(text, name)
    try:
        item = next((item for item in statements(text) if item.key == key), None)
        if item is None:
            return text
        end = text.find("\n", item.end)
        made = text[: item.start] + (text[end + 1 :] if end >= 0 else "")
        if tomllib.loads(made) != {name: value for name, value in before.items() if name != key}:
            raise _Unclear
    except (_Unclear, tomllib.TOMLDecodeError) as error:
        raise UserError(
            f"{name} is written in a way that cannot be changed safely", remedy=f"take {key} out of it"
        ) from error
    return made


def literal(value: Any) -> str:
    """The value as TOML: a truth, a number, a text, or a list of texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(literal(item) for item in value)}]"


def statements(text: str) -> Iterator[Statement]:
    """The top level's keys, up to the first table."""
    place = _blank(text, 0)
    while place < len(text) and text[place] != "[":
        found = _KEY.match(text, place)
        equals = _EQUALS.match(text, found.end()) if found else None
        if found is None or equals is None:
            raise _Unclear
        end = _value(text, equals.end())
        yield Statement(found[found.lastgroup or 0], text.rfind("\n", 0, place) + 1, equals.end(), end)
        place = _blank(text, end)


def _inserted(text: str, key: str, written: str, newline: str) -> str:
    """After the line that shows the key commented out, else after the top level's last line."""
    top = max((item.end for item in statements(text)), default=0)
    table = _blank(text, top)
    hint = re.compile(rf"^#\s*{re.escape(key)}\s*=[^\n]*(?:\n|$)", re.MULTILINE).search(text, 0, table)
    if hint is not None and not _inside(text, hint.start()):
        place = hint.end()
    elif table < len(text):  # a table follows: before it and the lines that belong to it
        place = text.find("\n", top) + 1 if top else 0
    else:
        place = len(text)
    lead = newline if place and text[place - 1] != "\n" else ""
    return text[:place] + lead + written + newline + text[place:]


def _inside(text: str, place: int) -> bool:
    """Whether the place lies within a value, such as a text of several lines."""
    return any(item.value <= place < item.end for item in statements(text))


def _blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    assert found is not None  # it matches nothing as well
    return found.end()


def _value(text: str, place: int) -> int:
    """Where the value that begins at `place` ends."""
    for string in _STRINGS:
        found = string.match(text, place)
        if found is not None:
            return found.end()
    if text[place : place + 1] in ("[", "{"):
        closing = "]" if text[place] == "[" else "}"
        place = _blank(text, place + 1)
        while place < len(text) and text[place] != closing:
            if text[place] in ",=":
                place += 1
            else:
                place = _value(text, place)
            place = _blank(text, place)
        if place >= len(text):
            raise _Unclear
        return place + 1
    found = _PLAIN.match(text, place)
    if found is None:
        raise _Unclear
    return found.end()


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: {error}", remedy="mend the file or move it away") from error


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
