"""What is practised more: koans with a mixed outcome, by what practice so far says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import day
from sleepy.daemon.day.difficulty import FLOOR, Difficulty, draw
from sleepy.daemon.serve import serve
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.koans.forge.mistakes import MISTAKES
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.outcomes import PracticeOutcome
from sleepy.memory.episodic.tasks import Task

BEFORE = datetime(2021, 3, 4, tzinfo=UTC)
COUNTS = st.integers(1, 60).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda solved: st.builds(PracticeOutcome, st.just(n), st.integers(0, solved), st.just(solved))
    )
)


def test_a_mixed_outcome_weighs_most_and_nothing_is_given_up() -> None:
    known = Difficulty(
        {
            "never": PracticeOutcome(20, 0, 0),
            "mixed": PracticeOutcome(20, 10, 10),
            "always": PracticeOutcome(20, 20, 20),
            "helped": PracticeOutcome(20, 2, 18),
        }
    )
    never, mixed, always, helped = map(known.weight, ("never", "mixed", "always", "helped"))
    assert helped > mixed > 2.5 * max(never, always) and min(never, always) >= FLOOR
    assert known.weight("unknown") > max(never, always)


@given(st.dictionaries(st.sampled_from("abcdef"), COUNTS), st.dictionaries(st.sampled_from("abcdef"), COUNTS))
def test_every_weight_is_within_its_bounds(now: dict[str, PracticeOutcome], before: dict[str, PracticeOutcome]) -> None:
    known = Difficulty(now, before)
    assert all(FLOOR < known.weight(name) < 1 + FLOOR for name in "abcdefg")


def test_practice_under_other_versions_counts_as_a_few_koans() -> None:
    old = {"a": PracticeOutcome(400, 400, 400), "b": PracticeOutcome(400, 0, 0)}
    first = Difficulty({}, old)
    assert first.weight("a") == Difficulty({"a": PracticeOutcome(4, 4, 4), "b": PracticeOutcome(4, 0, 0)}).weight("a")
    learnt = Difficulty({"b": PracticeOutcome(16, 8, 8)}, old)
    assert learnt.weight("b") > 1.5 * first.weight("b")


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=40), st.integers(0, 200), st.integers(0, 99))
def test_a_draw_takes_each_as_often_as_its_weight_says(weights: list[float], count: int, seed: int) -> None:
    drawn = draw(range(len(weights)), weights, count, seed)
    assert abs(len(drawn) - count) <= 1  # sums of floats
    times = Counter(drawn)
    for number, weight in enumerate(weights):
        assert abs(times[number] - count * weight / sum(weights)) < 1 + 1e-6
    assert drawn == draw(range(len(weights)), weights, count, seed)


# what practice so far is


def test_a_day_asks_more_of_what_was_mixed(tmp_path: Path) -> None:
    mixed = {mistake.name for mistake in MISTAKES[:8]}
    with equipped(
        Config(explore=0, dtype="float32", threads="1"), Home(tmp_path / "home"), exam=library.classics()[:1]
    ) as tools:
        for mistake in MISTAKES:
            for number in range(12):
                passed = mistake.name in mixed and number % 2 == 0
                tried = LoggedAttempt("PASS" if passed else "FAIL", passed)
                known = Task(f"{mistake.name} {number}", "koan", "fn broken() {}", origin=f"forge:{mistake.name}")
                episodes.record(tools.db, Episode(known, "E1:_@fn", (tried,), "built-in"), now=BEFORE)
        before = len(episodes.latest(tools.db, limit=5000))
        done = day(tools, serve.serving(tools), 3, 40)
        asked = [item.episode.task.origin for item in episodes.latest(tools.db, limit=5000)[: -before or None]]
    assert len(asked) == done.attempted == 40
    spread = [origin.removeprefix("forge:") for origin in asked[-20:]]  # the newest first; then comes what it failed
    assert sum(name in mixed for name in spread) >= 3 * 20 * len(mixed) / len(MISTAKES)  # three times an even share
    assert len(set(spread) - mixed) > 5  # the rest is still visited
