"""The command line. Whatever goes wrong for a reason a user can mend is one line, its remedy, and an exit code.

Exit codes: 0 done, 1 not (a judged program that fails, an unwell doctor), 2 usage or a fault in what was
given, 70 a fault of sleepy's own, 78 no sandbox or no compiler, 130 interrupted.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from sleepy.daemon import config as configs
from sleepy.daemon import home as homes
from sleepy.daemon.errors import UserError

if TYPE_CHECKING:
    from sleepy.daemon.config import Config

_HOME = click.option("--home", help="Where the state is kept [SLEEPY_HOME, else the platform's data folder].")
_MODEL = click.option("--model", help="A Hugging Face causal LM by name or folder [built-in].")
_TIER = click.option("--tier", help="The sandbox: auto, bubblewrap or landlock [auto].")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON line on stdout.")


def _settings(**flags: Any) -> Config:
    return configs.load(flags)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sleepy")
def cli() -> None:
    """A Rust-fixing agent that practises by day and learns in its sleep."""


@cli.command()
@_HOME
@_MODEL
@_TIER
@click.option("--tasks", type=click.IntRange(min=10), default=280, show_default=True, help="Koans of the day.")
@_JSON
def demo(home: str | None, model: str | None, tier: str | None, tasks: int, as_json: bool) -> None:
    """A day, a night and a morning in one sitting, in a scratch home unless --home is given.

    The model is the novice, which has most to learn, unless --model is given.
    """
    from sleepy.daemon import demo as show
    from sleepy.daemon import lock
    from sleepy.daemon.equip import equipped
    from sleepy.daemon.progress import Bars

    config = show.settings(_settings(model=model or show.MODEL, tier=tier))
    console = Console(stderr=as_json)
    scratch = None if home else homes.Home(Path(tempfile.gettempdir()) / f"sleepy-demo-{os.getpid()}")
    place = scratch or homes.find(home)
    began = time.monotonic()
    with Bars(Console(stderr=True)) as bars, equipped(config, place, say=bars) as tools, lock.held(place):
        result = show.demo(tools, console, tasks=tasks)
    console.print(f"Took {(time.monotonic() - began) / 60:.1f} minutes.")
    if as_json:
        click.echo(show.line(result))


@cli.command()
@_HOME
@_MODEL
@_TIER
@click.option("--tasks", type=click.IntRange(min=1), help="How many koans [the setting day_tasks].")
@click.option("--seed", type=click.IntRange(min=0), help="Which koans [the time].")
@_JSON
def day(
    home: str | None, model: str | None, tier: str | None, tasks: int | None, seed: int | None, as_json: bool
) -> None:
    """Practise: the champion attempts koans, and every episode is remembered."""
    from sleepy.daemon import lock, serve
    from sleepy.daemon.day.day import day as lived
    from sleepy.daemon.equip import equipped
    from sleepy.daemon.night.report import rate
    from sleepy.daemon.progress import Bars

    config = _settings(model=model, tier=tier, day_tasks=tasks)
    place = homes.find(home)
    with Bars() as bars, equipped(config, place, say=bars) as tools, lock.held(place):
        served = serve.champion(tools.db, tools.home, base=tools.model.name)
        done = lived(tools, served, int(time.time()) if seed is None else seed, config.day_tasks)
    if as_json:
        told = {"attempted": done.attempted, "passed": done.passed, "skipped": list(done.skipped)}
        click.echo(json.dumps(told))
    else:
        for skipped in done.skipped:
            click.echo(f"Not asked: {skipped}.")
        click.echo(f"Solved {rate(done.passed, done.attempted)}.")


@cli.command()
@_HOME
@_MODEL
@_TIER
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Which night [today's].")
@_JSON
def night(home: str | None, model: str | None, tier: str | None, date: datetime | None, as_json: bool) -> None:
    """Sleep: train the failing patterns, consolidate, examine, and promote past the gate.

    A night that was interrupted is gone on with; one that is done is shown and nothing is done again.
    """
    from sleepy.daemon import lock
    from sleepy.daemon.equip import equipped
    from sleepy.daemon.night.night import sleep
    from sleepy.daemon.progress import Bars
    from sleepy.memory.episodic import nights
    from sleepy.memory.episodic.nights import NightState

    config = _settings(model=model, tier=tier)
    place = homes.find(home)
    when = (date or datetime.now().astimezone()).date()
    with Bars() as bars, equipped(config, place, say=bars) as tools, lock.held(place):
        before = nights.read(tools.db, when)
        slept = sleep(tools, when)
    again = before is not None and before.state is NightState.DONE
    if as_json:
        click.echo(
            json.dumps(
                {
                    "date": when.isoformat(),
                    "decision": slept.decision,
                    "reasons": list(slept.decision_reasons),
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
        click.echo(f"The night of {when} is done already; nothing was done again.")
    click.echo(f"Decision: {slept.decision}")
    for reason in slept.decision_reasons:
        click.echo(f"  - {reason}")
    click.echo(f"Report: {place.root / slept.report}" if slept.report else "No report.")


@cli.command()
@_HOME
@_JSON
@click.option("--watch", is_flag=True, help="Stay and refresh every two seconds.")
def status(home: str | None, as_json: bool, watch: bool) -> None:
    """What it is doing, how the patterns stand, and which version serves."""
    from sleepy.daemon import status as state

    place, config = homes.find(home), _settings()

    def read() -> state.Status:
        return state.read(place, config, now=datetime.now(UTC))

    if as_json:
        click.echo(json.dumps(read().data, ensure_ascii=False))
        return
    console = Console()
    if not watch:
        console.print(state.view(read()))
        return
    from rich.live import Live

    with Live(state.view(read()), console=console, screen=console.is_terminal, auto_refresh=False) as live:
        while True:
            time.sleep(2)
            live.update(state.view(read()), refresh=True)


@cli.command()
@_HOME
@click.argument("night", required=False, metavar="[NIGHT]")
def report(home: str | None, night: str | None) -> None:
    """Print a night's report: the last one's, or that of a date (2026-11-24)."""
    from datetime import date as Date

    from sleepy.memory.episodic import nights
    from sleepy.memory.episodic.database import Database

    place = homes.find(home)
    with Database.open(place.database, read_only=True) as db:
        if night is None:
            found = nights.last(db)
        else:
            try:
                found = nights.read(db, Date.fromisoformat(night))
            except ValueError as error:
                raise UserError(f"{night!r} is no date", remedy="write it as 2026-11-24") from error
        known = [item.date.isoformat() for item in nights.recent(db, limit=5)]
    if found is None:
        remedy = f"there are {', '.join(known)}" if known else "`sleepy night` makes one"
        raise UserError(f"no night of {night}" if night else "no night yet", remedy=remedy)
    if found.report is None:
        why = f"it failed: {found.reason}" if found.reason else "it is not finished"
        raise UserError(f"the night of {found.date} has no report: {why}", remedy="`sleepy night` goes on with it")
    try:
        click.echo((place.root / found.report).read_text(encoding="utf-8"), nl=False)
    except OSError as error:
        raise UserError(
            f"the report {place.root / found.report} cannot be read: {error.strerror}",
            remedy="restore the file; the night's figures are in `sleepy status --json`",
        ) from error


@cli.command()
@_HOME
@_MODEL
@_TIER
def run(home: str | None, model: str | None, tier: str | None) -> None:
    """Stay: practise by day, sleep at night, until told to stop (SIGTERM or Ctrl-C)."""
    from sleepy.daemon.service import run as serve

    place = homes.find(home)
    config = _settings(model=model, tier=tier)
    click.echo(f"sleepy runs in {place.root}; `sleepy status` shows what it does.", err=True)
    serve(config, place)


@cli.command()
@_HOME
@_MODEL
@_TIER
def doctor(home: str | None, model: str | None, tier: str | None) -> None:
    """Check what is needed, line by line, each with its remedy."""
    from sleepy.daemon.doctor import examine

    console = Console(highlight=False)
    unwell = 0
    for finding in examine(homes.find(home), _settings(model=model, tier=tier), now=datetime.now(UTC)):
        mark = "[green]ok  [/]" if finding.well else "[red]fail[/]"
        console.print(f"{mark} {finding.what:9}", end="")
        console.print(finding.said, markup=False, soft_wrap=True)
        if not finding.well:
            unwell += 1
            console.print(f"               remedy: {finding.remedy}", markup=False, soft_wrap=True)
    sys.exit(1 if unwell else 0)


@cli.command()
@_MODEL
@_TIER
@click.option(
    "--koans", "which", default="exam", show_default=True, help="exam, classics, a JSONL or TOML file, a folder."
)
@click.option("--turns", type=click.IntRange(1, 10), default=1, show_default=True, help="Answers in a row a koan.")
@click.option("--samples", type=click.IntRange(1, 64), default=1, show_default=True, help="Tries a koan.")
@click.option("--format", "form", metavar="F", help="Of its answers: whole-file or numbered-lines.")
@_JSON
def exam(
    model: str | None, tier: str | None, which: str, turns: int, samples: int, form: str | None, as_json: bool
) -> None:
    """Examine a model alone: pass rates with intervals, and what the compiler's own suggestions repair."""
    import torch

    from sleepy.daemon import exam as sitting
    from sleepy.daemon.agent.model import LanguageModel
    from sleepy.daemon.progress import Bars
    from sleepy.sandbox.sandbox import Sandbox

    config = _settings(model=model, tier=tier, format=form)
    koans = sitting.chosen(which)
    torch.set_num_threads(config.threads)
    with Sandbox.open(tier=config.tier) as sandbox, Bars() as bars:
        loaded = LanguageModel.load(config.model, device=config.device, form=config.format)
        found = sitting.examine(koans, loaded, sandbox, turns=turns, samples=samples, say=bars)
    if as_json:
        click.echo(sitting.line(found))
    else:
        Console(highlight=False).print(sitting.view(found))


@cli.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE.rs")
@click.option(
    "--tests", type=click.Path(path_type=Path), metavar="T.rs", help="Tests to pass: a module using super::*."
)
@click.option("--original", type=click.Path(path_type=Path), metavar="O.rs", help="The program it repairs.")
@click.option("--reference", type=click.Path(path_type=Path), metavar="R.rs", help="A right answer to compare with.")
@click.option("--edition", type=click.Choice(["2015", "2018", "2021", "2024"]), default="2021", show_default=True)
@_HOME
@_TIER
@_JSON
def judge(
    source: Path,
    tests: Path | None,
    original: Path | None,
    reference: Path | None,
    edition: str,
    home: str | None,
    tier: str | None,
    as_json: bool,
) -> None:
    """Compile a program and run its tests in the sandbox. Exit 0: it passes; 1: it does not; 78: no sandbox.

    With --original what the original does not do may not be added (unsafe code, files, processes ...), and none
    of its public items may vanish; without it everything counts as added.
    """
    from sleepy.daemon import judge as judging
    from sleepy.sandbox import suite
    from sleepy.sandbox.case import Case

    case = Case(
        judging.read(source),
        judging.read(tests) if tests else "",
        judging.read(original) if original else None,
        edition,
        judging.read(reference) if reference else None,
    )
    try:
        _ = suite.parse(case.tests) if tests else None
    except suite.NoTestsError as error:
        remedy = "write `mod tests { use super::*; #[test] fn ... }`"
        raise UserError(f"{tests}: no #[test] function in it", remedy=remedy) from error
    verdict = judging.judge(
        _settings(tier=tier), homes.find(home), case, lambda what: click.echo(f"sleepy: {what}", err=True)
    )
    click.echo(judging.line(verdict) if as_json else judging.view(verdict))
    sys.exit(0 if verdict.passed else 1)


@cli.command()
@_HOME
@click.argument("version", required=False)
def rollback(home: str | None, version: str | None) -> None:
    """Serve the previous version again, or VERSION (an id, its beginning, or `base`)."""
    from sleepy.daemon import lock
    from sleepy.memory.episodic import versions
    from sleepy.memory.episodic.database import Database

    place = homes.find(home)
    with lock.held(place), Database.open(place.database) as db:
        before = versions.champion(db)
        now = versions.rollback(db, version, reason="asked for by the user", now=datetime.now(UTC))
    click.echo(f"{now or 'The bare base'} serves; before it was {before or 'the bare base'}.")


@cli.command()
@_HOME
@_MODEL
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--pattern", required=True, metavar="SIGNATURE", help="Which, by its signature or its beginning.")
@click.option("--format", "form", type=click.Choice(["peft", "hf", "gguf"]), help="An adapter or a whole model [peft].")
@click.option("--merged", is_flag=True, help="The same as --format hf: a whole model.")
@_JSON
def export(
    home: str | None, model: str | None, out: Path, pattern: str, form: str | None, merged: bool, as_json: bool
) -> None:
    """Write one of the champion's patterns into the folder OUT, for other programs to load.

    What was written is read back and compared with what is served before OUT is there. Exit 1: it is not the same.
    """
    from sleepy.daemon import export as exporting

    kind = exporting.chosen(form, merged=merged)
    done = exporting.export(_settings(model=model), homes.find(home), pattern, out, kind)
    click.echo(exporting.line(done) if as_json else exporting.view(done))


@cli.group()
def gate() -> None:
    """The gate that a night's result must pass."""


@gate.command("simulate")
@click.option("--nights", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="How many nights.")
@click.option(
    "--effect",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="True gain on the target pattern's tasks; 0: the same model twice.",
)
@click.option(
    "--swap",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of them that comes out otherwise by chance.",
)
@click.option("--life", is_flag=True, help="One life of nights that share a month's luck, not each a month's first.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@_JSON
def gate_simulate(nights: int, effect: float, swap: float, life: bool, seed: int, as_json: bool) -> None:
    """Decide simulated nights with the real gate: how often luck promotes, and how often a real gain does."""
    from sleepy.daemon.night import simulate

    settings = _settings()
    try:
        world = simulate.World(effect, swap=swap)
    except ValueError as error:
        raise UserError(str(error), remedy="a smaller --effect or --swap") from error
    found = simulate.simulate(world, nights, seed, alpha=settings.alpha, margin=settings.margin, fresh=not life)
    figures = simulate.summary(found, nights, effect)
    if as_json:
        click.echo(json.dumps(figures, separators=(",", ":")))
        return
    click.echo(simulate.told(world, figures))


@cli.group()
def koans() -> None:
    """The koans: list, show and verify them."""


@koans.command("list")
@click.option("--exam", is_flag=True, help="The sealed exam's instead of the classics.")
def koans_list(exam: bool) -> None:
    """One line a koan."""
    from sleepy.koans import library

    for koan in library.sealed_exam() if exam else library.classics():
        click.echo(f"{koan.id:44} {koan.family:16} {koan.title}")


@koans.command("show")
@click.argument("name")
def koans_show(name: str) -> None:
    """Print one koan as its file."""
    from sleepy.koans.koan import write

    click.echo(write(_koan(name)), nl=False)


@koans.command("verify")
@click.argument("names", nargs=-1)
@_TIER
def koans_verify(names: tuple[str, ...], tier: str | None) -> None:
    """Judge koans both ways: broken must fail to compile, fixed must pass its tests [all classics]."""
    from sleepy.daemon.agent.case import case
    from sleepy.koans import library
    from sleepy.sandbox.sandbox import Sandbox
    from sleepy.sandbox.verdict import Outcome

    chosen = [_koan(name) for name in names] or library.classics()
    bad = 0
    with Sandbox.open(tier=_settings(tier=tier).tier) as sandbox:
        verdicts = sandbox.judge_many([case(koan, text) for koan in chosen for text in (koan.broken, koan.fixed)])
    for koan, broken, fixed in zip(chosen, verdicts[::2], verdicts[1::2], strict=True):
        sound = broken.outcome is Outcome.COMPILE_ERROR and fixed.passed
        bad += not sound
        if not sound:
            click.echo(f"{koan.id}: broken {broken.outcome}, fixed {fixed.outcome} {fixed.detail}")
    click.echo(f"{len(chosen) - bad} of {len(chosen)} koans are sound.")
    sys.exit(1 if bad else 0)


@koans.command("lint")
@click.argument("which")
@_TIER
def koans_lint(which: str, tier: str | None) -> None:
    """Say what is wrong with the koans of a TOML or JSONL file or a folder, and how to mend it."""
    from sleepy.daemon.exam import chosen
    from sleepy.daemon.lint import lint
    from sleepy.koans import library
    from sleepy.sandbox.sandbox import Sandbox

    found = chosen(which)
    with Sandbox.open(tier=_settings(tier=tier).tier) as sandbox:
        findings = lint(found, sandbox, library.exam())
    for item in findings:
        click.echo(f"{item.koan}: {'' if item.grave else 'weak: '}{item.said}\n  remedy: {item.remedy}")
    grave = {item.koan for item in findings if item.grave}
    click.echo(f"{len(found) - len(grave)} of {len(found)} koans can be used.")
    sys.exit(1 if grave else 0)


@koans.command("import")
@click.argument("which", metavar="FILE")
@_HOME
@_TIER
def koans_import(which: str, home: str | None, tier: str | None) -> None:
    """Put the koans of a JSONL or TOML file or a folder on the home's shelf, to be practised.

    Those that cannot be used, or are near to the exam, are named and left out.
    """
    from sleepy.daemon.exam import chosen
    from sleepy.daemon.lint import lint
    from sleepy.koans import library
    from sleepy.koans.koan import write
    from sleepy.sandbox.sandbox import Sandbox

    found = chosen(which)
    place = homes.find(home)
    with Sandbox.open(tier=_settings(tier=tier).tier) as sandbox:
        findings = [item for item in lint(found, sandbox, library.exam()) if item.grave]
    place.make()
    bad = {item.koan for item in findings}
    for item in findings:
        click.echo(f"{item.koan}: left out: {item.said}", err=True)
    for koan in found:
        path = place.koans / f"{re.sub(r'[^A-Za-z0-9_.-]', '_', koan.id)}.toml"
        if koan.id in bad:
            continue
        if path.exists() and path.read_text(encoding="utf-8") != write(koan):
            bad.add(koan.id)
            click.echo(f"{koan.id}: left out: {path} is another koan; remove it first", err=True)
            continue
        path.write_text(write(koan), encoding="utf-8")
    click.echo(f"{len(found) - len(bad)} of {len(found)} koans are on the shelf in {place.koans}.")
    sys.exit(1 if len(bad) == len(found) else 0)


@koans.command("forge")
@click.option("--count", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--mistake", "names", multiple=True, help="Only this mistake or template; may be given again.")
@click.option("--templates", is_flag=True, help="Short whole programs instead of broken base programs.")
@_TIER
def koans_forge(count: int, seed: int, names: tuple[str, ...], templates: bool, tier: str | None) -> None:
    """Make koans of the practice side, one JSON object a line; the same seed makes the same."""
    from sleepy.daemon import shelf
    from sleepy.sandbox.sandbox import Sandbox

    with Sandbox.open(tier=_settings(tier=tier).tier) as sandbox:
        for koan in shelf.forged_koans(sandbox, seed, count, names=names, templates=templates):
            click.echo(json.dumps({**dataclasses.asdict(koan), "oracle": "tests"}, ensure_ascii=False))


def _koan(name: str) -> Any:
    from sleepy.koans import library
    from sleepy.koans.koan import read

    if name.endswith(".toml"):
        return read(Path(name))
    known = {koan.id: koan for koan in library.exam()}
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        raise UserError(
            f"no koan {name!r}", remedy=f"did you mean {near[0]}?" if near else "`sleepy koans list` shows them"
        )
    return known[name]


@cli.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--samples", type=click.IntRange(min=100), default=40_000, show_default=True, help="Repairs to forge.")
@click.option(
    "--tokens", type=click.FloatRange(min=0.01), default=24.0, show_default=True, help="Millions to train on."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--device", default="cpu", show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Cores to train on.")
@click.option(
    "--corpus",
    "crates",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of crates to break in place (MIT or Apache-2.0 by their manifests); may be given again.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A corpus.jsonl to train on instead of making one; may be given again.",
)
@click.option("--from", "start", metavar="MODEL", help="Go on with this model and its tokenizer, not from nothing.")
@click.option("--layers", type=click.IntRange(1, 64), help="Layers of the network; a model of --from is given more.")
@_TIER
def pretrain(
    out: Path,
    samples: int,
    tokens: float,
    seed: int,
    device: str,
    processes: int,
    crates: tuple[Path, ...],
    data: tuple[Path, ...],
    start: str | None,
    layers: int | None,
    tier: str | None,
) -> None:
    """Make the built-in model anew into the folder OUT; an interrupted run is gone on with.

    The corpus is made first (OUT/corpus.jsonl, some 20 minutes on two cores), then the model trained. With --data
    and --from it is more training, on samples there are, for a model there is.
    """
    from sleepy.daemon.pretrain.command import make
    from sleepy.daemon.progress import Bars

    with Bars() as bars:
        make(
            out,
            samples=samples,
            tokens=int(tokens * 1e6),
            seed=seed,
            device=device,
            tier=_settings(tier=tier).tier,
            say=bars,
            crates=crates,
            data=data,
            start=start,
            processes=processes,
            layers=layers,
        )
    click.echo(f"The model is in {out}: `sleepy demo --model {out}` tries it.")


def main() -> None:
    """The program: runs a command, and turns what goes wrong into a line and an exit code."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted; everything recorded so far is kept.", err=True)
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("Interrupted; everything recorded so far is kept.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # a closed pager is no error
        sys.exit(0)
    except Exception as error:
        remedy = getattr(error, "remedy", None)
        if remedy is None and isinstance(error, OSError):
            remedy = "free disk space" if error.errno == 28 else "check the path and its permissions"
        if remedy is None:
            _unexpected(error)
        click.echo(f"sleepy: {error}", err=True)
        click.echo(f"  remedy: {remedy}", err=True)
        sys.exit(getattr(error, "exit_code", 2))


def _unexpected(error: Exception) -> None:
    """A fault of our own: shown whole, so that it can be reported."""
    import traceback

    traceback.print_exception(error)
    click.echo("sleepy: this is a fault of sleepy's own; nothing recorded is lost", err=True)
    sys.exit(70)
