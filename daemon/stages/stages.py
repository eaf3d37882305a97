"""The nine stages of a night, in order, each as the value that it leaves.

Fields that a stage of an earlier version did not write have defaults, so that its nights can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.gate.gate import Decision, Pair, Trial
from sleepy.daemon.gate.reasons import Reason
from sleepy.memory.parametric.router import Router


@dataclass(frozen=True, slots=True)
class Collected:
    """What the day's practice came to under the version that serves.

    champion is what serves, None the bare base; exam the seal of the exam that will judge; rates are (passes,
    attempts) by signature; repaired counts the developer's own repairs; fallback says why the champion does not serve.
    """

    champion: str | None = None
    exam: str = ""
    model: str = ""
    rates: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    repaired: Mapping[str, int] = field(default_factory=dict)
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pattern the night would learn. `repaired`: how many repairs of the developer's own there are."""

    signature: str
    passes: int
    attempts: int
    learnable: float
    repaired: int = 0

    @property
    def worth(self) -> float:
        return (self.attempts - self.passes + 1) * self.learnable


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a pattern is left alone: how many nights in a row did not improve it, and for how many more it rests."""

    nights: int
    more: int

    def __str__(self) -> str:
        times = "one night" if self.nights == 1 else f"{self.nights} nights"
        more = "one more" if self.more == 1 else f"{self.more} more"
        return f"tried on {times} without improvement; it rests for {more}"


@dataclass(frozen=True, slots=True)
class TooFew:
    """What could be made of a pattern that cannot be taught."""

    lessons: int
    held_out: int

    def __str__(self) -> str:
        return f"{self.lessons} lessons, {self.held_out} held-out koans"


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The patterns to learn, the worthiest first; those that rest, and why; those that are mastered."""

    failing: tuple[Wanted, ...] = ()
    resting: Mapping[str, Rest | str] = field(default_factory=dict)  # a sentence, in nights of earlier versions
    mastered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Curated:
    """The patterns that will be taught, with how many lessons of each kind, replayed successes and held-out koans."""

    patterns: tuple[str, ...] = ()
    lessons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    replayed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held_out: Mapping[str, int] = field(default_factory=dict)
    held_out_hash: str = ""
    too_few: Mapping[str, TooFew | str] = field(default_factory=dict)  # a sentence, in nights of earlier versions


class Way(StrEnum):
    """How a pattern was learnt."""

    LORA = "lora"  # Phase 1: factors of its own, where there is no subspace yet
    COEFFICIENTS = "coefficients"  # Phase 2: inside the bases as they are
    TEMPORARIES = "temporaries"  # Phase 2 with new directions beside them


@dataclass(frozen=True, slots=True)
class TrainedPattern:
    """One pattern's adapter as it lies in the night's folder, trained on weights of the precision `dtype`.

    curve is the learning curve of what was kept: (step, held-out loss, share of the held-out lessons said exactly).
    """

    signature: str
    way: Way
    folder: str
    seconds: float
    examples: int
    exact: float
    curve: tuple[tuple[int, float, float], ...]
    dtype: str = ""


@dataclass(frozen=True, slots=True)
class Trained:
    """The adapters of the night, in the order of their patterns."""

    patterns: tuple[TrainedPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class SideFigures:
    """One side ("b": outputs, "a": inputs) of a module: k directions, and the share of the energy they hold."""

    module: str
    side: str
    k: int
    explained: float


@dataclass(frozen=True, slots=True)
class SharedSpans:
    """For two patterns each how far their spans agree, and how far chance would make them."""

    shared: tuple[tuple[float, ...], ...]
    chance: float


@dataclass(frozen=True, slots=True)
class MemoryFigures:
    """A subspace in numbers: its sides, what is stored, and what its patterns have in common."""

    sides: tuple[SideFigures, ...]
    numbers: Mapping[str, int]
    aligned: tuple[tuple[float, ...], ...]
    outputs: SharedSpans
    inputs: SharedSpans


@dataclass(frozen=True, slots=True)
class Consolidated:
    """All adapters in one subspace.

    subspace is its hash, None where nothing was trained; patterns are the names in it. `aside` has the patterns that
    serve and were learnt again: the name under which the serving coefficients stand in this subspace beside the new
    ones. refused were left out, with what stood in the way; damage is the share of its weight change that each lost
    in the merge; anew are precisions in which training had begun and was begun again.
    """

    subspace: str | None = None
    patterns: tuple[str, ...] = ()
    aside: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    damage: Mapping[str, float] = field(default_factory=dict)
    k: tuple[int, int] | None = None  # the narrowest side and the widest
    memory: MemoryFigures | None = None
    compute: Compute | None = None
    anew: tuple[str, ...] = ()


class Sat(StrEnum):
    """How much of the exam was held."""

    NOT = "not"  # nothing came to it
    CUT = "cut"  # the tasks that routes answer: after these nothing was left to promote
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A new route's trial on its pattern's held-out koans, and whether it earned its place in the exam."""

    trial: Trial
    earns: bool


@dataclass(frozen=True, slots=True)
class RadiusTrial:
    """What a pattern's trial on its neighbours came to. `radius` None: it answers its own signature alone."""

    radius: float | None
    tried: int
    wins: int
    losses: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What each side made of a broken program, as diffs; an empty one is an answer that could not be applied."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What the new routes did on held-out koans, and both versions in the exam.

    sat are the routes as the exam was sat with them, left those that are left after losses; dropped gave their route
    up, narrowed their radius. given_back are the tasks on which the champion's answer stands again for it, None where
    only another exam could say. own are the user's cases; near the trials on neighbours, by pattern.
    """

    exam: str = ""
    sat: Sat = Sat.NOT
    held_out: Mapping[str, HeldOut] = field(default_factory=dict)
    stopped: tuple[str, ...] = ()  # patterns that were asked half of their koans
    near: Mapping[str, RadiusTrial] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    own: tuple[Pair, ...] = ()
    changed: Mapping[str, Answers] = field(default_factory=dict)
    routes: Router = field(default_factory=Router)
    left: Router | None = None  # None where nothing was sat, and in nights of earlier versions
    dropped: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()
    given_back: tuple[str, ...] | None = ()
    compute: Compute | None = None

    @property
    def complete(self) -> bool:
        """Whether a night can go on from it: one that an earlier version examined is examined again."""
        return not self.pairs or self.left is not None


@dataclass(frozen=True, slots=True)
class Decided:
    """The gate's decision with its rules and its arithmetic; without an exam `tasks` is 0. routes will serve."""

    decision: Decision
    reasons: tuple[Reason, ...]
    alpha: float = 0.0
    level: float = 0.0
    margin: float = 0.0
    kl_cap: float = 0.0
    tried: int = 0
    tasks: int = 0
    baseline: int = 0
    challenger: int = 0
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    p_value: float = 1.0
    unseen_loss: float = 1.0
    unseen_regression: float = 1.0
    routes: Router = field(default_factory=Router)
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promoted:
    """The version that serves from now on, None where nothing was promoted."""

    version: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The report's paths below the home: Markdown, and the page with charts."""

    path: str
    html: str


STAGES: Mapping[str, type[Any]] = {
    "collect": Collected,
    "diagnose": Diagnosed,
    "curate": Curated,
    "train": Trained,
    "consolidate": Consolidated,
    "examine": Examined,
    "decide": Decided,
    "promote": Promoted,
    "report": Reported,
}  # the name under which each is stored


@dataclass(frozen=True, slots=True)
class NightRecord:
    """What all stages of a night left, but the report."""

    collected: Collected
    diagnosed: Diagnosed
    curated: Curated
    trained: Trained
    consolidated: Consolidated
    examined: Examined
    decided: Decided
    promoted: Promoted
