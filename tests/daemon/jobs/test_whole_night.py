"""A small day and a whole night on three nodes that are lost one after the other: what they come to here.

`benchmarks/cluster_night.py` does the same in full, with 200 koans and the whole exam.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks import cluster_night

pytestmark = pytest.mark.slow

CONFIG = replace(cluster_night.CONFIG, lessons=24, held_out=12, training_steps=40, explore=0.5)
SIZE = 96, 30  # koans, and tasks of the exam
ONLY = cluster_night.PATTERNS[:1]


def test_a_day_and_a_night_that_lose_three_nodes_promote_the_same_version(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs the package ray: pip install 'sleepy[cluster]'")
    here = cluster_night.lived("here", CONFIG, tmp_path / "here", *SIZE, only=ONLY)
    with cluster_night.clustered() as cluster:
        losses = cluster_night.Losses(cluster)
        there = replace(CONFIG, cluster=cluster.address)
        found = cluster_night.lived("nodes", there, tmp_path / "nodes", *SIZE, losses, ONLY)
    assert cluster_night.wrong(here, here) == [], "it promotes"
    assert cluster_night.wrong(here, found) == []
    assert len(losses.lost) == 3, losses.lost
