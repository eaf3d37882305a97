"""The morning report: what changed and on what evidence, or why nothing did. Markdown, and one page with plots."""

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

__all__ = ["Evidence", "gather", "markdown", "page", "rate", "told", "write", "write_both"]


def markdown(night: Night, made: NightRecord, timed: Mapping[str, Stage]) -> str:
    """The report of a night from its stages' artefacts alone."""
    return text.markdown(told(Evidence(night, made, timed)))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode("utf-8", "replace"))


def write_both(folder: Path, given: Evidence) -> tuple[Path, Path]:
    """The report as <date>.md and <date>.html in `folder`; returns both paths."""
    document, name = told(given), given.night.date.isoformat()
    paths = folder / f"{name}.md", folder / f"{name}.html"
    write(paths[0], f"{text.markdown(document)}\nWith charts: `{paths[1].name}`, beside this file.\n")
    write(paths[1], page.html(document))
    return paths


def told(given: Evidence) -> Document:
    """What changed or why nothing did, on what evidence, and what it cost. A section without data is left out."""
    parts = (
        verdict.exam, verdict.patterns, verdict.forgetting, verdict.cases, verdict.fixes, learnt.repairs,
        learnt.lessons, learnt.training, learnt.memory, learnt.overlap, learnt.history, costs.ladder, costs.stages,
    )  # fmt: skip
    found = [section for part in parts for section in part(given)]
    return Document(f"Night of {given.night.date.isoformat()}", (verdict.headline(given), *found))
