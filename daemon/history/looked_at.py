"""Which commits of a crate were looked at: one row of the home's state, written after each commit.

Names and findings alone are kept, no text: nothing here has to be forgotten with a lesson, and a lesson that was
forgotten is not learnt from the same commit again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.state_keys import HISTORY
from sleepy.daemon.history.look import CommitFinding, Look
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database


class LookedAt:
    """The commits of the crate at `root` that were looked at."""

    def __init__(self, db: Database, root: Path, now: Callable[[], datetime]) -> None:
        self._db, self._key, self._now = db, HISTORY + str(root), now
        entry = state.get(db, self._key)
        self._found: dict[str, list[str]] = dict(entry.value) if entry is not None else {}

    def __contains__(self, commit: str) -> bool:
        return any(commit in commits for commits in self._found.values())

    def add(self, look: Look) -> None:
        """Takes note of a commit, unless it could not be looked at."""
        if look.finding is CommitFinding.NOT_LOOKED_AT:
            return
        self._found.setdefault(look.finding.value, []).append(look.commit)
        state.put(self._db, self._key, self._found, now=self._now())
