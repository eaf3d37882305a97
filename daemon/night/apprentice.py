"""The child process in which a night trains: one job in, progress and one result out (see `apart`)."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from sleepy.daemon.tools import Say

_EVERY = 0.25  # seconds between two words of progress


class Stopped(BaseException):
    """The parent wants no more: what is trained so far is in its checkpoint."""


def main() -> None:
    """Does the job on stdin; ends when stdin closes."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no answer
    job = json.loads(sys.stdin.readline() or "null")
    if job is None:
        return
    threading.Thread(target=_until_closed, daemon=True).start()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    _give_way()
    if job["memory"]:
        limit = job["memory"] << 20
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    spoken = float("-inf")

    def say(what: str, done: int, total: int) -> None:
        nonlocal spoken
        if stopping.is_set():
            raise Stopped
        if time.monotonic() - spoken >= _EVERY:
            spoken = time.monotonic()
            print(json.dumps({"say": [what, done, total]}), file=out)

    try:
        result = _ACTS[job["act"]](job, say)
    except Stopped:
        return
    except MemoryError:
        print(json.dumps({"error": "out of memory"}), file=out)
        return
    except Exception as error:
        print(json.dumps({"error": str(error).strip().split("\n")[0] or repr(error)}), file=out)
        return
    print(json.dumps({"result": result, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), file=out)


def _train(job: Mapping[str, Any], say: Say) -> Any:
    """An adapter a pattern, in the job's folder."""
    from dataclasses import asdict

    from sleepy.daemon.night import train

    found = train.train(_trainer(job, say), Path(job["folder"]), _courses(job), _start(job), job["seed"])
    return [asdict(item) for item in found]


def _consolidate(job: Mapping[str, Any], say: Say) -> Any:
    """All adapters in one subspace, at the job's place."""
    from sleepy.daemon.night import train

    trained = [train.Trained(**item) for item in job["trained"]]
    subspace, refused, damage = train.consolidate(
        _trainer(job, say), Path(job["folder"]), trained, _courses(job), _start(job), job["seed"]
    )
    return {"subspace": subspace.save(Path(job["place"])), "refused": refused, "damage": damage}


_ACTS: Mapping[str, Callable[[Mapping[str, Any], Say], Any]] = {
    "train": _train,
    "consolidate": _consolidate,
}


def _trainer(job: Mapping[str, Any], say: Say) -> Any:
    from sleepy.daemon.agent.model import LanguageModel
    from sleepy.daemon.night.train import Trainer

    def load() -> LanguageModel:
        return LanguageModel.load(job["model"], device=job["device"], threads=job["threads"], form=job["form"])

    return Trainer(load, job["steps"], job["seconds"], say)


def _courses(job: Mapping[str, Any]) -> dict[str, Any]:
    from sleepy.memory.episodic.lessons import Lesson, Provenance

    return {
        name: [Lesson(**{**item, "provenance": Provenance(item["provenance"])}) for item in some]
        for name, some in job["courses"].items()
    }


def _start(job: Mapping[str, Any]) -> Any:
    from sleepy.memory.parametric.subspace import Subspace

    return Subspace.load(Path(job["start"])) if job["start"] else None


def _until_closed() -> None:
    """Ends this process with its parent: nobody else holds the other end of stdin."""
    while os.read(0, 4096):
        pass
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
