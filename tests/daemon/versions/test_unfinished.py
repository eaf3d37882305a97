"""What is left to do of a forgetting, as it is kept while it is not ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sleepy.daemon.base.state_keys import FORGETTING
from sleepy.daemon.versions import unfinished
from sleepy.daemon.versions.unfinished import Job, Rebuilt, Unfinished
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.traces import Forgettable

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PLAN = Unfinished(
    Forgettable.PATH, "d" * 64, ("a.rs", "0" * 64), True, None, 1, 2, ("E1",), 3, {"champion": Job("v2", ("E1",))}, ("v1", "v2"),
    (), ("2026-11-24",), ("2026-11-24",), ("/c/a.rs",),
)  # fmt: skip


def test_it_is_read_as_it_was_written(db: Database) -> None:
    assert unfinished.read(db) is None and unfinished.pending(db) is None
    for plan in (PLAN, replace(PLAN, rebuilt={"champion": Rebuilt("v3", "v2", 1, 1e-7)})):
        unfinished.write(db, plan, now=NOW)
        assert unfinished.read(db) == plan and unfinished.pending(db) == PLAN.digest
    unfinished.end(db)
    assert unfinished.read(db) is None


def test_one_that_a_version_before_began_is_read(db: Database) -> None:
    told = {
        "kind": "path", "digest": "d" * 64, "names": {"a.rs": "forgotten-dddddddd"}, "tasks": ["a.rs", "0" * 64],
        "crates": True, "signature": None, "episodes": 1, "lessons": 2, "patterns": ["E1"], "verdicts": 3,
        "rebuild": {"champion": {"version": "v2", "without": ["E1"]}}, "removed": ["v1", "v2"], "restarted": [],
        "clear": ["2026-11-24"], "reports": ["2026-11-24"], "kept": ["/c/a.rs"],
    }  # fmt: skip
    state.put(db, FORGETTING, told, now=NOW)
    assert unfinished.read(db) == PLAN
