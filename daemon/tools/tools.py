"""What a day and a night work with: the home, the database, the settings, the model, the judge, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.koans.koan import Koan
from sleepy.memory.episodic.database import Database

if TYPE_CHECKING:  # torch takes seconds to import, and much of the daemon has no use for it
    from sleepy.daemon.attempt.attempt import Judge
    from sleepy.daemon.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything with a side effect, in one place."""

    db: Database
    home: Home
    config: Config
    model: LanguageModel
    judge: Judge
    exam: tuple[Koan, ...]  # what both versions are examined on; never practised
    say: Say = silent
    now: Callable[[], datetime] = utc
