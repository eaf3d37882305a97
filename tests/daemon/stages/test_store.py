"""Stages as JSON: each is read back unchanged, and so is the JSON of earlier versions."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.daemon.evidence import bare, evidence, put

from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import (
    STAGES,
    Consolidated,
    Curated,
    Decided,
    Diagnosed,
    Examined,
    NightRecord,
    Reported,
    Rest,
    TooFew,
    Trained,
)
from sleepy.memory.episodic import nights
from sleepy.memory.episodic import stages as rows
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.parametric.router import Router

NOW = datetime(2031, 3, 4, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "sleepy.db")


@pytest.mark.parametrize("made", [evidence().made, bare().made], ids=["everything", "nothing"])
def test_every_stage_is_read_back_as_it_was(made: NightRecord) -> None:
    for field in fields(made):
        value = getattr(made, field.name)
        stored = json.loads(rows.canonical(store.encoded(value)))
        assert store.decoded(type(value), stored) == value
    reported = Reported("reports/a.md", "reports/a.html")
    assert store.decoded(Reported, store.encoded(reported)) == reported


def test_a_night_has_a_record_once_all_its_stages_but_the_report_are_done(db: Database) -> None:
    night = nights.begin(db, NOW.date(), seed=1, now=NOW).id
    assert store.record(db, night) is None
    made = evidence().made
    put(db, night, made, now=NOW)
    assert store.record(db, night) == made
    assert store.read(db, night, Curated) == made.curated
    assert store.read(db, night, Reported) is None
    rows.start(db, night, "examine", ordinal=5, inputs_hash="", now=NOW)
    assert store.record(db, night) is None and store.read(db, night, Examined) is None


def test_a_record_that_cannot_be_read_is_a_database_error_that_names_the_stage(db: Database) -> None:
    night = nights.begin(db, NOW.date(), seed=1, now=NOW).id
    put(db, night, bare().made, now=NOW)
    rows.start(db, night, "decide", ordinal=6, inputs_hash="", now=NOW)
    rows.finish(db, night, "decide", {"decision": "perhaps", "reasons": []}, now=NOW)
    with pytest.raises(DatabaseError, match="stage decide"):
        store.read(db, night, Decided)


def test_a_stage_goes_by_the_name_that_it_is_stored_under() -> None:
    assert list(STAGES) == [
        "collect", "diagnose", "curate", "train", "consolidate", "examine", "decide", "promote", "report"
    ]  # fmt: skip
    assert {store.NAMES[kind]: kind for kind in STAGES.values()} == dict(STAGES)


# What the first version wrote


def test_adapters_in_a_plain_list_are_read() -> None:
    whole = store.encoded(evidence().made.trained)
    assert store.decoded(Trained, whole["patterns"]) == evidence().made.trained


def test_serving_coefficients_that_stand_aside_are_found_by_the_name_they_were_given() -> None:
    found = store.decoded(Consolidated, {"subspace": "0", "patterns": ["a (as it serves)", "a", "b"]})
    assert found.aside == {"a": "a (as it serves)"}
    assert store.decoded(Consolidated, store.encoded(replace(found, aside={}))).aside == {}


def test_routes_and_radii_side_by_side_are_read() -> None:
    found = store.decoded(
        Decided, {"decision": "promote", "reasons": ["won"], "routes": {"a": "a"}, "reach": {"a": 0.2}}
    )
    assert found.routes == Router({"a": "a"}, {"a": 0.2})
    assert [str(reason) for reason in found.reasons] == ["won"]


def test_sentences_stay_sentences() -> None:
    assert store.decoded(Diagnosed, {"failing": [], "resting": {"a": "tried on 3 nights"}}).resting == {
        "a": "tried on 3 nights"
    }
    assert store.decoded(Curated, {"too_few": {"a": "3 lessons", "b": {"lessons": 1, "held_out": 2}}}).too_few == {
        "a": "3 lessons",
        "b": TooFew(1, 2),
    }
    assert store.decoded(Diagnosed, {"resting": {"a": {"nights": 3, "more": 2}}}).resting == {"a": Rest(3, 2)}


def test_what_was_lacking_is_read_back_as_it_was() -> None:
    made = Curated(too_few={"a": TooFew(0, 0, True, None, 1, 0), "b": TooFew(3, 2, False, 4)}, own_code={"c": 3})
    assert store.decoded(Curated, store.encoded(made)) == made


def test_an_exam_that_an_earlier_version_sat_is_not_gone_on_from() -> None:
    pairs = [{"task": "a", "baseline": True, "challenger": True}]
    assert not store.decoded(
        Examined, {"exam": "ab", "pairs": pairs, "routes": {}, "reach": {}, "sat": "whole"}
    ).complete
    assert store.decoded(Examined, {"exam": "ab", "pairs": [], "routes": {}, "reach": {}, "sat": "not"}).complete
    assert evidence().made.examined.complete
