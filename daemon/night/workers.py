"""Trains in worker processes: at low priority, within a memory limit, and never longer than the night lives.

A worker (`python -m` of `worker.py`) reads jobs as lines of JSON and answers in lines of JSON. It ends when its input
closes, so none survives the night's process. Its memory is limited by RLIMIT_DATA (on Linux, where the kernel enforces
it), but not for a model on a GPU. Patterns that do not depend on each other are learnt by several workers at once, one
per core: two workers are nearly twice as fast as one with two threads. A pattern's result does not depend on the number
of workers.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import IO, Any

import psutil
from cattrs import Converter

from sleepy.daemon.base import priority
from sleepy.daemon.base.config import AUTO
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.compute.choose import cores
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.compute.peak import peak_mib
from sleepy.daemon.compute.room import training_bytes
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import recipe
from sleepy.daemon.night import train as training
from sleepy.daemon.night.recipe import RateRecipe
from sleepy.daemon.night.train import Trainer
from sleepy.daemon.stages.stages import TrainedPattern
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.subspace import Subspace

_NICE = 15
_POLL = 0.5  # seconds between checks for a stop
_EVERY = 0.25  # seconds between a worker's progress messages
_GRACE = 1.5  # seconds for a last checkpoint; a pause must take effect within two
_EXITED: dict[str, Any] = {}  # stands for the last message of a worker that exited without one
_SHARE = 0.75  # share of the machine's memory that training may use
_TOGETHER = 4 << 30  # bytes that several workers take together at most, unless night_memory says otherwise
_REMEDY = "if it ran out of memory, raise night_memory; the night resumes from here when it is started again"


class TrainingFailed(UserError):
    """Training ended without a result."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all jobs share: the model, what it computes with, and the limits (steps and seconds per pattern, MiB).

    The limits are for a course of so many `lessons` (see `train.Trainer`).
    """

    model: str
    compute: Compute
    form: str
    threads: int
    steps: int
    seconds: float
    memory: int  # 0: unlimited
    lr: float  # the model's learning rate for LoRA
    lessons: int


@dataclass(frozen=True, slots=True)
class LearnJob:
    """One pattern to learn: inside the bases of `founders`, or by LoRA if these are None."""

    folder: Path
    start: Path | None  # the folder of the subspace that serves
    seed: int
    founders: tuple[TrainedPattern, ...] | None
    signature: str
    lessons: tuple[Lesson, ...]
    begins: str | None = None  # the serving pattern that training starts from; None: from nothing


@dataclass(frozen=True, slots=True)
class ProbeJob:
    """A course on which the model's learning rate is to be found."""

    seed: int
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class ConsolidateJob:
    """All adapters, to be merged into one subspace in the folder `place`."""

    folder: Path
    start: Path | None
    seed: int
    trained: tuple[TrainedPattern, ...]
    courses: Mapping[str, tuple[Lesson, ...]]
    place: Path


@dataclass(frozen=True, slots=True)
class ConsolidateResult:
    """The subspace's hash and the merge's results (see `train.Merged`)."""

    subspace: str
    aside: Mapping[str, str]
    refused: Mapping[str, str]
    damage: Mapping[str, float]


Job = LearnJob | ProbeJob | ConsolidateJob
_ACTS: Mapping[type[Job], str] = {
    LearnJob: "learn",
    ProbeJob: "probe",
    ConsolidateJob: "consolidate",
}  # the names in messages to workers and in progress reports


def train(
    tools: Tools, folder: Path, courses: Mapping[str, Sequence[Lesson]], start: Path | None, known: int, seed: int,
    kept: Sequence[TrainedPattern] = (), until: float = math.inf, serves: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[TrainedPattern], int]:  # fmt: skip
    """Trains all courses; returns the adapters in order, and the workers' memory in MiB: the sum of their peaks.

    `start` is the folder of the subspace that serves, which has `known` patterns, and `serves` says which of them a
    course starts from; `kept` are adapters of earlier nights
    in `folder`. No course is begun after `until`, on the monotonic clock: then the last ones are left out. Raises `TrainingFailed` if training
    ends without a result. If `tools.say` raises, the workers write checkpoints and end, and the exception propagates.
    """
    peak = done = 0

    def each(names: Sequence[str], founders: Sequence[TrainedPattern] | None) -> list[TrainedPattern]:
        nonlocal peak, done
        built_on = None if founders is None else tuple(founders)
        jobs = [LearnJob(folder, start, seed, built_on, name, tuple(courses[name]), serves.get(name)) for name in names]
        found, held = _run(tools, jobs, done, len(courses), until)
        peak, done = max(peak, held), done + len(names)
        return [_converter().structure(item, TrainedPattern) for item in found if item is not None]

    return training.in_order(each, list(courses), known, kept), peak


def probed(tools: Tools, course: Sequence[Lesson], seed: int) -> RateRecipe:
    """The model's recipe: the one that is remembered, else what a probe on this course finds, which is then remembered."""
    found = recipe.known(tools.db, tools.model.name)
    if found is None:
        (made,), _ = _run(tools, [ProbeJob(seed, tuple(course))], 0, 1)
        found = _converter().structure(made, RateRecipe)
        recipe.remember(tools.db, tools.model.name, found, now=tools.now())
    return found


def consolidate(tools: Tools, job: ConsolidateJob) -> tuple[ConsolidateResult, int]:
    """Runs the job; returns its result and its worker's peak of memory in MiB. Raises as `train` does."""
    (found,), peak = _run(tools, [job], 0, 1)
    return _converter().structure(found, ConsolidateResult), peak


@dataclass(slots=True)
class _Worker:
    """A process that trains, with its current job."""

    process: subprocess.Popen[bytes]
    stderr: IO[bytes]
    job: int | None = None  # the index of its job; None while it waits for one
    share: float = 0.0  # how much of that job is done
    peak: int = 0  # MiB
    pending: bytes = field(default=b"")

    def give(self, number: int, terms: Terms, job: Job) -> None:
        self.job, self.share = number, 0.0
        assert self.process.stdin is not None
        sent = {"act": _ACTS[type(job)], "terms": _converter().unstructure(terms), "job": _converter().unstructure(job)}
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


def _run(
    tools: Tools, jobs: Sequence[Job], before: int, total: int, until: float = math.inf
) -> tuple[list[Any], int]:  # fmt: skip
    """Runs the jobs in as many workers as fit; returns the results in order, and the sum of the peaks in MiB.

    A job that would begin after `until` is left out: its result is None.
    `before` of the round's `total` jobs were done earlier: progress is counted from there.
    """
    count, threads = workers_and_threads(tools, len(jobs))
    limit = memory(tools) // count
    config, compute = tools.config, replace(tools.model.compute, measured=None)
    terms = Terms(
        tools.model.name, compute, config.format, threads, config.training_steps, config.pattern_seconds, limit,
        known.lr if (known := recipe.known(tools.db, tools.model.name)) else training.LORA.lr,
        config.lessons,
    )  # fmt: skip
    results: dict[int, Any] = {}
    waiting = list(enumerate(jobs)) if time.monotonic() < until else []
    if not waiting:
        return [None] * len(jobs), 0
    given = 0
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as ready:
        workers = [_start(stack) for _ in range(count)]
        stack.callback(_stop, workers)
        for worker in workers:
            number, job = waiting.pop(0)
            worker.give(number, terms, job)
            given += 1
            ready.register(worker.process.stdout, selectors.EVENT_READ, worker)  # type: ignore[arg-type]
        what = _ACTS[type(jobs[0])]
        while len(results) < given:
            share = len(results) + sum(worker.share for worker in workers if worker.job is not None)
            tools.say(what, int(100 * (before + share)), 100 * total)
            for key, _ in ready.select(_POLL):
                worker = key.data
                messages: list[dict[str, Any]] | None = worker.read()
                if messages is None and worker.job is None:  # it had nothing left to do
                    ready.unregister(key.fileobj)
                    continue
                for item in [_EXITED] if messages is None else messages:
                    if "say" in item:
                        what, done, of = item["say"]
                        worker.share = done / max(1, of)
                        continue
                    if "result" not in item:
                        raise TrainingFailed(_failure(item, worker, limit), remedy=_REMEDY)
                    results[worker.job] = item["result"]
                    worker.peak, worker.job = max(worker.peak, int(item["peak"])), None
                    if waiting and time.monotonic() < until:
                        number, job = waiting.pop(0)
                        worker.give(number, terms, job)
                        given += 1
        return [results.get(number) for number in range(len(jobs))], sum(worker.peak for worker in workers)


def workers_and_threads(tools: Tools, jobs: int) -> tuple[int, int]:
    """The number of workers for so many jobs, one per core as far as memory allows, and torch's threads in each."""
    compute = tools.model.compute
    if not compute.on_cpu:
        return 1, compute.threads
    most = cores() if tools.config.threads == AUTO else compute.alone
    room = memory(tools) << 20
    if not tools.config.night_memory:
        room = min(room, _TOGETHER)
    room //= training_bytes(tools.model.model)
    count = max(1, min(jobs, most, room))
    return count, max(1, min(compute.alone, most // count))


def memory(tools: Tools) -> int:
    """The memory that training may allocate, in MiB; 0 means unlimited."""
    if not tools.model.compute.on_cpu:
        return 0
    return tools.config.night_memory or int(psutil.virtual_memory().total * _SHARE) >> 20


def _start(stack: contextlib.ExitStack) -> _Worker:
    stderr = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    process = subprocess.Popen(
        [sys.executable, "-m", "sleepy.daemon.night.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True,
    )  # fmt: skip
    return _Worker(process, stderr)


def _stop(workers: Sequence[_Worker]) -> None:
    """Ends the workers; each has `_GRACE` seconds to write a last checkpoint, then it is killed."""
    for worker in workers:
        worker.process.terminate()
    until = time.monotonic() + _GRACE
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


def _failure(message: Mapping[str, Any], worker: _Worker, limit: int) -> str:
    """Why training failed, in one sentence: the worker's own error, its last line on stderr, or how it exited."""
    if "error" in message:
        reason = str(message["error"])
    else:
        code = worker.process.wait()
        worker.stderr.seek(0)
        last = worker.stderr.read().decode(errors="replace").strip().split("\n")[-1]
        reason = last or (
            f"the process was killed by signal {-code}" if code < 0 else f"the process exited with code {code}"
        )
    allowed = f" (memory limit {limit} MiB)" if limit else ""
    return f"training failed{allowed}: {reason}"


class TrainingStopped(BaseException):
    """The parent has asked for a stop; the latest checkpoint holds what was trained so far."""


def work(jobs: queue.SimpleQueue[str]) -> None:
    """Runs the jobs, one after the other, until it is told to stop; answers on stdout."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # keep what libraries print out of the answers
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    _lower_priority()
    reported = float("-inf")

    def say(what: str, done: int, total: int) -> None:
        nonlocal reported
        if stopping.is_set():
            raise TrainingStopped
        if time.monotonic() - reported >= _EVERY:
            reported = time.monotonic()
            print(json.dumps({"say": [what, done, total]}), file=out)

    while not stopping.is_set():
        try:
            sent = json.loads(jobs.get(timeout=_EVERY))
        except queue.Empty:
            continue
        terms = _converter().structure(sent["terms"], Terms)
        if terms.memory:
            limit = terms.memory << 20
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        reported = float("-inf")
        try:
            if sent["act"] == _ACTS[LearnJob]:
                result: Any = _learn(terms, _converter().structure(sent["job"], LearnJob), say)
            elif sent["act"] == _ACTS[ProbeJob]:
                result = _probe(terms, _converter().structure(sent["job"], ProbeJob), say)
            else:
                result = _consolidate(terms, _converter().structure(sent["job"], ConsolidateJob), say)
        except TrainingStopped:
            return
        except MemoryError as error:
            print(json.dumps({"error": str(error) or "out of memory"}), file=out)
            return
        except Exception as error:
            print(json.dumps({"error": str(error).strip().split("\n")[0] or repr(error)}), file=out)
            return
        print(json.dumps({"result": _converter().unstructure(result), "peak": peak_mib()}), file=out)


def _learn(terms: Terms, job: LearnJob, say: Say) -> TrainedPattern:
    """Trains one pattern's adapter into the job's folder."""
    inside = None if job.founders is None else _bases(job.folder, job.start, job.founders)
    serving = None
    if job.begins is not None:
        assert job.start is not None, "what serves stands in a subspace"
        serving = training.Serving(job.begins, Subspace.load(job.start))
    return training.learn(_trainer(terms, say), job.folder, job.signature, job.lessons, inside, job.seed, serving)


def _probe(terms: Terms, job: ProbeJob, say: Say) -> RateRecipe:
    """Finds the model's learning rate."""
    trainer = _trainer(terms, say)
    return recipe.probe(trainer, training.parted(trainer, job.lessons, training.LORA.held_out, job.seed), job.seed)


def _consolidate(terms: Terms, job: ConsolidateJob, say: Say) -> ConsolidateResult:
    """Merges all adapters into one subspace and saves it at the job's `place`."""
    start = Subspace.load(job.start) if job.start else None
    merged = training.consolidate(_trainer(terms, say), job.folder, job.trained, job.courses, start, job.seed)
    return ConsolidateResult(merged.subspace.save(job.place), merged.aside, merged.refused, merged.damage)


@lru_cache(maxsize=1)
def _bases(folder: Path, start: Path | None, founders: tuple[TrainedPattern, ...]) -> Subspace | None:
    """The subspace in which all patterns of a round are learnt; loaded once per round."""
    return training.bases(folder, Subspace.load(start) if start else None, founders)


def _trainer(terms: Terms, say: Say) -> Trainer:
    def load() -> LanguageModel:
        return _model(terms.model, replace(terms.compute, threads=terms.threads), terms.form)

    return Trainer(load, terms.steps, terms.seconds, say, terms.compute.trains, terms.lr, terms.lessons)


@lru_cache(maxsize=1)
def _model(name: str, compute: Compute, form: str) -> LanguageModel:
    """The model, in the precision of training; loaded once for all jobs."""
    return LanguageModel.load(name, compute=compute, dtype=compute.trains, form=form)


@lru_cache(maxsize=1)
def _converter() -> Converter:
    return Converter()


def _lower_priority() -> None:
    """Gives this process a low CPU priority, and the disk only when nobody else uses it."""
    priority.lower(_NICE)
    with contextlib.suppress(OSError, AttributeError, psutil.Error):
        psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)
