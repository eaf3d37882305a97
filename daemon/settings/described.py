"""Every setting with its default and its help, read from the fields of `Config`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from sleepy.daemon.base.config import Config


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its key, its default and what it is for. The value of a secret one is never shown."""

    key: str
    default: Any
    why: str
    secret: bool


@cache
def every() -> tuple[Setting, ...]:
    """All settings, in the order of the class."""
    return tuple(
        Setting(item.name, item.default, item.metadata["why"], item.metadata["secret"]) for item in fields(Config)
    )


def is_secret(key: str) -> bool:
    """Whether the setting's value is never shown."""
    return any(item.key == key and item.secret for item in every())


def shown(key: str, value: Any) -> Any:
    """The value as it may be shown: secrets hidden, tuples as lists."""
    if value and is_secret(key):
        hide: Callable[[str], str] = next(item.metadata["shown"] for item in fields(Config) if item.name == key)
        return hide(value)
    return list(value) if isinstance(value, tuple) else value
