"""The child process in which a night trains: jobs in, progress and a result for each out (see `apart`)."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

from sleepy.daemon.tools import Say

_EVERY = 0.25  # seconds between two words of progress


class Stopped(BaseException):
    """The parent wants no more: what is trained so far is in its checkpoint."""


def main() -> None:
    """Does the jobs on stdin, one after the other; ends when stdin closes."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no answer
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    _give_way()
    spoken = float("-inf")

    def say(what: str, done: int, total: int) -> None:
        nonlocal spoken
        if stopping.is_set():
            raise Stopped
        if time.monotonic() - spoken >= _EVERY:
            spoken = time.monotonic()
            print(json.dumps({"say": [what, done, total]}), file=out)

    while not stopping.is_set():
        try:
            job = json.loads(jobs.get(timeout=_EVERY))
        except queue.Empty:
            continue
        if job["memory"]:
            limit = job["memory"] << 20
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        spoken = float("-inf")
        try:
            result = _ACTS[job["act"]](job, say)
        except Stopped:
            return
        except MemoryError as error:
            print(json.dumps({"error": str(error) or "out of memory"}), file=out)
            return
        except Exception as error:
            print(json.dumps({"error": str(error).strip().split("\n")[0] or repr(error)}), file=out)
            return
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"result": result, "peak": peak}), file=out)


def _learn(job: Mapping[str, Any], say: Say) -> Any:
    """One pattern's adapter, in the job's folder."""
    from dataclasses import asdict

    from sleepy.daemon.night import train

    founders, start = job["founders"], job["start"]
    inside = None if founders is None else _bases(job["folder"], start, json.dumps(founders))
    lessons = [_lesson(item) for item in job["lessons"]]
    trainer = _trainer(job, say)
    return asdict(train.learn(trainer, Path(job["folder"]), job["signature"], lessons, inside, job["seed"]))


@lru_cache(maxsize=1)
def _bases(folder: str, start: str | None, founders: str) -> Any:
    """The subspace that all patterns of a round are learnt in."""
    from sleepy.daemon.night import train

    trained = [train.Trained(**item) for item in json.loads(founders)]
    return train.bases(Path(folder), _subspace(start), trained)


def _consolidate(job: Mapping[str, Any], say: Say) -> Any:
    """All adapters in one subspace, at the job's place."""
    from sleepy.daemon.night import train

    trained = [train.Trained(**item) for item in job["trained"]]
    subspace, refused, damage = train.consolidate(
        _trainer(job, say), Path(job["folder"]), trained, _courses(job), _subspace(job["start"]), job["seed"]
    )
    return {"subspace": subspace.save(Path(job["place"])), "refused": refused, "damage": damage}


_ACTS: Mapping[str, Callable[[Mapping[str, Any], Say], Any]] = {
    "learn": _learn,
    "consolidate": _consolidate,
}


def _trainer(job: Mapping[str, Any], say: Say) -> Any:
    from sleepy.daemon.night.train import Trainer

    def load() -> Any:
        return _model(job["model"], json.dumps({**job["compute"], "threads": job["threads"]}), job["form"])

    return Trainer(load, job["steps"], job["seconds"], say, job["compute"]["trains"])


@lru_cache(maxsize=1)
def _model(name: str, compute: str, form: str) -> Any:
    """The model, in the precision of training; one for all jobs."""
    from sleepy.daemon.agent.model import LanguageModel
    from sleepy.daemon.compute.compute import Compute

    chosen = Compute(**json.loads(compute))
    return LanguageModel.load(name, compute=chosen, dtype=chosen.trains, form=form)


def _courses(job: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [_lesson(item) for item in some] for name, some in job["courses"].items()}


def _lesson(item: Mapping[str, Any]) -> Any:
    from sleepy.memory.episodic.lessons import Lesson, Provenance

    return Lesson(**{**item, "provenance": Provenance(item["provenance"])})


def _subspace(folder: str | None) -> Any:
    from sleepy.memory.parametric.subspace import Subspace

    return Subspace.load(Path(folder)) if folder else None


def _listen(jobs: queue.SimpleQueue[str]) -> None:
    """Takes in jobs; ends this process with its parent: nobody else holds the other end of stdin."""
    for line in sys.stdin:
        jobs.put(line)
    os._exit(75)


def _give_way() -> None:
    """The lowest priority but one for the processor, and the disk when nobody else wants it."""
    import psutil

    with contextlib.suppress(OSError):
        os.nice(15)
    with contextlib.suppress(OSError, AttributeError, psutil.Error):
        psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


if __name__ == "__main__":
    main()
