"""What is selected of a workspace, in cargo's words; nothing is compiled here."""

from __future__ import annotations

from pathlib import Path

import pytest

from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.package import Package
from sleepy.sandbox.scope import Scope

_ROOT = Path("/books")
_MEMBERS = tuple(Package(name, "0.1.0", _ROOT / name, (), ()) for name in ("ledger", "ledger-cli", "till"))


@pytest.mark.parametrize(
    ("scope", "opened", "words"),
    [
        (Scope(), "", "-p ledger -p till"),  # what cargo means at the root
        (Scope(), "till", "-p till"),
        (Scope(workspace=True), "till", "--workspace"),
        (Scope(("ledger", "till")), "", "-p ledger -p till"),
        (Scope(("ledger*",)), "till", "-p ledger*"),
    ],
)
def test_packages_are_chosen_as_cargo_chooses(scope: Scope, opened: str, words: str) -> None:
    assert scope.selected(_MEMBERS, ("ledger", "till"), _ROOT / opened, _ROOT) == words.split()


def test_a_package_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(WorkspaceError) as error:
        Scope(("tills",)).selected(_MEMBERS, (), _ROOT, _ROOT)
    assert "tills" in str(error.value) and error.value.remedy == "name one of ledger, ledger-cli, till"


def test_features_are_passed_on() -> None:
    assert Scope(features=("a", "b/c"), no_default_features=True).switches == [
        "--features", "a,b/c", "--no-default-features",
    ]  # fmt: skip
    assert (Scope(all_features=True).switches, Scope().switches) == (["--all-features"], [])


def test_only_named_packages_are_edited() -> None:
    assert [Scope(("ledger*",)).names(each) for each in _MEMBERS] == [True, True, False]
    assert all(Scope(workspace=True).names(each) for each in _MEMBERS)
