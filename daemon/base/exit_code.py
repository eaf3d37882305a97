"""The exit codes of `sleepy` and what each means: the one list, from which --help is made and which the documents repeat.

Errors of folders that do not know this one carry their code as a number (`exit_code`).
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with."""

    DONE = 0
    NO = 1
    USAGE = 2
    INTERNAL = 70
    AWAY = 75
    NO_SANDBOX = 78
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.NO: "the answer is no (not fixed, not passed, not well)",
    ExitCode.USAGE: "wrong usage or configuration",
    ExitCode.INTERNAL: "internal error",
    ExitCode.AWAY: "the database's server, the store or the cluster cannot be reached now",
    ExitCode.NO_SANDBOX: "no sandbox or compiler",
    ExitCode.INTERRUPTED: "interrupted",
}


def told(*codes: ExitCode) -> str:
    """The codes with their meanings, as a part of a sentence."""
    return ", ".join(f"{code.value} {code.meaning}" for code in codes)
