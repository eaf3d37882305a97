"""What the tests of a user's crate say, and when that is a pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import ADD, ADDS, LIB, Open, manifest, plant, single, tree

from sleepy.sandbox.libtest import TESTS, Fate
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace_result import Tested


def _fates(said: Tested) -> dict[str, Fate]:
    return {run.name: run.fate for run in said.tests}


def test_an_edit_passes_when_every_test_does(work: Open, tmp_path: Path) -> None:
    opened = work(single(tmp_path, (ADD + ADDS).replace("a + b", "a - b")))
    assert _fates(opened.test()) == {"tests::adds": Fate.FAILED, "tests::adds_zero": Fate.OK}
    said = opened.test({LIB: ADD + ADDS})
    assert (said.outcome, said.detail) == (Outcome.PASS, "")
    assert [(run.executable, run.name, run.fate) for run in said.tests] == [
        ("single lib single", "tests::adds", Fate.OK),
        ("single lib single", "tests::adds_zero", Fate.OK),
    ]
    said = opened.test({LIB: (ADD + ADDS).replace("a + b", "a * b")})
    assert said.outcome is Outcome.FAIL
    assert "tests::adds, tests::adds_zero" in said.detail
    assert "left: 2" in said.detail


def test_a_crate_that_did_not_compile_passes_when_its_tests_do(work: Open, tmp_path: Path) -> None:
    opened = work(single(tmp_path, (ADD + ADDS).replace("a + b\n", "a + b;\n")))
    assert opened.test().outcome is Outcome.COMPILE_ERROR
    assert opened.test({LIB: ADD + ADDS}).outcome is Outcome.PASS
    assert opened.test({LIB: (ADD + ADDS).replace("a + b", "b - a")}).outcome is Outcome.FAIL


def test_without_tests_a_pass_says_so(work: Open, tmp_path: Path) -> None:
    said = work(single(tmp_path, ADD)).test()
    assert (said.outcome, said.detail, said.tests) == (Outcome.PASS, "there are no tests", ())


def test_a_test_that_vanishes_is_no_pass(work: Open, tmp_path: Path) -> None:
    """The mark stands in a macro, so that the words of the edit alone do not tell."""
    lib = (
        ADD + "macro_rules! checks {\n    ($($name:ident $sum:expr),*) => { $(#[test] fn $name() "
        "{ assert_eq!(add(1, 2), $sum); })* };\n}\nchecks!(right 3, wrong 4);\n"
    )
    opened = work(single(tmp_path, lib))
    assert opened.test().outcome is Outcome.FAIL
    said = opened.test({LIB: lib.replace("right 3, wrong 4", "right 3")})
    assert (said.outcome, said.detail) == (Outcome.API_MISMATCH, "tests gone: wrong")


def test_words_of_the_harness_said_by_the_tested_code_do_not_pass(work: Open, tmp_path: Path) -> None:
    """An edit that leaves with 0 after printing what libtest prints, with the means that the crate has already."""
    means = (
        "pub fn leave() -> ! {\n    std::process::exit(0)\n}\npub fn shout(words: &str) {\n    use std::io::Write;\n"
        '    let _ = writeln!(std::io::stdout(), "{words}");\n}\n'
    )
    wrong = (ADD + means + ADDS).replace("a + b", "a - b - 1")
    opened = work(single(tmp_path, wrong))
    both = "test tests::adds ... ok\\ntest tests::adds_zero ... ok\\n\\n"
    for lines in (both, "test tests::adds ... ok\\n\\n", ""):
        for passed in (1, 2):
            counts = f"test result: ok. {passed} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out"
            forged = f'shout("\\n{lines}{counts}\\n");\n    leave();'
            said = opened.test({LIB: wrong.replace("    a - b - 1", f"    let _ = (a, b);\n    {forged}")})
            assert said.outcome is Outcome.FAIL, (lines, passed)


def test_a_test_that_writes_past_the_harness_is_understood(work: Open, tmp_path: Path) -> None:
    lib = ADD.replace("    a + b", '    use std::io::Write;\n    let _ = write!(std::io::stdout(), "x");\n    a + b')
    assert _fates(work(single(tmp_path, lib + ADDS)).test()) == {"tests::adds": Fate.OK, "tests::adds_zero": Fate.OK}


_MEANS = (
    ADD
    + "pub fn sink(n: u64) -> u64 {\n    if n == u64::MAX { 0 } else { 1 + sink(n + 1) }\n}\n"
    + 'pub fn shout() {\n    use std::io::Write;\n    let _ = writeln!(std::io::stdout(), "{}", "x".repeat(4000));\n}\n'
    + 'pub fn listen() -> bool {\n    std::net::TcpListener::bind(("127.0.0.1", 0)).is_ok()\n}\n'
    + ADDS
)


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        ("loop {}", Outcome.RUN_TIMEOUT),
        ("loop { shout(); }", Outcome.OUTPUT_LIMIT),
        ("sink(1) as i32", Outcome.RUN_CRASH),
        ("i32::from(listen())", Outcome.VIOLATION),
    ],
)
def test_tests_that_do_not_end_well_say_how(work: Open, tmp_path: Path, does: str, outcome: Outcome) -> None:
    opened = work(single(tmp_path, _MEANS), test_limits=replace(TESTS, wall_s=2))
    said = opened.test({LIB: _MEANS.replace("    a + b", f"    let _ = (a, b);\n    {does}", 1)})
    assert said.outcome is outcome
    assert "tests::adds" in said.detail


def test_a_test_that_the_jail_forbids_is_named_and_the_others_count(work: Open, tmp_path: Path) -> None:
    lib = _MEANS.replace(
        "    #[test]", "    #[test]\n    fn listens() {\n        assert!(listen());\n    }\n\n    #[test]", 1
    )
    opened = work(single(tmp_path, lib))
    said = opened.test()
    assert (said.outcome, said.detail) == (Outcome.PASS, "cannot run in the jail: tests::listens")
    assert _fates(said) == {"tests::adds": Fate.OK, "tests::adds_zero": Fate.OK, "tests::listens": Fate.BARRED}
    assert opened.test({LIB: lib.replace("a + b", "b + a")}).outcome is Outcome.PASS
    assert opened.test({LIB: lib.replace("a + b", "b - a")}).outcome is Outcome.FAIL


def test_what_cannot_be_told_is_no_label(work: Open, tmp_path: Path) -> None:
    """The crate did not compile, so that nobody knows whether it is the edit that listens."""
    lib = _MEANS.replace(
        "    #[test]", "    #[test]\n    fn listens() {\n        assert!(listen());\n    }\n\n    #[test]", 1
    )
    said = work(single(tmp_path, lib.replace("a + b\n", "a + b;\n"))).test({LIB: lib})
    assert said.outcome is Outcome.INFRA_ERROR
    assert "tests::listens" in said.detail


def test_tests_have_their_files_and_a_folder_of_their_own(work: Open, tmp_path: Path) -> None:
    """Folders and processes need the wider profile, which is said; what the jail hides stays hidden in it."""
    secret = plant(tmp_path / "outside", {"secret.txt": "secret"}) / "secret.txt"
    crate = single(tmp_path)
    plant(
        crate,
        {
            "src/main.rs": 'fn main() {\n    println!("{}", single::add(20, 22));\n}\n',
            "tests/narrow.rs": "#[test]\nfn reads_its_data() {\n"
            '    assert_eq!(std::fs::read_to_string("tests/data.txt").unwrap(), "data");\n'
            '    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();\n'
            '    assert!(std::path::Path::new(&here).join("tests/data.txt").is_file());\n}\n'
            '#[test]\nfn writes_a_file() {\n    let file = std::env::temp_dir().join("x");\n'
            '    std::fs::write(&file, "x").unwrap();\n}\n'
            "#[test]\nfn spreads() {\n    assert_eq!(std::thread::spawn(|| 1).join().unwrap(), 1);\n}\n",
            "tests/data.txt": "data",
            "tests/wide.rs": "#[test]\nfn runs_the_program() {\n"
            '    let said = std::process::Command::new(env!("CARGO_BIN_EXE_single")).output().unwrap();\n'
            '    assert_eq!(said.stdout, b"42\\n");\n}\n'
            '#[test]\nfn makes_a_folder() {\n    let folder = std::env::temp_dir().join("a");\n'
            "    std::fs::create_dir(&folder).unwrap();\n    std::fs::remove_dir(&folder).unwrap();\n}\n"
            f'#[test]\nfn is_kept_in() {{\n    assert!(std::fs::read("{secret}").is_err());\n'
            f'    assert!(std::fs::write("{secret}", "x").is_err());\n'
            '    assert!(std::fs::write("tests/data.txt", "x").is_err());\n'
            f'    assert!(std::fs::write("{crate}/tests/data.txt", "x").is_err());\n'
            '    assert!(std::fs::read("/etc/passwd").is_err());\n'
            '    assert!(std::env::var("PATH").map_or(true, |path| path == "/usr/bin:/bin"));\n}\n',
        },
    )
    before = tree(tmp_path / "outside"), tree(crate)
    said = work(crate).test()
    assert set(_fates(said).values()) == {Fate.OK}
    assert len(said.tests) == 8
    assert (said.outcome, said.detail) == (Outcome.PASS, "run with the freedom of a build script: single test wide")
    assert (tree(tmp_path / "outside"), tree(crate)) == before


def test_harnesses_of_other_kinds_count_too(work: Open, tmp_path: Path) -> None:
    """A main of the user's own, and the tests of a proc macro, which are linked with the compiler."""
    crate = plant(
        tmp_path / "odd",
        {
            "Cargo.toml": manifest("odd", '[lib]\nproc-macro = true\n[[test]]\nname = "own"\nharness = false\n'),
            "src/lib.rs": "fn one() -> u8 {\n    1\n}\n#[proc_macro]\npub fn number(_: proc_macro::TokenStream) -> "
            "proc_macro::TokenStream {\n    one().to_string().parse().unwrap()\n}\n"
            "#[test]\nfn is_one() {\n    assert_eq!(one(), 1);\n}\n#[test]\n#[ignore]\nfn waits() {}\n",
            "tests/own.rs": "fn main() {\n    assert_eq!(odd::number!(), 1);\n}\n",
        },
    )
    opened = work(crate)
    said = opened.test()
    assert said.outcome is Outcome.PASS
    assert [(run.executable, run.name, run.fate) for run in said.tests] == [
        ("odd proc-macro odd", "is_one", Fate.OK),
        ("odd proc-macro odd", "waits", Fate.IGNORED),
        ("odd test own", "(the whole program)", Fate.OK),
    ]
    lib = (crate / LIB).read_text()
    wrong = opened.test({LIB: lib.replace("    1\n}", "    2\n}", 1)}, allowed=[LIB])
    assert wrong.outcome is Outcome.FAIL
    assert _fates(wrong)["(the whole program)"] is Fate.FAILED
