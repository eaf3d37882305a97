"""A Ray cluster of our own on this machine: a head without cores, and nodes of one core each that come and go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


_TRIES = 4  # of starting a node: Ray gives it 30 seconds, and a busy machine is not a fault


class LocalCluster:
    """Its nodes are real: each has its own raylet and starts processes of its own."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self.address: str = made.address
        self.nodes: list[Any] = []

    def add(self, **environment: str) -> Any:
        """A node of one core, with these variables."""
        options = {"env_vars": {**os.environ, **environment}} if environment else {}
        for left in reversed(range(_TRIES)):
            try:
                self.nodes.append(self._made.add_node(num_cpus=1, **options))
                break
            except Exception as error:
                if "timed out during startup" not in str(error) or not left:
                    raise
        return self.nodes[-1]

    def remove(self, node: Any) -> None:
        """Takes a node away as a machine that loses its power."""
        self.nodes.remove(node)
        self._made.remove_node(node, allow_graceful=False)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A cluster with two nodes."""
    pytest.importorskip("ray", reason="needs the package ray: pip install 'sleepy[cluster]'")
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    found = LocalCluster(made)
    try:
        found.add()
        found.add()
        yield found
    finally:
        made.shutdown()
