"""Tests that fail at HEAD do not count against a repair; nothing is written to the repository or its work tree."""

from __future__ import annotations

from pathlib import Path

from tests.daemon.history.planting import repository
from tests.sandbox.workspace.planting import manifest, tree

from sleepy.daemon.fix import show
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.target import CrateTarget
from sleepy.daemon.history.head import failing_at_head
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace

_LIB = (
    "pub fn grams(weights: &[u32]) -> u32 {\n    let mut sum = 0;\n    for n in weights {\n"
    "        sum += n;\n    }\n    sum\n}\n\n"
    "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn sums() {\n"
    "        assert_eq!(grams(&[1, 2]), 3);\n    }\n\n"
    "    #[test]\n    fn counts_the_box() {\n        assert_eq!(grams(&[]), 100);\n    }\n}\n"
)


def test_a_test_that_fails_at_head_is_told_and_does_not_count(sandbox: Sandbox, tmp_path: Path) -> None:
    folder, cache = tmp_path / "scale", tmp_path / "cache"
    repository(folder, [{"Cargo.toml": manifest("scale"), "src/lib.rs": _LIB, ".gitignore": "Cargo.lock\n"}])
    cache.mkdir()
    (tmp_path / "cargo").mkdir()
    (folder / "src/lib.rs").write_text(_LIB.replace("let mut", "let"))
    before = tree(folder)
    opened = Workspace.open(folder, sandbox.jail, tmp_path / "crates", cargo_home=tmp_path / "cargo")
    asked = []

    def at_head() -> frozenset[tuple[str, str]]:
        asked.append(failing_at_head(folder, sandbox.jail, cache))
        return asked[-1]

    mended = mend(CrateTarget(opened), [CompilerRung()], at_head=at_head)
    assert asked == [{("scale lib scale", "tests::counts_the_box")}]
    assert mended.fixed and mended.failed_before == ("tests::counts_the_box",)
    told = "1 test fails at git's HEAD too, and does not count: tests::counts_the_box."
    assert told in show.lines(mended) and show.data(mended, applied=False)["failed_before"] == ["tests::counts_the_box"]
    assert tree(folder) == before and list(cache.iterdir()) == []

    alone = mend(CrateTarget(opened), [CompilerRung()])
    assert not alone.fixed and "counts_the_box" in alone.why
    (folder / "src/lib.rs").write_text(_LIB.replace("let mut", "let").replace("100", "0"))
    assert (
        mend(CrateTarget(opened), [CompilerRung()], at_head=at_head).fixed and len(asked) == 1
    )  # nothing speaks against it


def test_where_head_says_nothing_no_failure_is_excused(sandbox: Sandbox, tmp_path: Path) -> None:
    broken, plain = tmp_path / "broken", tmp_path / "plain"
    repository(broken, [{"Cargo.toml": manifest("broken"), "src/lib.rs": _LIB.replace("let mut", "let")}])
    plain.mkdir()
    (tmp_path / "cache").mkdir()
    for folder in (broken, plain):
        assert failing_at_head(folder, sandbox.jail, tmp_path / "cache") == frozenset()
