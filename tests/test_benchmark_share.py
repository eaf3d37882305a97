"""The Share benchmark in its quick form: its answers and the shape of what it says, never its times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from benchmarks.share import __main__ as share
from benchmarks.share import storage
from benchmarks.share.adapters import LAYER, QUICK, distance, fixed, life, naively, trained
from benchmarks.share.merge import difference
from benchmarks.share.naive import balanced
from benchmarks.share.timing import Prepared, Sides, allocated, interleaved


def test_the_quick_form_says_every_figure_asked_for_and_its_answers_are_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert share.main(["--only", "P2,P3,P4,L8", "--rounds", "1", "--quick", "--json"]) == 0
    said = capsys.readouterr().out
    told = json.loads(said.splitlines()[-1])
    assert {"P2", "P3", "P4", "L8"} <= told.keys()
    assert all(told[name] > 0 for name in ("P2", "P3", "P4", "P2_naive", "P3_float32"))
    assert told["P3_difference"] < 1e-6
    assert told["P3_best_error"] <= told["P3_error"] < 1
    assert told["P3_lorashare"] is None
    assert "skipped: left out of the quick form" in said
    assert told["P4_difference"] < 1e-4
    for t, measured in told["L8"].items():
        assert measured == pytest.approx(storage.formula(int(t)), rel=0.05)


def test_the_formula_of_the_storage_is_that_of_the_specification() -> None:
    assert storage.formula(50) == pytest.approx(19.7, abs=0.05)
    assert storage.formula(512) == pytest.approx(67.7, abs=0.05)


def test_a_wrong_merge_is_seen_as_different() -> None:
    subspace, _ = life(QUICK, QUICK.few, torch.float64)
    naive = naively(QUICK, subspace, torch.float64)
    name, adapter = list(trained(QUICK).items())[-1]
    ours, _ = subspace.absorb(name, adapter, fixed(QUICK.k))
    task = balanced(adapter.factors[LAYER], torch.float64)
    assert difference(ours, naive.absorbed(name, task)) < 1e-6
    other = balanced(trained(QUICK)["pattern 20"].factors[LAYER], torch.float64)
    assert difference(ours, naive.absorbed(name, other)) > 1e-2


def test_the_distance_of_two_products_is_that_of_the_matrices() -> None:
    one, other = (trained(QUICK)[f"pattern {i}"].factors[LAYER] for i in (0, 1))
    b, a = one.b.double(), one.a.double()
    whole = b @ a - other.b.double() @ other.a.double()
    expected = whole.norm() / (other.b.double() @ other.a.double()).norm()
    assert distance(one, other) == pytest.approx(float(expected), rel=1e-9)


def test_only_new_tensors_count_as_allocated() -> None:
    given = torch.zeros(1000)
    assert allocated(lambda: given.view(10, 100).add_(1)) == 0
    assert allocated(lambda: given * 2) == 4000


def test_each_side_has_its_turn_and_its_preparation_is_not_timed() -> None:
    now, order = [0.0], []

    def spend(name: str, seconds: float) -> None:
        order.append(name)
        now[0] += seconds

    sides: Sides = {
        "slow": Prepared(lambda: spend("prepared", 100), lambda _: spend("slow", 3)),
        "fast": lambda: spend("fast", 1),
    }
    assert interleaved(sides, 2, least=1, clock=lambda: now[0]) == {"slow": 3, "fast": 1}
    assert order == ["prepared", "slow", "fast"] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "P1"], "no figure 'P1'; there are P2"),
        (["--rounds", "0"], "--rounds must be 1 or more"),
        (["--patterns", "2"], "--patterns must be more than"),
        (["--quick", "--write"], "are not written"),
    ],
)
def test_a_wrong_word_is_named(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        share.main(words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_lessons_that_cannot_be_read_end_it_with_a_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lessons.json"
    path.write_text("{")
    assert share.main(["--only", "P6", "--lessons", str(path)]) == 2
    said = capsys.readouterr().err
    assert f"{path} holds no lessons" in said
    assert "leave --lessons out" in said
