"""The hooks for pre-commit and the workflow for GitHub: read as these read them, and run on a broken crate."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from tests.sandbox.workspace.planting import single, tree

ROOT = Path(__file__).resolve().parents[1]
_BROKEN = "pub fn count(words: &[&str]) -> usize {\n    let n = 0;\n    for word in words {\n        n += word.len();\n    }\n    n\n}\n"
_RIGHT = _BROKEN.replace("let n", "let mut n")


def hooks() -> dict[str, dict[str, Any]]:
    found = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return {each["id"]: each for each in found}


def step(name: str) -> str:
    jobs = yaml.safe_load((ROOT / "docs/github-action.yml").read_text())["jobs"]
    (found,) = [str(each["run"]) for job in jobs.values() for each in job["steps"] if each.get("name") == name]
    return found


class Shell:
    """Runs commands in a crate, with `sleepy` on the PATH and a home of its own."""

    def __init__(self, place: Path, crate: Path) -> None:
        self.crate, self.output = crate, place / "output"
        (place / "bin").mkdir()
        program = place / "bin" / "sleepy"
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m sleepy "$@"\n')
        program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
        self._environment = {
            **kept,
            "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
            "SLEEPY_HOME": str(place / "home"),
            "GITHUB_OUTPUT": str(self.output),
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=self.crate, env=self._environment, capture_output=True, text=True, timeout=120)


def test_hooks_and_workflow_show_a_repair_and_only_one_hook_writes_it(tmp_path: Path) -> None:
    shell, known = Shell(tmp_path, single(tmp_path, _BROKEN)), hooks()
    before, file = tree(shell.crate), shell.crate / "src/lib.rs"
    shows, writes = (shlex.split(known[name]["entry"]) for name in ("sleepy", "sleepy-fix"))
    assert all(hook["language"] == "system" and not hook["pass_filenames"] for hook in known.values())

    red = shell.run(*shows)
    assert red.returncode == 1 and "+    let mut n = 0;" in red.stdout and tree(shell.crate) == before, red.stderr

    done = shell.run("bash", "-e", "-c", step("Propose a repair"))
    assert done.returncode == 0 and shell.output.read_text() == "found=true\n", done.stderr
    assert file.read_text() == _BROKEN and (shell.crate / "sleepy.diff").read_text() == red.stdout.rstrip("\n") + "\n"

    written = shell.run(*writes)
    assert written.returncode == 0 and file.read_text() == _RIGHT, written.stderr
    green = shell.run(*shows, ".")
    assert green.returncode == 0 and not green.stdout.strip(), green.stdout


def test_the_workflow_runs_only_what_it_names_and_may_only_read() -> None:
    workflow = yaml.safe_load((ROOT / "docs/github-action.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    first = next(place for place, each in enumerate(job["steps"]) if "cargo test" in each.get("run", ""))
    assert all(str(each.get("if", "")).startswith("failure()") for each in job["steps"][first + 1 :])
