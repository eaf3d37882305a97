"""Simulated nights, decided by the real gate."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import cli
from sleepy.daemon.gate.gate import Decision
from sleepy.daemon.lab.simulate import World, simulate


def promoted(world: World, nights: int, **given: bool) -> int:
    return simulate(world, nights, 3, alpha=0.05, margin=0.02, **given).decisions[Decision.PROMOTE]


def test_the_same_model_twice_is_hardly_ever_promoted() -> None:
    assert promoted(World(0.0, exam=120, of_target=2), 200) <= 2
    assert promoted(World(0.0, exam=160, of_target=2, swap=0.1), 300, fresh=False) <= 3


def test_a_true_gain_of_fifteen_points_on_forty_tasks_is_promoted_most_nights() -> None:
    assert promoted(World(0.15, exam=160, of_target=2), 200) >= 160


def test_an_exam_too_small_for_its_margin_promotes_nothing() -> None:
    assert promoted(World(0.4, exam=100, of_target=2), 20) == 0


def test_nights_are_a_function_of_the_seed() -> None:
    world = World(0.2, exam=160, of_target=2)
    one, two = (simulate(world, 20, 5, alpha=0.05, margin=0.02, fresh=False) for _ in range(2))
    assert one == two and sum(one.decisions.values()) == 20


def test_the_command_ends_with_one_line_of_figures() -> None:
    said = CliRunner().invoke(cli, ["gate", "simulate", "--nights", "20", "--effect", "0.3", "--json"])
    found = json.loads(said.output.splitlines()[-1])
    assert list(found) == ["nights", "effect", "promoted", "rejected", "inconclusive", "nights_to_promote_median"]
    assert found["nights"] == 20 and found["promoted"] + found["rejected"] + found["inconclusive"] == 20
    assert (
        "true gain 30 points"
        in CliRunner().invoke(cli, ["gate", "simulate", "--nights", "2", "--effect", "0.3"]).output
    )


def test_a_gain_larger_than_what_fails_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot gain"):
        World(0.7)


@pytest.mark.parametrize("flag", ["--effect", "--swap"])
def test_what_is_no_number_is_refused(flag: str) -> None:
    done = CliRunner().invoke(cli, ["gate", "simulate", flag, "nan", "--json"], standalone_mode=False)
    assert isinstance(done.exception, UserError) and flag in str(done.exception)
