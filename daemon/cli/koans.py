"""`sleepy koans`: lists, shows, checks, imports and forges koans."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Any

import click

from sleepy.daemon.base import home as homes
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned


@click.group(cls=Sectioned)
def koans() -> None:
    """List, show, check, import and forge koans.

    A koan is a small broken program with tests that a right repair passes.
    """


@koans.command("list")
@click.option("--exam", is_flag=True, help="The sealed exam instead of the classics.")
def koans_list(exam: bool) -> None:
    """List the classic koans, one per line."""
    from sleepy.koans import library

    for koan in library.sealed_exam() if exam else library.classics():
        click.echo(f"{koan.id:44} {koan.family:16} {koan.title}")


@koans.command("show")
@click.argument("name")
def koans_show(name: str) -> None:
    """Print one koan as a TOML file."""
    from sleepy.koans.koan import write

    click.echo(write(_koan(name)), nl=False)


@koans.command("verify")
@click.argument("names", nargs=-1)
@options.TIER
def koans_verify(names: tuple[str, ...], tier: str | None) -> None:
    """Check that koans are sound [all classics].

    The broken program must fail to compile, the fixed one must pass the tests.
    """
    from sleepy.daemon.attempt.attempt import case_of
    from sleepy.koans import library
    from sleepy.sandbox.sandbox import Sandbox
    from sleepy.sandbox.verdict import Outcome

    chosen = [_koan(name) for name in names] or library.classics()
    bad = 0
    with Sandbox.open(tier=options.settings(tier=tier).tier) as sandbox:
        verdicts = sandbox.judge_many([case_of(koan, text) for koan in chosen for text in (koan.broken, koan.fixed)])
    for koan, broken, fixed in zip(chosen, verdicts[::2], verdicts[1::2], strict=True):
        sound = broken.outcome is Outcome.COMPILE_ERROR and fixed.passed
        bad += not sound
        if not sound:
            click.echo(f"{koan.id}: broken: {broken.outcome}; fixed: {fixed.outcome} {fixed.detail}".rstrip())
    click.echo(f"{len(chosen) - bad} of {len(chosen)} koans are sound.")
    sys.exit(1 if bad else 0)


@koans.command("lint")
@click.argument("which")
@options.TIER
def koans_lint(which: str, tier: str | None) -> None:
    """Say what is wrong with koans, and how to correct it.

    WHICH is a TOML or JSONL file, or a folder.
    """
    from sleepy.daemon.day.lint import lint
    from sleepy.daemon.lab.exam import chosen
    from sleepy.koans import library
    from sleepy.sandbox.sandbox import Sandbox

    found = chosen(which)
    with Sandbox.open(tier=options.settings(tier=tier).tier) as sandbox:
        findings = lint(found, sandbox, library.exam())
    for item in findings:
        click.echo(f"{item.koan}: {'' if item.grave else 'weak: '}{item.said}\n  remedy: {item.remedy}")
    grave = {item.koan for item in findings if item.grave}
    click.echo(f"{len(found) - len(grave)} of {len(found)} koans can be used.")
    sys.exit(1 if grave else 0)


@koans.command("import")
@click.argument("which", metavar="FILE")
@options.HOME
@options.TIER
def koans_import(which: str, home: str | None, tier: str | None) -> None:
    """Put koans on the home's shelf, to be practised.

    FILE is a JSONL or TOML file, or a folder. Koans that cannot be used, or that resemble one of the exam, are
    named and left out.
    """
    from sleepy.daemon.day.lint import lint
    from sleepy.daemon.lab.exam import chosen
    from sleepy.koans import library
    from sleepy.koans.koan import write
    from sleepy.sandbox.sandbox import Sandbox

    found = chosen(which)
    place = homes.find(home)
    with Sandbox.open(tier=options.settings(tier=tier).tier) as sandbox:
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
            click.echo(f"{koan.id}: left out: {path} holds another koan; remove it first", err=True)
            continue
        path.write_text(write(koan), encoding="utf-8")
    click.echo(f"{len(found) - len(bad)} of {len(found)} koans are on the shelf in {place.koans}.")
    sys.exit(1 if len(bad) == len(found) else 0)


@koans.command("forge")
@click.option("--count", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which ones; the same seed makes the same."
)
@click.option("--mistake", "names", multiple=True, help="Only this mistake or template; can be repeated.")
@click.option("--templates", is_flag=True, help="Short whole programs instead of broken base programs.")
@options.TIER
def koans_forge(count: int, seed: int, names: tuple[str, ...], templates: bool, tier: str | None) -> None:
    """Make new koans for practice, one line of JSON each."""
    from sleepy.daemon.day import shelf
    from sleepy.sandbox.sandbox import Sandbox

    with Sandbox.open(tier=options.settings(tier=tier).tier) as sandbox:
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
            f"there is no koan {name!r}",
            remedy=f"did you mean {near[0]}?" if near else "`sleepy koans list` lists them",
        )
    return known[name]
