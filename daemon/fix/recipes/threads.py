"""E0277, what may not cross threads: `Rc` becomes `Arc` and `RefCell` a lock, throughout the file.

A `Mutex` where no statement borrows one thing twice, since that would wait for itself; an `RwLock` after it. Neither
where a borrow lives through statements, by a `let`, in a `for`, a `match` or an `if let`, and a function is called there
that borrows too: either lock may wait for ever.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import last_name, method, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, put
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0277",)

_SAID = re.compile(r"cannot be (?:sent|shared) between threads safely")
_LOCKS = {
    "Mutex": {"borrow": ".lock().unwrap()", "borrow_mut": ".lock().unwrap()", "into_inner": ".into_inner().unwrap()"},
    "RwLock": {"borrow": ".read().unwrap()", "borrow_mut": ".write().unwrap()", "into_inner": ".into_inner().unwrap()"},
}
_BORROWS = ("borrow", "borrow_mut")
_PATHS = {
    "std::rc::Rc": "std::sync::Arc",
    "std::rc::Weak": "std::sync::Weak",
    "std::cell::RefCell": "std::sync::{lock}",
}


def shared(source: str, error: Diagnostic) -> Iterator[str]:
    """With `Arc` and a lock in the place of `Rc` and `RefCell`."""
    parsed = ParsedSource(source)
    names = {parsed.words(each) for each in parsed.leaves}
    if not _SAID.search(error.message) or names.isdisjoint({"Rc", "RefCell"}) or _waits(parsed):
        return
    if "RefCell" not in names:
        yield _with(parsed, "Mutex")
        return
    for lock in ("RwLock",) if _borrows_twice(parsed) else ("Mutex", "RwLock"):
        yield _with(parsed, lock)


def _waits(parsed: ParsedSource) -> bool:
    """Whether, while a borrow lives through statements, a function of the file is called that borrows too."""
    borrowing = _borrowing(parsed)
    for block, start, end in _held(parsed):
        later = (each for each in within(block, "call_expression") if start <= each.start_byte < end)
        if any(_own(parsed, each) in borrowing for each in later):
            return True
    return False


def _held(parsed: ParsedSource) -> Iterator[tuple[Node, int, int]]:
    """Where a borrow lives through statements: the node around, and from where to where in the text."""
    for let in parsed.of("let_declaration"):
        if let.parent is not None and _is_borrow(parsed, field(let, "value")):
            name = parsed.words(field(let, "pattern")).removeprefix("mut ")
            end = next((at for at in _dropped(parsed, let.parent, name) if at > let.end_byte), let.parent.end_byte)
            yield let.parent, let.end_byte, end
    for each in parsed.of("for_expression", "match_expression", "let_condition"):
        value = field(each, "value")
        node = each
        while node.type in ("let_condition", "let_chain") and node.parent is not None:
            node = node.parent  # it lives as long as the branches
        if value is not None and any(_is_borrow(parsed, call) for call in within(value, "call_expression")):
            yield node, value.end_byte, node.end_byte


def _is_borrow(parsed: ParsedSource, node: Node | None) -> bool:
    call = method(parsed, node)
    return call is not None and call[1] in _BORROWS


def _dropped(parsed: ParsedSource, block: Node, name: str) -> Iterator[int]:
    """Where statements of a block drop a name."""
    for each in block.named_children:
        if parsed.words(each).removesuffix(";") in (f"drop({name})", f"mem::drop({name})", f"std::mem::drop({name})"):
            yield each.start_byte


def _borrowing(parsed: ParsedSource) -> set[str]:
    """The names of the functions that borrow from a cell, themselves or in others of the file that they call."""
    calls: dict[str, set[str]] = {}
    found: set[str] = set()
    for item in parsed.of("function_item"):
        name = parsed.words(field(item, "name"))
        own = list(within(field(item, "body"), "call_expression"))
        calls.setdefault(name, set()).update(_own(parsed, each) for each in own)
        if any(_is_borrow(parsed, each) for each in own):
            found.add(name)
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return found


def _own(parsed: ParsedSource, call: Node) -> str:
    """The function that a call is of, where that may be one of the file: `x` of `self.x()`, `Self::x()` and `x()`."""
    if (called := method(parsed, call)) is not None:
        return called[1] if parsed.words(called[0]) == "self" else ""
    return last_name(parsed, field(call, "function"))


def _borrows_twice(parsed: ParsedSource) -> bool:
    """Whether a statement borrows one thing more than once."""
    for each in parsed.of("expression_statement", "let_declaration", "block"):
        last = each.named_children[-1:] if each.type == "block" else [each]
        if last and last[0].type == "expression_statement" and each.type == "block":
            continue
        calls = [method(parsed, call) for node in last for call in within(node, "call_expression")]
        found = Counter(parsed.words(call[0]) for call in calls if call and call[1] in _BORROWS)
        if any(count > 1 for count in found.values()):
            return True
    return False


def _with(parsed: ParsedSource, lock: str) -> str:
    uses = list(parsed.of("use_declaration"))
    changes: list[TextChange] = []
    imported = {path for each in uses for path in _paths(parsed, each.child_by_field_name("argument"), "")}
    for each in uses:
        paths = list(_paths(parsed, each.child_by_field_name("argument"), ""))
        if any(path in _PATHS for path in paths):
            renamed = [_PATHS.get(path, path).format(lock=lock) if path in _PATHS else path for path in paths]
            left = [now for was, now in zip(paths, renamed, strict=True) if now == was or now not in imported]
            imported.update(left)
            visible = parsed.words(each).partition("use")[0]
            indent = " " * each.start_point.column
            lines = f"\n{indent}".join(f"{visible}use {path};" for path in left)
            changes.append(put(each, lines) if lines else parsed.line_of(each))
    spans = [(each.start_byte, each.end_byte) for each in uses]
    leaves = [each for each in parsed.leaves if not any(a <= each.start_byte < b for a, b in spans)]
    return parsed.changed([*changes, *_renamed(parsed, leaves, lock)])


def _renamed(parsed: ParsedSource, leaves: list[Node], lock: str) -> Iterator[TextChange]:
    """Names and calls outside of `use`; in macros too, where there is no tree but words."""
    has_cell = any(parsed.words(each) == "RefCell" for each in parsed.leaves)
    words = [parsed.words(each) for each in leaves]
    for i, (each, word) in enumerate(zip(leaves, words, strict=True)):
        if word == "Rc":
            yield put(each, "Arc")
        elif word == "RefCell":
            yield put(each, lock)
        elif word in ("rc", "cell") and words[i - 2 : i] == ["std", "::"] and words[i + 2] in ("Rc", "Weak", "RefCell"):
            yield put(each, "sync")
        elif has_cell and word in _LOCKS[lock] and words[i - 1] == "." and words[i + 1 : i + 3] == ["(", ")"]:
            yield TextChange(leaves[i - 1].start_byte, leaves[i + 2].end_byte, _LOCKS[lock][word])


def _paths(parsed: ParsedSource, node: Node | None, before: str) -> Iterator[str]:
    """The whole paths that a `use` names."""
    if node is None:
        return
    if node.type == "scoped_use_list":
        path = parsed.words(node.child_by_field_name("path"))
        yield from _paths(parsed, node.child_by_field_name("list"), f"{before}{path}::" if path else before)
    elif node.type == "use_list":
        for each in node.named_children:
            yield from _paths(parsed, each, before)
    elif node.type not in ("line_comment", "block_comment"):
        yield before + parsed.words(node)
