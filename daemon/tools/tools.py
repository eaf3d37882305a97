"""What a day and a night work with: the home, the database, the settings, the model, the judge, the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain, Say, silent
from sleepy.daemon.jobs.here import Here
from sleepy.daemon.jobs.work import Executor
from sleepy.koans.koan import Koan
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError

if TYPE_CHECKING:  # torch takes seconds to import, and much of the daemon has no use for it
    from sleepy.daemon.attempt.attempt import Judge
    from sleepy.daemon.model.language_model import LanguageModel
    from sleepy.daemon.tools.crates import Crates


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
    crates: Crates | None = None  # the user's, to practise on; None where the settings name none
    executor: Executor = field(default_factory=Here)  # where judging, answering and training are done


@contextmanager
def optional_memory(home: Home, complain: Complain, *, without: str) -> Iterator[Database | None]:
    """The home's database, within; None where it cannot be opened: `complain` hears what is done `without` it, and why.

    No lock is taken: the database has many writers, and the daemon may be at work in the home.
    """
    try:
        home.make()
        db = Database.open(home.database)
    except (UserError, OSError, DatabaseError) as error:
        complain(f"{without}: {error}")
        yield None
        return
    with db:
        yield db
