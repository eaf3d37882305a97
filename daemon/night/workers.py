"""Trains away from the night's own process: at low priority, within a memory limit, and where the executor does it.

Here that is in worker processes (`jobs/processes.py`), on a cluster its nodes; memory is not limited for a model on a
GPU. Patterns that do not depend on each other are learnt by several workers at once, one per core: two workers are nearly
twice as fast as one with two threads. A pattern's result depends neither on the number of workers nor on where they are: its
seed, its lessons and its threads travel with it. Its checkpoints lie in the night's folder, which a cluster's nodes
share, or in the home's store: a pattern whose node is lost goes on elsewhere from there.
"""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

import psutil

from sleepy.daemon.base.config import AUTO
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.compute.choose import cores
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.compute.peak import peak_mib
from sleepy.daemon.compute.room import training_bytes
from sleepy.daemon.jobs.here import Here
from sleepy.daemon.jobs.shared_folder import Marker, unseen
from sleepy.daemon.jobs.work import Fitness, JobFailed, JobKind
from sleepy.daemon.model import source
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.night import depot, pieces, recipe
from sleepy.daemon.night import train as training
from sleepy.daemon.night.depot import Depot, InStore
from sleepy.daemon.night.recipe import RateRecipe
from sleepy.daemon.night.train import OnlyHere, Trainer
from sleepy.daemon.stages.stages import TrainedPattern
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.subspace import Subspace

_SHARE = 0.75  # share of the machine's memory that training may use
_TOGETHER = 4 << 30  # bytes that several workers take together at most, unless night_memory says otherwise
_REMEDY = "if it ran out of memory, raise night_memory; the night resumes from here when it is started again"

J = TypeVar("J")
R = TypeVar("R")


class TrainingFailed(UserError):
    """Training ended without a result."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all jobs share: the model, what it computes with, and the limits (steps and seconds per pattern).

    The limits are for a course of so many `lessons` (see `train.Trainer`).
    """

    model: str
    compute: Compute
    form: str
    threads: int
    steps: int
    seconds: float
    lr: float  # the model's learning rate for LoRA
    lessons: int
    home: Marker | None = None  # by which a node knows that it sees the home
    depot: Depot | None = None  # with which it need not see it


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


@dataclass(frozen=True, slots=True)
class JobResult(Generic[R]):
    """What a job came to, in which process, and that process's peak of memory so far in MiB."""

    result: R
    process: str
    peak: int


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
    remote = tools.executor.spreads and bool(tools.home.storage)
    if remote:
        training.begun(folder, tools.model.compute.trains)
        depot.handed(tools.home, start)
        pieces.keep_adapters(tools.home, folder)

    def each(names: Sequence[str], founders: Sequence[TrainedPattern] | None) -> list[TrainedPattern]:
        nonlocal peak, done
        built_on = None if founders is None else tuple(founders)
        jobs = [LearnJob(folder, start, seed, built_on, name, tuple(courses[name]), serves.get(name)) for name in names]
        found, held = _run(tools, "learn", learn, jobs, done, len(courses), until)
        if remote:
            depot.taken(tools.home, folder, [item.folder for item in found])
        peak, done = max(peak, held), done + len(names)
        return found

    return training.in_order(each, list(courses), known, kept), peak


def probed(tools: Tools, course: Sequence[Lesson], seed: int) -> RateRecipe:
    """The model's recipe: the one that is remembered, else what a probe on this course finds, which is then remembered."""
    found = recipe.known(tools.db, tools.model.name)
    if found is None:
        (found,), _ = _run(tools, "probe", probe, [ProbeJob(seed, tuple(course))], 0, 1)
        recipe.remember(tools.db, tools.model.name, found, now=tools.now())
    return found


def consolidate(tools: Tools, job: ConsolidateJob) -> tuple[ConsolidateResult, int]:
    """Runs the job, always on this machine; returns its result and its worker's peak of memory in MiB. Raises as `train`."""
    (found,), peak = _run(replace(tools, executor=Here()), "consolidate", merge, [job], 0, 1)
    return found, peak


def _run(
    tools: Tools, what: str, act: Callable[[Terms, J, Say], JobResult[R]], jobs: Sequence[J], before: int, total: int,
    until: float = math.inf,
) -> tuple[list[R], int]:  # fmt: skip
    """Runs the jobs in as many workers as fit; returns the results in order, and the sum of the peaks in MiB.

    Jobs that would begin after `until` are left out. `before` of the round's `total` jobs were done earlier: progress is
    counted from there.
    """
    count, threads = workers_and_threads(tools, len(jobs))
    limit = memory(tools) // count
    config, compute = tools.config, replace(tools.model.compute, measured=None)
    if tools.executor.spreads:  # each process sees its own GPU alone
        compute = replace(compute, device=compute.device.partition(":")[0])
    store = Depot.of(tools.home) if tools.executor.spreads else None
    terms = Terms(
        tools.model.name, compute, config.format, threads, config.training_steps, config.pattern_seconds,
        known.lr if (known := recipe.known(tools.db, tools.model.name)) else training.LORA.lr,
        config.lessons, Marker.of(tools.home.root) if tools.executor.spreads and store is None else None, store,
    )  # fmt: skip

    def due() -> Iterator[J]:
        for job in jobs:
            if time.monotonic() >= until:
                return
            yield job

    def hear(doing: str, done: float) -> None:
        tools.say(doing, int(100 * (before + done)), 100 * total)

    work = JobKind(
        what, act, terms, at_once=count, limit=limit, fit=fit, cores=threads, gpus=0 if compute.on_cpu else 1,
        memory=training_bytes(tools.model.model),
    )  # fmt: skip
    try:
        found = list(tools.executor.map(work, due(), hear=hear))
    except JobFailed as error:
        allowed = f" (memory limit {limit} MiB)" if limit else ""
        raise TrainingFailed(f"training failed{allowed}: {error}", remedy=_REMEDY) from error
    peaks: dict[str, int] = {}
    for item in found:
        peaks[item.process] = max(peaks.get(item.process, 0), item.peak)
    return [item.result for item in found], sum(peaks.values())


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


def learn(terms: Terms, job: LearnJob, say: Say) -> JobResult[TrainedPattern]:
    """Trains one pattern's adapter into the job's folder, or on a node that has a store into that."""
    if terms.depot is not None:
        job = _fetched(terms.depot, job)
    inside = None if job.founders is None else _bases(job.folder, job.start, job.founders)
    serving = None
    if job.begins is not None:
        assert job.start is not None, "what serves stands in a subspace"
        serving = training.Serving(job.begins, Subspace.load(job.start))
    return _done(
        training.learn(_trainer(terms, say), job.folder, job.signature, job.lessons, inside, job.seed, serving)
    )


def probe(terms: Terms, job: ProbeJob, say: Say) -> JobResult[RateRecipe]:
    """Finds the model's learning rate."""
    trainer = _trainer(terms, say)
    course = training.parted(trainer, job.lessons, training.LORA.held_out, job.seed)
    return _done(recipe.probe(trainer, course, job.seed))


def merge(terms: Terms, job: ConsolidateJob, say: Say) -> JobResult[ConsolidateResult]:
    """Merges all adapters into one subspace and saves it at the job's `place`."""
    start = Subspace.load(job.start) if job.start else None
    merged = training.consolidate(_trainer(terms, say), job.folder, job.trained, job.courses, start, job.seed)
    return _done(ConsolidateResult(merged.subspace.save(job.place), merged.aside, merged.refused, merged.damage))


def fit(terms: Terms) -> Fitness:
    """Whether a node can train: it has the model, and sees the home, where checkpoints go, or reaches its store."""
    try:
        source.find(terms.model)
    except UserError as error:
        return Fitness(str(error))
    if terms.depot is not None:
        return Fitness(terms.depot.unfit())
    return Fitness(unseen(terms.home) if terms.home is not None else "")


def _fetched(store: Depot, job: LearnJob) -> LearnJob:
    """The job with everything in its place on this machine, what it begins with included."""
    for item in job.founders or ():
        store.fetched(job.folder / item.folder)
    start = store.fetched(job.start) if job.start is not None else None
    return replace(job, folder=store.here(job.folder), start=start)


def _done(result: R) -> JobResult[R]:
    return JobResult(result, f"{platform.node()}:{os.getpid()}", peak_mib())


@lru_cache(maxsize=1)
def _bases(folder: Path, start: Path | None, founders: tuple[TrainedPattern, ...]) -> Subspace | None:
    """The subspace in which all patterns of a round are learnt; loaded once per round."""
    return training.bases(folder, Subspace.load(start) if start else None, founders)


def _trainer(terms: Terms, say: Say) -> Trainer:
    def load() -> LanguageModel:
        return _model(terms.model, replace(terms.compute, threads=terms.threads), terms.form)

    kept = OnlyHere() if terms.depot is None else InStore(terms.depot)
    return Trainer(load, terms.steps, terms.seconds, say, terms.compute.trains, terms.lr, terms.lessons, kept)


@lru_cache(maxsize=1)
def _model(name: str, compute: Compute, form: str) -> LanguageModel:
    """The model, in the precision of training; loaded once for all jobs."""
    return LanguageModel.load(name, compute=compute, dtype=compute.trains, form=form)
