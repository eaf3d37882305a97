"""E0507, a move out of what is only lent: `.take()` of an `Option`, `std::mem::take` of what can be empty.

Both leave nothing behind: right where the place is given a new value, and doubted where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, byte_range, method, node_at, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0507",)

_OF = re.compile(r"has type `(?:\w+::)*(\w+)")
_EMPTY = frozenset("Vec VecDeque String HashMap HashSet BTreeMap BTreeSet BinaryHeap LinkedList".split())
_LOOKS = ("as_ref", "as_mut", "as_deref", "as_deref_mut")


def taken(source: str, error: Diagnostic) -> Iterator[str]:
    """With the value taken out of its place; where a pattern lent it, out of what the pattern looks at."""
    place, labels = error.primary, " ".join(each.label for each in error.spans)
    if place is None:
        return
    yield from _by_pattern(ParsedSource(source), error)
    found = _OF.search(labels)
    if "behind a shared reference" in error.message:
        return
    data = source.encode()
    start, end = byte_range(source, place)
    what = data[start:end].decode()
    if "as enum variant `Some`" in error.message or (found is not None and found[1] == "Option"):
        yield (data[:end] + b".take()" + data[end:]).decode()
    elif found is not None and found[1] in _EMPTY:
        yield (data[:start] + f"std::mem::take(&mut {what})".encode() + data[end:]).decode()


def _by_pattern(parsed: ParsedSource, error: Diagnostic) -> Iterator[str]:
    """`*node` moved where `Some(ref node)` or `Some(node) = &place` lent it: the place is taken, the node is owned."""
    moved = node_at(parsed, error.primary) if error.primary is not None else None
    while moved is not None and moved.type != "unary_expression":
        if moved.type not in ("identifier", "*"):
            return
        moved = moved.parent
    inner = moved.named_children[-1] if moved is not None and moved.named_children else None
    if moved is None or inner is None or not parsed.words(moved).startswith("*") or inner.type != "identifier":
        return
    name, inside = parsed.words(inner), moved
    while (holder := around(inside.parent, "match_arm", "if_expression", "while_expression")) is not None:
        inside = holder
        if holder.type == "match_arm":
            pattern, whole = field(holder, "pattern"), around(holder.parent, "match_expression")
            value = field(whole, "value") if whole is not None else None
        else:
            condition = field(holder, "condition")
            said = condition if condition is not None and condition.type == "let_condition" else None
            pattern, value = (field(said, "pattern"), field(said, "value")) if said is not None else (None, None)
        names = [each for each in within(pattern, "identifier") if parsed.words(each) == name]
        if pattern is None or value is None or not names:
            continue
        if parsed.words(pattern).startswith("Some("):
            changes = [put(value, f"{_place(parsed, value)}.take()")]
            changes += [_by_value(each) for each in within(pattern, "ref_pattern")]
            for each in within(holder, "unary_expression"):
                if parsed.words(each) == f"*{name}" and each.start_byte > pattern.end_byte:
                    changes.append(put(each, name))
            yield parsed.changed(changes)
        return


def _by_value(pattern: Node) -> TextChange:
    """The removal of `ref` and `ref mut`: the name comes last."""
    name = pattern.named_children[-1]
    while name.named_children:
        name = name.named_children[-1]
    return TextChange(pattern.start_byte, name.start_byte, "")


def _place(parsed: ParsedSource, value: Node) -> str:
    """The place that is looked at: `self.top` of `&mut self.top` and of `self.top.as_ref()`."""
    if value.type == "reference_expression":
        return parsed.words(field(value, "value"))
    looked = method(parsed, value)
    return parsed.words(looked[0]) if looked is not None and looked[1] in _LOOKS else parsed.words(value)
