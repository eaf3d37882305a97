"""Errors of one cause at many sites, and the edit of one of them made at another.

    a repaired error, its edit            | the same code and message, the same names or an edit without new ones
    another error, its text               | -> the edit carried over (`transfer.py`), or the name given in the message

What is renamed is renamed under other codes too: a field is read, built and matched. Nothing here is certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sleepy.daemon.fix.transfer import BrokenSource, is_name, transferred
from sleepy.daemon.model import edits
from sleepy.daemon.model.edits import EditKind
from sleepy.koans.tokens import tokens as words
from sleepy.sandbox.verdict import Diagnostic, Span

_MOST_EDITS = 3  # of a repair that is carried over: more is not one edit
_MOST = 2  # texts proposed for a site
_SHAPES = frozenset("E0023 E0026 E0027 E0061 E0063 E0107 E0164 E0532 E0533 E0559 E0560 E0599 E0609 E0618".split())
_NAMED = frozenset(  # whose message quotes the name that does not exist
    "E0026 E0405 E0412 E0422 E0423 E0425 E0432 E0433 E0531 E0559 E0560 E0574 E0599 E0609 E0615".split()
)
_IN_BRACES = frozenset(["E0026", "E0559", "E0560"])  # of a field, which may stand for its value or binding as well
_QUOTED = re.compile(r"`([^`]*)`")


@dataclass(frozen=True, slots=True)
class OneEdit:
    """A repair: the text and error that it was of, and the text that it made. `renamed` is one name for another."""

    past: BrokenSource
    fixed: str
    fresh: tuple[str, ...]  # names that it brings
    renamed: tuple[str, str] | None

    @classmethod
    def of(cls, error: Diagnostic, old: str, new: str) -> OneEdit | None:
        """The repair of an error; None where it is more than an edit or has no place."""
        changes = edits.between(old, new)
        if not 0 < len(changes) <= _MOST_EDITS or error.primary is None:
            return None
        lines = old.split("\n")
        fresh: Counter[str] = Counter()
        for each in changes:
            was = lines[each.line - 1] if each.kind is EditKind.DELETE else each.old
            fresh += Counter(filter(is_name, words(each.new))) - Counter(words(was))
        renamed = None
        if len(changes) == 1 and changes[0].kind is EditKind.REPLACE:
            was_words, now_words = words(changes[0].old), words(changes[0].new)
            apart = [pair for pair in zip(was_words, now_words, strict=False) if pair[0] != pair[1]]
            if len(was_words) == len(now_words) and len(apart) == 1 and apart[0][0] in _names(error):
                renamed = apart[0] if is_name(apart[0][0]) and apart[0][1].isidentifier() else None
        return cls(BrokenSource(old, error), new, tuple(fresh), renamed)

    def is_of(self, other: BrokenSource) -> bool:
        """Whether another error may have the same cause."""
        one, two = self.past.error, other.error
        if two.primary is None:
            return False
        if self.renamed is not None and {one.code, two.code} <= _NAMED and self.renamed[0] in _names(two):
            types = [{name for name in _names(each) if name[0].isupper()} for each in (one, two)]
            return types[0] == types[1] or not all(types)
        if one.code != two.code or _shape(one) != _shape(two):
            return False
        said = [_names(one), _names(two)]
        same = said[0] == said[1] and (any(map(is_name, said[0])) or _under(self.past) == _under(other))
        return same or (one.code in _SHAPES and not self.fresh)

    def at(self, other: BrokenSource) -> Iterator[str]:
        """The other's text with the same edit, the likeliest first."""
        seen = {other.source}
        for text in (*self._renamed(other), *self._repeated(other), *transferred(self.past, self.fixed, other)):
            if text not in seen:
                seen.add(text)
                yield text
                if len(seen) > _MOST:
                    return

    def _repeated(self, other: BrokenSource) -> Iterator[str]:
        """The same words replaced by the same, where the other error points at them."""
        here, there = self.past.error.primary, other.error.primary
        if here is None or there is None:
            return
        lines = other.source.split("\n")
        for each in edits.between(self.past.source, self.fixed):
            number = each.line - here.line_start + there.line_start
            if each.kind is not EditKind.REPLACE or not 0 < number <= len(lines):
                return
            line = lines[number - 1]
            found = edits.places(line, each.old)
            near = [at for at in found if at < there.column_end and there.column_start - 1 <= at + len(each.old)]
            if number == there.line_start:
                found = near
            if len(found) != 1:
                return
            lines[number - 1] = line[: found[0]] + each.new + line[found[0] + len(each.old) :]
        yield "\n".join(lines)

    def _renamed(self, other: BrokenSource) -> Iterator[str]:
        primary = other.error.primary
        if self.renamed is None or primary is None or primary.line_start != primary.line_end:
            return
        old, new = self.renamed
        lines = other.source.split("\n")
        line = lines[primary.line_start - 1]
        found = edits.places(line, old)
        pointed = [place for place in found if primary.column_start - 1 <= place < primary.column_end]
        if len(pointed) != 1:
            return
        in_braces = other.error.code in _IN_BRACES and not line[pointed[0] + len(old) :].lstrip().startswith(":")
        for places in [pointed] if in_braces else [pointed, found]:  # the compiler may tell of the first in a line only
            renamed = line
            for place in reversed(places):
                renamed = renamed[:place] + (f"{new}: {old}" if in_braces else new) + renamed[place + len(old) :]
            yield "\n".join([*lines[: primary.line_start - 1], renamed, *lines[primary.line_start :]])


def beginning(source: str, span: Span) -> int:
    """Where a span begins in a text."""
    lines = source.split("\n")
    return sum(len(line) + 1 for line in lines[: span.line_start - 1]) + span.column_start - 1


def ending(source: str, span: Span) -> int:
    """Where a span ends in a text."""
    lines = source.split("\n")
    return sum(len(line) + 1 for line in lines[: span.line_end - 1]) + span.column_end - 1


def _shape(said: Diagnostic) -> str:
    return _QUOTED.sub("`", said.message.split("\n")[0])


def _names(said: Diagnostic) -> set[str]:
    """The words that an error quotes, at its place too; how a type is borrowed aside."""
    texts = [said.message.split("\n")[0], said.primary.label if said.primary is not None else ""]
    quoted: Sequence[str] = [each for text in texts for each in _QUOTED.findall(text)]
    return {word for each in quoted for word in words(each) if word[0].isalpha() or word[0] == "_"} - {"mut"}


def _under(broken: BrokenSource) -> str:
    span = broken.error.primary
    return broken.source[beginning(broken.source, span) : ending(broken.source, span)] if span is not None else ""
