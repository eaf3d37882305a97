"""The table of strategies, for people: Markdown, a chart, JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sleepy.daemon.lab.experiment.sitting import Row
from sleepy.daemon.report import plots
from sleepy.daemon.report.plots import Change
from sleepy.daemon.stats.intervals import wilson

_NAMED = 3  # lost tasks named in the table; all are in the JSON


def markdown(rows: Sequence[Row], base: str) -> str:
    """One line a strategy, against the base's own row."""
    first = next((row.passed for row in rows if row.name == "baseline"), None)
    out = [
        f"| strategy (base: {base}) | passed, 95 % interval | vs base | fixed | lost | trained numbers | KL to base | training s | exam s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        low, high = wilson(row.passed, row.n)
        change = "" if first is None else f"{row.passed - first:+d}"
        lost = str(len(row.lost))
        if row.lost:
            more = ", ..." if len(row.lost) > _NAMED else ""
            lost += f" ({', '.join(row.lost[:_NAMED])}{more})"
        rate = f"{row.passed} of {row.n}, {100 * low:.0f}-{100 * high:.0f} %"
        kl = "another model" if row.kl is None else f"{row.kl:.3f}" if row.kl else "0"
        out.append(
            f"| {row.title} | {rate} | {change} | {len(row.fixed)} | {lost} | {row.trained:,} | {kl} "
            f"| {row.training_seconds:.0f} | {row.exam_seconds:.0f} |"
        )
    return "\n".join(out) + "\n"


def chart(rows: Sequence[Row]) -> str:
    """Each strategy beside the base, with intervals, as SVG."""
    first = next((row.passed for row in rows if row.name == "baseline"), 0)
    return plots.changes(
        "Pass rates of the strategies", [Change(row.title, row.n, first, row.passed) for row in rows]
    )  # fmt: skip


def line(rows: Sequence[Row]) -> str:
    """All rows as one line of JSON, each with its interval."""
    told: list[dict[str, Any]] = []
    for row in rows:
        low, high = wilson(row.passed, row.n)
        told.append({**row.data(), "interval": [round(low, 4), round(high, 4)]})
    return json.dumps({"strategies": told}, ensure_ascii=False)
