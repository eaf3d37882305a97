"""`sleepy demo`: a day, a night and the next morning in one go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.pattern import fitted
from sleepy.daemon.day.day import day
from sleepy.daemon.night.night import sleep
from sleepy.daemon.report.report import rate
from sleepy.daemon.serve import serve
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import NightRecord, Reported
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import versions
from sleepy.memory.parametric.scope import covers

MODEL = "novice"  # the default model repairs so much of this already that one night shows little gain
_NAME = 36  # characters of a pattern in the table
DAY = 280  # koans: about three for each mistake the forge knows


def settings(config: Config) -> Config:
    """The demo's settings: a night of some minutes, in which steps end the training, not the clock; no crate of the user's."""
    return replace(config, lessons=96, held_out=20, night_patterns=8, night_minutes=6, crates=())


def demo(tools: Tools, console: Console, *, tasks: int = DAY) -> dict[str, Any]:
    """Runs the demo and returns what `--json` prints."""
    exam = tools.exam
    console.print(
        f"[bold]Day.[/] The model {tools.model.name} practises {tasks} koans. "
        f"The exam has {len(exam)} different ones, made from other programs."
    )
    served = serve.serving(tools)
    done = day(tools, served, tools.config.seed, tasks)
    console.print(f"Solved {rate(done.passed, done.attempted)}.\n")
    console.print("[bold]Night.[/] The model learns its failing patterns and takes the exam.")
    night = sleep(tools, datetime.now().astimezone().date())
    made = store.record(tools.db, night.id)
    reported = store.read(tools.db, night.id, Reported)
    assert made is not None and reported is not None, "the night is done"
    console.print("\n[bold]Next day.[/] Koans of the patterns it was taught, none of which was used in a lesson:")
    console.print(table(made))
    result = summary(made, str(tools.home.root / reported.path), versions.champion(tools.db))
    n = result["exam"]
    console.print(f"Exam before: {rate(result['baseline'], n)}")
    console.print(f"Exam after:  {rate(result['champion'], n)}, {result['regressions']} lost")
    console.print(f"Decision: [bold]{result['decision']}[/]")
    for reason in made.decided.reasons:
        console.print(f"  - {reason}", markup=False, highlight=False)
    console.print(f"Report: {result['report']}", soft_wrap=True, highlight=False)
    console.print(f"With charts: {tools.home.root / reported.html}", soft_wrap=True, highlight=False)
    return result


def table(made: NightRecord) -> Table:
    """The night's candidates on fresh koans and in the exam, before and as served now."""
    out = Table(box=None, pad_edge=False)
    out.add_column("pattern", max_width=_NAME, no_wrap=True)
    out.add_column("fresh koans", justify="right", no_wrap=True)
    out.add_column("exam", justify="right", no_wrap=True)
    out.add_column("route", no_wrap=True)
    found_by = patterns(made)
    names = fitted(found_by, _NAME)
    for name, found in found_by.items():
        counts = [f"{c['baseline']} -> {c['champion']} of {c['n']}" for c in (found, found["exam"])]
        route = "serves" if found["route"] else "open" if found["open"] else "-"
        out.add_row(Text(names[name], overflow="ellipsis"), *counts, route)
    return out


def patterns(made: NightRecord) -> dict[str, Any]:
    """Per candidate: the passes on fresh koans and on exam tasks of its scope, before and as served now."""
    routes = made.decided.routes.accepted if made.promoted.version else {}
    out = {}
    for name, item in made.examined.held_out.items():
        pairs = [pair for pair in made.examined.pairs if covers(name, pair.signature)]
        serves = routes.get(name) == name
        out[name] = {
            "n": item.trial.n,
            "baseline": item.trial.baseline,
            "champion": item.trial.challenger if serves else item.trial.baseline,
            "route": serves,
            "open": item.standing.open,
            "exam": {
                "n": len(pairs),
                "baseline": sum(pair.baseline for pair in pairs),
                "champion": sum(pair.challenger if serves else pair.baseline for pair in pairs),
            },
        }
    return out


def summary(made: NightRecord, report: str, champion: str | None) -> dict[str, Any]:
    """What `--json` prints: the exam's results, before and as served now."""
    decided = made.decided
    promoted = made.promoted.version is not None
    return {
        "exam": decided.tasks,
        "baseline": decided.baseline,
        "champion": decided.challenger if promoted else decided.baseline,
        "regressions": len(decided.lost) if promoted else 0,
        "decision": decided.decision.value,
        "patterns": patterns(made),
        "version": champion,
        "report": report,
    }


def line(result: dict[str, Any]) -> str:
    """The result as one line of JSON."""
    return json.dumps(result, ensure_ascii=False)
