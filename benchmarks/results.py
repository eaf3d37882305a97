"""Writes RESULTS.md: one section per benchmark, replaced as a whole when it is measured again."""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from sleepy.sandbox import toolchain

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = (
    "# Results\n\nMeasured by the benchmarks beside this file; each section says when, where and by which command.\n"
)


def write(name: str, body: str, *, path: Path = RESULTS) -> None:
    """Replaces a section, or appends it if it is new."""
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    section = f"## {name}\n\n{body.strip()}\n"
    found = re.search(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found:
        text = text[: found.start()] + section + ("\n" if found.end() < len(text) else "") + text[found.end() :]
    else:
        text = f"{text.rstrip()}\n\n{section}"
    path.write_text(text, encoding="utf-8")


def run(
    section: str,
    parser: argparse.ArgumentParser,
    measure: Callable[[argparse.Namespace], tuple[Mapping[str, object], str]],
) -> None:
    """Runs a benchmark's command: measures, prints the section, and with options writes it or prints JSON."""
    parser.add_argument("--write", action="store_true", help="put the result into RESULTS.md")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args()
    figures, body = measure(arguments)
    print(body)
    if arguments.write:
        write(section, body)
    if arguments.json:
        print(json.dumps(figures))


def where(command: str) -> str:
    """The line that states the command, the date, the versions and the machine."""
    cores = _first("/proc/cpuinfo", "model name") or platform.processor() or "unknown processor"
    count = len(_lines("/proc/cpuinfo", "model name")) or 1
    memory = int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=Path(__file__).parent
    ).stdout.strip()
    return (
        f"`{command}`, {date.today()}, commit {commit or 'unknown'}, {toolchain.find().version}, "
        f"Python {platform.python_version()}, {count} x {cores}, {memory:.0f} GiB, Linux {platform.release()}."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _lines(path: str, key: str) -> list[str]:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return []
    return [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith(key)]


def _first(path: str, key: str) -> str:
    return next(iter(_lines(path, key)), "")
