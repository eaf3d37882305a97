"""What the screen shows, as plain data: the JSON of `sleepy status --json`.

Schema 2. Times are ISO 8601, rates are counts; a key is null where there is nothing to say.

    schema      2
    home, now, model
    database    its file, or the URL of a shared one without its password
    state       stopped | idle | working | asleep | paused
    at_work     who holds the home's lock, for a person, or null
    holder      {pid, role} of the same: role is daemon or command, null for a version before; or null
    doing       {what, done, total, pid, since, started, remaining}: since is when the count last changed,
                started when this activity began, remaining the seconds to its end at the pace so far
    stage       {name, number, of, started} of a night that runs or was interrupted
    next_night  when it sleeps next, local time
    plan        {train: [{signature, passes, attempts, learnable, repaired}], resting: [{signature, reason}], waiting}:
                tonight, as things stand; waiting is how many more there are than a night has room for
    last_night  {date, state, decision, reasons, exam, baseline, challenger, reason, report, stage}
    decision    {date, decision, reasons} of the last night that came to one
    champion    the version that serves, null for the base model
    routes      how many of its routes are active
    serving     {base, since, night, routes: [{signature, serves, wins, losses, exam_n, p_value, active}],
                exam: {passes, n, low, high}}: exam is what it passed when it was examined, with a 95 % interval
    today       {attempts, passes, rungs: {rung: {attempts, passes, seconds, tokens}}}, since midnight UTC
    patterns    [{signature, state, standing, episodes, passes, champion: [passes, attempts],
                history: [[day, passes, attempts]]}]: state as the database has it, standing in a person's word
                (mastered, learning, stuck, new), history the model alone, a day that had an attempt each
    standings   {standing: how many patterns}
    health      {last_good: {date, days}, disk_free, database_size, heartbeat_age}: bytes and seconds
    compute     {device, answers, trains, threads, alone} as last chosen: the precisions, and torch's threads beside
                compilers and where the model works alone
    fallback    {reason, champion, serves} if the champion is damaged and another version serves
    forgetting  whether one is unfinished: the base model serves until `sleepy forget` completes it
    held        {date, reasons} if a night is due and waits for the machine to be free
    crates      [{crate, state, files, signature, since}] that are followed or in the settings: green, red since when
                and where, unknown (with the key why, where it cannot be followed), or unfollowed; with the key practice,
                {why, remedy}, where the last practice could not use it: its tests fail, or it has none
    offer       {file, crate} if a fix is ready
    pause       {until} while it is paused; until is null until it is told to resume

Schema 1 lacked all but schema, home, now, at_work, doing, next_night, last_night, champion, routes, today and patterns.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sleepy.daemon.base import lock
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.schedule import following
from sleepy.daemon.base.state_keys import COMPUTE, DOING, FORGETTING
from sleepy.daemon.gate import reasons
from sleepy.daemon.night.selection import affordable
from sleepy.daemon.serve import evidence
from sleepy.daemon.stats.intervals import wilson
from sleepy.daemon.status.activity import activity, night_of
from sleepy.daemon.status.crates import crates
from sleepy.daemon.status.plan import plan, standing
from sleepy.memory.episodic import nights, patterns, routes, server, state, versions
from sleepy.memory.episodic.database import Database, DatabaseMissing
from sleepy.memory.episodic.versions import Alias
from sleepy.memory.parametric.scope import is_signature

SCHEMA = 2  # of the JSON; raised when a key changes its meaning or goes
DAYS = 14  # of a pattern's history
_PATTERNS = 500
_WAIT = 2.0  # seconds: then the screen says that the database is locked


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that the screen shows, as plain data."""

    data: dict[str, Any]


def read(home: Home, config: Config, *, now: datetime) -> Status:
    """The state of a home; without a database, that of a home where nothing has happened yet.

    Raises `DatabaseError` for a database that cannot be read.
    """
    data = _nothing(home, config, now)
    try:
        db = Database.open(home.database, read_only=True, wait=_WAIT)
    except DatabaseMissing:
        return Status(data)
    with db, db.reading():
        entries = state.everything(db)
        if db.shared is not None:
            data["health"]["database_size"] = server.size(db)
        last = nights.last(db)
        data |= activity(entries, last, db, at_work=data["holder"] is not None, now=now)
        data["forgetting"] = FORGETTING in entries
        data["compute"] = entries[COMPUTE].value if COMPUTE in entries else None
        data["last_night"] = None if last is None else night_of(last, home, data["stage"])
        data |= serving(db)
        data["crates"] = crates(entries, config, at_work=data["holder"] is not None)
        data["today"] = _today(db, now.astimezone(UTC).date())
        night = datetime.fromisoformat(data["next_night"]).date() if data["next_night"] else date.max
        data |= _patterns(db, home, config, today=now.astimezone(UTC).date(), night=night)
        good = nights.last_good(db)
        if good is not None:
            days = (now.astimezone().date() - good.date).days
            data["health"]["last_good"] = {"date": good.date.isoformat(), "days": days}
            data["decision"] = {
                "date": good.date.isoformat(), "decision": good.decision, "reasons": reasons.sentences(good.decision_reasons),
            }  # fmt: skip
        if data["doing"] is not None:
            data["health"]["heartbeat_age"] = (now - entries[DOING].updated).total_seconds()
    return Status(data)


def next_night(config: Config, now: datetime) -> str | None:
    """The local time of the next night, in ISO 8601; None if the settings name no time that ever comes."""
    import tzlocal

    zone = tzlocal.get_localzone()
    time = following(now, config.night_at, zone)
    return time.at.astimezone(zone).isoformat(timespec="minutes") if time is not None else None


def _nothing(home: Home, config: Config, now: datetime) -> dict[str, Any]:
    holder = lock.holder(home)
    folder = home.root
    while not folder.exists():
        folder = folder.parent
    return {
        "schema": SCHEMA,
        "home": str(home.root),
        "database": str(home.database),
        "now": now.isoformat(),
        "model": config.model,
        "state": "idle" if holder else "stopped",
        "at_work": str(holder) if holder else None,
        "holder": asdict(holder) if holder else None,
        "doing": None,
        "stage": None,
        "next_night": next_night(config, now),
        "plan": {"train": [], "resting": [], "waiting": 0},
        "last_night": None,
        "decision": None,
        "champion": None,
        "routes": 0,
        "serving": None,
        "today": {"attempts": 0, "passes": 0, "rungs": {}},
        "patterns": [],
        "standings": {},
        "health": {
            "last_good": None,
            "disk_free": shutil.disk_usage(folder).free,
            "database_size": home.file.stat().st_size if home.file.is_file() and not home.url else 0,
            "heartbeat_age": None,
        },
        "compute": None,
        "fallback": None,
        "forgetting": False,
        "held": None,
        "crates": crates({}, config, at_work=holder is not None),
        "offer": None,
        "pause": None,
    }


def _today(db: Database, day: date) -> dict[str, Any]:
    rungs = patterns.rungs(db, since=day)
    return {
        "attempts": sum(item.attempts for item in rungs.values()),
        "passes": sum(item.passes for item in rungs.values()),
        "rungs": {name: asdict(item) for name, item in rungs.items()},
    }


def _patterns(db: Database, home: Home, config: Config, *, today: date, night: date) -> dict[str, Any]:
    """The keys patterns, standings and plan; the plan is what the night of the date `night` would do."""
    seen = [item for item in patterns.overview(db, limit=_PATTERNS) if item.episodes or is_signature(item.signature)]
    rates = evidence.serving_rates(db, home)
    history = patterns.history(db, since=today - timedelta(days=DAYS - 1))
    chosen = plan(db, home, config, rates, before=night)
    tonight = affordable(chosen.failing, config.lessons, config.night_minutes, config.night_patterns)
    told = []
    for item in seen:
        served = rates.get(item.signature)
        told.append(
            {
                "signature": item.signature,
                "state": item.state.value,
                "standing": standing(item.signature, item.state, chosen).value,
                "episodes": item.episodes,
                "passes": item.passes,
                "champion": [served.passes, served.attempts] if served else [0, 0],
                "history": [[day.isoformat(), *counts] for day, *counts in history.get(item.signature, [])],
            }
        )
    return {
        "patterns": told,
        "standings": dict(Counter(item["standing"] for item in told if item["episodes"])),
        "plan": {
            "train": [asdict(item) for item in tonight],
            "resting": [{"signature": name, "reason": str(why)} for name, why in chosen.resting.items()],
            "waiting": len(chosen.failing) - len(tonight),
        },
    }


def serving(db: Database) -> dict[str, Any]:
    """The keys champion, routes and serving of the JSON."""
    pointed = versions.pointed(db)
    champion = pointed.get(Alias.CHAMPION)
    if champion is None:
        last = nights.last_good(db) if Alias.CHAMPION not in pointed else None
        exam = _exam(last.baseline_passes, last.exam_tasks) if last is not None else None
        return {"serving": {"base": None, "since": None, "night": None, "routes": [], "exam": exam}}
    version = versions.read(db, champion)
    night = nights.numbered(db, version.night) if version.night is not None else None
    served = routes.of_version(db, champion)
    moved = next((move.moved for move in versions.moves(db, limit=20) if move.to_version == champion), version.created)
    return {
        "champion": champion,
        "routes": sum(route.active for route in served),
        "serving": {
            "base": version.note or None,
            "since": moved.isoformat(),
            "night": night.date.isoformat() if night else None,
            "routes": [asdict(route) for route in served],
            "exam": _exam(night.challenger_passes, night.exam_tasks) if night else None,
        },
    }


def _exam(passes: int | None, n: int | None) -> dict[str, Any] | None:
    if passes is None or not n:
        return None
    low, high = wilson(passes, n)
    return {"passes": passes, "n": n, "low": low, "high": high}
