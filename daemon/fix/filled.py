"""Arguments that a function wants more, given what is at hand: E0061, where only one thing has the type that it wants.

    provide the argument: `grown(length, /* &Scale */)`, and `scale: &Scale` is a parameter  -> grown(length, scale)

At hand are the parameters of the function around, and the fields of its `self`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, Problem
from sleepy.daemon.model import edits, prompt
from sleepy.koans.syntax import ParsedSource, child, field, members

CODES = ("E0061",)
_PLACE = re.compile(r"/\* ([^*]+) \*/")
_SPACES = re.compile(r"\s+")


def filled(problem: Problem) -> Iterator[Candidate]:
    """The compiler's suggestion with what is at hand in each of its places; none where that is not one thing."""
    primary = problem.error.primary
    if primary is None or problem.error.code not in CODES:
        return
    for offer in problem.error.suggestions:
        wanted = [kind for each in offer.replacements for kind in _PLACE.findall(each.text)]
        if not wanted or any(each.file for each in offer.replacements):
            continue
        parsed = ParsedSource(problem.source)
        row = primary.line_start - 1
        at = (row, len(problem.source.split("\n")[row][: primary.column_start - 1].encode()))
        known = list(_at_hand(parsed, parsed.root.descendant_for_point_range(at, at)))
        found = {kind: list(filter(None, (_as(words, has, kind) for words, has in known))) for kind in wanted}
        if any(len(each) != 1 for each in found.values()):
            continue
        only = {f"/* {kind} */": each[0] for kind, each in found.items()}
        parts = [replace(each, text=_filled(each.text, only)) for each in offer.replacements]
        try:
            yield Candidate(prompt.replaced(problem.source, tuple(parts)), "what is at hand of its type")
        except edits.EditError:
            continue


def _filled(text: str, only: Mapping[str, str]) -> str:
    for place, words in only.items():
        text = text.replace(place, words)
    return text


def _as(words: str, has: str, wanted: str) -> str:
    """What is at hand as the type that is wanted; empty where it is another."""
    if _plain(has) == _plain(wanted):
        return words if not words.startswith("self.") or wanted.startswith("&") or _copies(wanted) else ""
    return f"&{words}" if _plain(f"&{has}") == _plain(wanted) else ""


def _copies(kind: str) -> bool:
    return kind in "u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char".split()


def _plain(kind: str) -> str:
    """A type without lifetimes, spaces and the path before its name."""
    return re.sub(r"(?:\w+::)+", "", _SPACES.sub("", re.sub(r"'\w+\s*", "", kind)))


def _at_hand(parsed: ParsedSource, node: Node | None) -> Iterator[tuple[str, str]]:
    """The parameters of the function around a node and the fields of its own, with their types as they are written."""
    while node is not None and node.type != "function_item":
        node = node.parent
    parameters = field(node, "parameters") if node is not None else None
    if node is None or parameters is None:
        return
    for each in members(parameters):
        name = field(each, "pattern")
        if name is not None and name.type == "identifier":
            yield parsed.words(name), parsed.words(field(each, "type"))
    holder = node.parent.parent if node.parent is not None else None
    if child(parameters, "self_parameter") is None or holder is None or holder.type != "impl_item":
        return
    owner = parsed.words(field(holder, "type"))
    for item in parsed.of("struct_item"):
        body = field(item, "body")
        if parsed.words(field(item, "name")) == owner and body is not None:
            for each in members(body):
                if each.type == "field_declaration":
                    yield f"self.{parsed.words(field(each, 'name'))}", parsed.words(field(each, "type"))
