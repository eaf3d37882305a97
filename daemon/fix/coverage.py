"""Which of a repair's lines the tests run, and which failures it has no part in: found by panics planted at the edits.

    changed lines -> the statement each is in -> a panic before it -> the tests once more

A test that ends as it did, to the word, has not come by. Not seen: a panic that the code catches; what runs only in
another process is seen by its test's failure. Lines outside of functions (types, imports, constants) run nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from sleepy.daemon.fix.grade import changed_lines
from sleepy.sandbox import tree

_MARK = "sleepy: planted at "
_PLANT = 'if core::hint::black_box(true) {{ panic!("' + _MARK + '{}") }} '
_FOUND = re.compile(re.escape(_MARK) + r"(\d+)")
_NO_CODE = re.compile(r"\s*(?:(?:pub(?:\([^)]*\))?\s+)?use\b.*|#!?\[.*\]|//.*|[{}()\[\];,\s]*)")
_SECTION = re.compile(
    r"^---- (\S+)(?: - should panic)? stdout ----\n(.*?)(?=^---- |^failures:$|\Z)", re.MULTILINE | re.DOTALL
)
_HINT = re.compile(r"^note: run with `RUST_BACKTRACE.*\n?", re.MULTILINE)  # said of the first alone
_SHIFTING = re.compile(r":\d+:\d+|\(\d+\)|0x[0-9a-f]+|\d+(?:\.\d+)?\s?(?:ns|µs|ms|s)\b")


@dataclass(frozen=True, slots=True)
class PanicPlace:
    """Where a panic can be planted: at a byte, before a statement, or in a block put around an expression up to `end`.

    `line` is the changed line it is for.
    """

    line: int
    byte: int
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one text. `elsewhere`: lines of code changed too that are in no function."""

    found: tuple[PanicPlace, ...]
    elsewhere: tuple[int, ...]


def places(old: str, new: str) -> Places:
    """A place for each changed statement; none for what is there for tests only."""
    data = new.encode()
    lines = new.split("\n")
    root = tree.parse(data)
    found: dict[int, PanicPlace] = {}
    elsewhere = []
    for line in sorted(each for each in changed_lines(old, new) if 1 <= each <= len(lines)):
        text = lines[line - 1]
        if _NO_CODE.fullmatch(text):
            continue
        column = len(text[: len(text) - len(text.lstrip())].encode())
        node = root.descendant_for_point_range((line - 1, column), (line - 1, column + 1))
        if node is not None and _is_of_tests(node, data):
            continue
        span = _statement(node) if node is not None else None
        if span is None:
            elsewhere.append(line)
        else:
            found.setdefault(span[0], PanicPlace(line, *span))
    return Places(tuple(found.values()), tuple(elsewhere))


def is_of_tests(text: str, line: int) -> bool:
    """Whether a line, counted from 1, is in what is there for tests only."""
    data = text.encode()
    node = tree.parse(data).descendant_for_point_range((line - 1, 0), (line - 1, 1))
    return node is not None and _is_of_tests(node, data)


def changes_tests(old: str, new: str) -> bool:
    """Whether an item that is there for tests only was changed."""
    return _test_texts(old) != _test_texts(new)


def _test_texts(text: str) -> list[bytes]:
    data = text.encode()
    items = [node for node in tree.descendants(tree.parse(data)) if node.type in ("function_item", "mod_item")]
    return [tree.source_of(data, node) for node in items if _for_tests(node, data)]


def planted(new: str, where: Sequence[PanicPlace], first: int = 0) -> str:
    """The text with a panic at each place; each says its number, counted from `first`."""
    data = new.encode()
    marks = []
    for number, place in enumerate(where, first):
        plant = _PLANT.format(number)
        marks.append((place.byte, plant if place.end is None else "{ " + plant))
        marks += [(place.end, " }")] if place.end is not None else []
    for byte, text in sorted(marks, key=lambda each: each[0], reverse=True):
        data = data[:byte] + text.encode() + data[byte:]
    return data.decode()


def met(said: str) -> set[int]:
    """The numbers of the planted panics that a run's output tells of."""
    return {int(number) for number in _FOUND.findall(said)}


def sections(said: str) -> dict[str, str]:
    """What each failed test printed, once, by the harness's output."""
    return {name: _HINT.sub("", text).strip() for name, text in _SECTION.findall(said)}


def untouched(failed: Collection[str], without: str, planted_run: str) -> set[str]:
    """The failed tests that say the same with the panics planted: they never came to the edits."""
    one, other = sections(without), sections(planted_run)
    return {
        name
        for name in failed
        if name in one and name in other and _SHIFTING.sub("", one[name]) == _SHIFTING.sub("", other[name])
    }


def _statement(node: Node) -> tuple[int, int | None] | None:
    """Where the innermost statement or arm begins that a node is in, an arm's end too; None outside of functions."""
    found: tuple[int, int | None] | None = None
    at: Node | None = node
    while at is not None:
        above = at.parent
        if above is not None and found is None and at.is_named and at.type != "block":
            field = {"match_arm": "value", "closure_expression": "body"}.get(above.type)
            if above.type == "block":
                found = at.start_byte, None
            elif field is not None and above.child_by_field_name(field) == at:
                found = at.start_byte, at.end_byte
            elif above.type == "match_arm" and (value := above.child_by_field_name("value")) is not None:
                inside = value.type == "block"
                found = (value.start_byte + 1, None) if inside else (value.start_byte, value.end_byte)
        body = at.child_by_field_name("body")
        if at.type == "function_item" and found is None and body is not None:
            found = body.start_byte + 1, None
        if at.type == "macro_definition":
            return None
        if at.type == "function_item":
            return found
        at = above
    return None


def _is_of_tests(node: Node, data: bytes) -> bool:
    at: Node | None = node
    while at is not None:
        if at.type in ("function_item", "mod_item") and _for_tests(at, data):
            return True
        at = at.parent
    return False


def _for_tests(item: Node, data: bytes) -> bool:
    above = item.prev_named_sibling
    while above is not None and above.type in ("attribute_item", "line_comment", "block_comment"):
        if above.type == "attribute_item" and b"test" in tree.source_of(data, above):
            return True
        above = above.prev_named_sibling
    return False
