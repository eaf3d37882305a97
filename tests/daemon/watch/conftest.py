"""A developer's desk with a crate of one small file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.daemon.desk import TOTAL, Desk

from sleepy.daemon.watch.attempts import TryFix
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox

Sit = Callable[..., Desk]


@pytest.fixture
def sit(tmp_path: Path, db: Database, sandbox: Sandbox) -> Sit:
    """A desk with a crate that compiles: by default one function in src/lib.rs."""

    def sat(files: dict[str, str] | None = None, attempt: TryFix | None = None) -> Desk:
        return Desk(tmp_path, db, sandbox, files or {"src/lib.rs": TOTAL}, attempt)

    return sat
