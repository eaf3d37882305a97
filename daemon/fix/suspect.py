"""Changes that compile and seldom are what was meant: an error made silent, a value made up, a field passed over.

Copies that are lost are in `copies.py`, guards that live longer in `guards.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sleepy.daemon.fix.brackets import arguments, closing, enclosing, opening, statement
from sleepy.daemon.fix.copies import lost_copies
from sleepy.daemon.fix.guards import kept_guards
from sleepy.daemon.fix.words import Words, hunks
from sleepy.koans.tokens import KEYWORDS
from sleepy.sandbox.verdict import Diagnostic

_COMPARING = ("<", ">", "<=", ">=")
_REVERSING = frozenset("not non no un never without".split())
_ENDS = frozenset("front back first last left right start end min max".split())
_WIDENED = frozenset("+*")  # what may run over before it is widened
_NARROWED = frozenset("-")


def suspicions(one: Words, other: Words, errors: Sequence[Diagnostic] = ()) -> Iterator[str]:
    """What a repair does that the compiler accepts and a person would look at twice. `errors` are those repaired."""
    for rule in (
        _silenced,
        _extremes,
        _signs,
        _reversed,
        _ordered_options,
        _converted_late,
        _passed_over,
        _arguments,
        _to_itself,
    ):
        yield from rule(one, other)
    yield from lost_copies(one, other, errors)
    yield from kept_guards(one, other)


def _silenced(one: Words, other: Words) -> Iterator[str]:
    """What only makes a complaint silent."""
    if _count(other.tokens, ("let", "_", "=")) > _count(one.tokens, ("let", "_", "=")):
        yield "throws a value away (`let _ =`)"
    for a, b in hunks(one, other):
        if len(a) == len(b) == 1 and other.tokens[b[0]] == f"_{one.tokens[a[0]]}":
            yield f"leaves `{one.tokens[a[0]]}` unused"


def _extremes(one: Words, other: Words) -> Iterator[str]:
    """The largest or least value of a type where a number stood."""
    for a, b in hunks(one, other):
        gone = [one.tokens[i] for i in a if one.kinds[i] == "number"]
        came = [other.tokens[i] for i in b if other.tokens[i] in ("MAX", "MIN")]
        if gone and came:
            yield f"replaces {gone[0]} by `{came[0]}`"


def _signs(one: Words, other: Words) -> Iterator[str]:
    """A negative number in whose place there is none."""
    for a, b in hunks(one, other):
        if not a or one.tokens[a.start] != "-" or len(a) > 2 or "-" in other.tokens[b.start : b.stop]:
            continue
        was, before = one.tokens[a.start + 1 : a.start + 2], one.tokens[a.start - 1 : a.start]
        is_sign = before == [] or not (before[0][0].isalnum() or before[0] in (")", "]")) or before[0] in KEYWORDS
        if is_sign and was and was[0][0].isdigit():
            now = other.tokens[b.start : b.stop + (len(a) == 1)]  # the number itself may have stayed
            yield f"changes -{was[0]} to {''.join(now)}"


def _reversed(one: Words, other: Words) -> Iterator[str]:
    """A name of the opposite meaning, or one of two that are as near."""
    for a, b in hunks(one, other):
        if len(a) != len(b) or len(a) != 1 or one.kinds[a[0]] != "word" or other.kinds[b[0]] != "word":
            continue
        was, now = one.tokens[a[0]], other.tokens[b[0]]
        before, after = set(was.split("_")), set(now.split("_"))
        if (before ^ after) & _REVERSING:
            yield f"turns `{was}` into its opposite, `{now}`"
        elif before < after and (after - before) & _ENDS:
            yield f"chooses `{now}` for `{was}`"


def _ordered_options(one: Words, other: Words) -> Iterator[str]:
    """`Some` put around a side of a comparison: None is less than all."""
    for _, b in hunks(one, other):
        for i in b:
            if other.tokens[i : i + 2] == ["Some", "("]:
                end = closing(other.tokens, i + 1)
                if other.tokens[i - 1] in _COMPARING or other.tokens[end + 1 : end + 2] in [
                    [each] for each in _COMPARING
                ]:
                    yield "compares an Option by order: None is less than all"


def _converted_late(one: Words, other: Words) -> Iterator[str]:
    """A sum, product or quotient converted as a whole: it was rounded or ran over before."""
    if _late(other.tokens) > _late(one.tokens):
        yield "converts after the arithmetic"


def _passed_over(one: Words, other: Words) -> Iterator[str]:
    """`_` or `..` that came into a pattern for a field of the same type as one that it names."""
    tokens = other.tokens
    for a, b in hunks(one, other):
        came = {tokens[i] for i in b if tokens[i + 1 : i + 3] != [":", "_"]}  # `tip: _` as well
        if not came <= {",", "_", "..", ":"} or not {"_", ".."} & came or {one.tokens[i] for i in a} - {","}:
            continue
        opens = enclosing(tokens, b.start)
        if opens < 1 or tokens[opens] not in "({" or tokens[b.stop : b.stop + 1] not in ([","], [")"], ["}"]):
            continue
        fields = other.shapes.get(tokens[opens - 1], [])
        parts = arguments(tokens, opens)
        named = {part[0] for part in parts if part[-1] != "_"} if tokens[opens] == "{" else _numbers(parts)
        types = {kind for name, kind in fields if name in named}
        if any(kind in types for name, kind in fields if name not in named):
            yield f"passes over a field (`{'_' if '_' in came else '..'}`)"


def _numbers(parts: Sequence[tuple[str, ...]]) -> set[str]:
    """Which places of a pattern without field names have one that is used."""
    return {str(i) for i, part in enumerate(parts) if part not in (("_",), ("..",))}


def _arguments(one: Words, other: Words) -> Iterator[str]:
    """An argument that is given twice, or one that is given no more."""
    for a, b in hunks(one, other):
        if not a and (opens := _call(other, b.start)) is not None:
            given = arguments(other.tokens, opens)
            came = {(other.tokens[i],) for i in b if other.kinds[i] == "word"}
            for each in sorted(came):
                if given.count(each) > 1:
                    yield f"gives `{other.tokens[opens - 1]}` the argument `{each[0]}` twice"
        elif not b and a and (opens := _call(one, a.start)) is not None:
            gone = one.tokens[a.start : a.stop]
            kept = arguments(other.tokens, enclosing(other.tokens, b.start))
            whole = "," in (gone[0], gone[-1]) and not {"(", ")", ";", "{", "}"} & set(gone)
            if whole and len(kept) < len(arguments(one.tokens, opens)):
                said = "".join(gone).strip(",")
                yield f"no longer gives `{one.tokens[opens - 1]}` the argument `{said}`"


def _call(words: Words, place: int) -> int | None:
    """Where the bracket of the call opens whose arguments a place is among."""
    opens = enclosing(words.tokens, place)
    if opens < 1 or words.tokens[opens] != "(" or words.kinds[opens - 1] != "word":
        return None
    is_call = words.tokens[opens - 1] not in {*KEYWORDS, "derive"} and words.tokens[opens - 2 : opens - 1] != ["fn"]
    return opens if is_call else None


def _to_itself(one: Words, other: Words) -> Iterator[str]:
    """A place that is assigned what it holds."""
    tokens = other.tokens
    for _, b in hunks(one, other):
        for i in range(max(b.start - 4, 0), min(b.stop + 4, len(tokens))):
            if tokens[i] != "=":
                continue
            begins = statement(tokens, i - 1)
            left, ends = tokens[begins:i], next((j for j in range(i, len(tokens)) if tokens[j] in ";}"), i)
            if left and tokens[i + 1 : ends] == left and "let" not in left:
                yield f"assigns `{''.join(left)}` to itself"


def _late(tokens: Sequence[str]) -> int:
    """How many conversions come too late: a difference may be negative, a quotient lacks what a float would keep."""
    found, floats = 0, not {"f32", "f64"}.isdisjoint(tokens)
    for i in range(2, len(tokens)):
        if tokens[i] in ("into", "try_into") and tokens[i - 1] == "." and tokens[i - 2] == ")":
            start = opening(tokens, i - 2)
            grouped = start == 0 or not (tokens[start - 1][0].isalnum() or tokens[start - 1][0] in "_>)]!?")
            harmful = _NARROWED if tokens[i] == "try_into" else _WIDENED | ({"/"} if floats else set())
            found += grouped and bool(harmful & set(tokens[start + 2 : i - 2]))
    return found


def _count(tokens: Sequence[str], wanted: tuple[str, ...]) -> int:
    return sum(tuple(tokens[i : i + len(wanted)]) == wanted for i in range(len(tokens)))
