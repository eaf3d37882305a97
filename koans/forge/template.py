"""Koans from templates: short whole programs with one mistake, as people write them who learn or ask for help.

A template writes its mistake in many shapes and with other names, types and surroundings each time. Its
repair follows from the program. Whether it fails as meant, the compiler says: the tests ask it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count as counted
from types import FunctionType, ModuleType

from sleepy.koans.forge.templates import (
    borrows,
    generics,
    items,
    lifetimes,
    moves,
    names,
    patterns,
    results,
    slips,
    threads,
    traits,
    types,
)
from sleepy.koans.koan import Koan, digest

_CODES = re.compile(r"^(E\d{4}(?:/E\d{4})*): ")


@dataclass(frozen=True, slots=True)
class Template:
    """`codes` are the errors its programs may fail with; none where the parser only complains in words."""

    name: str
    family: str
    title: str
    codes: tuple[str, ...]
    write: Callable[[random.Random], tuple[str, str]]


def _of(family: str, *modules: ModuleType) -> Iterator[Template]:
    """The templates of modules, in their order: the public functions, each with its codes before its title."""
    for module in modules:
        for name, function in vars(module).items():
            if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
                continue
            title = (function.__doc__ or "").strip().split("\n")[0]
            found = _CODES.match(title)
            codes = tuple(found.group(1).split("/")) if found else ()
            yield Template(name, family, title[found.end() :] if found else title, codes, function)


TEMPLATES: tuple[Template, ...] = (
    *_of("borrow_checker", *borrows.PARTS, *moves.PARTS, *threads.PARTS),
    *_of("lifetimes", *lifetimes.PARTS),
    *_of("trait_bounds", *traits.PARTS),
    *_of("result_handling", *results.PARTS),
    *_of("type_mismatch", *types.PARTS),
    *_of("names", *names.PARTS),
    *_of("patterns", *patterns.PARTS),
    *_of("generics", generics),
    *_of("items", *items.PARTS),
    *_of("syntax", *slips.PARTS),
)
BY_NAME = {template.name: template for template in TEMPLATES}


def drafts(
    rng: random.Random, count: int | None = None, *, templates: Sequence[Template] = TEMPLATES
) -> Iterator[Koan]:
    """`count` koans not yet checked, without end if None; each round every template once, no broken program twice."""
    made = 0
    seen: set[str] = set()
    for _ in counted():
        for template in rng.sample(list(templates), len(templates)):
            if made == count:
                return
            item = koan(template, random.Random(rng.random()))
            if item.digest not in seen:
                seen.add(item.digest)
                made += 1
                yield item


def koan(template: Template, rng: random.Random) -> Koan:
    """One koan of a template. Programs that are repaired to the same one share a base, the split's key."""
    broken, fixed = template.write(rng)
    return Koan(
        id=f"{template.name}-{digest(broken)[:12]}",
        family=template.family,
        title=template.title,
        broken=broken,
        fixed=fixed,
        origin=f"template:{template.name}",
        base=f"template:{template.name}:{digest(fixed)[:16]}",
        mistake=template.name,
    )
