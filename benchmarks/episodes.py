"""P12: episodes written by several processes at once, into SQLite's file and into a PostgreSQL server's database.

    python -m benchmarks.episodes [--url URL] [--processes N] [--episodes N] [--write] [--json]

Each process has a home of its own and records its share as the day does: one transaction an episode, with an attempt,
its task, its pattern's counts and the day's. Afterwards every process's episodes are counted, and the patterns' counts,
which all processes change, must come to the same: one lost would be an error. Without `--url` only SQLite is measured;
the URL's database must be empty, and keeps the episodes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import results
from sleepy.memory.episodic import episodes, patterns
from sleepy.memory.episodic import server as servers
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.shared import Shared, masked
from sleepy.memory.episodic.tables import attempts, tasks
from sleepy.memory.episodic.tables import episodes as rows
from sleepy.memory.episodic.tasks import Task

PATTERNS = 200
_TEXT = "fn main() {\n    let x = 1;\n}\n" * 8
Where = Path | Shared


def write(where: Where, who: int, count: int, go: Barrier, done: multiprocessing.Queue[tuple[int, float]]) -> None:
    """Records one process's share once all are ready."""
    with Database.open(where, wait=600.0) as db:
        go.wait()
        began = time.perf_counter()
        for i in range(count):
            tried = episodes.LoggedAttempt("PASS" if i % 3 else "FAIL", bool(i % 3), _TEXT, "answer", _TEXT)
            task = Task(f"{who}-{i}", f"koan_{who}_{i}", _TEXT)
            made = episodes.Episode(task, f"E{i % PATTERNS:04d}:a pattern@fn", (tried,), "built-in")
            episodes.record(db, made, now=datetime.now(UTC))
        done.put((who, time.perf_counter() - began))


def written(where: Where, processes: int, share: int) -> float:
    """Episodes a second, of all processes together; raises `SystemExit` if one is missing."""
    Database.open(where).close()  # one migrates
    context = multiprocessing.get_context("spawn")
    go, done = context.Barrier(processes), context.Queue()
    workers = [context.Process(target=write, args=(where, who, share, go, done)) for who in range(processes)]
    for worker in workers:
        worker.start()
    seconds: list[float] = [done.get()[1] for _ in workers]
    for worker in workers:
        worker.join()
    with Database.open(where, read_only=True) as db:
        with db.reading() as connection:
            kept = Counter(
                name.split("-")[0]
                for (name,) in connection.execute(select(tasks.c.digest).join(rows, rows.c.task_id == tasks.c.id))
            )
            tried = int(connection.execute(select(func.count()).select_from(attempts)).scalar_one())
        counted = sum(item.episodes for item in patterns.overview(db, limit=PATTERNS + 1))
    if kept != {str(who): share for who in range(processes)} or not tried == counted == processes * share:
        raise SystemExit(f"episodes are missing: {dict(kept)}, {tried} attempts, {counted} counted, of {share} each")
    return processes * share / max(seconds)


def measure(arguments: argparse.Namespace) -> tuple[dict[str, float], str]:
    share = arguments.episodes // arguments.processes
    figures: dict[str, float] = {}
    told = []
    with tempfile.TemporaryDirectory() as folder:
        places: list[tuple[str, Where]] = [("SQLite's file", Path(folder) / "sleepy.db")]
        if arguments.url:
            shared = Shared(arguments.url, f"{platform.node()}:{folder}")
            with Database.open(shared) as db:
                places.append((f"PostgreSQL {servers.look(db).version}", shared))
        for name, where in places:
            rate = written(where, arguments.processes, share)
            figures[name.partition("'")[0].split()[0].lower()] = round(rate, 1)
            told.append([name, f"{arguments.processes * share:,}", f"{rate:,.0f}", "0"])
    command = " ".join(masked(word) if "://" in word else word for word in sys.argv[1:])
    body = [
        results.where(f"python -m benchmarks.episodes {command}"),
        "",
        results.table(["", "episodes", "a second, all together", "lost"], told),
    ]
    return figures, "\n".join(body)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.episodes", description="P12: episodes from processes.")
    parser.add_argument(
        "--url", default="", help="an empty PostgreSQL database; its password in PGPASSWORD or ~/.pgpass"
    )
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--episodes", type=int, default=100_000)
    results.run("P12 Episodes from several processes", parser, measure)


if __name__ == "__main__":
    main()
