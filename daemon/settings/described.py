"""Every setting with the reason that stands beside it in `Config`'s source: one place says both."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
from dataclasses import dataclass
from functools import cache
from typing import Any

from sleepy.daemon.base import config
from sleepy.daemon.base.config import Config

SECRET = frozenset(["server_key"])  # never shown


@dataclass(frozen=True, slots=True)
class Setting:
    """Its key, its default, and what it is for."""

    key: str
    default: Any
    why: str


@cache
def every() -> tuple[Setting, ...]:
    """All settings, in the order of the class."""
    source = inspect.getsource(config)
    comments = {
        token.start[0]: token.string.lstrip("# ").rstrip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    body = next(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Config")
    found = []
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            why = " ".join(comments[line] for line in lines if line in comments)
            found.append(Setting(node.target.id, getattr(Config(), node.target.id), why))
    return tuple(found)


def shown(key: str, value: Any) -> Any:
    """The value as it may be seen."""
    return "(set, not shown)" if key in SECRET and value else list(value) if isinstance(value, tuple) else value
