"""The report of a night as a document, from its evidence."""

from __future__ import annotations

from sleepy.daemon.night.report import costs, learnt, verdict
from sleepy.daemon.night.report.document import Document
from sleepy.daemon.night.report.evidence import Evidence


def told(given: Evidence) -> Document:
    """What changed or why nothing did, on what evidence, and what it cost. A section without data is left out."""
    parts = (
        verdict.exam, verdict.patterns, verdict.forgetting, verdict.cases, verdict.fixes, learnt.repairs,
        learnt.lessons, learnt.training, learnt.memory, learnt.overlap, learnt.history, costs.ladder, costs.stages,
    )  # fmt: skip
    found = [section for part in parts for section in part(given)]
    return Document(f"Night of {given.night.date.isoformat()}", (verdict.headline(given), *found))
