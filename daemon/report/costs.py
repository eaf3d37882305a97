"""The last part of the report: the results of the day's ladder, and the time and memory of the night's stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.report import plots
from sleepy.daemon.report.document import Block, Figure, Paragraph, Section, Table, text
from sleepy.daemon.report.evidence import Evidence
from sleepy.daemon.report.numbers import grouped, interval, seconds


def ladder(given: Evidence) -> Iterator[Section]:
    """Each rung's attempts, solutions and cost since the last night."""
    if not given.rungs:
        return
    rows = tuple(
        (
            name, str(tally.attempts), str(tally.passes), interval(tally.passes, tally.attempts),
            seconds(tally.seconds), grouped(tally.tokens),
            seconds(tally.seconds / tally.passes) if tally.passes else "",
        )
        for name, tally in given.rungs.items()
    )  # fmt: skip
    head = ("rung", "attempts", "solved", "interval", "time", "tokens", "time per solution")
    yield Section("The day before", (Table(head, rows, right=tuple(range(1, 7))),))


def stages(given: Evidence) -> Iterator[Section]:
    """How long each stage took, and what else it recorded (its peak of memory)."""
    took = {
        name: ((stage.ended - stage.started).total_seconds(), stage.detail)
        for name, stage in given.timed.items()
        if stage.ended is not None
    }
    if not took:
        return
    rows = [(name, f"{spent:.1f}", detail) for name, (spent, detail) in took.items()]
    rows.append(("total", f"{sum(spent for spent, _ in took.values()):.1f}", ""))
    bars = [(name, spent, ", ".join(filter(None, (seconds(spent), detail)))) for name, (spent, detail) in took.items()]
    merged = given.made.consolidated
    table = Table(("stage", "seconds", "memory of the night's process"), tuple(rows), right=(1, 2))
    blocks: tuple[Block, ...] = (
        Figure(
            "Time per stage",
            plots.bars("Time per stage", bars),
            text("From start to end; for a resumed stage, of its last run."),
            table,
        ),
    )
    if merged.compute is not None:
        blocks = (*blocks, Paragraph(text(_computed(merged.compute, merged.anew))))
    yield Section("Stages", blocks)


def _computed(used: Compute, left: Sequence[str]) -> str:
    """The device and precisions the night used, and whether training had to be restarted because of them."""
    said = f"Computed on {used.device}: answers in {used.answers}, training in {used.trains}."
    if left:
        said += f" Training had started in {', '.join(left)}; on resuming here it was restarted in {used.trains}."
    return said
