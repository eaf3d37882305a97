"""P1: sandboxed verdicts against the usual script, a temporary cargo project for every candidate.

    python -m benchmarks.sandbox [--koans N] [--rounds R] [--data DIR] [--write] [--json]

The load is mixed: one program per koan, 60 % of them broken. The usual script is `cargo check`, and if that succeeds
`cargo test`, unsandboxed, each in a fresh folder, from as many threads as the sandbox has workers. It is measured
twice: with the cargo on PATH, which is what a script calls and which is a proxy under rustup, and with the toolchain's
own cargo and rustc, called directly as the sandbox does. All sides judge the same programs in turn, round after round;
medians count.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import results
from sleepy.daemon.attempt.attempt import case_of
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.koans import library, rows
from sleepy.koans.koan import Koan
from sleepy.memory.episodic.database import Database
from sleepy.sandbox import batch, process
from sleepy.sandbox.isolation import Profile, Tier
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable
from sleepy.sandbox.toolchain import Toolchain
from sleepy.sandbox.verdict import Case, Outcome, Verdict

BROKEN = 0.6


def load(koans: Sequence[Koan], seed: int) -> list[Case]:
    """One case per koan: the broken program as often as models fail, otherwise the reference."""
    rng = random.Random(seed)
    return [
        replace(case_of(koan, koan.broken if rng.random() < BROKEN else koan.fixed), reference=None) for koan in koans
    ]


def cargo(tools: Toolchain | None, item: Case, *, tests: bool) -> bool:
    """Whether the usual script accepts a program: a project of its own, `cargo check`, then `cargo test`.

    Uses the toolchain's cargo directly, or without one the cargo on PATH.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "src").mkdir()
        (root / "Cargo.toml").write_text(
            f'[package]\nname = "candidate"\nversion = "0.1.0"\nedition = "{item.edition}"\n', encoding="utf-8"
        )
        (root / "src" / "lib.rs").write_text(item.source + ("\n" + item.tests if tests else ""), encoding="utf-8")
        environment = {**os.environ, "RUSTFLAGS": "-Awarnings"}
        program = "cargo"
        if tools is not None:
            environment |= {"RUSTC": str(tools.rustc), "LD_LIBRARY_PATH": str(tools.sysroot / "lib")}
            program = str(tools.sysroot / "bin" / "cargo")
        for command in (["check"], ["test", "--lib"])[: 1 + tests]:  # without doc tests: koans have none
            words = [program, *command, "--offline", "--quiet"]
            if subprocess.run(words, cwd=root, env=environment, capture_output=True).returncode:
                return False
    return True


def timed(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def same(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts agree: in outcome and in all diagnostics, except for rustc's rendering of them."""
    plain = [tuple(replace(item, rendered="") for item in verdict.diagnostics) for verdict in (one, other)]
    return one.outcome is other.outcome and plain[0] == plain[1]


def throughput(sandbox: Sandbox, cases: Sequence[Case], rounds: int) -> dict[str, float]:
    """Seconds for a whole load, medians over rounds: cargo's and ours, screening and full."""
    tools = sandbox.jail.toolchain
    found: dict[str, list[float]] = {}
    with ThreadPoolExecutor(sandbox.workers) as threads:
        sides: dict[str, Callable[[], object]] = {
            "check": lambda: list(threads.map(partial(cargo, None, tests=False), cases)),
            "check_many": lambda: sandbox.check_many([item.source for item in cases]),
            "direct check": lambda: list(threads.map(partial(cargo, tools, tests=False), cases)),
            "test": lambda: list(threads.map(partial(cargo, None, tests=True), cases)),
            "judge_many": lambda: sandbox.judge_many(cases),
            "direct test": lambda: list(threads.map(partial(cargo, tools, tests=True), cases)),
        }
        for _ in range(rounds):
            for name, act in sides.items():
                os.sync()  # so that no side waits for another one's writes
                found.setdefault(name, []).append(timed(act))
    return {name: statistics.median(spent) for name, spent in found.items()}


def singly(sandbox: Sandbox, sources: Sequence[str], rounds: int) -> dict[str, float]:
    """Times checks one after another, many at once and sixteen at a time; counts the verdicts that differ."""
    alone: list[Verdict] = []
    spent: dict[str, list[float]] = {"alone": [], "many": [], "batches": [], "sixteen": []}
    for _ in range(rounds):
        alone = []
        spent["alone"].append(timed(lambda: alone.extend(sandbox.check(source) for source in sources)))  # noqa: B023
        many: list[Verdict] = []
        spent["many"].append(timed(lambda: many.extend(sandbox.check_many(sources))))  # noqa: B023
        in_batches: list[Verdict] = []
        largest, batch.LARGEST = batch.LARGEST, 16
        spent["batches"].append(timed(lambda: in_batches.extend(sandbox.check_many(sources))))  # noqa: B023
        batch.LARGEST = largest
        by_sixteen: list[Verdict] = []

        def sixteen() -> None:
            for start in range(0, len(sources), 16):
                by_sixteen.extend(sandbox.check_many(sources[start : start + 16]))  # noqa: B023

        spent["sixteen"].append(timed(sixteen))
    out = {name: statistics.median(times) for name, times in spent.items()}
    out["programs"] = len(sources)
    differ = [
        (i, found[i])
        for found in (many, in_batches, by_sixteen)
        for i in range(len(sources))
        if not same(alone[i], found[i])
    ]
    # rustc words a few errors differently from run to run: if a single check says it too, it is no disagreement
    unsteady = [(i, verdict) for i, verdict in differ if _says_too(sandbox, sources[i], verdict)]
    out["disagreements"], out["unsteady"] = len(differ) - len(unsteady), len({i for i, _ in unsteady})
    return out


def _says_too(sandbox: Sandbox, source: str, verdict: Verdict) -> bool:
    return any(same(sandbox.check(source), verdict) for _ in range(12))


def launch(sandbox: Sandbox, rounds: int) -> float:
    """The milliseconds that the jail adds to starting a program, from 40 launches per round."""
    folder = Path(tempfile.mkdtemp(dir=sandbox._root))
    run = partial(
        sandbox.jail.run,
        ["/usr/bin/true"],
        profile=Profile.COMPILE,
        limits=process.COMPILE,
        folder=folder,
        writable=True,
    )
    bare = partial(process.run, ["/usr/bin/true"], limits=process.COMPILE)
    inside, outside = [], []
    for _ in range(40 * rounds):
        inside.append(timed(run))
        outside.append(timed(bare))
    return 1000 * (statistics.median(inside) - statistics.median(outside))


def remembered(sandbox: Sandbox, cases: Sequence[Case]) -> float:
    """The milliseconds to look up a remembered verdict in a database on disk."""
    with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "sleepy.db") as db:
        judge = RememberingJudge(sandbox, db)
        lasting = [
            item
            for item, verdict in zip(cases, judge.judge_many(cases), strict=True)
            if verdict.outcome in (Outcome.PASS, Outcome.COMPILE_ERROR)
        ]
        spent = [timed(lambda: judge.judge_many([item])) for item in lasting for _ in range(3)]  # noqa: B023
        return 1000 * statistics.median(spent)


def labels(sandbox: Sandbox, folder: Path) -> tuple[str, list[str]]:
    """Judges people's cases both ways: a line of results, and every exception with its reason."""
    figures, exceptions = [], []
    for path in sorted(folder.glob("*.jsonl")):
        koans = rows.read(path)
        verdicts = sandbox.judge_many([case_of(koan, text) for koan in koans for text in (koan.broken, koan.fixed)])
        agree = 0
        for koan, broken, fixed in zip(koans, verdicts[::2], verdicts[1::2], strict=True):
            well = not broken.passed and broken.is_label and fixed.passed
            agree += well
            if not well:
                said = fixed.diagnostics[0].message if fixed.diagnostics else fixed.detail
                exceptions.append(
                    f"{path.name} {koan.id}: broken {broken.outcome}, fixed {fixed.outcome} {said}".strip()
                )
        figures.append(f"{path.name} {agree} of {len(koans)}")
    return ", ".join(figures), exceptions


def measure(arguments: argparse.Namespace) -> tuple[dict[str, object], str]:
    koans = random.Random(arguments.seed).sample(library.sealed_exam(), arguments.koans)
    cases = load(koans, arguments.seed)
    people = (
        [koan for path in sorted(arguments.data.glob("*.jsonl")) for koan in rows.read(path)] if arguments.data else []
    )
    mixed = [text for koan in (*people, *koans) if koan.edition != "2015" for text in (koan.broken, koan.fixed)]
    random.Random(arguments.seed).shuffle(mixed)
    mixed = mixed[: arguments.programs]
    figures: dict[str, object] = {}
    lines: list[list[str]] = []
    notes: list[str] = []
    for tier in Tier:
        try:
            opened = Sandbox.open(tier=tier)
        except SandboxUnavailable as error:
            notes.append(f"{tier}: not measured: {error}")
            continue
        with opened as sandbox:
            sandbox.judge_many(cases[:4])  # warm up: builds what is built once
            spent = throughput(sandbox, cases, arguments.rounds)
            checks = singly(sandbox, mixed, arguments.rounds)
            found = {
                "screening": spent["check"] / spent["check_many"],
                "screening_direct": spent["direct check"] / spent["check_many"],
                "full": spent["test"] / spent["judge_many"],
                "full_direct": spent["direct test"] / spent["judge_many"],
                "many": checks["alone"] / checks["many"],
                "batches": checks["alone"] / checks["batches"],
                "sixteen": checks["alone"] / checks["sixteen"],
                "disagreements": checks["disagreements"],
                "launch_ms": launch(sandbox, arguments.rounds),
                "cache_hit_ms": remembered(sandbox, cases[:40]),
            }
            figures[tier.value] = {name: round(value, 2) for name, value in found.items()}
            rate = {name: len(cases) / seconds for name, seconds in spent.items()}
            lines += [
                *(
                    [tier.value, f"{what}{by}, verdicts a second", f"{rate[how + kind]:.1f}",
                     f"{rate[ours]:.1f}", f"**{found[ratio + suffix]:.1f}x**"]
                    for what, kind, ours, ratio in (
                        (f"screening {len(cases)} programs", "check", "check_many", "screening"),
                        ("full verdicts of them", "test", "judge_many", "full"),
                    )
                    for by, how, suffix in (("", "", ""), (", no rustup proxy", "direct ", "_direct"))
                ),
                [tier.value, f"`check_many` of {len(mixed)} against checks one by one, programs a second",
                 f"{len(mixed) / checks['alone']:.1f}", f"{len(mixed) / checks['many']:.1f}",
                 f"**{found['many']:.1f}x**, {checks['disagreements']:.0f} disagreements "
                 f"({checks['unsteady']:.0f} that rustc itself words differently from run to run)"],
                [tier.value, "the same in batches of sixteen at most", f"{len(mixed) / checks['alone']:.1f}",
                 f"{len(mixed) / checks['batches']:.1f}", f"**{found['batches']:.1f}x**"],
                [tier.value, "the same, a call for each sixteen", f"{len(mixed) / checks['alone']:.1f}",
                 f"{len(mixed) / checks['sixteen']:.1f}", f"**{found['sixteen']:.1f}x**"],
                [tier.value, "a launch in the jail, above the bare launch, ms", "", f"{found['launch_ms']:.1f}", ""],
                [tier.value, "a remembered verdict, ms", "", f"{found['cache_hit_ms']:.2f}", ""],
            ]  # fmt: skip
            if people and tier is Tier.BUBBLEWRAP:
                line, exceptions = labels(sandbox, arguments.data)
                notes.append(f"Judged both ways, in agreement with their labels: {line}. Exceptions:")
                notes += [f"- {item}" for item in exceptions]
                figures["labels"] = line
    body = "\n".join(
        [
            results.where("python -m benchmarks.sandbox " + " ".join(sys.argv[1:])),
            f"Load {os.getloadavg()[0]:.1f} at the end; {arguments.rounds} rounds, medians, "
            f"{sum(item.source == koan.broken for item, koan in zip(cases, koans, strict=True))} of {len(cases)} broken.",
            "",
            results.table(["tier", "what", "cargo / one by one", "sleepy", "ratio"], lines),
            "",
            *notes,
        ]
    )
    return figures, body


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sandbox", description="P1, the sandbox's speed.")
    parser.add_argument("--koans", type=int, default=160, help="programs of the mixed load")
    parser.add_argument("--programs", type=int, default=240, help="programs checked one by one and many at once")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="a folder of JSONL files with people's cases, judged both ways")
    results.run("P1 The sandbox", parser, measure)


if __name__ == "__main__":
    main()
