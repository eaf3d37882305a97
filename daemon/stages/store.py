"""Converts the stages' outputs to the JSON that the database keeps, and back. Nothing else does.

The JSON of earlier versions can be read too: `_upgraded` lists the differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, TypeVar

from cattrs import Converter

from sleepy.daemon.gate import reasons
from sleepy.daemon.gate.gate import Trial
from sleepy.daemon.gate.reasons import Reason
from sleepy.daemon.gate.sequential import TrialEvidence, TrialState
from sleepy.daemon.stages.stages import (
    STAGES,
    Collected,
    Consolidated,
    Curated,
    Decided,
    Diagnosed,
    Examined,
    HeldOut,
    NightRecord,
    Promoted,
    Rest,
    SideFigures,
    TooFew,
    Trained,
)
from sleepy.memory.episodic import stages as rows
from sleepy.memory.episodic.database import Database, DatabaseError

S = TypeVar("S")

NAMES: Mapping[type[Any], str] = {kind: name for name, kind in STAGES.items()}
_ASIDE = " (as it serves)"  # the suffix by which earlier versions marked the names of coefficients that were set aside


def encoded(value: Any) -> Any:
    """A stage's output as JSON."""
    return _converter().unstructure(value)


def decoded(kind: type[S], value: Any) -> S:
    """The stage's output from its stored JSON. `ValueError` if it cannot be read."""
    try:
        return _converter().structure(_upgraded(kind, value), kind)
    except Exception as error:  # cattrs raises groups of errors; one line is enough here
        raise ValueError(f"not a record of the stage {NAMES[kind]}: {error}") from error


def read(db: Database, night: int, kind: type[S]) -> S | None:
    """The output of the night's stage; None until it is done. `DatabaseError` if it cannot be read."""
    row = rows.read(db, night, NAMES[kind])
    return None if row is None or row.state is not rows.StageState.DONE else _decoded(db, kind, row)


def record(db: Database, night: int) -> NightRecord | None:
    """The outputs of all the night's stages; None unless all except the report are done."""
    done = {row.name: row for row in rows.of_night(db, night) if row.state is rows.StageState.DONE}
    if not set(STAGES) - {"report"} <= done.keys():
        return None

    def of(kind: type[S]) -> S:
        return _decoded(db, kind, done[NAMES[kind]])

    return NightRecord(
        of(Collected),
        of(Diagnosed),
        of(Curated),
        of(Trained),
        of(Consolidated),
        of(Examined),
        of(Decided),
        of(Promoted),
    )


def _decoded(db: Database, kind: type[S], row: rows.Stage) -> S:
    try:
        return decoded(kind, row.artefact)
    except ValueError as error:
        raise DatabaseError(
            f"{db.where}: night {row.night}: {error}",
            remedy="`sleepy doctor` checks the database; a newer version of sleepy may have written this",
        ) from error


def _upgraded(kind: type[Any], value: Any) -> Any:
    """The JSON as this version would have written it."""
    if kind is Trained and isinstance(value, list):
        return {"patterns": value}
    if kind is Consolidated and "aside" not in value:
        found = {name.removesuffix(_ASIDE): name for name in value.get("patterns", ()) if name.endswith(_ASIDE)}
        return {**value, "aside": found}
    if kind in (Examined, Decided) and "reach" in value:
        return {**value, "routes": {"accepted": value["routes"], "reach": value["reach"]}}
    return value


@lru_cache(maxsize=1)
def _converter() -> Converter:
    made = Converter()
    made.register_unstructure_hook(HeldOut, lambda item: _flat(made, item))
    made.register_structure_hook(HeldOut, lambda data, _: _trial(made, data))
    made.register_unstructure_hook(SideFigures, lambda item: [item.module, item.side, item.k, item.explained])
    made.register_structure_hook(SideFigures, lambda data, _: SideFigures(*data))
    made.register_unstructure_hook_func(lambda kind: kind == Reason, reasons.stored)
    made.register_structure_hook_func(lambda kind: kind == Reason, lambda data, _: reasons.read(data))
    _or_sentence(made, Rest)
    _or_sentence(made, TooFew)
    return made


_BESIDE = ("earns", "state", "number", "evidence", "needed", "withdrawn")  # the trial, in a stored `HeldOut`


def _flat(made: Converter, item: HeldOut) -> dict[str, Any]:
    return {**asdict(item.trial), **{name: made.unstructure(getattr(item, name)) for name in _BESIDE}}


def _trial(made: Converter, data: Mapping[str, Any]) -> HeldOut:
    beside = {name: data[name] for name in _BESIDE if name in data}
    kinds: dict[str, Any] = {"state": TrialState | None, "evidence": TrialEvidence, "withdrawn": tuple[str, ...]}
    for name in kinds.keys() & beside.keys():
        beside[name] = made.structure(beside[name], kinds[name])
    return HeldOut(made.structure(data, Trial), **beside)


def _or_sentence(made: Converter, kind: type[Any]) -> None:
    """Lets fields of this kind also hold the sentence that earlier versions wrote."""

    def structure(data: Any, _: Any) -> Any:
        return data if isinstance(data, str) else made.structure(data, kind)

    made.register_structure_hook_func(lambda wanted: wanted == kind | str, structure)
