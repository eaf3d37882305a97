"""Changes that compile and seldom are what was meant: a copy that is changed and lost, an error made silent, a value made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sleepy.daemon.fix.words import Words, hunks

_COMPARING = ("<", ">", "<=", ">=")
_REVERSING = frozenset("not non no un never without".split())
_ENDS = frozenset("front back first last left right start end min max".split())
_ASSIGNING = ("=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=")
_WIDENED = frozenset("+*")  # what may run over before it is widened
_NARROWED = frozenset("-")


def suspicions(one: Words, other: Words) -> Iterator[str]:
    """What a repair does that the compiler accepts and a person would look at twice."""
    for rule in (_silenced, _copied_and_lost, _extremes, _reversed, _ordered_options, _converted_late, _moved_copy):
        yield from rule(one, other)


def _silenced(one: Words, other: Words) -> Iterator[str]:
    """What only makes a complaint silent."""
    if _count(other.tokens, ("let", "_", "=")) > _count(one.tokens, ("let", "_", "=")):
        yield "throws a value away (`let _ =`)"
    for a, b in hunks(one, other):
        if len(a) == len(b) == 1 and other.tokens[b[0]] == f"_{one.tokens[a[0]]}":
            yield f"leaves `{one.tokens[a[0]]}` unused"


def _copied_and_lost(one: Words, other: Words) -> Iterator[str]:
    """A clone on which a statement works and which nobody keeps."""
    for _, b in hunks(one, other):
        for i in b:
            if other.tokens[i : i + 3] != ["clone", "(", ")"] or other.tokens[i - 1] != ".":
                continue
            begins = _statement(other.tokens, i)
            head = other.tokens[begins : begins + 3]
            after = other.tokens[i + 3 : i + 4]
            if head[:2] == ["for", "mut"]:
                yield "changes a copy that is lost (`for mut`)"
            elif after == ["."] and _is_thrown_away(other.tokens, begins, i):
                yield "works on a copy that is lost (`.clone()`)"


def _statement(tokens: Sequence[str], place: int) -> int:
    """Where the statement that a place is in begins."""
    depth = 0
    for i in range(place, -1, -1):
        if tokens[i] in (")", "]"):
            depth += 1
        elif tokens[i] in ("(", "["):
            depth -= 1
            if depth < 0:
                return i + 1
        elif tokens[i] in (";", "{", "}") and depth == 0:
            return i + 1
    return 0


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


def _extremes(one: Words, other: Words) -> Iterator[str]:
    """The largest or least value of a type where a number stood."""
    for a, b in hunks(one, other):
        gone = [one.tokens[i] for i in a if one.kinds[i] == "number"]
        came = [other.tokens[i] for i in b if other.tokens[i] in ("MAX", "MIN")]
        if gone and came:
            yield f"replaces {gone[0]} by `{came[0]}`"


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
                end = _closing(other.tokens, i + 1)
                if other.tokens[i - 1] in _COMPARING or other.tokens[end + 1 : end + 2] in [
                    [each] for each in _COMPARING
                ]:
                    yield "compares an Option by order: None is less than all"


def _converted_late(one: Words, other: Words) -> Iterator[str]:
    """A sum, product or quotient converted as a whole: it was rounded or ran over before."""
    if _late(other.tokens) > _late(one.tokens):
        yield "converts after the arithmetic"


def _moved_copy(one: Words, other: Words) -> Iterator[str]:
    """A name that a closure now owns a copy of and changes, and that is read after it."""
    tokens = other.tokens
    for _, b in hunks(one, other):
        for i in (i for i in b if tokens[i] == "move" and tokens[i + 1 : i + 2] in (["|"], ["||"])):
            opens = next((j for j in range(i + 1, len(tokens)) if tokens[j] == "{"), len(tokens))
            ends = _closing(tokens, opens, "{}")
            own = {tokens[j + 1 + (tokens[j + 1] == "mut")] for j in range(opens, ends - 2) if tokens[j] == "let"}
            for j in range(opens, ends):
                name = tokens[j]
                if other.kinds[j] == "word" and tokens[j + 1 : j + 2] and tokens[j + 1] in _ASSIGNING:
                    if tokens[j - 1] not in (".", "let", "mut") and name not in own and name in tokens[ends:]:
                        yield f"changes a copy of `{name}` (`move`)"


def _late(tokens: Sequence[str]) -> int:
    """How many conversions come too late: a difference may be negative, a quotient lacks what a float would keep."""
    found, floats = 0, not {"f32", "f64"}.isdisjoint(tokens)
    for i in range(2, len(tokens)):
        if tokens[i] in ("into", "try_into") and tokens[i - 1] == "." and tokens[i - 2] == ")":
            start = _opening(tokens, i - 2)
            grouped = start == 0 or not (tokens[start - 1][0].isalnum() or tokens[start - 1][0] in "_>)]!?")
            harmful = _NARROWED if tokens[i] == "try_into" else _WIDENED | ({"/"} if floats else set())
            found += grouped and bool(harmful & set(tokens[start + 2 : i - 2]))
    return found


def _count(tokens: Sequence[str], wanted: tuple[str, ...]) -> int:
    return sum(tuple(tokens[i : i + len(wanted)]) == wanted for i in range(len(tokens)))


def _closing(tokens: Sequence[str], place: int, pair: str = "()") -> int:
    depth = 0
    for i in range(place, len(tokens)):
        depth += (tokens[i] == pair[0]) - (tokens[i] == pair[1])
        if depth == 0:
            return i
    return len(tokens)


def _opening(tokens: Sequence[str], place: int) -> int:
    depth = 0
    for i in range(place, -1, -1):
        depth += (tokens[i] == ")") - (tokens[i] == "(")
        if depth == 0:
            return i
    return 0
