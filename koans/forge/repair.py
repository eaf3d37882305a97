"""A mistake learnt from one repair: what the repair put in is taken out again wherever code has the same shape.

Read from the tokens alone: the one stretch in which the broken program and the repaired one differ, with the token on
either side of it. Keywords, marks and std's names count as they are; a name of the program's own stands for any name, the
same for the same, and a number or a text for any. Whether the change breaks another program at all, and with which error,
only the compiler knows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sleepy.koans.forge.mistakes import Mistake
from sleepy.koans.forge.variation import STD
from sleepy.koans.syntax import Changes, ParsedSource, TextChange
from sleepy.koans.tokens import KEYWORDS, scan

PREFIX = "repair-"  # what the names of such mistakes begin with
_LONGEST = 8  # tokens that differ on either side: more is a rewrite, which fits nowhere else
_LITERALS = frozenset(["number", "string", "raw", "hashes", "char"])
_LITERAL, _LIFETIME = "a literal", "a lifetime"
_OF_THE_LANGUAGE = re.compile(r"[iu](?:8|16|32|64|128|size)|f(?:32|64)|bool|char|str")


@dataclass(frozen=True, slots=True)
class _Token:
    """A token and what stands for it: `same` is its text, or a kind that any token of that kind has."""

    text: str
    same: str
    start: int
    end: int
    is_own: bool = False  # a name of the program's


@dataclass(frozen=True, slots=True)
class _RepairShape:
    """What to look for, a token on either side of it included, and what to write in its place."""

    before: tuple[_Token, ...]
    taken: tuple[_Token, ...]
    after: tuple[_Token, ...]
    put: tuple[
        tuple[str, str], ...
    ]  # the space before each token, and the token; the repair's names stand for those found

    @property
    def said(self) -> list[list[str]]:
        """The same for every repair of this shape, whatever its names."""
        order: dict[str, str] = {}
        for item in (*self.before, *self.taken, *self.after):
            if item.is_own:
                order.setdefault(item.text, f"_{len(order)}")
        sought = [[order.get(item.text, ""), item.same] for item in (*self.before, *self.taken, *self.after)]
        sizes = [str(len(part)) for part in (self.before, self.taken, self.after)]
        return [*sought, sizes, *([space, order.get(word, word)] for space, word in self.put)]

    def places(self, source: ParsedSource) -> Iterator[Changes]:
        """One change for each place with this shape."""
        words = _tokens(source.text)
        wanted = (*self.before, *self.taken, *self.after)
        for at in range(len(words) - len(wanted) + 1):
            found = words[at : at + len(wanted)]
            names = _matched(wanted, found)
            if names is None:
                continue
            first = at + len(self.before)
            taken = words[first : first + len(self.taken)]
            start = taken[0].start if taken else words[first - 1].end if first else 0
            end = taken[-1].end if taken else start
            text = "".join(space + names.get(word, word) for space, word in self.put)
            if not text and source.text[start - 1 : start] == " " == source.text[end : end + 1]:
                end += 1
            yield (TextChange(_bytes(source.text, start), _bytes(source.text, end), text),)


def mistake_of(broken: str, fixed: str) -> Mistake | None:
    """The mistake that the repair took out; None where it is a rewrite, a matter of names alone, or says nothing elsewhere."""
    was, now = _tokens(broken), _tokens(fixed)
    first = _alike(was, now)
    last = _alike(was[first:][::-1], now[first:][::-1])
    wrong, right = was[first : len(was) - last], now[first : len(now) - last]
    if not (wrong or right) or max(len(wrong), len(right)) > _LONGEST:
        return None
    used = {item.text for item in (*wrong, *right) if item.is_own}
    before = tuple(_side(item, used) for item in now[max(0, first - 1) : first])
    after = tuple(_side(item, used) for item in now[len(now) - last :][:1])
    known = {item.text for item in (*before, *right, *after) if item.is_own}
    if any(item.is_own and item.text not in known for item in wrong):
        return None  # a name that was misspelt or of something else: what it was is not to be seen elsewhere
    put = []
    at = was[first - 1].end if first else 0
    for number, item in enumerate(wrong):
        gap = broken[at : item.start]
        space = "" if number == 0 and right else gap if not gap.strip(" ") else " "
        put.append((space, item.text))
        at = item.end
    shape = _RepairShape(before, tuple(right), after, tuple(put))
    name = PREFIX + hashlib.sha256(repr(shape.said).encode()).hexdigest()[:10]
    return Mistake(name, "items", "A mistake that its developer once repaired.", shape.places)


def _tokens(text: str) -> list[_Token]:
    out = []
    for match in scan(text):
        kind, word = match.lastgroup or "", match[0]
        own = kind == "word" and word not in KEYWORDS and word not in STD and not _OF_THE_LANGUAGE.fullmatch(word)
        same = _kind(word) if own else _LITERAL if kind in _LITERALS else _LIFETIME if kind == "lifetime" else word
        out.append(_Token(word, same, match.start(), match.end(), own))
    return out


def _side(item: _Token, used: Collection[str] = ()) -> _Token:
    """A token beside the repair: any name will do, unless it is one that the repair used too."""
    if item.text in KEYWORDS or item.same in (_LITERAL, _LIFETIME) or not re.match(r"[A-Za-z_]", item.text):
        return item
    return _Token(item.text, _kind(item.text), item.start, item.end, item.text in used)


def _kind(name: str) -> str:
    return "a type's name" if name[:1].isupper() else "a name"


def _matched(wanted: Sequence[_Token], found: Sequence[_Token]) -> dict[str, str] | None:
    """The names that stand here for the repair's own; None where it is another shape."""
    names: dict[str, str] = {}
    for one, other in zip(wanted, found, strict=True):
        same = other.same if not one.same.startswith("a ") else _side(other).same
        if one.same != same:
            return None
        if one.is_own and names.setdefault(one.text, other.text) != other.text:
            return None
    return names


def _alike(one: Sequence[_Token], other: Sequence[_Token]) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a.text != b.text), min(len(one), len(other)))


def _bytes(text: str, at: int) -> int:
    return len(text[:at].encode())
