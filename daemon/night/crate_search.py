"""Finds koans of wanted scopes in the functions of the user's crates: one mistake in one place at a time.

A compilation takes a crate some tenths of a second, sixteen programs of the forge as long together: this is for a part of
a course, and for what the forge seldom makes. The mistakes that lead to a scope most often are made first, as far as that
is known: from the forge's measurement, from koans that failed, from the user's own repairs.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.day import own_code
from sleepy.daemon.day.own_code import FunctionSide
from sleepy.daemon.night.repairs import RepairedMistake
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.functions import CrateFunction, broken
from sleepy.koans.forge.mistakes import Mistake
from sleepy.koans.forge.yields import yields
from sleepy.koans.koan import Koan
from sleepy.koans.tokens import skeleton
from sleepy.memory.parametric.scope import covers

_LIKELY = 0.3  # how often a mistake that was repaired, or failed, is taken to lead to the same signature again
_LEAST = 0.03  # a mistake that leads to a scope more rarely is not made for it
_PATIENCE = 40  # koans made for a scope without finding one
_PLACES = 2  # of one mistake in a function
_EACH = 4  # koans of a function for one scope: more of it say little more


class CrateSearch:
    """A search among the functions of one side. No two koans that it finds differ in names and literals alone."""

    def __init__(
        self,
        tools: Tools,
        side: FunctionSide,
        origins: Mapping[str, Sequence[str]],
        repaired: Sequence[RepairedMistake],
        firewall: library.Firewall,
        seed: int,
    ) -> None:
        self._tools, self._origins, self._repaired, self._firewall = tools, origins, repaired, firewall
        self.functions = own_code.sides(tools)[side]
        self._rng = random.Random(f"crates {seed}")
        self._seen: set[tuple[str, ...]] = set()
        self._made: set[str] = set()
        self._given: Counter[tuple[str, str]] = Counter()

    def refuse(self, koans: Sequence[Koan]) -> None:
        """Takes koans as found already."""
        self._seen.update(skeleton(koan.broken) for koan in koans)

    def find(self, wanted: Mapping[str, int], until: float) -> Iterator[tuple[str, Diagnosis]]:
        """Yields (scope, koan with its diagnosis), up to the number wanted of each; nothing is made after `until`.

        What is found for one goes to all that want it. Calling it again finds others.
        """
        left = dict(wanted)
        for scope in wanted:
            fruitless = 0
            for koan in self._drafts(scope):
                if left[scope] <= 0 or fruitless >= _PATIENCE or time.monotonic() >= until:
                    break
                fruitless += 1
                for item in diagnose([koan], self._tools.judge)[0]:
                    bones = skeleton(koan.broken)
                    takers = [name for name in left if left[name] > 0 and covers(name, item.signature)]
                    takers = [name for name in takers if self._given[name, koan.base] < _EACH]
                    if not takers or bones in self._seen or self._firewall.blocks(koan):
                        continue
                    self._seen.add(bones)
                    for name in takers:
                        fruitless = 0 if name == scope else fruitless
                        left[name] -= 1
                        self._given[name, koan.base] += 1
                        yield name, item

    def _drafts(self, scope: str) -> Iterator[Koan]:
        """Koans that may be of a scope, likely ones rather first; none that was made before."""
        keyed: list[tuple[float, int, CrateFunction, Mistake]] = []
        for mistake, rate in self._rated(scope):
            for function in self.functions:
                for _ in range(_PLACES):
                    keyed.append((self._rng.random() ** (1 / rate), len(keyed), function, mistake))
        for _, _, function, mistake in sorted(keyed, key=lambda item: item[:2], reverse=True):
            if self._given[scope, function.base] < _EACH and self._is_run(function):
                for koan in broken(function, [mistake], self._rng):
                    if koan.digest not in self._made:
                        self._made.add(koan.digest)
                        yield koan

    def _is_run(self, function: CrateFunction) -> bool:
        return self._tools.crates is not None and self._tools.crates.runs(function)

    def _rated(self, scope: str) -> list[tuple[Mistake, float]]:
        """The mistakes that lead to a scope, each with how often."""
        rates: dict[str, float] = {}
        for mistake in own_code.EVERY:
            known = yields().get(f"forge:{mistake.name}")
            hits = sum(n for name, n in known.signatures.items() if covers(scope, name)) if known else 0
            rates[mistake.name] = hits / known.drafted if known and known.drafted else 0.0
        for name, origins in self._origins.items():
            for origin in origins if covers(scope, name) else ():
                kind = origin.removeprefix("forge:")
                rates[kind] = max(rates.get(kind, 0.0), _LIKELY)
        mine = [item.mistake for item in self._repaired if covers(scope, item.signature)]
        rates.update({mistake.name: _LIKELY for mistake in mine})
        every = {mistake.name: mistake for mistake in (*own_code.EVERY, *mine)}
        return [(mistake, rates[name]) for name, mistake in every.items() if rates[name] >= _LEAST]
