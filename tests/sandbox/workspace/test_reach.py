"""What a crate may see beside its own folders, and what is said where the jail is in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import ADD, ADDS, LIB, Open, manifest, plant, single, tree

from sleepy.sandbox import reach
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.verdict import Outcome

_FILES = """use std::fs;
use std::path::Path;

#[test]
fn writes_where_cargo_says() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own.txt");
    assert!(!file.exists());
    fs::write(&file, "own").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "own");
}

#[test]
fn sees_what_is_included_and_linked() {
    assert_eq!(single::BANNER.trim(), "sea");
    assert_eq!(fs::read_to_string("linked/deep/word.txt").unwrap(), "word");
}
"""
_WRITES = '#[test]\nfn writes_beside_itself() {\n    fs::write("notes.txt", "x").unwrap();\n}\n'
_READS = '#[test]\nfn reads_its_neighbour() {\n    fs::read_to_string("../around/unspoken.txt").unwrap();\n}\n'
_LOST = '#[test]\nfn reads_nothing() {\n    fs::read_to_string("../around/nothing.txt").unwrap();\n}\n'


def test_what_lies_near_is_shown_and_what_the_jail_refuses_has_its_own_outcome(work: Open, tmp_path: Path) -> None:
    around = plant(tmp_path / "around", {"banner.txt": "sea\n", "more/deep/word.txt": "word", "unspoken.txt": ""})
    lib = 'pub const BANNER: &str = include_str!("../../around/banner.txt");\n' + ADD + ADDS
    crate = plant(single(tmp_path, lib.replace("a + b\n", "a + b;\n")), {"tests/files.rs": _FILES})
    (crate / "linked").symlink_to("../around/more")
    before = tree(tmp_path / "around"), tree(crate)
    opened = work(crate)
    assert {each.diagnostic.code for each in opened.check().diagnostics} == {"E0308"}
    for _ in range(2):  # a folder of its own each time
        assert opened.test({LIB: lib}).outcome is Outcome.PASS
    (around / "banner.txt").write_text("lake\n")
    assert opened.test({LIB: lib}).outcome is Outcome.FAIL
    (around / "banner.txt").write_text("sea\n")
    assert (tree(tmp_path / "around"), tree(crate)) == before

    plant(crate, {"tests/files.rs": _FILES + _WRITES + _READS})
    said = opened.test({LIB: lib})
    assert (said.outcome, said.is_label) == (Outcome.OUT_OF_REACH, False)
    barred = {run.name for run in said.tests if run.fate is Fate.OUT_OF_REACH}
    assert barred == {"writes_beside_itself", "reads_its_neighbour"}
    assert "cargo test" in said.detail
    plant(crate, {"tests/files.rs": _FILES + _WRITES + _LOST})
    assert opened.test({LIB: lib}).outcome is Outcome.FAIL  # a file that is not there is nobody's but the code's


def test_a_source_behind_a_link_is_repaired_where_it_is(work: Open, tmp_path: Path) -> None:
    broken = (ADD + "pub mod more;\n" + ADDS).replace("a + b\n", "a + b;\n")
    crate = plant(
        tmp_path / "linked",
        {
            "Cargo.toml": manifest("linked"), "code/lib.rs": broken, "code/more.rs": "#[cfg(test)]\nmod tests;\n",
            "code/more/tests.rs": "#[test]\nfn held() {}\n", "other/lib.rs": "",
        },
    )  # fmt: skip
    (crate / "src").symlink_to("code")
    opened, lib = work(crate), Path("code/lib.rs")
    assert {each.file for each in opened.check().diagnostics} == {lib}
    right = broken.replace("a + b;\n", "a + b\n")
    assert opened.test({lib: right}).outcome is Outcome.PASS
    for path, why in (
        ("src/lib.rs", "leaves the tree"),
        ("other/lib.rs", "not a source"),
        ("code/more/tests.rs", "tests"),
    ):
        said = opened.check({Path(path): right})
        assert said.outcome is Outcome.REJECTED and why in said.detail
    (crate / "src").unlink()
    plant(tmp_path / "elsewhere", {"lib.rs": broken, "more.rs": ""})
    (crate / "src").symlink_to("../elsewhere")
    assert {each.file for each in opened.check().diagnostics} == {tmp_path / "elsewhere/lib.rs"}
    said = opened.check({tmp_path / "elsewhere/lib.rs": right})
    assert said.outcome is Outcome.REJECTED and "leaves the tree" in said.detail


def test_a_build_script_that_writes_into_the_crate_is_told_what_it_may(work: Open, tmp_path: Path) -> None:
    crate = plant(single(tmp_path, ADD), {"build.rs": 'fn main() {\n    std::fs::write("made.txt", "").unwrap();\n}\n'})
    said = work(crate).check()
    assert said.outcome is Outcome.OUT_OF_REACH
    assert "OUT_DIR" in said.detail


_MOVES = """use std::path::Path;

fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let room = Path::new(&out).ancestors().nth(4).unwrap().join("tmp");
    let _ = std::fs::remove_dir_all(&room);
    std::os::unix::fs::symlink("OUTSIDE", &room).unwrap();
}
"""


def test_a_build_script_does_not_choose_the_folder_that_tests_write_in(work: Open, tmp_path: Path) -> None:
    outside = plant(tmp_path / "outside", {"kept.txt": ""})
    writes = (
        '#[test]\nfn writes() {\n    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/x"), "x").unwrap();\n}\n'
    )
    crate = plant(
        single(tmp_path, ADD), {"build.rs": _MOVES.replace("OUTSIDE", str(outside)), "tests/writes.rs": writes}
    )
    assert work(crate).test().outcome is Outcome.PASS
    assert [path.name for path in outside.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    ("target", "near"),
    [
        ("one/two/shared/banner.txt", True),
        ("one/two/shared", True),
        ("one/elsewhere", True),
        ("one/two", False),  # around the crate
        ("one/two/.keys/id", False),
        ("one/two/shared/.git/config", False),
        ("../../../../../../../../etc/hostname", False),
    ],
)
def test_only_what_lies_near_and_open_may_be_shown(tmp_path: Path, target: str, near: bool) -> None:
    assert reach.may_be_shown((tmp_path / target).resolve(), tmp_path / "one/two/crate") is near


def test_a_home_and_the_top_of_the_disk_bring_nobody_near() -> None:
    home = Path.home().resolve()
    assert not reach.may_be_shown(home / "notes/diary.txt", home / "crate")
    assert not reach.may_be_shown(Path("/srv/data/rates.csv"), Path("/srv/crate"))
    assert reach.may_be_shown(home / "code/shared/banner.txt", home / "code/crate")


def test_words_alone_do_not_make_a_failure_the_jails(tmp_path: Path) -> None:
    def of(said: str) -> set[str]:
        return reach.barred(
            f"failures:\n\n---- reads stdout ----\n{said}\n\nfailures:\n    reads\n", tmp_path, tmp_path
        )

    assert of('left: Err("Permission denied")') == set()
    assert of('Os { code: 30, kind: ReadOnlyFilesystem, message: "Read-only file system" }') == {"reads"}
    assert of("cannot open it: Permission denied (os error 13)") == {"reads"}
    assert of("No such file or directory (os error 2)") == set()
    assert of('no "/etc/hosts": No such file or directory (os error 2)') == {"reads"}
