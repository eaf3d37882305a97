"""The forge: the same seed the same koans, each broken for the compiler, each with a right repair."""

from __future__ import annotations

import random
from itertools import islice
from typing import cast

import pytest

from sleepy.koans import library
from sleepy.koans.forge.forge import WAVE, CheckResult, drafts, forge, practice, renamed_program
from sleepy.koans.forge.mistakes import BY_NAME, MISTAKES
from sleepy.koans.koan import FAMILIES, Koan
from sleepy.koans.program import Program, programs
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome, Verdict

_BASES = list(programs())
Made = list[tuple[Koan, CheckResult]]


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> Made:
    """160 koans of the practice side."""
    return practice(library.sides()[0], sandbox, 3, 160)


def test_practice_makes_koans_that_fail_and_whose_repair_compiles(sandbox: Sandbox, made: Made) -> None:
    assert len(made) == 160
    broken = sandbox.check_many([koan.broken for koan, _ in made], exact=False)
    fixed = sandbox.check_many([koan.fixed for koan, _ in made])
    for (koan, said), one, other in zip(made, broken, fixed, strict=True):
        assert one.outcome is Outcome.COMPILE_ERROR, koan.id
        assert cast(Verdict, said).outcome is Outcome.COMPILE_ERROR
        assert other.outcome is Outcome.PASS, koan.id
        assert "#[test]" in koan.tests


def test_a_small_run_covers_many_mistakes_and_many_errors(made: Made) -> None:
    assert len({koan.mistake for koan, _ in made}) >= 24
    codes = {cast(Verdict, said).diagnostics[0].code for _, said in made}
    assert len(codes - {None}) >= 24
    assert {koan.family for koan, _ in made} >= {*FAMILIES} - {"generics", "patterns"}


def test_practice_koans_are_of_practice_programs_and_not_twice(made: Made) -> None:
    bases = {item.base: item for item in library.sides()[0]}
    assert len({koan.id for koan, _ in made}) == len({koan.digest for koan, _ in made}) == len(made)
    for koan, _ in made:
        assert bases[koan.base].source == koan.fixed
        assert koan.origin == f"forge:{koan.mistake}"
        assert koan.title and koan.family == BY_NAME[koan.mistake].family


def test_the_same_seed_makes_the_same_koans(sandbox: Sandbox) -> None:
    bases = _BASES[:40]

    def run(seed: int) -> list[Koan]:
        return [koan for koan, _ in practice(bases, sandbox, seed, 24, exact=False)]

    first = run(7)
    assert run(7) == first
    assert len({koan.digest for koan in run(8)} & {koan.digest for koan in first}) < 8


def test_practice_of_one_mistake_makes_that_mistake(sandbox: Sandbox) -> None:
    found = practice(_BASES[:60], sandbox, 1, 12, mistakes=[BY_NAME["dropped_derive"]])
    assert {koan.mistake for koan, _ in found} == {"dropped_derive"}


def test_practice_ends_where_there_are_no_more_places(sandbox: Sandbox) -> None:
    plain = Program("plain", "pub fn one() -> u8 {\n    1\n}\n", "")
    found = practice([plain], sandbox, 1, 500)
    assert 0 < len(found) < 60
    assert len({koan.broken for koan, _ in found}) == len(found)
    assert practice([plain], sandbox, 1, 5, mistakes=[BY_NAME["dropped_derive"]]) == []


def test_the_endless_forge_is_the_same_for_the_same_seed(sandbox: Sandbox) -> None:
    def run(seed: int) -> list[Koan]:
        found = forge(_BASES[:4], sandbox, seed, a_mistake=1, mistakes=MISTAKES[:12], exact=False)
        return [koan for koan, _ in islice(found, 30)]

    assert run(5) == run(5)
    assert run(5) != run(6)


def test_the_endless_forge_keeps_the_base_under_other_names(sandbox: Sandbox) -> None:
    bases = _BASES[:3]
    endless = forge(bases, sandbox, 2, a_mistake=1, rename=1.0, mistakes=MISTAKES[:30], exact=False)
    found = [koan for koan, _ in islice(endless, 30)]
    assert {koan.base for koan in found} <= {item.base for item in bases}
    assert any(koan.fixed not in {item.source for item in bases} for koan in found)
    assert all(verdict.passed for verdict in sandbox.check_many([koan.fixed for koan in found]))


@pytest.mark.parametrize("program", random.Random(13).sample(_BASES, 12), ids=lambda program: program.name)
def test_drafts_are_different_and_each_changes_little(program: Program) -> None:
    found = drafts(program, random.Random(1), a_mistake=2)
    assert found == drafts(program, random.Random(1), a_mistake=2)
    assert len({item.broken for item in found} | {program.source}) == len(found) + 1
    counts: dict[str, int] = {}
    for item in found:
        counts[item.mistake.name] = counts.get(item.mistake.name, 0) + 1
        assert item.program is program
    assert max(counts.values()) <= 2
    assert all(count == 1 for name, count in counts.items() if BY_NAME[name].family == "syntax")


def test_a_renamed_program_has_its_tests_renamed_alike(sandbox: Sandbox) -> None:
    found = [renamed_program(item, random.Random(item.name)) for item in _BASES[:24]]
    for item, before in zip(found, _BASES, strict=False):
        assert item.source != before.source
        assert item.name == before.name
    passed = [verdict.passed for verdict in sandbox.check_many([item.source for item in found])]
    assert sum(passed) >= 22  # what does not compile under other names is taken as it was written
    assert WAVE >= 16
