"""What a path and cargo's options name: what is checked, with which features, and what may be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import manifest, plant

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.fix.target import FixTarget, open_target
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.scope import Scope
from sleepy.sandbox.verdict import Outcome

_TOTAL = "pub fn total(of: &[u32]) -> u32 {\n    of.iter().sum()\n}\n"
_MORE = '#[cfg(feature = "more")]\npub fn more() -> u8 {\n    "more"\n}\n'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of three members `ledger` is right without its feature, `till` needs it and is wrong, `lost` is wrong."""
    return plant(
        tmp_path_factory.mktemp("scope"),
        {
            "Cargo.toml": '[workspace]\nmembers = ["ledger", "till", "lost"]\nresolver = "2"\n',
            "ledger/Cargo.toml": manifest("ledger", "[features]\nmore = []\n"),
            "ledger/src/lib.rs": _TOTAL + _MORE,
            "till/Cargo.toml": manifest("till", '[dependencies]\nledger = { path = "../ledger" }\n'),
            "till/src/lib.rs": "pub fn change() -> u32 {\n    ledger::total(&[1]) + 'c'\n}\n",
            "lost/Cargo.toml": manifest("lost", '[dependencies]\ntill = { path = "../till" }\n'),
            "lost/src/lib.rs": "pub fn lost() -> u8 {\n    missing\n}\n",
        },
    )


def _open(root: Path, sandbox: Sandbox, member: str = "", scope: Scope | None = None) -> FixTarget:
    return open_target(root / member, sandbox, root.parent / "cache", scope or Scope())[0]


def _wrong(target: FixTarget) -> set[str]:
    return {each.file.parts[0] for each in target.check({}).diagnostics}


def test_inside_a_member_only_that_one_is_meant(root: Path, sandbox: Sandbox) -> None:
    assert _open(root, sandbox, "ledger").check({}).outcome is Outcome.PASS
    assert _wrong(_open(root, sandbox, "till")) == {"till"}
    assert _wrong(_open(root, sandbox)) == _wrong(_open(root, sandbox, "ledger", Scope(workspace=True))) == {"till"}
    assert _wrong(_open(root, sandbox, scope=Scope(("ledger",), all_features=True))) == {"ledger"}
    assert _wrong(_open(root, sandbox, scope=Scope(("ledger",), features=("more",)))) == {"ledger"}
    assert _open(root, sandbox, scope=Scope(("ledger",), no_default_features=True)).check({}).passed


def test_what_lies_outside_of_the_path_is_named_and_not_edited(root: Path, sandbox: Sandbox) -> None:
    lost = _open(root, sandbox, "lost")  # cannot be compiled without till
    said = lost.check({})
    assert {each.file for each in said.diagnostics} == {Path("till/src/lib.rs")}
    assert "the errors are in till/src/lib.rs" in said.detail and str(root / "lost") in said.detail
    assert [lost.owns(Path(f"{name}/src/lib.rs")) for name in ("ledger", "till", "lost")] == [False, False, True]
    for refused in (lost.check({Path("till/src/lib.rs"): ""}), lost.test({Path("till/src/lib.rs"): ""})):
        assert refused.outcome is Outcome.REJECTED and "outside of" in refused.detail
    named = _open(root, sandbox, scope=Scope(("lost",)))
    assert [named.owns(Path(f"{name}/src/lib.rs")) for name in ("till", "lost")] == [False, True]
    assert named.check({}).detail.endswith("and of lost")


def test_what_there_is_not_is_said_before_anything_is_repaired(root: Path, sandbox: Sandbox) -> None:
    with pytest.raises(WorkspaceError, match="no standard library for sparc-unknown-none"):
        _open(root, sandbox, "ledger", Scope(target="sparc-unknown-none"))
    with pytest.raises(WorkspaceError, match="does not contain this feature"):
        _open(root, sandbox, "ledger", Scope(features=("less",))).check({})
    plant(root.parent / "alone", {"one.rs": "fn one() {}\n"})
    with pytest.raises(UserError, match="belongs to no crate"):
        open_target(root.parent / "alone/one.rs", sandbox, root.parent / "cache", Scope(all_features=True))
