"""Simulated lives of nights, decided by the real gate."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.cli import cli
from sleepy.daemon.gate.sequential import Rules
from sleepy.daemon.lab import simulate as simulating
from sleepy.daemon.lab.simulate import Simulated, World, simulate
from sleepy.daemon.night import exam

NULLS = (0.0,) * 7


def lives(*effects: float, nights: int = 30, number: int = 20, swap: float = 0.0, dry: bool = False) -> Simulated:
    return simulate(World(effects, swap=swap), nights, number, 3, Rules(), dry=dry)


@pytest.mark.parametrize("swap", [0.0, 0.1])
def test_the_same_model_again_and_again_is_hardly_ever_promoted(swap: float) -> None:
    found = lives(0.0, *NULLS, swap=swap)
    assert found.promoted_true == 0 and found.promoted_false <= 1
    assert found.cost[0.0] <= 60 + 300 * swap


def test_luck_that_is_promoted_is_seen_and_is_all_of_a_vain_lifes_share() -> None:
    found = simulate(World((0.0, *NULLS), swap=0.2), 10, 60, 3, Rules(alpha=0.9))
    assert 0 < found.lives_with_false == round(60 * found.false_share) <= found.promoted_false


@pytest.mark.parametrize(("effect", "power"), [(0.15, 0.8), (0.25, 0.95)])
def test_a_true_gain_among_eight_is_promoted_on_any_night_of_a_dry_month(effect: float, power: float) -> None:
    found = lives(effect, *NULLS, number=40, dry=True)
    thirds = [np.mean(found.at_once[i : i + 10]) for i in (0, 10, 20)]
    assert min(thirds) >= power and np.mean(found.in_the_end) >= power


def test_what_a_night_leaves_open_is_proven_later() -> None:
    found = lives(0.15, *NULLS, swap=0.1, nights=10, number=40, dry=True)
    assert np.mean(found.in_the_end[:8]) > np.mean(found.at_once[:8]) + 0.1


def test_a_dry_home_needs_more_evidence_than_one_that_has_promoted() -> None:
    dry, lucky = (lives(0.15, *NULLS, dry=dry) for dry in (True, False))
    assert dry.cost[0.15] > lucky.cost[0.15] + 10


def test_the_sealed_exam_drops_routes_that_lose_its_tasks() -> None:
    found = lives(0.3, *NULLS, swap=0.1)
    assert found.dropped[0.3] == pytest.approx(World((0.3,), swap=0.1).exam_loss(0.3), abs=0.05)
    assert found.dropped[0.3] > 0.2
    assert World((0.3,), flake=0.0).exam_loss(0.3) == 0.0


def test_seen_results_are_what_two_flaky_sides_give() -> None:
    world, rng = World((0.15,), swap=0.1, flake=0.05), np.random.default_rng(0)
    n = 400_000
    truth = rng.choice(4, n, p=[0.2, 0.05, 0.55, 0.2])  # a win, a loss, both, neither
    sides = [np.isin(truth, passing) ^ (rng.random(n) < world.flake) for passing in ([1, 2], [0, 2])]
    seen = [~sides[0] & sides[1], sides[0] & ~sides[1], sides[0] & sides[1], ~sides[0] & ~sides[1]]
    assert world.outcomes(0.15) == pytest.approx([which.mean() for which in seen], abs=0.004)


def test_an_exam_task_counts_as_lost_as_it_does_at_night() -> None:
    """The probability against drawn runs: lost in the first, and by the majority of all, on both sides."""
    assert simulating.RUNS == exam.RUNS
    world, rng = World((0.1,), of_target=1, swap=0.1, flake=0.2), np.random.default_rng(1)
    n = 400_000
    truth = rng.choice(4, n, p=[0.15, 0.05, 0.55, 0.25])
    base, candidate = (
        np.isin(truth, passing)[:, None] ^ (rng.random((n, exam.RUNS)) < world.flake) for passing in ([1, 2], [0, 2])
    )
    lost = base[:, 0] & ~candidate[:, 0] & (base.sum(1) >= 2) & (candidate.sum(1) <= 1)
    assert world.exam_loss(0.1) == pytest.approx(lost.mean(), abs=0.004)


def test_lives_are_a_function_of_the_seed() -> None:
    one, two = (lives(0.2, *NULLS, nights=4) for _ in range(2))
    assert one == two
    assert simulate(World((0.2, *NULLS)), 4, 20, 4, Rules()) != one


def told(*given: str) -> str:
    done = CliRunner().invoke(cli, ["gate", "simulate", *given], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.output


def test_the_command_ends_with_one_line_of_figures() -> None:
    given = ["--trials", "3", "--effects", "0.3,0,0", "--nights", "4", "--lives", "5"]
    found = json.loads(told(*given, "--json").splitlines()[-1])
    assert list(found) == ["lives", "promoted_true", "promoted_false", "power_by_night", "false_share"]
    assert found["lives"] == 5 and len(found["power_by_night"]) == 4
    assert found["promoted_true"] == pytest.approx(5 * sum(found["power_by_night"])) and found["promoted_true"] > 15
    said = told(*given)
    assert "a true gain of 30 points" in said and "5 lives of 4 nights, 3 new candidates a night" in said
    assert "without a promotion" in told(*given, "--dry") and "without a promotion" not in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--trials", "3", "--effects", "0.1,0"], "--effects names 2 gains for 3 trials"),
        (["--trials", "2", "--effects", "0.1,nan"], "'nan' is not a share"),
        (["--trials", "1", "--effects", "lots"], "'lots' is not a share"),
        (["--trials", "1", "--effects", "1.5"], "'1.5' is not a share"),
        (["--trials", "2", "--effects", "-0.1,0"], "'-0.1' is not a share"),
        (["--trials", "1", "--effects", "0.5"], "cannot gain 50 %"),
        (["--trials", "1", "--effects", "0.3", "--swap", "0.4"], "cannot gain 50 % of the tasks"),
        (["--swap", "nan"], "--swap"),
        (["--alpha", "0"], "--alpha"),
        (["--alpha", "nan"], "--alpha"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_remedy(given: list[str], message: str) -> None:
    with pytest.raises(UserError) as raised:
        told(*given, "--json")
    assert message in str(raised.value) and "give" in raised.value.remedy
