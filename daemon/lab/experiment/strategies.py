"""`sleepy experiment strategies`: the log's whole table, on one base and one exam.

Rows are stored as they are made, so that an interrupted run resumes; the table is of this home's day and night.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date as Date
from typing import Any

from sleepy.daemon.attempt.attempt import EXAM, TEMPERATURE, Attempt, after, attempt, fitting, no_hint
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.experiment.contender import contender
from sleepy.daemon.lab.experiment.setup import SharedSetup, set_up
from sleepy.daemon.lab.experiment.strategy import Strategy, TrainOn, strategies
from sleepy.daemon.model.answerer import Answerer
from sleepy.daemon.model.hints import Hints
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import exam
from sleepy.daemon.report import plots
from sleepy.daemon.report.plots import Change
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.stats.intervals import wilson
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.parametric.storage import write_whole

DAY = 280  # koans


def settings(config: Config) -> Config:
    """The settings of a night whose training ends by steps, not by the clock."""
    return replace(config, lessons=170, held_out=40, night_patterns=10)


def run(
    tools: Tools, date: Date, made: Callable[[StrategyRow], None], *, other: str, only: Sequence[str] = (), tasks: int = DAY,
) -> list[StrategyRow]:  # fmt: skip
    """The table's rows in order; `made` is called with each when it is done."""
    chosen = _chosen(strategies(other), only)
    models: dict[str, LanguageModel] = {}

    def load(name: str) -> LanguageModel:
        if name not in models:
            models[name] = LanguageModel.load(name, compute=tools.model.compute)
        return models[name]

    if any(item.model or item.also for item in chosen):
        load(other)  # what is wrong with it is told before an hour's work
    setup = set_up(tools, date, tasks, everything=any(item.train_on is TrainOn.ALL for item in chosen))
    hints = Hints.load(tools.home.hints)
    folder = tools.home.root / "experiment"
    folder.mkdir(exist_ok=True)
    rows = []
    for strategy in chosen:
        path = folder / f"{strategy.name}.json"
        if not path.exists():
            row = examine_strategy(setup, strategy, hints.of, load)
            write_whole(path, json.dumps(row.data(), ensure_ascii=False).encode())
        rows.append(_read(json.loads(path.read_bytes())))
        made(rows[-1])
    return rows


def _read(data: dict[str, Any]) -> StrategyRow:
    return StrategyRow(**{**data, "fixed": tuple(data["fixed"]), "lost": tuple(data["lost"])})


def _chosen(known: Sequence[Strategy], only: Sequence[str]) -> list[Strategy]:
    names = [item.name for item in known]
    for name in only:
        if name not in names:
            raise UserError(f"there is no strategy {name!r}", remedy=f"the strategies are {', '.join(names)}")
    return [item for item in known if not only or item.name in only]


# one strategy's exam


_MOVED = 5  # of so many tasks one is asked for the divergence


@dataclass(frozen=True, slots=True)
class StrategyRow:
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


def examine_strategy(
    setup: SharedSetup, strategy: Strategy, hint: Callable[[str], str], load: Callable[[str], LanguageModel]
) -> StrategyRow:  # fmt: skip
    """The strategy's row. `hint` by signature; `load` gives another model by name."""
    base = {item.diagnosis.koan.id: item.passed for item in setup.baseline}
    made = contender(setup, strategy) if strategy.trains else None
    began = time.monotonic()
    kl: float | None = 0.0
    if made is not None:
        sitting = exam.sit(
            setup.tools, setup.asked, Served(), made.served, what=strategy.name, known=setup.baseline
        )  # fmt: skip
        passed = {item.diagnosis.koan.id for item in sitting.challenger if item.passed}
        kl = _moved(setup.tools.model, made.served, sitting.challenger[::_MOVED])
    elif strategy.model:
        passed, kl = _alone(setup, load(strategy.model), strategy.name), None
    elif strategy.also:
        passed = {name for name, ok in base.items() if ok}
        passed |= _alone(setup, load(strategy.also), strategy.name, without=passed)
        kl = None
    else:
        passed = _tried(setup, strategy, hint if strategy.hints else no_hint)
    return StrategyRow(
        strategy.name, strategy.title, strategy.trains, len(base), len(passed & base.keys()),
        tuple(name for name, ok in base.items() if not ok and name in passed),
        tuple(name for name, ok in base.items() if ok and name not in passed),
        made.trained if made else 0, None if kl is None else round(kl, 4),
        round(made.seconds, 1) if made else 0.0, round(time.monotonic() - began, 1),
    )  # fmt: skip


def _tried(setup: SharedSetup, strategy: Strategy, hint: Callable[[str], str]) -> set[str]:
    """Tasks that the base passes with hints, more turns or more tries; the baseline's answers are not asked again."""
    tools, passed = setup.tools, set()
    for number in range(strategy.samples):
        left = [item for item in setup.asked if item.koan.id not in passed]
        for turn in range(strategy.turns):
            done: list[Attempt] = []
            plain = not number and not turn and hint is no_hint
            answers = setup.baseline if plain else _answers(setup, left, hint, TEMPERATURE if number else 0.0)
            for item in answers:
                done.append(item)
                tools.say(f"{strategy.name}, sample {number + 1}, turn {turn + 1}", len(done), len(left))
            passed |= {item.diagnosis.koan.id for item in done if item.passed}
            left = [on for item in done if (on := after(item)) is not None]
    return passed


def _answers(setup: SharedSetup, left: Sequence[Any], hint: Callable[[str], str], temperature: float) -> Any:
    tools = setup.tools
    return attempt(left, tools.model, tools.judge, temperature=temperature, chunk=EXAM, hint=hint)


def _alone(setup: SharedSetup, model: Answerer, name: str, *, without: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]
    """Tasks that another model passes by itself."""
    tools = setup.tools
    able = fitting([item for item in setup.asked if item.koan.id not in without], model)[0]
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


# the table, for people and programs


_NAMED = 3  # lost tasks named in the table; all are in the JSON


def markdown(rows: Sequence[StrategyRow], base: str) -> str:
    """A table with a line for each strategy, compared with the base's own row."""
    first = next((row.passed for row in rows if row.name == "baseline"), None)
    out = [
        f"| strategy (base: {base}) | passed, 95 % interval | vs base | fixed | lost | trained numbers | KL to base | training s | exam s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        low, high = wilson(row.passed, row.n)
        change = "" if first is None else f"{row.passed - first:+d}"
        lost = str(len(row.lost))
        if row.lost:
            more = ", ..." if len(row.lost) > _NAMED else ""
            lost += f" ({', '.join(row.lost[:_NAMED])}{more})"
        rate = f"{row.passed} of {row.n}, {100 * low:.0f}-{100 * high:.0f} %"
        kl = "another model" if row.kl is None else f"{row.kl:.3f}" if row.kl else "0"
        out.append(
            f"| {row.title} | {rate} | {change} | {len(row.fixed)} | {lost} | {row.trained:,} | {kl} "
            f"| {row.training_seconds:.0f} | {row.exam_seconds:.0f} |"
        )
    return "\n".join(out) + "\n"


def chart(rows: Sequence[StrategyRow]) -> str:
    """Each strategy beside the base, with intervals, as SVG."""
    first = next((row.passed for row in rows if row.name == "baseline"), 0)
    return plots.changes(
        "Pass rates of the strategies", [Change(row.title, row.n, first, row.passed) for row in rows]
    )  # fmt: skip


def line(rows: Sequence[StrategyRow]) -> str:
    """All rows as one line of JSON, each with its interval."""
    told: list[dict[str, Any]] = []
    for row in rows:
        low, high = wilson(row.passed, row.n)
        told.append({**row.data(), "interval": [round(low, 4), round(high, 4)]})
    return json.dumps({"strategies": told}, ensure_ascii=False)
