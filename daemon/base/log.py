"""The daemon's log: one JSON object per line, with time, level, event, message and the event's own fields.

It rotates by size. A line that cannot be written, for instance on a full disk, is lost without further effect. Rotated
files are read, newest first, until there are enough lines. Following continues across a rotation.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

NAME = "sleepy.log"
_OWN = ("time", "level", "event", "message")
_LOG = logging.getLogger("sleepy.service")


def log_event(
    event: str, message: str, *, level: int = logging.INFO, fault: BaseException | None = None, **data: Any
) -> None:
    """Logs an event. `event` is a fixed word to search for, `data` holds its values."""
    _LOG.log(level, "%s", message, extra={"event": event, "data": data}, exc_info=fault)


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON; the event of other libraries' records is their logger's name."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in getattr(record, "data", {}).items() if key not in _OWN})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _Quiet(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Does nothing: standard error is a file on the same disk."""


@contextmanager
def written(folder: Path, *, size: int = 2_000_000, kept: int = 5) -> Iterator[None]:
    """Writes the log into a folder: the newest file and at most `kept` old ones of `size` bytes."""
    handler = _Quiet(folder / NAME, maxBytes=size, backupCount=kept, encoding="utf-8")
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("sleepy", "watchfiles")]
    before = [logger.level for logger in loggers]
    for logger, level in zip(loggers, (logging.INFO, logging.WARNING), strict=True):
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
        handler.close()


class Level(StrEnum):
    DEBUG = "debug"  # of other libraries
    INFO = "info"  # what happens
    WARNING = "warning"  # something to know of: it works all the same
    ERROR = "error"  # a piece of work failed
    CRITICAL = "critical"  # the daemon ends


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event. `more` holds its other values, `trace` a traceback."""

    time: str
    level: Level
    event: str
    message: str
    trace: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def at_least(self, level: Level) -> bool:
        order = list(Level)
        return order.index(self.level) >= order.index(level)


def parse(line: str, before: LogEntry | None = None) -> LogEntry:
    """The entry of a line; a line without a level, such as one of a traceback, takes that of the entry before."""
    line = line.rstrip("\n")
    try:
        found = json.loads(line) if line.startswith("{") else None
    except ValueError:
        found = None
    if isinstance(found, dict) and "message" in found:
        more = {key: value for key, value in found.items() if key not in (*_OWN, "trace")}
        text = {key: str(found.get(key, "")) for key in (*_OWN, "trace")}
        return LogEntry(text["time"], _level(text["level"]), text["event"], text["message"], text["trace"], more)
    return LogEntry("", before.level if before is not None else Level.INFO, "", line)


def last(folder: Path, count: int, *, level: Level = Level.DEBUG, name: str = NAME) -> list[LogEntry]:
    """The last `count` entries of at least that level, oldest first."""
    kept: list[LogEntry] = []
    for path in _files(folder, name):
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            continue  # rotated away just now
        kept = [item for item in _entries(lines) if item.at_least(level)] + kept
        if len(kept) >= count:
            break
    return kept[-count:] if count else []


def follow(
    path: Path,
    *,
    level: Level = Level.DEBUG,
    begin: bool = False,
    pause: Callable[[float], None] = time.sleep,
    going: Callable[[], bool] = lambda: True,
) -> Iterator[LogEntry]:
    """The entries as they are written, from the start of the file with `begin`, else from its end.

    Waits for a missing file. A rotated file is read to its end, then the new one from its start.
    """
    file: IO[str] | None = None
    before: LogEntry | None = None
    rest = ""
    try:
        while going():
            if file is None and path.exists():
                file = path.open(encoding="utf-8", errors="replace")
                if not begin:
                    file.seek(0, 2)
            begin = True  # whatever appears from now on is new
            if file is None:
                pause(0.3)
                continue
            rest += file.read()
            *lines, rest = rest.split("\n")
            for line in lines:
                before = parse(line, before)
                if before.at_least(level):
                    yield before
            if not lines:
                if _replaced(file, path):
                    file.close()
                    file, rest = None, ""
                else:
                    pause(0.3)
    finally:
        if file is not None:
            file.close()


def shown(entry: LogEntry) -> str:
    """`2026-11-24 03:00:12  warning  the message  date=2026-11-24`, with a traceback below it."""
    if not entry.time:
        return entry.message
    values = "".join(f"  {key}={value}" for key, value in entry.more.items() if value != "")
    trace = "\n" + entry.trace if entry.trace else ""
    return f"{entry.time[:19].replace('T', ' ')}  {entry.level:8} {entry.message}{values}{trace}"


def line(entry: LogEntry) -> str:
    """The entry as one JSON line."""
    told = {"time": entry.time, "level": entry.level.value, "event": entry.event, "message": entry.message}
    trace = {"trace": entry.trace} if entry.trace else {}
    return json.dumps({**told, **trace, **entry.more}, ensure_ascii=False)


def _entries(lines: list[str]) -> list[LogEntry]:
    found: list[LogEntry] = []
    for text in lines:
        if text.strip():
            found.append(parse(text, found[-1] if found else None))
    return found


def _files(folder: Path, name: str) -> list[Path]:
    """The newest first: sleepy.log, sleepy.log.1, ..."""
    old = [path for path in folder.glob(f"{name}.*") if path.suffix[1:].isdigit()]
    return [path for path in [folder / name] if path.exists()] + sorted(old, key=lambda path: int(path.suffix[1:]))


def _replaced(file: IO[str], path: Path) -> bool:
    """Whether the path leads to another file by now, or to one that was cut short."""
    try:
        now, mine = path.stat(), os.fstat(file.fileno())
    except OSError:
        return False
    return (now.st_ino, now.st_dev) != (mine.st_ino, mine.st_dev) or now.st_size < file.tell()


def _level(word: str) -> Level:
    low = word.lower()
    return Level(low) if low in set(Level) else Level.INFO
