"""How much a mending may take, and what of that is spent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SHARE = 6.0  # seconds that an error has at least, before the next is looked at


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a mending may take: seconds of wall clock, candidates compiled, repairs taken back.

    `pace`: of the seconds it has these, and for each second of the first check as many: what compiles fast is given up
    early.
    """

    seconds: float = 300.0
    tries: int = 160
    detours: int = 6
    pace: float = 36.0


class RepairLimits:
    """A budget being spent. `apart` are seconds that do not count; `stopped` ends it at once."""

    def __init__(
        self, budget: Budget, stopped: Callable[[], bool], clock: Callable[[], float], apart: Callable[[], float]
    ) -> None:
        self._budget, self._stopped, self.clock, self._apart = budget, stopped, clock, apart
        self._began = clock()
        self._until = self._began + budget.seconds
        self.first_check = 0.0  # seconds that it took
        self._aside = 0.0
        self.tries = self.detours = 0

    @property
    def seconds(self) -> float:
        """What has passed, all of it."""
        return self.clock() - self._began

    def share(self, errors: int) -> None:
        """Gives the error that comes now its part of what is left for so many."""
        self._until = self.clock() - self._uncounted() + max(SHARE, self.seconds_left() / max(1, errors))

    def is_over(self) -> bool:
        """Whether an error's share of the time is over."""
        return self.clock() - self._uncounted() > self._until

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Does not count what passes within."""
        began = self.clock()
        try:
            yield
        finally:
            self._aside += self.clock() - began

    def _uncounted(self) -> float:
        return self._apart() + self._aside

    def spent(self) -> bool:
        """Whether no tries or no time are left."""
        if self._stopped():
            return True
        return self.tries >= self._budget.tries or self.seconds_left() < 0

    def is_past(self) -> bool:
        """Whether not even the last checks have time."""
        return self._stopped() or self.seconds_left() < -SHARE

    def may_go_back(self) -> bool:
        """Whether one more repair may be taken back; counts it."""
        if self.detours == self._budget.detours or self.spent():
            return False
        self.detours += 1
        return True

    def seconds_left(self) -> float:
        """Of the whole budget; what compiles fast has less."""
        limit = min(self._budget.seconds, self._budget.pace * (1 + self.first_check))
        return limit + self._uncounted() - self.seconds
