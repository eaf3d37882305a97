"""E0072, a type that holds itself: every such field gets a `Box`, and so does what the field is given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, last_name, method, tails, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0072",)

_NAMES = re.compile(r"`([^`]+)`")
_PLAIN = ("Option", "Result")  # they hold their value in themselves


@dataclass(frozen=True, slots=True)
class BoxedField:
    """A field, and how its type holds the recursive one. `owner` is its struct or variant, `key` its name or number."""

    owner: str
    key: str
    is_option: bool
    at: Node


def boxed(source: str, error: Diagnostic) -> Iterator[str]:
    """With the recursive fields boxed; then with the fields of other types that hold one boxed too."""
    parsed = ParsedSource(source)
    names = set(_NAMES.findall(error.message.split("\n")[0]))
    items = [item for item in parsed.of("struct_item", "enum_item") if parsed.words(field(item, "name")) in names]
    own = [each for item in items for each in _fields(parsed, item, {*names, "Self"})]
    if not own:
        return
    yield _with(parsed, own)
    rest = [item for item in parsed.of("struct_item", "enum_item") if item not in items]
    more = [each for item in rest for each in _fields(parsed, item, names)]
    if more:
        yield _with(parsed, own + more)


def _fields(parsed: ParsedSource, item: Node, names: Collection[str]) -> Iterator[BoxedField]:
    """The fields of an item that hold one of the names without indirection."""
    for holder in [item, *within(field(item, "body"), "enum_variant")]:
        owner, inside = parsed.words(field(holder, "name")), field(holder, "body")
        if inside is None or inside.type not in ("field_declaration_list", "ordered_field_declaration_list"):
            continue
        if inside.type == "field_declaration_list":
            typed = [
                (parsed.words(field(each, "name")), field(each, "type"))
                for each in members(inside)
                if each.type == "field_declaration"
            ]
        else:
            typed = [(str(i), each) for i, each in enumerate(members(inside, "visibility_modifier"))]
        for key, kind in typed:
            for at in within(kind, "type_identifier", "generic_type"):
                is_name = last_name(parsed, at) in names and not _is_head(at)
                if kind is not None and is_name and _is_bare(parsed, at, kind):
                    yield BoxedField(owner, key, at != kind, at)


def _is_head(node: Node) -> bool:
    """Whether it is the name of a generic type, which is seen as a whole."""
    return node.parent is not None and node.parent.type == "generic_type" and field(node.parent, "type") == node


def _is_bare(parsed: ParsedSource, node: Node, kind: Node) -> bool:
    """Whether a field's type holds it directly or in an `Option`."""
    while node != kind and node.parent is not None:
        node = node.parent
        if node.type == "generic_type" and last_name(parsed, field(node, "type")) not in _PLAIN:
            return False
        if node.type not in ("generic_type", "type_arguments", "tuple_type"):
            return False
    return True


def _with(parsed: ParsedSource, fields: list[BoxedField]) -> str:
    changes = [change for each in fields for change in _insert(each.at, "Box<", ">")]
    changes += _given(parsed, {(each.owner, each.key): each for each in fields})
    out = parsed.data
    for _, change in sorted(enumerate(changes), key=lambda each: (each[1].start, each[0]), reverse=True):
        out = out[: change.start] + change.text.encode() + out[change.end :]
    return out.decode()


def _given(parsed: ParsedSource, fields: dict[tuple[str, str], BoxedField]) -> Iterator[TextChange]:
    """What the fields are given, in a box."""
    keys = {key for _, key in fields}
    for made in parsed.of("struct_expression"):
        owner = _owner(parsed, field(made, "name"))
        for each in within(field(made, "body"), "field_initializer", "shorthand_field_initializer"):
            if each.parent is None or each.parent.parent != made:
                continue
            short = each.type == "shorthand_field_initializer"
            key = parsed.words(each) if short else parsed.words(field(each, "field"))
            if (known := fields.get((owner, key))) is None:
                continue
            if short and not _is_boxed(parsed, each.named_children[0], keys):
                yield put(each, f"{key}: {key}.map(Box::new)" if known.is_option else f"{key}: Box::new({key})")
            elif not short:
                yield from _wrapped(parsed, field(each, "value"), known, keys)
    for call in parsed.of("call_expression"):
        owner, given = _owner(parsed, field(call, "function")), field(call, "arguments")
        for i, each in enumerate(members(given) if given is not None else []):
            if (known := fields.get((owner, str(i)))) is not None:
                yield from _wrapped(parsed, each, known, keys)
    for assigned in parsed.of("assignment_expression"):
        left = field(assigned, "left")
        if left is None or left.type != "field_expression":
            continue
        name = parsed.words(field(left, "field"))
        known = next((each for (_, key), each in fields.items() if key == name and not key.isdigit()), None)
        if known is not None:
            yield from _wrapped(parsed, field(assigned, "right"), known, keys)


def _owner(parsed: ParsedSource, path: Node | None) -> str:
    name = last_name(parsed, path)
    return last_name(parsed, field(own, "type")) if name == "Self" and (own := around(path, "impl_item")) else name


def _wrapped(parsed: ParsedSource, value: Node | None, known: BoxedField, keys: set[str]) -> Iterator[TextChange]:
    """A `Box` around each value that may come of an expression, as insertions before and after it."""
    for each in tails(value):
        text = parsed.words(each)
        if text.startswith(("Box::", "todo!", "unimplemented!", "panic!")) or _is_boxed(parsed, each, keys):
            continue
        if not known.is_option:
            yield from _insert(each, "Box::new(", ")")
        elif text == "None":
            continue
        elif text.startswith("Some(") and (inner := field(each, "arguments")) is not None and members(inner):
            if not parsed.words(members(inner)[0]).startswith("Box::"):
                yield from _insert(members(inner)[0], "Box::new(", ")")
        else:
            yield TextChange(each.end_byte, each.end_byte, ".map(Box::new)")


def _is_boxed(parsed: ParsedSource, value: Node, keys: set[str]) -> bool:
    """Whether a value comes from a field that is boxed, directly or by a `let`."""
    if value.type == "identifier":
        own, name = around(value, "function_item"), parsed.words(value)
        for let in within(own, "let_declaration"):
            if parsed.words(field(let, "pattern")) == name and (first := field(let, "value")) is not None:
                return first.type != "identifier" and _is_boxed(parsed, first, keys)
        return False
    called = method(parsed, value)
    moved = value if called is None or called[1] not in ("take", "clone", "replace") else called[0]
    return moved.type == "field_expression" and parsed.words(field(moved, "field")) in keys


def _insert(node: Node, before: str, after: str) -> Iterator[TextChange]:
    yield TextChange(node.start_byte, node.start_byte, before)
    yield TextChange(node.end_byte, node.end_byte, after)
