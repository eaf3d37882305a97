"""What an edit of a user's crate may not touch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import ADD, ADDS, LIB, manifest, plant

from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace import Workspace


@pytest.fixture(scope="module")
def guarded(tier: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with something of everything that is not the task's."""
    folder = tmp_path_factory.mktemp("guarded")
    root = plant(
        folder / "guarded",
        {
            "Cargo.toml": '[workspace]\nmembers = ["made"]\n'
            + manifest(
                "guarded",
                'build = "src/prepare.rs"\n[dependencies]\nmade = { path = "made" }\n'
                '[build-dependencies]\nhelps = { path = "helps" }\n'
                '[[test]]\nname = "odd"\npath = "src/odd.rs"\n',
            ),
            "src/prepare.rs": "fn main() {}\n",
            "src/odd.rs": "#[test]\nfn odd() {}\n",
            "src/lib.rs": ADD + "pub mod inner;\n#[cfg(test)]\nmod checks;\n" + ADDS,
            "src/checks.rs": "mod deeper;\n",
            "src/checks/deeper.rs": "#[test]\nfn deep() {}\n",
            "src/inner.rs": _INNER,
            "src/table.txt": "1\n",
            "src/spare.rs": "pub fn spare() {}\n",
            "tests/it.rs": "#[test]\nfn it() {}\n",
            "benches/b.rs": "",
            "README.md": "",
            ".cargo/config.toml": "",
            "made/Cargo.toml": manifest("made", "[lib]\nproc-macro = true\n"),
            "made/src/lib.rs": "",
            "helps/Cargo.toml": manifest("helps"),
            "helps/src/lib.rs": "",
        },
    )
    (root / "src" / "link.rs").symlink_to("inner.rs")
    (root / "linked").symlink_to("src")
    return Workspace.open(root, tier.jail, folder / "cache", cargo_home=folder)


_INNER = (
    "macro_rules! calls {\n    ($($t:tt)*) => { $($t)* };\n}\n"
    'pub fn word() -> &\'static str {\n    "a"\n}\n'
    "calls! {\n    #[test]\n    fn called() {\n        assert_eq!(word().len(), 1);\n    }\n}\n"
    '#[test]\nfn is_a() {\n    assert_eq!(word(), "a");\n}\n'
    "#[cfg(test)]\nfn helper() -> u8 {\n    1\n}\n"
    "#[cfg(not(test))]\nfn helper() -> u8 {\n    2\n}\npub fn two() -> u8 {\n    helper()\n}\n"
)


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("Cargo.toml", "", "Cargo.toml is not the task's"),
        ("Cargo.lock", "", "Cargo.lock is not the task's"),
        ("made/Cargo.toml", "", "Cargo.toml is not the task's"),
        ("build.rs", "fn main() {}", "build.rs is not the task's"),
        (".cargo/config.toml", "", ".cargo is not the task's"),
        ("tests/it.rs", "", "tests is not the task's"),
        ("benches/b.rs", "", "benches is not the task's"),
        ("src/prepare.rs", "fn main() {}", "a custom-build target"),
        ("src/odd.rs", "", "a test target"),
        ("src/checks.rs", "", "a module of tests"),
        ("src/checks/deeper.rs", "", "a module of tests"),
        ("made/src/lib.rs", "pub fn f() {}", "runs while others compile"),
        ("helps/src/lib.rs", "pub fn f() {}", "runs while others compile"),
        ("README.md", "", "not a source file"),
        ("src/table.txt", "2", "not a source file"),
        ("src/absent.rs", "", "not a source file"),
        ("src", "", "not a file"),
        ("src/link.rs", "", "leaves the tree"),
        ("linked/inner.rs", "", "leaves the tree"),
        ("../guarded/src/lib.rs", "", "leaves the tree"),
        ("src/../../x.rs", "", "leaves the tree"),
        ("/etc/passwd", "", "leaves the tree"),
        ("", "", "leaves the tree"),
        ("src/lib.rs\0", "", "leaves the tree"),
    ],
)
def test_an_edit_of_what_is_not_the_tasks_is_refused(guarded: Workspace, file: str, text: str, why: str) -> None:
    for said in (guarded.check({Path(file): text}), guarded.test({Path(file): text})):
        assert said.outcome is Outcome.REJECTED
        assert why in said.detail
        assert said.seconds == 0  # nothing ran


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('word(), "a"', 'word(), "b"', "changes a test"),
        ('assert_eq!(word(), "a");', "", "changes a test"),
        ("word().len(), 1", "word().len(), 2", "changes a test"),
        ("#[test]\nfn is_a", "#[test]\n#[ignore]\nfn is_a", "ignore"),
        ("#[test]\nfn is_a", "#[cfg(any())]\n#[test]\nfn is_a", "cfg"),
        ("#[test]\nfn is_a", "fn is_a", "changes a test"),
        ("#[test]\nfn is_a", "/*\n#[test]\nfn is_a", "adds or removes a test"),
        ("pub fn word", "#[test]\nfn more() {}\npub fn word", "adds #[test]"),
        ("fn helper() -> u8 {\n    1", "fn helper() -> u8 {\n    3", "changes a test"),
        ('    "a"\n', '    unsafe { "a" }\n', "unsafe"),
        ('    "a"\n', '    include_str!("table.txt")\n', "include_str!"),
        ('    "a"\n', '    std::fs::read_to_string("x").unwrap().leak()\n', "std::fs"),
    ],
)
def test_an_edit_of_tests_or_against_the_policy_is_refused(guarded: Workspace, old: str, new: str, why: str) -> None:
    assert old in _INNER
    said = guarded.check({Path("src/inner.rs"): _INNER.replace(old, new, 1)})
    assert said.outcome is Outcome.REJECTED
    assert why in said.detail


def test_a_module_may_not_fall_out_of_the_crate(guarded: Workspace) -> None:
    lib = (guarded.root / "src/lib.rs").read_text()
    said = guarded.check({LIB: lib.replace("pub mod inner;\n", "")})
    assert said.outcome is Outcome.REJECTED
    said = guarded.check({LIB: lib.replace("pub mod inner;", "pub mod inner {}")})
    assert (said.outcome, said.detail) == (Outcome.REJECTED, "src/lib.rs: removes mod inner")


def test_a_module_may_be_declared_whose_file_lies_there(guarded: Workspace) -> None:
    lib = (guarded.root / "src/lib.rs").read_text()
    assert guarded.check({LIB: "mod spare;\n" + lib}).passed
    for name in ("link", "odd", "prepare", "nowhere", "table", "checks"):  # a link, two roots, no file, and one that is
        said = guarded.check({LIB: f"mod {name};\n{lib}"})
        assert (said.outcome, said.detail) == (Outcome.REJECTED, f"src/lib.rs: adds mod {name}")
    beyond = '#[path = "../made/src/lib.rs"]\nmod spare;\n'
    assert guarded.check({LIB: beyond + lib}).outcome is Outcome.REJECTED
    assert guarded.check({LIB: "mod spare;\n" + lib}, allowed=[LIB]).outcome is Outcome.REJECTED  # a task's file alone


def test_a_public_item_may_not_vanish(guarded: Workspace) -> None:
    said = guarded.check({Path("src/inner.rs"): _INNER.replace("pub fn two", "fn two")})
    assert (said.outcome, said.detail) == (Outcome.API_MISMATCH, "public item gone: fn two")


def test_ordinary_edits_are_admitted(guarded: Workspace) -> None:
    inner = Path("src/inner.rs")
    for text in (_INNER, _INNER.replace('    "a"\n', '    "b"\n'), _INNER.replace("    2\n", "    1\n")):
        assert guarded.check({inner: text, guarded.root / LIB: (guarded.root / LIB).read_text()}).passed
    assert guarded.check({inner: _INNER.replace("\n", "\r\n")}).passed


def test_only_the_tasks_files_may_be_edited(guarded: Workspace) -> None:
    inner, fresh = Path("src/inner.rs"), Path("src/fresh.rs")
    assert guarded.check({inner: _INNER}, allowed=[LIB]).detail == "edits src/inner.rs: not a file of the task"
    assert guarded.check({inner: _INNER, fresh: "pub fn f() {}\n"}, allowed=[guarded.root / inner, fresh]).passed
    assert guarded.check({Path("Cargo.toml"): ""}, allowed=[Path("Cargo.toml")]).outcome is Outcome.REJECTED
    assert guarded.check({inner: _INNER, guarded.root / inner: _INNER}).detail.startswith("edits ")
    assert not (guarded.root / fresh).exists()
