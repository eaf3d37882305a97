"""The functions of somebody's crate, broken where they stand: a koan is one of its files with one mistake in one function.

The base of such a koan is the function, `crate:PACKAGE/PATH#NAME`: it decides on which side of a split it is, whatever
else changes in the file. Nothing here reads or writes a file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from sleepy.koans.forge.crates import units
from sleepy.koans.forge.mistakes import Mistake
from sleepy.koans.koan import CRATE, Koan, digest
from sleepy.koans.syntax import ParsedSource, TextChange
from sleepy.koans.syntax import field as part

_TRIED = 3  # places of one mistake looked at in a function


@dataclass(frozen=True, slots=True)
class CrateFunction:
    """A function with its body: bytes `start` to `end` of the file's text. `file` is PACKAGE/PATH."""

    file: str
    name: str  # with the type and the modules that it stands in: `Stack::push`
    text: str  # the whole file's
    start: int
    end: int
    body: int

    @property
    def base(self) -> str:
        """What decides its side of a split."""
        return f"{CRATE}{self.file}#{self.name}"

    @property
    def source(self) -> str:
        """The function alone."""
        return self.text.encode()[self.start : self.end].decode()

    def with_first(self, statement: str) -> str:
        """The file with a statement more, the function's first."""
        data = self.text.encode()
        return (data[: self.body + 1] + f" {statement} ".encode() + data[self.body + 1 :]).decode()


def functions(file: str, text: str) -> list[CrateFunction]:
    """The functions of a file that have a body; none that is there for tests only, or that stands in another."""
    found = [unit for unit in units(file, text) if unit.body is not None]
    if not found:
        return []
    source = ParsedSource(text)
    nodes = {body.start_byte: node for node in source.of("function_item") if (body := part(node, "body")) is not None}
    return [
        CrateFunction(file, _name(source, nodes[unit.body]), text, unit.start, unit.end, unit.body)
        for unit in found
        if unit.body in nodes
    ]


def _name(source: ParsedSource, node: Node) -> str:
    """A function's name behind those of what it stands in."""
    words = [source.words(part(node, "name"))]
    above = node.parent
    while above is not None:
        if above.type in ("mod_item", "trait_item"):
            words.append(source.words(part(above, "name")))
        elif above.type == "impl_item":
            kind, trait = source.words(part(above, "type")), source.words(part(above, "trait"))
            words.append(f"<{kind} as {trait}>" if trait else kind)
        above = above.parent
    return "::".join(" ".join(word.split()) for word in reversed(words))


def broken(function: CrateFunction, mistakes: Sequence[Mistake], rng: random.Random) -> Iterator[Koan]:
    """Koans not yet checked: for each mistake, in the order given, one place at most."""
    inside = ParsedSource(function.source)
    data = function.text.encode()
    for mistake in mistakes:
        places = list(mistake.places(inside))
        for changes in rng.sample(places, min(len(places), _TRIED)):
            moved = tuple(TextChange(c.start + function.start, c.end + function.start, c.text) for c in changes)
            text = _changed(data, moved)
            if text == function.text:
                continue
            yield Koan(
                id=f"{function.file}#{function.name} {mistake.name} {digest(text)[:12]}",
                family=mistake.family,
                title=mistake.title,
                broken=text,
                fixed=function.text,
                origin=f"forge:{mistake.name}",
                base=function.base,
                mistake=mistake.name,
            )
            break


def _changed(data: bytes, changes: Sequence[TextChange]) -> str:
    for change in sorted(changes, key=lambda item: item.start, reverse=True):
        data = data[: change.start] + change.text.encode() + data[change.end :]
    return data.decode()
