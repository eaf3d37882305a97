"""The daemon as a service of the user's session: a systemd unit on Linux, a launchd agent on macOS.

The launchd file is written by its manual and was never tried.
"""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

NAME = "sleepy.service"
LABEL = "sleepy.daemon"
_WATCHDOG = 120  # seconds; the daemon says it lives twice a second


def systemd(command: Sequence[str], *, memory: int = 0) -> str:
    """A user unit that runs the command. `memory`: MiB it and its children may take at most; 0: no limit.

    Its weights are a fifth of what everything else has: a night gives way to whoever works.
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


def launchd(command: Sequence[str], log: Path) -> str:
    """The same for macOS: lowered priority, started at login and again when it fails."""
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
    """A word of ExecStart as systemd.service(5) and systemd.syntax(7) read it."""
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(plain, written)
    return f'"{word}"' if not word or any(mark in word for mark in " \t'\"\\;") else word
