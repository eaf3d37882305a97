"""Lifetimes that a type no longer needs, taken out wherever they are named: types, impls, functions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import last_name, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members

Range = tuple[int, int]


def freed(
    files: Mapping[Path, ParsedSource], names: Collection[str], gone: Mapping[Path, Collection[Range]]
) -> dict[Path, list[TextChange]]:
    """The removal of the lifetimes of these types, and of types that need theirs for these only.

    `gone` are places in the types that are replaced: what they name is not needed.
    """
    needless = _needless(files, names, gone)
    return {path: list(_freed(parsed, needless, gone.get(path, ()))) for path, parsed in files.items() if needless}


def _freed(parsed: ParsedSource, needless: dict[str, set[int]], gone: Collection[Range]) -> Iterator[TextChange]:
    dropped = [each for node in parsed.of("generic_type") for each in _arguments(parsed, node, needless)]
    taken = {each.id for each in dropped}
    for item in parsed.of("struct_item", "enum_item"):
        own = needless.get(parsed.words(field(item, "name")), ())
        dropped += [each for i, each in enumerate(_declared(item)) if i in own]
    stripped: list[Node] = []
    for item in parsed.of("impl_item", "function_item", "trait_item"):
        for declared in _declared(item):
            name = parsed.words(field(declared, "name"))
            uses = [
                each
                for each in within(item, "lifetime")
                if parsed.words(each) == name and each.parent != declared and not _is_in(each, gone)
            ]
            left = [each for each in uses if each.id not in taken]
            if len(left) == len(uses):
                continue
            lends = all(each.parent is not None and each.parent.type == "reference_type" for each in left)
            if lends and (item.type == "impl_item" or len(left) <= 1):
                dropped.append(declared)
                stripped += left
    yield from _listed(dropped)
    yield from (TextChange(each.start_byte, _after(parsed, each), "") for each in stripped)


def _needless(
    files: Mapping[Path, ParsedSource], names: Collection[str], gone: Mapping[Path, Collection[Range]]
) -> dict[str, set[int]]:
    """The types with lifetimes that are not used any more: of each, their places among its lifetimes."""
    found: dict[str, set[int]] = {}
    while True:
        before = {name: set(each) for name, each in found.items()}
        for path, parsed in files.items():
            taken = {each.id for node in parsed.of("generic_type") for each in _arguments(parsed, node, found)}
            for item in parsed.of("struct_item", "enum_item"):
                used = [
                    each
                    for each in within(item, "lifetime")
                    if not (each.parent is not None and each.parent.type == "lifetime_parameter")
                ]
                left = [each for each in used if each.id not in taken and not _is_in(each, gone.get(path, ()))]
                was, now = ({parsed.words(each) for each in some} for some in (used, left))
                name = parsed.words(field(item, "name"))
                for i, declared in enumerate(_declared(item)):
                    own = parsed.words(field(declared, "name"))
                    if own not in now and (own in was or name in names):
                        found.setdefault(name, set()).add(i)
        if found == before:
            return found


def _declared(item: Node) -> list[Node]:
    """The lifetimes that an item declares."""
    listed = field(item, "type_parameters")
    return [each for each in listed.named_children if each.type == "lifetime_parameter"] if listed is not None else []


def _arguments(parsed: ParsedSource, node: Node, needless: dict[str, set[int]]) -> Iterator[Node]:
    """The lifetimes given to a type that does not need them."""
    places = needless.get(last_name(parsed, field(node, "type")), set())
    given = field(node, "type_arguments")
    lifetimes = [each for each in given.named_children if each.type == "lifetime"] if given is not None else []
    yield from (each for i, each in enumerate(lifetimes) if i in places)


def _listed(dropped: list[Node]) -> Iterator[TextChange]:
    """The removal of members of lists in `<>`; of a list that is empty then, as a whole."""
    ids = {each.id for each in dropped}
    for outer in {each.parent.id: each.parent for each in dropped if each.parent is not None}.values():
        inside = members(outer)
        left = [each for each in inside if each.id not in ids]
        if not left:
            yield TextChange(outer.start_byte, outer.end_byte, "")
            continue
        for i, each in enumerate(inside):
            if each.id in ids and left[-1].start_byte > each.start_byte:
                yield TextChange(each.start_byte, inside[i + 1].start_byte, "")
            elif each.id in ids:
                yield TextChange(inside[i - 1].end_byte, each.end_byte, "")


def _after(parsed: ParsedSource, node: Node) -> int:
    """The end of a node and the space after it."""
    end = node.end_byte
    while parsed.data[end : end + 1] == b" ":
        end += 1
    return end


def _is_in(node: Node, ranges: Collection[Range]) -> bool:
    return any(start <= node.start_byte < end for start, end in ranges)
