"""Checks that nights killed at random moments end exactly as undisturbed ones do.

    python -m benchmarks.kills [--kills N] [--nights K] [--seed S] [--keep FOLDER] [--write] [--json]

One home is made with a short day of practice. For every date, a copy of it sleeps undisturbed: that is the reference.
Further copies sleep in a child process that is killed with SIGKILL and finally left to finish: half of them are killed
one to three times, at moments drawn uniformly from the undisturbed night's duration, the others four to ten times, each
within a third of it. Half the kills hit the child and everything it started, half only the child, as the kernel's
out-of-memory killer does; in both cases every process must be gone within seconds.

`lost` counts nights after which something recorded was missing, duplicated or damaged; `changed` counts nights with a
decision, reasons, version (by content hash) or results different from the reference's.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from benchmarks import results
from benchmarks.kills.child import GONE, adopt, child, gone, kill
from benchmarks.kills.ended import Ended, differences, ended, remembered, stage
from benchmarks.kills.short import DAY, FIRST, practised, slept


@dataclass(slots=True)
class Tally:
    """The results of the kills."""

    kills: int = 0
    nights: int = 0
    lost: int = 0
    changed: int = 0
    orphans: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def undisturbed(root: Path, when: date, said: Path) -> tuple[Ended, float]:
    """Runs an undisturbed night; returns it and its seconds from the start of its process."""
    began = time.monotonic()
    with child(root, when, said) as process:
        process.wait()
    seconds = time.monotonic() - began
    assert process.returncode == 0, f"an undisturbed night failed:\n{said.read_text()}"
    found = ended(root, when)
    assert not found.damage, found.damage
    return found, seconds


def drawn(rng: random.Random, took: float) -> list[float]:
    """Draws the seconds from each start to its kill: a few anywhere in the night, or many in quick succession."""
    if rng.random() < 0.5:
        return [rng.uniform(0.0, took) for _ in range(rng.randint(1, 3))]
    return [rng.uniform(0.0, took / 3) for _ in range(rng.randint(4, 10))]


def disturbed(root: Path, when: date, moments: Sequence[float], rng: random.Random, tally: Tally, said: Path) -> None:
    """Runs one night, kills it at those of the moments that it reaches, then lets it finish."""
    before = remembered(root)
    for moment in moments:
        with child(root, when, said) as process:
            try:
                process.wait(moment)
                break  # it finished before the kill
            except subprocess.TimeoutExpired:
                kill(process, everything=rng.random() < 0.5)
            tally.kills += 1
            left = gone(GONE)
            if left:
                tally.orphans += len(left)
                tally.faults.append(f"still alive {GONE:.0f} s after the kill: {[item.cmdline()[:6] for item in left]}")
        tally.stages[stage(root, when)] += 1
        if remembered(root) != before:
            tally.faults.append(f"after a kill {remembered(root)} episodes and attempts, before {before}")
            tally.lost += 1
    else:
        with child(root, when, said) as process:
            process.wait()
    if process.returncode != 0:
        tally.faults.append(f"the night could not be resumed: {said.read_text()[-2000:]}")


def compared(found: Ended, expected: Ended, tally: Tally, name: str) -> None:
    """Counts the differences from the undisturbed night."""
    tally.nights += 1
    tally.decisions[str(found.decision.get("decision"))] += 1
    lost, changed = differences(found, expected)
    tally.lost += bool(lost)
    tally.changed += bool(changed)
    tally.faults += [f"{name}: {fault}" for fault in [*lost, *changed]]


def measure(arguments: argparse.Namespace) -> tuple[dict[str, object], str]:
    adopt()
    rng = random.Random(arguments.seed)
    began = time.monotonic()
    tally, took = Tally(), {}
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        place = Path(folder)
        practised(place / "day")
        say(f"practised {DAY} koans in {time.monotonic() - began:.0f} s")
        references: dict[date, Ended] = {}
        for number in range(arguments.nights):
            when = FIRST + timedelta(days=number)
            shutil.copytree(place / "day", place / when.isoformat())
            references[when], took[when] = undisturbed(place / when.isoformat(), when, place / "said")
            decided = references[when].decision["decision"]
            say(f"night of {when}: {decided}, version {references[when].version}, {took[when]:.1f} s undisturbed")
        while tally.kills < arguments.kills:
            when = rng.choice(list(references))
            root = place / f"killed {tally.nights}"
            shutil.copytree(place / "day", root)
            moments = drawn(rng, took[when])[: arguments.kills - tally.kills]
            faults = len(tally.faults)
            disturbed(root, when, moments, rng, tally, place / "said")
            compared(ended(root, when), references[when], tally, f"night {tally.nights} ({when})")
            say(f"{tally.kills} kills, {tally.nights} nights, {tally.lost} lost, {tally.changed} changed")
            for fault in tally.faults[faults:]:
                say(f"  {fault}")
            shutil.rmtree(root)
    figures: dict[str, object] = {
        "kills": tally.kills,
        "nights": tally.nights,
        "lost": tally.lost,
        "changed": tally.changed,
        "orphans": tally.orphans,
        "decisions": dict(tally.decisions),
        "stages": dict(tally.stages.most_common()),
        "undisturbed_seconds": [round(seconds, 1) for seconds in took.values()],
        "seconds": round(time.monotonic() - began),
        "faults": tally.faults[:20],
    }
    return figures, _body(tally, took)


def say(text: str) -> None:
    print(text, flush=True)


def _body(tally: Tally, took: dict[date, float]) -> str:
    rows = [[name, str(count)] for name, count in tally.stages.most_common()]
    lengths = ", ".join(f"{seconds:.0f}" for seconds in took.values())
    return "\n".join(
        [
            results.where("python -m benchmarks.kills " + " ".join(sys.argv[1:])),
            "",
            f"{tally.kills} kills at random moments over {tally.nights} nights ({lengths} s undisturbed): "
            f"{tally.lost} nights lost something, {tally.changed} ended otherwise than undisturbed, "
            f"{tally.orphans} processes outlived their night.",
            "",
            results.table(["stage at the kill", "kills"], rows),
        ]
    )


def main() -> None:
    if sys.argv[1:2] == ["--sleep"]:
        slept(Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description="Nights killed at random moments.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--nights", type=int, default=2, help="dates, each with its own seed and reference")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", help="where the scratch homes are made")
    results.run("Kills", parser, measure)


if __name__ == "__main__":
    main()
