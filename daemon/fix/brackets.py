"""Where brackets close and open among a text's words, and where a statement begins."""

from __future__ import annotations

from collections.abc import Sequence

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


def closing(tokens: Sequence[str], place: int, pair: str = "()") -> int:
    """Where the bracket closes that opens at a place; the number of words where none does."""
    depth = 0
    for i in range(place, len(tokens)):
        depth += (tokens[i] == pair[0]) - (tokens[i] == pair[1])
        if depth == 0:
            return i
    return len(tokens)


def opening(tokens: Sequence[str], place: int) -> int:
    """Where the round bracket opens that closes at a place."""
    depth = 0
    for i in range(place, -1, -1):
        depth += (tokens[i] == ")") - (tokens[i] == "(")
        if depth == 0:
            return i
    return 0


def enclosing(tokens: Sequence[str], place: int) -> int:
    """Where the bracket opens that a place is in; -1 for none."""
    depth = 0
    for i in range(place - 1, -1, -1):
        if tokens[i] in _CLOSING:
            depth += 1
        elif tokens[i] in _OPENING:
            depth -= 1
            if depth < 0:
                return i
    return -1


def block_end(tokens: Sequence[str], place: int) -> int:
    """Where the block ends that a place is in."""
    depth = 0
    for i in range(place, len(tokens)):
        depth += (tokens[i] in _OPENING) - (tokens[i] in _CLOSING)
        if depth < 0:
            return i
    return len(tokens)


def statement(tokens: Sequence[str], place: int) -> int:
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


def arguments(tokens: Sequence[str], opens: int) -> list[tuple[str, ...]]:
    """What is between a bracket and the one that closes it, divided at its commas."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens[opens + 1 : block_end(tokens, opens + 1)]:
        if token == "," and depth == 0:
            parts.append([])
            continue
        depth += (token in _OPENING) - (token in _CLOSING)
        parts[-1].append(token)
    return [tuple(each) for each in parts if each]
