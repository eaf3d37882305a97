"""E0038, a trait that cannot be `dyn`: its methods that forbid it are bound by `where Self: Sized`.

Those can then not be called on a `dyn` value; where the program does, the compiler refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import within
from sleepy.koans.syntax import ParsedSource, TextChange, child, field
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0038",)

_NAME = re.compile(r"the trait `(?:\w+::)*(\w+)")
_BOUND = "Self: Sized"


def sized(source: str, error: Diagnostic) -> Iterator[str]:
    """With all such methods of the trait bound."""
    named = _NAME.search(error.message)
    parsed = ParsedSource(source)
    traits = [each for each in parsed.of("trait_item") if named and parsed.words(field(each, "name")) == named[1]]
    methods = [
        each
        for trait in traits
        for each in within(field(trait, "body"), "function_signature_item", "function_item")
        if each.parent == field(trait, "body") and _forbids(parsed, each)
    ]
    if methods:
        yield parsed.changed([_bound(parsed, each) for each in methods])


def _forbids(parsed: ParsedSource, method: Node) -> bool:
    """Whether a method has no `self`, a type parameter of its own, or `Self` in what it takes or returns."""
    bound = child(method, "where_clause")
    if bound is not None and _BOUND in " ".join(parsed.words(bound).split()):
        return False
    given, back = field(method, "parameters"), field(method, "return_type")
    if given is None or (child(given, "self_parameter") is None and not _has_typed_self(parsed, given)):
        return True
    generic = field(method, "type_parameters")
    if generic is not None and any("lifetime" not in each.type for each in generic.named_children):
        return True
    modifiers = child(method, "function_modifiers")
    if modifiers is not None and "async" in parsed.words(modifiers).split():
        return True
    others = [each for each in given.named_children if field(each, "pattern") is not None]
    others = [each for each in others if parsed.words(field(each, "pattern")) != "self"]
    if any(True for each in [*others, back] for _ in within(each, "abstract_type")):
        return True
    names = [name for each in [*others, back] for name in within(each, "type_identifier")]
    return any(parsed.words(name) == "Self" for name in names)


def _has_typed_self(parsed: ParsedSource, given: Node) -> bool:
    return any(parsed.words(field(each, "pattern")) == "self" for each in given.named_children)


def _bound(parsed: ParsedSource, method: Node) -> TextChange:
    known = child(method, "where_clause")
    if known is not None:
        comma = "" if parsed.words(known).rstrip().endswith(",") else ","
        return TextChange(known.end_byte, known.end_byte, f"{comma} {_BOUND}")
    inside = field(method, "body")
    if inside is not None:
        return TextChange(inside.start_byte, inside.start_byte, f"where {_BOUND} ")
    end = method.end_byte - 1 if parsed.words(method).endswith(";") else method.end_byte
    return TextChange(end, end, f" where {_BOUND}")
