"""Our processes on a cluster's nodes: a crew for each kind of work, one process a core or as memory allows.

A node is asked once which sleepy it has, and each process whether it can do the work (`JobKind.fit`). Who cannot gets no
job, and `why_not` says why. Nodes that come later are taken on.
"""

from __future__ import annotations

import contextlib
import math
import os
import platform
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.jobs import connection, version
from sleepy.daemon.jobs.actor import JobActor
from sleepy.daemon.jobs.connection import Node
from sleepy.daemon.jobs.work import JobKind

_LOOK = 3.0  # seconds between looks for nodes that came
_AGAIN = 60.0  # seconds after which a node that could not work is asked again, when other work begins
_MEMORY = 0.5  # share of a node's memory that the processes of one kind of work may take


class NoNode(UserError):
    """No node of the cluster can do the work."""

    exit_code = 75


@dataclass(slots=True, eq=False)
class Process:
    """An actor on a node. `ready` is the reference of its answer whether it can do the work; None once it can."""

    node: Node
    actor: Any
    ready: Any


class Crews:
    """The crews of one head; its work is named so on the nodes."""

    def __init__(self, ray: Any) -> None:
        self.ray = ray
        self.head = f"{platform.node()}:{os.getpid()}"
        self._crews: dict[str, list[Process]] = {}
        self._rounds: Counter[str] = Counter()  # of each kind of work, under way
        self._refused: dict[str, str] = {}  # node -> why it has no process of ours; "" where it may
        self._asked = time.monotonic()  # when that was forgotten
        self._unable: dict[tuple[str, str], str] = {}  # node and work -> why it does none
        self._looked = -math.inf

    def begin(self, work: JobKind[Any, Any], terms: Any) -> list[Process]:
        """The work's crew, whose processes are told what its jobs share; for long work those with nothing to do are ended."""
        self._rounds[work.name] += 1
        for name in list(self._crews):
            if work.cores and not self._rounds[name]:
                self._dismiss(name)
        if time.monotonic() - self._asked > _AGAIN:  # what was wrong may be put right
            self._asked = time.monotonic()
            self._unable.clear()
            self._refused = {node: why for node, why in self._refused.items() if not why}
        crew = self._crews.setdefault(work.name, [])
        for process in crew:
            process.ready = process.actor.ready.remote(work.fit, terms)
        self._looked = -math.inf
        self.renew(work, terms)
        return crew

    def finish(self, work: JobKind[Any, Any]) -> None:
        """Ends what `begin` began: who does long work has cores of its own, and gives them back."""
        self._rounds[work.name] -= 1
        if work.cores and not self._rounds[work.name]:
            self._dismiss(work.name)

    def renew(self, work: JobKind[Any, Any], terms: Any) -> None:
        """Adds processes on nodes that came, and for those that died; looks every few seconds, and while there are none."""
        crew = self._crews[work.name]
        if crew and time.monotonic() - self._looked < _LOOK:
            return
        self._looked = time.monotonic()
        for node in self._able():
            room = _room(work, node)
            if not room:
                self._unable[node.id, work.name] = f"{node.name} has no GPU, and the head's model is on one"
            if (node.id, work.name) not in self._unable:
                for _ in range(room - sum(process.node.id == node.id for process in crew)):
                    actor = self._started(work, node)
                    crew.append(Process(node, actor, actor.ready.remote(work.fit, terms)))

    def refuse(self, work: JobKind[Any, Any], process: Process, why: str) -> None:
        """Notes that a process cannot do its work, and so that its node cannot."""
        self._unable[process.node.id, work.name] = why
        self.end(work.name, process)

    def why_not(self, node: Node, work: JobKind[Any, Any]) -> str:
        """Why a node does none of the work, as far as it was asked; "" where it may."""
        return self._refused.get(node.id, "") or self._unable.get((node.id, work.name), "")

    @property
    def unfit(self) -> list[str]:
        """Why nodes do not work, or do not do a kind of work."""
        return list(dict.fromkeys([*filter(None, self._refused.values()), *self._unable.values()]))

    def lost(self, work: JobKind[Any, Any], process: Process) -> list[Process]:
        """Takes out a process that is lost, and with it all those of nodes that are gone; returns them."""
        there = {node.id for node in connection.nodes(self.ray)}
        gone = [each for each in self._crews[work.name] if each is process or each.node.id not in there]
        for each in gone:
            self.end(work.name, each)
        return gone or [process]

    def none(self, work: JobKind[Any, Any]) -> NoNode | None:
        """The error that no node which is there can do the work; None while one may."""
        reasons = [self.why_not(node, work) for node in connection.nodes(self.ray)]
        if not all(reasons):
            return None
        why = "; ".join(dict.fromkeys(reasons)) or "all its nodes are gone"
        return NoNode(
            f"no node of the cluster can {work.name}: {why}",
            remedy="`sleepy cluster status` shows every node; `sleepy config set cluster ''` works on this machine alone",
        )

    def end(self, name: str, process: Process) -> None:
        """Ends a process."""
        crew = self._crews.get(name, [])
        if process in crew:
            crew.remove(process)
        with contextlib.suppress(Exception):  # it is gone already
            self.ray.kill(process.actor)

    def close(self) -> None:
        """Ends all processes."""
        for name in list(self._crews):
            self._dismiss(name)

    def _dismiss(self, name: str) -> None:
        for process in list(self._crews.get(name, ())):
            self.end(name, process)
        self._crews.pop(name, None)

    def _able(self) -> list[Node]:
        """The nodes that are there and have this very sleepy; `why_not` speaks of the others."""
        there = connection.nodes(self.ray)
        strange = [node for node in there if node.id not in self._refused]
        for node, why in connection.refusals(self.ray, strange, version.ours()):
            self._refused[node.id] = why
        return [node for node in there if not self._refused[node.id]]

    def _started(self, work: JobKind[Any, Any], node: Node) -> Any:
        made = self.ray.remote(concurrency_groups={"jobs": 1, "words": 1})(_grouped(self.ray))
        name = f"{work.name} {self.head} {node.id[:8]} {time.monotonic_ns()}"
        return made.options(
            num_cpus=work.cores, num_gpus=work.gpus, scheduling_strategy=connection.on(self.ray, node),
            name=name, namespace=connection.NAMESPACE,
        ).remote(node.id, work.cores > 0)  # fmt: skip


def _room(work: JobKind[Any, Any], node: Node) -> int:
    """How many processes of the work fit on a node: one at least, but none without the GPU that it needs."""
    if work.gpus:
        return int(node.gpus // work.gpus)
    most = int(node.cores // max(1, work.cores))
    if work.memory:
        most = min(most, int(_MEMORY * node.memory / work.memory))
    return max(1, min(most, work.per_node or most))


def _grouped(ray: Any) -> type[JobActor]:
    """The actor as Ray is to run it: its jobs on one thread, its words on another."""

    class Grouped(JobActor):
        ready = ray.method(concurrency_group="jobs")(JobActor.ready)
        do = ray.method(concurrency_group="jobs")(JobActor.do)
        doing = ray.method(concurrency_group="words")(JobActor.doing)
        stop = ray.method(concurrency_group="words")(JobActor.stop)

    return Grouped
