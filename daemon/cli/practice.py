"""`sleepy demo`, `day`, `night` and `run`: practice, sleep, and the daemon in the foreground."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from sleepy.daemon.base import home as homes
from sleepy.daemon.base import lock
from sleepy.daemon.cli import options


@click.command()
@options.HOME
@options.MODEL
@options.TIER
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans to practise on.")
@options.JSON
def demo(home: str | None, model: str | None, tier: str | None, tasks: int, as_json: bool) -> None:
    """Live a day, a night and a morning in about five minutes.

    In a scratch home unless --home is given, with the novice, a model that has most to learn, unless --model is
    given.
    """
    if home:
        lock.free(homes.find(home).checked())
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.lab import demo as show
    from sleepy.daemon.tools.equip import equipped

    config = show.settings(options.settings(model=model or show.MODEL, tier=tier))
    console = Console(stderr=as_json)
    scratch = None if home else homes.Home(Path(tempfile.mkdtemp(prefix="sleepy-demo-")))
    place = scratch or homes.Home(homes.find(home).root)  # never a database that others share
    began = time.monotonic()
    with Bars(Console(stderr=True)) as bars, equipped(config, place, say=bars) as tools, lock.held(place):
        result = show.demo(tools, console, tasks=tasks)
    console.print(f"Took {(time.monotonic() - began) / 60:.1f} minutes.")
    if as_json:
        click.echo(show.line(result))


@click.command()
@options.HOME
@options.MODEL
@options.TIER
@click.option("--tasks", type=click.IntRange(min=1), help="How many koans [setting: day_tasks].")
@click.option("--seed", type=click.IntRange(min=0), help="Which koans [from the clock].")
@options.JSON
def day(
    home: str | None, model: str | None, tier: str | None, tasks: int | None, seed: int | None, as_json: bool
) -> None:
    """Practise: attempt koans, and remember every episode."""
    config, place = options.settings(model=model, tier=tier, day_tasks=tasks), homes.find(home).checked()
    lock.free(place)
    from sleepy.daemon.base.heartbeat import beating
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.day.day import day as lived
    from sleepy.daemon.report.report import rate
    from sleepy.daemon.serve import serve
    from sleepy.daemon.tools.equip import equipped

    with Bars() as bars, equipped(config, place, say=bars) as tools, lock.held(place):
        tools = replace(tools, say=beating(tools.db, bars, tools.now))
        served = serve.serving(tools)
        done = lived(tools, served, int(time.time()) if seed is None else seed, config.day_tasks)
    if as_json:
        told = {
            "asked": config.day_tasks,
            "attempted": done.attempted,
            "passed": done.passed,
            "explored": dict(done.explored),
            "skipped": list(done.skipped),
            "left_out": list(done.left_out),
        }
        click.echo(json.dumps(told))
    else:
        for skipped in done.skipped:
            click.echo(f"Skipped: {skipped}.")
        for crate in done.left_out:
            click.echo(f"Not practised on: {crate}.")
        lacking = config.day_tasks - done.attempted - len(done.skipped)
        if lacking > 0:
            click.echo(f"Fewer by {lacking} than asked for: what else the forge made is too near to the exam's koans.")
        helped = ", ".join(f"{count} by {rung}" for rung, count in done.explored.items())
        more = f", and of the others {helped}" if helped else ""
        click.echo(f"Solved {rate(done.passed, done.attempted)}{more}.")


@click.command()
@options.HOME
@options.MODEL
@options.TIER
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Which night [tonight].")
@click.option("--lost", is_flag=True, help="The home that slept last on this shared database is lost with its files.")
@options.JSON
def night(
    home: str | None, model: str | None, tier: str | None, date: datetime | None, lost: bool, as_json: bool
) -> None:
    """Sleep: train the failing patterns, promote what proves better.

    An interrupted night resumes. A finished one is only shown, unless it had nothing to learn and there is
    something to learn now.
    """
    config, place = options.settings(model=model, tier=tier), homes.find(home).checked()
    lock.free(place)
    from sleepy.daemon.base.heartbeat import beating
    from sleepy.daemon.base.progress import Bars
    from sleepy.daemon.gate import reasons
    from sleepy.daemon.night.night import sleep
    from sleepy.daemon.tools.equip import equipped
    from sleepy.memory.episodic import nights

    when = (date or datetime.now().astimezone()).date()
    with Bars() as bars, equipped(config, place, say=bars) as tools, lock.held(place):
        tools = replace(tools, say=beating(tools.db, bars, tools.now))
        before = nights.read(tools.db, when)
        slept = sleep(tools, when, lost=lost)
    again = before == slept
    if as_json:
        click.echo(
            json.dumps(
                {
                    "date": when.isoformat(),
                    "decision": slept.decision,
                    "reasons": reasons.sentences(slept.decision_reasons),
                    "exam": slept.exam_tasks,
                    "baseline": slept.baseline_passes,
                    "challenger": slept.challenger_passes,
                    "done_before": again,
                    "report": str(place.root / slept.report) if slept.report else None,
                },
                ensure_ascii=False,
            )
        )
        return
    if again:
        click.echo(f"The night of {when} is done already; it was not run again.")
    click.echo(f"Decision: {slept.decision}")
    for reason in reasons.sentences(slept.decision_reasons):
        click.echo(f"  - {reason}")
    click.echo(f"Report: {place.root / slept.report}" if slept.report else "No report.")


@click.command()
@options.HOME
@options.MODEL
@options.TIER
def run(home: str | None, model: str | None, tier: str | None) -> None:
    """Run the daemon in the foreground, until Ctrl-C.

    It practises by day and sleeps at night. SIGTERM ends it as well.
    """
    from sleepy.daemon.service.systemd import reported

    with reported():
        config, place = options.settings(model=model, tier=tier), homes.find(home).checked()
        lock.free(place)
        from sleepy.daemon.service.run import run as serve

        click.echo(f"Running in {place.root}; `sleepy status` shows what it does.", err=True)
        serve(config, place)
