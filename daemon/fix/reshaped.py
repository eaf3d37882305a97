"""A variant or struct that has named fields now and is built or matched by place: E0164, E0532, E0533.

Shape::Rect(w, 2.0), and Rect { width, height } is its definition  -> Shape::Rect { width: w, height: 2.0 }
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, Problem
from sleepy.koans.syntax import ParsedSource, field, members, put

CODES = ("E0164", "E0532", "E0533")


def reshaped(problem: Problem) -> Iterator[Candidate]:
    """The candidate with the fields' names, in the order of their definition; none where they are more or fewer."""
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
    names = _fields([here, *(ParsedSource(text) for _, text in problem.others())], here.words(path))
    texts = [here.words(each) for each in given]
    rest = node.type == "tuple_struct_pattern" and texts[-1:] == [".."]
    if path is None or not names or (len(texts) - rest > len(names) if rest else len(texts) != len(names)):
        return
    parts = [text if text in (name, "..") else f"{name}: {text}" for name, text in zip(names, texts, strict=False)]
    if rest and parts[-1:] != [".."]:
        parts.append("..")
    yield Candidate(here.changed([put(node, f"{here.words(path)} {{ {', '.join(parts)} }}")]), "its fields by name")


def _given(node: Node, path: Node | None) -> list[Node]:
    """What stands between the brackets."""
    arguments = field(node, "arguments")
    if arguments is not None:
        return members(arguments)
    found = [each for each in node.children if each.type not in ("(", ")", ",", "line_comment", "block_comment")]
    return [each for each in found if each != path]


def _fields(sources: Sequence[ParsedSource], path: str) -> list[str]:
    """The fields' names of the only struct or variant that a path may mean; its type must be named in it."""
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
            found.append([source.words(field(each, "name")) for each in fields])
    return found[0] if len(found) == 1 else []
