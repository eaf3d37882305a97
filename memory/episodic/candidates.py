"""Candidates: trained patterns whose routes do not serve yet, with the evidence of every night they were asked in.

A candidate's number is that of its test in the home's whole life. The level of a test depends on it and on how many
were proven before, so a number is never given twice: no row is ever removed. Forgetting takes out what it names and
drops the candidate; its number stays spent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from sleepy.memory.episodic import patterns as pattern_counts
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.engine import upsert
from sleepy.memory.episodic.tables import candidate_evidence, candidates, patterns


class CandidateState(StrEnum):
    OPEN = "open"  # its test goes on
    PROVEN = "proven"  # it beat the base, and its route was promoted
    FUTILE = "futile"  # it gains too little to be asked on
    DROPPED = "dropped"  # given up for another reason: the exam, its files are gone, what it learnt was forgotten


class Counted(Protocol):
    """Results on fresh koans, in whatever form the gate has them."""

    @property
    def wins(self) -> int: ...
    @property
    def losses(self) -> int: ...
    @property
    def asked(self) -> int: ...
    @property
    def passed(self) -> int: ...


class Counts(NamedTuple):
    """Koans: passed by the candidate alone, by the base alone, asked in all, passed by the base."""

    wins: int = 0
    losses: int = 0
    asked: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class KeptCandidate:
    """`folder`, relative to the home, holds its adapter; empty where that was forgotten, as is then `scope`.

    `night` is the row id of the night it was begun in, `nights` night's row id -> what that night found. `proven` is
    when it was proven, also of one that was dropped since.
    """

    number: int
    scope: str
    base: str
    folder: str
    adapter_hash: str
    night: int
    state: CandidateState
    evidence: Counts
    nights: dict[int, Counts]
    proven: datetime | None
    updated: datetime

    def evidence_before(self, night: int) -> Counts:
        """The evidence of all nights but this one."""
        return _total(item for number, item in self.nights.items() if number != night)


class CandidateError(Exception):
    """A test that is over cannot go on, nor end otherwise."""


def begin(
    db: Database, night: int, scope: str, *, base: str, folder: str, now: datetime, adapter_hash: str = ""
) -> int:
    """Begins a candidate's test and returns its number, from 0.

    A night that is resumed gets the number that it began the same adapter with, if its test goes on. An open candidate
    of the same night, scope and base with another adapter is dropped: its files were written over.
    """
    with db.writing() as connection:
        pattern = pattern_counts.identify(connection, scope, now)
        mine = (
            candidates.c.night_id == night,
            candidates.c.pattern_id == pattern,
            candidates.c.base == base,
            candidates.c.state == CandidateState.OPEN.value,
        )
        query = select(candidates.c.number).where(*mine, candidates.c.adapter_hash == adapter_hash)
        known = connection.execute(query).scalar()
        if known is not None:
            return int(known)
        dropped = update(candidates).where(*mine)
        connection.execute(dropped.values(state=CandidateState.DROPPED.value, updated=now))
        number = int(connection.execute(select(func.coalesce(func.max(candidates.c.number), -1))).scalar_one()) + 1
        connection.execute(
            insert(candidates).values(
                number=number, pattern_id=pattern, base=base, folder=folder, adapter_hash=adapter_hash, night_id=night,
                state=CandidateState.OPEN.value, **Counts()._asdict(), updated=now,
            )
        )  # fmt: skip
        return number


def record(db: Database, number: int, night: int, found: Counted, *, now: datetime) -> KeptCandidate:
    """Records all that a night has found so far, and returns the candidate with its evidence summed.

    Results that stand are not taken back: of one night, no more koans than are recorded change nothing, and neither
    does anything once the test is over. `KeyError` if there is no such candidate.
    """
    here = candidate_evidence.c.number == number, candidate_evidence.c.night_id == night
    with db.writing() as connection:
        known = _read(connection, number)
        stands = known.nights.get(night)
        if known.state is not CandidateState.OPEN or (stands is not None and found.asked <= stands.asked):
            return known
        counts = {name: getattr(found, name) for name in Counts._fields}
        connection.execute(
            upsert(connection, candidate_evidence)
            .values(number=number, night_id=night, **counts)
            .on_conflict_do_nothing(index_elements=["number", "night_id"])
        )
        connection.execute(update(candidate_evidence).where(*here).values(**counts))
        total = _total([Counts(**counts), known.evidence_before(night)])
        connection.execute(
            update(candidates).where(candidates.c.number == number).values(**total._asdict(), updated=now)
        )
        return _read(connection, number)


def settle(db: Database, number: int, state: CandidateState, *, now: datetime) -> None:
    """Ends a candidate's test; one that was proven can still be dropped. Doing it again changes nothing.

    `KeyError` if there is no such candidate, `CandidateError` if its test ended otherwise.
    """
    with db.writing() as connection:
        known = _read(connection, number)
        if known.state is state:
            return
        dropped = known.state is CandidateState.PROVEN and state is CandidateState.DROPPED
        if known.state is not CandidateState.OPEN and not dropped:
            raise CandidateError(f"candidate {number} is {known.state}: it cannot become {state}")
        values: dict[str, object] = {"state": state.value, "updated": now}
        if state is CandidateState.PROVEN:
            values["proven"] = now
        connection.execute(update(candidates).where(candidates.c.number == number).values(**values))


def read(db: Database, number: int) -> KeptCandidate:
    """The candidate with this number; `KeyError` if there is none."""
    with db.reading() as connection:
        return _read(connection, number)


def open_of(db: Database, base: str) -> list[KeptCandidate]:
    """The candidates for this base model whose tests go on, in order of beginning."""
    return [item for item in open_of_all(db) if item.base == base]


def open_of_all(db: Database) -> list[KeptCandidate]:
    """The same for all base models."""
    with db.reading() as connection:
        return _found(connection, candidates.c.state == CandidateState.OPEN.value)


def of_night(db: Database, night: int) -> list[KeptCandidate]:
    """The candidates that were begun or asked in this night, in order of beginning."""
    asked = select(candidate_evidence.c.number).where(candidate_evidence.c.night_id == night)
    with db.reading() as connection:
        return _found(connection, or_(candidates.c.night_id == night, candidates.c.number.in_(asked)))


def begun(db: Database) -> int:
    """How many tests were begun in the home's life, for all base models together."""
    return _count(db, candidates.c.number >= 0)


def promoted(db: Database) -> int:
    """How many of them were proven, those included that were dropped since."""
    return _count(db, candidates.c.proven.is_not(None))


def forget(connection: Connection, learnt: Mapping[int, Collection[str]], scope: str | None = None) -> None:
    """Drops what learnt from something that is forgotten, in the caller's transaction, and names its folder no more.

    `learnt`: night's row id -> the scopes that it taught with it; `scope`: one that is itself forgotten. A scope's name
    goes with its pattern's row.
    """
    named = select(patterns.c.id)
    mine: list[ColumnElement[bool]] = [
        (candidates.c.night_id == night) & candidates.c.pattern_id.in_(named.where(patterns.c.signature.in_(scopes)))
        for night, scopes in learnt.items()
    ]
    mine.append(candidates.c.pattern_id.in_(named.where(patterns.c.signature == scope)))
    for which in mine:
        connection.execute(update(candidates).where(which).values(folder=""))
        going = update(candidates).where(which, candidates.c.state == CandidateState.OPEN.value)
        connection.execute(going.values(state=CandidateState.DROPPED.value))


def carried(connection: Connection, night: int, scopes: Collection[str]) -> dict[int, set[str]]:
    """Night's row id -> which of these scopes' candidates, begun in `night`, it had among its own."""
    query = (
        select(candidate_evidence.c.night_id, patterns.c.signature)
        .join(candidates, candidates.c.number == candidate_evidence.c.number)
        .join(patterns, patterns.c.id == candidates.c.pattern_id)
        .where(candidates.c.night_id == night, patterns.c.signature.in_(scopes))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for other, scope in connection.execute(query):
        found[other].add(scope)
    return found


def _count(db: Database, which: ColumnElement[bool]) -> int:
    with db.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(candidates).where(which)).scalar_one())


def _read(connection: Connection, number: int) -> KeptCandidate:
    found = _found(connection, candidates.c.number == number)
    if not found:
        raise KeyError(number)
    return found[0]


def _found(connection: Connection, *which: ColumnElement[bool]) -> list[KeptCandidate]:
    query = (
        select(candidates, patterns.c.signature)
        .outerjoin(patterns, patterns.c.id == candidates.c.pattern_id)
        .where(*which)
        .order_by(candidates.c.number)
    )
    rows = connection.execute(query).all()
    nights: dict[int, dict[int, Counts]] = {row.number: {} for row in rows}
    of_these = select(candidates.c.number).where(*which)
    evidence = select(candidate_evidence).where(candidate_evidence.c.number.in_(of_these))
    for row in connection.execute(evidence.order_by(candidate_evidence.c.night_id)):
        nights[row.number][row.night_id] = Counts(row.wins, row.losses, row.asked, row.passed)
    return [
        KeptCandidate(
            row.number, row.signature or "", row.base, row.folder, row.adapter_hash, row.night_id,
            CandidateState(row.state), Counts(row.wins, row.losses, row.asked, row.passed), nights[row.number],
            row.proven, row.updated,
        )
        for row in rows
    ]  # fmt: skip


def _total(some: Iterable[Counts]) -> Counts:
    return Counts(*(sum(column) for column in zip(Counts(), *some, strict=True)))
