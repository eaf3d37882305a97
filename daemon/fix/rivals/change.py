"""Where two Rust texts differ, by words, and a rival: a text that chose otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tree_sitter import Node

from sleepy.koans.syntax import ParsedSource
from sleepy.koans.tokens import scan


@dataclass(frozen=True, slots=True)
class Rival:
    """A whole text with another choice than the repair's, and a clause that says which."""

    said: str
    text: str


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that became others. `at` counts the old text's words; `start` and `end` are characters of the new text."""

    at: int
    old: tuple[str, ...]
    new: tuple[str, ...]
    start: int
    end: int


def changes(old: str, new: str) -> list[WordChange]:
    """The places where the words differ, in their order."""
    one, other = [each[0] for each in scan(old)], list(scan(new))
    words = [each[0] for each in other]
    matcher = SequenceMatcher(None, one, words, autojunk=False)
    found = []
    for op, a, b, c, d in matcher.get_opcodes():
        if op != "equal":
            start = other[c].start() if c < len(other) else len(new)
            end = other[d - 1].end() if d > c else start
            found.append(WordChange(a, tuple(one[a:b]), tuple(words[c:d]), start, end))
    return found


def is_name(word: str) -> bool:
    """Whether a word is one that a name can be."""
    return word[:1].isalpha() or (word[:1] == "_" and len(word) > 1)


def node_at(parsed: ParsedSource, start: int, end: int) -> Node | None:
    """The least node that holds some characters."""
    first, last = len(parsed.text[:start].encode()), len(parsed.text[:end].encode())
    return parsed.root.descendant_for_byte_range(first, last)


def around(node: Node | None, *types: str) -> Node | None:
    """The node, or the nearest above it, that is of one of these types."""
    while node is not None and node.type not in types:
        node = node.parent
    return node


def with_blank(parsed: ParsedSource, node: Node) -> str:
    """The text with an expression's value made its type's default: where that has none it does not compile."""
    words = parsed.words(node)
    made = f"{{ let mut other = {words}; core::mem::take(&mut other); other }}"
    data = parsed.data
    return (data[: node.start_byte] + made.encode() + data[node.end_byte :]).decode()


def once(rivals: Iterator[Rival], new: str) -> Iterator[Rival]:
    """Each rival's text once, and none that is the repair itself."""
    seen = {words_of(new)}
    for each in rivals:
        if (mark := words_of(each.text)) not in seen:
            seen.add(mark)
            yield each


def words_of(text: str) -> tuple[str, ...]:
    return tuple(each[0] for each in scan(text))
