"""Changes one key of a TOML file and keeps the rest as it was: comments, order, blanks, line ends.

tomlkit edits. The result is read back, and refused if it does not say what it should, so that no file is ever broken.
Keys in tables are left alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from sleepy.daemon.base.errors import UserError


def assigned(text: str, key: str, value: Any, *, name: str) -> str:
    """The text with the key set; raises `UserError` when the file `name` cannot be changed safely."""
    before = _parsed(text, name)
    wanted = before | {key: list(value) if isinstance(value, tuple) else value}
    for made in _replaced(text, key, value) if key in before else _inserted(text, key, value):
        if _reads_as(made, wanted):
            return made
    raise _unsafe(name, f"write `{key} = {literal(value)}` into it yourself")


def removed(text: str, key: str, *, name: str) -> str:
    """The text without the key's line; the same text where it is not there."""
    before = _parsed(text, name)
    if key not in before:
        return text
    try:
        document = tomlkit.parse(text)
        document.remove(key)
        made = document.as_string()
        if _reads_as(made, {other: value for other, value in before.items() if other != key}):
            return made
    except (TOMLKitError, ValueError, TypeError):
        pass
    raise _unsafe(name, f"remove the line of {key} yourself")


def literal(value: Any) -> str:
    """The value as TOML: a boolean, a number, a string, or a list of strings."""
    return _item(value, "\n").as_string()


def _item(value: Any, newline: str) -> Item:
    """The value as an item of tomlkit, on a line that ends with `newline`."""
    item: Item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
    item.trivia.trail = newline
    return item


def _replaced(text: str, key: str, value: Any) -> Iterator[str]:
    try:
        document = tomlkit.parse(text)
        document[key] = _item(value, _line_end(text))
        yield document.as_string()
    except (TOMLKitError, ValueError, TypeError):
        return


def _inserted(text: str, key: str, value: Any) -> Iterator[str]:
    """The text with a line for the key, at one place after the other: not all are at the top level.

    Below a line that shows the key commented out, at the end, below what may be the last line of the top level, or
    above all. tomlkit would put it behind the comment that belongs to the table after it.
    """
    newline = _line_end(text)
    lines = [(found[0].lstrip(), found.end()) for found in re.finditer(r"[^\n]*\n|[^\n]+", text)]
    hints = [end for line, end in lines if re.match(rf"#\s*{re.escape(key)}\s*=", line)]
    last = [end for line, end in reversed(lines) if line and not line.startswith("#")]
    for place in (*hints, len(text), *last, 0):
        lead = newline if place and text[place - 1] != "\n" else ""
        yield f"{text[:place]}{lead}{key} = {literal(value)}{newline}{text[place:]}"


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _reads_as(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: {error}", remedy="correct the file or move it away") from error


def _unsafe(name: str, remedy: str) -> UserError:
    return UserError(f"{name} is written in a way that cannot be changed safely", remedy=remedy)
