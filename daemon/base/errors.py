"""The errors a user sees: one line that names the value, one that says what to do."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can mend. `remedy` says how; `exit_code` is the process's."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy
