"""Installs the daemon as a service of the user's session: a systemd unit on Linux, a launchd agent on macOS.

The launchd file follows its manual and was never tried.
"""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home

NAME = "sleepy.service"
LABEL = "sleepy.daemon"
_WATCHDOG = 120  # seconds; the daemon says it lives twice a second


def unit(command: Sequence[str], *, memory: int = 0) -> str:
    """The text of a user unit that runs the command. `memory`: MiB for it and its children; 0: no limit.

    Its weights are a fifth of everything else's, so that a night gives way to other work.
    """
    limit = f"MemoryMax={memory}M\n" if memory else ""
    return f"""[Unit]
Description=sleepy, which practises Rust by day and learns in its sleep
StartLimitIntervalSec=600
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=main
ExecStart={" ".join(_word(word) for word in command)}
WatchdogSec={_WATCHDOG}
TimeoutStartSec=300
TimeoutStopSec=90
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2 78
CPUWeight=20
IOWeight=20
Nice=10
{limit}
[Install]
WantedBy=default.target
"""


def agent(command: Sequence[str], log: Path) -> str:
    """The text of an agent for macOS: low priority, started at login and after failures."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ProcessType": "Background",
            "LowPriorityIO": True,
            "Nice": 10,
            "StandardOutPath": str(log),
            "StandardErrorPath": str(log),
        }
    ).decode()


def _word(word: str) -> str:
    """A word of ExecStart, quoted for systemd.service(5) and systemd.syntax(7)."""
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(plain, written)
    return f'"{word}"' if not word or any(mark in word for mark in " \t'\"\\;") else word


Run = Callable[[Sequence[str]], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class CommandRun:
    """A command and its exit code: None if it was not run because an earlier one failed."""

    command: tuple[str, ...]
    code: int | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """The path and text of the service file, and the commands that start and stop the service."""

    path: Path
    text: str
    on: tuple[tuple[str, ...], ...]
    off: tuple[tuple[str, ...], ...]


def installation(home: Home, flags: Sequence[str], *, platform: str = sys.platform, memory: int = 0) -> Installation:
    """What `sleepy service install` does here. Raises `UserError` where there is neither systemd nor launchd."""
    command = [str(Path(sys.executable).absolute()), "-m", "sleepy", "run", "--home", str(home.root), *flags]
    if platform == "darwin":
        path = Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        return Installation(
            path,
            agent(command, home.logs / "daemon.out"),
            (("launchctl", "load", "-w", str(path)),),
            (("launchctl", "unload", "-w", str(path)),),
        )
    if not platform.startswith("linux"):
        raise UserError(
            f"services are not supported on {platform}", remedy="`sleepy start` runs it until the next reboot"
        )
    user = ("systemctl", "--user")
    return Installation(
        Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user" / NAME,
        unit(command, memory=memory),
        ((*user, "daemon-reload"), (*user, "enable", "--now", NAME)),
        ((*user, "disable", "--now", NAME), (*user, "daemon-reload")),
    )


def run(command: Sequence[str]) -> tuple[int, str]:
    """Runs a command; returns its exit code and its last line of output."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=330, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    said = (done.stderr or done.stdout).strip().splitlines()
    return done.returncode, said[-1] if said else ""


def install(found: Installation, run: Run = run) -> list[CommandRun]:
    """Writes the file and starts the service; returns the steps, which end at the first failure."""
    try:
        found.path.parent.mkdir(parents=True, exist_ok=True)
        found.path.write_text(found.text, encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{found.path} cannot be written: {error.strerror}", remedy="make its folder writable for you"
        ) from error
    return _all(found.on, run)


def uninstall(found: Installation, run: Run = run) -> list[CommandRun] | None:
    """Stops the service and removes its file; returns the steps, or None if there is no file."""
    if not found.path.exists():
        return None
    first = _all(found.off[:1], run)
    found.path.unlink()
    return first + _all(found.off[1:], run)


def _all(commands: Sequence[tuple[str, ...]], run: Run) -> list[CommandRun]:
    steps: list[CommandRun] = []
    for command in commands:
        if steps and steps[-1].code != 0:
            steps.append(CommandRun(command, None))
        else:
            code, said = run(command)
            steps.append(CommandRun(command, code, said))
    return steps
