"""Mending real crates and files in the real sandbox, with rungs that propose what the test says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import manifest, plant, single, tree

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.fix.ladder import ORDER, Candidate, Problem, TriedCandidate
from sleepy.daemon.fix.limits import Budget
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.target import CrateTarget, FileTarget, open_target
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace

LIB = Path("src/lib.rs")
_SHELF = (
    "#[derive(Debug, Clone)]\npub struct Book {\n    pub title: String,\n}\n\n"
    "pub fn index(books: &[Book]) -> HashMap<String, usize> {\n    let found = HashMap::new();\n"
    "    for (i, book) in books.iter().enumerate() {\n        found.insert(book.title, i);\n    }\n    found\n}\n"
)
_DOUBLE = (
    "pub fn double(n: u32) -> u32 {\n    n.twice()\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n"
    "    #[test]\n    fn doubles() {\n        assert_eq!(double(4), 8);\n    }\n}\n"
)


@dataclass
class Says:
    """A rung whose candidates are a function of the problem."""

    texts: Callable[[Problem], Sequence[str] | Iterator[str]]
    name: str = "says"

    def solve(self, problem: Problem, attempt: Callable[[Candidate], TriedCandidate]) -> None:
        for text in self.texts(problem):
            if attempt(Candidate(text)).accepted:
                return


def swap(*pairs: tuple[str, str]) -> Says:
    """Replaces in the text, one pair a candidate."""
    return Says(lambda problem: [problem.source.replace(old, new) for old, new in pairs])


@pytest.fixture
def crate(sandbox: Sandbox, tmp_path: Path) -> Callable[[Path], CrateTarget]:
    def made(folder: Path) -> CrateTarget:
        (tmp_path / "cargo").mkdir(exist_ok=True)
        return CrateTarget(Workspace.open(folder, sandbox.jail, tmp_path / "cache", cargo_home=tmp_path / "cargo"))

    return made


Make = Callable[[Path], CrateTarget]


def test_errors_of_every_phase_in_several_files_are_mended_by_the_compilers_words(crate: Make, tmp_path: Path) -> None:
    lib = "pub mod shelf;\n\npub fn total(items: &[u32]) -> u32 {\n    let sum = 0;\n    for n in items {\n        sum += n;\n    }\n    sum\n}\n"
    folder = plant(single(tmp_path, lib), {"src/shelf.rs": _SHELF})
    before = tree(folder)
    mended = mend(crate(folder), [CompilerRung()])
    assert mended.fixed and mended.tested is not None and not mended.left and mended.why == ""
    assert set(mended.edits) == {LIB, Path("src/shelf.rs")}
    assert "let mut sum" in mended.edits[LIB] and "use std::collections::HashMap;" in mended.edits[Path("src/shelf.rs")]
    assert sorted(str(climb.problem.error.code) for climb in mended.climbs) == ["E0425", "E0507", "E0596", "E0596"]
    assert {climb.found.rung for climb in mended.climbs if climb.found} == {"compiler"}
    after = tree(folder)
    assert after == before, "the user's tree is only read"


def test_what_the_compiler_is_sure_of_is_tried_at_once_and_without_what_goes_wrong(crate: Make, tmp_path: Path) -> None:
    half = "fn {}(n: u32) -> u32 {\n    let sum = 0;\n    sum += n;\n    sum\n}\n"
    lib = "".join("pub " + half.replace("{}", name, 1) for name in ("a", "b", "c")) + _DOUBLE.replace(
        "n.twice()", "n + m"
    )
    lib += "pub fn d(n: u32) -> u64 {\n    let n = 2;\n    n += 1;\n    n\n}\n"
    mended = mend(crate(single(tmp_path, lib)), [CompilerRung(), swap(("n + m", "n + n + 1"), ("n + m", "n * 2"))])
    assert mended.fixed and "n * 2" in mended.edits[LIB]  # the step that its test comes to was taken back, and no other
    checks = {id(each.trial.checked) for climb in mended.climbs for each in climb.tries}
    assert len(mended.climbs) >= 5 and len(checks) < len(mended.climbs)  # some were one check


_BIN = "#[derive(Clone)]\npub struct Bin {\n    pub id: String,\n    pub net_mass: u32,\n}\n\n"
_BUILT = _BIN + "pub fn built(mass: u32) -> Bin {\n    Bin { id: String::new(), mass }\n}\n"
_WEIGHED = (
    "use crate::store::Bin;\n\npub fn heavier(one: &Bin, other: &Bin) -> bool {\n    one.mass > other.mass\n}\n\n"
    "pub fn all(bins: &[Bin]) -> u32 {\n    bins.iter().map(|each| each.mass).sum()\n}\n\n"
    "pub struct Crane {\n    pub tons: u32,\n}\n\npub fn lifts(crane: &Crane) -> u32 {\n    crane.mass\n}\n"
)


def test_the_edit_of_one_site_is_made_at_all_and_what_it_does_not_help_keeps_its_own_search(
    crate: Make, tmp_path: Path
) -> None:
    lib = "pub mod store;\npub mod weigh;\n\npub fn one(bin: store::Bin) -> u32 {\n    bin.mass\n}\n"
    folder = plant(single(tmp_path, lib), {"src/store.rs": _BUILT, "src/weigh.rs": _WEIGHED})
    mended = mend(crate(folder), [swap(("bin.mass", "bin.net_mass"), ("crane.mass", "crane.tons"))])
    assert mended.fixed and len(mended.met) == 6
    assert mended.edits[Path("src/store.rs")] == _BUILT.replace(", mass }", ", net_mass: mass }")
    right = _WEIGHED.replace("crane.mass", "crane.tons").replace("mass", "net_mass")
    assert mended.edits[Path("src/weigh.rs")] == right
    notes = [climb.found.trial.candidate.note for climb in mended.climbs if climb.found is not None]
    assert notes.count("as at src/lib.rs:5") == 4
    joint = {id(c.found.trial.checked) for c in mended.climbs if c.found and c.found.trial.candidate.note}
    assert len(joint) == 1  # one check


def test_what_is_cheap_is_tried_at_all_errors_before_a_model_is_asked_of_one(crate: Make, tmp_path: Path) -> None:
    lib = 'pub fn f() -> u32 {\n    "7"\n}\n\npub fn g(s: &str) -> String {\n    s\n}\n'
    mended = mend(crate(single(tmp_path, lib)), [CompilerRung(), swap(('"7"', "7"))])
    assert mended.fixed
    assert [climb.found.rung for climb in mended.climbs if climb.found] == ["compiler", "says"]


def test_a_borrow_that_came_to_light_beside_the_edit_is_no_doubt(crate: Make, tmp_path: Path) -> None:
    lib = (
        "pub enum Line {\n    Paid(u32, u8),\n}\n\npub fn all(lines: &[Line]) -> Vec<u32> {\n"
        "    let found = Vec::new();\n"
        "    for line in lines {\n        match line {\n            Line::Paid(n) => found.push(*n),\n"
        "        }\n    }\n"
        "    found\n}\n\npub fn other() -> u32 {\n    missing()\n}\n"
    )
    mended = mend(crate(single(tmp_path, lib)), [CompilerRung()])
    assert [climb.problem.error.code for climb in mended.climbs if climb.found] == ["E0023", "E0596"]
    assert mended.certain is not None and mended.certain.errors == 2


def test_what_compiles_is_fixed_without_a_rung(crate: Make, tmp_path: Path) -> None:
    mended = mend(crate(single(tmp_path)), [])
    assert mended.fixed and not mended.edits and not mended.climbs


def test_what_cannot_be_solved_is_left_and_the_rest_is_mended(crate: Make, tmp_path: Path) -> None:
    folder = single(tmp_path, 'pub fn f() -> u32 {\n    missing()\n}\n\npub fn g() -> u32 {\n    "7"\n}\n')
    mended = mend(crate(folder), [swap(('"7"', "7"))])
    assert not mended.fixed and mended.why == "1 error is left"
    assert mended.edits[LIB].endswith("    7\n}\n")
    assert [each.diagnostic.code for each in mended.left] == ["E0425"]
    assert [climb.found is not None for climb in mended.climbs] == [True, False]


def test_a_repair_that_fails_a_test_gives_way_to_the_next(crate: Make, tmp_path: Path) -> None:
    mended = mend(crate(single(tmp_path, _DOUBLE)), [swap(("n.twice()", "n"), ("n.twice()", "n * 2"))])
    assert mended.fixed and "    n * 2\n" in mended.edits[LIB]
    assert len(mended.climbs) == 1


def test_without_a_better_one_the_repair_that_fails_a_test_is_shown_and_not_called_fixed(
    crate: Make, tmp_path: Path
) -> None:
    mended = mend(crate(single(tmp_path, _DOUBLE)), [swap(("n.twice()", "n"))])
    assert not mended.fixed and "doubles" in mended.why and mended.why.startswith("it compiles")
    assert mended.why.count("left: 4") == 1 and "test result" not in mended.why  # the harness says it twice
    assert "    n\n" in mended.edits[LIB] and not mended.left


_CHECKED = (
    "pub fn shown(n: u32, log: &mut Vec<u32>) -> String {\n    let twice = n * 2;\n    note(twice, log);\n"
    "    let said: String = twice;\n    said\n}\n\nfn note(n: u32, log: &mut Vec<u32>) {\n    log.push(n);\n}\n"
)


def test_what_is_doubtful_gives_way_to_what_a_later_rung_finds(crate: Make, tmp_path: Path) -> None:
    literal = swap(("= twice;", '= "8".into();'))
    right = swap(("= twice;", "= twice.to_string();"))
    mended = mend(crate(single(tmp_path, _CHECKED)), [literal, right])
    assert mended.fixed and "= twice.to_string();" in mended.edits[LIB] and mended.doubts == ()
    (first, second) = mended.climbs[0].tries
    assert first.trial.doubts and not first.trial.accepted and second.trial.accepted


def test_where_all_is_doubtful_the_repair_is_shown_with_reasons_and_not_called_fixed(
    crate: Make, tmp_path: Path
) -> None:
    silent = swap(("    note(twice, log);\n    let said: String = twice;\n", '    let said: String = "8".into();\n'))
    mended = mend(crate(single(tmp_path, _CHECKED)), [silent])
    assert not mended.fixed and mended.edits and not mended.left and "doubtful" in mended.why
    assert "src/lib.rs: deletes a call of `note`" in mended.doubts
    assert "src/lib.rs: brings a warning: unused variable: `twice`" in mended.doubts  # the compiler's own word
    assert "src/lib.rs: brings a warning: function `note` is never used" in mended.doubts


def test_a_doubtful_repair_is_taken_back_when_it_leads_nowhere(crate: Make, tmp_path: Path) -> None:
    source = "pub fn f(names: &[String]) -> String {\n    names[0].as_text()\n}\n"
    lost = swap((".as_text()", ""))  # the type is right then, and the borrow is wrong
    mended = mend(crate(single(tmp_path, source)), [lost])
    assert not mended.fixed and mended.edits == {}
    assert [climb.problem.error.code for climb in mended.climbs] == ["E0508", "E0599"]
    assert [climb.problem.error.code for climb in mended.met] == ["E0599"]  # the other was never the user's


def test_a_doubtful_repair_is_gone_on_from(crate: Make, tmp_path: Path) -> None:
    source = "pub fn f(names: &[String]) -> String {\n    names[0].as_text()\n}\n"
    mended = mend(crate(single(tmp_path, source)), [swap((".as_text()", ""), ("names[0]\n", "names[0].clone()\n"))])
    assert mended.fixed and "names[0].clone()" in mended.edits[LIB]


def test_a_test_that_never_comes_to_the_repair_does_not_count_and_what_no_test_runs_is_told(
    crate: Make, tmp_path: Path
) -> None:
    aside = "pub fn odd(n: u32) -> bool {\n    n % 2 == 0\n}\n\npub fn idle(n: u32) -> u64 {\n    n\n}\n\n"
    fails = "    #[test]\n    fn is_odd() {\n        assert!(odd(3));\n    }\n\n    #[test]\n    fn doubles() {"
    lib = aside + _DOUBLE.replace("    #[test]\n    fn doubles() {", fails)
    right = swap(("    n\n", "    n.into()\n"), ("n.twice()", "n * 2"))
    mended = mend(crate(single(tmp_path, lib)), [right])
    assert mended.fixed and mended.old_failures == ("tests::is_odd",) and mended.untested == ("src/lib.rs:6",)
    wrong = mend(crate(single(tmp_path, lib)), [swap(("    n\n", "    n.into()\n"), ("n.twice()", "n"))])
    assert not wrong.fixed and "tests::doubles" in wrong.why


def test_an_error_in_a_dependency_hides_those_of_its_dependents(crate: Make, tmp_path: Path) -> None:
    folder = plant(
        tmp_path / "two",
        {
            "Cargo.toml": '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n',
            "low/Cargo.toml": manifest("low"),
            "low/src/lib.rs": "pub fn low() -> u8 {\n    3u8.swap_byte()\n}\n",
            "high/Cargo.toml": manifest("high", '[dependencies]\nlow = { path = "../low" }\n'),
            "high/src/lib.rs": "pub fn high() -> String {\n    low::low()\n}\n",
        },
    )
    mended = mend(crate(folder), [swap(("swap_byte", "swap_bytes"), ("low::low()", "low::low().to_string()"))])
    assert mended.fixed
    assert [str(climb.problem.file) for climb in mended.climbs] == ["low/src/lib.rs", "high/src/lib.rs"]


def test_one_file_of_a_crate_is_mended_and_the_others_are_left(sandbox: Sandbox, tmp_path: Path) -> None:
    folder = plant(single(tmp_path, "pub mod shelf;\npub fn f() -> u8 {\n    missing()\n}\n"), {"src/shelf.rs": _SHELF})
    target, only = open_target(folder / "src/shelf.rs", sandbox, tmp_path / "cache")
    assert only == Path("src/shelf.rs")
    mended = mend(target, [CompilerRung()], only=only)
    assert not mended.fixed and set(mended.edits) == {only}
    assert {str(each.file) for each in mended.left} == {"src/lib.rs"}


def test_a_budget_ends_it(crate: Make, tmp_path: Path) -> None:
    folder = single(tmp_path, "pub fn f() -> u32 {\n    missing()\n}\n")
    endless = Says(lambda problem: (problem.source.replace("missing", f"m{i}") for i in itertools.count()))
    mended = mend(crate(folder), [endless], budget=Budget(tries=3))
    assert not mended.fixed and sum(len(climb.tries) for climb in mended.climbs) == 3
    assert mend(crate(folder), [endless], stopped=lambda: True).climbs == ()


def test_an_error_that_takes_long_leaves_time_for_the_others(crate: Make, tmp_path: Path) -> None:
    folder = single(tmp_path, 'pub fn f() -> u32 {\n    missing()\n}\n\npub fn g() -> u32 {\n    "7"\n}\n')

    def texts(problem: Problem) -> Iterator[str]:
        if problem.error.code == "E0308":
            yield problem.source.replace('"7"', "7")
        yield from (problem.source.replace("missing", f"m{i}") for i in itertools.count())

    ticks = itertools.count()
    mended = mend(crate(folder), [Says(texts)], budget=Budget(pace=40.0), clock=lambda: float(next(ticks)))
    assert "    7\n" in mended.edits[LIB] and [each.diagnostic.code for each in mended.left] == ["E0425"]


def test_line_ends_stay_as_they_are(crate: Make, tmp_path: Path) -> None:
    folder = single(tmp_path)
    (folder / LIB).write_bytes(b'pub fn f() -> u32 {\r\n    "7"\r\n}\r\n')
    mended = mend(crate(folder), [swap(('    "7"\n', "    7\n"))])
    assert mended.fixed and mended.edits[LIB] == "pub fn f() -> u32 {\r\n    7\r\n}\r\n"


def test_a_file_that_is_not_utf8_is_named_and_no_fault(crate: Make, tmp_path: Path) -> None:
    folder = single(tmp_path, "pub fn f() {}\n")
    (folder / LIB).write_bytes(b"pub fn f() {} // caf\xe9\n")
    done = mend(crate(folder), [CompilerRung()])
    assert not done.fixed and done.why == "src/lib.rs is not UTF-8 at byte 20" and done.edits == {}


@pytest.mark.parametrize("name", ["tests/whole.rs", "examples/shown.rs", "build.rs"])
def test_a_part_of_a_crate_outside_src_is_not_taken_for_a_file_that_stands_alone(
    sandbox: Sandbox, tmp_path: Path, name: str
) -> None:
    folder = plant(single(tmp_path, "pub fn f() {}\n"), {name: "fn main() { single::gone() }\n"})
    if name == "build.rs":
        with pytest.raises(UserError, match="runs while others compile"):
            open_target(folder / name, sandbox, tmp_path / "cache")
    else:
        target, only = open_target(folder / name, sandbox, tmp_path / "cache")
        assert isinstance(target, CrateTarget) and only == Path(name)
    plant(folder, {"scratch.rs": "fn main() {}\n"})
    assert isinstance(open_target(folder / "scratch.rs", sandbox, tmp_path / "cache")[0], FileTarget)


_LENGTH = (
    "pub fn length(words: &[String]) -> usize {\n    words.iter().map(|word| word.len()).sum()\n}\n\n"
    "#[cfg(test)]\nmod tests {\n    #[test]\n    fn none() {\n        let n: u32 = super::length(&[]);\n"
    "        assert_eq!(n, 0);\n    }\n}\n"
)
_WHOLE = '#[test]\nfn one() {\n    assert_eq!(single::length(&["a".into()]), 1);\n}\n'


def test_errors_that_only_the_tests_have_are_errors_and_are_mended_there(crate: Make, tmp_path: Path) -> None:
    bench = "#![feature(test)]\nfn main() {}\n"  # for another toolchain: it is nobody's error
    folder = plant(single(tmp_path, _LENGTH), {"tests/whole.rs": _WHOLE.replace("&[", "["), "benches/b.rs": bench})
    bare = mend(crate(folder), [])
    assert not bare.fixed and {str(each.file) for each in bare.left} == {"src/lib.rs", "tests/whole.rs"}
    weak = swap(("        assert_eq!(n, 0);\n", ""), ("    #[test]\n", ""))  # must not be the way out
    mended = mend(crate(folder), [weak, swap(("n: u32", "n: usize"), ("length([", "length(&["))])
    assert mended.fixed and set(mended.edits) == {LIB, Path("tests/whole.rs")} and not mended.doubts
    assert mended.tested is not None and len(mended.tested.tests) == 2


def test_a_repair_that_the_tests_do_not_compile_with_gives_way_to_one_that_they_do(crate: Make, tmp_path: Path) -> None:
    right = _LENGTH.replace("n: u32", "n: usize")
    folder = plant(single(tmp_path, right.replace("words.iter()", "words.keys()")), {"tests/whole.rs": _WHOLE})
    narrower = swap(("words: &[String]", "words: &std::collections::HashMap<String, u8>"))
    mended = mend(crate(folder), [narrower, swap(("keys()", "iter()"))])
    assert mended.fixed and mended.edits == {LIB: right}
    alone = mend(crate(folder), [narrower])
    assert not alone.fixed


def test_a_lone_file_whose_tests_do_not_compile_is_not_fixed(sandbox: Sandbox, tmp_path: Path) -> None:
    file = plant(tmp_path, {"length.rs": _LENGTH}) / "length.rs"
    mended = mend(FileTarget(file, sandbox), [])
    (left,) = mended.left
    assert not mended.fixed and left.diagnostic.code == "E0308"
    assert left.diagnostic.primary is not None and left.diagnostic.primary.line_start == 9
    assert mend(FileTarget(file, sandbox), [swap(("n: u32", "n: usize"))]).fixed


def test_a_source_that_is_typed_in_after_the_tests_is_seen(crate: Make, tmp_path: Path) -> None:
    folder = single(tmp_path, "pub mod other;\npub fn f() -> u8 {\n    let n = 0;\n    n += 1;\n    n\n}\n")
    plant(folder, {"src/other.rs": "pub fn g() {}\n"})
    target = crate(folder)
    done = mend(target, [CompilerRung()])
    assert done.fixed and target.tree().changed(done.tree) == set()
    (folder / "src/other.rs").write_text("pub fn h() {}\n")
    assert target.tree().changed(done.tree) == {folder / "src/other.rs"}


def test_a_lone_file_is_tested_with_its_own_tests(sandbox: Sandbox, tmp_path: Path) -> None:
    file = plant(tmp_path, {"double.rs": _DOUBLE}) / "double.rs"
    mended = mend(FileTarget(file, sandbox), [swap(("n.twice()", "n"), ("n.twice()", "n + n"))])
    assert mended.fixed and "n + n" in mended.edits[Path("double.rs")]
    assert mended.tested is not None and [run.name for run in mended.tested.tests] == ["doubles"]


@pytest.mark.parametrize("change", [("double(4), 8", "double(4), 4"), ("#[test]\n", "")])
def test_a_lone_files_tests_may_not_be_changed(sandbox: Sandbox, tmp_path: Path, change: tuple[str, str]) -> None:
    file = plant(tmp_path, {"double.rs": _DOUBLE}) / "double.rs"
    cheat = Says(lambda problem: [problem.source.replace("n.twice()", "n").replace(*change)])
    mended = mend(FileTarget(file, sandbox), [cheat])
    assert not mended.fixed and mended.edits == {}
    assert mended.climbs[0].tries[0].trial.checked is not None
    assert mended.climbs[0].tries[0].trial.checked.detail == "changes a test"


def test_the_ladder_begins_with_what_is_cheapest() -> None:
    assert ORDER == ("compiler", "recall", "recipes", "model", "hints", "samples", "server")
