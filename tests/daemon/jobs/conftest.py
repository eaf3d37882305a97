"""A Ray cluster of our own on this machine: a head without cores, and nodes of one core each that come and go."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


_TRIES = 5

T = TypeVar("T")


def started(start: Callable[[], T]) -> T:
    """What is started, at the fifth try at the latest: Ray gives it 30 seconds, and a busy machine is not a fault."""
    for left in reversed(range(_TRIES)):
        try:
            return start()
        except Exception as error:
            if "timed out during startup" not in str(error) or not left:
                raise
    raise AssertionError


class LocalCluster:
    """Its nodes are real: each has its own raylet and starts processes of its own."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self.address: str = made.address
        self.nodes: list[Any] = []

    def add(self, **environment: str) -> Any:
        """A node of one core, with these variables."""
        options = {"env_vars": {**os.environ, **environment}} if environment else {}
        self.nodes.append(started(lambda: self._made.add_node(num_cpus=1, **options)))
        return self.nodes[-1]

    def remove(self, node: Any) -> None:
        """Takes a node away as a machine that loses its power."""
        self.nodes.remove(node)
        self._made.remove_node(node, allow_graceful=False)

    def end_head(self) -> None:
        """Ends what all nodes are connected to; nothing works afterwards."""
        self._made.head_node.kill_gcs_server()


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A cluster with two nodes."""
    pytest.importorskip("ray", reason="needs the package ray: pip install 'sleepy[cluster]'")
    from ray.cluster_utils import Cluster

    made = started(lambda: Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}))
    found = LocalCluster(made)
    try:
        found.add()
        found.add()
        yield found
    finally:
        made.shutdown()
