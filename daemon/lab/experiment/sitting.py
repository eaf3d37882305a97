"""One strategy's exam, paired with the base's: what it fixed, what it lost for good, how far the model moved."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sleepy.daemon.attempt.attempt import EXAM, Attempt, attempt, fitting, no_hint
from sleepy.daemon.lab.exam import TEMPERATURE, after
from sleepy.daemon.lab.experiment.contender import contender
from sleepy.daemon.lab.experiment.ground import Ground
from sleepy.daemon.lab.experiment.strategy import Strategy
from sleepy.daemon.model.answerer import Answerer
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import exam
from sleepy.daemon.serve.serve import Served

_MOVED = 5  # of so many tasks one is asked for the divergence


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Ids of tasks; trained: numbers; kl: nats a token, None where the weights are others."""

    name: str
    title: str
    trains: bool
    n: int
    passed: int
    fixed: tuple[str, ...]
    lost: tuple[str, ...]
    trained: int
    kl: float | None
    training_seconds: float
    exam_seconds: float

    def data(self) -> dict[str, Any]:
        return asdict(self)


def sit(
    ground: Ground, strategy: Strategy, hint: Callable[[str], str], load: Callable[[str], LanguageModel]
) -> Row:  # fmt: skip
    """The strategy's row. `hint` by signature; `load` gives another model by name."""
    base = {item.diagnosis.koan.id: item.passed for item in ground.baseline}
    made = contender(ground, strategy) if strategy.trains else None
    began = time.monotonic()
    kl: float | None = 0.0
    if made is not None:
        sitting = exam.sit(
            ground.tools, ground.asked, Served(), made.served, what=strategy.name, known=ground.baseline
        )  # fmt: skip
        passed = {item.diagnosis.koan.id for item in sitting.challenger if item.passed}
        kl = _moved(ground.tools.model, made.served, sitting.challenger[::_MOVED])
    elif strategy.model:
        passed, kl = _alone(ground, load(strategy.model), strategy.name), None
    elif strategy.also:
        passed = {name for name, ok in base.items() if ok}
        passed |= _alone(ground, load(strategy.also), strategy.name, without=passed)
        kl = None
    else:
        passed = _tried(ground, strategy, hint if strategy.hints else no_hint)
    return Row(
        strategy.name, strategy.title, strategy.trains, len(base), len(passed & base.keys()),
        tuple(name for name, ok in base.items() if not ok and name in passed),
        tuple(name for name, ok in base.items() if ok and name not in passed),
        made.trained if made else 0, None if kl is None else round(kl, 4),
        round(made.seconds, 1) if made else 0.0, round(time.monotonic() - began, 1),
    )  # fmt: skip


def _tried(ground: Ground, strategy: Strategy, hint: Callable[[str], str]) -> set[str]:
    """Tasks that the base passes with hints, more turns or more tries; the baseline's answers are not asked again."""
    tools, passed = ground.tools, set()
    for number in range(strategy.samples):
        left = [item for item in ground.asked if item.koan.id not in passed]
        for turn in range(strategy.turns):
            done: list[Attempt] = []
            plain = not number and not turn and hint is no_hint
            answers = ground.baseline if plain else _answers(ground, left, hint, TEMPERATURE if number else 0.0)
            for item in answers:
                done.append(item)
                tools.say(f"{strategy.name}, sample {number + 1}, turn {turn + 1}", len(done), len(left))
            passed |= {item.diagnosis.koan.id for item in done if item.passed}
            left = [on for item in done if (on := after(item)) is not None]
    return passed


def _answers(ground: Ground, left: Sequence[Any], hint: Callable[[str], str], temperature: float) -> Any:
    tools = ground.tools
    return attempt(left, tools.model, tools.judge, temperature=temperature, chunk=EXAM, hint=hint)


def _alone(ground: Ground, model: Answerer, name: str, *, without: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]
    """Tasks that another model passes by itself."""
    tools = ground.tools
    able = fitting([item for item in ground.asked if item.koan.id not in without], model)[0]
    passed = set()
    for done, item in enumerate(attempt(able, model, tools.judge, chunk=EXAM), start=1):
        tools.say(name, done, len(able))
        if item.passed:
            passed.add(item.diagnosis.koan.id)
    return passed


def _moved(model: LanguageModel, served: Served, answers: Sequence[Attempt]) -> float:
    """KL(strategy || base) over the tokens of the strategy's own answers; those of the base count as 0."""
    with served.on(model) as serving:
        asked = [item for item in answers if item.answer]
        found = serving.divergence(
            [item.prompt for item in asked], [item.answer for item in asked], [item.route for item in asked]
        )
    tokens = [value for some in found for value in some]
    return sum(tokens) / len(tokens) if tokens else 0.0
