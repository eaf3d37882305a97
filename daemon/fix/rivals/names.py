"""The names that may have been meant as well, where a name that does not exist gave way to one that does.

A slip, `lenght`, leaves only those as near: a name otherwise may be any that is of its kind. What is called quite
otherwise must matter besides: with its type's default in its place a test must fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from tree_sitter import Node

from sleepy.daemon.fix.rivals.change import Rival, WordChange, around, changes, is_name, node_at, with_blank
from sleepy.koans.syntax import ParsedSource, field, members
from sleepy.sandbox.verdict import Diagnostic

_CODES = frozenset("E0422 E0423 E0425 E0433 E0531 E0559 E0560 E0574 E0599 E0609 E0026".split())
_UNLIKE = 0.6  # of two names' letters
_SHORT = 6  # letters; of more, two may be wrong
_MOST = 5


def other_names(error: Diagnostic, old: str, new: str, others: Callable[[], Sequence[str]] = tuple) -> Iterator[Rival]:
    """The text with each other name that may stand there, the nearest to the old one first.

    `others` gives the crate's other texts: what is named may be defined there.
    """
    if error.code not in _CODES:
        return
    parsed: ParsedSource | None = None
    for change in changes(old, new):
        if len(change.old) != 1 or len(change.new) != 1 or f"`{change.old[0]}`" not in error.message:
            continue
        (was,), (now,) = change.old, change.new
        if not is_name(was) or not is_name(now):
            continue
        parsed = parsed or ParsedSource(new)
        node = node_at(parsed, change.start, change.end)
        known = list(_of_its_kind(parsed, node, now))
        for text in others() if not known else ():
            known += _of_its_kind(parsed, node, now, ParsedSource(text)) if now in text else ()
        pool = [each for each in dict.fromkeys(known) if each not in (was, now)]
        if is_slip(was, now):
            pool = [each for each in pool if _is_as_near(was, now, each)]
        pool.sort(key=lambda each: (distance(was, each), each))
        for other in pool[:_MOST]:
            yield Rival(f"`{other}` would do as well for `{was}`", new[: change.start] + other + new[change.end :])
        if pool or not known:  # it may be the only one there is
            yield from _blank(parsed, node, change)


def is_slip(was: str, now: str) -> bool:
    """Whether a name is another one mistyped."""
    if was.replace("_", "").lower() == now.replace("_", "").lower():
        return True
    return distance(was, now) <= (1 if min(len(was), len(now)) < _SHORT else 2)


def _is_as_near(was: str, now: str, other: str) -> bool:
    """Whether a third name is as near, or differs from the one that was taken in one of several words."""
    words, others = now.split("_"), other.split("_")
    differing = sum(a != b for a, b in zip(words, others, strict=False))
    return distance(was, other) <= distance(was, now) or (
        len(words) == len(others) > 1 and differing == 1 and len(was.split("_")) == len(words)
    )


def _blank(parsed: ParsedSource, node: Node | None, change: WordChange) -> Iterator[Rival]:
    was, now = change.old[0], change.new[0]
    if is_slip(was, now) or SequenceMatcher(None, was, now, autojunk=False).ratio() >= _UNLIKE or node is None:
        return
    if node.type == "field_identifier" and node.parent is not None and node.parent.type == "field_expression":
        node = node.parent
    if node.parent is not None and node.parent.type == "call_expression" and field(node.parent, "function") == node:
        node = node.parent
    above = node.parent
    is_left = above is not None and "assignment" in above.type and field(above, "left") == node
    if node.type in ("identifier", "field_expression", "call_expression") and not is_left:
        yield Rival(f"no test tells `{now}` from nothing, which was put for `{was}`", with_blank(parsed, node))


def _of_its_kind(
    parsed: ParsedSource, node: Node | None, name: str, there: ParsedSource | None = None
) -> Iterator[str]:
    """The names that may stand where one does: members of its type, or what is in reach of its function.

    `there` is the text that defines them, where it is another.
    """
    if node is None:
        return
    before = node.prev_sibling
    if before is not None and before.type in (".", "::"):
        after = (
            node.next_sibling if node.parent is None or node.parent.type == "token_tree" else node.parent.next_sibling
        )
        is_call = after is not None and (after.type == "arguments" or parsed.words(after).startswith("("))
        yield from _beside(
            there or parsed, name, ("function_item",) if is_call else ("field_declaration", "enum_variant")
        )
        return
    function = around(node, "function_item")
    if function is not None and there is None:
        for each in _bound(function):
            yield parsed.words(each)
    yield from _beside(there or parsed, name, ("function_item", "const_item", "static_item"))


def _beside(parsed: ParsedSource, name: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """The items of a name's own list, where that is in this text."""
    for item in parsed.of(*kinds):
        if parsed.words(field(item, "name")) == name and item.parent is not None:
            for other in item.parent.named_children:
                if other.type == item.type:
                    yield parsed.words(field(other, "name"))


def _bound(function: Node) -> Iterator[Node]:
    """The names that a function's parameters and `let`s give."""
    patterns = [field(each, "pattern") for each in members(taken)] if (taken := field(function, "parameters")) else []
    waiting: list[Node] = [function]
    while waiting:
        node = waiting.pop()
        if node.type in ("let_declaration", "for_expression"):
            patterns.append(field(node, "pattern"))
        waiting += node.children
    for pattern in patterns:
        if pattern is not None:
            yield from (each for each in _leaves(pattern) if each.type in ("identifier", "shorthand_field_identifier"))


def _leaves(node: Node) -> Iterator[Node]:
    if node.child_count == 0:
        yield node
    for each in node.children:
        yield from _leaves(each)


def distance(one: str, other: str) -> int:
    """How many letters are to be added, left out, changed or swapped with the next to make one name the other."""
    rows: list[Sequence[int]] = [range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if min(i, j) > 1 and (letter, one[i - 2]) == (other[j - 2], wanted):
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
