"""What all crates that are followed share: the jail, the memory, the clock, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sleepy.daemon.watch.events import Say
from sleepy.daemon.watch.story import Pace
from sleepy.daemon.watch.trying import Attempt
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.isolation import Jail


@dataclass(frozen=True, slots=True)
class Ground:
    """`cache` holds the mirrors; `clock` counts seconds; `cargo_home` None is the user's."""

    db: Database
    jail: Jail
    cache: Path
    now: Callable[[], datetime]
    clock: Callable[[], float]
    say: Say
    pace: Pace
    attempt: Attempt | None
    cargo_home: Path | None
