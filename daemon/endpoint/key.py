"""The key that every request must send, from a file that its owner alone may read, as ssh asks of a private key."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from sleepy.daemon.base.errors import UserError

_LEAST = 16  # characters of a key


def read_key(path: Path) -> str:
    """The key that a file holds. `UserError` where it cannot be one, or others may read it."""
    path = path.expanduser()
    named = shlex.quote(str(path))
    make = f"make one: (umask 077; openssl rand -hex 24 > {named})"
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            mode = stat.S_IMODE(found.st_mode)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid() and mode & 0o077:
                raise UserError(
                    f"the key file {path} can be read or written by others (mode {mode:04o}), so its key is no secret",
                    remedy=f"chmod 600 {named}; put another key into it if others have read this one",
                )
            key = file.read().decode().strip()
    except FileNotFoundError as error:
        raise UserError(f"there is no key file {path}", remedy=make) from error
    except OSError as error:
        raise UserError(
            f"the key file {path} cannot be read: {error.strerror or error}",
            remedy="name a file with one line, which you may read",
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(f"the key file {path} is no text: byte {error.start} is not UTF-8", remedy=make) from error
    if not key:
        raise UserError(f"the key file {path} is empty", remedy=make)
    if len(key) < _LEAST:
        raise UserError(
            f"the key in {path} has {len(key)} characters, which can be guessed",
            remedy=f"write one line of {_LEAST} ASCII characters or more into it",
        )
    if not (key.isascii() and key.isprintable()):
        raise UserError(
            f"the key in {path} has more than one line, or characters that a header cannot carry",
            remedy=f"write one line of {_LEAST} ASCII characters or more into it",
        )
    return key
