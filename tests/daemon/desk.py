"""A developer at work on a real crate, with a clock that the test turns: edit, rest, and see what was said."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sleepy.daemon.watch.attempts import TryFix
from sleepy.daemon.watch.crate import FollowedCrate, WatchContext
from sleepy.daemon.watch.crate_state import Health, Pace
from sleepy.daemon.watch.events import Event, EventKind
from sleepy.memory.episodic import recall
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.recall import Fix
from sleepy.sandbox.sandbox import Sandbox

MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
TOTAL = (
    "pub fn total(prices: &[u64]) -> u64 {\n    let mut sum = 0;\n    for price in prices {\n        sum += price;\n"
    "    }\n    sum\n}\n"
)
SLIP = TOTAL.replace("let mut sum", "let sum")
E0596 = "E0596:cannot borrow `sum` as mutable, as it is not declared as mutable@fn"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def git(folder: Path, *words: str) -> None:
    """Real git, with nothing of this machine's configuration."""
    known = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *words], cwd=folder, env=known, check=True, capture_output=True, timeout=60)


def plant(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every path below a folder with its mode, its time of change and its bytes."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


class Desk:
    """`edit` writes a file and looks; `rest` lets time pass until nothing more happens."""

    def __init__(
        self, folder: Path, db: Database, sandbox: Sandbox, files: dict[str, str], attempt: TryFix | None = None
    ) -> None:
        self.root = plant(folder / "shop", {"Cargo.toml": MANIFEST, **files})
        self.db, self.now, self.events = db, 0.0, list[Event]()
        (folder / "cargo").mkdir(exist_ok=True)
        self.ground = WatchContext(
            db,
            sandbox.jail,
            folder / "cache",
            lambda: NOON,
            lambda: self.now,
            self.events.append,
            Pace(),
            attempt,
            folder / "cargo",
        )
        self.crate = FollowedCrate(self.root, self.ground)
        self.rest()

    def edit(self, name: str, text: str | None, *, seconds: float = 0.0) -> None:
        """Writes a file, or removes it, and lets so much time pass."""
        path = self.root / name
        if text is None:
            path.unlink()
        else:
            plant(self.root, {name: text})
        self.crate.step(self.now, changed=True)
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.crate.step(self.now, changed=False)

    def rest(self) -> None:
        """Long enough for a check and for errors to count as a mistake."""
        self.crate.step(self.now, changed=True)
        self.wait(3)
        self.wait(3)

    def compiles(self) -> bool:
        return self.crate.health is Health.GREEN

    def said(self, kind: EventKind) -> list[Event]:
        return [event for event in self.events if event.kind is kind]

    def why(self) -> list[str]:
        """Why nothing was learnt."""
        return [event.message for event in self.said(EventKind.NOT_LEARNT)]

    def kept(self, signature: str = E0596) -> Sequence[Fix]:
        return recall.recall(self.db, signature)
