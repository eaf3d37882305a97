"""Two nights for reports: one with everything, hostile names included, and one that had nothing to learn."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

from sleepy.daemon.base.text import unified
from sleepy.daemon.gate.gate import Decision, Pair, Trial
from sleepy.daemon.gate.reasons import Lost, NoPractice, RouteWithdrawn
from sleepy.daemon.gate.sequential import TrialEvidence as Counts
from sleepy.daemon.gate.sequential import TrialState
from sleepy.daemon.report.evidence import Evidence, NightLine
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import (
    STAGES,
    Answers,
    Collected,
    Consolidated,
    Curated,
    Decided,
    Diagnosed,
    Examined,
    HeldOut,
    MemoryFigures,
    NightRecord,
    Promoted,
    Rest,
    Sat,
    SharedSpans,
    SideFigures,
    TooFew,
    Trained,
    TrainedPattern,
    Way,
)
from sleepy.memory.episodic import stages
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.recall import DeveloperRepair
from sleepy.memory.episodic.stages import Stage, StageState
from sleepy.memory.parametric.router import Router

NIGHT = date(2026, 11, 24)
BEGAN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"E0308:`a|b`\"'&amp;{SCRIPT}<img src=x onerror=alert(1)>@fn"
LOST = f"lost-{SCRIPT}](javascript:alert(1))"


def evidence(patterns: int = 6, layers: int = 4, past: int = 5) -> Evidence:
    """A night that has everything to tell: gains, a loss, hostile names, a memory, earlier nights."""
    names = [HOSTILE, *(f"E{308 + i:04d}:mismatched types, expected `_` number {i}@fn" for i in range(1, patterns))]
    pairs = [
        Pair(f"{name[:5]}-{i:02d}", i % 3 > 0, i % 3 > 0 or i % 2 == 0, name, name if i % 2 else None)
        for name in names
        for i in range(7)
    ]
    pairs += [Pair(f"kept-{i}", i % 2 == 0, i % 2 == 0, f"E9{i % 9}") for i in range(90)]
    pairs.append(Pair(LOST, True, False, HOSTILE, HOSTILE))
    gained = tuple(pair.task for pair in pairs if pair.challenger and not pair.baseline)
    held_out = {
        name: HeldOut(
            Trial(name, 20, i % 5, 12 + i % 8, 12, 1, 0.001, 0.3, 0.8, 0.5 * i), i % 2 == 0,
            (TrialState.PROVEN, TrialState.OPEN, TrialState.FUTILE)[i % 3], i, Counts(12 + i, 1, 40, 9), 8.5, (HOSTILE,) * (i % 2),
        )
        for i, name in enumerate(names)
    }  # fmt: skip
    kinds = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
             "mlp.up_proj", "mlp.down_proj")  # fmt: skip
    sides = tuple(
        SideFigures(f"model.layers.{layer}.{kind}", side, 8 + layer % 5, 0.9 + 0.1 * math.cos(layer) ** 2)
        for layer in range(layers)
        for kind in kinds
        for side in "ba"
    )
    grid = tuple(
        tuple(1.0 if i == j else round(math.sin(i + j) / 2, 4) for j in range(patterns)) for i in range(patterns)
    )
    shared = tuple(tuple(abs(value) for value in row) for row in grid)
    consolidated = Consolidated(
        "0" * 16,
        tuple(names),
        refused={HOSTILE: f"too wide {SCRIPT}"},
        damage={name: i / 50 for i, name in enumerate(names)},
        k=(8, 12),
        memory=MemoryFigures(
            sides,
            {"bases": 500_000, "coefficients": 100_000, "lora": 1_000_000},
            grid,
            SharedSpans(shared, 0.2),
            SharedSpans(shared, 0.3),
        ),
    )
    diff = unified(f"fn a() {{\n```\n    b(); // {SCRIPT}\n}}\n", "fn a() {\n```\n    c(); // ```\n}\n")
    made = NightRecord(
        Collected(None, "ab" * 32, "novice", repaired={HOSTILE: 2}),
        Diagnosed(resting={HOSTILE + "?": Rest(3, 2)}),
        Curated(
            tuple(names),
            {name: {"forged": 100, "own": 3} for name in names},
            {names[0]: {names[0]: 3, HOSTILE: 4}},
            too_few={HOSTILE + "!": TooFew(0, 3)},
        ),
        Trained(
            tuple(
                TrainedPattern(
                    name, Way.COEFFICIENTS, "0123.lora", 71.5, 103, 0.75,
                    tuple((step, 3 * 0.98**step, 1 - 0.97**step) for step in range(0, 161, 20)),
                )
                for name in names
            )
        ),
        consolidated,
        Examined(
            "ab" * 32,
            Sat.WHOLE,
            held_out,
            tuple(pairs),
            (Pair(f"mine-{SCRIPT}", True, False, HOSTILE),),
            {name: Answers(diff, diff) for name in [LOST, *gained]},
            Router({name: name for name in names}),
            Router(),
            withdrawn={"E0382": (HOSTILE,)},
        ),
        Decided(
            Decision.REJECT, (Lost(1, 99, (LOST,)), RouteWithdrawn("E0382", HOSTILE)), 0.01, kl_cap=5.0, tried=patterns,
            tasks=len(pairs), baseline=sum(pair.baseline for pair in pairs),
            challenger=sum(pair.challenger for pair in pairs), gained=gained, lost=(LOST,), log_e=12.34, needed=7.89,
            unseen_loss=0.0321, unseen_regression=0.0654,
        ),
        Promoted(),
    )  # fmt: skip
    timed = {
        name: Stage(
            1, name, i, StageState.DONE, BEGAN, BEGAN + timedelta(seconds=7**i % 311), "", None, None, "peak 812 MiB"
        )
        for i, name in enumerate(STAGES)
    }
    earlier = [
        NightLine(NIGHT - timedelta(days=past - i), "promote", 500, 270 + i, 280 + i,
                  replace(consolidated, patterns=tuple(names[: 1 + i]), k=(2 + i, 5 + 2 * i)))
        for i in range(past)
    ]  # fmt: skip
    tonight = NightLine(NIGHT, "reject", 500, 280, 285, consolidated)
    rungs = {"model": Tally(280, 150, 612.5, 123456), f"hints{SCRIPT}": Tally(4, 0, 1.0, 10)}
    repair = DeveloperRepair(HOSTILE, f"shop/src/{SCRIPT}.rs", f"a(); // {SCRIPT}\n", "b(); // ```\n", BEGAN)
    own = {"samples": 2 * patterns, f"hints{SCRIPT}": patterns}
    return Evidence(night(), made, timed, (*earlier, tonight), rungs, (repair,), own)


def bare() -> Evidence:
    """A night that had nothing to learn."""
    made = NightRecord(
        Collected("c" * 16), Diagnosed(), Curated(), Trained(), Consolidated(), Examined("ab"),
        Decided(Decision.INCONCLUSIVE, (NoPractice(),)), Promoted(),
    )  # fmt: skip
    return Evidence(night(), made)


def put(db: Database, night: int, made: NightRecord, *, now: datetime) -> None:
    """Stores what a night's stages left, each as done."""
    for field in fields(made):
        value = getattr(made, field.name)
        name = store.NAMES[type(value)]
        stages.start(db, night, name, ordinal=list(STAGES).index(name), inputs_hash="0" * 64, now=now)
        stages.finish(db, night, name, store.encoded(value), now=now)


def night() -> Night:
    return Night(1, NIGHT, NightState.RUNNING, 0, "", BEGAN, None, None, (), None, None, None, None, None)
