"""Guards that live longer: a borrow or lock was over at its statement's end, and is now kept while others want it.

    let name = self.page.borrow().title();          ->  let page = self.page.borrow();
    self.note();    // borrows `page` to change it       let name = page.title();    self.note();    // panics

A call that cannot come to the cell is none to be doubted; what a function of this text touches is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sleepy.daemon.fix.brackets import block_end, closing, opening
from sleepy.daemon.fix.words import Words

_TAKING = frozenset("borrow borrow_mut lock read write".split())
_AROUND = frozenset("unwrap expect unwrap_or_else await".split())
_DEEP = 4  # calls within calls that are followed


def kept_guards(one: Words, other: Words) -> Iterator[str]:
    """The guards that are kept past a call that may wait for them, or panic."""
    before = [tuple(where) for _, where, _ in _guards(one.tokens)]
    for name, where, ends in _guards(other.tokens):
        if tuple(where) in before:
            before.remove(tuple(where))
            continue
        rest = other.tokens[ends + 1 : block_end(other.tokens, ends + 1)]
        if called := _risky(other.tokens, rest, name, where):
            yield f"keeps a borrow or lock of `{''.join(where)}` while `{called}` is called"


def _guards(tokens: Sequence[str]) -> Iterator[tuple[str, list[str], int]]:
    """The guards that a name is given: the name, what is borrowed or locked, and where the statement ends."""
    for i, token in enumerate(tokens):
        if token != ";" or tokens[i - 1 : i] not in ([")"], ["?"], ["await"]):
            continue
        at = i - 1
        while True:
            if tokens[at] in ("?",) or (tokens[at] == "await" and tokens[at - 1] == "."):
                at -= 1 if tokens[at] == "?" else 2
                continue
            if tokens[at] != ")":
                break
            opens = opening(tokens, at)
            if tokens[opens - 1] not in _AROUND or tokens[opens - 2] != ".":
                break
            at = opens - 3
        if at < 4 or tokens[at] != ")":
            continue
        opens = opening(tokens, at)
        if tokens[opens - 1] not in _TAKING or tokens[opens - 2] != "." or opens + 1 != at:
            continue
        begins = max((j for j in range(opens) if tokens[j] == "let"), default=-1)
        if begins < 0 or ";" in tokens[begins:opens]:
            continue
        name = tokens[begins + 1 + (tokens[begins + 1] == "mut")]
        equals = next((j for j in range(begins, opens) if tokens[j] == "="), opens)
        yield name, list(tokens[equals + 1 : opens - 2]), i


def _risky(tokens: Sequence[str], rest: Sequence[str], name: str, where: Sequence[str]) -> str:
    """The call after which a guard may be waited for; empty for none."""
    root, cell = where[0] if where else "", where[-1] if where else ""
    for i, token in enumerate(rest):
        if rest[i : i + 4] == ["drop", "(", name, ")"]:
            return ""
        if list(rest[i : i + len(where)]) == list(where) and rest[i - 1 : i] != ["."]:
            after = rest[i + len(where) : i + len(where) + 2]
            if after[:1] == ["."] and after[1] in _TAKING:
                return after[1]
        if token != root or rest[i - 1 : i] == ["."]:
            continue
        if root == "self" and len(where) > 1:
            called = rest[i + 2] if rest[i + 1 : i + 2] == ["."] and rest[i + 3 : i + 4] == ["("] else ""
            if called and _comes_to(tokens, called, cell, _DEEP):
                return called
    return ""


def _comes_to(tokens: Sequence[str], function: str, cell: str, deep: int) -> bool:
    """Whether a method may borrow or lock a member; one that is not in this text may."""
    for i in range(len(tokens) - 2):
        if tokens[i] == "fn" and tokens[i + 1] == function and "{" in tokens[i:]:
            opens = list(tokens).index("{", i)
            body = tokens[opens : closing(tokens, opens, "{}")]
            if cell in body or deep == 0:
                return True
            inner = [
                body[j + 2]
                for j in range(len(body) - 3)
                if body[j] == "self" and body[j + 1] == "." and body[j + 3] == "("
            ]
            return any(_comes_to(tokens, each, cell, deep - 1) for each in inner if each != function)
    return True
