"""Why a night was decided as it was: facts, stored as such; words are made where a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural


@dataclass(frozen=True, slots=True)
class Gained:
    """Routes beat the champion: p of the best, corrected for their number, and what the night may spend."""

    routes: int
    p: float
    level: float

    def __str__(self) -> str:
        routes = "a route" if self.routes == 1 else f"{self.routes} routes"
        return f"{routes} beat the champion, p = {self.p:.2g} of {self.level:.2g} (exact paired test)"


@dataclass(frozen=True, slots=True)
class NothingLost:
    """No task that the champion passes was lost; `unseen` bounds the share of all tasks lost without being seen."""

    passed: int
    unseen: float

    def __str__(self) -> str:
        return f"lost 0 of {self.passed}; undetected regressions: at most {100 * self.unseen:.1f} % (95 % bound)"


@dataclass(frozen=True, slots=True)
class Lost:
    """Tasks that the champion passes were lost; `tasks` are the first five."""

    count: int
    passed: int
    tasks: tuple[str, ...]

    def __str__(self) -> str:
        return f"lost {self.count} of {self.passed} tasks the champion passes: {', '.join(self.tasks)}"


@dataclass(frozen=True, slots=True)
class NoneEarned:
    """Of the routes tried none won on its own pattern and lost nothing in the exam."""

    tried: int

    def __str__(self) -> str:
        return (
            f"none of {plural(self.tried, 'route')} beat the champion on its pattern's held-out tasks and lost nothing"
        )


@dataclass(frozen=True, slots=True)
class MayBeLuck:
    """The best route's p, corrected, is above what this night may spend."""

    tried: int
    p: float
    level: float

    def __str__(self) -> str:
        best = "the one route tried" if self.tried == 1 else f"the best of {self.tried} routes"
        return f"{best} may be luck: p = {self.p:.2g}, this night may spend {self.level:.2g}"


@dataclass(frozen=True, slots=True)
class ExamTooSmall:
    """The exam cannot rule out a loss as small as the margin."""

    tasks: int
    unseen: float
    margin: float

    def __str__(self) -> str:
        return (
            f"an exam of {self.tasks} tasks is too small: up to {100 * self.unseen:.1f} % of all tasks may be lost "
            f"without being seen, {100 * self.margin:g} % are allowed"
        )


@dataclass(frozen=True, slots=True)
class ExamEmpty:
    """There is no exam, so nothing can be promoted past it."""

    def __str__(self) -> str:
        return "the exam is empty: nothing can be promoted past it"


@dataclass(frozen=True, slots=True)
class ExamNotHeld:
    """No route beat the champion on its held-out tasks, so no exam was held."""

    tried: int

    def __str__(self) -> str:
        which = "the one route tried did not beat" if self.tried == 1 else f"none of {self.tried} routes beat"
        return f"{which} the champion on its pattern's held-out tasks: no exam was held"


@dataclass(frozen=True, slots=True)
class ExamCutShort:
    """The exam ended after the tasks that routes answer: nothing was left to promote."""

    tasks: int

    def __str__(self) -> str:
        return f"the exam ended after the {plural(self.tasks, 'task')} that routes answer: nothing was left to promote"


@dataclass(frozen=True, slots=True)
class MovedTooFar:
    """A route gained, but moves the model further from the base than the cap allows (nats a token)."""

    pattern: str
    kl: float
    cap: float

    def __str__(self) -> str:
        return f"{spoken(self.pattern)} gained, but moves the model by {self.kl:.2g} nats a token; {self.cap:g} are allowed"


@dataclass(frozen=True, slots=True)
class RouteDropped:
    """A pattern's route lost a task and was given up."""

    pattern: str

    def __str__(self) -> str:
        return f"the route for {spoken(self.pattern)} lost a task and was dropped"


@dataclass(frozen=True, slots=True)
class RadiusDropped:
    """A pattern lost a task near its own and answers its own signature alone from now on."""

    pattern: str

    def __str__(self) -> str:
        return f"{spoken(self.pattern)} lost a task near its own and answers its own signature alone"


@dataclass(frozen=True, slots=True)
class NoPractice:
    """Nothing was practised since the champion began to serve."""

    def __str__(self) -> str:
        return "nothing was practised since the champion began to serve: run `sleepy day` first"


@dataclass(frozen=True, slots=True)
class NoneFailing:
    """No pattern's pass rate is reliably below the target."""

    def __str__(self) -> str:
        return "no pattern is reliably failing yet: there is nothing to learn"


@dataclass(frozen=True, slots=True)
class AllResting:
    """Every failing pattern rests: it was tried on several nights and did not improve."""

    patterns: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"every failing pattern rests after nights that did not improve it: {'; '.join(map(spoken, self.patterns))}"
        )


@dataclass(frozen=True, slots=True)
class NotTeachable:
    """Of no failing pattern could enough lessons and held-out koans be made."""

    def __str__(self) -> str:
        return "no failing pattern could be taught: too few lessons or held-out koans could be made"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, as nights of earlier versions recorded their reasons."""

    text: str

    def __str__(self) -> str:
        return self.text


Reason = (
    Gained | NothingLost | Lost | NoneEarned | MayBeLuck | ExamTooSmall | ExamEmpty | ExamNotHeld | ExamCutShort
    | MovedTooFar | RouteDropped | RadiusDropped | NoPractice | NoneFailing | AllResting | NotTeachable | Sentence
)  # fmt: skip

# The name under which each is stored, which outlives the class's.
_KINDS: Mapping[str, Callable[..., Reason]] = {
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
    """The JSON value of a reason: its kind and its fields."""
    if isinstance(reason, Sentence):
        return reason.text
    return {"kind": _NAMES[type(reason)], **asdict(reason)}


def read(value: Any) -> Reason:
    """The reason that a JSON value stands for; a sentence of an earlier version as it is. `ValueError` for others."""
    if isinstance(value, str):
        return Sentence(value)
    try:
        fields = {name: tuple(v) if isinstance(v, list) else v for name, v in value.items() if name != "kind"}
        return _KINDS[value["kind"]](**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no reason of a night's: {value!r}") from error


def sentences(values: Iterable[Any]) -> list[str]:
    """Stored reasons in words, in order."""
    return [str(read(value)) for value in values]
