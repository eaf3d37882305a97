"""What a cluster's nodes are and do, for `sleepy cluster status`: asked of the nodes and of our processes on them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sleepy.daemon.jobs import connection, version
from sleepy.daemon.jobs.actor import ActorState
from sleepy.daemon.jobs.connection import Node
from sleepy.daemon.jobs.crews import Crews
from sleepy.daemon.jobs.work import Fitness, JobKind

_SECONDS = 5.0  # for a process to say what it is at
_PROBE = 60.0  # for a node to probe its sandbox


@dataclass(frozen=True, slots=True)
class NodeState:
    """A node: the tier of its sandbox, why it does no work, and what runs there."""

    node: Node
    tier: str
    why: str
    doing: tuple[ActorState, ...]

    def plain(self) -> dict[str, Any]:
        """As `--json` has it."""
        return {
            "name": self.node.name,
            "id": self.node.id,
            "cores": self.node.cores,
            "gpus": self.node.gpus,
            "tier": self.tier or None,
            "why_not": self.why or None,
            "jobs_done": sum(item.jobs for item in self.doing),
            "running": [
                {"work": item.task.work, "what": item.what, "done": item.done, "total": item.total,
                 "seconds": round(time.time() - item.since, 1), "head": item.task.head}
                for item in self.doing if item.task is not None
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Census:
    """All nodes, and for each head how many jobs it has handed out or keeps waiting."""

    address: str
    sleepy: str
    nodes: tuple[NodeState, ...]
    queue: Mapping[str, int]

    def plain(self) -> dict[str, Any]:
        """As `--json` has it."""
        nodes = [item.plain() for item in self.nodes]
        return {"schema": 1, "address": self.address, "sleepy": self.sleepy, "nodes": nodes, "queue": dict(self.queue)}


def census(address: str, probe: JobKind[Any, Any]) -> Census:
    """The state of the cluster at an address; every node is asked whether it can do the work `probe`."""
    ray = connection.connected(address)
    crews = Crews(ray)
    try:
        doing = _doing(ray)
        tiers = _probed(crews, probe)
        states = [
            NodeState(
                node, tiers.get(node.id, ""), crews.why_not(node, probe), tuple(item for at, item in doing if at == node.id)
            )
            for node in connection.nodes(ray)
        ]  # fmt: skip
    finally:
        crews.close()
        connection.left(ray)
    queue: dict[str, int] = {}
    for _, item in sorted(doing, key=lambda each: each[1].since):
        if item.task is not None:
            queue[item.task.head] = item.task.waiting
    return Census(address, version.ours(), tuple(states), queue)


def _doing(ray: Any) -> list[tuple[str, ActorState]]:
    """What each process of ours on the cluster is at, with its node."""
    asked = {}
    for item in ray.util.list_named_actors(all_namespaces=True):
        if item["namespace"] == connection.NAMESPACE:
            try:
                actor = ray.get_actor(item["name"], namespace=connection.NAMESPACE)
            except ValueError:
                continue  # it ended meanwhile
            asked[actor.doing.remote()] = item["name"]
    ready = ray.wait(list(asked), num_returns=len(asked), timeout=_SECONDS)[0] if asked else []
    found = []
    for reference in ready:
        try:
            found.append(ray.get(reference))
        except connection.lost():
            continue
    return [(item.node, item) for item in found]


def _probed(crews: Crews, probe: JobKind[Any, Any]) -> dict[str, str]:
    """The tier of each node that can do the work; the others are noted in the crews."""
    ray = crews.ray
    crew = list(crews.begin(probe, ray.put(probe.terms)))
    asked = [process.ready for process in crew]
    ready = ray.wait(asked, num_returns=len(asked), timeout=_PROBE)[0] if asked else []
    tiers = {}
    for process in crew:
        found = Fitness(f"{process.node.name} did not probe its sandbox within {_PROBE:.0f} s")
        if process.ready in ready:
            try:
                found = ray.get(process.ready)
            except connection.lost() as error:
                found = Fitness(f"{process.node.name}: {error}")
        if found.why:
            crews.refuse(probe, process, found.why)
        else:
            tiers[process.node.id] = found.tier
    return tiers
