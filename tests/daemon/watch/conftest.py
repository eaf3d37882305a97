"""A memory, and a developer's desk with a crate of one small file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.daemon.watch.desk import TOTAL, Desk

from sleepy.daemon.watch.trying import Attempt
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox

Sit = Callable[..., Desk]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "sleepy.db") as opened:
        yield opened


@pytest.fixture
def sit(tmp_path: Path, db: Database, sandbox: Sandbox) -> Sit:
    """A desk with a crate that compiles: by default one function in src/lib.rs."""

    def sat(files: dict[str, str] | None = None, attempt: Attempt | None = None) -> Desk:
        return Desk(tmp_path, db, sandbox, files or {"src/lib.rs": TOTAL}, attempt)

    return sat
