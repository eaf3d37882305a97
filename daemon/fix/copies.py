"""Copies that are changed and lost: a repair clones, or moves into a closure, what was to be changed itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sleepy.daemon.fix.brackets import arguments, block_end, closing, enclosing, statement
from sleepy.daemon.fix.words import Words, hunks
from sleepy.sandbox.verdict import Diagnostic

ASSIGNING = ("=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=")
_PARTIAL = frozenset("take take_while map_while skip skip_while next nth find position any all".split())
_CLONE = ["clone", "(", ")"]
_ITERATOR = re.compile(
    r"has type `(?:&mut )?(?:\w+::)*(?:Peekable|Chars|CharIndices|Bytes|Lines|Split\w*|Iter|IntoIter|Map|Filter|"
    r"Enumerate|Skip|Take|Rev|Zip|Chain|impl Iterator)\b"
)


def lost_copies(one: Words, other: Words, errors: Sequence[Diagnostic] = ()) -> Iterator[str]:
    """What is changed in a copy that nobody keeps."""
    yield from _worked_on(one, other)
    yield from _moved(one, other)
    yield from _bound(one, other)
    yield from _given(one, other, errors)


def _clones(one: Words, other: Words) -> Iterator[int]:
    """Where a `.clone()` came."""
    tokens = other.tokens
    for _, b in hunks(one, other):
        yield from (i for i in b if tokens[i : i + 3] == _CLONE and tokens[i - 1] == ".")


def _worked_on(one: Words, other: Words) -> Iterator[str]:
    """A clone on which a statement works and which nobody keeps."""
    for i in _clones(one, other):
        begins = statement(other.tokens, i)
        if other.tokens[begins : begins + 2] == ["for", "mut"]:
            yield "changes a copy that is lost (`for mut`)"
        elif other.tokens[i + 3 : i + 4] == ["."] and _is_thrown_away(other.tokens, begins, i):
            yield "works on a copy that is lost (`.clone()`)"


def _is_thrown_away(tokens: Sequence[str], begins: int, place: int) -> bool:
    """Whether a statement is nothing but a chain of calls whose value goes nowhere."""
    chain = set(tokens[begins:place])
    if chain & {"let", "=", "return", "match", "if", "while", "for", "+=", "in", "=>"} or tokens[
        begins - 1 : begins
    ] == ["("]:
        return False
    depth = 0
    for token in tokens[place:]:
        depth += (token in "([{") - (token in ")]}")
        if depth < 0:
            return False
        if depth == 0 and token == ";":
            return True
        if depth == 0 and token in (",", "=", "{"):
            return False
    return False


def _moved(one: Words, other: Words) -> Iterator[str]:
    """A name that a closure now owns a copy of and changes, and that is read after it."""
    tokens = other.tokens
    for _, b in hunks(one, other):
        for i in (i for i in b if tokens[i] == "move" and tokens[i + 1 : i + 2] in (["|"], ["||"])):
            opens = next((j for j in range(i + 1, len(tokens)) if tokens[j] == "{"), len(tokens))
            ends = closing(tokens, opens, "{}")
            own = {tokens[j + 1 + (tokens[j + 1] == "mut")] for j in range(opens, ends - 2) if tokens[j] == "let"}
            for j in range(opens, ends):
                name = tokens[j]
                if other.kinds[j] == "word" and tokens[j + 1 : j + 2] and tokens[j + 1] in ASSIGNING:
                    if tokens[j - 1] not in (".", "let", "mut") and name not in own and name in tokens[ends:]:
                        yield f"changes a copy of `{name}` (`move`)"


def _bound(one: Words, other: Words) -> Iterator[str]:
    """A clone of a member that a name is given, a part of which is changed, and which is nowhere used as a whole."""
    tokens = other.tokens
    for i in _clones(one, other):
        begins = statement(tokens, i)
        if tokens[begins : begins + 2] != ["let", "mut"] or tokens[i + 3 : i + 4] != [";"]:
            continue
        name = tokens[begins + 2]
        rest = tokens[i + 4 : block_end(tokens, i + 4)]
        uses = [j for j, token in enumerate(rest) if token == name and rest[j - 1 : j] != ["."]]
        changed = any(_assigned(rest, j) for j in uses)
        if changed and all(rest[j + 1 : j + 2] == ["."] for j in uses):
            yield f"changes a copy that is lost (`{name}`)"


def _assigned(tokens: Sequence[str], place: int) -> bool:
    """Whether a member of the name at a place is assigned to."""
    while tokens[place + 1 : place + 2] == ["."]:
        place += 2
    return tokens[place + 1 : place + 2] != [] and tokens[place + 1] in ASSIGNING


def _given(one: Words, other: Words, errors: Sequence[Diagnostic]) -> Iterator[str]:
    """A clone that a call is given, of an iterator, or to make of it another that nobody keeps."""
    tokens = other.tokens
    iterates = any(_ITERATOR.search(span.label) for each in errors for span in each.spans)
    for i in _clones(one, other):
        if iterates and tokens[i + 3] == "." and tokens[i + 4] in _PARTIAL:
            yield f"takes from a copy of an iterator (`{tokens[i + 4]}`): it is left in the other"
        opens = enclosing(tokens, i)
        if opens < 1 or tokens[opens] != "(" or tokens[i + 3] not in (",", ")"):
            continue
        name, begins = tokens[opens - 1], statement(tokens, opens - 1)
        if not (name[0].isalpha() or name[0] == "_"):
            continue
        if iterates:
            yield f"gives `{name}` a copy of an iterator: what it takes from it is left in the other"
        is_whole = begins == opens - 1 and tokens[closing(tokens, opens) + 1 : closing(tokens, opens) + 2] == [";"]
        if is_whole and _makes_another(tokens, name, len(arguments(tokens[:i], opens)) - 1):
            yield f"throws away what `{name}` makes of a copy"


def _makes_another(tokens: Sequence[str], name: str, place: int) -> bool:
    """Whether a function of this text gives back what is of the type of one of its parameters."""
    for i in range(len(tokens) - 2):
        if tokens[i : i + 2] == ["fn", name] and "(" in tokens[i:]:
            opens = tokens.index("(", i)
            wanted, ends = arguments(tokens, opens), closing(tokens, opens)
            if tokens[ends + 1 : ends + 2] == ["->"] and "{" in tokens[ends:] and place < len(wanted):
                back = tuple(tokens[ends + 2 : tokens.index("{", ends)])
                return wanted[place][-len(back) :] == back and wanted[place][-len(back) - 1 : -len(back)] == (":",)
    return False
