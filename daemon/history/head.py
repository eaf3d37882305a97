"""The tests that fail at git's HEAD: what failed before is no reason against a repair.

HEAD's files are laid out in a folder that is removed at the end, and built and tested in the jail. Of the repository
only objects are read (`repository.py`); its work tree and its index are left alone.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.history.past import NotLookedAt, Past
from sleepy.daemon.history.repository import HistoryError, Repository
from sleepy.sandbox.cargo import BUILD
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.scope import Scope

_SECONDS = 60.0  # for a check, and for a build of the tests


def failing_at_head(root: Path, jail: Jail, cache: Path, scope: Scope | None = None) -> frozenset[tuple[str, str]]:
    """The tests of the workspace at `root` that fail at HEAD, by executable and name.

    None where there is no git, no commit, or HEAD does not build in its time. `cache` is a folder of sleepy's own.
    """
    try:
        repository = Repository.around(root)
        [head] = repository.commits(1)
        with tempfile.TemporaryDirectory(prefix="head-", dir=cache) as place:
            past = Past(repository, jail, Path(place), scope=scope, limits=replace(BUILD, wall_s=_SECONDS))
            commit = past.checked(head.name)
            tests = past.tested(commit).tests if commit.passed else ()
    except (UserError, HistoryError, NotLookedAt, OSError):
        return frozenset()
    return frozenset((each.executable, each.name) for each in tests if each.fate is Fate.FAILED)
