"""Calls that a repair moves out of a branch, so that they are made where they were not: `let b = make();` before an `if`.

A value that outlives its branch need not leave it: `let b;` before the branch and `b = make();` in it keep what is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from sleepy.sandbox import tree

_CALLS = ("call_expression", "macro_invocation", "await_expression", "try_expression")
Calls = dict[tuple[str, str], int]  # a function's name and a call's text -> the fewest branches around it


def branched(data: bytes, root: Node) -> tuple[Calls, Calls]:
    """All calls, and those of them that are the whole value of a `let`; a closure is a branch to these only.

    To make a call once before a closure is what people do.
    """
    calls: Calls = {}
    lets: Calls = {}
    waiting = [(root, "", 0, 0)]
    while waiting:
        node, name, depth, closures = waiting.pop()
        if node.type == "function_item":
            named = node.child_by_field_name("name")
            name, depth = (tree.source_of(data, named).decode() if named is not None else ""), 0
        closures += node.type == "closure_expression"
        outer = node.parent
        if node.type == "else_clause" or (
            outer is not None
            and (outer.type, node)
            in (
                ("if_expression", outer.child_by_field_name("consequence")),
                ("match_arm", outer.child_by_field_name("value")),
            )
        ):
            depth += 1
        if node.type in _CALLS:
            key = name, " ".join(tree.source_of(data, node).decode(errors="replace").split())
            calls[key] = min(depth, calls.get(key, depth))
            if outer is not None and outer.type == "let_declaration":
                lets[key] = min(depth + closures, lets.get(key, depth + closures))
        waiting += [(each, name, depth, closures) for each in node.children]
    return calls, lets


def hoisted(old: Mapping[tuple[str, str], int], lets: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """The calls that a `let` makes in fewer branches than they were made in before."""
    yield from (text for (name, text), depth in lets.items() if old.get((name, text), 0) > depth)
