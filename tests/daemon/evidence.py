"""Nights to tell of: one with everything, hostile names included, and one that had nothing to learn."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sleepy.daemon.base.diff import unified
from sleepy.daemon.report.evidence import Evidence, Past
from sleepy.memory.episodic.nights import Night, NightState
from sleepy.memory.episodic.patterns import Tally
from sleepy.memory.episodic.recall import Repair
from sleepy.memory.episodic.stages import Stage, StageState

NIGHT = date(2026, 11, 24)
BEGAN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"E0308:`a|b`\"'&amp;{SCRIPT}<img src=x onerror=alert(1)>@fn"
LOST = f"lost-{SCRIPT}](javascript:alert(1))"


def evidence(patterns: int = 6, layers: int = 4, past: int = 5) -> Evidence:
    """A night that has everything to tell: gains, a loss, hostile names, a memory, earlier nights."""
    names = [HOSTILE, *(f"E{308 + i:04d}:mismatched types, expected `_` number {i}@fn" for i in range(1, patterns))]
    pairs = [
        {"task": f"{name[:5]}-{i:02d}", "baseline": i % 3 > 0, "challenger": i % 3 > 0 or i % 2 == 0,
         "signature": name, "route": name if i % 2 else None}
        for name in names
        for i in range(7)
    ]  # fmt: skip
    pairs += [
        {
            "task": f"kept-{i}",
            "baseline": i % 2 == 0,
            "challenger": i % 2 == 0,
            "signature": f"E9{i % 9}",
            "route": None,
        }
        for i in range(90)
    ]
    pairs.append({"task": LOST, "baseline": True, "challenger": False, "signature": HOSTILE, "route": HOSTILE})
    gained = [pair["task"] for pair in pairs if pair["challenger"] and not pair["baseline"]]
    held_out = {
        name: {"n": 20, "baseline": i % 5, "challenger": 12 + i % 8, "wins": 12, "losses": 1, "p": 0.001, "low": 0.3,
               "high": 0.8, "kl": 0.5 * i, "earns": i % 2 == 0}
        for i, name in enumerate(names)
    }  # fmt: skip
    kinds = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
             "mlp.up_proj", "mlp.down_proj")  # fmt: skip
    sides = [
        [f"model.layers.{layer}.{kind}", side, 8 + layer % 5, 0.9 + 0.1 * math.cos(layer) ** 2]
        for layer in range(layers)
        for kind in kinds
        for side in "ba"
    ]
    grid = [[1.0 if i == j else round(math.sin(i + j) / 2, 4) for j in range(patterns)] for i in range(patterns)]
    shared = [[abs(value) for value in row] for row in grid]
    consolidated = {
        "subspace": "0" * 16, "patterns": names, "k": [8, 12], "refused": {HOSTILE: f"too wide {SCRIPT}"},
        "damage": {name: i / 50 for i, name in enumerate(names)},
        "memory": {
            "sides": sides, "numbers": {"bases": 500_000, "coefficients": 100_000, "lora": 1_000_000}, "aligned": grid,
            "outputs": {"shared": shared, "chance": 0.2}, "inputs": {"shared": shared, "chance": 0.3},
        },
    }  # fmt: skip
    diff = unified(f"fn a() {{\n```\n    b(); // {SCRIPT}\n}}\n", "fn a() {\n```\n    c(); // ```\n}\n")
    made: dict[str, Any] = {
        "collect": {"champion": None, "exam": "ab" * 32, "model": "novice", "rates": {}, "repaired": {HOSTILE: 2}},
        "diagnose": {"failing": [], "resting": {HOSTILE + "?": "tried on 3 nights"}, "mastered": []},
        "curate": {
            "replayed": {names[0]: {names[0]: 3, HOSTILE: 4}}, "patterns": names, "lessons": {name: {"forged": 100, "own": 3} for name in names},
            "too_few": {HOSTILE + "!": "0 lessons"},
        },
        "train": [
            {"signature": name, "way": "coefficients", "seconds": 71.5, "examples": 103, "exact": 0.75,
             "curve": [[step, 3 * 0.98**step, 1 - 0.97**step] for step in range(0, 161, 20)]}
            for name in names
        ],
        "consolidate": consolidated,
        "examine": {
            "own": [{"task": f"mine-{SCRIPT}", "baseline": True, "challenger": False, "signature": HOSTILE, "route": None}],
            "stopped": [HOSTILE], "routes": {name: name for name in names}, "reach": {}, "held_out": held_out, "pairs": pairs,
            "near": {HOSTILE: {"radius": None, "tried": 4, "wins": 1, "losses": 1}}, "exam": "ab" * 32,
            "changed": {name: {"before": diff, "after": diff} for name in [LOST, *gained]},
        },
        "decide": {
            "decision": "reject", "reasons": [f"lost 1 of 99 tasks the champion passes: {LOST}"], "tasks": len(pairs),
            "baseline": sum(pair["baseline"] for pair in pairs), "challenger": sum(p["challenger"] for p in pairs),
            "gained": gained, "lost": [LOST], "p_value": 0.0123, "level": 0.025, "unseen_loss": 0.0321,
            "unseen_regression": 0.0654, "routes": {}, "reach": {}, "dropped": [],
        },
        "promote": {"version": None},
    }  # fmt: skip
    timed = {
        name: Stage(
            1, name, i, StageState.DONE, BEGAN, BEGAN + timedelta(seconds=7**i % 311), "", None, None, "peak 812 MiB"
        )
        for i, name in enumerate(made)
    }
    earlier = [
        Past(NIGHT - timedelta(days=past - i), "promote", 500, 270 + i, 280 + i,
             {**consolidated, "patterns": names[: 1 + i], "k": [2 + i, 5 + 2 * i]})
        for i in range(past)
    ]  # fmt: skip
    tonight = Past(NIGHT, "reject", 500, 280, 285, consolidated)
    rungs = {"model": Tally(280, 150, 612.5, 123456), f"hints{SCRIPT}": Tally(4, 0, 1.0, 10)}
    repair = Repair(HOSTILE, f"shop/src/{SCRIPT}.rs", f"a(); // {SCRIPT}\n", "b(); // ```\n", BEGAN)
    return Evidence(night(), made, timed, (*earlier, tonight), rungs, (repair,))


def bare() -> Evidence:
    """A night that had nothing to learn."""
    made = {
        "collect": {"champion": "c" * 16, "rates": {}},
        "diagnose": {"failing": [], "mastered": []},
        "curate": {"patterns": [], "lessons": {}, "too_few": {}},
        "train": [],
        "consolidate": {"subspace": None, "refused": {}, "damage": {}, "patterns": []},
        "examine": {"routes": {}, "held_out": {}, "pairs": [], "exam": "ab"},
        "decide": {"decision": "inconclusive", "reasons": ["nothing was practised"], "routes": {}, "dropped": []},
        "promote": {"version": None},
    }
    return Evidence(night(), made)


def night() -> Night:
    return Night(1, NIGHT, NightState.RUNNING, 0, "", BEGAN, None, None, (), None, None, None, None, None)
