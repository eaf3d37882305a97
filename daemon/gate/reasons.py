"""The reasons for a night's decision, stored as data; `str()` puts each into words for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural


@dataclass(frozen=True, slots=True)
class Proven:
    """Routes are proven: their number, and the best one's log e-value with what it needed."""

    routes: int
    log_e: float
    needed: float

    def __str__(self) -> str:
        routes = "a route beats" if self.routes == 1 else f"{self.routes} routes beat"
        return (
            f"{routes} the champion on fresh koans: log e = {self.log_e:.1f}, {self.needed:.1f} were needed "
            "(sequential paired test)"
        )


@dataclass(frozen=True, slots=True)
class KeptAll:
    """No task that the champion passes was lost; `unseen` bounds the share of routed ones lost undetected.

    On fresh koans the new routes lost `losses` of `routed` that the champion passes.
    """

    passed: int
    losses: int
    routed: int
    unseen: float

    def __str__(self) -> str:
        return (
            f"lost 0 of {self.passed} exam tasks; on fresh koans the new routes lost {self.losses} of {self.routed} that "
            f"the champion passes: undetected regressions of routed tasks are at most {100 * self.unseen:.0f} % (95 % bound)"
        )


@dataclass(frozen=True, slots=True)
class NoneProven:
    """No route is proven and lost nothing; `still` go on being tried."""

    tried: int
    still: int

    def __str__(self) -> str:
        which = "the one route tried is not" if self.tried == 1 else f"none of the {self.tried} routes tried is"
        more = f"; {self.still} of them will be tried further" if self.still else ""
        return f"{which} proven to beat the champion{more}"


@dataclass(frozen=True, slots=True)
class RouteWithdrawn:
    """A coarse route lost a task, and is withdrawn at its signature."""

    scope: str
    signature: str

    def __str__(self) -> str:
        return f"the route for {spoken(self.scope)} lost a task and is withdrawn at {spoken(self.signature)}"


@dataclass(frozen=True, slots=True)
class Gained:
    """Of earlier versions: the number of routes, the best one's corrected p-value, and the night's level."""

    routes: int
    p: float
    level: float

    def __str__(self) -> str:
        routes = "a route" if self.routes == 1 else f"{self.routes} routes"
        return f"{routes} beat the champion: p = {self.p:.2g}, tonight's level is {self.level:.2g} (exact paired test)"


@dataclass(frozen=True, slots=True)
class NothingLost:
    """Of earlier versions: no task was lost; `unseen` bounds the share of all tasks lost undetected."""

    passed: int
    unseen: float

    def __str__(self) -> str:
        return f"lost 0 of {self.passed}; undetected regressions: at most {100 * self.unseen:.1f} % (95 % bound)"


@dataclass(frozen=True, slots=True)
class Lost:
    """Tasks that the champion passes were lost; `tasks` names the first five."""

    count: int
    passed: int
    tasks: tuple[str, ...]

    def __str__(self) -> str:
        return f"lost {self.count} of {self.passed} tasks that the champion passes: {', '.join(self.tasks)}"


@dataclass(frozen=True, slots=True)
class NoneEarned:
    """No route both beat the champion on its own pattern and lost nothing in the exam."""

    tried: int

    def __str__(self) -> str:
        which = "the one route tried did not beat" if self.tried == 1 else f"none of the {self.tried} routes tried beat"
        return f"{which} the champion on its pattern's held-out tasks without losing another task"


@dataclass(frozen=True, slots=True)
class MayBeLuck:
    """The best route's corrected p-value is above this night's level."""

    tried: int
    p: float
    level: float

    def __str__(self) -> str:
        best = "the one route tried" if self.tried == 1 else f"the best of {self.tried} routes"
        return f"the gain of {best} may be luck: p = {self.p:.2g}, above tonight's level of {self.level:.2g}"


@dataclass(frozen=True, slots=True)
class ExamTooSmall:
    """The exam has too few tasks to rule out a loss as large as the margin."""

    tasks: int
    unseen: float
    margin: float

    def __str__(self) -> str:
        return (
            f"an exam of {plural(self.tasks, 'task')} is too small: up to {100 * self.unseen:.1f} % of all tasks may "
            f"be lost undetected (95 % bound); {100 * self.margin:g} % are allowed"
        )


@dataclass(frozen=True, slots=True)
class ExamEmpty:
    """The exam has no tasks, so nothing can be promoted."""

    def __str__(self) -> str:
        return "the exam is empty, so nothing can be promoted"


@dataclass(frozen=True, slots=True)
class ExamNotHeld:
    """No route beat the champion on its held-out tasks, so no exam was held."""

    tried: int

    def __str__(self) -> str:
        which = "the one route tried did not beat" if self.tried == 1 else f"none of the {self.tried} routes tried beat"
        return f"{which} the champion on its pattern's held-out tasks, so no exam was held"


@dataclass(frozen=True, slots=True)
class ExamCutShort:
    """The exam ended after the tasks that have a route: by then nothing was left to promote."""

    tasks: int

    def __str__(self) -> str:
        routed = plural(self.tasks, "task")
        return f"the exam stopped after the {routed} that routes answer, since nothing was left to promote"


@dataclass(frozen=True, slots=True)
class MovedTooFar:
    """A route gained, but its KL to the base is above the cap (nats per token)."""

    pattern: str
    kl: float
    cap: float

    def __str__(self) -> str:
        return (
            f"the route for {spoken(self.pattern)} gained, but moves the model {self.kl:.2g} nats per token from the "
            f"base; at most {self.cap:g} are allowed"
        )


@dataclass(frozen=True, slots=True)
class RouteDropped:
    """A pattern's route lost a task and was dropped."""

    pattern: str

    def __str__(self) -> str:
        return f"the route for {spoken(self.pattern)} lost a task and was dropped"


@dataclass(frozen=True, slots=True)
class RadiusDropped:
    """A pattern lost a task of a similar signature; from now on it answers only its own."""

    pattern: str

    def __str__(self) -> str:
        return f"the route for {spoken(self.pattern)} lost a task of a similar pattern and now answers only its own"


@dataclass(frozen=True, slots=True)
class NoPractice:
    """There was no practice since the champion began to serve."""

    def __str__(self) -> str:
        return "there was no practice since the champion began to serve: run `sleepy day` first"


@dataclass(frozen=True, slots=True)
class NoneFailing:
    """No pattern's pass rate is reliably below the target."""

    def __str__(self) -> str:
        return "no pattern is reliably failing yet, so there is nothing to learn"


@dataclass(frozen=True, slots=True)
class AllResting:
    """Every failing pattern is resting: each was tried on several nights without improvement."""

    patterns: tuple[str, ...]

    def __str__(self) -> str:
        return (
            "every failing pattern is resting after several nights without improvement: "
            f"{'; '.join(map(spoken, self.patterns))}"
        )


@dataclass(frozen=True, slots=True)
class NotTeachable:
    """Too few lessons or held-out koans could be made for every failing pattern."""

    def __str__(self) -> str:
        return "no failing pattern could be taught: too few lessons or held-out koans could be made"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason that an earlier version recorded as a sentence."""

    text: str

    def __str__(self) -> str:
        return self.text


Reason = (
    Proven | KeptAll | NoneProven | RouteWithdrawn | Gained | NothingLost | Lost | NoneEarned | MayBeLuck | ExamTooSmall | ExamEmpty | ExamNotHeld | ExamCutShort
    | MovedTooFar | RouteDropped | RadiusDropped | NoPractice | NoneFailing | AllResting | NotTeachable | Sentence
)  # fmt: skip

# The stored name of each reason; it stays the same if the class is renamed.
_KINDS: Mapping[str, Callable[..., Reason]] = {
    "proven": Proven,
    "kept_all": KeptAll,
    "none_proven": NoneProven,
    "route_withdrawn": RouteWithdrawn,
    "gained": Gained,
    "nothing_lost": NothingLost,
    "lost": Lost,
    "none_earned": NoneEarned,
    "may_be_luck": MayBeLuck,
    "exam_too_small": ExamTooSmall,
    "exam_empty": ExamEmpty,
    "exam_not_held": ExamNotHeld,
    "exam_cut_short": ExamCutShort,
    "moved_too_far": MovedTooFar,
    "route_dropped": RouteDropped,
    "radius_dropped": RadiusDropped,
    "no_practice": NoPractice,
    "none_failing": NoneFailing,
    "all_resting": AllResting,
    "not_teachable": NotTeachable,
}
_NAMES: Mapping[Any, str] = {kind: name for name, kind in _KINDS.items()}


def stored(reason: Reason) -> Any:
    """A reason as JSON: its kind and its fields, or the sentence it was read from."""
    if isinstance(reason, Sentence):
        return reason.text
    return {"kind": _NAMES[type(reason)], **asdict(reason)}


def read(value: Any) -> Reason:
    """The reason stored as this JSON; an earlier version's sentence stays as it is. `ValueError` for anything else."""
    if isinstance(value, str):
        return Sentence(value)
    try:
        fields = {name: tuple(v) if isinstance(v, list) else v for name, v in value.items() if name != "kind"}
        return _KINDS[value["kind"]](**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a reason for a night's decision: {value!r}") from error


def sentences(values: Iterable[Any]) -> list[str]:
    """The stored reasons in words, in order."""
    return [str(read(value)) for value in values]
