"""The errors a user sees: one line that names the value, one that says what to do."""

from __future__ import annotations

import errno


class UserError(Exception):
    """Something the user can mend. `remedy` says how; `exit_code` is the process's."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def remedy(error: BaseException) -> str | None:
    """What a user can do about an error: its own remedy, or that of a file or disk; None for a fault of ours."""
    own = getattr(error, "remedy", None)
    if own is None and isinstance(error, OSError):
        return (
            "free disk space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "check the path and its permissions"
        )
    return own
