"""Real crates under a real cargo in the jail: what is said of them, and that nothing of the user's changes."""

from __future__ import annotations

from pathlib import Path

from tests.sandbox.workspace.planting import ADD, ADDS, LIB, Open, manifest, plant, single, tree

from sleepy.sandbox.verdict import Outcome


def test_a_crate_is_checked_and_its_own_folder_stays_as_it_is(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path)
    before = tree(crate)
    opened = work(crate / "src")
    assert opened.root == crate
    first, second = opened.check(), opened.check()
    assert (first.outcome, first.rebuilt) == (Outcome.PASS, ("single lib single",))
    assert (second.outcome, second.rebuilt) == (Outcome.PASS, ())
    assert opened.test().outcome is Outcome.PASS
    assert tree(crate) == before


def test_a_crate_that_cannot_be_written_is_checked(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path)
    for path in [*crate.rglob("*"), crate]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        opened = work(crate)
        assert opened.check({LIB: (ADD + ADDS).replace("a + b", "b + a")}).outcome is Outcome.PASS
    finally:
        for path in [crate, *crate.rglob("*")]:
            path.chmod(0o755)


def test_errors_are_told_by_file_package_and_target(work: Open, tmp_path: Path) -> None:
    crate = plant(
        tmp_path / "two",
        {
            "Cargo.toml": manifest("two", '[workspace]\nmembers = ["alone"]\n'),
            "src/lib.rs": "pub mod inner;\n",
            "src/inner.rs": "pub fn length(words: &[String]) -> i32 {\n    words.len()\n}\n",
            "alone/Cargo.toml": manifest("alone"),
            "alone/src/bin/other.rs": "fn main() {\n    let x: u8 = 1u16;\n    drop(x);\n}\n",
        },
    )
    said = work(crate).check()
    assert said.outcome is Outcome.COMPILE_ERROR
    assert {(str(each.file), each.package, each.target) for each in said.diagnostics} == {
        ("src/inner.rs", "two", "two"),
        ("alone/src/bin/other.rs", "alone", "other"),
    }
    inner = said.by_file[Path("src/inner.rs")]
    assert [(each.code, each.primary and each.primary.line_start) for each in inner] == [("E0308", 2)]
    assert "try_into" in inner[0].suggestions[0].replacements[0].text
    assert str(tmp_path / "cache") not in inner[0].rendered


def test_an_error_in_library_and_tests_alike_is_told_once(work: Open, tmp_path: Path) -> None:
    said = work(single(tmp_path, ADD.replace("a + b", "a + c") + ADDS)).test()
    assert said.outcome is Outcome.COMPILE_ERROR
    assert [(each.diagnostic.code, each.file) for each in said.diagnostics] == [("E0425", LIB)]
    assert said.tests == ()


def test_an_edit_is_checked_and_taken_out_again(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path, ADD.replace("a + b", "a + c"))
    before = tree(crate)
    opened = work(crate)
    (copy,) = (tmp_path / "cache").rglob("lib.rs")
    assert opened.check().outcome is Outcome.COMPILE_ERROR
    assert opened.check({LIB: ADD}).outcome is Outcome.PASS
    assert copy.read_text() == (crate / LIB).read_text()
    assert opened.check({crate / LIB: ADD.replace("a + b", "a * b")}).outcome is Outcome.PASS
    assert opened.check().outcome is Outcome.COMPILE_ERROR
    assert tree(crate) == before


def test_what_was_built_of_an_edit_does_not_outlive_it(work: Open, tmp_path: Path) -> None:
    opened = work(single(tmp_path))
    wrong = (ADD + ADDS).replace("a + b", "a - b")
    assert [opened.test({LIB: text}).outcome for text in (wrong, ADD + ADDS, wrong)] == [
        Outcome.FAIL,
        Outcome.PASS,
        Outcome.FAIL,
    ]
    assert opened.test().outcome is Outcome.PASS


def test_what_the_user_changes_is_seen(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path, "pub mod more;\n")
    (crate / "src" / "more.rs").write_text("pub fn one() -> u8 { 1 }\n")
    opened = work(crate)
    assert opened.check().outcome is Outcome.PASS
    (crate / "src" / "more.rs").touch()
    assert opened.check().rebuilt == ()
    (crate / "src" / "more.rs").write_text('pub fn one() -> u8 { "" }\n')
    assert opened.check().outcome is Outcome.COMPILE_ERROR
    (crate / "src" / "more.rs").unlink()
    assert [each.diagnostic.code for each in opened.check().diagnostics] == ["E0583"]
    (crate / "src" / "more").mkdir()
    (crate / "src" / "more" / "mod.rs").write_text("pub fn two() {}\n")
    assert opened.check().outcome is Outcome.PASS
    (crate / "Cargo.toml").write_text(manifest("renamed"))
    assert opened.check().rebuilt == ("renamed lib renamed",)
