"""The course of nights, for people: the R matrix as Markdown and as a chart, the gains, the transfer; and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.lab.experiment.sequential import Course
from sleepy.daemon.report import plots
from sleepy.daemon.stats.intervals import wilson


def markdown(course: Course) -> str:
    """Figures first, then a line a pattern."""
    found, exam = course.transfer, course.exam
    low, high = wilson(exam.champion, exam.n)
    out = [
        f"Exam: {exam.baseline} -> {exam.champion} of {exam.n} "
        f"({100 * exam.champion / exam.n:.1f} %, {100 * low:.0f}-{100 * high:.0f}), {len(exam.lost)} lost, "
        f"{exam.routes} routes after {len(course.nights)} nights.",
        f"Average {found.average:.3f}, backward transfer {found.backward:+.3f}, forgetting {found.forgetting:.3f}, "
        f"forward transfer {found.forward:+.3f} (shares of the test koans).",
        "",
        "| night | pattern | decision | base | after its night | after the last | gain, 95 % interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for i, (night, gain) in enumerate(zip(course.nights, course.gains, strict=True)):
        after = sum(night.passed[i])
        pattern = spoken(night.pattern).replace("|", "\\|")
        out.append(
            f"| {i + 1} | {pattern} | {night.decision} | {gain.baseline} of {gain.n} | {after} | {gain.challenger} "
            f"| {100 * (gain.challenger - gain.baseline) / gain.n:+.0f} points, {100 * gain.low:+.0f} to {100 * gain.high:+.0f} |"
        )
    return "\n".join(out) + "\n"


def chart(course: Course) -> str:
    """The R matrix as a heat map, SVG."""
    names = [str(i + 1) for i in range(len(course.patterns))]
    down = ["before", *(f"night {name}" for name in names)]
    return plots.heat(
        "Pass rate on each pattern after each night", names, down, course.rates, low=0.0, high=1.0, axis="pattern"
    )


def line(course: Course) -> str:
    """Everything as one line of JSON."""
    return json.dumps(
        {
            "patterns": course.patterns,
            "tests": course.tests,
            "rates": course.rates,
            "transfer": asdict(course.transfer),
            "gains": [asdict(item) for item in course.gains],
            "decisions": [night.decision for night in course.nights],
            "exam": asdict(course.exam),
        },
        ensure_ascii=False,
    )
