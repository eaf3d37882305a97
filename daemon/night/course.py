"""What a night teaches of one scope and asks of it: a course, and its held-out koans in the night's folder."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sleepy.daemon.stages.stages import TooFew
from sleepy.koans.koan import CRATE, Koan
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.storage import write_whole

LEAST_HELD_OUT = 8  # fewer cannot show a gain
LEAST_LESSONS = 16
_HELD_OUT = "held_out.jsonl"


@dataclass(slots=True)
class Course:
    """One scope's lessons and held-out koans.

    `taught` and `asked` count the lessons (without replay) and the held-out koans by the signature of their error.
    `rare` are signatures that the forge made too seldom: their places went to others of the scope. `crates`: whether there
    are functions of the user's to break; of their `repairs` of this scope `shapes` can be made elsewhere.
    """

    scope: str
    lessons: list[Lesson] = field(default_factory=list)
    held_out: list[Koan] = field(default_factory=list)
    replayed: dict[str, int] = field(default_factory=dict)  # by signature: the model's own successes under it
    taught: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    rare: tuple[str, ...] = ()
    crates: bool = False
    repairs: int = 0
    shapes: int = 0

    @property
    def own_code(self) -> int:
        """How many of its lessons and held-out koans are of the user's functions."""
        taught = [item for item in self.lessons if item.program.startswith(CRATE)]
        return sum(bool(koan.file) for koan in self.held_out) + len(taught)

    @property
    def teachable(self) -> bool:
        return len(self.held_out) >= LEAST_HELD_OUT and len(self.lessons) >= LEAST_LESSONS

    @property
    def why(self) -> TooFew | None:
        """Why it is not teachable; None if it is. What is rare alone can be taught with the rest of its code."""
        if self.teachable:
            return None
        own = self.own_code if self.crates else None
        rare = self.scope in self.rare
        return TooFew(len(self.lessons), len(self.held_out), rare, own, self.repairs, self.shapes)

    def kinds(self) -> dict[str, int]:
        """The number of lessons of each kind."""
        found = Counter(item.provenance.value for item in self.lessons)
        return dict(sorted(found.items()))


def write_held_out(folder: Path, courses: Sequence[Course]) -> str:
    """Writes a night's held-out koans into its folder; returns the file's hash."""
    rows = [
        json.dumps({"signature": course.scope, "koan": asdict(koan)}, ensure_ascii=False)
        for course in courses
        for koan in course.held_out
    ]
    data = "".join(f"{row}\n" for row in rows).encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / _HELD_OUT, data)
    return hashlib.sha256(data).hexdigest()


def held_out_of(folder: Path) -> list[tuple[str, Koan]]:
    """The (scope, koan) pairs that `write_held_out` wrote; none where it wrote no file."""
    return list(read_held_out(folder)) if (folder / _HELD_OUT).exists() else []


def read_held_out(folder: Path) -> Iterator[tuple[str, Koan]]:
    """Yields the (scope, koan) pairs that `write_held_out` wrote."""
    for line in filter(None, (folder / _HELD_OUT).read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        yield row["signature"], Koan(**row["koan"])
