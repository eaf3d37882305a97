"""Opens everything a day or a night needs, in the order in which it may fail: sandbox, cluster, home, model, database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sleepy.daemon.attempt.attempt import Judge
from sleepy.daemon.base.clock import utc
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.base.state_keys import COMPUTE
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.jobs.opening import executor
from sleepy.daemon.model import opening, source
from sleepy.daemon.model.configured import answer_format
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.storage import home as stored
from sleepy.daemon.tools.crates import Crates, CratesJudge
from sleepy.daemon.tools.judging import SpreadJudge
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import state
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox


def check(config: Config, home: Home) -> None:
    """Raises what `equipped` would for these settings, as far as that shows without loading the model's weights.

    A daemon that works is not stopped for another that cannot start, and memory may not hold the model twice.
    """
    with Sandbox.open(tier=config.tier):
        pass
    answer_format(config)
    choose(config, architecture(config.model), home)
    found = source.find(config.model)
    if found.kind is source.Kind.FOLDER:
        opening.checked(found)
    stored.of(home)
    with Database.open(home.database):
        pass


@contextmanager
def equipped(
    config: Config,
    home: Home,
    *,
    say: Say = silent,
    now: Callable[[], datetime] = utc,
    exam: Sequence[Koan] | None = None,
) -> Iterator[Tools]:
    """The tools, within; sandbox and database are closed on leaving. Nothing is made before the sandbox holds.

    `exam` replaces the sealed exam and the classics.
    """
    with Sandbox.open(tier=config.tier) as sandbox, executor(config.cluster) as opened:
        shape = architecture(config.model)
        home.make()
        stored.of(home)
        model = LanguageModel.load(config.model, compute=choose(config, shape, home), form=config.format)
        with Database.open(home.database) as db:
            state.put(db, COMPUTE, model.compute.recorded(), now=now())
            chosen = tuple(library.exam() if exam is None else exam)
            judge: Judge = RememberingJudge(SpreadJudge(opened, sandbox, config.tier), db)
            named = config.crates if config.own_code else ()
            crates = Crates(named, sandbox.jail, home.crates, db, now=now) if named else None
            if crates is not None:
                judge = CratesJudge(judge, crates)
            yield Tools(db, home, config, model, judge, chosen, say, now, crates, opened)
