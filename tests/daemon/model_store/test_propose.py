"""The model that `init` proposes: the best for which there is room."""

from __future__ import annotations

import pytest

from sleepy.daemon.model.source import BUILT_IN
from sleepy.daemon.model_store.propose import COSTS, Cost, proposed

SMALL = Cost(BUILT_IN, exam=300, disk=5, day=400, night=1000, minutes=1)
LARGE = Cost("large", exam=400, disk=300, day=1000, night=4000, minutes=8)


@pytest.mark.parametrize(
    ("memory", "disk", "name"),
    [(24_000, 10_000, "large"), (24_000, 200, BUILT_IN), (5_000, 10_000, BUILT_IN), (1_000, 10_000, None)],
)
def test_the_best_that_fits_is_proposed(memory: int, disk: int, name: str | None) -> None:
    found = proposed((SMALL, LARGE), memory=memory, disk=disk)
    assert (found.name if found else None) == name


def test_what_it_costs_is_said() -> None:
    assert str(LARGE) == (
        "large: 300 MiB on disk, 1.0 GiB of memory by day and 3.9 by night, a day of 60 koans in 8 minutes"
    )
    assert proposed() in COSTS
