"""Removes what was forgotten from files: versions' folders, nights' folders, reports. Repeating it is safe.

It goes from the home and from its store. What other homes fetched from that is theirs, until `sleepy gc` there.
"""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace
from datetime import date as Date
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.stages import store
from sleepy.daemon.storage import home as stored
from sleepy.daemon.versions.unfinished import Unfinished
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import nights, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.nights import Night
from sleepy.memory.parametric.storage import write_whole

_log = logging.getLogger("sleepy.forget")
_HELD_OUT = "held_out.jsonl"
_CRATES = "crates"  # mirrors of the user's crates and what was built of them: made again when it is needed


def removed(db: Database, home: Home, plan: Unfinished, *, now: datetime) -> dict[str, str]:
    """Removes what a forgetting's plan names from the home's folders; returns what became of each report."""
    rebuilt = {item.version for item in (plan.rebuilt or {}).values()}
    for version in plan.removed:
        if version not in rebuilt:
            _drop(home, home.root / versions.read(db, version).path)
    drop(home.versions / ".building")
    if plan.crates:
        drop(home.root / _CRATES)
    for date in plan.restarted:
        _drop(home, home.nights / date)
    for date in plan.clear:
        _clear(home, home.nights / date)
    if home.storage:
        for each in nights.recent(db, limit=100_000):
            stored.bring(home, home.nights / each.date.isoformat() / _HELD_OUT)
    for path in sorted(home.nights.glob(f"*/{_HELD_OUT}")):
        _sift(home, path, set(plan.tasks), plan.signature)
    told = {}
    for date in sorted({*plan.reports, *plan.restarted}):
        night = nights.read(db, Date.fromisoformat(date))
        if night is not None and (outcome := _report(db, home, night, anew=date not in plan.restarted, now=now)):
            told[date] = outcome
    return told


def _clear(home: Home, folder: Path) -> None:
    """Removes what a night trained, checkpoints included; keeps the koans that it was examined on."""
    stored.bring(home, folder / _HELD_OUT)
    stored.drop(home, folder)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name != _HELD_OUT:
            drop(path)
    if (folder / _HELD_OUT).exists():
        stored.keep(home, folder / _HELD_OUT)


def _drop(home: Home, path: Path) -> None:
    """Removes a folder from the home and from its store."""
    drop(path)
    stored.drop(home, path)


def drop(path: Path) -> None:
    """Removes a folder or file if it exists; raises `OSError` if it cannot be removed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sift(home: Home, path: Path, names: set[str], signature: str | None) -> None:
    """Removes these tasks, and this pattern's, from a night's held-out koans."""
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line
    ]  # a night without any left one empty
    kept = []
    for line in lines:
        row = json.loads(line)
        koan = Koan(**row["koan"])
        if row["signature"] != signature and not {koan.id, koan.digest} & names:
            kept.append(line)
    if len(kept) != len(lines):
        write_whole(path, "".join(f"{line}\n" for line in kept).encode())
    stored.keep(home, path)  # whoever was killed in between had not come so far


def _report(db: Database, home: Home, night: Night, *, anew: bool, now: datetime) -> str:
    """Writes the night's report again from its record, or removes it if that fails; returns which it was."""
    paths = [home.reports / f"{night.date.isoformat()}{ending}" for ending in (".md", ".html")]
    if not any(stored.bring(home, path) for path in paths):
        return ""
    if anew:
        try:
            _rewrite(db, home, night, now)
            return "rewritten"
        except Exception as error:  # an edge: a record that this release cannot tell is no reason to keep the text
            _log.warning("the report of %s was removed: %s", night.date, error)
    for path in paths:
        _drop(home, path)
    words = f"# Night of {night.date}\n\nRemoved on {now:%Y-%m-%d}: it showed something that was forgotten.\n"
    write_whole(paths[0], words.encode())
    stored.keep(home, paths[0])
    return "removed"


def _rewrite(db: Database, home: Home, night: Night, now: datetime) -> None:
    """Without the day's ladder: its counts would be today's."""
    from sleepy.daemon.report import page, report, text
    from sleepy.daemon.report.document import Document, Paragraph, Section
    from sleepy.daemon.report.document import text as words

    made = store.record(db, night.id)
    if made is None:
        raise UserError(f"the night of {night.date} did not come to its end", remedy="it has no report to be rewritten")
    document = report.compose(replace(report.gather(db, night, made), rungs={}))
    note = f"Rewritten on {now:%Y-%m-%d} from the night's record, after something in it was forgotten."
    document = Document(document.title, (Section("", (Paragraph(words(note)),)), *document.sections))
    markdown, html = (home.reports / f"{night.date.isoformat()}{ending}" for ending in (".md", ".html"))
    report.write(markdown, f"{text.markdown(document)}\nWith charts: `{html.name}`, beside this file.\n")
    report.write(html, page.html(document))
    for path in (markdown, html):
        stored.keep(home, path)
