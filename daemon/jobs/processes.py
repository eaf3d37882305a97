"""Worker processes on this machine: at low priority, within a memory limit, and never longer than their parent lives.

A worker (`python -m` of `worker.py`) reads jobs as lines of JSON and answers in lines of JSON; jobs and results are in them
pickled. It ends when its input closes, so none survives its parent. Its memory is limited by RLIMIT_DATA (on Linux,
where the kernel enforces it).
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pickle
import queue
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO, Any, TypeVar

import psutil

from sleepy.daemon.base import priority
from sleepy.daemon.jobs.work import Hear, JobFailed, JobKind

NICE = 15
EVERY = 0.25  # seconds between a job's progress messages
GRACE = 1.5  # seconds for a last checkpoint; a pause must take effect within two
_POLL = 0.5  # seconds between checks for a stop
_AGAIN = "begun again, it goes on from here"
_EXITED: dict[str, Any] = {}  # stands for the last message of a worker that exited without one

T = TypeVar("T")
R = TypeVar("R")


class JobStopped(BaseException):
    """Raised by a job's `say` when it is told to stop; its latest checkpoint holds what it did so far."""


@dataclass(slots=True)
class _Worker:
    """A process with its current job."""

    process: subprocess.Popen[bytes]
    stderr: IO[bytes]
    job: int | None = None  # the index of its job; None while it waits for one
    share: float = 0.0  # how much of that job is done
    pending: bytes = field(default=b"")

    def give(self, number: int, work: JobKind[T, R], job: T) -> None:
        self.job, self.share = number, 0.0
        assert self.process.stdin is not None
        sent = {"limit": work.limit, "do": _packed((work.act, work.terms, job))}
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(sent).encode() + b"\n")
            self.process.stdin.flush()

    def read(self) -> list[dict[str, Any]] | None:
        """The messages since the last call; None when the process has exited."""
        assert self.process.stdout is not None
        got = self.process.stdout.read1()  # type: ignore[attr-defined]
        if not got:
            return None
        *lines, self.pending = (self.pending + got).split(b"\n")
        return [json.loads(text) for text in lines]


def done(work: JobKind[T, R], jobs: Iterable[T], hear: Hear) -> Generator[R, None, None]:
    """Does the jobs in as many processes as `work.at_once` says; yields the results in order."""
    source = enumerate(jobs)
    results: dict[int, R] = {}
    yielded = 0
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as ready:
        workers: list[_Worker] = []
        stack.callback(_stop, workers)
        while len(workers) < work.at_once and (job := next(source, None)) is not None:
            workers.append(_start(stack))
            workers[-1].give(job[0], work, job[1])
            ready.register(workers[-1].process.stdout, selectors.EVENT_READ, workers[-1])  # type: ignore[arg-type]
        what = work.name
        while any(worker.job is not None for worker in workers):
            running = [worker.share for worker in workers if worker.job is not None]
            hear(what, yielded + len(results) + sum(running))
            for key, _ in ready.select(_POLL):
                worker = key.data
                messages: list[dict[str, Any]] | None = worker.read()
                if messages is None and worker.job is None:  # it had nothing left to do
                    ready.unregister(key.fileobj)
                    continue
                for item in [_EXITED] if messages is None else messages:
                    if "say" in item:
                        what, so_far, of = item["say"]
                        worker.share = so_far / max(1, of)
                        continue
                    if "result" not in item:
                        raise JobFailed(_failure(item, worker), remedy=_AGAIN)
                    results[worker.job] = _unpacked(item["result"])
                    worker.job = None
                    if (job := next(source, None)) is not None:
                        worker.give(job[0], work, job[1])
            while yielded in results:
                yielded += 1
                yield results.pop(yielded - 1)


def _start(stack: contextlib.ExitStack) -> _Worker:
    stderr = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    process = subprocess.Popen(
        [sys.executable, "-m", "sleepy.daemon.jobs.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True,
    )  # fmt: skip
    return _Worker(process, stderr)


def _stop(workers: Sequence[_Worker]) -> None:
    """Ends the workers; each has `GRACE` seconds to write a last checkpoint, then it is killed."""
    for worker in workers:
        worker.process.terminate()
    until = time.monotonic() + GRACE
    for worker in workers:
        try:
            worker.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()
        for pipe in (worker.process.stdin, worker.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _failure(message: Mapping[str, Any], worker: _Worker) -> str:
    """Why a job failed, in one sentence: its own error, its process's last line on stderr, or how that exited."""
    if "error" in message:
        return str(message["error"])
    code = worker.process.wait()
    worker.stderr.seek(0)
    last = worker.stderr.read().decode(errors="replace").strip().split("\n")[-1]
    killed = f"the process was killed by signal {-code}"
    return last or (killed if code < 0 else f"the process exited with code {code}")


def work(jobs: queue.SimpleQueue[str]) -> None:
    """Runs the jobs, one after the other, until it is told to stop; answers on stdout."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # keep what libraries print out of the answers
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    lower_priority()
    reported = float("-inf")

    def say(what: str, so_far: int, total: int) -> None:
        nonlocal reported
        if stopping.is_set():
            raise JobStopped
        if time.monotonic() - reported >= EVERY:
            reported = time.monotonic()
            print(json.dumps({"say": [what, so_far, total]}), file=out)

    while not stopping.is_set():
        try:
            sent = json.loads(jobs.get(timeout=EVERY))
        except queue.Empty:
            continue
        act, terms, job = _unpacked(sent["do"])
        if sent["limit"]:
            limit = sent["limit"] << 20
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        reported = float("-inf")
        try:
            result = act(terms, job, say)
        except JobStopped:
            return
        except Exception as error:
            print(json.dumps({"error": reason(error)}), file=out)
            return
        print(json.dumps({"result": _packed(result)}), file=out)


def reason(error: Exception) -> str:
    """An error of a job in one line."""
    if isinstance(error, MemoryError):
        return str(error) or "out of memory"
    return str(error).strip().split("\n")[0] or repr(error)


def lower_priority() -> None:
    """Gives this process a low CPU priority, and the disk only when nobody else uses it."""
    priority.lower(NICE)
    with contextlib.suppress(OSError, AttributeError, psutil.Error):
        psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


def _packed(value: Any) -> str:
    return base64.b64encode(pickle.dumps(value)).decode("ascii")


def _unpacked(text: str) -> Any:
    return pickle.loads(base64.b64decode(text))  # noqa: S301 - between this process and its own child
