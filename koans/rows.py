"""Koans of a JSONL file of real cases, one a line: a broken program, one right answer, and what shows it is right.

Fields: `id`, `family`, `broken`, `fixed`, `tests` (a module with #[test] functions), `expected_stdout`, `edition`,
`base` (rows of one program share it) and `tests_embedded`, for programs that hold their tests themselves.
Other fields are not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sleepy.koans.koan import EDITIONS, FAMILIES, Koan, KoanError, digest


def read(path: Path) -> list[Koan]:
    """The koans of a file, in its order. `KoanError` names the line that cannot be used."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # what else ends a line to Python may stand in a string
    except FileNotFoundError as error:
        raise KoanError(f"{path}: no such file", remedy="name a JSONL file of koans") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KoanError(f"{path}: cannot be read: {error}", remedy="name a JSONL file of koans") from error
    found = {number: _koan(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()}
    if not found:
        raise KoanError(f"{path}: it holds no koan", remedy="one JSON object a line")
    taken: dict[str, int] = {}
    for number, koan in found.items():
        if koan.id in taken:
            raise KoanError(f"{path}:{number}: the id {koan.id!r} is line {taken[koan.id]}'s", remedy="rename it")
        taken[koan.id] = number
    return list(found.values())


def _koan(line: str, where: str) -> Koan:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise KoanError(f"{where}: not JSON: {error}", remedy="one JSON object a line") from error
    if not isinstance(row, dict):
        raise KoanError(f"{where}: {type(row).__name__}, not an object", remedy="one JSON object a line")
    for key in ("id", "broken", "fixed"):
        if not _text(row, key, where).strip():
            raise KoanError(f"{where}: {key} is missing or empty", remedy="every koan has one")
    fixed, broken = row["fixed"], row["broken"]
    tests = _text(row, "tests", where)
    if not row.get("tests_embedded") and row.get("oracle", "tests") != "tests":
        tests = ""
    family, edition = _text(row, "family", where), _text(row, "edition", where) or "2021"
    if edition not in EDITIONS:
        raise KoanError(f"{where}: edition {edition!r} does not exist", remedy=f"one of {', '.join(EDITIONS)}")
    return Koan(
        id=row["id"],
        family=family if family in FAMILIES else "items",
        title=_text(row, "description", where) or _text(row, "title", where) or row["id"],
        broken=broken,
        fixed=fixed,
        tests=tests,
        edition=edition,
        origin=f"import:{_text(row, 'source', where) or Path(where).name.split(':')[0]}",
        base=_text(row, "base", where) or digest(fixed),
        stdout=_text(row, "expected_stdout", where) if row.get("oracle") == "stdout" else "",
    )


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise KoanError(f"{where}: {key} is {value!r}, not text", remedy="put it in quotes")
    return value
