"""What the forge makes koans from: mistakes made in base programs, and the shapes of templates."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sleepy.koans.forge import forge, template
from sleepy.koans.forge.mistakes import CRATE_MISTAKES, MISTAKES, Mistake
from sleepy.koans.forge.repair import PREFIX
from sleepy.koans.forge.template import Template
from sleepy.koans.forge.templates.writer import TooWide
from sleepy.koans.koan import Koan
from sleepy.koans.program import Program

_TRIES = 6  # programs looked at for a place where a mistake can be made
_PROGRAMS = 40  # programs of a shape looked at for one whose base is wanted


@dataclass(frozen=True, slots=True)
class KoanSource:
    """`draft` makes a koan not yet checked; None where it found no place for its mistake.

    `origin` is that of its koans; `name` tells a template's shapes apart. `codes` are those that a template declares.
    """

    name: str
    origin: str
    draft: Callable[[random.Random], Koan | None]
    codes: tuple[str, ...] = ()

    @property
    def is_template(self) -> bool:
        """Whether it is a template's shape, not a mistake in base programs."""
        return self.origin.startswith("template:")

    @property
    def is_repair(self) -> bool:
        """Whether it is a mistake taken from a repair (`repair.py`)."""
        return self.origin.startswith(f"forge:{PREFIX}")


def of_mistakes(
    bases: Sequence[Program], mistakes: Sequence[Mistake] = (*MISTAKES, *CRATE_MISTAKES)
) -> list[KoanSource]:
    """A source for each mistake, made in these programs as they are written; none where there is no program."""
    return [_of_mistake(item, bases) for item in mistakes] if bases else []


def _of_mistake(mistake: Mistake, bases: Sequence[Program]) -> KoanSource:
    def draft(rng: random.Random) -> Koan | None:
        for _ in range(_TRIES):
            base = rng.choice(bases)
            found = forge.drafts(base, rng, a_mistake=1, mistakes=[mistake])
            if found:
                return forge.koan(forge.Draft(Program(base.base, base.source, base.tests), mistake, found[0].broken))
        return None

    return KoanSource(f"forge:{mistake.name}", f"forge:{mistake.name}", draft)


def of_templates(wanted: Callable[[str], bool] | None = None) -> list[KoanSource]:
    """A source for each shape of each template; `wanted` says of which bases koans are to be drafted, all without it.

    A shape all of whose koans have a base that is not wanted is left out.
    """
    return [
        _of_shape(item, shape, wanted)
        for item in template.load_templates().values()
        for shape in item.shapes
        if wanted is None or template.is_alone(item, shape) or wanted(template.shape_name(item, shape))
    ]


def _of_shape(item: Template, shape: str, wanted: Callable[[str], bool] | None) -> KoanSource:
    def draft(rng: random.Random) -> Koan | None:
        for _ in range(_PROGRAMS):
            try:
                made = template.koan(item, random.Random(rng.random()), shape)
            except TooWide:
                continue
            if wanted is None or wanted(made.base):
                return made
        return None

    return KoanSource(template.shape_name(item, shape), f"template:{item.name}", draft, item.codes)
