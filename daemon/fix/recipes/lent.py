"""Fields of structs that hold a text or a list by reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import last_name
from sleepy.koans.syntax import ParsedSource, field, members


@dataclass(frozen=True, slots=True)
class LentField:
    """A field that holds a reference: the text it is in, its struct and its name or number, the reference, and what it is to be.

    `wrapper` is `Option` or `Vec` where that holds it, '' where nothing does. `is_only`: no other struct has a field
    of this name, so that it is known by it.
    """

    text: ParsedSource
    owner: str
    key: str
    at: Node
    owned: str
    wrapper: str
    is_only: bool

    @property
    def is_text(self) -> bool:
        return self.owned == "String"


def lent_fields(parsed: ParsedSource, item: Node, others: frozenset[str]) -> Iterator[LentField]:
    """Those of a struct. `others` are the names of the fields of all other structs."""
    inside, owner = field(item, "body"), parsed.words(field(item, "name"))
    if inside is None:
        return
    if inside.type == "field_declaration_list":
        typed = [(field(each, "name"), field(each, "type")) for each in members(inside)]
        found = [(parsed.words(name), kind) for name, kind in typed]
    else:
        found = [(str(i), each) for i, each in enumerate(members(inside, "visibility_modifier"))]
    for key, kind in found:
        lent, wrapper = kind, ""
        if kind is not None and kind.type == "generic_type":
            wrapper, given = last_name(parsed, field(kind, "type")), field(kind, "type_arguments")
            inner = members(given) if given is not None else []
            lent = inner[0] if len(inner) == 1 and wrapper in ("Option", "Vec") else None
        owned = _owned(parsed, lent)
        if lent is not None and owned:
            yield LentField(parsed, owner, key, lent, owned, wrapper, not key.isdigit() and key not in others)


def field_names(parsed: ParsedSource, item: Node) -> Iterator[str]:
    """The names of a struct's fields."""
    inside = field(item, "body")
    if inside is not None and inside.type == "field_declaration_list":
        yield from (parsed.words(field(each, "name")) for each in members(inside))


def _owned(parsed: ParsedSource, lent: Node | None) -> str:
    """The owner of what a reference lends; '' of other types."""
    kind = field(lent, "type") if lent is not None and lent.type == "reference_type" else None
    if lent is None or kind is None or any(each.type == "mutable_specifier" for each in lent.children):
        return ""
    if kind.type == "array_type":
        return "" if field(kind, "length") is not None else f"Vec<{parsed.words(field(kind, 'element'))}>"
    text = parsed.words(kind)
    return "String" if text in ("str", "String") else text if text.startswith("Vec<") else ""
