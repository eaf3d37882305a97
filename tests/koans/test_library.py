"""The shelf: classics and exam sound both ways, sealed, and kept apart from what is practised."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from sleepy.koans import library
from sleepy.koans.forge.forge import drafts, koan
from sleepy.koans.forge.variation import renamed
from sleepy.koans.koan import Koan, KoanError
from sleepy.koans.program import programs
from sleepy.sandbox import guard
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome


def _sound_both_ways(sandbox: Sandbox, koans: Sequence[Koan]) -> None:
    broken = sandbox.judge_many([Case(item.broken, item.tests, item.broken, item.edition) for item in koans])
    fixed = sandbox.judge_many([Case(item.fixed, item.tests, item.broken, item.edition) for item in koans])
    for item, one, other in zip(koans, broken, fixed, strict=True):
        assert one.outcome is Outcome.COMPILE_ERROR, (item.id, one.outcome, one.detail)
        assert one.diagnostics, item.id
        assert other.outcome is Outcome.PASS, (item.id, other.outcome, other.detail, other.diagnostics[:1])
        assert other.tests, item.id


def test_there_are_the_42_classics_of_the_log() -> None:
    names = [item.id for item in library.classics()]
    counts = {"bc": 10, "lt": 6, "rh": 10, "tb": 10, "tm": 6}
    assert names == [f"{kind}_{n:03}" for kind, count in counts.items() for n in range(1, count + 1)]
    assert {item.origin for item in library.classics()} == {"classic"}


def test_every_classic_is_sound_both_ways(sandbox: Sandbox) -> None:
    _sound_both_ways(sandbox, library.classics())


def test_a_sample_of_the_exam_is_sound_both_ways(sandbox: Sandbox) -> None:
    _sound_both_ways(sandbox, random.Random(24).sample(library.sealed_exam(), 24))


@pytest.mark.slow
def test_the_whole_exam_is_sound_both_ways(sandbox: Sandbox) -> None:
    _sound_both_ways(sandbox, library.sealed_exam())


def test_no_reference_is_refused_by_the_policy() -> None:
    for item in library.exam():
        assert guard.objection(item.fixed, item.broken) is None, item.id
        assert guard.mismatch(item.fixed, item.broken) is None, item.id


def test_no_two_koans_of_the_exam_are_the_same() -> None:
    koans = library.exam()
    assert len({item.id for item in koans}) == len(koans)
    assert len({item.digest for item in koans}) == len(koans)


def _seal(koans: Sequence[Koan], path: Path) -> None:
    """Writes an exam and its hash."""
    rows = [{name: value for name, value in asdict(koan).items() if name != "stdout" or value} for koan in koans]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    path.with_suffix(".sha256").write_text(hashlib.sha256(path.read_bytes()).hexdigest() + "\n")


def test_the_exam_is_the_one_that_was_sealed(tmp_path: Path) -> None:
    sealed = library.sealed_exam()
    path = tmp_path / "exam.jsonl"
    _seal(sealed, path)
    assert library.exam_seal(path) == library.exam_seal()
    assert library.sealed_exam(path) == sealed


@pytest.mark.parametrize("how", ["one letter", "one koan less", "no seal", "another seal"])
def test_an_exam_that_was_tampered_with_is_refused(tmp_path: Path, how: str) -> None:
    path = tmp_path / "exam.jsonl"
    _seal(library.sealed_exam()[:3], path)
    seal, lines = path.with_suffix(".sha256"), path.read_bytes().splitlines(keepends=True)
    if how == "one letter":
        path.write_bytes(b"".join(lines).replace(b"a", b"b", 1))
    elif how == "one koan less":
        path.write_bytes(b"".join(lines[:-1]))
    elif how == "no seal":
        seal.unlink()
    else:
        seal.write_text("0" * 64 + "\n")
    with pytest.raises(KoanError, match="not the sealed exam") as caught:
        library.sealed_exam(path)
    assert "restore both files" in caught.value.remedy


def test_the_seal_of_a_set_does_not_depend_on_its_order() -> None:
    koans = library.classics()
    assert library.seal_of(koans) == library.seal_of(koans[::-1])
    assert library.seal_of(koans) != library.seal_of(koans[1:])


# ---- practice and exam


def test_the_sides_are_the_base_programs_split_in_two() -> None:
    practice, exam = library.sides()
    assert len(practice) + len(exam) == len(list(programs()))
    assert not {item.base for item in practice} & {item.base for item in exam}
    assert 0.1 < len(exam) / (len(practice) + len(exam)) < 0.3


def test_the_split_is_by_the_base_alone_and_always_the_same() -> None:
    bases = [f"{n:064x}" for n in range(4000)]
    first = [library.is_exam(base) for base in bases]
    assert first == [library.is_exam(base) for base in bases]
    assert 0.17 < sum(first) / len(first) < 0.23
    assert [n for n in range(16) if first[n]] == [2, 3, 14]  # for all time: results are compared across versions
    other = [library.is_exam(base, salt="held out") for base in bases]
    assert first != other
    wider = [library.is_exam(base, share=0.5) for base in bases]
    assert all(b for a, b in zip(first, wider, strict=True) if a)


def test_no_exam_koan_is_of_a_practice_program() -> None:
    practice, exam = library.sides()
    bases = {item.base for item in library.sealed_exam()}
    assert not bases & {item.base for item in practice}
    assert bases <= {item.base for item in exam}


def test_no_practice_program_is_near_an_exam_koan() -> None:
    practice, _ = library.sides()
    firewall = library.Firewall(library.exam())
    assert [item.name for item in practice if firewall.blocks_source(item.source)] == []


# ---- the firewall


def _exam_and_firewall() -> tuple[list[Koan], library.Firewall]:
    koans = random.Random(8).sample(library.sealed_exam(), 30)
    return koans, library.Firewall(koans)


def test_the_firewall_blocks_the_exam_itself() -> None:
    koans, firewall = _exam_and_firewall()
    for item in koans:
        assert firewall.blocks(item) is not None
        assert firewall.blocks_source(item.fixed) is not None
        assert firewall.blocks(replace(item, id="other", title="Other", origin="import:x", base="y")) is not None


def test_the_firewall_blocks_another_layout() -> None:
    koans, firewall = _exam_and_firewall()
    for item in koans:
        flat = re.sub(r"(?m)^\s+|//.*$", "", item.broken)
        assert firewall.blocks(replace(item, broken=f"// by me\n{flat}", tests="")) is not None, item.id


def test_the_firewall_blocks_a_copy_with_one_name_changed() -> None:
    koans, firewall = _exam_and_firewall()
    blocked = 0
    for item in koans:
        name = re.findall(r"\blet (?:mut )?(\w{3,})", item.broken)
        if name:
            copy = renamed(item.broken, {name[-1]: "entirely_else"})
            blocked += firewall.blocks(replace(item, broken=copy, tests="")) is not None
        else:
            blocked += 1
    assert blocked >= 27  # of 30: a name used in every line makes another program of a short one


def test_the_firewall_blocks_a_program_with_a_function_added() -> None:
    koans, firewall = _exam_and_firewall()
    for item in koans:
        copy = item.broken + "\npub fn one_more(a: u8) -> u8 {\n    a + 1\n}\n"
        assert firewall.blocks(replace(item, broken=copy, tests="")) is not None, item.id


def test_the_firewall_lets_other_programs_pass() -> None:
    _, firewall = _exam_and_firewall()
    practice, _ = library.sides()
    assert all(firewall.blocks_source(item.source) is None for item in practice)
    assert firewall.blocks(library.classics()[0]) is None
    assert firewall.blocks_source("") is None


def test_the_firewall_names_what_it_was_near_to() -> None:
    koans, _ = _exam_and_firewall()
    assert library.Firewall([koans[0]]).blocks(koans[0]) == koans[0].id


def test_a_forged_koan_of_an_exam_program_is_blocked() -> None:
    """Were a base program on the wrong side, its koans would be stopped all the same."""
    _, exam = library.sides()
    sealed = library.sealed_exam()
    firewall = library.Firewall(sealed)
    used = [item for item in exam if item.base in {one.base for one in sealed}]
    program = max(used, key=lambda item: len(item.source))
    made = [koan(draft) for draft in drafts(program, random.Random(1), a_mistake=1)]
    assert len(made) > 20
    assert sum(firewall.blocks(item) is not None for item in made) == len(made)
