"""A koan: one broken program, one right repair and hidden tests; one TOML file a person can write.

The file's keys are the fields below; Rust stands in ''' blocks, which Rust itself never contains.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sleepy.koans.tokens import tokens

FAMILIES = (
    "borrow_checker", "lifetimes", "trait_bounds", "result_handling", "type_mismatch", "names", "patterns",
    "syntax", "generics", "items",
)  # fmt: skip
EDITIONS = ("2015", "2018", "2021", "2024")
CRATE = "crate:"  # what the base of a koan begins with that is a file of somebody's crate: crate:PACKAGE/PATH#FUNCTION


class KoanError(Exception):
    """A koan file that cannot be used; names the file, the field and what would do."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Koan:
    """`base` is the split key: variants broken from one program share it, and never straddle the splits.

    `origin` says where it came from (classic, forge, import:FILE). `mistake` is the forge's own name
    for what was broken: bookkeeping, nothing routes or trains on it. A koan without tests may say in
    `stdout` what its main prints.
    """

    id: str
    family: str
    title: str
    broken: str
    fixed: str
    tests: str = ""
    edition: str = "2021"
    origin: str = ""
    base: str = field(default="")
    mistake: str = ""
    stdout: str = ""

    def __post_init__(self) -> None:
        if not self.base:
            object.__setattr__(self, "base", digest(self.fixed))

    @property
    def digest(self) -> str:
        """What identifies the task: its broken program and its tests, whatever they are named."""
        return digest(self.broken, self.tests, *([self.stdout] if self.stdout else []))

    @property
    def file(self) -> str:
        """The file of a crate that its programs are, as PACKAGE/PATH; "" for programs of their own."""
        return self.base.removeprefix(CRATE).partition("#")[0] if self.base.startswith(CRATE) else ""


def digest(*sources: str) -> str:
    """sha256 over the programs' tokens: comments and layout do not count."""
    whole = hashlib.sha256()
    for source in sources:
        whole.update("\x1f".join(tokens(source)).encode())
        whole.update(b"\x1e")
    return whole.hexdigest()


def read(path: Path) -> Koan:
    """The koan of one TOML file; `KoanError` says what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KoanError(f"{path}: no such koan file", remedy="`sleepy koans list` shows those there are") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KoanError(f"{path}: not TOML: {error}", remedy="CONTRIBUTING.md shows a whole koan file") from error
    return from_dict(data, str(path))


def from_dict(data: dict[str, Any], where: str) -> Koan:
    """A koan from parsed fields; unknown, missing and impossible ones raise `KoanError`."""
    known = {item.name for item in fields(Koan)}
    for key, value in data.items():
        if key not in known:
            raise KoanError(f"{where}: unknown key {key!r}", remedy=f"the keys are {', '.join(sorted(known))}")
        if not isinstance(value, str):
            raise KoanError(f"{where}: {key} is {value!r}, not text", remedy="put it in quotes")
    for key in ("id", "family", "title", "broken", "fixed"):
        if not data.get(key, "").strip():
            raise KoanError(f"{where}: {key} is missing or empty", remedy="every koan has one")
    if data["family"] not in FAMILIES:
        raise KoanError(f"{where}: family {data['family']!r} does not exist", remedy=f"one of {', '.join(FAMILIES)}")
    if data.get("edition", "2021") not in EDITIONS:
        raise KoanError(f"{where}: edition {data['edition']!r} does not exist", remedy=f"one of {', '.join(EDITIONS)}")
    return Koan(**data)


def write(koan: Koan) -> str:
    """The text of a koan's file; reading it gives the same koan."""
    out = []
    for item in fields(Koan):
        value = getattr(koan, item.name)
        if item.name == "base" and value == digest(koan.fixed):
            continue
        if "\n" in value:
            if "'''" in value:
                raise KoanError(f"{koan.id}: {item.name} contains '''", remedy="Rust never does: check the text")
            out.append(f"{item.name} = '''\n{value}'''")
        elif value:
            out.append(f"{item.name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(out) + "\n"
