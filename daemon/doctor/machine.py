"""Checks of the machine: a compiler, a sandbox that holds, the sealed exam, disk space."""

from __future__ import annotations

import shutil

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.text import plural
from sleepy.daemon.doctor.finding import Unwell, Warned

_ROOM = 500 * 2**20  # bytes: a year of nights and episodes of the built-in model
_PLENTY = 4 * _ROOM


def rustc() -> str:
    """The finding on the compiler: its version."""
    from sleepy.sandbox.toolchain import find

    return find().version


def sandbox(config: Config) -> str:
    """The finding on the sandbox: its tier, and that a test program passes in it."""
    from sleepy.sandbox.sandbox import Sandbox

    with Sandbox.open(tier=config.tier) as opened:
        verdict = opened.judge(
            "pub fn two() -> i32 {\n    2\n}\n",
            "mod tests {\n    use super::*;\n    #[test]\n    fn is_two() {\n        assert_eq!(two(), 2);\n    }\n}\n",
        )
        if not verdict.passed:
            raise Unwell(
                f"a correct program was judged {verdict.outcome}: {verdict.detail}",
                remedy="check free disk space and memory; if there is enough of both, report this line",
            )
        return f"{opened.tier}, {plural(opened.workers, 'worker')}; a test program compiled and passed in it"


def exam() -> str:
    """The finding on the sealed exam: its size and seal."""
    from sleepy.koans import library

    return f"{len(library.exam())} tasks, seal {library.exam_seal()[:16]}"


def disk(home: Home, *, free: int | None = None) -> str:
    """The finding on disk space: `free` bytes, by default those free where the home is or would be."""
    folder = home.root
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free if free is None else free
    remedy = "free some disk space (`sleepy gc` deletes old versions), or move SLEEPY_HOME"
    if free < _ROOM:
        raise Unwell(f"only {free // 2**20} MiB free at {folder}", remedy=remedy)
    if free < _PLENTY:
        raise Warned(f"only {free // 2**20} MiB free at {folder}", remedy=remedy)
    return f"{free / 2**30:.0f} GiB free at {folder}"
