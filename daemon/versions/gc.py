"""`sleepy gc`: deletes what nothing needs any more, and says what.

It never deletes a version that an alias points to, that is among the newest promoted ones, or that an unfinished
night began with or made, nor the folder of a night whose candidates are still being tried. A deleted version keeps its row, so that it stays known what served an episode. Rows are
changed before files, so that a crash in between leaves a folder without a version, which the next run deletes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date as Date
from datetime import datetime, timedelta
from pathlib import Path

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.text import plural
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Collected
from sleepy.daemon.storage import home as stored
from sleepy.daemon.versions import unfinished
from sleepy.memory.episodic import candidates, nights, retention, verdict_cache, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night, NightState

_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted, or would be; `size` is that of the files in bytes."""

    versions: tuple[str, ...]
    folders: tuple[str, ...]  # in versions/, of no version that is kept
    nights: tuple[str, ...]  # dates whose folder went
    verdicts: int
    answers: int
    size: int
    dry: bool


def collect(db: Database, home: Home, config: Config, *, now: datetime, dry: bool = False) -> Removed:
    """Deletes by `keep_versions` and `keep_days`. `UserError` while a forgetting is unfinished: it needs the files."""
    if unfinished.pending(db):
        raise UserError("a forgetting was interrupted", remedy="`sleepy forget` completes it")
    before = now - timedelta(days=config.keep_days)
    slept = nights.recent(db, limit=_ALL)
    going = _versions(db, slept, config.keep_versions)
    paths = {item.id: home.root / item.path for item in versions.recent(db, limit=_ALL) if item.removed is None}
    orphans = [path for path in _folders(home.versions) if path not in paths.values()]
    tried = _tried(db, slept)
    old = [path for path in _folders(home.nights) if path.name not in tried and _past(path.name, slept, before.date())]
    silent = _examined(slept, before.date())
    gone = [paths[version] for version in going]
    found = Removed(
        tuple(going), tuple(path.name for path in orphans), tuple(path.name for path in old),
        retention.verdicts_before(db, before), retention.answers(db, silent),
        sum(map(_size, [*gone, *orphans, *old])), dry,
    )  # fmt: skip
    if not dry:
        for version in going:
            versions.remove(db, version, now=now)
        verdict_cache.prune(db, before=before)
        retention.drop_answers(db, silent)
        for path in [*gone, *orphans, *old]:
            if path.exists():
                shutil.rmtree(path)
        for path in _stored(db, home, slept, tried, before.date()):
            stored.drop(home, path)
    return found


def line(found: Removed) -> str:
    """What was deleted, as one line of JSON."""
    return json.dumps(asdict(found), ensure_ascii=False)


def view(found: Removed) -> str:
    """What was deleted, for a person."""
    parts = [
        *(f"version {name}" for name in found.versions),
        *(f"the folder versions/{name}, which belongs to no version" for name in found.folders),
        *(f"the folder of the night of {name}" for name in found.nights),
        *([plural(found.verdicts, "remembered verdict")] if found.verdicts else []),
        *([f"{plural(found.answers, 'exam answer')} of old nights"] if found.answers else []),
    ]
    if not parts:
        return "Nothing to delete."
    verb = "Would delete" if found.dry else "Deleted"
    return "\n".join([*(f"{verb} {part}." for part in parts), f"{found.size / 2**20:.1f} MiB of files in all."])


def _versions(db: Database, slept: list[Night], keep: int) -> list[str]:
    """The versions whose files may be deleted, oldest first."""
    pointed = {target for target in versions.pointed(db).values() if target is not None}
    there = {item.id: item for item in versions.recent(db, limit=_ALL) if item.removed is None}
    newest = [version for version in versions.promoted(db) if version in there][:keep]
    needed = {*pointed, *newest}
    for night in slept:
        if night.state is not NightState.DONE:
            begun = store.read(db, night.id, Collected)
            needed |= {begun.champion} if begun is not None and begun.champion is not None else set()
            needed |= {item.id for item in there.values() if item.night == night.id}
    return [name for name in reversed(there) if name not in needed]


def _tried(db: Database, slept: list[Night]) -> set[str]:
    """The dates of the nights in which candidates that are still being tried were trained or asked."""
    dates = {night.id: night.date.isoformat() for night in slept}
    open_ = candidates.open_of_all(db)
    return {dates[night] for item in open_ for night in (item.night, *item.nights) if night in dates}


def _past(name: str, slept: list[Night], before: Date) -> bool:
    """Whether a night's folder is old, and the night finished or unknown."""
    try:
        date = Date.fromisoformat(name)
    except ValueError:
        return False
    night = next((night for night in slept if night.date == date), None)
    return date < before and (night is None or night.state is NightState.DONE)


def _stored(db: Database, home: Home, slept: list[Night], tried: set[str], before: Date) -> set[Path]:
    """The folders in the home's store of versions that were removed, by whichever home, and of old nights."""
    store = stored.of(home)
    if store is None:
        return set()
    removed = {home.root / item.path for item in versions.recent(db, limit=_ALL) if item.removed is not None}
    dates = {night.date.isoformat() for night in slept} - tried
    going = removed | {home.nights / date for date in dates if _past(date, slept, before)}
    folders = {home.root / Path(*Path(key).parts[:2]) for under in ("versions", "nights") for key in store.keys(under)}
    return folders & going


def _examined(slept: list[Night], before: Date) -> list[int]:
    """The old finished nights, without the newest one that had an exam, whose answers are still needed."""
    newest = next((night.id for night in slept if night.exam_tasks and night.state is NightState.DONE), None)
    return [
        night.id for night in slept if night.date < before and night.state is NightState.DONE and night.id != newest
    ]


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_dir()) if folder.is_dir() else iter(())


def _size(path: Path) -> int:
    return sum(item.lstat().st_size for item in path.rglob("*") if not item.is_dir()) if path.exists() else 0
