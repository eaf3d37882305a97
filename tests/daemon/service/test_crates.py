"""What the log says of the crates that are followed."""

from __future__ import annotations

from pathlib import Path

from sleepy.daemon.base import log
from sleepy.daemon.service.crates import tell
from sleepy.daemon.watch.events import Event, EventKind


def test_an_error_without_a_place_has_no_line_in_the_log(tmp_path: Path) -> None:
    with log.written(tmp_path):
        tell(Event(EventKind.RED, "/c/shop", "src/lib.rs", 7, "E0425", "E0425:_@fn", "cannot find it"))
        tell(Event(EventKind.RED, "/c/shop", "src/lib.rs", 0, "", "", "linking fails"))
        tell(Event(EventKind.GREEN, "/c/shop", message="it compiles"))
    placed, *others = log.last(tmp_path, 3)
    assert placed.more["line"] == 7 and "line=7" in log.shown(placed)
    for entry in others:
        assert "line" not in entry.more and "line=" not in log.shown(entry) and ":0" not in entry.message
