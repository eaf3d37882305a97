"""Hints: how a person repairs an error, by its code or signature, in a file that can be edited.

The packaged `hints.toml` lies beneath the user's: same keys are replaced, an empty text silences one. A hint
is advice to a model; it is not verified, and what it leads to is judged like any other answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Complain

FILE = "hints.toml"  # its name in the home
_KEY = re.compile(r"(?:E\d{4}|uncoded)(?::.+)?")
_FORM = 'E0382 = "..." or "E0277:Hash" = "..."'


@dataclass(frozen=True, slots=True)
class Hints:
    """Hints by key; `own` are the keys that the user's file says."""

    said: Mapping[str, str]
    own: frozenset[str] = frozenset()

    @classmethod
    def load(cls, user_file: Path | None = None) -> Self:
        """The packaged hints under those of the user's file, which need not be there.

        `UserError` names the file, the line and what would have been accepted.
        """
        packaged = _read(Path(__file__).with_name(FILE))
        own = {} if user_file is None else _read(user_file, missing_ok=True)
        return cls({**packaged, **own}, frozenset(own))

    @classmethod
    def at_hand(cls, user_file: Path, complain: Complain) -> Self:
        """The same, without the user's where their file cannot be used: `complain` hears why."""
        try:
            return cls.load(user_file)
        except UserError as error:
            complain(f"your own hints are ignored: {error}")
            return cls.load()

    def of(self, signature: str) -> str:
        """The hint for an error; '' where there is none."""
        return self.said.get(self.key(signature), "")

    def key(self, signature: str) -> str:
        """The most specific key that fits: the one with most characters beside `*`; '' where none does."""
        fitting = [key for key in self.said if _fits(key, signature)]
        return max(fitting, key=lambda key: (len(key) - key.count("*"), key), default="")

    def under(self, code: str) -> dict[str, str]:
        """Every hint whose key begins with a code, or that speaks for a signature; all of them for ''."""
        found = {key: text for key, text in sorted(self.said.items()) if _fits(code, key)}
        key = self.key(code)
        return found or ({key: self.said[key]} if key else {})


def _fits(key: str, signature: str) -> bool:
    """Whether the key is the signature's beginning, as whole words; `*` stands for anything."""
    boundary = r"(?!\w)" if key[-1:].isalnum() else ""
    return re.match(re.escape(key).replace(r"\*", ".*") + boundary, signature) is not None


def _read(path: Path, *, missing_ok: bool = False) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        if missing_ok:
            return {}
        raise
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"{path}: {error}", remedy=f"correct it or move it away; a line is {_FORM}") from error
    return {key: _hint(path, text, key, value) for key, value in data.items()}


def _hint(path: Path, text: str, key: str, value: Any) -> str:
    where = f"{path}, line {_line(text, key)}"
    if _KEY.fullmatch(key) is None:
        raise UserError(f"{where}: {key!r} is neither an error code nor a pattern's signature", remedy=f"write {_FORM}")
    if not isinstance(value, str):
        raise UserError(f"{where}: the hint for {key!r} is {value!r}, not a text", remedy=f"write {_FORM}")
    return " ".join(value.split())


def _line(text: str, key: str) -> int:
    """Where a key stands, from 1; tomllib does not say."""
    at = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}(?!\w)")
    return next((number for number, line in enumerate(text.splitlines(), start=1) if at.match(line)), 1)
