"""Where a struct's field is given a value, and where it is read: by its name, since types are not known here."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.lent import LentField
from sleepy.daemon.fix.recipes.place import around, last_name, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members

_KEEPING = frozenset(  # methods of an Option that leave it where it is
    "is_some is_none as_ref as_mut as_deref as_deref_mut clone take replace insert iter get_or_insert_with eq".split()
)
_EXACT = frozenset("Some Ok push insert push_back push_front contains get contains_key remove entry unwrap_or".split())
_ORDERS = ("<", ">", "<=", ">=")


def given(parsed: ParsedSource, one: LentField) -> Iterator[Node]:
    """What a field is given where its struct is built or it is assigned to; a name alone as its initializer."""
    owner, key = one.owner, one.key
    for made in parsed.of("struct_expression"):
        if _type_of(parsed, field(made, "name")) != owner:
            continue
        for each in members(inside) if (inside := field(made, "body")) is not None else []:
            if each.type == "shorthand_field_initializer" and parsed.words(each) == key:
                yield each
            elif parsed.words(field(each, "field")) == key and (value := field(each, "value")) is not None:
                yield value
    for call in parsed.of("call_expression"):
        path, handed = field(call, "function"), field(call, "arguments")
        if key.isdigit() and handed is not None and _type_of(parsed, path) == owner:
            yield from members(handed)[int(key) : int(key) + 1]
    for assigned in parsed.of("assignment_expression"):
        left, right = field(assigned, "left"), field(assigned, "right")
        if left is not None and right is not None and _is_read(parsed, left, one):
            yield right


def makers(parsed: ParsedSource, owner: str) -> Iterator[Node]:
    """The functions in the impls of a struct."""
    for outer in parsed.of("impl_item"):
        if last_name(parsed, field(outer, "type")) == owner:
            yield from within(field(outer, "body"), "function_item")


def lent(parsed: ParsedSource, one: LentField) -> Iterator[TextChange]:
    """Each reader of a field that owns its value now lends it, where its place does not do so by itself."""
    key, wrapper = one.key, one.wrapper
    exact = ".as_str()" if one.is_text else ".as_slice()"
    for each in parsed.of("field_expression"):
        if not _is_read(parsed, each, one):
            continue
        if wrapper == "Vec":
            outer = each.parent
            picked = outer is not None and outer.type == "index_expression" and _takes(parsed, outer)
            how = "&" if picked or _takes(parsed, each) else ""
        elif wrapper == "Option":
            how = ".as_deref()" if _takes(parsed, each) else ""
        else:
            how = (exact if _is_exact(parsed, each) else "&") if _takes(parsed, each) else ""
        if how == "&":
            yield TextChange(each.start_byte, each.start_byte, "&")
        elif how:
            yield TextChange(each.end_byte, each.end_byte, how)
    if not wrapper and one.is_only:
        yield from (TextChange(at, at, exact) for at in _matched(parsed, key))
    if wrapper == "Option" and one.is_only:
        words = [parsed.words(each) for each in parsed.leaves]
        for i in range(1, len(words) - 3):
            called = words[i - 1] == "." and words[i] == key and words[i + 1] == "." and words[i + 3] == "("
            if called and words[i + 2] not in _KEEPING:
                yield TextChange(parsed.leaves[i].end_byte, parsed.leaves[i].end_byte, ".as_deref()")


def _matched(parsed: ParsedSource, key: str) -> Iterator[int]:
    """The ends of a field that `matches!` looks at, whose tree is only words."""
    for macro in parsed.of("macro_invocation"):
        tokens = macro.children[-1].children
        ends = [i for i, each in enumerate(tokens) if each.type == ","]
        if parsed.words(field(macro, "macro")) == "matches" and ends and ends[0] > 2:
            dot, name = tokens[ends[0] - 2], tokens[ends[0] - 1]
            if parsed.words(dot) == "." and parsed.words(name) == key:
                yield name.end_byte


def _type_of(parsed: ParsedSource, path: Node | None) -> str:
    """The struct that a path names; `Self` is that of its impl."""
    name = last_name(parsed, path)
    outer = around(path, "impl_item") if name == "Self" else None
    return last_name(parsed, field(outer, "type")) if outer is not None else name


def _is_read(parsed: ParsedSource, node: Node, one: LentField) -> bool:
    """Whether an expression is this field: by its name if no other struct has it, else of `self` or a known name."""
    owner = one.owner
    if node.type != "field_expression" or parsed.words(field(node, "field")) != one.key:
        return False
    called = node.parent
    if called is not None and called.type == "call_expression" and field(called, "function") == node:
        return False
    if one.is_only:
        return True
    of = parsed.words(field(node, "value"))
    if of == "self":
        outer = around(node, "impl_item")
        return outer is not None and last_name(parsed, field(outer, "type")) == owner
    own = around(node, "function_item")
    for each in within(own, "parameter", "let_declaration"):
        if parsed.words(field(each, "pattern")).removeprefix("mut ") == of:
            said = field(each, "type") or field(each, "value")
            if any(parsed.words(name) == owner for name in within(said, "type_identifier", "identifier")):
                return True
    return False


def _takes(parsed: ParsedSource, node: Node) -> bool:
    """Whether what stands around a field takes its value."""
    outer = node.parent
    if outer is None or outer.type in (
        "field_expression",
        "index_expression",
        "reference_expression",
        "unary_expression",
    ):
        return False
    if outer.type in ("assignment_expression", "compound_assignment_expr"):
        return field(outer, "right") == node
    if outer.type == "binary_expression":
        operator = parsed.words(field(outer, "operator"))
        other = field(outer, "left") if field(outer, "right") == node else field(outer, "right")
        same = other is not None and parsed.words(other).rpartition(".")[2] == parsed.words(field(node, "field"))
        return operator == "+" or (operator in _ORDERS and not same)
    return True


def _is_exact(parsed: ParsedSource, node: Node) -> bool:
    """Whether a value must be a `&str` or a slice itself: where a `&String` is not made one by its place."""
    outer = node.parent
    if outer is None:
        return False
    if outer.type == "let_declaration":
        return field(outer, "type") is None
    if outer.type == "arguments":
        return last_name(parsed, field(outer.parent, "function") if outer.parent else None).rpartition(".")[2] in _EXACT
    if outer.type == "binary_expression":
        return parsed.words(field(outer, "operator")) in _ORDERS
    if outer.type in ("block", "if_expression", "else_clause", "match_arm"):
        inside = around(outer, "function_item", "closure_expression")
        return inside is not None and inside.type == "closure_expression"
    return outer.type in (
        "match_expression",
        "let_condition",
        "closure_expression",
        "tuple_expression",
        "array_expression",
    )
