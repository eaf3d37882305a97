"""P14: a day and a whole night on a Ray cluster of three nodes, and again with nodes that are lost, against this machine.

    python -m benchmarks.cluster_night [--koans N] [--exam N] [--write] [--json]

Each run has a home of its own: a day of practice with exploration, then a night from `collect` to `report`, with two
patterns and a code, whose course the champion rehearses. The cluster is made here: a head without cores, and nodes of one
core. In the last run a node that is at work goes without a word while the day practises, one while a pattern is trained,
one in the exam; another comes for each. No limit is the clock's. It fails unless all runs come to the same, episode by
episode and verdict by verdict.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from benchmarks import results
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.heartbeat import PRACTICE
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.day.day import day
from sleepy.daemon.jobs import connection
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.tools.equip import equipped
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.memory.episodic import tables, versions

NIGHT = date(2026, 11, 24)
NODES = 3
KOANS = 200
PATTERNS = (
    "E0107:enum takes # generic arguments but # generic argument was supplied@fn",
    "E0063:missing field `_` in initializer of `_`@fn",
    "E0107",
)
CONFIG = Config(
    model="novice", dtype="float32", threads="1", explore=1.0, lessons=64, held_out=20, night_minutes=1440,
    pattern_seconds=86_400,
)  # fmt: skip
# when -> how what is then said begins, and how much of it is done by then at least
LOSSES = {"day": (PRACTICE, 1), "training": ("train ", 10), "exam": ("exam: ", 0)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day and a night came to. Hashes are over what is remembered, without times."""

    attempted: int
    solved: int
    explored: Mapping[str, int]
    decision: str
    exam: tuple[int, int, int]  # tasks, passes before, passes after
    version: str
    episodes: int
    tasks: int  # different ones that episodes are of
    answers: str
    lessons: str
    verdicts: int
    judged: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its outcome, its seconds by day and by night, and what was at work on the nodes that it lost."""

    name: str
    outcome: Outcome
    day: float
    night: float
    lost: tuple[str, ...] = ()


class LocalCluster:
    """A head without cores, and nodes of one core each, on this machine."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self.address: str = made.address
        self._nodes = [made.add_node(num_cpus=1) for _ in range(NODES)]

    def lose(self) -> str | None:
        """Kills a node that does a job, and adds another; what it did. None where none does any."""
        import ray

        for item in ray.util.list_named_actors(all_namespaces=True):
            if item["namespace"] != connection.NAMESPACE:
                continue
            state = ray.get(ray.get_actor(item["name"], namespace=connection.NAMESPACE).doing.remote())
            if state.task is not None:
                (node,) = [each for each in self._nodes if each.node_id == state.node]
                self._nodes.remove(node)
                self._made.remove_node(node, allow_graceful=False)
                self._nodes.append(self._made.add_node(num_cpus=1))
                return str(state.task.work)
        return None


@dataclass
class Losses:
    """A listener that has the cluster lose a node at each of the moments, once."""

    cluster: LocalCluster
    left: dict[str, tuple[str, int]] = field(default_factory=lambda: dict(LOSSES))
    lost: list[str] = field(default_factory=list)

    def __call__(self, what: str, done: int, total: int) -> None:
        for when, (begins, least) in list(self.left.items()):
            if what.startswith(begins) and least <= done < total and (work := self.cluster.lose()) is not None:
                del self.left[when]
                self.lost.append(f"{when}: {work}")


@contextmanager
def clustered() -> Iterator[LocalCluster]:
    """The cluster, within."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        yield LocalCluster(made)
    finally:
        made.shutdown()


def lived(
    name: str, config: Config, root: Path, koans: int, exam: int, say: Say = silent, only: Sequence[str] = PATTERNS
) -> Run:
    """A day and a night in a new home, with an exam of about so many of the tasks."""
    tasks = library.exam()
    with equipped(config, Home(root), say=say, exam=tasks[:: max(1, len(tasks) // exam)]) as tools:
        began = time.monotonic()
        done = day(tools, serve.serving(tools), config.seed, koans)
        woken = time.monotonic()
        night = sleep(tools, NIGHT, only=only)
        slept = time.monotonic()
        outcome = Outcome(
            done.attempted, done.passed, done.explored, night.decision or "",
            (night.exam_tasks or 0, night.baseline_passes or 0, night.challenger_passes or 0),
            versions.champion(tools.db) or "", **remembered(tools),
        )  # fmt: skip
    return Run(name, outcome, round(woken - began, 1), round(slept - woken, 1))


def remembered(tools: Tools) -> dict[str, Any]:
    """What the database holds, counted and hashed."""
    with tools.db.reading() as connection:

        def told(query: Select[Any]) -> list[Any]:
            return [tuple(row) for row in connection.execute(query)]

        a, v = tables.attempts.c, tables.verdicts.c
        of_day = told(select(tables.episodes.c.task_id).where(tables.episodes.c.phase == "day"))
        tried = told(
            select(a.episode_id, a.ordinal, a.rung, a.answer, a.outcome).order_by(a.episode_id, a.ordinal)
        )  # fmt: skip
        taught = told(select(tables.lessons.c.content_hash).order_by(tables.lessons.c.id))
        judged = told(select(v.key, v.outcome).order_by(v.key))
    return {
        "episodes": len(of_day), "tasks": len(set(of_day)), "answers": digest(tried), "lessons": digest(taught),
        "verdicts": len(judged), "judged": digest(judged),
    }  # fmt: skip


def digest(rows: Sequence[Any]) -> str:
    """A short hash."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:12]


def wrong(here: Run, run: Run) -> list[str]:
    """What of a run is not as it should be, in a line each."""
    found = [
        f"{run.name}: {name} {value}, here {asdict(here.outcome)[name]}"
        for name, value in asdict(run.outcome).items()
        if value != asdict(here.outcome)[name]
    ]
    told = run.outcome
    if told.decision != "promote":
        found.append(f"{run.name}: {told.decision}, not promote")
    if told.attempted != told.episodes:
        found.append(f"{run.name}: {told.attempted} koans were asked, and there are {told.episodes} episodes")
    return found


def measure(arguments: argparse.Namespace) -> tuple[Mapping[str, object], str]:
    """The figures, and the section about them."""
    size = arguments.koans, arguments.exam
    with tempfile.TemporaryDirectory(prefix="sleepy-cluster-night-") as folder, clustered() as cluster:
        runs = [told(lived("this machine", CONFIG, Path(folder, "here"), *size))]
        there = replace(CONFIG, cluster=cluster.address)
        runs.append(told(lived(f"{NODES} nodes", there, Path(folder, "nodes"), *size)))
        losses = Losses(cluster)
        lossy = lived("and 3 lost", there, Path(folder, "lost"), *size, losses)
        runs.append(told(replace(lossy, lost=tuple(losses.lost))))
    faults = [fault for run in runs for fault in wrong(runs[0], run)]
    faults += [f"no node was lost in the {when}" for when in losses.left]
    if faults:
        raise SystemExit("\n".join(faults))
    head = ["", "solved", "decision", "exam", "version", "day", "night", "episodes", "verdicts", "lost"]
    rows = [
        [
            run.name, f"{run.outcome.solved} of {run.outcome.attempted}", run.outcome.decision,
            "{1} -> {2} of {0}".format(*run.outcome.exam), run.outcome.version[:12], f"{run.day:.0f} s",
            f"{run.night:.0f} s", str(run.outcome.episodes), str(run.outcome.verdicts), ", ".join(run.lost) or "-",
        ] for run in runs
    ]  # fmt: skip
    body = [
        results.where(f"python -m benchmarks.cluster_night --koans {arguments.koans} --exam {arguments.exam}"),
        "",
        results.table(head, rows),
        "",
        "All answers, lessons and verdicts are the same, row by row, and so is the version.",
    ]
    return {"same": True, "runs": [asdict(run) for run in runs]}, "\n".join(body)


def told(run: Run) -> Run:
    """The run, said as soon as it is over: the next takes minutes."""
    print(run, flush=True)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster_night", description=__doc__.splitlines()[0])
    parser.add_argument("--koans", type=int, default=KOANS)
    parser.add_argument("--exam", type=int, default=len(library.exam()))
    results.run("P14 A day and a night on a cluster", parser, measure)


if __name__ == "__main__":
    main()
