"""Errors for users: one line that names the problem, and one that says what to do."""

from __future__ import annotations

import errno
from typing import Any


class UserError(Exception):
    """An error that the user can correct. `remedy` says how; `exit_code` is the process's."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), str(self), self.remedy)


def _again(kind: type[UserError], message: str, remedy: str) -> UserError:
    """An error that came from another process."""
    return kind(message, remedy=remedy)


def remedy(error: BaseException) -> str | None:
    """What a user can do about an error: its own remedy, or one for files and disks; None for an internal error."""
    own = getattr(error, "remedy", None)
    if own is None and isinstance(error, OSError):
        return (
            "free disk space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "check the path and its permissions"
        )
    return own
