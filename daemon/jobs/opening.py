"""Opens the executor that the setting `cluster` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sleepy.daemon.jobs.here import Here
from sleepy.daemon.jobs.work import Executor


@contextmanager
def executor(address: str) -> Iterator[Executor]:
    """This machine for no address, else the cluster at it, within. Ray is imported only for the latter."""
    if not address:
        yield Here()
        return
    from sleepy.daemon.jobs.nodes import Nodes

    nodes = Nodes(address)
    try:
        yield nodes
    finally:
        nodes.close()
