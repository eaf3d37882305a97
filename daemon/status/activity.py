"""What is being done, as the heartbeat, the night's stages and the daemon's state say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sleepy.daemon.base.heartbeat import DOING, remaining
from sleepy.daemon.base.home import Home
from sleepy.daemon.gate import reasons
from sleepy.daemon.stages.stages import STAGES
from sleepy.memory.episodic import nights
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState, Step
from sleepy.memory.episodic.state import Entry

_ORDER = tuple(STAGES)


def activity(
    entries: dict[str, Entry], last: Night | None, db: Database, *, at_work: bool, now: datetime
) -> dict[str, Any]:
    """The keys state, doing, stage, and those of the daemon's state that are shown."""
    found: dict[str, Any] = {
        key: entries[key].value for key in ("fallback", "held", "offer", "pause") if key in entries
    }
    until = found.get("pause", {}).get("until")
    if until is not None and datetime.fromisoformat(until) <= now:
        del found["pause"]
    entry = entries.get(DOING)
    if entry is not None and at_work:
        left = remaining(entry.value, updated=entry.updated, now=now)
        found["doing"] = {**entry.value, "since": entry.updated.isoformat(), "remaining": left}
    if last is not None and last.state is not NightState.DONE:
        begun = nights.steps(db, last.id)
        if begun:
            step = begun[-1]
            number = _ORDER.index(step.name) + 1 if step.name in STAGES else len(begun)
            found["stage"] = {
                "name": step.name,
                "number": number,
                "of": len(STAGES),
                "started": step.started.isoformat(),
            }
            if at_work and found.get("doing") and step.state == NightState.RUNNING.value:
                found["state"] = "asleep" if _began(found["doing"], step) else "working"
    if at_work:
        busy = found.get("state") or ("working" if found.get("doing") else "idle")
        found["state"] = "paused" if found.get("pause") else busy
    return found


def _began(doing: dict[str, Any], step: Step) -> bool:
    """Whether the stage is that process's own, and not what a killed one left unfinished."""
    import psutil

    if doing["what"] == "practice":
        return False
    try:
        return psutil.Process(doing["pid"]).create_time() <= step.started.timestamp() + 1
    except psutil.Error:
        return False


def night_of(night: Night, home: Home, stage: dict[str, Any] | None) -> dict[str, Any]:
    """The key last_night."""
    return {
        "date": night.date.isoformat(),
        "state": night.state.value,
        "decision": night.decision,
        "reasons": reasons.sentences(night.decision_reasons),
        "exam": night.exam_tasks,
        "baseline": night.baseline_passes,
        "challenger": night.challenger_passes,
        "reason": night.reason,
        "report": str(home.root / night.report) if night.report else None,
        "stage": stage["name"] if stage else _ORDER[-1 if night.state is NightState.DONE else 0],
    }
