"""Changes a setting in its file: the result is first read as the program would read it, then written whole."""

from __future__ import annotations

import difflib
import os
import tempfile
from pathlib import Path
from typing import Any

from sleepy.daemon.base import config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.settings import toml
from sleepy.daemon.settings.described import every, is_secret
from sleepy.memory.parametric.storage import write_whole
from sleepy.sandbox.isolation import Tier

_NOWHERE = Path(os.devnull)


def known(key: str) -> str:
    """The key; raises `UserError`, naming the nearest one, if there is no such setting."""
    names = [item.key for item in every()]
    if key not in names:
        near = difflib.get_close_matches(key.replace("-", "_").lower(), names, n=1, cutoff=0.5)
        raise UserError(
            f"there is no setting {key!r}",
            remedy=f"did you mean {near[0]}?" if near else f"the settings are {', '.join(names)}",
        )
    return key


def fitting(key: str, words: tuple[str, ...]) -> Any:
    """The key's value from words of the command line; raises `UserError`, saying what would be valid."""
    default = getattr(config.Config(), known(key))
    if isinstance(default, tuple):
        parts = [part for word in words for part in word.split(os.pathsep) if part]
        return tuple(_folder(part) for part in parts) if key == "crates" else tuple(parts)
    if len(words) != 1:
        raise UserError(f"{key} takes one value, not {len(words)}", remedy="put a value with spaces in quotes")
    if key == "tier" and words[0] not in (
        tiers := (config.AUTO, *Tier)
    ):  # elsewhere the sandbox says so, with its code
        raise UserError(f"tier is {words[0]!r}", remedy=f"give {', '.join(tiers[:-1])} or {tiers[-1]}")
    return config.fitting(key, words[0])


def assign(path: Path, key: str, value: Any) -> None:
    """Sets the key in the file, which is created if missing."""
    write(path, toml.assigned(_read(path), key, value, name=str(path)), secret=is_secret(key))


def remove(path: Path, key: str) -> bool:
    """Removes the key from the file; returns whether it was there."""
    before = _read(path)
    after = toml.removed(before, known(key), name=str(path))
    if after != before:
        write(path, after)
    return after != before


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: {error}", remedy="correct the file or move it away") from error


def write(path: Path, text: str, *, secret: bool = False) -> None:
    """Writes the file if the program can read the text, keeping its mode; a file with a secret becomes private."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_bytes(text.encode())
        try:
            config.load(environment={}, project=trial, user=_NOWHERE)
        except UserError as error:
            raise UserError(str(error).replace(str(trial), str(path)), remedy=error.remedy) from error
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path = path.resolve()  # the link stays, its target is replaced
        write_whole(path, text.encode())
        if secret or mode is not None:
            path.chmod(0o600 if secret or mode is None else mode)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror or error}", remedy="check the folder and its permissions"
        ) from error


def _folder(word: str) -> str:
    path = Path(word).expanduser().absolute()
    if not path.is_dir():
        raise UserError(f"{word!r} is not a folder", remedy="name the folder with the crate's Cargo.toml")
    return str(path)
