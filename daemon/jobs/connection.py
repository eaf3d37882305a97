"""A Ray cluster: reaching it, its nodes, and which sleepy each has. Ray is imported only here, and only when asked for."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from sleepy.daemon.base.errors import UserError

NAMESPACE = "sleepy"
_ADDRESS = re.compile(r"(?:ray://)?([^\s:/]+):(\d+)")
_users: list[str] = []  # of this process's connection
_SECONDS = 5.0  # for an address to answer
_ANSWER = 60.0  # seconds for a new node to say which sleepy it has: its first process has to start


class ClusterAway(UserError):
    """The cluster cannot be used. The exit code has systemd try again."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the cluster; memory in bytes."""

    id: str
    name: str
    cores: float
    gpus: float
    memory: float


def connected(address: str) -> Any:
    """The module ray, connected to the cluster at `auto` (one of this machine), `host:port` or `ray://host:port`.

    `ClusterAway` where nothing answers there, or another Ray or Python does.
    """
    if find_spec("ray") is None:
        raise UserError(
            f"cluster is {address!r}, and the package ray is not installed",
            remedy=f"{sys.executable} -m pip install 'sleepy[cluster]'",
        )
    if reached := _ADDRESS.fullmatch(address):
        try:
            socket.create_connection((reached[1], int(reached[2])), _SECONDS).close()
        except OSError as error:
            raise _away(address, error.strerror or str(error)) from error
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing of what we do leaves the machines
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray
    import ray.util.scheduling_strategies

    _users.append(address)
    if ray.is_initialized():  # by another of ours: a process has one connection
        return ray
    try:
        ray.init(
            address, namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR, configure_logging=False,
        )  # fmt: skip
    except (ConnectionError, RuntimeError, OSError, ValueError, ImportError) as error:
        _users.remove(address)
        raise _away(address, str(error).strip().split("\n")[0]) from error
    return ray


def left(ray: Any) -> None:
    """Leaves the cluster; the last who does ends the connection."""
    _users.pop()
    if not _users:
        with contextlib.suppress(Exception):
            ray.shutdown()


def lost() -> tuple[type[Exception], ...]:
    """The errors that say that a process or its node is gone."""
    from ray import exceptions

    return (
        exceptions.RayActorError, exceptions.WorkerCrashedError, exceptions.NodeDiedError, exceptions.ObjectLostError,
        exceptions.OutOfMemoryError, exceptions.LocalRayletDiedError,
    )  # fmt: skip


def nodes(ray: Any) -> list[Node]:
    """The nodes that are there and have cores, by name. `ClusterAway` where Ray's head has ended."""
    _ask_head(ray)
    found = [
        Node(
            item["NodeID"], item["NodeManagerHostname"], item["Resources"].get("CPU", 0.0),
            item["Resources"].get("GPU", 0.0), item["Resources"].get("memory", 0.0),
        )
        for item in ray.nodes() if item["Alive"] and item["Resources"].get("CPU", 0.0) >= 1
    ]  # fmt: skip
    return sorted(found, key=lambda node: (node.name, node.id))


def _ask_head(ray: Any) -> None:
    """Raises `ClusterAway` where nobody listens at the head's address any more: Ray waits a minute, then ends us."""
    address = _users[-1]
    reached = _ADDRESS.fullmatch(address if address != "auto" else ray.get_runtime_context().gcs_address)
    try:
        if reached:
            socket.create_connection((reached[1], int(reached[2])), _SECONDS).close()
    except ConnectionRefusedError as error:
        raise _away(address, "its head has ended") from error
    except OSError:
        return  # it may be the network alone


def on(ray: Any, node: Node) -> Any:
    """The scheduling strategy of what is to run on a node and nowhere else."""
    return ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(node.id, soft=False)


def refusals(ray: Any, some: list[Node], ours: str) -> Iterator[tuple[Node, str]]:
    """The nodes with why each cannot have our processes: no sleepy, or another; "" where it can."""

    def sleepy() -> str:  # travels as it is: the node may not have what this file says
        try:
            from sleepy.daemon.jobs import version
        except ImportError:
            return ""
        return version.ours()

    asked = {
        ray.remote(num_cpus=0, max_retries=0)(sleepy).options(scheduling_strategy=on(ray, node)).remote(): node
        for node in some
    }
    ready = ray.wait(list(asked), num_returns=len(asked), timeout=_ANSWER)[0] if asked else []
    for reference, node in asked.items():
        try:
            theirs = ray.get(reference) if reference in ready else None
        except Exception as error:
            yield node, f"{node.name} did not answer: {str(error).strip().splitlines()[0]}"
            continue
        if theirs is None:
            yield node, f"{node.name} did not answer within {_ANSWER:.0f} s"
        elif not theirs:
            yield node, f"{node.name} has no sleepy that does jobs (the head has {ours})"
        else:
            yield node, "" if theirs == ours else f"{node.name} has sleepy {theirs}, the head {ours}"


def _away(address: str, why: str) -> ClusterAway:
    start = "start one with `ray start --head`" if address == "auto" else "start it, or correct the address"
    return ClusterAway(
        f"no Ray cluster can be used at {address!r}: {why}",
        remedy=f"{start}; `sleepy config set cluster ''` works on this machine alone",
    )
