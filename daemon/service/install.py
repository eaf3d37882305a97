"""Installing the daemon as a service, and taking it out again. Every step is a command a person could have typed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.errors import UserError
from sleepy.daemon.home import Home
from sleepy.daemon.service import unit

Run = Callable[[Sequence[str]], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and how it went: None when it was not run because one before it failed."""

    command: tuple[str, ...]
    code: int | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the service's file is, what it says, and the commands that make it run and stop."""

    path: Path
    text: str
    on: tuple[tuple[str, ...], ...]
    off: tuple[tuple[str, ...], ...]


def installation(home: Home, flags: Sequence[str], *, platform: str = sys.platform, memory: int = 0) -> Installation:
    """What `sleepy service install` would do here. `UserError` where there is neither systemd nor launchd."""
    command = [str(Path(sys.executable).absolute()), "-m", "sleepy", "run", "--home", str(home.root), *flags]
    if platform == "darwin":
        path = Path.home() / "Library" / "LaunchAgents" / f"{unit.LABEL}.plist"
        return Installation(
            path,
            unit.launchd(command, home.logs / "daemon.out"),
            (("launchctl", "load", "-w", str(path)),),
            (("launchctl", "unload", "-w", str(path)),),
        )
    if not platform.startswith("linux"):
        raise UserError(f"no service is known for {platform}", remedy="`sleepy start` runs it until the next boot")
    user = ("systemctl", "--user")
    return Installation(
        Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user" / unit.NAME,
        unit.systemd(command, memory=memory),
        ((*user, "daemon-reload"), (*user, "enable", "--now", unit.NAME)),
        ((*user, "disable", "--now", unit.NAME), (*user, "daemon-reload")),
    )


def run(command: Sequence[str]) -> tuple[int, str]:
    """Runs a command; its exit code and its last line."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=330, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    said = (done.stderr or done.stdout).strip().splitlines()
    return done.returncode, said[-1] if said else ""


def install(found: Installation, run: Run = run) -> list[Step]:
    """Writes the file and has the service run; the steps up to the first that fails were tried."""
    try:
        found.path.parent.mkdir(parents=True, exist_ok=True)
        found.path.write_text(found.text, encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{found.path} cannot be written: {error.strerror}", remedy="make its folder writable for this user"
        ) from error
    return _all(found.on, run)


def uninstall(found: Installation, run: Run = run) -> list[Step] | None:
    """Stops the service and removes its file; None when there is none."""
    if not found.path.exists():
        return None
    first = _all(found.off[:1], run)
    found.path.unlink()
    return first + _all(found.off[1:], run)


def _all(commands: Sequence[tuple[str, ...]], run: Run) -> list[Step]:
    steps: list[Step] = []
    for command in commands:
        if steps and steps[-1].code != 0:
            steps.append(Step(command, None))
        else:
            code, said = run(command)
            steps.append(Step(command, code, said))
    return steps
