"""P8: `sleepy status` on a home with a million episodes against one with a thousand.

    python -m benchmarks.status [--episodes N] [--rounds R] [--write] [--json]

The first thousand are recorded as the day records them, spread over a year and two hundred patterns; the others are
copies of their rows, attempts included, with the counts multiplied. The whole command is timed, in turn on both homes.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks import results
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.tasks import Task

FEW = 1000
PATTERNS, DAYS = 200, 350
_TEXT = "fn main() {\n    let x = 1;\n}\n" * 8


def practised(where: Path, count: int) -> None:
    """Makes a database of `count` episodes, a multiple of a thousand."""
    now = datetime.now(UTC)
    with Database.open(where) as db:
        for i in range(FEW):
            tried = episodes.LoggedAttempt("PASS" if i % 3 else "FAIL", bool(i % 3), _TEXT, "answer", _TEXT)
            task = Task(f"{i:064d}", f"koan_{i}", _TEXT)
            made = episodes.Episode(task, f"E{i % PATTERNS:04d}:a pattern@fn", (tried,), "built-in")
            episodes.record(db, made, now=now - timedelta(days=i * DAYS / FEW))
        copies = count // FEW
        if copies < 2:
            return
        with db.writing() as connection:
            connection.execute(text("CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS "
                                    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n"),
                               {"last": copies - 1})  # fmt: skip
            connection.execute(text(
                "INSERT INTO episodes (id, task_id, pattern_id, version_id, phase, model, started, passed, is_label) "
                f"SELECT e.id + i * {FEW}, task_id, pattern_id, version_id, phase, model, started, passed, is_label "
                "FROM numbers, episodes e"))  # fmt: skip
            connection.execute(text(
                "INSERT INTO attempts (episode_id, ordinal, rung, route, prompt, answer, source, outcome, passed, is_label, "
                f"detail, seconds, tokens) SELECT a.episode_id + i * {FEW}, ordinal, rung, route, prompt, answer, source, "
                "outcome, passed, is_label, detail, seconds, tokens FROM numbers, attempts a"))  # fmt: skip
            connection.execute(text("UPDATE tallies SET attempts = attempts * :n, passes = passes * :n"), {"n": copies})
            connection.execute(
                text("UPDATE patterns SET episodes = episodes * :n, passes = passes * :n"), {"n": copies}
            )


def shown(home: Path) -> float:
    """The seconds that the command takes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "sleepy", "status", "--home", str(home)], check=True, capture_output=True)
    return time.perf_counter() - began


def measure(arguments: argparse.Namespace) -> tuple[dict[str, float], str]:
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        for home, count in ((few, FEW), (many, arguments.episodes)):
            home.mkdir()
            practised(home / "sleepy.db", count)
        size = (many / "sleepy.db").stat().st_size >> 20
        pairs = [(shown(few), shown(many)) for _ in range(arguments.rounds + 1)][1:]
    small, large = (statistics.median(times) for times in zip(*pairs, strict=True))
    figures = {"few": round(small, 3), "many": round(large, 3), "ratio": round(large / small, 2)}
    rows = [
        [f"{FEW:,} episodes", f"{small:.2f}", ""],
        [f"{arguments.episodes:,} episodes, {size:,} MiB", f"{large:.2f}", f"**{large / small:.2f}x**"],
    ]
    body = [
        results.where("python -m benchmarks.status " + " ".join(sys.argv[1:])),
        "",
        results.table(["`sleepy status`", "seconds, median", ""], rows),
    ]
    return figures, "\n".join(body)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.status", description="P8: status of a large home.")
    parser.add_argument("--episodes", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    results.run("P8 `sleepy status` of a large home", parser, measure)


if __name__ == "__main__":
    main()
