"""Traces of what is to be forgotten, on both databases: who learnt from it, what goes, what is scrubbed."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from sleepy.memory.episodic import (
    episodes,
    exams,
    forget,
    lessons,
    nights,
    retention,
    scrub,
    stages,
    state,
    traces,
    verdict_cache,
    versions,
)
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.exams import Result, Who
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.patterns import PatternState, overview
from sleepy.memory.episodic.routes import Route, active
from sleepy.memory.episodic.scrub import Scrub
from sleepy.memory.episodic.tasks import Task, find
from sleepy.memory.episodic.traces import Forgettable, Trace
from sleepy.memory.episodic.versions import Alias

ONE, TWO = "E0382:moved@fn", "E0277:Hash@fn"
MINE = Task("m" * 64, "ours/src/mine.rs", "let secret_plan = vec![1];", "let secret_plan = &v;", "fn plans_work() {}")
OTHER = Task("o" * 64, "ours/src/other.rs", "let other = 1;")


def lived(db: Database, now: datetime) -> tuple[int, int]:
    """Two nights: the first learns ONE from MINE, the second TWO from OTHER; v3 descends from neither."""
    first, second = (
        episodes.record(db, Episode(task, name, (LoggedAttempt("pass", True, "p", "a", task.fixed),), "m"), now=now)
        for task, name in ((MINE, ONE), (OTHER, TWO))
    )
    drawn = ((first, MINE, ONE), (second, OTHER, TWO))
    for i, (number, task, name) in enumerate(drawn):
        night = nights.begin(db, date(2031, 3, 4 + i), seed=0, now=now)
        lessons.write(db, night.id, [Lesson("p", "a", name, Provenance.OWN, task.digest, number)], now=now)
        parent = "v1" if i else None
        routes = [Route(name, name, 5, 0, 9, 0.03, True)]
        versions.register(
            db, f"v{i + 1}", path=f"v{i + 1}", files={}, parent=parent, night=night.id, routes=routes,
            now=now + timedelta(days=i),
        )  # fmt: skip
    versions.register(db, "v3", path="v3", files={}, parent=None, night=None, now=now)
    return first, second


def traced(db: Database, kind: Forgettable, name: str) -> Trace:
    with db.reading() as connection:
        return traces.trace(connection, kind, name)


def test_a_file_goes_with_what_was_made_of_its_functions(db: Database, now: datetime) -> None:
    asked = Task(
        "f" * 64,
        "ours/src/mine.rs#Plan::next dropped_borrow 1f",
        "fn next() {}",
        base="crate:ours/src/mine.rs#Plan::next",
    )
    near = Task("g" * 64, "ours/src/mine.rst", "fn next() {}")
    for task in (asked, near):
        episodes.record(db, Episode(task, ONE, (LoggedAttempt("pass", True),), "m"), now=now)
    night = nights.begin(db, date(2031, 3, 4), seed=0, now=now)
    forged = [
        Lesson(f"p{i}", "a", ONE, Provenance.FORGED, program=of)
        for i, of in enumerate((asked.base, f"crate:{near.name}#f"))
    ]
    lessons.write(db, night.id, forged, now=now)
    for name in ("ours/src/mine.rs", "ours/src", "ours"):
        found = traced(db, Forgettable.PATH, name)
        assert [task.name for task in found.tasks] == [asked.name, near.name][: 2 if name != "ours/src/mine.rs" else 1]
        assert found.lessons == len(found.tasks) and dict(found.learnt) == {night.id: (ONE,)}


def test_versions_learnt_from_it_by_their_night_or_their_ancestry(db: Database, now: datetime) -> None:
    first, second = lived(db, now)
    assert dict(traced(db, Forgettable.EPISODE, str(first)).tainted) == {"v1": (ONE,), "v2": (ONE,)}
    assert dict(traced(db, Forgettable.EPISODE, str(second)).tainted) == {"v2": (TWO,)}
    assert dict(traced(db, Forgettable.PATTERN, TWO).tainted) == {"v2": (TWO,)}
    assert set(traced(db, Forgettable.PATH, "ours").tainted) == {"v1", "v2"}
    assert traced(db, Forgettable.PATH, "our").found is False  # a folder is named whole


def test_a_pattern_takes_the_coarser_scopes_with_it_that_were_taught_with_its_code(db: Database, now: datetime) -> None:
    lived(db, now)
    night = nights.begin(db, date(2031, 3, 9), seed=0, now=now)
    coarse = [Lesson("p", "a", scope, Provenance.FORGED) for scope in ("E0382", "E0277", "all")]
    lessons.write(db, night.id, coarse, now=now)
    versions.register(db, "v4", path="v4", files={}, parent="v3", night=night.id, now=now)
    found = traced(db, Forgettable.PATTERN, ONE)
    assert found.learnt[night.id] == ("E0382", "all") and "v4" in found.tainted
    with db.writing() as connection:
        forget.erase(connection, found)
    assert [item.signature for item in lessons.read(db, night.id)] == ["E0277"]


def test_what_may_have_been_learnt_further_from_a_coarser_pattern_goes_with_it(db: Database, now: datetime) -> None:
    first, _ = lived(db, now)
    night = nights.begin(db, date(2031, 3, 9), seed=0, now=now)
    lessons.write(db, night.id, [Lesson("p", "a", "all", Provenance.OWN, MINE.digest, first)], now=now)
    made = {"v4": ("v2", ["all", TWO]), "v5": ("v4", ["all", TWO, "E0277"]), "v6": ("v3", [TWO])}
    for day, (version, (parent, scopes)) in enumerate(made.items(), start=4):
        versions.register(
            db, version, path=version, files={}, parent=parent, night=night.id if version == "v4" else None,
            routes=[Route(name, name, 5, 0, 9, 0.03, True) for name in scopes], now=now + timedelta(days=day),
        )  # fmt: skip
    found = traced(db, Forgettable.EPISODE, str(first)).tainted
    assert found["v4"] == (ONE, "all") and found["v5"] == tuple(sorted((ONE, "all", TWO, "E0277")))
    assert "v6" not in found


def test_erasing_takes_the_rows_and_leaves_the_other_task(db: Database, now: datetime) -> None:
    lived(db, now)
    with db.writing() as connection:
        forget.erase(connection, traces.trace(connection, Forgettable.PATH, MINE.name))
    assert find(db, MINE.digest) == [] and find(db, OTHER.digest) == [OTHER]
    assert [item.episode.task for item in episodes.latest(db)] == [OTHER]
    assert lessons.read(db, 1) == [] and len(lessons.read(db, 2)) == 1
    assert {item.signature: (item.state, item.episodes) for item in overview(db)} == {
        ONE: (PatternState.FAILING, 0),
        TWO: (PatternState.SEEN, 1),
    }
    assert traced(db, Forgettable.PATH, MINE.name).found is False
    forget.settle(db)


def test_withdrawn_versions_leave_the_base_in_one_step(db: Database, now: datetime) -> None:
    lived(db, now)
    versions.rollback(db, "v1", reason="x", now=now)
    versions.rollback(db, "v2", reason="x", now=now)
    versions.withdraw(db, ["v2"], reason="x", now=now)
    assert versions.pointed(db) == {Alias.CHAMPION: None, Alias.PREVIOUS: "v1"}
    assert [item.id for item in versions.recent(db) if item.removed] == ["v2"]
    assert versions.promoted(db) == ["v2", "v1"] and active(db) == {"v1": 1, "v2": 1}
    assert [item.id for item in versions.lineage(db, "v2")] == ["v2", "v1"]


def test_a_name_becomes_a_placeholder_only_where_it_stands_for_itself(db: Database, now: datetime) -> None:
    lived(db, now)
    kept = {
        "pairs": [{"task": "a.rs"}, {"task": "a.rs.old"}],
        "changed": {"a.rs": {"after": "+ secret"}, "b.rs": {"after": "+ b"}},
        "a.rs": 1,
        "reasons": ["a.rs lost", "the route for a.rs: dropped", "data.rs is another"],
    }
    stages.start(db, 1, "examine", ordinal=0, inputs_hash="0" * 64, now=now)
    stages.finish(db, 1, "examine", kept, now=now)
    nights.decide(db, 1, "promote", ["a.rs lost"])
    state.put(db, "crate:x", {"files": ["a.rs"]}, now=now)
    with db.writing() as connection:
        assert scrub.rows(connection, Scrub({"a.rs": "gone"}, {"a.rs"})) == {1}
    found = stages.read(db, 1, "examine")
    assert found is not None and found.artefact == {
        "pairs": [{"task": "gone"}, {"task": "a.rs.old"}],
        "changed": {"b.rs": {"after": "+ b"}},
        "gone": 1,
        "reasons": ["gone lost", "the route for gone: dropped", "data.rs is another"],
    }
    assert "a.rs" not in json.dumps(state.get(db, "crate:x").value)  # type: ignore[union-attr]
    night = nights.read(db, date(2031, 3, 4))
    assert night is not None and night.decision_reasons == ("gone lost",)


def test_verdicts_that_quote_the_text_are_dropped(db: Database, now: datetime) -> None:
    quoting = {
        "margin": {"diagnostics": [{"rendered": "error\n  |\n12 |     let secret_plan = vec![1];\n"}]},
        "span": {"diagnostics": [{"spans": [{"text": "    let secret_plan = &v;"}]}]},
        "test": {"tests": [["tests::plans_work", True]]},
        "other": {"diagnostics": [{"rendered": "1 | let other = 1;"}], "tests": [["it_works", True]]},
    }
    for i, verdict in enumerate(quoting.values()):
        verdict_cache.put(db, str(i) * 64, "FAIL", verdict, now=now)
    with db.writing() as connection:
        assert scrub.judged(connection, [MINE.broken, MINE.fixed, MINE.tests]) == 3
    assert [verdict_cache.get(db, str(i) * 64) is not None for i in range(4)] == [False, False, False, True]


def test_a_night_begun_anew_has_neither_stages_nor_lessons(db: Database, now: datetime) -> None:
    lived(db, now)
    stages.start(db, 2, "collect", ordinal=0, inputs_hash="0" * 64, now=now)
    with db.writing() as connection:
        scrub.restart(connection, [2])
    assert stages.of_night(db, 2) == [] and lessons.read(db, 2) == [] and len(lessons.read(db, 1)) == 1


def test_old_answers_go_and_the_rest_of_the_stage_stays(db: Database, now: datetime) -> None:
    lived(db, now)
    exams.record(db, 1, [Result(MINE, ONE, Who.BASELINE, 1, None, True, "pass")], now=now)
    stages.start(db, 1, "examine", ordinal=0, inputs_hash="0" * 64, now=now)
    stages.finish(db, 1, "examine", {"changed": {"a": {}, "b": {}}, "pairs": [1]}, now=now)
    assert retention.answers(db, [1, 2]) == 3
    retention.drop_answers(db, [1, 2])
    found = stages.read(db, 1, "examine")
    assert found is not None and found.artefact == {"changed": {}, "pairs": [1]}
    assert retention.answers(db, [1, 2]) == 0 and exams.read(db, 1) == []
