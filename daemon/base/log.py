"""Writes the daemon's log: one JSON object per line, with time, level, event, message and the event's own fields.

It rotates by size. A line that cannot be written, for instance on a full disk, is lost without further effect.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

NAME = "sleepy.log"
_OWN = ("time", "level", "event", "message")
_LOG = logging.getLogger("sleepy.service")


def told(
    event: str, message: str, *, level: int = logging.INFO, fault: BaseException | None = None, **data: Any
) -> None:
    """Logs an event. `event` is a fixed word to search for, `data` holds its values."""
    _LOG.log(level, "%s", message, extra={"event": event, "data": data}, exc_info=fault)


class Lines(logging.Formatter):
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
    handler.setFormatter(Lines())
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
