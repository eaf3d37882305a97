"""Private things made visible where they are defined, in other files too, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.sandbox.workspace.planting import plant, single

from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.ladder import Problem
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.record import record
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.target import CrateTarget
from sleepy.daemon.fix.widen import widened
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Span
from sleepy.sandbox.workspace import Workspace

LIB, GARDEN = Path("src/lib.rs"), Path("src/garden.rs")
_LIB = """mod garden;

pub fn harvest() -> u32 {
    let bed = garden::Bed::sown(3);
    bed.plants + bed.ripe() + garden::seeds(garden::Row(4))
}
"""
_GARDEN = """pub struct Bed {
    plants: u32,
}

pub struct Row(u32);

impl Bed {
    pub fn sown(plants: u32) -> Self {
        Bed { plants }
    }

    /// Those that can be picked.
    #[must_use]
    fn ripe(&self) -> u32 {
        self.plants / 2
    }
}

fn seeds(row: Row) -> u32 {
    row.0
}
"""
_WIDE = (
    _GARDEN.replace("    plants: u32,", "    pub(crate) plants: u32,")
    .replace("Row(u32)", "Row(pub u32)")  # as rustc itself suggests it
    .replace("    fn ripe", "    pub(crate) fn ripe")
    .replace("fn seeds", "pub(crate) fn seeds")
)


def test_what_is_private_in_another_file_is_made_visible_there(sandbox: Sandbox, db: Database, tmp_path: Path) -> None:
    folder = plant(single(tmp_path, _LIB), {"src/garden.rs": _GARDEN})
    target = CrateTarget(Workspace.open(folder, sandbox.jail, tmp_path / "cache"))
    mended = mend(target, [CompilerRung()])
    assert mended.fixed and dict(mended.edits) == {GARDEN: _WIDE}
    assert {str(each.problem.error.code) for each in mended.climbs} == {"E0603", "E0616", "E0624"}
    notes = {each.found.trial.candidate.note for each in mended.climbs if each.found}
    assert "`pub(crate)` where it is defined, src/garden.rs:2" in notes
    assert record(db, mended, model="none", version=None, now=lambda: datetime(2026, 11, 30, tzinfo=UTC)) == []

    alone = mend(target, [CompilerRung()], only=LIB)
    assert not alone.fixed and alone.edits == {} and (folder / GARDEN).read_text() == _GARDEN


def test_to_make_something_visible_is_not_doubtful() -> None:
    assert doubts(_GARDEN, _WIDE) == ()


def problem(message: str, *others: tuple[str, str]) -> Problem:
    said = Diagnostic("E0616", "error", message, (Span(1, 1, 1, 2, True),))

    def files() -> Iterator[tuple[Path, str]]:
        return iter([(Path(name), text) for name, text in others])

    return Problem(LIB, "fn main() {}\n", (said,), "E0616", files)


def test_a_field_is_made_visible_in_the_only_struct_of_its_name() -> None:
    said, here, there = "field `plants` of struct `Bed` is private", ("src/a.rs", _GARDEN), ("src/b.rs", _GARDEN)
    texts = [each.more[0].new for each in widened(problem(said, here))]
    assert [text.splitlines()[1] for text in texts] == ["    pub(crate) plants: u32,", "    pub plants: u32,"]
    assert list(widened(problem(said, here, there))) == [], "nobody knows which of them is meant"
    assert list(widened(problem("field `weeds` of struct `Bed` is private", here))) == []
    numbered = [each.more[0].new for each in widened(problem("field `0` of struct `Row` is private", here))]
    assert "pub struct Row(pub(crate) u32);" in numbered[0]


def test_a_private_field_that_is_changed_from_outside_is_doubtful() -> None:
    for use, changed in (
        ("bed.plants -= 2;", True),
        ("bed.plants.push(2);", True),
        ("f(&mut bed.plants);", True),
        ("f(bed.plants);", False),
        ("let n = bed.plants + 1;", False),
        ("let n = bed.plants.len();", False),
    ):
        text = f"fn f(bed: &mut Bed) {{\n    {use}\n}}\n"
        column = text.split("\n")[1].index("plants") + 1
        span = Span(2, 2, column, column + 6, True)
        said = Diagnostic("E0616", "error", "field `plants` of struct `Bed` is private", (span,))
        found = list(widened(Problem(LIB, text, (said,), "E0616", lambda: iter([(GARDEN, _GARDEN)]))))
        assert found and {bool(each.doubt) for each in found} == {changed}, use
