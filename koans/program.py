"""The base programs, correct before they are broken: std-only modules with tests, in `programs/<theme>/<name>.rs`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sleepy.koans.koan import digest

_FOLDER = Path(__file__).parent / "programs"
_TESTS = "#[cfg(test)]\nmod tests {"


@dataclass(frozen=True, slots=True)
class Program:
    """A base program: `source` without its tests, and the tests module."""

    name: str
    source: str
    tests: str

    @property
    def base(self) -> str:
        """What decides its side of the practice / exam split."""
        return digest(self.source)


def programs(folder: Path = _FOLDER) -> Iterator[Program]:
    """The programs below a folder, by name. `ValueError` names a file without a tests module."""
    for path in sorted(folder.rglob("*.rs")):
        text = path.read_text(encoding="utf-8")
        at = text.find(_TESTS)
        if at < 0:
            raise ValueError(f"{path}: no `{_TESTS.splitlines()[1]}` under #[cfg(test)]: every base program has tests")
        name = path.relative_to(folder).with_suffix("").as_posix()
        yield Program(name, text[:at].rstrip("\n") + "\n", text[at:])
