"""A variant or struct that has named fields now and is built or matched by place: E0164, E0532, E0533.

Shape::Rect(side, width), and Rect { width, height } is its definition  -> Shape::Rect { height: side, width }

What has a field's name goes to that field, and the rest by the order of the definition; where two of the rest are of
one type their order is a guess, and nothing is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, Problem
from sleepy.koans.syntax import ParsedSource, field, members, put

CODES = ("E0164", "E0532", "E0533")
_AROUND = re.compile(r"^(?:[&*]|(?:mut|ref)\b|\s)+|(?:\.(?:clone|to_string|to_owned|into)\(\))+$")
_PLACE = re.compile(r"\w+(?:\s*\.\s*\w+)*")


def reshaped(problem: Problem) -> Iterator[Candidate]:
    """The candidate with the fields' names; none where they are more or fewer, or which is which is not certain."""
    primary = problem.error.primary
    if primary is None or problem.error.code not in CODES:
        return
    here = ParsedSource(problem.source)
    lines = problem.source.split("\n")
    row, column = primary.line_start - 1, len(lines[primary.line_start - 1][: primary.column_start - 1].encode())
    node = here.root.descendant_for_point_range((row, column), (row, column))
    while node is not None and node.type not in ("call_expression", "tuple_struct_pattern"):
        node = node.parent
    if node is None:
        return
    path = field(node, "function") or field(node, "type")
    given = _given(node, path)
    kinds = _fields([here, *(ParsedSource(text) for _, text in problem.others())], here.words(path))
    texts = [here.words(each) for each in given]
    rest = node.type == "tuple_struct_pattern" and texts[-1:] == [".."]
    texts = texts[:-1] if rest else texts
    names = _paired(texts, kinds, rest)
    if path is None or not kinds or len(names) != len(texts):
        return
    parts = [text if text == name else f"{name}: {text}" for name, text in zip(names, texts, strict=True)]
    if rest:
        parts.append("..")
    yield Candidate(here.changed([put(node, f"{here.words(path)} {{ {', '.join(parts)} }}")]), "its fields by name")


def _given(node: Node, path: Node | None) -> list[Node]:
    """What stands between the brackets."""
    arguments = field(node, "arguments")
    if arguments is not None:
        return members(arguments)
    found = [each for each in node.children if each.type not in ("(", ")", ",", "line_comment", "block_comment")]
    return [each for each in found if each != path]


def _paired(texts: Sequence[str], kinds: Mapping[str, str], rest: bool) -> list[str]:
    """The field of each argument or pattern, in their order; empty where it is not certain."""
    if len(texts) > len(kinds) or (len(texts) < len(kinds) and not rest):
        return []
    named = [called if (called := _name(text)) in kinds else "" for text in texts]
    free = {name: kind for name, kind in kinds.items() if name not in named}
    unnamed = [text for text, name in zip(texts, named, strict=True) if not name]
    is_told = set(unnamed) <= {"_"} or len(set(free.values())) == len(free)
    if not is_told or len(set(filter(None, named))) + len(unnamed) != len(texts):
        return []
    order = iter(free)
    return [name or next(order) for name in named]


def _name(text: str) -> str:
    """The name in an argument or a pattern: `width` of `self.width.clone()`, of `&width` and of `mut width`."""
    bare = _AROUND.sub("", text)
    return bare.rpartition(".")[2] if _PLACE.fullmatch(bare) else ""


def _fields(sources: Sequence[ParsedSource], path: str) -> dict[str, str]:
    """The fields of the only struct or variant that a path may mean, with their types; it must name its type."""
    *above, name = path.split("::")
    found = []
    for source in sources:
        for item in source.of("enum_variant" if above and above[-1] != "crate" else "struct_item"):
            body = field(item, "body")
            if source.words(field(item, "name")) != name or body is None or body.type != "field_declaration_list":
                continue
            if item.type == "enum_variant":
                owner = item.parent.parent if item.parent is not None else None
                if owner is None or above[-1] not in (source.words(field(owner, "name")), "Self"):
                    continue
            fields = [each for each in members(body) if each.type == "field_declaration"]
            found.append({source.words(field(each, "name")): source.words(field(each, "type")) for each in fields})
    return found[0] if len(found) == 1 else {}
