"""The outputs of a night's nine stages, in order.

Fields that earlier versions did not write have defaults, so that their nights can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sleepy.daemon.base.text import plural
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.gate.gate import Decision, ExamPart, Pair, RouteStanding, Trial
from sleepy.daemon.gate.reasons import Reason
from sleepy.daemon.gate.sequential import TrialEvidence, TrialState
from sleepy.memory.parametric.router import Router


@dataclass(frozen=True, slots=True)
class Collected:
    """The results of practice under the version that serves.

    `champion` is the version that serves, None for the bare base. `exam` is the seal of the exam that will be used.
    `rates` are (passes, attempts) by signature. `repaired` counts the developer's own repairs by signature. `fallback`
    says why the champion does not serve; it is empty if it does. `open` maps the scopes whose candidates of earlier
    nights are still being tried to the numbers of their tests.
    """

    champion: str | None = None
    exam: str = ""
    model: str = ""
    rates: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    repaired: Mapping[str, int] = field(default_factory=dict)
    fallback: str = ""
    open: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A candidate pattern for the night. `repaired` is the number of the developer's own repairs.

    `courses`: how many usual courses its lessons, and the minutes to learn them, come to.
    """

    signature: str
    passes: int
    attempts: int
    learnable: float
    repaired: int = 0
    courses: int = 1

    @property
    def worth(self) -> float:
        """Expected use of learning it, for what it takes: failures (plus one) times learnability, a usual course."""
        return (self.attempts - self.passes + 1) * self.learnable / self.courses


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a pattern rests: how many nights in a row did not improve it, and for how many more nights it rests."""

    nights: int
    more: int

    def __str__(self) -> str:
        times = "one night" if self.nights == 1 else f"{self.nights} nights"
        more = "one more night" if self.more == 1 else f"{self.more} more nights"
        return f"tried on {times} without improvement; it rests for {more}"


@dataclass(frozen=True, slots=True)
class TooFew:
    """The lessons and held-out koans that could be made for a pattern: too few to teach it.

    `rare`: the forge makes it too seldom; it can be taught with the rest of its code. `own`: how many were made in the
    user's functions, None where there were none to break. `repairs` of theirs are known, of which `shapes` can be made
    elsewhere.
    """

    lessons: int
    held_out: int
    rare: bool = False
    own: int | None = None
    repairs: int = 0
    shapes: int = 0

    def __str__(self) -> str:
        why = ["the forge seldom makes it"] if self.rare else []
        if self.repairs and not self.shapes:
            why.append("your repair of it fits no other code")
        elif self.repairs:
            why.append("few other programs have code like that which you repaired")
        if self.own is not None:
            why.append(f"your functions gave {self.own or 'none'} of them")
        elif self.rare or self.repairs:
            why.append("there is no crate of yours to make it in")
        found = f"only {plural(self.lessons, 'lesson')} and {plural(self.held_out, 'held-out koan')}"
        return ": ".join([found, ", ".join(why)]) if why else found


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The patterns to learn, the most worthwhile first; those that rest, and why; those that are mastered."""

    failing: tuple[Wanted, ...] = ()
    resting: Mapping[str, Rest | str] = field(default_factory=dict)  # a sentence in nights of earlier versions
    mastered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Curated:
    """The patterns that will be taught, with the numbers of lessons by kind, replayed successes and held-out koans.

    `own_code` counts the lessons and held-out koans that were made in the user's functions.
    """

    patterns: tuple[str, ...] = ()
    lessons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    replayed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held_out: Mapping[str, int] = field(default_factory=dict)
    held_out_hash: str = ""
    too_few: Mapping[str, TooFew | str] = field(default_factory=dict)  # a sentence in nights of earlier versions
    own_code: Mapping[str, int] = field(default_factory=dict)


class Way(StrEnum):
    """How a pattern was learnt."""

    LORA = "lora"  # Phase 1: low-rank factors of its own, while there is no subspace yet
    COEFFICIENTS = "coefficients"  # Phase 2: coefficients in the existing bases
    TEMPORARIES = "temporaries"  # Phase 2 with temporary new directions added to the bases


@dataclass(frozen=True, slots=True)
class TrainedPattern:
    """One pattern's adapter in the night's folder, trained with model weights in the precision `dtype`.

    `curve` is the kept run's learning curve: (step, held-out loss, share of held-out lessons answered exactly). `apart`:
    the held-out lessons are from programs that gave no other; false in nights of earlier versions.
    `candidate` is the number of its test, if it was trained on an earlier night and is still being tried.
    """

    signature: str
    way: Way
    folder: str
    seconds: float
    examples: int
    exact: float
    curve: tuple[tuple[int, float, float], ...]
    dtype: str = ""
    apart: bool = False
    candidate: int | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """The night's adapters, in the order of their patterns, and the learning rate of LoRA (0 where nothing was trained).

    `tried` are the rates of the probe that found it, each with its held-out loss; empty where none was needed.
    """

    patterns: tuple[TrainedPattern, ...] = ()
    lr: float = 0.0
    tried: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SideFigures:
    """One side ("b": outputs, "a": inputs) of a module: k directions, and the share of the energy they hold."""

    module: str
    side: str
    k: int
    explained: float


@dataclass(frozen=True, slots=True)
class SharedSpans:
    """The overlap of each pair of patterns' spans, and the overlap expected by chance."""

    shared: tuple[tuple[float, ...], ...]
    chance: float


@dataclass(frozen=True, slots=True)
class MemoryFigures:
    """A subspace in figures: its sides, the numbers stored, and what its patterns have in common."""

    sides: tuple[SideFigures, ...]
    numbers: Mapping[str, int]
    aligned: tuple[tuple[float, ...], ...]
    outputs: SharedSpans
    inputs: SharedSpans


@dataclass(frozen=True, slots=True)
class Consolidated:
    """All adapters merged into one subspace.

    `subspace` is its hash, None if nothing was trained; `patterns` are the names in it. `aside` maps each pattern that
    serves and was learnt again to the name under which its serving coefficients stand here beside the new ones.
    `refused` maps patterns that were left out to the reason. `damage` is the share of its weight change that each
    pattern lost in the merge. `anew` lists precisions in which training had started before it was restarted in another.
    """

    subspace: str | None = None
    patterns: tuple[str, ...] = ()
    aside: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    damage: Mapping[str, float] = field(default_factory=dict)
    k: tuple[int, int] | None = None  # of the narrowest and the widest side
    memory: MemoryFigures | None = None
    compute: Compute | None = None
    anew: tuple[str, ...] = ()


class Sat(StrEnum):
    """How much of the exam was held."""

    NOT = "not"  # none
    CUT = "cut"  # only the tasks that routes answer: after these nothing was left to promote
    WHOLE = "whole"  # all of it


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A candidate's trial on fresh koans, and whether it earned its place in the exam: proven, and within the KL cap.

    `trial` is this night's; `evidence` that of all its nights, and `needed` the log e-value that proves it. `state` is
    where its test stands, and `number` which it is; both are empty in nights of earlier versions. `withdrawn` are the
    signatures of its scope at which it was worse than the champion.
    """

    trial: Trial
    earns: bool
    state: TrialState | None = None
    number: int = -1
    evidence: TrialEvidence = field(default_factory=TrialEvidence)
    needed: float = 0.0
    withdrawn: tuple[str, ...] = ()

    @property
    def standing(self) -> RouteStanding:
        """What the gate decides by."""
        return RouteStanding(self.evidence, self.needed, self.earns, self.state is TrialState.OPEN)


@dataclass(frozen=True, slots=True)
class Answers:
    """Both sides' answers to a task as diffs; an empty diff is an answer that could not be applied."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Examined:
    """The candidates' trials by scope, and both versions' results in the exam.

    `sat` says how much of the exam was held. `routes` are the challenger's in the exam as it was held, `left` those
    that remain after losses. `dropped` scopes lost their route; `withdrawn` maps those that lost it only at some
    signatures to these. `given_back` are the tasks on which the champion's answer counts again because of that; None if
    only another exam could tell. `own` are the results on the user's cases.
    """

    exam: str = ""
    sat: Sat = Sat.NOT
    held_out: Mapping[str, HeldOut] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    own: tuple[Pair, ...] = ()
    changed: Mapping[str, Answers] = field(default_factory=dict)
    routes: Router = field(default_factory=Router)
    left: Router | None = None  # None if no exam was held, and in nights of earlier versions
    dropped: tuple[str, ...] = ()
    withdrawn: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given_back: tuple[str, ...] | None = ()
    compute: Compute | None = None

    @property
    def complete(self) -> bool:
        """Whether a night can resume after it; if not (an earlier version recorded it), the stage is run again."""
        return not self.pairs or self.left is not None


@dataclass(frozen=True, slots=True)
class Decided:
    """The gate's decision, rules and arithmetic. `tasks` is 0 without an exam; `routes` are those that will serve.

    `taught` and `held_back` are the exam's two parts: tasks of codes that sleepy's pretraining teaches, and of those that
    it holds back; None in nights of earlier versions. `log_e` and `needed` are the best route's. `level`, `margin` and `p_value` are of nights of earlier versions: their
    level of significance, the share of the exam that might be lost undetected, and the best route's p-value.
    """

    decision: Decision
    reasons: tuple[Reason, ...]
    alpha: float = 0.0
    level: float | None = None
    margin: float | None = None
    kl_cap: float = 0.0
    tried: int = 0
    tasks: int = 0
    baseline: int = 0
    challenger: int = 0
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    p_value: float | None = None
    log_e: float = 0.0
    needed: float = 0.0
    unseen_loss: float = 1.0
    unseen_regression: float = 1.0
    routes: Router = field(default_factory=Router)
    dropped: tuple[str, ...] = ()
    taught: ExamPart | None = None
    held_back: ExamPart | None = None


@dataclass(frozen=True, slots=True)
class Promoted:
    """The version that serves from now on; None if nothing was promoted."""

    version: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The report's paths relative to the home: the Markdown file and the page with charts."""

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
    """The outputs of all stages of a night except the report."""

    collected: Collected
    diagnosed: Diagnosed
    curated: Curated
    trained: Trained
    consolidated: Consolidated
    examined: Examined
    decided: Decided
    promoted: Promoted
