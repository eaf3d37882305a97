"""What the forge makes koans from: mistakes made in base programs, and the shapes of templates; and how often with which error.

`yields.json` says how often each source led to each signature, over the practice side's programs. It is a measurement,
not a promise: a search starts from it and learns on. `python -m benchmarks.yields --write` makes it again, after a
mistake, a template or the wording of signatures has changed; a source that is not in it is still tried.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sleepy.koans.forge import forge, template
from sleepy.koans.forge.mistakes import CRATE_MISTAKES, MISTAKES, Mistake
from sleepy.koans.forge.template import Template
from sleepy.koans.koan import Koan
from sleepy.koans.program import Program

YIELDS = Path(__file__).parent / "yields.json"
_TRIES = 6  # programs looked at for a place where a mistake can be made


@dataclass(frozen=True, slots=True)
class Source:
    """`draft` makes a koan not yet checked; None where it found no place for its mistake.

    `origin` is that of its koans; `name` tells a template's shapes apart. `codes` are those that a template declares.
    """

    name: str
    origin: str
    draft: Callable[[random.Random], Koan | None]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Yield:
    """How many koans were drafted, and how many of them failed under each signature."""

    drafted: int
    signatures: Mapping[str, int]


@lru_cache(maxsize=1)
def yields(path: Path = YIELDS) -> Mapping[str, Yield]:
    """What each source led to when it was measured, by the source's name."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {name: Yield(drafted, found) for name, (drafted, found) in rows.items()}


def write_yields(path: Path, measured: Mapping[str, Yield]) -> None:
    """Writes the table, a source a line."""
    lines = [
        f"{json.dumps(name)}: {json.dumps([item.drafted, dict(sorted(item.signatures.items()))], ensure_ascii=False)}"
        for name, item in sorted(measured.items())
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def of_mistakes(bases: Sequence[Program], mistakes: Sequence[Mistake] = (*MISTAKES, *CRATE_MISTAKES)) -> list[Source]:
    """A source for each mistake, made in these programs as they are written; none where there is no program."""
    return [_of_mistake(item, bases) for item in mistakes] if bases else []


def _of_mistake(mistake: Mistake, bases: Sequence[Program]) -> Source:
    def draft(rng: random.Random) -> Koan | None:
        for _ in range(_TRIES):
            base = rng.choice(bases)
            found = forge.drafts(base, rng, a_mistake=1, mistakes=[mistake])
            if found:
                return forge.koan(forge.Draft(Program(base.base, base.source, base.tests), mistake, found[0].broken))
        return None

    return Source(f"forge:{mistake.name}", f"forge:{mistake.name}", draft)


def of_templates(wanted: Callable[[str], bool] | None = None) -> list[Source]:
    """A source for each shape of each template whose base is wanted; of all where nothing is asked."""
    return [
        _of_shape(item, shape)
        for item in template.load_templates().values()
        for shape in item.shapes
        if wanted is None or wanted(template.base_of(item, shape))
    ]


def _of_shape(item: Template, shape: str) -> Source:
    return Source(
        template.base_of(item, shape),
        f"template:{item.name}",
        lambda rng: template.koan(item, random.Random(rng.random()), shape),
        item.codes,
    )
