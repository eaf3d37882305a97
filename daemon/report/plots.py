"""The report's charts, pure functions from numbers to SVG: the same numbers give the same bytes, none give no chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sleepy.daemon.report import svg
from sleepy.daemon.report.numbers import decimals
from sleepy.daemon.report.svg import AFTER, BEFORE, FAINT, GRID, LOST, PAPER, WIDTH
from sleepy.daemon.stats.intervals import wilson

_LETTERS = 38  # letters of a name above a row, in 11 px monospace, that fit beside its counts


@dataclass(frozen=True, slots=True)
class Change:
    """How many of n tasks passed before and after."""

    name: str
    n: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class TaskChange:
    """Whether a task passed before and after."""

    task: str
    before: bool
    after: bool


def changes(title: str, rows: Sequence[Change]) -> Markup:
    """Pass rates before (hollow) and after (filled), each with its 95 % interval (Wilson)."""
    if not rows:
        return Markup()
    left, right, top, step = 12.0, WIDTH - 12, 24.0, 44.0

    def x(share: float) -> float:
        return left + (right - left) * share

    bottom = top + step * len(rows)
    parts = [
        svg.label(x(tick / 4), bottom + 14, f"{25 * tick} %", anchor=("start", "middle", "end")[(tick > 0) + (tick > 3)],
                  fill=FAINT)
        for tick in range(5)
    ]  # fmt: skip
    parts += [
        svg.dot(left + 4, 10, fill=PAPER, stroke=BEFORE), svg.label(left + 12, 14, "before", fill=FAINT),
        svg.dot(left + 64, 10, fill=AFTER, stroke=AFTER), svg.label(left + 72, 14, "after", fill=FAINT),
        svg.label(right, 14, "passed, 95 % interval", anchor="end", fill=FAINT),
    ]  # fmt: skip
    for i, row in enumerate(rows):
        y = top + step * i
        parts += [svg.line(x(tick / 4), y + 19, x(tick / 4), y + 40) for tick in range(5)]
        counts = f"{row.before} → {row.after} of {row.n}"
        parts.append(svg.label(left, y + 14, svg.shortened(row.name, _LETTERS), mono=True, whole=row.name))
        parts.append(svg.label(right, y + 14, counts, anchor="end"))
        for passed, height, colour, fill in ((row.before, 24, BEFORE, PAPER), (row.after, 35, AFTER, AFTER)):
            low, high = wilson(passed, row.n)
            parts.append(svg.line(x(low), y + height, x(high), y + height, stroke=colour, width=2))
            parts.append(svg.dot(x(passed / row.n if row.n else 0.0), y + height, fill=fill, stroke=colour))
    said = "; ".join(f"{row.name}: {row.before} then {row.after} of {row.n}" for row in rows)
    return svg.chart(title, f"Passed before and after, one row per pattern. {said}.", bottom + 20, *parts)


def fates(title: str, rows: Sequence[tuple[str, Sequence[TaskChange]]]) -> Markup:
    """One square per task, grouped by pattern: filled if it passed before or after, marked if that changed."""
    if not rows:
        return Markup()
    left, cell, gap = 12.0, 10.0, 2.0
    across = int((WIDTH - 2 * left) // (cell + gap))
    y, parts = 18.0, _key(left)
    for name, tasks in rows:
        y += 18
        parts.append(svg.label(left, y, svg.shortened(name, _LETTERS), mono=True, whole=name))
        parts.append(svg.label(WIDTH - left, y, f"{len(tasks)} tasks" if len(tasks) != 1 else "1 task", anchor="end"))
        for i, fate in enumerate(tasks):
            parts.append(_square(left + (i % across) * (cell + gap), y + 6 + (i // across) * (cell + gap), cell, fate))
        y += 6 + math.ceil(len(tasks) / across) * (cell + gap)
    every = [fate for _, tasks in rows for fate in tasks]
    said = ", ".join(f"{sum(_kind(fate) == kind for fate in every)} {kind}" for kind in _KINDS)
    return svg.chart(title, f"One square per task, one row per pattern: {said}.", y + 6, *parts)


_KINDS = ("passed both times", "gained", "lost", "failed both times")


def _kind(fate: TaskChange) -> str:
    if fate.before:
        return "passed both times" if fate.after else "lost"
    return "gained" if fate.after else "failed both times"


def _key(left: float) -> list[Markup]:
    parts, x = [], left
    shown = (("passed", True, True), ("gained", False, True), ("lost", True, False), ("failed", False, False))
    for words, before, after in shown:
        parts += [_square(x, 6, 10, TaskChange(words, before, after)), svg.label(x + 14, 15, words, fill=FAINT)]
        x += 30 + 6 * len(words)
    return parts


def _square(x: float, y: float, size: float, fate: TaskChange) -> Markup:
    kind = _kind(fate)
    title = svg.hint(f"{fate.task}: {kind}")
    if kind == "passed both times":
        return svg.box(x, y, size, size, BEFORE, title)
    if kind == "failed both times":
        return svg.box(x + 0.5, y + 0.5, size - 1, size - 1, "none", title, stroke=BEFORE, pointer_events="all")
    cx, cy, arm = x + size / 2, y + size / 2, size * 0.3
    if kind == "gained":
        cross = svg.line(cx - arm, cy, cx + arm, cy, stroke=PAPER, width=2)
        cross += svg.line(cx, cy - arm, cx, cy + arm, stroke=PAPER, width=2)
        return svg.element("g", title, svg.box(x, y, size, size, AFTER), cross)
    cross = svg.line(cx - arm, cy - arm, cx + arm, cy + arm, stroke=PAPER, width=2)
    cross += svg.line(cx - arm, cy + arm, cx + arm, cy - arm, stroke=PAPER, width=2)
    return svg.element("g", title, svg.box(x, y, size, size, LOST), cross)


def heat(
    title: str,
    across: Sequence[str],
    down: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    low: float,
    high: float,
    digits: int = 2,
    diverging: bool = False,
    axis: str = "",
) -> Markup:
    """A heat map of values[row][column], coloured from `low` to `high`, with the numbers inside where they fit."""
    if not values or not across:
        return Markup()
    margin = 12.0 + 6.7 * max(len(name) for name in down)
    size = min((WIDTH - margin - 12) / len(across), 34.0)
    tall = min(max(size, 16.0), 22.0) if len(across) != len(down) else size
    top, span = 40.0 if axis else 24.0, (high - low) or 1.0
    # label only every nth column, so that no two labels touch
    every = max(1, math.ceil((6.7 * max(len(name) for name in across) + 4) / size))
    rows_every = max(1, math.ceil(13 / tall))
    parts = [svg.label(12, 13, axis, fill=FAINT)] if axis else []
    parts += [
        svg.label(margin + size * (i + 0.5), top - 6, name, anchor="middle", fill=FAINT)
        for i, name in enumerate(across)
        if i % every == 0
    ]
    for j, (name, row) in enumerate(zip(down, values, strict=True)):
        y = top + tall * j
        if j % rows_every == 0:
            parts.append(svg.label(margin - 6, y + tall / 2 + 4, name, anchor="end", fill=FAINT))
        for i, value in enumerate(row):
            x = margin + size * i
            if value is None:
                continue
            fill, over = svg.shade((value - low) / span, diverging=diverging)
            shown = decimals(value, digits)
            words = svg.hint(f"{name}, {across[i]}: {shown}")
            parts.append(svg.box(x + 0.5, y + 0.5, size - 1, tall - 1, fill, words))
            if size >= 6.2 * len(_bare(shown)) + 3 and tall >= 13:
                parts.append(
                    svg.label(x + size / 2, y + tall / 2 + 4, _bare(shown), anchor="middle", size=10, fill=over)
                )
    bottom = top + tall * len(down) + 8
    parts += _scale(margin, bottom, low, high, digits, diverging)
    said = _extremes(across, down, values, digits)
    return svg.chart(title, f"{len(down)} rows by {len(across)} columns. {said}", bottom + 30, *parts)


def _bare(shown: str) -> str:
    """`.97` for `0.97`, to save room in a cell."""
    return shown.replace("0.", ".", 1) if shown.lstrip("-").startswith("0.") else shown


def _scale(x: float, y: float, low: float, high: float, digits: int, diverging: bool) -> list[Markup]:
    width, steps = min(160.0, WIDTH - x - 12), 16
    cells = [
        svg.box(x + width * i / steps, y, width / steps + 0.3, 8, svg.shade(i / (steps - 1), diverging=diverging)[0])
        for i in range(steps)
    ]
    ends = [
        svg.label(x, y + 20, f"{low:.{digits}f}", fill=FAINT),
        svg.label(x + width, y + 20, f"{high:.{digits}f}", anchor="end", fill=FAINT),
    ]
    return [*cells, *ends]


def _extremes(across: Sequence[str], down: Sequence[str], values: Sequence[Sequence[float | None]], digits: int) -> str:
    """The least and the greatest value, and where they are; of a square, symmetric grid only one half is searched."""
    square = list(across) == list(down)
    found = [
        (value, down[j], across[i])
        for j, row in enumerate(values)
        for i, value in enumerate(row)
        if value is not None and not (square and i <= j)
    ]
    if not found:
        return ""
    least, most = min(found), max(found)
    return (
        f"Least {decimals(least[0], digits)} at {least[1]}, {least[2]}; "
        f"greatest {decimals(most[0], digits)} at {most[1]}, {most[2]}."
    )


def learning_curves(
    curves: Mapping[str, Sequence[tuple[int, float]]], *, measure: str = "held-out loss", most: float | None = None
) -> Markup:
    """One small panel per pattern, all on the same axes: (step, value) from 0 up to `most` or the greatest value."""
    drawn = {name: sorted(points) for name, points in curves.items() if points}
    if not drawn:
        return Markup()
    ceiling = most if most is not None else max(value for points in drawn.values() for _, value in points) or 1.0
    last = max(step for points in drawn.values() for step, _ in points) or 1
    columns = 2
    wide, tall = (WIDTH - 12) / columns, 104.0
    parts = [svg.label(12, 13, f"{measure} by step", fill=FAINT)]
    for i, (name, points) in enumerate(drawn.items()):
        x, y = 12 + wide * (i % columns), 20 + tall * (i // columns)
        inner = (x + 26, y + 20, wide - 40, tall - 42)
        parts.append(svg.label(inner[0], y + 13, svg.shortened(name, 19), mono=True, whole=name))
        end = f"{points[-1][1]:.2f}"
        if len(name) < 13:
            parts.append(svg.label(inner[0] + inner[2], y + 13, end, anchor="end", fill=FAINT))
        parts += _panel([points], inner, (0, last), (0.0, ceiling), ("0", str(last)), _tick(ceiling))
    said = "; ".join(f"{name}: {points[0][1]:.2f} to {points[-1][1]:.2f}" for name, points in drawn.items())
    height = 20 + tall * math.ceil(len(drawn) / columns)
    return svg.chart(f"Learning curves: {measure}", f"From the first to the last step. {said}.", height, *parts)


def _tick(value: float) -> str:
    return f"{value:.0f}" if value in (0, 1) or value >= 10 else f"{value:.2f}"


def _panel(
    series: Sequence[Sequence[tuple[float, float]]],
    inner: tuple[float, float, float, float],
    across: tuple[float, float],
    up: tuple[float, float],
    ends: tuple[str, str],
    ceiling: str,
) -> list[Markup]:
    """Lines in a frame (x, y, width, height) with labels at the ends of both axes; the second line is dashed."""
    x, y, width, height = inner

    def place(point: tuple[float, float]) -> tuple[float, float]:
        share = (point[0] - across[0]) / ((across[1] - across[0]) or 1)
        part = (point[1] - up[0]) / ((up[1] - up[0]) or 1)
        return x + width * share, y + height * (1 - min(max(part, 0.0), 1.0))

    parts = [
        svg.line(x, y, x + width, y), svg.line(x, y + height, x + width, y + height, stroke=FAINT),
        svg.label(x - 4, y + 8, ceiling, anchor="end", size=10, fill=FAINT),
        svg.label(x - 4, y + height, _tick(up[0]), anchor="end", size=10, fill=FAINT),
        svg.label(x, y + height + 12, ends[0], size=10, fill=FAINT),
        svg.label(x + width, y + height + 12, ends[1], anchor="end", size=10, fill=FAINT),
    ]  # fmt: skip
    for number, points in enumerate(series):
        places = [place(point) for point in points]
        parts.append(svg.path(places, stroke=AFTER, dashes="4 3" if number else ""))
        parts += [svg.dot(*at, fill=PAPER if number else AFTER, stroke=AFTER, radius=2.2) for at in places]
    return parts


@dataclass(frozen=True, slots=True)
class Width:
    """The range of k over a night's layers and sides, and the number of patterns."""

    night: str
    least: int
    greatest: int
    patterns: int


def growth(nights: Sequence[Width]) -> Markup:
    """k (greatest; least dashed) and the number of patterns, night by night."""
    if len(nights) < 2:
        return Markup()
    parts: list[Markup] = []
    panels = (
        ("k per side: greatest, least (dashed)", [[item.greatest for item in nights], [item.least for item in nights]]),
        ("patterns", [[item.patterns for item in nights]]),
    )
    for i, (name, series) in enumerate(panels):
        y, most = 118.0 * i, max(max(values) for values in series) or 1
        parts.append(svg.label(40, y + 14, name, fill=FAINT))
        lines = [[(float(j), float(value)) for j, value in enumerate(values)] for values in series]
        ends = nights[0].night, nights[-1].night
        parts += _panel(lines, (40.0, y + 22, WIDTH - 56, 70.0), (0, len(nights) - 1), (0, most), ends, str(most))
    first, end = nights[0], nights[-1]
    said = f"k at most {first.greatest} then {end.greatest}, patterns {first.patterns} then {end.patterns}."
    return svg.chart("Growth of the memory over nights", said, 236, *parts)


def bars(title: str, rows: Sequence[tuple[str, float, str]], *, marked: str = "") -> Markup:
    """One bar per row of (name, length, value in words); the row named `marked` has a different colour."""
    if not rows:
        return Markup()
    most = max(length for _, length, _ in rows) or 1.0
    step, parts = 34.0, []
    for i, (name, length, words) in enumerate(rows):
        y = step * i + 4
        parts.append(svg.label(12, y + 11, svg.shortened(name, _LETTERS), whole=name))
        parts.append(svg.label(WIDTH - 12, y + 11, words, anchor="end"))
        parts.append(svg.box(12, y + 16, WIDTH - 24, 10, GRID, opacity=0.45))
        colour = BEFORE if name == marked else AFTER
        parts.append(svg.box(12, y + 16, max(1.0, (WIDTH - 24) * length / most), 10, colour))
    said = "; ".join(f"{name}: {words}" for name, _, words in rows)
    return svg.chart(title, f"{said}.", step * len(rows) + 4, *parts)
