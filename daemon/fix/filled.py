"""Arguments that a function wants more, given what is at hand: E0061, where only one thing has the type that it wants.

    provide the argument: `grown(length, /* &Scale */)`, and `scale: &Scale` is a parameter  -> grown(length, scale)

At hand are the parameters of the function around, and the fields of its `self`. What the call passes already is never
passed again. A type that the crate defines says enough; a number, a `bool` or a text must have the parameter's name
too, `loud` for `loud` or `is_loud`; other types are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, Problem
from sleepy.daemon.model import edits, prompt
from sleepy.koans.syntax import ParsedSource, between, child, field, members
from sleepy.sandbox.verdict import Suggestion

CODES = ("E0061",)
_PLACE = re.compile(r"/\* ([^*]+) \*/")
_SPACES = re.compile(r"\s+")
_COPIES = "u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char".split()
_PLAIN = {*_COPIES, "str", "String"}  # many things have such a type
_PASSED = re.compile(r"^(?:&|mut\b|\*|\s)+|(?:\.(?:clone|to_string|to_owned|as_str|as_ref)\(\))+$")


def filled(problem: Problem) -> Iterator[Candidate]:
    """The compiler's suggestion with what is at hand in each of its places; none where that is not one thing."""
    primary = problem.error.primary
    if primary is None or problem.error.code not in CODES:
        return
    here = ParsedSource(problem.source)
    row = primary.line_start - 1
    at = (row, len(problem.source.split("\n")[row][: primary.column_start - 1].encode()))
    known = list(_at_hand(here, here.root.descendant_for_point_range(at, at)))
    sources = [here, *(ParsedSource(text) for _, text in problem.others())]
    for offer in problem.error.suggestions:
        call = _call(problem.source, offer, at)
        if call is None:
            continue
        found = [_found(known, sources, call, place) for place in call.places]
        if all(found) and len(set(found)) == len(found):
            changes = [
                between(place.start_byte, place.end_byte, words)
                for place, words in zip(call.places, found, strict=True)
            ]
            yield Candidate(call.parsed.changed(changes), "what is at hand of its type")


@dataclass(frozen=True)
class _Call:
    """A call as the compiler would have it. `places` are the names that stand for what it wants, `kinds` their types."""

    parsed: ParsedSource
    node: Node
    given: list[Node]
    kinds: list[str]

    @property
    def places(self) -> list[Node]:
        return [each for each in self.given if self.parsed.words(each).startswith(_GAP)]

    def kind(self, place: Node) -> str:
        return self.kinds[int(self.parsed.words(place).removeprefix(_GAP))]


_GAP = "gap_of_the_call_"


def _call(source: str, offer: Suggestion, at: tuple[int, int]) -> _Call | None:
    """The call at a place after a suggestion; None where it leaves no place to fill or changes another file."""
    kinds: list[str] = []

    def gap(place: re.Match[str]) -> str:
        kinds.append(place[1])
        return f"{_GAP}{len(kinds) - 1}"

    parts = tuple(replace(each, text=_PLACE.sub(gap, each.text)) for each in offer.replacements)
    if not kinds or any(each.file for each in parts):
        return None
    try:
        parsed = ParsedSource(prompt.replaced(source, parts))
    except edits.EditError:
        return None
    node = parsed.root.descendant_for_point_range(at, at)
    while node is not None and node.type != "call_expression":
        node = node.parent
    arguments = field(node, "arguments") if node is not None else None
    if node is None or arguments is None:
        return None
    call = _Call(parsed, node, members(arguments), kinds)
    return call if len(call.places) == len(kinds) else None


def _found(known: Sequence[tuple[str, str]], sources: Sequence[ParsedSource], call: _Call, place: Node) -> str:
    """What is at hand for a place of a call; empty where that is not one thing, or not certain."""
    kind = call.kind(place)
    fits = [(value, words) for value, has in known if (words := _as(value, has, kind))]
    if len(fits) != 1 or fits[0][0] in _passed(call):
        return ""
    ((value, words),) = fits
    base = re.sub(r"^(?:&|mut(?=\w)|dyn(?=\w))+", "", _plain(kind)).split("<")[0]
    if base in _PLAIN:
        return words if _are_alike(value.removeprefix("self."), _parameter(sources, call, place)) else ""
    items = (each for source in sources for each in _names(source))
    return words if base in items else ""


def _names(source: ParsedSource) -> Iterator[str]:
    """The types that a text defines."""
    for each in source.of("struct_item", "enum_item", "union_item", "trait_item"):
        yield source.words(field(each, "name"))


def _passed(call: _Call) -> set[str]:
    """What a call passes, its receiver too."""
    called = field(call.node, "function")
    receiver = field(called, "value") if called is not None and called.type == "field_expression" else None
    given = [*call.given, *([receiver] if receiver is not None else [])]
    return {_PASSED.sub("", call.parsed.words(each)) for each in given}


def _parameter(sources: Sequence[ParsedSource], call: _Call, place: Node) -> str:
    """The name of the parameter that a place is for; empty where several functions may be meant."""
    called = field(call.node, "function")
    name = call.parsed.words(called).split("::<")[0].replace("::", ".").rpartition(".")[2]
    is_method = called is not None and called.type == "field_expression"
    found = set()
    for source in sources:
        for item in source.of("function_item", "function_signature_item"):
            taken = field(item, "parameters")
            if source.words(field(item, "name")) != name or taken is None:
                continue
            wanted = members(taken)[is_method and child(taken, "self_parameter") is not None :]
            if len(wanted) == len(call.given):
                found.add(source.words(field(wanted[call.given.index(place)], "pattern")))
    return found.pop().removeprefix("mut ") if len(found) == 1 else ""


def _are_alike(one: str, other: str) -> bool:
    """Whether two names are one, or one is a word of the other."""
    return bool(one and other) and (one == other or one in other.split("_") or other in one.split("_"))


def _as(words: str, has: str, wanted: str) -> str:
    """What is at hand as the type that is wanted; empty where it is another."""
    if _plain(has) == _plain(wanted):
        return words if not words.startswith("self.") or wanted.startswith("&") or wanted in _COPIES else ""
    return f"&{words}" if _plain(f"&{has}") == _plain(wanted) else ""


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
