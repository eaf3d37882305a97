"""Finds koans of wanted scopes among all that the forge can make: mistakes in base programs, and shapes of templates.

How often a source leads to a signature is known from a measurement (`koans/forge/yields.py`), from the mistakes that
were made in failed tasks, and from what this search has seen. A signature is given up after its patience: `FIRST` koans
made for it, and `FURTHER` for each that was found. Its places go to the other signatures of its scope, and where there
is none left to any signature that the scope covers. Where mistakes and templates both lead to a signature often enough,
each give half. No two koans found differ in names, numbers and texts alone. Koans are made for the first few scopes that
lack some, a like number for each, so that where time is short some scopes have all they need; what is found for one goes to
all that want it.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.day import shelf
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.sources import KoanSource
from sleepy.koans.forge.yields import yields
from sleepy.koans.koan import Koan
from sleepy.koans.tokens import skeleton
from sleepy.memory.parametric.scope import code_of, covers, is_signature

FIRST, FURTHER = 64, 16  # koans made before a signature that was never found is given up; more for each one found
_ROUND = 192  # koans checked together
_ROUNDS = 400
_AT_ONCE = 6  # scopes that a round makes koans for
_TRUST = 8  # a measured rate counts as much as so many koans seen
_NEAR = 6  # sources whose rate is less than a sixth of the best of their kind are left alone
_WORTH = 0.04  # a rate below it is no use where there is a better one, and tried only `_PROBE` times where not
_PROBE = 16
_EACH = 6  # signatures that a round tries for whatever a scope covers
_DECLARED = 0.05  # rate assumed of a source that was not measured but names the code, or led to it in a failed task
_REPAIRED = 0.25  # the same of a mistake that the user repaired under that signature
_COMMON = 0.05  # a signature that no source makes more often does not count among a scope's own

Skeleton = tuple[str, ...]


@dataclass(slots=True)
class _Target:
    """What is sought for one scope: koans of a signature, or of any that the scope covers (`signature` is the scope)."""

    scope: str
    signature: str
    left: int
    found: int = 0
    made: int = 0  # koans made for it, and those that it is not worth making

    @property
    def is_over(self) -> bool:
        """Whether its patience is spent."""
        return self.made >= FIRST + FURTHER * self.found


@dataclass(slots=True)
class Search:
    """Forges koans of the wanted scopes from `sources`; `origins` maps signatures to the origins of failed koans.

    `rare` lists, after `find`, the signatures of each scope that were given up.
    """

    tools: Tools
    sources: Sequence[KoanSource]
    origins: Mapping[str, Sequence[str]]
    firewall: library.Firewall
    seed: int
    until: float = math.inf  # on the monotonic clock: no round is begun after it
    rare: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _seen: set[Skeleton] = field(default_factory=set)
    _tried: Counter[str] = field(default_factory=Counter)
    _hits: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(f"search {self.seed}")

    def refuse(self, koans: Iterable[Koan]) -> None:
        """Takes koans as found already: neither they nor others that differ in names alone are found."""
        self._seen.update(skeleton(koan.broken) for koan in koans)

    def find(
        self, wanted: Mapping[str, int], spread: Mapping[str, Mapping[str, float]] | None = None
    ) -> Iterator[tuple[str, Diagnosis]]:
        """Yields (scope, koan with its diagnosis), until every scope has its number or all it covers is given up.

        Scopes are sought in the order of `wanted`. `spread` says how a scope's koans are distributed over signatures; a
        scope not in it takes any it covers. A koan may be yielded for several scopes. Calling it again finds others.
        """
        targets: list[_Target] = []
        for scope, count in wanted.items():
            shares = (spread or {}).get(scope) or {scope: 1.0}
            parts = apportioned(count, shares)
            targets += [_Target(scope, name, parts[name]) for name in parts if parts[name] > 0]
        for _ in range(_ROUNDS):
            self._give_up(targets)
            sought = [item for item in targets if item.left > 0]
            if not sought or time.monotonic() >= self.until:
                return
            made = self._made(sought)
            verdicts = self.tools.judge.check_many([koan.broken for koan, _ in made], exact=False)
            for (koan, source), verdict in zip(made, verdicts, strict=True):
                self._tried[source.name] += 1
                item = None if verdict.passed else shelf.diagnosed(koan, verdict)
                if item is None:
                    continue
                self._hits[source.name][item.signature] += 1
                takers = _takers(sought, item.signature)
                bones = skeleton(koan.broken) if takers else ()
                if not takers or bones in self._seen or self.firewall.blocks(koan):
                    continue
                self._seen.add(bones)
                for target in takers:
                    target.left -= 1
                    target.found += 1
                    yield target.scope, item

    def _give_up(self, targets: list[_Target]) -> None:
        """Gives up targets whose patience is spent; their places go to others of their scope."""
        for item in list(targets):
            if item.left <= 0 or not item.is_over:
                continue
            if is_signature(item.signature):
                self.rare[item.scope].append(item.signature)
            left, item.left = item.left, 0
            same = [other for other in targets if other.scope == item.scope]
            if others := {other.signature: other for other in same if not other.is_over}:
                for name, more in apportioned(left, dict.fromkeys(others, 1.0)).items():
                    others[name].left += more
            elif all(is_signature(other.signature) for other in same) and not is_signature(item.scope):
                targets.append(_Target(item.scope, item.scope, left))

    def _made(self, targets: Sequence[_Target]) -> list[tuple[Koan, KoanSource]]:
        """A round's koans, not yet checked: a fair share for each of the first scopes, no more than it likely wants."""
        by_scope: dict[str, list[_Target]] = defaultdict(list)
        for target in targets:
            by_scope[target.scope].append(target)
        out: list[tuple[Koan, KoanSource]] = []
        for some in list(by_scope.values())[:_AT_ONCE]:
            left = share = max(_EACH, _ROUND // min(_AT_ONCE, len(by_scope)))
            for target in self._rng.sample(some, len(some)):
                times = 1 if is_signature(target.signature) else _EACH
                for _ in range(times):
                    most = min(left, max(4, share // (len(some) * times)))
                    found = self._drafts(target, math.ceil(target.left / times), most) if most > 0 else []
                    out, left = [*out, *found], left - len(found)
        return self._rng.sample(out, len(out))

    def _drafts(self, target: _Target, wanted: int, most: int) -> list[tuple[Koan, KoanSource]]:
        """Koans for one target, enough for the number wanted if all goes as expected."""
        choices = self._choices(target)
        if not choices:
            target.made = FIRST + FURTHER * target.found  # nothing makes it
            return []
        weights = _weights(choices)
        expected = sum(weight * rate for weight, (_, rate) in zip(weights, choices, strict=True)) / sum(weights)
        if expected < _WORTH and not target.found:
            target.made = max(target.made, FIRST - _PROBE)
        count = min(most, math.ceil(wanted / expected))
        out = []
        for source in self._rng.choices([source for source, _ in choices], weights, k=count):
            koan = source.draft(random.Random(self._rng.random()))
            target.made += 1
            if koan is not None:
                out.append((koan, source))
        return out

    def _choices(self, target: _Target) -> list[tuple[KoanSource, float]]:
        """The sources that lead to the target most often of their kind, each with its rate."""
        signature = target.signature
        if not is_signature(signature) and (common := self._common(signature)):
            (signature,) = self._rng.choices(list(common), [math.sqrt(share) for share in common.values()])
        rated = [(source, rate) for source in self.sources if (rate := self._rate(source, signature)) > 0]
        best = {kind: max((r for s, r in rated if s.is_template is kind), default=0.0) for kind in (False, True)}
        least = min(_WORTH, max(best.values()))
        return [(source, rate) for source, rate in rated if rate >= max(least, best[source.is_template] / _NEAR)]

    def _common(self, scope: str) -> dict[str, float]:
        """The signatures under a scope that some source here makes often enough, with the sum of the sources' rates."""
        found: dict[str, float] = defaultdict(float)
        often: set[str] = set()
        for source in self.sources:
            drafted, signatures = self._known(source)
            for name, count in signatures.items():
                if covers(scope, name):
                    found[name] += count / drafted
                    if count >= _COMMON * drafted:
                        often.add(name)
        return {name: found[name] for name in sorted(often)}

    def _known(self, source: KoanSource) -> tuple[int, Mapping[str, int]]:
        """How many koans of the source were measured, and their signatures."""
        known = yields().get(source.name)
        return (0, {}) if known is None else (known.drafted, known.signatures)

    def _rate(self, source: KoanSource, signature: str) -> float:
        """How likely a koan of the source is one of the signature's."""
        code = code_of(signature)
        drafted, signatures = self._known(source)
        prior = _share(signatures, signature) / drafted if drafted else 0.0
        if not drafted and code in source.codes:
            prior = _DECLARED
        if source.origin in self.origins.get(signature, ()):
            prior = max(prior, _REPAIRED if source.is_repair else _DECLARED)
        return (_share(self._hits[source.name], signature) + _TRUST * prior) / (self._tried[source.name] + _TRUST)


def _weights(choices: Sequence[tuple[KoanSource, float]]) -> list[float]:
    """How often each source is to be drawn: by its rate, and so that mistakes and templates lead to as many koans."""
    found = {kind: sum(rate**2 for source, rate in choices if source.is_template is kind) for kind in (False, True)}
    return [rate / found[source.is_template] for source, rate in choices]


def _share(counts: Mapping[str, int], scope: str) -> int:
    if is_signature(scope):
        return counts.get(scope, 0)
    return sum(count for name, count in counts.items() if covers(scope, name))


def _takers(targets: Sequence[_Target], signature: str) -> list[_Target]:
    """The targets that want the signature, one a scope: its own place before one for any."""
    found: dict[str, _Target] = {}
    for item in targets:
        if item.left > 0 and covers(item.signature, signature):
            if item.signature == signature or item.scope not in found:
                found[item.scope] = item
    return list(found.values())


def apportioned(count: int, shares: Mapping[str, float]) -> dict[str, int]:
    """`count` places in proportion to the shares, by largest remainders; ties go to the first by name."""
    total = sum(shares.values())
    if total <= 0:
        return dict.fromkeys(shares, 0)
    exact = {name: count * share / total for name, share in shares.items()}
    out = {name: math.floor(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: (out[name] - exact[name], name))
    for name in rest[: count - sum(out.values())]:
        out[name] += 1
    return out
