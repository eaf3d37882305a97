"""P13: verdicts by the nodes of a Ray cluster, against one sandbox on the same cores, and what the seam costs without one.

    python -m benchmarks.cluster [--cases N] [--rounds R] [--write] [--json]

The cluster is made here: a head without cores, and a node of one core for every core of this machine, so that both sides
have the same processors. They judge the same programs in turn, round after round; medians count. Start-up is from the
connection to the first verdict, once. What the seam costs is the difference of empty batches through it and past it, in
pairs, as a share of what a small batch takes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

from benchmarks import results
from benchmarks.sandbox import load
from sleepy.daemon.jobs.here import Here
from sleepy.daemon.jobs.nodes import Nodes
from sleepy.daemon.tools.judging import SpreadJudge
from sleepy.koans import library
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case

SMALL = 8  # cases of a small batch
PAIRS = 1000  # of empty batches, a round


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.monotonic()
    act()
    return time.monotonic() - began


def measure(arguments: argparse.Namespace) -> tuple[Mapping[str, object], str]:
    """The figures, and the section about them."""
    cases = load(library.exam()[: arguments.cases], 0)
    with Sandbox.open() as sandbox:
        sandbox.judge_many(cases[:SMALL])
        seam = overhead(sandbox, cases, arguments.rounds)
        start, here, there = compared(sandbox, cases, arguments.rounds)
    rates = [len(cases) / statistics.median(found) for found in (here, there)]
    figures = {
        "cases": len(cases),
        "local_per_s": round(rates[0], 2),
        "cluster_per_s": round(rates[1], 2),
        "ratio": round(rates[1] / rates[0], 3),
        "start_s": round(start, 2),
        "seam_overhead": round(seam, 7),
    }
    head = ["", "verdicts a second", "against one sandbox"]
    rows = [["one sandbox", f"{rates[0]:.1f}", "1"], ["nodes", f"{rates[1]:.1f}", f"{rates[1] / rates[0]:.2f}"]]
    body = [
        results.where(f"python -m benchmarks.cluster --cases {arguments.cases} --rounds {arguments.rounds}"),
        "",
        results.table(head, rows),
        "",
        f"From the connection to the first verdict: {start:.1f} s. The seam without a cluster: {100 * seam:+.4f} % of a batch of {SMALL}.",
    ]
    return figures, "\n".join(body)


def overhead(sandbox: Sandbox, cases: Sequence[Case], rounds: int) -> float:
    """What a batch takes longer through the seam without a cluster, as a share of what a small batch takes."""
    through = SpreadJudge(Here(), sandbox, "auto")
    more = [
        seconds(lambda: through.judge_many([])) - seconds(lambda: sandbox.judge_many([])) for _ in range(PAIRS * rounds)
    ]
    small = [seconds(lambda i=i: sandbox.judge_many(cases[i : i + SMALL])) for i in range(0, len(cases), SMALL)]  # type: ignore[misc]
    return statistics.median(more) / statistics.median(small)


def compared(sandbox: Sandbox, cases: Sequence[Case], rounds: int) -> tuple[float, list[float], list[float]]:
    """Seconds to the first verdict of the nodes, and those of each round here and there."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        for _ in range(len(os.sched_getaffinity(0))):
            made.add_node(num_cpus=1)
        began = time.monotonic()
        with closing(Nodes(made.address)) as nodes:
            spread = SpreadJudge(nodes, sandbox, "auto")
            spread.judge_many(cases[:1])
            start = time.monotonic() - began
            verdicts = spread.judge_many(cases)  # every node is at work by now
            assert [each.outcome for each in verdicts] == [each.outcome for each in sandbox.judge_many(cases)]
            here, there = [], []
            for _ in range(rounds):
                here.append(seconds(lambda: sandbox.judge_many(cases)))
                there.append(seconds(lambda: spread.judge_many(cases)))
        return start, here, there
    finally:
        made.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description="P13: verdicts by a cluster.")
    parser.add_argument("--cases", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=5)
    results.run("P13 Verdicts by a cluster's nodes", parser, measure)


if __name__ == "__main__":
    main()
