"""The R matrix of sequential learning: R[i][j] is the pass rate on pattern j after night i; row 0 is before the first.

Average, backward and forward transfer after Lopez-Paz & Ranzato (arXiv:1706.08840); forgetting after Chaudhry et al.
(arXiv:1801.10112), the best a pattern ever was minus what it is at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[float]]  # (nights + 1, patterns); night i learns pattern i - 1


@dataclass(frozen=True, slots=True)
class Transfer:
    """Shares of tasks, -1 to 1."""

    average: float  # over all patterns, after the last night
    backward: float  # of each but the last: after the last night minus after its own
    forgetting: float  # of each but the last: its best after any night minus after the last
    forward: float  # of each but the first: after the night before its own minus before the first


def transfer(rates: Matrix) -> Transfer:
    """The four figures. `ValueError` unless there is a row before the first night and one for each pattern's."""
    count = len(rates) - 1
    if count < 1 or any(len(row) != count for row in rates):
        raise ValueError(
            f"{len(rates)} rows want {len(rates) - 1} columns each: one night a pattern, and one row before"
        )
    last = rates[-1]
    backward = [last[j] - rates[j + 1][j] for j in range(count - 1)]
    forgotten = [max(row[j] for row in rates[1:]) - last[j] for j in range(count - 1)]
    forward = [rates[j][j] - rates[0][j] for j in range(1, count)]
    return Transfer(_mean(last), _mean(backward), _mean(forgotten), _mean(forward))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
