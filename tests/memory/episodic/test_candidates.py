"""Candidates kept over nights, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sleepy.memory.episodic import candidates, forget, lessons, nights, tables, traces, versions
from sleepy.memory.episodic.candidates import CandidateError, CandidateState, Counts
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.traces import Forgettable

MOVED = "E0382:borrow of moved value@fn"
CODE = "E0382"
BASE = "built-in"


def night(db: Database, now: datetime, day: int = 4) -> int:
    return nights.begin(db, date(2031, 3, day), seed=7, now=now).id


def begin(db: Database, now: datetime, number: int, scope: str = MOVED, *, base: str = BASE, adapter: str = "a") -> int:
    return candidates.begin(
        db, number, scope, base=base, folder=f"nights/{number}/{adapter}", adapter_hash=adapter, now=now
    )


def test_tests_are_numbered_in_order_of_beginning_for_all_models_together(db: Database, now: datetime) -> None:
    first, second = night(db, now), night(db, now, 5)
    numbers = [
        begin(db, now, first),
        begin(db, now, first, CODE),
        begin(db, now, first, "all", base="another"),
        begin(db, now, second),
    ]
    assert numbers == [0, 1, 2, 3] and candidates.begun(db) == 4
    assert [item.number for item in candidates.open_of(db, BASE)] == [0, 1, 3]
    assert [item.scope for item in candidates.open_of(db, "another")] == ["all"]


def test_a_candidate_is_read_back_as_it_was_begun(db: Database, now: datetime) -> None:
    one = night(db, now)
    found = candidates.read(db, begin(db, now, one, CODE))
    assert (found.scope, found.base, found.folder, found.adapter_hash) == (CODE, BASE, f"nights/{one}/a", "a")
    assert (found.night, found.state, found.evidence) == (one, CandidateState.OPEN, Counts())
    assert (found.nights, found.proven, found.updated) == ({}, None, now)
    with pytest.raises(KeyError):
        candidates.read(db, 7)


def test_a_night_that_is_resumed_goes_on_with_the_number_it_began(db: Database, now: datetime) -> None:
    one = night(db, now)
    assert begin(db, now, one) == begin(db, now, one) == 0
    assert candidates.begun(db) == 1


def test_another_adapter_in_the_same_night_is_another_test_and_ends_the_first(db: Database, now: datetime) -> None:
    one, two = night(db, now), night(db, now, 5)
    first, again, later = begin(db, now, one), begin(db, now, one, adapter="b"), begin(db, now, two, adapter="c")
    assert [first, again, later] == [0, 1, 2]
    assert candidates.read(db, first).state is CandidateState.DROPPED
    assert [item.number for item in candidates.open_of(db, BASE)] == [again, later]


def test_a_settled_test_is_never_begun_again_under_its_number(db: Database, now: datetime) -> None:
    one = night(db, now)
    candidates.settle(db, begin(db, now, one), CandidateState.FUTILE, now=now)
    assert begin(db, now, one) == 1


def test_evidence_adds_up_over_nights_and_counts_no_night_twice(db: Database, now: datetime) -> None:
    one, two = night(db, now), night(db, now, 5)
    number = begin(db, now, one)
    candidates.record(db, number, one, Counts(2, 1, 20, 9), now=now)
    candidates.record(db, number, one, Counts(5, 1, 40, 17), now=now)  # the night's next batch
    candidates.record(db, number, one, Counts(5, 1, 40, 17), now=now)  # once more, after it was resumed
    found = candidates.record(db, number, two, Counts(3, 0, 10, 4), now=now + timedelta(days=1))
    assert found == candidates.read(db, number)
    assert found.evidence == Counts(8, 1, 50, 21) and found.updated == now + timedelta(days=1)
    assert found.nights == {one: Counts(5, 1, 40, 17), two: Counts(3, 0, 10, 4)}
    assert found.evidence_before(two) == Counts(5, 1, 40, 17) and found.evidence_before(99) == found.evidence


def test_results_that_stand_are_not_taken_back(db: Database, now: datetime) -> None:
    one = night(db, now)
    number = begin(db, now, one)
    before = candidates.record(db, number, one, Counts(2, 4, 20, 9), now=now)
    assert candidates.record(db, number, one, Counts(9, 0, 20, 9), now=now) == before
    assert candidates.record(db, number, one, Counts(1, 0, 10, 5), now=now) == before


def test_a_test_that_is_over_takes_no_more_evidence(db: Database, now: datetime) -> None:
    one = night(db, now)
    number = begin(db, now, one)
    candidates.settle(db, number, CandidateState.FUTILE, now=now)
    assert candidates.record(db, number, one, Counts(9, 0, 20, 9), now=now).evidence == Counts()


def test_a_night_that_asked_nothing_is_remembered_as_having_gone_on(db: Database, now: datetime) -> None:
    one, two = night(db, now), night(db, now, 5)
    number = begin(db, now, one)
    candidates.record(db, number, two, Counts(), now=now)
    assert candidates.read(db, number).nights == {two: Counts()}
    assert [item.number for item in candidates.of_night(db, one)] == [number]
    assert [item.number for item in candidates.of_night(db, two)] == [number]


def test_evidence_that_cannot_be_written_leaves_the_sums_as_they_were(db: Database, now: datetime) -> None:
    number = begin(db, now, night(db, now))
    with pytest.raises(IntegrityError):
        candidates.record(db, number, 999, Counts(5, 0, 20, 9), now=now)
    assert candidates.read(db, number).evidence == Counts()


def test_what_was_proven_counts_also_after_it_was_dropped(db: Database, now: datetime) -> None:
    one = night(db, now)
    number, other = begin(db, now, one), begin(db, now, one, CODE)
    candidates.settle(db, number, CandidateState.PROVEN, now=now)
    candidates.settle(db, number, CandidateState.PROVEN, now=now + timedelta(days=1))
    candidates.settle(db, other, CandidateState.DROPPED, now=now)
    assert candidates.promoted(db) == 1 and candidates.open_of(db, BASE) == []
    candidates.settle(db, number, CandidateState.DROPPED, now=now + timedelta(days=2))
    found = candidates.read(db, number)
    assert (found.state, found.proven, candidates.promoted(db)) == (CandidateState.DROPPED, now, 1)


@pytest.mark.parametrize("ended", [CandidateState.FUTILE, CandidateState.DROPPED])
def test_a_test_ends_once(db: Database, now: datetime, ended: CandidateState) -> None:
    number = begin(db, now, night(db, now))
    candidates.settle(db, number, ended, now=now)
    for state in (CandidateState.OPEN, CandidateState.PROVEN):
        with pytest.raises(CandidateError, match=f"candidate 0 is {ended}"):
            candidates.settle(db, number, state, now=now)
    with pytest.raises(KeyError):
        candidates.settle(db, 7, CandidateState.FUTILE, now=now)


class TestForgetting:
    def taught(self, db: Database, now: datetime) -> tuple[int, int]:
        """Two nights: the first taught a signature and its code from one task, and another code from another."""
        one, two = night(db, now), night(db, now, 5)
        drawn = [
            Lesson("p1", "a", MOVED, Provenance.FORGED, "d" * 64),
            Lesson("p2", "a", CODE, Provenance.FORGED, "d" * 64),
            Lesson("p3", "a", "E0308", Provenance.FORGED, "e" * 64),
        ]
        lessons.write(db, one, drawn, now=now)
        return one, two

    def forgotten(self, db: Database, kind: Forgettable, name: str) -> traces.Trace:
        with db.writing() as connection:
            found = traces.trace(connection, kind, name)
            forget.erase(connection, found)
        return found

    def test_a_forgotten_pattern_takes_its_candidates_along_but_not_their_numbers(
        self, db: Database, now: datetime
    ) -> None:
        one, two = self.taught(db, now)
        mine, other = begin(db, now, one), begin(db, now, one, "E0308")
        candidates.record(db, mine, one, Counts(2, 1, 20, 9), now=now)
        self.forgotten(db, Forgettable.PATTERN, MOVED)
        found = candidates.read(db, mine)
        assert (found.scope, found.folder, found.state) == ("", "", CandidateState.DROPPED)
        assert found.evidence == Counts(2, 1, 20, 9)
        assert [item.number for item in candidates.open_of(db, BASE)] == [other]
        assert begin(db, now, two) == 2

    def test_a_forgotten_pattern_without_lessons_loses_its_candidate_too(self, db: Database, now: datetime) -> None:
        number = begin(db, now, night(db, now))
        self.forgotten(db, Forgettable.PATTERN, MOVED)
        assert candidates.read(db, number).state is CandidateState.DROPPED

    def test_what_learnt_from_a_forgotten_task_is_dropped_at_every_scope_and_night(
        self, db: Database, now: datetime
    ) -> None:
        one, two = self.taught(db, now)
        with db.writing() as connection:  # the task that two of the lessons are from
            values = dict.fromkeys(("family", "base", "origin", "broken", "fixed", "tests"), "t")
            row = {"digest": "d" * 64, "name": "mine.rs", "kind": "crate", "edition": "2021", "created": now, **values}
            connection.execute(tables.tasks.insert().values(row))
        learnt = [begin(db, now, one), begin(db, now, one, CODE)]
        kept = [begin(db, now, one, "E0308"), begin(db, now, two, CODE)]
        candidates.settle(db, learnt[1], CandidateState.PROVEN, now=now)
        candidates.record(db, learnt[0], two, Counts(2, 1, 20, 9), now=now)  # the second night went on with it
        for name, of in (("v1", one), ("v2", two)):
            versions.register(db, name, path=name, files={}, parent=None, night=of, now=now)
        found = self.forgotten(db, Forgettable.PATH, "mine.rs")
        assert found.learnt == {one: (CODE, MOVED), two: (MOVED,)} and list(found.tainted) == ["v1", "v2"]
        assert found.lessons == 2
        states = {item.number: (item.state, item.folder) for item in candidates.of_night(db, one)}
        assert states[learnt[0]] == (CandidateState.DROPPED, "")
        assert states[learnt[1]] == (CandidateState.PROVEN, "") and candidates.promoted(db) == 1
        assert [item.number for item in candidates.open_of(db, BASE)] == kept

    def test_a_night_that_began_or_asked_one_cannot_be_removed(self, db: Database, now: datetime) -> None:
        one = night(db, now)
        begin(db, now, one)
        with pytest.raises(IntegrityError), db.writing() as connection:
            connection.execute(tables.nights.delete().where(tables.nights.c.id == one))
        with db.reading() as connection:
            assert connection.execute(select(tables.nights.c.id)).scalars().all() == [one]
