"""A field or method renamed where it is defined: the one like-named member of its type that nobody uses: E0560, E0609 ...

    no `mass` on `Bin`; of Bin's fields all are used somewhere but `dry_mass`  -> `dry_mass`

Where several are unused, or none is, nothing is proposed, nor where the names are not alike: what is unused may be
another thing. A `pub` member of a library's `pub` type may be used by others. Methods must take as many arguments as
the call gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, Problem
from sleepy.koans.syntax import ParsedSource, child, field, members

_FIELD = {
    "E0026": re.compile(r"`(?:\w+::)*(\w+)` does not have (?:a )?fields? named `(\w+)`"),
    "E0560": re.compile(r"`(?:\w+::)*(\w+)` has no field named `(\w+)`"),
    "E0609": re.compile(r"no field `(?P<name>\w+)` on type `(?:&|mut )*(?:\w+::)*(?P<owner>\w+)"),
}
_METHOD = re.compile(
    r"no (?:method|function or associated item|associated function or constant) named `(?P<name>\w+)` found for "
    r"[\w ]+ `(?:&|mut )*(?:\w+::)*(?P<owner>\w+)"
)
_SMALL = frozenset(
    "a an as at by for from get has in into is mut new of on or ref set to try with".split()
)  # say little
_CLOSE = 0.8  # of the letters, at least


def succeeded(problem: Problem) -> Iterator[Candidate]:
    """The candidate with the name that the member has now, where that is certain enough; at most one."""
    error, primary = problem.error, problem.error.primary
    if primary is None or primary.line_start != primary.line_end:
        return
    pattern = _METHOD if error.code == "E0599" else _FIELD.get(error.code or "")
    said = pattern.search(error.message) if pattern is not None else None
    if said is None:
        return
    owner, name = (said["owner"], said["name"]) if "owner" in said.re.groupindex else (said[1], said[2])
    here = ParsedSource(problem.source)
    lines = problem.source.split("\n")
    row, column = primary.line_start - 1, len(lines[primary.line_start - 1][: primary.column_start - 1].encode())
    node = here.root.descendant_for_point_range((row, column), (row, column))
    if node is None or here.words(node) != name:
        return
    others = list(problem.others())
    every = [here, *(ParsedSource(text) for _, text in others)]
    found = list(_unused_methods(every, owner, node) if error.code == "E0599" else _unused_fields(every, owner))
    is_library = any(file.name == "lib.rs" for file in (problem.file, *(file for file, _ in others)))
    is_library = is_library and any(_is_open(s, each) for s in every for each in _defined(s, owner))
    free = [each for each, is_open in found if not (is_open and is_library)]
    alike = [each for each, _ in found if _are_alike(name, each)]
    if len(free) != 1 or alike != free:
        return
    new = free[0]
    short = node.parent is not None and node.parent.type in ("shorthand_field_initializer", "field_pattern")
    if short and not here.words(node.parent).removeprefix(name).lstrip().startswith(":"):
        new = f"{new}: {name}"
    start = node.start_byte
    text = (here.data[:start] + new.encode() + here.data[node.end_byte :]).decode()
    yield Candidate(text, f"`{free[0]}`, the only one of `{owner}` that nothing uses")


def _are_alike(one: str, other: str) -> bool:
    """Whether two names share a word that says something, or are spelled alike."""
    words = (set(one.lower().split("_")) & set(other.lower().split("_"))) - _SMALL - {""}
    return bool(words) or SequenceMatcher(None, one, other).ratio() >= _CLOSE


def _is_open(source: ParsedSource, item: Node) -> bool:
    """Whether an item is `pub` for all, so that code of others may use it."""
    return source.words(child(item, "visibility_modifier")) == "pub"


def _defined(source: ParsedSource, owner: str) -> Iterator[Node]:
    """The types of a name that a text defines."""
    yield from (
        e for e in source.of("struct_item", "enum_item", "union_item") if source.words(field(e, "name")) == owner
    )


def _unused_fields(sources: Sequence[ParsedSource], owner: str) -> Iterator[tuple[str, bool]]:
    """The fields of the only struct of a name that are neither read, built nor matched, and whether each is `pub`."""
    found = [(s, item) for s in sources for item in _defined(s, owner) if item.type == "struct_item"]
    body = field(found[0][1], "body") if len(found) == 1 else None
    if body is None:
        return
    used = {
        s.words(part)
        for s in sources
        for node in s.of("field_expression", "field_initializer", "shorthand_field_initializer", "field_pattern")
        if (part := field(node, "field") or field(node, "name") or child(node, "identifier")) is not None
    }
    for each in members(body):
        if each.type == "field_declaration" and (called := found[0][0].words(field(each, "name"))) not in used:
            yield called, _is_open(found[0][0], each)


def _unused_methods(sources: Sequence[ParsedSource], owner: str, called: Node) -> Iterator[tuple[str, bool]]:
    """The methods of a type's own that nothing calls and that take what is given, and whether each is `pub`."""
    call = called.parent
    while call is not None and call.type in ("field_expression", "scoped_identifier"):
        call = call.parent
    arguments = field(call, "arguments") if call is not None and call.type == "call_expression" else None
    if arguments is None:
        return
    is_path = called.parent is not None and called.parent.type == "scoped_identifier"
    used: set[str] = set()
    for source in sources:
        used |= {source.words(field(node, "field")) for node in source.of("field_expression")}
        used |= {source.words(field(node, "name")) for node in source.of("scoped_identifier")}
    for source in sources:
        for item in source.of("impl_item"):
            kind = field(item, "type")
            base = field(kind, "type") if kind is not None and kind.type == "generic_type" else kind
            body = field(item, "body")
            if field(item, "trait") is not None or source.words(base) != owner or body is None:
                continue
            for each in members(body):
                taken = field(each, "parameters") if each.type == "function_item" else None
                if taken is None:
                    continue
                has_self = child(taken, "self_parameter") is not None
                wanted = len(members(taken)) - (has_self and not is_path)
                name = source.words(field(each, "name"))
                if wanted == len(members(arguments)) and has_self != is_path and name not in used:
                    yield name, _is_open(source, each)
