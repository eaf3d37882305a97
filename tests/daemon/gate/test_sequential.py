"""Sequential tests of candidates: proven, futile or open, over batches and nights."""

from __future__ import annotations

import math
import random
from functools import cache

import pytest

from sleepy.daemon.gate.sequential import Rules, TrialEvidence, TrialState, batch, judge, judge_all, needed
from sleepy.daemon.stats.paired import upper_bound

RULES = Rules()


def evidence(wins: int, losses: int = 0, asked: int = 40, passed: int | None = None) -> TrialEvidence:
    return TrialEvidence(wins, losses, asked, losses + (asked - wins - losses) // 2 if passed is None else passed)


def test_a_coarser_scope_may_gain_less_and_is_asked_more() -> None:
    small = evidence(30, 10, asked=600)  # (wins, losses): some 3 points
    assert judge(small, 0, 0, RULES) is TrialState.FUTILE
    assert judge(small, 0, 0, RULES.at(2)) is TrialState.OPEN
    assert judge_all({0: small, 1: small}, 0, RULES, {1: 2}) == {0: TrialState.FUTILE, 1: TrialState.OPEN}
    assert RULES.at(0) == RULES and RULES.at(2).worth < RULES.at(1).worth < RULES.worth
    assert (
        batch(evidence(0, asked=100), 100, RULES.at(2)) > batch(evidence(0, asked=100), 100, RULES.at(1)) > RULES.batch
    )


@pytest.mark.parametrize(("wins", "losses", "least", "most"), [(0.10, 0.034, 18, 20), (0.03, 0.03, 0, 0)])
def test_a_route_for_all_that_gains_seven_points_is_proven_in_a_night_and_one_without_gain_never(
    wins: float, losses: float, least: int, most: int
) -> None:
    rules, proven = RULES.at(2), 0
    for life in range(20):
        rng, found = random.Random(life), TrialEvidence()
        while batch(found, found.asked, rules) and judge(found, 8, 0, rules) is TrialState.OPEN:
            drawn = [rng.random() for _ in range(rules.batch)]
            found += TrialEvidence.of((wins <= one < wins + losses, one < wins) for one in drawn)
        proven += judge(found, 8, 0, rules) is TrialState.PROVEN
    assert least <= proven <= most


def test_evidence_is_counted_and_adds_up() -> None:
    pairs = [(False, True), (True, False), (True, True), (False, False), (False, True)]
    found = TrialEvidence.of(pairs)
    assert found == TrialEvidence(2, 1, 5, 2)
    assert found + TrialEvidence.of([(True, True)]) == TrialEvidence(2, 1, 6, 3)
    assert found.gain == pytest.approx(0.2) and TrialEvidence().gain == 0.0
    assert TrialEvidence().log_e == pytest.approx(0.0) and evidence(9).log_e > found.log_e


@pytest.mark.parametrize("counts", [(3, 0, 2, 0), (0, 3, 5, 2), (-1, 0, 5, 0), (4, 0, 5, 2)])
def test_counts_that_do_not_fit_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="wins and"):
        TrialEvidence(*counts)


def test_a_clean_gain_is_proven_by_the_first_test_of_a_home_after_sixteen_wins() -> None:
    states = [judge(evidence(wins), 0, 0, RULES) for wins in range(15, 18)]
    assert states == [TrialState.OPEN, TrialState.PROVEN, TrialState.PROVEN]


def test_later_tests_need_more_and_those_after_others_were_proven_less() -> None:
    assert judge(evidence(18), 0, 0, RULES) is TrialState.PROVEN
    assert judge(evidence(18), 239, 0, RULES) is TrialState.OPEN
    assert judge(evidence(18), 239, 20, RULES) is TrialState.PROVEN
    assert needed(239, 0, RULES) > needed(239, 20, RULES)


def test_what_shows_no_gain_is_given_up_after_thirty_koans() -> None:
    assert judge(evidence(0, asked=20), 0, 0, RULES) is TrialState.OPEN
    assert judge(evidence(0, asked=30), 0, 0, RULES) is TrialState.FUTILE
    assert judge(evidence(0, losses=2, asked=20), 0, 0, RULES) is TrialState.FUTILE
    assert judge(evidence(4, asked=30), 0, 0, RULES) is TrialState.OPEN


def test_the_greatest_number_of_koans_ends_every_test() -> None:
    promising = evidence(96, 60, asked=RULES.most - 1)
    assert judge(promising, 200, 0, Rules(worth=0.01)) is TrialState.OPEN
    assert judge(promising + evidence(0, asked=1), 200, 0, Rules(worth=0.01)) is TrialState.FUTILE
    assert judge(evidence(600, asked=RULES.most), 200, 0, RULES) is TrialState.PROVEN


@pytest.mark.parametrize(("wins", "losses"), [(0.1, 0.0), (0.15, 0.05), (0.2, 0.1)])
def test_a_gain_worth_having_is_given_up_no_more_often_than_the_rules_say(wins: float, losses: float) -> None:
    """By exact enumeration of all outcomes of ten batches, for a test that no evidence could prove."""
    rules = Rules(worth=0.1, miss=0.1, batch=6, most=10**6)
    hardest = 10**12

    @cache
    def given_up(counts: tuple[int, int], asked: int, left: int) -> float:
        """The probability of being found futile within this many more batches."""
        if left == 0:
            return 0.0
        out = 0.0
        for won in range(rules.batch + 1):
            for lost in range(rules.batch + 1 - won):
                ties = rules.batch - won - lost
                ways = math.comb(rules.batch, won) * math.comb(rules.batch - won, lost)
                p = ways * wins**won * losses**lost * (1 - wins - losses) ** ties
                if not p:
                    continue
                total = counts[0] + won, counts[1] + lost
                found = TrialEvidence(*total, asked + rules.batch, total[1])
                if judge(found, hardest, 0, rules) is TrialState.FUTILE:
                    out += p
                else:
                    out += p * given_up(total, asked + rules.batch, left - 1)
        return out

    found = given_up((0, 0), 0, 10)
    assert 0 < found <= rules.miss


def test_what_is_proven_makes_the_others_of_its_night_easier() -> None:
    strong, weak = evidence(40, asked=60), evidence(15, asked=60)
    assert judge(weak, 0, 0, RULES) is TrialState.OPEN
    assert judge_all({0: weak, 1: strong, 2: evidence(0, asked=60)}, 0, RULES) == {
        0: TrialState.PROVEN,
        1: TrialState.PROVEN,
        2: TrialState.FUTILE,
    }
    assert judge_all({}, 0, RULES) == {}


def test_batches_end_with_the_night_and_with_all_that_may_be_asked() -> None:
    rules = Rules(batch=10, night=25, most=60)
    assert [batch(evidence(0, asked=30), tonight, rules) for tonight in (0, 10, 20, 25)] == [10, 10, 5, 0]
    assert batch(evidence(0, asked=56), 0, rules) == 4
    assert batch(evidence(0, asked=60), 0, rules) == 0


def test_unseen_losses_are_stated_per_routed_task() -> None:
    found = TrialEvidence(20, 1, 100, 60)
    assert found.unseen_loss == upper_bound(1, 100) and found.unseen_regression == upper_bound(1, 60)
    assert TrialEvidence().unseen_loss == 1.0


@pytest.mark.parametrize("wrong", [{"alpha": 0.0}, {"worth": 1.0}, {"miss": math.nan}, {"batch": 0}, {"most": -1}])
def test_rules_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Rules(**wrong)  # type: ignore[arg-type]
