"""The base programs: each right by its own tests, each with a name of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from sleepy.koans.program import Program, programs
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case


def _tested(sandbox: Sandbox, found: Sequence[Program]) -> list[str]:
    """What is wrong with programs and their own tests."""
    verdicts = sandbox.judge_many([Case(item.source, item.tests, item.source) for item in found])
    return [
        f"{item.name}: {verdict.outcome} {verdict.detail} {[name for name, passed in verdict.tests if not passed]}"
        for item, verdict in zip(found, verdicts, strict=True)
        if not verdict.passed or not verdict.tests
    ]


def test_every_base_program_has_tests_and_a_name_and_base_of_its_own() -> None:
    found = list(programs())
    assert len(found) >= 400
    assert len({item.base for item in found}) == len({item.name for item in found}) == len(found)
    for item in found:
        assert "#[test]" in item.tests and "assert" in item.tests, item.name
        assert "#[test]" not in item.source, item.name


def test_a_sample_of_base_programs_passes_its_tests(sandbox: Sandbox) -> None:
    assert _tested(sandbox, random.Random(30).sample(list(programs()), 30)) == []


@pytest.mark.slow
def test_every_base_program_passes_its_tests(sandbox: Sandbox) -> None:
    assert _tested(sandbox, list(programs())) == []


def test_a_program_without_tests_is_named(tmp_path: Path) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "bare.rs").write_text("pub fn f() {}\n")
    with pytest.raises(ValueError, match=r"theme/bare\.rs: no `mod tests \{`"):
        list(programs(tmp_path))


def test_a_program_is_split_before_its_tests(tmp_path: Path) -> None:
    (tmp_path / "a.rs").write_text("pub fn f() {}\n\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n")
    (found,) = programs(tmp_path)
    assert (found.name, found.source) == ("a", "pub fn f() {}\n")
    assert found.tests.startswith("#[cfg(test)]\nmod tests {")
