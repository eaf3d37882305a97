"""Choices that no test tells from others are shown and not called fixed; where a test tells, they are."""

from __future__ import annotations

from pathlib import Path

from tests.sandbox.workspace.planting import plant, single

from sleepy.daemon.fix.draft import RepairStep
from sleepy.daemon.fix.guess import is_choice
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Climb, Problem, TriedCandidate, Try
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.mended import Mended
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.target import CrateTarget
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span
from sleepy.sandbox.workspace import Workspace
from sleepy.sandbox.workspace_result import Checked

LIB = Path("src/lib.rs")
_LIB = """pub mod bulk;
pub mod retail;

#[derive(Clone)]
pub struct Parcel {
    pub grams: u32,
    pub stamps: u32,
}

/// What goes first: the one with fewer stamps.
pub fn first(mut all: Vec<Parcel>) -> Option<Parcel> {
    all.sort();
    all.into_iter().next()
}

pub fn price(grams: u32) -> u32 {
    rate(grams)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices() {
        assert_eq!(price(WEIGHT), PRICE);
        let one = Parcel { grams: 5, stamps: 1 };
        let other = Parcel { grams: 9, stamps: 2 };
        assert_eq!(first(vec![other, one]).unwrap().stamps, 1);
    }
}
"""
_RATE = "pub fn rate(grams: u32) -> u32 {{\n    grams * {}\n}}\n"


_ORDERED = "PartialEq, Eq, PartialOrd, Ord"


def mended(sandbox: Sandbox, folder: Path, weight: str, price: str, traits: str = "Clone") -> Mended:
    lib = _LIB.replace("WEIGHT", weight).replace("PRICE", price).replace("derive(Clone)", f"derive({traits})")
    crate = plant(single(folder, lib), {"src/bulk.rs": _RATE.format(2), "src/retail.rs": _RATE.format(3)})
    return mend(CrateTarget(Workspace.open(crate, sandbox.jail, folder / "cache")), [CompilerRung()])


def test_what_no_test_tells_apart_is_a_guess_and_all_that_passes_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    found = mended(sandbox, tmp_path, "0", "0")
    assert not found.fixed and found.edits and not found.left and "doubtful" in found.why
    assert set(found.doubts) == {
        "src/lib.rs: `use crate::retail::rate;` would do as well",
        "src/lib.rs: no test tells in which order `Parcel` is compared",
    }


def test_what_a_test_tells_apart_is_fixed_though_it_was_not_the_first_offer(sandbox: Sandbox, tmp_path: Path) -> None:
    found = mended(sandbox, tmp_path, "4", "12", f"Clone, {_ORDERED}")
    assert found.fixed and found.doubts == ()
    assert "use crate::retail::rate;" in found.edits[LIB]


def test_without_the_tests_a_choice_is_not_certain() -> None:
    for others, is_guess in (("lov: u8", True), ("tall: u8", False)):
        old = f"fn f(low: u8, {others}) -> u8 {{\n    loq\n}}\n"
        said = Diagnostic("E0425", "error", "cannot find value `loq`", (Span(2, 2, 5, 8, True),))
        found = Try("says", TriedCandidate(Candidate(old.replace("loq", "low")), CandidateGrade.CLEAN))
        climbed = Climb(Problem(LIB, old, (said,), "E0425"), (), (), found)
        step = RepairStep(climbed, FileDiagnostic(LIB, "single", "single", said), Checked(Outcome.PASS), {})
        assert is_choice(step) is is_guess
