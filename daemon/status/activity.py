"""What is being done now: the heartbeat, the night's stages and the daemon's state as keys of the JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sleepy.daemon.base import heartbeat
from sleepy.daemon.base.heartbeat import PRACTICE, Doing
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import OFFER
from sleepy.daemon.gate import reasons
from sleepy.daemon.serve import fallback
from sleepy.daemon.service import commands, presence
from sleepy.daemon.stages.stages import STAGES
from sleepy.memory.episodic import nights
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState, StageTime
from sleepy.memory.episodic.state import Entry

_ORDER = tuple(STAGES)


def activity(
    entries: dict[str, Entry], last: Night | None, db: Database, *, at_work: bool, now: datetime
) -> dict[str, Any]:
    """The keys state, doing and stage, and those of the daemon's state that are shown."""
    found: dict[str, Any] = {}
    if (fallen := fallback.of(entries)) is not None:
        found["fallback"] = asdict(fallen)
    if (held := presence.held(entries)) is not None:
        found["held"] = {"date": held.date, "reasons": list(held.reasons)}
    if OFFER in entries:
        found["offer"] = entries[OFFER].value
    orders = commands.read(entries, now)
    if orders.paused:
        found["pause"] = {"until": orders.until.isoformat() if orders.until is not None else None}
    doing = heartbeat.doing(entries) if at_work else None
    if doing is not None:
        found["doing"] = _doing(doing, now)
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
            if doing is not None and step.state == NightState.RUNNING.value:
                found["state"] = "asleep" if _began(doing, step) else "working"
    if at_work:
        busy = found.get("state") or ("working" if doing is not None else "idle")
        found["state"] = "paused" if orders.paused else busy
    return found


def _doing(doing: Doing, now: datetime) -> dict[str, Any]:
    return {
        "what": doing.what, "done": doing.done, "total": doing.total, "pid": doing.pid,
        "since": doing.updated.isoformat(),
        "started": doing.started.isoformat() if doing.started is not None else None,
        "remaining": doing.remaining(now),
    }  # fmt: skip


def _began(doing: Doing, step: StageTime) -> bool:
    """Whether that process began the stage; False for a stage left over from a process that was killed."""
    import psutil

    if doing.what == PRACTICE:
        return False
    try:
        return psutil.Process(doing.pid).create_time() <= step.started.timestamp() + 1
    except psutil.Error:
        return False


def night_of(night: Night, home: Home, stage: dict[str, Any] | None) -> dict[str, Any]:
    """The value of the key last_night."""
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
