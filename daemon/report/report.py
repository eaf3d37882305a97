"""The morning report: what changed and on what evidence, or why nothing did; as Markdown, and as a page with charts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sleepy.daemon.report import costs, learnt, page, text, verdict
from sleepy.daemon.report.document import Document
from sleepy.daemon.report.evidence import Evidence, gather
from sleepy.daemon.report.numbers import rate
from sleepy.daemon.stages.stages import NightRecord
from sleepy.memory.episodic.nights import Night
from sleepy.memory.episodic.stages import Stage
from sleepy.memory.parametric.storage import write_whole

__all__ = ["Evidence", "gather", "markdown", "page", "rate", "write", "write_both"]


def markdown(night: Night, made: NightRecord, timed: Mapping[str, Stage]) -> str:
    """A night's report as Markdown, from its stages' outputs alone."""
    return text.markdown(compose(Evidence(night, made, timed)))


def write(path: Path, text: str) -> None:
    """Writes the file in one step, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode("utf-8", "replace"))


def write_both(folder: Path, given: Evidence) -> tuple[Path, Path]:
    """Writes the report as <date>.md and <date>.html in `folder`; returns both paths."""
    document, name = compose(given), given.night.date.isoformat()
    paths = folder / f"{name}.md", folder / f"{name}.html"
    write(paths[0], f"{text.markdown(document)}\nWith charts: `{paths[1].name}`, beside this file.\n")
    write(paths[1], page.html(document))
    return paths


def compose(given: Evidence) -> Document:
    """The report as a document. Sections without data are left out."""
    parts = (
        verdict.exam, verdict.patterns, verdict.forgetting, verdict.cases, verdict.fixes, learnt.repairs,
        learnt.lessons, learnt.training, learnt.memory, learnt.overlap, learnt.history, costs.ladder, costs.stages,
    )  # fmt: skip
    found = [section for part in parts for section in part(given)]
    return Document(f"Night of {given.night.date.isoformat()}", (verdict.headline(given), *found))
