"""`sleepy status`: what it is doing, how the patterns stand, who serves. Reads counters, never episodes, never torch."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sleepy.daemon import lock
from sleepy.daemon.config import Config
from sleepy.daemon.home import Home
from sleepy.memory.episodic import nights, patterns, routes, stages, state, versions
from sleepy.memory.episodic.database import Database, DatabaseMissing

SCHEMA = 1  # of the JSON; raised when a key changes its meaning or goes
_ROWS = 15


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the view shows, as plain data."""

    data: dict[str, Any]


def read(home: Home, config: Config, *, now: datetime) -> Status:
    """The state of a home. A home without a database is one where nothing has happened yet."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "home": str(home.root),
        "now": now.isoformat(),
        "at_work": lock.holder(home),
        "next_night": next_night(config, now),
        "model": config.model,
        "doing": None,
        "last_night": None,
        "champion": None,
        "routes": 0,
        "today": {"attempts": 0, "passes": 0},
        "patterns": [],
    }
    try:
        db = Database.open(home.database, read_only=True)
    except DatabaseMissing:
        return Status(data)
    with db, db.reading():
        entry = state.get(db, "doing")
        if entry is not None and data["at_work"]:
            data["doing"] = {**entry.value, "since": entry.updated.isoformat()}
        night = nights.last(db)
        if night is not None:
            data["last_night"] = {
                "date": night.date.isoformat(),
                "state": night.state.value,
                "decision": night.decision,
                "reasons": list(night.decision_reasons),
                "exam": night.exam_tasks,
                "baseline": night.baseline_passes,
                "challenger": night.challenger_passes,
                "reason": night.reason,
                "report": str(home.root / night.report) if night.report else None,
                "stage": next((s.name for s in reversed(stages.of_night(db, night.id))), None),
            }
        champion = versions.champion(db)
        data["champion"] = champion
        if champion is not None:
            data["routes"] = sum(route.active for route in routes.of_version(db, champion))
        today = patterns.days(db, since=now.astimezone(UTC).date())
        data["today"] = {
            "attempts": sum(item.attempts for item in today.values()),
            "passes": sum(item.passes for item in today.values()),
        }
        now_serving = patterns.rates(db, version=champion)
        data["patterns"] = [
            {
                "signature": item.signature,
                "state": item.state.value,
                "episodes": item.episodes,
                "passes": item.passes,
                "champion": [served.passes, served.attempts] if (served := now_serving.get(item.signature)) else [0, 0],
            }
            for item in patterns.overview(db, limit=500)
        ]
    return Status(data)


def next_night(config: Config, now: datetime) -> str | None:
    """When it sleeps next, local time."""
    from apscheduler.triggers.cron import CronTrigger

    at = CronTrigger.from_crontab(config.night_at).get_next_fire_time(None, now.astimezone())
    return at.isoformat(timespec="minutes") if at is not None else None


def view(status: Status) -> RenderableType:
    """The screen, 80 columns."""
    data = status.data
    head = Table.grid(padding=(0, 2))
    head.add_column(style="bold")
    head.add_column(overflow="fold")
    head.add_row("state", _doing(data))
    head.add_row("model", f"{data['model']}, champion {data['champion'] or 'bare base'}, {data['routes']} routes")
    today = data["today"]
    head.add_row("today", f"{today['passes']} of {today['attempts']} attempts solved")
    head.add_row("last night", _night(data["last_night"]))
    head.add_row("next night", (data["next_night"] or "never").replace("T", " "))
    parts: list[RenderableType] = [head]
    shown = [item for item in data["patterns"] if item["episodes"]]
    if shown:
        shown.sort(key=lambda item: (item["passes"] / item["episodes"], -item["episodes"], item["signature"]))
        table = Table(box=None, pad_edge=False, title_justify="left")
        table.add_column("pattern", max_width=50, no_wrap=True)
        table.add_column("state")
        table.add_column("solved", justify="right")
        for item in shown[:_ROWS]:
            rate = item["passes"] / item["episodes"]
            style = "red" if rate < 0.5 else "yellow" if rate < 0.8 else "green"
            solved = Text(f"{item['passes']} of {item['episodes']}", style=style)
            table.add_row(Text(item["signature"], overflow="ellipsis"), item["state"], solved)
        parts += [Text(), table]
        if len(shown) > _ROWS:
            parts.append(Text(f"and {len(shown) - _ROWS} patterns more, all solved more often", style="dim"))
    else:
        parts += [Text(), Text("No practice yet: `sleepy day` practises, `sleepy run` does it by itself.")]
    return Group(*parts)


def _doing(data: dict[str, Any]) -> str:
    if not data["at_work"]:
        return "not running"
    doing = data["doing"]
    if doing is None:
        return f"{data['at_work']}, idle"
    progress = f" {doing['done']} of {doing['total']}" if doing.get("total") else ""
    return f"{data['at_work']}: {doing['what']}{progress}"


def _night(night: dict[str, Any] | None) -> str:
    if night is None:
        return "none yet"
    if night["state"] == "failed":
        return f"{night['date']} failed: {night['reason']}"
    if night["state"] != "done":
        return f"{night['date']} unfinished, at {night['stage']}: `sleepy night` goes on with it"
    exam = f", exam {night['baseline']} -> {night['challenger']} of {night['exam']}" if night["exam"] else ""
    return f"{night['date']} {night['decision']}{exam}"


def heartbeat(db: Database, what: str, done: int, total: int, *, now: datetime) -> None:
    """Says what is being done, for the view of another process."""
    state.put(db, "doing", {"what": what, "done": done, "total": total, "pid": os.getpid()}, now=now)
