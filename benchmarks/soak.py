"""Does the daemon leak? Runs ninety days on a virtual clock with the real loop, database and nights.

    python -m benchmarks.soak [--days 90] [--attempts 100000] [--home DIR]

The clock is virtual, the model is scripted (it solves nine tasks in ten, so no night has anything to train), and
verdicts are the sandbox's, remembered after the first time. The rest is what runs on a developer's machine: the
service's ticks, `practise`, `sleep` with its reports, the log, and one status query per day. Prints one line of JSON:
memory after a warm-up (the first tenth) and at the end, and the most open files, children and threads after that.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.base import log
from sleepy.daemon.base.clock import Reading
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import practise
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.service.beat import Beat
from sleepy.daemon.service.leisure import Machine
from sleepy.daemon.service.loop import Senses, Service
from sleepy.daemon.service.plan import Work, WorkKind
from sleepy.daemon.service.work import Ended, done
from sleepy.daemon.status import read as status
from sleepy.daemon.tools.cancellable_judge import CancellableJudge
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import nights
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import NightState
from sleepy.sandbox.sandbox import Sandbox

_STEP = timedelta(minutes=10)  # of the virtual clock, from tick to tick
_BEGIN = datetime(2026, 2, 1, 12, tzinfo=UTC)  # the 90 days include the clocks' change in spring
_PRACTICES = 48  # per day
_KOANS = 16  # the same ones are attempted again and again


@dataclass
class Clock:
    """A clock that is advanced by hand."""

    now: datetime = _BEGIN

    def read(self) -> Reading:
        return Reading(self.now, self.now.timestamp())


@dataclass
class Inline:
    """A worker that does its work at once, in the same thread."""

    act: Any
    at_work: Work | None = None
    _ended: Ended | None = None

    def begin(self, work: Work) -> None:
        self.at_work = work
        self._ended = done(self.act, work)

    def ended(self) -> Ended | None:
        found, self._ended, self.at_work = self._ended, None, None
        return found


@dataclass
class Seen:
    """The process's resources at every look: memory, open files, children, threads."""

    process: psutil.Process = field(default_factory=psutil.Process)
    memory: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def look(self) -> None:
        gc.collect()
        self.memory.append(self.process.memory_info().rss)
        self.files.append(self.process.num_fds())
        self.children.append(len(self.process.children(recursive=True)))
        self.threads.append(self.process.num_threads())


class Model(ScriptedModel):
    """A scripted model without weights; it serves nothing, since no night promotes."""

    @contextmanager
    def serving(self, subspace: object) -> Iterator[Model]:
        assert subspace is None
        yield self


def scripted(koans: list[Diagnosis], rng: random.Random) -> Model:
    """A script that answers nine tasks in ten with the reference and the rest with a broken program."""
    fixed = {item.koan.broken: item.koan.fixed for item in koans}

    def script(request: Request, _route: str | None) -> str:
        return f"```rust\n{fixed[request.source]}\n```" if rng.random() < 0.9 else "```rust\nfn main() {\n```"

    return Model(script, form=Format.WHOLE_FILE)


def soak(home: Home, *, days: int, attempts: int, seed: int = 0) -> dict[str, Any]:
    """Runs the days and returns the figures."""
    clock, seen, rng = Clock(), Seen(), random.Random(seed)
    a_practice = max(1, attempts // (days * _PRACTICES))
    config = Config(day_at="*/30 * * * *", night_at="0 3 * * *")
    lived, began = 0, time.monotonic()
    home.make()
    with log.written(home.logs), Sandbox.open() as sandbox, Database.open(home.database) as db:
        beat = Beat(lambda: clock.now)
        beat.db = db
        with closing(CancellableJudge(RememberingJudge(sandbox, db), beat.check)) as judge:
            koans, _ = diagnose(library.classics()[:_KOANS], judge)
            model: Any = scripted(koans, rng)
            tools = Tools(db, home, config, model, judge, (), beat, lambda: clock.now)

            def act(work: Work) -> str:
                nonlocal lived
                if work.kind is WorkKind.NIGHT:
                    assert work.date is not None
                    return str(sleep(replace(tools), work.date).decision)
                chosen = [rng.choice(koans) for _ in range(a_practice)]
                lived += practise(tools, Served(), chosen).attempted
                return "practised"

            zone = ZoneInfo("Europe/Berlin")
            worker = Inline(act)
            service = Service(db, home, config, worker, beat, Senses(clock.read, lambda: zone, lambda _: Machine()))
            warm = _BEGIN + timedelta(days=max(1, days // 10))
            for day in range(days):
                while clock.now < _BEGIN + timedelta(days=day + 1):
                    clock.now += _STEP
                    service.tick()
                if clock.now >= warm:
                    asked = time.monotonic()
                    status(home, config, now=clock.now)
                    seen.seconds.append(time.monotonic() - asked)
                    seen.look()
            slept = [night for night in nights.recent(db, limit=days + 10) if night.state is NightState.DONE]
        return {
            "days": days,
            "attempts": lived,
            "nights": len(slept),
            "seconds": round(time.monotonic() - began, 1),
            "memory_mib": [round(seen.memory[0] / 2**20, 1), round(max(seen.memory[-3:]) / 2**20, 1)],
            "growth": round(max(seen.memory[-3:]) / seen.memory[0] - 1, 4),
            "files": [seen.files[0], max(seen.files)],
            "children": [seen.children[0], max(seen.children)],
            "threads": [seen.threads[0], max(seen.threads)],
            "connections": db.engine.pool.checkedout(),  # type: ignore[attr-defined]
            "status_ms": [round(1000 * seen.seconds[0], 1), round(1000 * seen.seconds[-1], 1)],
            "database_mib": round(home.file.stat().st_size / 2**20, 1),
            "log_files": len(list(home.logs.iterdir())),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--home", type=Path, help="kept; without it a folder that goes afterwards")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sleepy-soak-") as scratch:
        home = Home((given.home or Path(scratch, "home")).absolute())
        print(json.dumps(soak(home, days=given.days, attempts=given.attempts, seed=given.seed)))


if __name__ == "__main__":
    main()
