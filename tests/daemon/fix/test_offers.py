"""The compiler's suggestions as candidates, those in other files too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.sandbox.workspace.planting import plant, single

from sleepy.daemon.fix.ladder import Problem
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.offers import offered
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.target import CrateTarget
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion, diagnostic_of
from sleepy.sandbox.workspace import Workspace

LIB, OTHER = Path("src/lib.rs"), Path("src/plot.rs")
_LIB = """mod plot;

use plot::Plot;
use std::collections::HashMap;

pub fn yields() -> HashMap<Plot, u32> {
    let mut found = HashMap::new();
    found.insert(Plot { row: 1 }, 2);
    found
}

pub fn told(plot: &Plot) -> String {
    format!("{plot:?}")
}
"""
_PLOT = "/// A place to sow.\npub struct Plot {\n    pub row: u32,\n}\n"


def test_what_is_suggested_for_another_file_is_done_there(sandbox: Sandbox, tmp_path: Path) -> None:
    folder = plant(single(tmp_path, _LIB), {"src/plot.rs": _PLOT})
    mended = mend(CrateTarget(Workspace.open(folder, sandbox.jail, tmp_path / "cache")), [CompilerRung()])
    assert mended.fixed and set(mended.edits) == {OTHER}
    text = mended.edits[OTHER]
    assert all(f"#[derive({traits})]\n" in text for traits in ("PartialEq, Eq", "Hash", "Debug"))
    assert text.endswith(_PLOT.partition("\n")[2])
    said = next(each.problem.error for each in mended.climbs if "Hash" in each.problem.error.message)
    assert said.suggestions == () and said.elsewhere[0].replacements[0].file == str(OTHER)
    plain = asdict(said)
    assert diagnostic_of(plain) == said
    del plain["elsewhere"]  # as an earlier version kept it
    assert diagnostic_of(plain).elsewhere == ()


def problem(offer: Suggestion, *others: tuple[Path, str]) -> Problem:
    def files() -> Iterator[tuple[Path, str]]:
        return iter(others)

    said = Diagnostic("E0277", "error", "no trait", (Span(1, 1, 1, 2, True),), elsewhere=(offer,))
    return Problem(LIB, "use a;\n", (said,), "E0277", files)


def test_a_suggestion_in_two_files_is_one_candidate_and_none_where_one_may_not_be_edited() -> None:
    here = Replacement(1, 5, 1, 6, "b")
    there = Replacement(1, 1, 1, 1, "pub ", str(OTHER))
    offer = Suggestion("both", "MaybeIncorrect", (here, there))
    (found,) = offered(problem(offer, (OTHER, "fn b() {}\n")))
    assert found.source == "use b;\n" and [(each.file, each.new) for each in found.more] == [(OTHER, "pub fn b() {}\n")]
    assert list(offered(problem(offer))) == []


def test_a_derived_trait_is_offered_with_those_that_it_needs() -> None:
    def of(trait: str) -> Suggestion:
        return Suggestion(trait, "MaybeIncorrect", (Replacement(1, 1, 1, 1, f"#[derive({trait})]\n", str(OTHER)),))

    for trait, wanted in (("Ord", ["Ord", "PartialEq, Eq, PartialOrd, Ord"]), ("Debug", ["Debug"])):
        texts = [each.more[0].new for each in offered(problem(of(trait), (OTHER, "struct A;\n")))]
        assert texts == [f"#[derive({traits})]\nstruct A;\n" for traits in wanted]
