"""A future that is not `Send` since a guard lives over an `.await`: the guard ends before it, in a block of its own.

Every statement is kept but a `drop` of the guard, which the block's end makes needless. A guard that is used after the
`.await` is left: to give it up in between may be wrong. So is one that may guard what stands beside it: what is looked at
before the `.await` may be another's by the time it is written after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, byte_range, indent_of, node_at, within
from sleepy.koans.syntax import ParsedSource, TextChange, between, child, field, put
from sleepy.sandbox.verdict import Diagnostic

CODES = (None,)

_SAID = re.compile(r"future cannot be (?:sent|shared) between threads safely")
_DROP = re.compile(r"(?:(?:std::|core::)?mem::)?drop\((\w+)\);")
_SHARED = (  # a call on what is guarded as a whole, or one that reads or writes a field of it that others share
    r"(?:\s*\.\s*(?!clone\b|as_ref\b)\w+|(?:\s*\.\s*\w+)+\s*\.\s*"
    r"(?:(?:try_)?(?:lock|read|write|borrow|borrow_mut)|load|store|get|set|swap|replace|take|update"
    r"|fetch_\w+|compare_\w+))\s*\("
)
_AROUND = ("for_expression", "while_expression", "loop_expression")
_STEPS = ("call_expression", "macro_invocation", "await_expression", "try_expression")


def ended(source: str, error: Diagnostic) -> Iterator[str]:
    """With what must not be held ended before the `.await`."""
    held = next((each for each in error.spans if each.label.startswith("has type")), None)
    waits = next((each for each in error.spans if each.label.startswith("await occurs here")), None)
    if held is None or waits is None or not _SAID.search(error.message):
        return
    parsed = ParsedSource(source)
    at, awaited = node_at(parsed, held), around(node_at(parsed, waits), "await_expression")
    if at is None or awaited is None:
        return
    let = around(at, "let_declaration")
    pattern = field(let, "pattern") if let is not None else None
    start, end = byte_range(source, held)
    if let is not None and pattern is not None and let.start_byte <= start and end <= pattern.end_byte:
        text = _in_block(parsed, let, awaited) if pattern.type == "identifier" else ""
    else:
        text = "" if _guards_more(parsed, at, end, awaited) else _taken_out(parsed, start, end, awaited)
    if text:
        yield text


def _guards_more(parsed: ParsedSource, held: Node, end: int, awaited: Node) -> bool:
    """Whether what stands beside a guard is touched between a place and the end of an `.await`, and again after it."""
    own = around(held, "function_item")
    root = re.match(r"[a-z_]\w*(?=\s*\.)", parsed.words(held))
    names = "|".join({"self", *([root[0]] if root else [])})
    comments = list(within(own, "line_comment", "block_comment"))
    touched = [
        found.start()
        for found in re.finditer(rf"(?<![\w.])(?:{names}){_SHARED}".encode(), parsed.data)
        if own is not None and end <= found.end() <= own.end_byte
        if not any(each.start_byte <= found.start() < each.end_byte for each in comments)
    ]
    again = awaited.end_byte
    loop = around(awaited, *_AROUND)
    while loop is not None and loop.start_byte >= end:  # what is before the `.await` comes after it once more
        again, loop = loop.start_byte, around(loop.parent, *_AROUND)
    return any(at < awaited.end_byte for at in touched) and any(at >= again for at in touched)


# a guard with a name


def _in_block(parsed: ParsedSource, let: Node, awaited: Node) -> str:
    """The statements from a guard's `let` to its last use in a block; '' where it is used after an `.await`."""
    block, name = let.parent, parsed.words(field(let, "pattern"))
    if block is None or block.type != "block":
        return ""
    inside = [each for each in block.named_children if each.start_byte >= let.start_byte and "comment" not in each.type]
    rest = [each for each in inside if each.end_byte > awaited.start_byte]
    ahead = inside[: len(inside) - len(rest)]
    drops = [each for each in within(block, "expression_statement") if _dropped(parsed, each) == name]
    if _mentions(parsed, rest, name, drops) or not ahead:
        return ""
    used = [i for i, each in enumerate(ahead) if _mentions(parsed, [each], name, drops)]
    if len(used) < 2:  # it is held for its own sake
        return ""
    own = ahead[: used[-1] + 1]
    is_dropped = any(
        each.start_byte > let.start_byte and each.end_byte <= awaited.start_byte <= each.parent.end_byte
        for each in drops
        if each.parent is not None
    )
    if not is_dropped and _guards_more(parsed, field(let, "value") or let, own[-1].end_byte, awaited):
        return ""
    after = parsed.data[own[-1].end_byte : block.end_byte].decode()
    outs = [out for each in own[1:] if each.type == "let_declaration" for out in _names(parsed, each)]
    outs = [(mut, each) for mut, each in outs if re.search(rf"\b{re.escape(each)}\b", after)]
    changes = [parsed.line_of(each) for each in drops if each.start_byte > let.start_byte and each not in own]
    return parsed.changed([_block(parsed, own, outs), *changes])


def _block(parsed: ParsedSource, own: Sequence[Node], outs: Sequence[tuple[str, str]]) -> TextChange:
    """Statements in a block that gives what is used after it."""
    indent, start, last = indent_of(parsed, own[0]), own[0].start_byte, own[-1]
    said = parsed.data[start : last.end_byte].decode()
    head, result = "", ""
    if len(outs) == 1:
        (mut, name), value = outs[0], field(last, "value")
        typed = f": {parsed.words(field(last, 'type'))}" if field(last, "type") is not None else ""
        if last.type == "let_declaration" and value is not None and parsed.words(field(last, "pattern")) == name:
            said = parsed.data[start : last.start_byte].decode() + parsed.words(value)
            head = f"let {mut}{name}{typed} = "
        else:
            head, result = f"let {mut}{name} = ", name
    elif outs:
        head = f"let ({', '.join(mut + each for mut, each in outs)}) = "
        result = f"({', '.join(each for _, each in outs)})"
    texts = [text for each in own for text in within(each, "string_literal", "raw_string_literal")]
    fixed = {row for text in texts for row in range(text.start_point.row + 1, text.end_point.row + 1)}
    first = own[0].start_point.row
    lines = [
        f"    {line}" if line.strip() and first + i not in fixed else line for i, line in enumerate(said.split("\n"))
    ]
    if result:
        lines.append(f"{indent}    {result}")
    text = "\n".join([f"{indent}{lines[0]}", *lines[1:]])
    return between(start, last.end_byte, f"{head}{{\n{text}\n{indent}}}{';' if head else ''}")


def _names(parsed: ParsedSource, let: Node) -> Iterator[tuple[str, str]]:
    """What a `let` binds, each with its `mut `."""
    pattern = field(let, "pattern")
    if pattern is not None and pattern.type == "identifier":
        yield "mut " if child(let, "mutable_specifier") is not None else "", parsed.words(pattern)
        return
    for each in within(pattern, "identifier"):
        if not parsed.words(each)[0].isupper():
            is_mutable = each.parent is not None and each.parent.type == "mut_pattern"
            yield "mut " if is_mutable else "", parsed.words(each)


def _dropped(parsed: ParsedSource, node: Node) -> str:
    """What a statement drops; '' where it does something else."""
    found = _DROP.fullmatch(parsed.words(node))
    return found[1] if found else ""


def _mentions(parsed: ParsedSource, nodes: Sequence[Node], name: str, drops: Sequence[Node]) -> bool:
    """Whether a name stands in nodes, other than to be dropped."""
    dropped = [(each.start_byte, each.end_byte) for each in drops]
    for found in re.finditer(rf"\b{re.escape(name)}\b".encode(), parsed.data):
        inside = any(each.start_byte <= found.start() < each.end_byte for each in nodes)
        if inside and not any(a <= found.start() < b for a, b in dropped):
            return True
    return False


# one without


def _taken_out(parsed: ParsedSource, start: int, end: int, awaited: Node) -> str:
    """A guard that lives as long as a statement: what is asked of it is asked in a `let` before."""
    at = parsed.root.named_descendant_for_byte_range(start, end)
    whole = around(at, "if_expression", "match_expression", "while_expression")
    while whole is not None and not (whole.start_byte <= awaited.start_byte and awaited.end_byte <= whole.end_byte):
        whole = around(whole.parent, "if_expression", "match_expression", "while_expression")
    said = field(whole, "condition") or field(whole, "value") if whole is not None else None
    if whole is not None and said is not None and said.start_byte <= start < end <= said.end_byte:
        return _before_branches(parsed, whole, said)
    while at is not None and not (at.parent is not None and at.parent.type == "arguments"):
        at = at.parent
    slot = at
    while slot is not None and slot.parent is not None and slot.parent.type != "block":
        if slot.type in ("closure_expression", "match_arm", "else_clause", "binary_expression"):
            return ""
        slot = slot.parent
    if at is None or slot is None or not (slot.start_byte <= awaited.start_byte and end <= awaited.end_byte):
        return ""
    if any(each.end_byte <= at.start_byte for each in within(slot, *_STEPS)):  # it would be asked first
        return ""
    name = _fresh(parsed, slot, "value")
    line = f"let {name} = {parsed.words(at)};\n{indent_of(parsed, slot)}"
    return parsed.changed([between(slot.start_byte, slot.start_byte, line), put(at, name)])


def _before_branches(parsed: ParsedSource, whole: Node, said: Node) -> str:
    """What an `if let`, a `match` or a `while let` looks at, in a `let` before or at the loop's begin."""
    value = field(said, "value") if said.type == "let_condition" else said
    indent = indent_of(parsed, whole)
    if value is None or whole.parent is None or whole.parent.type not in ("block", "expression_statement"):
        return ""
    if whole.type == "while_expression":
        inside = field(whole, "body")
        if inside is None or said.type != "let_condition":
            return ""
        line = f"\n{indent}    let {parsed.words(field(said, 'pattern'))} = {parsed.words(value)} else {{ break }};"
        first = inside.start_byte
        return parsed.changed([between(whole.start_byte, first, "loop "), between(first, first + 1, "{" + line)])
    name = _fresh(parsed, whole, "found")
    line = f"let {name} = {parsed.words(value)};\n{indent}"
    return parsed.changed([between(whole.start_byte, whole.start_byte, line), put(value, name)])


def _fresh(parsed: ParsedSource, at: Node, name: str) -> str:
    own = around(at, "function_item")
    words = {parsed.words(each) for each in within(own, "identifier")}
    return next(each for each in (name, f"{name}_before", *(f"{name}{i}" for i in range(2, 99))) if each not in words)
