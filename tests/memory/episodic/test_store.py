"""What is remembered, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sleepy.memory.episodic import (
    episodes,
    exams,
    forget,
    lessons,
    nights,
    patterns,
    recall,
    routes,
    stages,
    state,
    tables,
    traces,
    verdict_cache,
    versions,
)
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt, record
from sleepy.memory.episodic.exams import Result, Who
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.nights import NightState
from sleepy.memory.episodic.outcomes import By, PracticeOutcome, outcomes
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.recall import Author
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.stages import StageState
from sleepy.memory.episodic.tasks import Task, TaskKind, find
from sleepy.memory.episodic.traces import Forgettable
from sleepy.memory.episodic.versions import Alias, VersionError

MOVED = "E0382:borrow of moved value@fn"
HASH = "E0277:Hash@struct"


def task(name: str = "bc_001") -> Task:
    return Task(
        digest=name.encode().hex().ljust(64, "0"),
        name=name,
        broken=f"fn {name}() {{ let v = vec![1]; drop(v); v.len(); }}",
        fixed=f"fn {name}() {{ let v = vec![1]; drop(v.clone()); v.len(); }}",
        tests="#[test] fn works() {}",
        family="borrow_checker",
        base=f"base of {name}",
        origin="classic",
    )


def attempt(passed: bool = True, **changes: object) -> LoggedAttempt:
    outcome = "PASS" if passed else "FAIL"
    whole = LoggedAttempt(outcome, passed, "fix this", "2: let w = &v;", "fn main() {}", seconds=0.5, tokens=12)
    return replace(whole, **changes)  # type: ignore[arg-type]


def episode(
    name: str = "bc_001",
    *tried: LoggedAttempt,
    signature: str = MOVED,
    version: str | None = None,
) -> Episode:
    return Episode(task(name), signature, tried or (attempt(),), "built-in", version)


def version(db: Database, name: str, now: datetime, *, night: int | None = None) -> str:
    versions.register(db, name, path=f"versions/{name}", files={"w": "ab"}, parent=None, night=night, now=now)
    return name


def night(db: Database, now: datetime, day: int = 4) -> int:
    return nights.begin(db, date(2031, 3, day), seed=7, now=now).id


class TestEpisodes:
    def test_an_episode_is_read_back_as_it_was_recorded(self, db: Database, now: datetime) -> None:
        version(db, "v1", now)
        ladder = (
            attempt(False, rung="compiler", detail="no suggestion", tokens=0),
            attempt(False, rung="model", route="moved", answer="½ → naïve 🦀"),
            attempt(True, rung="hints"),
        )
        whole = episode("bc_002", *ladder, version="v1")
        number = record(db, whole, now=now)
        found = episodes.read(db, number)
        assert found == episodes.Recorded(number, now, whole)
        assert found.episode.passed

    def test_times_come_back_in_utc_whatever_zone_they_went_in(self, db: Database, now: datetime) -> None:
        tokyo = now.astimezone(timezone(timedelta(hours=9)))
        found = episodes.read(db, record(db, episode(), now=tokyo))
        assert found is not None
        assert found.started == now
        assert found.started.tzinfo is UTC

    def test_a_time_without_a_zone_is_refused(self, db: Database) -> None:
        with pytest.raises(Exception, match="no time zone"):
            record(db, episode(), now=datetime(2031, 3, 4))
        assert episodes.latest(db) == []

    def test_text_no_database_likes_is_still_kept(self, db: Database, now: datetime) -> None:
        odd = attempt(False, answer="nul \x00 half \ud83d end", detail="\x00")
        found = episodes.read(db, record(db, episode("bc_001", odd), now=now))
        assert found is not None
        assert found.episode.attempts[0].answer == "nul \u2400 half ? end"

    def test_an_episode_of_an_unknown_version_leaves_nothing(self, db: Database, now: datetime) -> None:
        with pytest.raises(IntegrityError):
            record(db, episode(version="never"), now=now)
        assert patterns.overview(db) == []
        assert find(db, "bc_001") == []

    def test_an_episode_without_attempts_is_refused(self, db: Database, now: datetime) -> None:
        with pytest.raises(ValueError, match="bc_001"):
            record(db, replace(episode(), attempts=()), now=now)

    def test_one_task_is_kept_once_under_its_newest_name(self, db: Database, now: datetime) -> None:
        record(db, episode(), now=now)
        renamed = replace(task(), name="bc_101", kind=TaskKind.CRATE)
        record(db, replace(episode(), task=renamed), now=now)
        assert find(db, task().digest) == [renamed]
        assert find(db, "bc_001") == []

    def test_the_newest_come_first(self, db: Database, now: datetime) -> None:
        numbers = [record(db, episode(), now=now + timedelta(seconds=i)) for i in (1, 3, 2)]
        assert [item.id for item in episodes.latest(db, limit=2)] == [numbers[1], numbers[2]]
        assert [item.id for item in episodes.of_task(db, task().digest)] == sorted(numbers, reverse=True)

    def test_a_patterns_failures_leave_out_passes_and_broken_machinery(self, db: Database, now: datetime) -> None:
        failed = record(db, episode("bc_001", attempt(False)), now=now)
        record(db, episode("bc_002", attempt(True)), now=now)
        record(db, episode("bc_004", attempt(False, outcome="INFRA_ERROR", is_label=False)), now=now)
        record(db, episode("bc_005", attempt(False), signature=HASH), now=now)
        assert [item.id for item in episodes.of_pattern(db, MOVED, passed=False)] == [failed]

    def test_a_further_attempt_counts_under_its_own_rung_and_is_forgotten_with_its_episode(
        self, db: Database, now: datetime
    ) -> None:
        number = record(db, episode("bc_001", attempt(False)), now=now)
        record(db, episode("bc_002", attempt(False)), now=now)
        episodes.further(db, number, attempt(True, rung="hints", source="repaired"))
        found = episodes.read(db, number)
        assert found is not None and [item.rung for item in found.episode.attempts] == ["model", "hints"]
        assert patterns.rates(db) == {MOVED: Tally(2, 0, 1.0, 24)}
        assert patterns.rates(db, rung="hints") == {MOVED: Tally(1, 1, 0.5, 12)}
        assert [(item.episodes, item.passes) for item in patterns.overview(db)] == [(2, 1)]
        assert [item.id for item in episodes.of_pattern(db, MOVED, passed=True)] == [number]
        forgotten(db, Forgettable.EPISODE, number)
        assert patterns.rates(db, rung="hints") == {MOVED: Tally(0, 0, 0.0, 0)}
        assert [(item.episodes, item.passes) for item in patterns.overview(db)] == [(1, 0)]
        with pytest.raises(KeyError):
            episodes.further(db, number, attempt())

    def test_what_was_solved_only_with_help_was_failed_alone(self, db: Database, now: datetime) -> None:
        helped = record(db, episode("bc_001", attempt(False), attempt(rung="hints")), now=now)
        record(db, episode("bc_002"), now=now)
        failed = record(db, episode("bc_003", attempt(False), attempt(False, rung="hints")), now=now)
        climbed = replace(task("src/lib.rs"), kind=TaskKind.CRATE)  # a crate's ladder is another matter
        record(db, replace(episode("bc_004", attempt(False), attempt(rung="hints")), task=climbed), now=now)
        assert [item.id for item in episodes.failed_alone(db, MOVED)] == [failed, helped]

    def test_many_episodes_are_collected_with_their_own_attempts(self, db: Database, now: datetime) -> None:
        with db.writing():
            numbers = [record(db, episode("bc_001", attempt(answer=str(i))), now=now) for i in range(510)]
        found = episodes.latest(db, limit=2000)
        assert {item.id: item.episode.attempts[0].answer for item in found} == {
            number: str(i) for i, number in enumerate(numbers)
        }


class TestCounts:
    def test_a_pattern_counts_practice_by_episode(self, db: Database, now: datetime) -> None:
        later = now + timedelta(hours=1)
        record(db, episode("bc_001", attempt(False), attempt(True, rung="hints")), now=later)
        record(db, episode("bc_002", attempt(False)), now=now)
        (found,) = patterns.overview(db)
        assert (found.signature, found.code, found.episodes, found.passes) == (MOVED, "E0382", 2, 1)
        assert found.last_seen == later  # a clock set back does not take it back
        assert found.state is patterns.PatternState.SEEN

    def test_rates_tell_versions_rungs_and_days_apart(self, db: Database, now: datetime) -> None:
        version(db, "v1", now)
        record(db, episode("bc_001", attempt(False), attempt(True, rung="hints")), now=now)
        record(db, episode("bc_001", attempt(True), version="v1"), now=now)
        record(db, episode("bc_001", attempt(True), signature=HASH), now=now - timedelta(days=1))
        assert patterns.rates(db) == {MOVED: Tally(1, 0, 0.5, 12), HASH: Tally(1, 1, 0.5, 12)}
        assert patterns.rates(db, since=now.date()) == {MOVED: Tally(1, 0, 0.5, 12)}
        assert patterns.rates(db, version="v1") == {MOVED: Tally(1, 1, 0.5, 12)}
        assert patterns.rates(db, rung="hints") == {MOVED: Tally(1, 1, 0.5, 12)}
        assert patterns.rungs(db, since=now.date()) == {
            "hints": Tally(1, 1, 0.5, 12),
            "model": Tally(2, 1, 1.0, 24),
        }

    def test_our_own_failure_is_never_the_models(self, db: Database, now: datetime) -> None:
        record(db, episode("bc_001", attempt(False, outcome="INFRA_ERROR", is_label=False)), now=now)
        assert patterns.rates(db) == {}
        assert patterns.overview(db)[0].episodes == 0

    def test_a_pattern_is_marked_and_stays_so_when_seen_again(self, db: Database, now: datetime) -> None:
        record(db, episode(), now=now)
        patterns.mark(db, MOVED, patterns.PatternState.RESTING)
        record(db, episode(), now=now)
        assert patterns.overview(db)[0].state is patterns.PatternState.RESTING
        with pytest.raises(KeyError):
            patterns.mark(db, "E9999:never", patterns.PatternState.FAILING)


class TestNights:
    def test_a_date_has_one_night_with_its_first_seed(self, db: Database, now: datetime) -> None:
        first = nights.begin(db, date(2031, 3, 4), seed=7, now=now)
        again = nights.begin(db, date(2031, 3, 4), seed=8, now=now + timedelta(hours=1))
        assert again == first
        assert first.state is NightState.RUNNING
        assert nights.begin(db, date(2031, 3, 5), seed=8, now=now).id != first.id
        assert len(nights.recent(db)) == 2

    def test_a_done_night_stays_done_and_a_failed_one_is_resumed(self, db: Database, now: datetime) -> None:
        done, failed = night(db, now, 4), night(db, now, 5)
        nights.finish(db, done, report="reports/4.md", now=now)
        nights.fail(db, failed, "train: out of memory", now=now)
        last = nights.last(db)
        assert last is not None
        assert (last.state, last.reason, last.ended) == (NightState.FAILED, "train: out of memory", now)
        again = nights.begin(db, date(2031, 3, 4), seed=1, now=now)
        assert (again.state, again.report) == (NightState.DONE, "reports/4.md")
        resumed = nights.begin(db, date(2031, 3, 5), seed=1, now=now)
        assert (resumed.id, resumed.state, resumed.reason, resumed.ended) == (
            failed, NightState.RUNNING, "", None,
        )  # fmt: skip

    def test_an_exam_and_a_refusal_are_recorded(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        nights.examined(db, number, exam_hash="e" * 64, tasks=120, baseline=80, challenger=79)
        nights.decide(db, number, "reject", ["lost 1 of 80", "bc_001"])
        found = nights.read(db, date(2031, 3, 4))
        assert found is not None
        assert (found.exam_tasks, found.baseline_passes, found.challenger_passes) == (120, 80, 79)
        assert (found.decision, found.decision_reasons) == ("reject", ("lost 1 of 80", "bc_001"))
        assert versions.moves(db) == []

    def test_a_night_that_never_was_cannot_end(self, db: Database, now: datetime) -> None:
        with pytest.raises(KeyError):
            nights.finish(db, 99, report=None, now=now)


class TestStages:
    def test_a_stage_is_skipped_only_when_done_for_the_same_inputs(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        assert stages.read(db, number, "curate") is None
        inputs = stages.hashed({"episodes": [1, 2]})
        stages.start(db, number, "curate", ordinal=2, inputs_hash=inputs, now=now)
        begun = stages.read(db, number, "curate")
        assert begun is not None
        assert not begun.answers(inputs)
        made = stages.finish(db, number, "curate", {"lessons": 3, "a": [1.5, None]}, now=now)
        done = stages.read(db, number, "curate")
        assert done is not None
        assert (done.state, done.artefact, done.artefact_hash) == (
            StageState.DONE, {"lessons": 3, "a": [1.5, None]}, made,
        )  # fmt: skip
        assert done.answers(inputs)
        assert not done.answers(stages.hashed({"episodes": [1, 2, 3]}))

    def test_starting_again_drops_what_the_earlier_run_left(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        stages.start(db, number, "train", ordinal=4, inputs_hash="a" * 64, now=now)
        stages.fail(db, number, "train", "out of memory", now=now)
        stages.start(db, number, "train", ordinal=4, inputs_hash="b" * 64, now=now)
        stages.start(db, number, "collect", ordinal=1, inputs_hash="c" * 64, now=now)
        first, second = stages.of_night(db, number)
        assert (first.name, second.name) == ("collect", "train")
        assert (second.state, second.detail, second.ended) == (StageState.RUNNING, "", None)

    def test_an_artefact_that_changed_on_disk_is_not_used(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        stages.start(db, number, "train", ordinal=4, inputs_hash="a" * 64, now=now)
        stages.finish(db, number, "train", {"loss": 0.5}, now=now)
        with db.writing() as connection:
            connection.execute(text("UPDATE stages SET artefact = '{}'"))
        with pytest.raises(DatabaseError, match="stage train"):
            stages.read(db, number, "train")

    def test_a_stage_never_started_cannot_finish(self, db: Database, now: datetime) -> None:
        with pytest.raises(KeyError):
            stages.finish(db, night(db, now), "train", None, now=now)


class TestLessons:
    def test_outcomes_tell_the_first_answer_from_any_and_a_version_from_the_others(
        self, db: Database, now: datetime
    ) -> None:
        version(db, "v1", now)
        record(
            db, episode("one", attempt(False), attempt(True, rung="samples"), attempt(False, rung="samples")), now=now
        )
        record(db, episode("two"), now=now)
        record(db, episode("three", attempt(False), signature=HASH), now=now)
        record(db, episode("four", version="v1"), now=now)
        crate = episode("src/lib.rs")
        record(db, replace(crate, task=replace(crate.task, kind=TaskKind.CRATE)), now=now)
        bare = {MOVED: PracticeOutcome(2, 1, 2), HASH: PracticeOutcome(1, 0, 0)}
        assert outcomes(db, By.PATTERN, None) == outcomes(db, By.PATTERN, "v1", others=True) == bare
        assert (
            outcomes(db, By.PATTERN, "v1")
            == outcomes(db, By.PATTERN, None, others=True)
            == {MOVED: PracticeOutcome(1, 1, 1)}
        )
        assert outcomes(db, By.ORIGIN, None) == {"classic": PracticeOutcome(3, 1, 2)}

    def test_lessons_come_back_in_order_and_once(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        source = record(db, episode(), now=now)
        own = Lesson("p", "a", MOVED, Provenance.OWN, task().digest, source)
        forged = Lesson("q", "b", HASH, Provenance.FORGED, "f" * 64, program="base")
        assert lessons.write(db, number, [own, forged, replace(own, provenance=Provenance.REPLAY)], now=now) == 2
        assert lessons.read(db, number) == [own, forged]
        assert lessons.read(db, number, signature=HASH) == [forged]

    def test_the_courses_of_two_scopes_may_share_a_lesson(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        fine = Lesson("p", "a", MOVED, Provenance.FORGED)
        coarse = replace(fine, signature=MOVED.partition(":")[0])
        assert lessons.write(db, number, [fine, coarse], now=now) == 2
        assert lessons.read(db, number, signature=coarse.signature) == [coarse]

    def test_a_curation_run_again_replaces_the_first(self, db: Database, now: datetime) -> None:
        number, other = night(db, now, 4), night(db, now, 5)
        first, second = (Lesson(p, "a", MOVED, Provenance.REFERENCE) for p in "pq")
        lessons.write(db, number, [first], now=now)
        lessons.write(db, other, [first], now=now)
        lessons.write(db, number, [second], now=now)
        assert lessons.read(db, number) == [second]
        assert lessons.read(db, other) == [first]

    def test_the_models_own_lessons_are_counted_by_the_rung_that_solved_them(self, db: Database, now: datetime) -> None:
        alone = record(db, episode("one"), now=now)
        helped = record(db, episode("two", attempt(False), attempt(False, rung="samples")), now=now)
        for rung in ("samples", "samples", "turns"):
            episodes.further(db, helped, attempt(rung == "samples", rung=rung))
        number = night(db, now)
        lessons.write(
            db,
            number,
            [
                Lesson("p", "1", MOVED, Provenance.OWN, episode=helped),
                Lesson("p", "2", MOVED, Provenance.OWN, episode=helped),
                Lesson("p", "3", MOVED, Provenance.REPLAY, episode=alone),
                Lesson("p", "4", MOVED, Provenance.FORGED),
                Lesson("p", "5", MOVED, Provenance.REFERENCE, episode=helped),
            ],
            now=now,
        )
        assert list(lessons.own_rungs(db, number).items()) == [("samples", 2), ("model", 1)]
        assert lessons.own_rungs(db, number + 1) == {}

    def test_a_lesson_does_not_count_as_practice(self, db: Database, now: datetime) -> None:
        lessons.write(db, night(db, now), [Lesson("p", "a", MOVED, Provenance.FORGED)], now=now)
        assert [item.episodes for item in patterns.overview(db)] == [0]


class TestVersions:
    def test_promotion_moves_champion_and_previous_with_the_decision(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        version(db, "v1", now, night=number)
        versions.promote(db, "v1", night=number, reasons=["gained 9"], now=now)
        assert versions.pointed(db) == {Alias.CHAMPION: "v1", Alias.PREVIOUS: None}
        found = nights.last(db)
        assert found is not None
        assert (found.decision, found.decision_reasons) == ("promote", ("gained 9",))
        assert [(move.alias, move.from_version, move.to_version) for move in versions.moves(db)] == [
            (Alias.CHAMPION, None, "v1"), (Alias.PREVIOUS, None, None),
        ]  # fmt: skip

    def test_promoting_again_after_a_kill_changes_nothing(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        version(db, "v1", now)
        version(db, "v2", now)
        versions.promote(db, "v1", night=number, reasons=[], now=now)
        versions.promote(db, "v2", night=number, reasons=[], now=now)
        before = versions.moves(db)
        versions.promote(db, "v2", night=number, reasons=[], now=now)
        assert versions.pointed(db) == {Alias.CHAMPION: "v2", Alias.PREVIOUS: "v1"}
        assert versions.moves(db) == before

    def test_promoting_what_does_not_exist_records_no_decision(self, db: Database, now: datetime) -> None:
        with pytest.raises(VersionError, match="nothing"):
            versions.promote(db, "nothing", night=night(db, now), reasons=[], now=now)
        version(db, "v1", now)
        with pytest.raises(KeyError):
            versions.promote(db, "v1", night=99, reasons=[], now=now)
        found = nights.last(db)
        assert found is not None
        assert found.decision is None
        assert versions.pointed(db) == {}

    def test_rolling_back_twice_is_where_one_started(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        version(db, "v1", now)
        versions.promote(db, "v1", night=number, reasons=[], now=now)
        assert versions.rollback(db, reason="asked", now=now) is None
        assert versions.pointed(db) == {Alias.CHAMPION: None, Alias.PREVIOUS: "v1"}
        assert versions.rollback(db, reason="asked", now=now) == "v1"
        assert versions.champion(db) == "v1"

    def test_rolling_back_before_any_promotion_says_so(self, db: Database, now: datetime) -> None:
        with pytest.raises(VersionError, match="no previous version"):
            versions.rollback(db, reason="asked", now=now)

    def test_a_version_is_found_by_alias_id_and_beginning(self, db: Database, now: datetime) -> None:
        version(db, "abc1", now)
        version(db, "abd2", now)
        version(db, "abd2e", now)
        versions.point(db, Alias.CHALLENGER, "abd2", reason="trained", now=now)
        assert versions.resolve(db, "abc") == "abc1"
        assert versions.resolve(db, "abd2") == "abd2"
        assert versions.resolve(db, "challenger") == "abd2"
        assert versions.resolve(db, "base") is None
        assert versions.resolve(db, "champion") is None
        for name, why in (("ab", "several"), ("", "several"), ("x", "no version"), ("a%", "no version")):
            with pytest.raises(VersionError, match=why):
                versions.resolve(db, name)

    def test_registering_the_same_content_again_is_no_error(self, db: Database, now: datetime) -> None:
        version(db, "v1", now)
        before = versions.read(db, "v1")
        version(db, "v1", now + timedelta(days=1))
        assert versions.read(db, "v1") == before
        assert before.files == (("w", "ab"),)

    def test_a_collected_version_keeps_its_row_but_cannot_serve(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        version(db, "v1", now)
        record(db, episode(version="v1"), now=now)
        versions.promote(db, "v1", night=number, reasons=[], now=now)
        with pytest.raises(VersionError, match="is the champion"):
            versions.remove(db, "v1", now=now)
        versions.rollback(db, "base", reason="asked", now=now)
        versions.point(db, Alias.PREVIOUS, None, reason="gc", now=now)
        versions.remove(db, "v1", now=now)
        assert versions.read(db, "v1").removed == now
        with pytest.raises(VersionError, match="collected"):
            versions.rollback(db, "v1", reason="asked", now=now)
        with pytest.raises(IntegrityError), db.writing() as connection:
            connection.execute(text("DELETE FROM versions"))

    def test_routes_belong_to_their_version(self, db: Database, now: datetime) -> None:
        moved = Route(MOVED, "moved", 9, 0, 20, 0.002, True)
        hashed = Route(HASH, "hash", 1, 1, 20, 0.75, False)
        versions.register(db, "v1", path="v", files={}, parent=None, night=None, routes=[moved, hashed], now=now)
        version(db, "v2", now)
        assert routes.of_version(db, "v1") == [hashed, moved]
        assert routes.of_version(db, "v2") == []
        routes.write(db, "v1", [replace(moved, active=False)], now=now)
        assert routes.of_version(db, "v1") == [replace(moved, active=False)]


class TestExams:
    def test_results_are_kept_per_side_and_run_and_taken_again_after_a_kill(self, db: Database, now: datetime) -> None:
        number = night(db, now)
        base = Result(task(), MOVED, Who.BASELINE, 1, None, False, "FAIL")
        other = replace(base, who=Who.CHALLENGER, route="moved", passed=True, outcome="PASS")
        exams.record(db, number, [base, other], now=now)
        exams.record(db, number, [replace(base, outcome="RUN_TIMEOUT"), replace(base, run=2)], now=now)
        assert [(m.name, m.who, m.run, m.route, m.passed, m.outcome) for m in exams.read(db, number)] == [
            ("bc_001", Who.BASELINE, 1, None, False, "RUN_TIMEOUT"),
            ("bc_001", Who.BASELINE, 2, None, False, "FAIL"),
            ("bc_001", Who.CHALLENGER, 1, "moved", True, "PASS"),
        ]
        assert [item.episodes for item in patterns.overview(db)] == [0]


class TestRecall:
    def test_the_developers_fix_comes_first_then_the_newest_own(self, db: Database, now: datetime) -> None:
        old = record(db, episode("bc_001", attempt(False), attempt(source="old")), now=now)
        new = record(db, episode("bc_002", attempt(source="new")), now=now)
        record(db, episode("bc_003", attempt(False)), now=now)
        recall.remember(db, replace(task("src/lib.rs"), kind=TaskKind.CRATE), MOVED, "theirs", now=now)
        found = recall.recall(db, MOVED)
        assert [(fix.source, fix.author, fix.episode) for fix in found] == [
            ("theirs", Author.DEVELOPER, None), ("new", Author.OWN, new), ("old", Author.OWN, old),
        ]  # fmt: skip
        assert recall.recall(db, MOVED, limit=2) == found[:2]

    def test_a_developers_later_fix_takes_the_place_of_the_first(self, db: Database, now: datetime) -> None:
        for source in ("first", "second"):
            recall.remember(db, task(), MOVED, source, now=now)
        assert [fix.source for fix in recall.recall(db, MOVED)] == ["second"]


class TestVerdictsAndState:
    def test_a_verdict_is_kept_as_it_was_first_put(self, db: Database, now: datetime) -> None:
        assert verdict_cache.get(db, "k" * 64) is None
        verdict_cache.put(db, "k" * 64, "PASS", {"tests": [["a", True]], "detail": "🦀"}, now=now)
        verdict_cache.put(db, "k" * 64, "FAIL", {}, now=now)
        assert verdict_cache.get(db, "k" * 64) == {"tests": [["a", True]], "detail": "🦀"}
        assert verdict_cache.prune(db, before=now) == 0
        assert verdict_cache.prune(db, before=now + timedelta(seconds=1)) == 1
        assert verdict_cache.get(db, "k" * 64) is None

    def test_a_state_carries_the_time_it_was_last_set(self, db: Database, now: datetime) -> None:
        later = now + timedelta(minutes=1)
        state.put(db, "heartbeat", {"pid": 1}, now=now)
        state.put(db, "heartbeat", {"pid": 2}, now=later)
        state.put(db, "paused", None, now=now)
        assert state.get(db, "heartbeat") == state.Entry({"pid": 2}, later)
        assert state.everything(db)["paused"] == state.Entry(None, now)
        state.drop(db, "paused")
        assert state.get(db, "paused") is None


def forgotten(db: Database, kind: Forgettable, name: object) -> None:
    """Takes what it names out of every table."""
    with db.writing() as connection:
        forget.erase(connection, traces.trace(connection, kind, str(name)))


class TestForgetting:
    def lived(self, db: Database, now: datetime) -> tuple[int, int, int]:
        """Two episodes of one pattern, one of another; a night that learnt from all, and its version."""
        first = record(db, episode("bc_001", attempt(False), attempt(rung="hints")), now=now)
        second = record(db, episode("bc_002"), now=now)
        record(db, episode("bc_002", signature=HASH), now=now)
        number = night(db, now)
        drawn = [
            Lesson("p1", "a", MOVED, Provenance.OWN, task("bc_001").digest, first),
            Lesson("p2", "a", MOVED, Provenance.REFERENCE, task("bc_001").digest),
            Lesson("p3", "a", MOVED, Provenance.OWN, task("bc_002").digest, second),
            Lesson("p4", "a", HASH, Provenance.FORGED, "f" * 64),
        ]
        lessons.write(db, number, drawn, now=now)
        learnt = [Route(name, "x", 5, 0, 9, 0.03, True) for name in (MOVED, HASH)]
        versions.register(db, "v1", path="v", files={}, parent=None, night=number, routes=learnt, now=now)
        return first, second, number

    def prompts(self, db: Database, number: int) -> list[str]:
        return [item.prompt for item in lessons.read(db, number)]

    def test_a_tasks_only_episode_takes_the_task_its_lessons_and_counts_along(
        self, db: Database, now: datetime
    ) -> None:
        first, second, number = self.lived(db, now)
        forgotten(db, Forgettable.EPISODE, first)
        assert episodes.read(db, first) is None
        assert self.prompts(db, number) == ["p3", "p4"]  # its task went with its only episode
        moved = next(item for item in patterns.overview(db) if item.signature == MOVED)
        assert (moved.episodes, moved.passes) == (1, 1)
        assert patterns.rates(db)[MOVED] == Tally(1, 1, 0.5, 12)
        assert patterns.rates(db, rung="hints")[MOVED] == Tally(0, 0, 0.0, 0)
        assert episodes.read(db, second) is not None

    def test_a_forgotten_task_leaves_no_text_anywhere(self, db: Database, now: datetime) -> None:
        _, second, number = self.lived(db, now)
        recall.remember(db, task("bc_001"), MOVED, "theirs", now=now)
        forgotten(db, Forgettable.PATH, "bc_001")
        assert find(db, "bc_001") == []
        assert self.prompts(db, number) == ["p3", "p4"]
        assert [fix.episode for fix in recall.recall(db, MOVED)] == [second]

    def test_a_forgotten_pattern_stops_being_served(self, db: Database, now: datetime) -> None:
        _, _, number = self.lived(db, now)
        forgotten(db, Forgettable.PATTERN, MOVED)
        assert [item.signature for item in patterns.overview(db)] == [HASH]
        assert self.prompts(db, number) == ["p4"]
        assert [item.signature for item in routes.of_version(db, "v1")] == [HASH]

    def test_forgetting_what_is_not_there_forgets_nothing(self, db: Database, now: datetime) -> None:
        self.lived(db, now)
        for kind in Forgettable:
            forgotten(db, kind, 999)
        assert len(episodes.latest(db)) == 3

    def test_a_forgotten_episodes_number_is_never_given_again(self, db: Database, now: datetime) -> None:
        number = record(db, episode(), now=now)
        forgotten(db, Forgettable.EPISODE, number)
        assert record(db, episode(), now=now) > number


class TestTransactions:
    def test_nested_writes_are_one_transaction(self, db: Database, now: datetime) -> None:
        with pytest.raises(RuntimeError), db.writing():
            record(db, episode(), now=now)
            assert len(episodes.latest(db)) == 1  # it sees what it wrote
            raise RuntimeError
        assert episodes.latest(db) == []

    def test_a_nested_write_that_failed_leaves_the_rest(self, db: Database, now: datetime) -> None:
        with db.writing():
            kept = record(db, episode(), now=now)
            with pytest.raises(IntegrityError):
                record(db, episode("bc_002", version="never"), now=now)
        assert [item.id for item in episodes.latest(db)] == [kept]
        assert patterns.overview(db)[0].episodes == 1

    def test_a_reader_sees_one_moment(self, db: Database, where: str, now: datetime) -> None:
        query = select(tables.patterns.c.id)
        with db.reading() as connection, Database.open(where) as other:
            assert connection.execute(query).all() == []
            record(other, episode(), now=now)
            assert connection.execute(query).all() == []
        assert len(patterns.overview(db)) == 1
