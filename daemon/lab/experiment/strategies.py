"""`sleepy experiment strategies`: the log's whole table, on one base and one exam.

Rows are kept as they are made, so that a run that was cut goes on; the table is of this home's day and night.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date as Date
from typing import Any

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.experiment import sitting
from sleepy.daemon.lab.experiment.ground import lay
from sleepy.daemon.lab.experiment.sitting import Row
from sleepy.daemon.lab.experiment.strategy import Strategy, TrainOn, strategies
from sleepy.daemon.model.hints import Hints
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.parametric.storage import write_whole

DAY = 280  # koans


def settings(config: Config) -> Config:
    """A night that steps end, not the clock."""
    return replace(config, lessons=170, held_out=40, night_patterns=10)


def run(
    tools: Tools, date: Date, made: Callable[[Row], None], *, other: str, only: Sequence[str] = (), tasks: int = DAY,
) -> list[Row]:  # fmt: skip
    """The rows, in the table's order; `made` hears of each as it is done."""
    chosen = _chosen(strategies(other), only)
    models: dict[str, LanguageModel] = {}

    def load(name: str) -> LanguageModel:
        if name not in models:
            models[name] = LanguageModel.load(name, compute=tools.model.compute)
        return models[name]

    if any(item.model or item.also for item in chosen):
        load(other)  # what is wrong with it is told before an hour's work
    ground = lay(tools, date, tasks, everything=any(item.train_on is TrainOn.ALL for item in chosen))
    hints = Hints.load(tools.home.hints)
    folder = tools.home.root / "experiment"
    folder.mkdir(exist_ok=True)
    rows = []
    for strategy in chosen:
        path = folder / f"{strategy.name}.json"
        if not path.exists():
            row = sitting.sit(ground, strategy, hints.of, load)
            write_whole(path, json.dumps(row.data(), ensure_ascii=False).encode())
        rows.append(_read(json.loads(path.read_bytes())))
        made(rows[-1])
    return rows


def _read(data: dict[str, Any]) -> Row:
    return Row(**{**data, "fixed": tuple(data["fixed"]), "lost": tuple(data["lost"])})


def _chosen(known: Sequence[Strategy], only: Sequence[str]) -> list[Strategy]:
    names = [item.name for item in known]
    for name in only:
        if name not in names:
            raise UserError(f"there is no strategy {name!r}", remedy=f"the strategies are {', '.join(names)}")
    return [item for item in known if not only or item.name in only]
