"""A home with a memory: three patterns learnt in two nights, from episodes that can be asked for and forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.daemon.evidence import evidence, put
from tests.memory.subspaces import adapter

from sleepy.daemon.base.home import Home
from sleepy.daemon.gate.gate import Trial
from sleepy.daemon.gate.reasons import Sentence
from sleepy.daemon.report import report as reports
from sleepy.daemon.serve import serve
from sleepy.daemon.stages.stages import Answers, HeldOut
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes, lessons, nights, verdict_cache, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode, LoggedAttempt
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.tasks import Task, TaskKind
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.subspace import Rule, Subspace

FIRST, SECOND = date(2026, 11, 23), date(2026, 11, 24)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MOVED, BOUND, FIELD = "E0382:borrow of moved value: `_`@fn", "E0277:Hash@struct", "E0063:missing zebra_field@fn"
SECRET = "zebra_ledger"  # stands in one task alone
PATH = "ours/src/zebra.rs"
LEARNT = {MOVED: adapter(1), BOUND: adapter(2), FIELD: adapter(3)}


def program(word: str) -> str:
    return f"pub fn {word}(items: Vec<u32>) -> usize {{\n    let {word}_kept = items;\n    {word}_kept.len()\n}}\n"


def task(name: str, word: str, kind: TaskKind = TaskKind.KOAN) -> Task:
    broken = program(word).replace("usize", "u8")
    return Task(f"{word:0<64}", name, broken, program(word), f"#[test] fn {word}_works() {{}}\n", kind, "items", word)


TASKS = {
    PATH: task(PATH, SECRET, TaskKind.CRATE),
    "bound_1": task("bound_1", "heron"),
    "field_1": task("field_1", "otter"),
}


def told(home: Home) -> dict[str, int]:
    """Lives two days and nights; returns the episodes' numbers by task (of `bound_1` the first of two)."""
    home.make()
    with Database.open(home.database) as db:
        numbers = {name: _episode(db, name, signature) for name, signature in zip(TASKS, LEARNT, strict=True)}
        _episode(db, "bound_1", BOUND)
        lines = TASKS[PATH].broken.splitlines()
        verdict_cache.put(db, "a" * 64, "COMPILE_ERROR", _verdict(f"1 | {lines[0]}"), now=NOW)
        verdict_cache.put(db, "b" * 64, "COMPILE_ERROR", _verdict("1 | fn unrelated() -> u8 {"), now=NOW)
        first = _night(db, home, FIRST, None, [
            _own(numbers, PATH, MOVED), _own(numbers, "bound_1", BOUND),
            Lesson("forged", "answer", MOVED, Provenance.FORGED),
        ], (MOVED, BOUND))  # fmt: skip
        _night(db, home, SECOND, first, [
            Lesson("reference", TASKS["field_1"].fixed, FIELD, Provenance.REFERENCE, TASKS["field_1"].digest),
            _own(numbers, "bound_1", FIELD, Provenance.REPLAY),
        ], (MOVED, BOUND, FIELD))  # fmt: skip
    return numbers


def _episode(db: Database, name: str, signature: str) -> int:
    item = TASKS[name]
    tried = LoggedAttempt("pass", True, f"repair {item.broken}", f"use {item.base}", item.fixed, route=signature)
    return episodes.record(db, Episode(item, signature, (tried,), "built-in"), now=NOW - timedelta(days=3))


def _own(numbers: dict[str, int], name: str, signature: str, kind: Provenance = Provenance.OWN) -> Lesson:
    item = TASKS[name]
    return Lesson(f"repair {item.broken}", f"use {item.base}", signature, kind, item.digest, numbers[name])


def _verdict(rendered: str) -> dict[str, Any]:
    return {"outcome": "COMPILE_ERROR", "diagnostics": [{"rendered": rendered, "spans": []}], "tests": []}


def _night(
    db: Database, home: Home, day: date, champion: str | None, taught: list[Lesson], learnt: tuple[str, ...]
) -> str:
    """A night that promoted what it learnt; returns the version."""
    now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    night = nights.begin(db, day, seed=1, now=now)
    lessons.write(db, night.id, taught, now=now)
    made = evidence(patterns=2, layers=1, past=1).made
    shown = Answers("", f"@@ -1 +1 @@\n+{TASKS[PATH].fixed.splitlines()[0]}")
    told = Sentence(f"the route for {FIELD} won"), Sentence(f"{PATH} is repaired now")
    made = replace(
        made,
        collected=replace(made.collected, champion=champion),
        examined=replace(
            made.examined,
            changed={PATH: shown, **made.examined.changed},
            held_out={**made.examined.held_out, FIELD: _trial()},
        ),
        decided=replace(made.decided, gained=(PATH, *made.decided.gained), reasons=told),
    )
    put(db, night.id, made, now=now)
    folder = home.nights / day.isoformat()
    (folder / "adapters" / "0123.lora").mkdir(parents=True)
    (folder / "adapters" / "0123.lora" / "adapter_model.safetensors").write_bytes(SECRET.encode())
    koans = [Koan("held_1", "items", "", program("held").replace("usize", "u8"), program("held"), "", origin="forge:x"),
             Koan(PATH, "items", "", TASKS[PATH].broken, TASKS[PATH].fixed, "", origin="own")]  # fmt: skip
    rows = [json.dumps({"signature": FIELD if koan.id == "held_1" else MOVED, "koan": asdict(koan)}) for koan in koans]
    (folder / "held_out.jsonl").write_text("\n".join([*rows, ""]))
    subspace, _ = Subspace.found({name: LEARNT[name] for name in learnt}, Rule(threshold=1.0))
    router = Router({name: name for name in learnt}, {MOVED: 0.2})
    version, path, files = serve.write(home, subspace, router, base="built-in")
    routes = serve.rows(router, [Route(name, name, 9, 1, 20, 0.01, active=True) for name in learnt])
    versions.register(
        db, version, path=str(path), files=files, parent=champion, night=night.id, routes=routes, note="built-in",
        now=now,
    )  # fmt: skip
    versions.promote(db, version, night=night.id, reasons=[item.text for item in told], now=now)
    markdown, _ = reports.write_both(home.reports, reports.gather(db, night, made))
    nights.finish(db, night.id, report=str(markdown.relative_to(home.root)), now=now)
    return version


def _trial() -> HeldOut:
    return HeldOut(Trial(FIELD, 20, 2, 12, 11, 1, 0.003, 0.2, 0.8), earns=True)


def holding(home: Home, word: str) -> list[str]:
    """The files of a home that hold the word, the database and its log among them."""
    return sorted(
        str(path.relative_to(home.root))
        for path in home.root.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    )


def snapshot(home: Home) -> dict[str, bytes]:
    return {str(path.relative_to(home.root)): path.read_bytes() for path in _files(home) if path.name != "sleepy.lock"}


def _files(home: Home) -> list[Path]:
    return [path for path in sorted(home.root.rglob("*")) if path.is_file()]
