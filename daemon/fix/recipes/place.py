"""Where an error points, in a parsed text, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from sleepy.koans.syntax import ParsedSource, child, field
from sleepy.sandbox.tree import descendants
from sleepy.sandbox.verdict import Span


def opened(source: str) -> ParsedSource:
    """A parsed text in whose tree each `vec![...]` is an array, so that what is in it can be seen; words as they are."""
    data = source.encode()
    while True:
        parsed = ParsedSource(data.decode())
        found = [each for each in parsed.of("macro_invocation") if parsed.words(field(each, "macro")) == "vec"]
        found = [each for each in found if parsed.words(each.children[-1]).startswith("[")]
        if not found:
            break
        for each in found:
            length = each.children[-1].start_byte - each.start_byte
            data = data[: each.start_byte] + b" " * length + data[each.start_byte + length :]
    parsed.text, parsed.data = source, source.encode()
    return parsed


def byte_range(text: str, span: Span) -> tuple[int, int]:
    """A span's first byte and the one after its last."""
    lines = text.split("\n")

    def at(line: int, column: int) -> int:
        before = "".join(f"{each}\n" for each in lines[: line - 1])
        within = lines[line - 1][: column - 1] if line <= len(lines) else ""
        return len((before + within).encode())

    return at(span.line_start, span.column_start), at(span.line_end, span.column_end)


def node_at(parsed: ParsedSource, span: Span) -> Node | None:
    """The smallest node that holds a span."""
    return parsed.root.descendant_for_byte_range(*byte_range(parsed.text, span))


def around(node: Node | None, *types: str) -> Node | None:
    """The nearest node of these types that holds a node, or is it."""
    while node is not None and node.type not in types:
        node = node.parent
    return node


def within(node: Node | None, *types: str) -> Iterator[Node]:
    """The nodes of these types in a node, in the order of the text."""
    if node is not None:
        yield from (each for each in descendants(node) if each.type in types)


def last_name(parsed: ParsedSource, node: Node | None) -> str:
    """The last name of a path: `Node` of `tree::Node`."""
    return parsed.words(node).split("<")[0].removesuffix("::").rpartition("::")[2].strip()


def method(parsed: ParsedSource, call: Node | None) -> tuple[Node, str, list[Node]] | None:
    """Receiver, name and arguments of a method's call; None of anything else."""
    if call is None or call.type != "call_expression":
        return None
    called, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if called is None or given is None or called.type != "field_expression":
        return None
    receiver = called.child_by_field_name("value")
    name = parsed.words(called.child_by_field_name("field"))
    return (receiver, name, given.named_children) if receiver is not None else None


def statement(node: Node) -> Node:
    """What an expression statement says; any other node as it is."""
    if node.type == "expression_statement" and node.named_children:
        return node.named_children[0]
    return node


def body(node: Node | None) -> list[Node]:
    """The statements of a block, each without its semicolon; an expression is the only one of itself."""
    if node is None:
        return []
    if node.type != "block":
        return [node]
    return [statement(each) for each in node.named_children if each.type not in ("line_comment", "block_comment")]


def tails(node: Node | None) -> Iterator[Node]:
    """The expressions that a value may come from: through blocks, branches and arms."""
    if node is None:
        return
    if node.type == "block":
        inside = [each for each in node.named_children if each.type not in ("line_comment", "block_comment")]
        if inside and not (inside[-1].type == "expression_statement" and inside[-1].children[-1].type == ";"):
            yield from tails(statement(inside[-1]))
    elif node.type == "if_expression":
        yield from tails(node.child_by_field_name("consequence"))
        other = node.child_by_field_name("alternative")
        yield from tails(child(other, "block", "if_expression") if other is not None else None)
    elif node.type == "match_expression":
        for arm in within(node.child_by_field_name("body"), "match_arm"):
            if arm.parent is not None and arm.parent.parent == node:
                yield from tails(arm.child_by_field_name("value"))
    elif node.type not in ("let_declaration", "return_expression") and not node.type.endswith("_item"):
        yield node


def indent_of(parsed: ParsedSource, node: Node) -> str:
    """The space that the line of a node begins with."""
    start = parsed.data.rfind(b"\n", 0, node.start_byte) + 1
    line = parsed.data[start : node.start_byte].decode()
    return line[: len(line) - len(line.lstrip())]
