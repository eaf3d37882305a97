"""`sleepy doctor`: what works here and what does not, each line with its remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sleepy.daemon.config import Config
from sleepy.daemon.home import Home
from sleepy.memory.episodic.database import Database, DatabaseMissing

_ROOM = 500 * 2**20  # bytes: a year of nights and episodes of the built-in model


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `remedy` is empty where all is well."""

    what: str
    well: bool
    said: str
    remedy: str = ""


def examine(home: Home, config: Config, *, now: datetime) -> Iterator[Finding]:
    """The findings, one after another; a check that fails does not stop the next."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("rustc", _rustc),
        ("sandbox", lambda: _sandbox(config)),
        ("torch", lambda: _torch(config)),
        ("model", lambda: _model(config)),
        ("exam", _exam),
        ("database", lambda: _database(home)),
        ("champion", lambda: _champion(home, config)),
        ("disk", lambda: _disk(home)),
        ("schedule", lambda: _schedule(config, now)),
    ]
    for what, check in checks:
        try:
            yield Finding(what, True, check())
        except Exception as error:  # each check is an edge: its failure is a finding
            yield Finding(what, False, str(error), getattr(error, "remedy", "see the message"))


class _Unwell(Exception):
    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def _rustc() -> str:
    from sleepy.sandbox.toolchain import find

    found = find()
    return found.version


def _sandbox(config: Config) -> str:
    from sleepy.sandbox.sandbox import Sandbox

    with Sandbox.open(tier=config.tier) as sandbox:
        verdict = sandbox.judge(
            "pub fn two() -> i32 {\n    2\n}\n",
            "mod tests {\n    use super::*;\n    #[test]\n    fn is_two() {\n        assert_eq!(two(), 2);\n    }\n}\n",
        )
        if not verdict.passed:
            raise _Unwell(
                f"a sound program was judged {verdict.outcome}: {verdict.detail}",
                remedy="check free disk space and memory; report it with this line if both are there",
            )
        return f"{sandbox.tier}, {sandbox.workers} workers; a test program compiled and passed in it"


def _torch(config: Config) -> str:
    import torch

    if config.device.startswith("cuda") and not torch.cuda.is_available():
        raise _Unwell(f"device is {config.device!r}, but torch sees no GPU", remedy="set device to cpu")
    return f"{torch.__version__} on {config.device}"


def _model(config: Config) -> str:
    from sleepy.daemon.agent.model import LanguageModel

    model = LanguageModel.load(config.model, device=config.device, form=config.format)
    count = sum(p.numel() for p in model.model.parameters())
    return f"{config.model}: {count / 1e6:.1f} M parameters, answers in {model.format}"


def _exam() -> str:
    from sleepy.koans import library

    return f"{len(library.exam())} tasks, seal {library.exam_seal()[:16]}"


def _database(home: Home) -> str:
    try:
        with Database.open(home.database, read_only=True) as db:
            wrong = db.check()
    except DatabaseMissing:
        return f"none yet in {home.root}"
    if wrong:
        raise _Unwell(f"{home.database}: {wrong[0]}", remedy="restore a copy of it, or move it aside")
    return f"{home.database}: sound"


def _champion(home: Home, config: Config) -> str:
    from sleepy.daemon import serve

    try:
        with Database.open(home.database, read_only=True) as db:
            served = serve.champion(db, home, base=config.model)
    except DatabaseMissing:
        return "the bare base model"
    if served.version is None:
        return "the bare base model"
    return f"version {served.version}, {len(served.router.accepted)} routes, every hash as promoted"


def _disk(home: Home) -> str:
    folder = home.root
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < _ROOM:
        raise _Unwell(f"{free // 2**20} MiB free at {folder}", remedy="free some disk space, or move SLEEPY_HOME")
    return f"{free / 2**30:.0f} GiB free at {folder}"


def _schedule(config: Config, now: datetime) -> str:
    from sleepy.daemon.status import next_night

    return f"sleeps next at {next_night(config, now)}"
