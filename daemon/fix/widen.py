"""What is private becomes visible where it is defined, in another file or this one: E0603, E0616, E0624, E0451.

The compiler's note points to the definition; a field's it does not, so its struct is looked for by its name and must be
the only one. Within the crate first, for everyone where that is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, FileEdit, Problem
from sleepy.koans.syntax import ParsedSource, TextChange, child, field

CODES = ("E0603", "E0616", "E0624", "E0451")

_FIELD = re.compile(r"field `(\w+)` of struct `(?:\w+::)*(\w+)` is private")
_PLACE = re.compile(r"^\s*(?:-->|:::) (.+?):(\d+):(\d+)$", re.MULTILINE)
_ITEMS = frozenset(
    "function_item struct_item enum_item union_item trait_item const_item static_item type_item mod_item "
    "use_declaration".split()
)
_MOST = 3  # definitions that are tried
_CHANGING = frozenset(
    """
    push push_str push_back push_front insert remove clear pop pop_front pop_back truncate drain retain extend append
    sort sort_by sort_unstable reverse take replace swap get_mut iter_mut entry as_mut swap_remove dedup
    """.split()
)


def widened(problem: Problem) -> Iterator[Candidate]:
    """A candidate for each definition that the error speaks of and each visibility that may do, the narrower first."""
    if problem.error.code not in CODES:
        return
    texts = {problem.file: problem.source, **dict(problem.others())}
    private = _FIELD.search(problem.error.message)
    found = _field(texts, private[1], private[2]) if private else _pointed(problem, texts)
    doubt = f"changes the private `{private[1]}` from outside" if private and _is_changed(problem) else ""
    for _, (file, parsed, nodes) in zip(range(_MOST), found, strict=False):
        for words in ("pub(crate)", "pub"):
            text = parsed.changed([TextChange(each.start_byte, each.start_byte, f"{words} ") for each in nodes])
            note = f"`{words}` where it is defined, {file}:{nodes[0].start_point.row + 1}"
            if file == problem.file:
                yield Candidate(text, note, doubt=doubt)
            else:
                yield Candidate(problem.source, note, more=(FileEdit(file, texts[file], text),), doubt=doubt)


def _is_changed(problem: Problem) -> bool:
    """Whether the field that an error points at is written there, and its type's own functions passed by."""
    primary = problem.error.primary
    if primary is None:
        return False
    parsed = ParsedSource(problem.source)
    line = problem.source.split("\n")[primary.line_start - 1]
    at = (primary.line_start - 1, len(line[: primary.column_start - 1].encode()))
    node = parsed.root.descendant_for_point_range(at, at)
    while node is not None and (above := node.parent) is not None:
        if above.type in ("assignment_expression", "compound_assignment_expr"):
            return field(above, "left") == node
        if above.type == "reference_expression":
            return child(above, "mutable_specifier") is not None
        if above.type == "call_expression" and node.type == "field_expression" and field(above, "function") == node:
            return parsed.words(field(node, "field")) in _CHANGING
        if above.type not in ("field_expression", "index_expression", "parenthesized_expression", "unary_expression"):
            return False
        node = above
    return False


Definition = tuple[Path, ParsedSource, list[Node]]  # the file, its tree, and what is to be visible in it


def _field(texts: Mapping[Path, str], name: str, owner: str) -> Iterator[Definition]:
    """A field of the only struct of a name; none where there are several."""
    found: list[Definition] = []
    for file, text in texts.items():
        if owner not in text:
            continue
        parsed = ParsedSource(text)
        items = [item for item in parsed.of("struct_item") if parsed.words(field(item, "name")) == owner]
        found += [(file, parsed, list(_of(parsed, item, name))) for item in items]
    if len(found) == 1 and found[0][2]:
        yield found[0]


def _of(parsed: ParsedSource, item: Node, name: str) -> Iterator[Node]:
    """The private field of a name or number."""
    inside = field(item, "body")
    if inside is not None and inside.type == "ordered_field_declaration_list":
        if name.isdigit() and int(name) < len(found := _tuple_fields(inside)):
            yield from (each for each in found[int(name) : int(name) + 1] if not _is_visible(each))
    elif inside is not None:
        for each in inside.named_children:
            if each.type == "field_declaration" and parsed.words(field(each, "name")) == name and not _is_visible(each):
                yield each


def _tuple_fields(inside: Node) -> list[Node]:
    """The types of a tuple's fields."""
    return inside.children_by_field_name("type")


def _is_visible(node: Node) -> bool:
    before = node.prev_named_sibling
    is_typed = node.parent is not None and node.parent.type == "ordered_field_declaration_list"
    if is_typed:
        return before is not None and before.type == "visibility_modifier"
    return child(node, "visibility_modifier") is not None


def _pointed(problem: Problem, texts: Mapping[Path, str]) -> Iterator[Definition]:
    """The private items that the error's notes point to."""
    said = [(problem.file, each.line_start, each.column_start) for each in problem.error.spans if not each.is_primary]
    for path, line, column in _PLACE.findall(problem.error.rendered):
        if Path(path) != problem.file:
            said.append((Path(path), int(line), int(column)))
    for file, line, column in dict.fromkeys(said):
        if file not in texts:
            continue
        parsed = ParsedSource(texts[file])
        row = texts[file].split("\n")[line - 1 : line]
        at = (line - 1, len(row[0][: column - 1].encode())) if row else (0, 0)
        node = parsed.root.descendant_for_point_range(at, at)
        while node is not None and node.type not in _ITEMS:
            node = node.parent
        if node is None or node.start_point.row != line - 1:
            continue
        inside = field(node, "body")
        if not _is_visible(node):
            yield file, parsed, [node]
        elif inside is not None and inside.type == "ordered_field_declaration_list":  # its constructor is private
            if hidden := [each for each in _tuple_fields(inside) if not _is_visible(each)]:
                yield file, parsed, hidden
