"""The benchmark of kills: that it sees what a kill could do, and, slowly, that a kill does none of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.kills import child
from benchmarks.kills.ended import Ended, differences

ROOT = Path(__file__).resolve().parents[1]
WHOLE = Ended({"decision": "promote", "aliases": {"champion": "a"}}, "a", {"decide": "x"}, {"episodes": 40}, ())


@pytest.mark.parametrize(
    ("found", "lost", "changed"),
    [
        (WHOLE, 0, 0),
        (replace(WHOLE, counts={"episodes": 39}), 1, 0),
        (replace(WHOLE, damage=("no report",)), 1, 0),
        (replace(WHOLE, decision={"decision": "promote", "aliases": {"champion": "b"}}), 0, 1),
        (replace(WHOLE, results={"decide": "y"}), 0, 1),
        (Ended({}, None, {}, {}, ("there is no night",)), 2, 3),
    ],
)
def test_what_differs_from_an_undisturbed_night_is_seen(found: Ended, lost: int, changed: int) -> None:
    assert tuple(map(len, differences(found, WHOLE))) == (lost, changed)


def test_a_process_that_outlives_its_parent_is_seen() -> None:
    program = "import subprocess, sys; subprocess.Popen(['sleep', '60'], start_new_session=True)"
    done = subprocess.run(
        [sys.executable, "-c", f"import subprocess, sys\nfrom benchmarks.kills import child\nchild.adopt()\n"
         f"subprocess.run([sys.executable, '-c', {program!r}], check=True)\n"
         "left = child.gone(0.2)\nprint([item.name() for item in left])\n[item.kill() for item in left]\nassert not child.gone(5.0)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "['sleep']\n"
    assert child.GONE > 0


@pytest.mark.slow
def test_a_killed_night_ends_as_an_undisturbed_one() -> None:
    command = [sys.executable, "-m", "benchmarks.kills", "--kills", "2", "--nights", "1", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["kills"], told["lost"], told["changed"], told["orphans"]) == (2, 0, 0, 0), told["faults"]
