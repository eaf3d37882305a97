"""What share of the signatures in sets of real mistakes nights can teach: alone, or with the rest of their code.

    python -m benchmarks.coverage FILE.jsonl ... [--seed S] [--json]

A signature is teachable where the curation's search finds, within its patience, the held-out koans and the lessons that a
course needs; a code likewise, its koans spread over the set's signatures. Nothing of the files is taught or
kept: they only say which signatures people's mistakes have. The last line of the output is JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import results
from sleepy.daemon.attempt.attempt import diagnose
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.night.course import LEAST_HELD_OUT, LEAST_LESSONS
from sleepy.daemon.night.curate import held_out_search, lesson_search
from sleepy.daemon.night.making import VARIANTS
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import rows
from sleepy.memory.parametric.scope import code_of

LEAST_PROGRAMS = -(-LEAST_LESSONS // (1 + VARIANTS))  # each gives a lesson under its own names and under others
NEEDED = ("E0499", "E0502", "E0505", "E0506", "E0597", "E0716", "E0503", "E0560", "E0603")


@dataclass(frozen=True, slots=True)
class Found:
    """How many held-out koans and koans for lessons were found for each scope."""

    held_out: Counter[str]
    lessons: Counter[str]

    def teachable(self, scope: str) -> bool:
        return self.held_out[scope] >= LEAST_HELD_OUT and self.lessons[scope] >= LEAST_PROGRAMS


def search(tools: Tools, spread: Mapping[str, Mapping[str, float]], seed: int) -> Found:
    """What both searches find for these scopes."""
    scopes = list(spread)
    examining, teaching = held_out_search(tools, scopes, seed), lesson_search(tools, scopes, seed + 1)
    found = Found(Counter(), Counter())
    for scope, item in examining.find(dict.fromkeys(scopes, LEAST_HELD_OUT), spread):
        found.held_out[scope] += 1
        teaching.refuse([item.koan])
    for scope, _ in teaching.find(dict.fromkeys(scopes, LEAST_PROGRAMS), spread):
        found.lessons[scope] += 1
    return found


def signatures(tools: Tools, path: Path) -> list[str]:
    """The signatures of a file's koans."""
    return sorted({item.signature for item in diagnose(rows.read(path), tools.judge)[0]})


def by_code(names: Sequence[str]) -> dict[str, dict[str, float]]:
    """The signatures under each of their codes, alike."""
    return {
        code: {name: 1.0 for name in names if code_of(name) == code}
        for code in sorted({code_of(name) for name in names})
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="the last line alone")
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, equipped(Config(), Home(Path(folder) / "home")) as tools:
        sets = {path.stem: signatures(tools, path) for path in arguments.files}
        every = sorted({name for names in sets.values() for name in names})
        alone = search(tools, {name: {name: 1.0} for name in every}, arguments.seed)
        wanted = {**by_code(every), **{code: {} for code in NEEDED if not any(code_of(name) == code for name in every)}}
        together = search(tools, wanted, arguments.seed)
    lines = []
    figures: dict[str, object] = {}
    for stem, names in sets.items():
        fine = [name for name in names if alone.teachable(name)]
        coarse = [name for name in names if together.teachable(code_of(name))]
        either = {*fine, *coarse}
        lines.append([stem, str(len(names)), *(f"{len(some) / len(names):.0%}" for some in (fine, coarse, either))])
        figures[stem] = {"signatures": len(names), "alone": len(fine), "code": len(coarse), "either": len(either)}
    figures["codes_missing"] = [code for code in wanted if not together.teachable(code)]
    figures["needed_missing"] = [code for code in NEEDED if not together.teachable(code)]
    figures["seconds"] = round(time.monotonic() - began, 1)
    if not arguments.json:
        print(results.table(["set", "signatures", "alone", "by code", "either"], lines))
        for name in every:
            if not alone.teachable(name):
                code = "code" if together.teachable(code_of(name)) else "NEITHER"
                print(f"{code:8}{alone.held_out[name]:4}{alone.lessons[name]:4}  {name}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
