"""The log as it is read: the daemon's own lines, the past of a rotation, and what comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from tests.daemon.cli.test_cli import refused, sleepy

from sleepy.daemon.base import log
from sleepy.daemon.base.log import Level


def event(message: str, level: str = "info", **more: object) -> str:
    return json.dumps(
        {"time": "2026-11-24T03:00:00.123+00:00", "level": level, "event": "e", "message": message, **more}
    )


def test_lines_that_the_daemon_writes_are_read_back(tmp_path: Path) -> None:
    import logging

    with log.written(tmp_path):
        log.log_event("night_done", "promoted", date="2026-11-24")
        try:
            raise ValueError("seven")
        except ValueError as error:
            log.log_event("night_failed", "it failed", level=logging.ERROR, fault=error)
    done, failed = log.last(tmp_path, 9)
    assert (done.event, done.message, done.more, done.level) == (
        "night_done", "promoted", {"date": "2026-11-24"}, Level.INFO,
    )  # fmt: skip
    assert failed.level is Level.ERROR and "ValueError: seven" in failed.trace
    assert "ValueError: seven" in log.shown(failed) and "date=2026-11-24" in log.shown(done)


def test_a_line_that_is_no_json_is_shown_as_it_is_with_the_level_of_the_line_before(tmp_path: Path) -> None:
    (tmp_path / "sleepy.log").write_text(f"{event('failed', 'error')}\n  ValueError: x\n{event('later')}\n")
    errors = log.last(tmp_path, 9, level=Level.ERROR)
    assert [item.message for item in errors] == ["failed", "  ValueError: x"]
    assert log.shown(errors[0]) == "2026-11-24 03:00:00  error    failed"
    assert log.shown(errors[1]) == "  ValueError: x"
    assert [item.message for item in log.last(tmp_path, 1)] == ["later"]


def test_json_that_is_cut_off_is_shown_as_it_is(tmp_path: Path) -> None:
    assert log.parse('{"time": "2026').message == '{"time": "2026'


def test_rotated_files_are_read_as_far_as_needed(tmp_path: Path) -> None:
    for name, messages in (("sleepy.log", "de"), ("sleepy.log.1", "c"), ("sleepy.log.2", "b"), ("sleepy.log.10", "a")):
        (tmp_path / name).write_text("".join(event(item) + "\n" for item in messages))
    assert [item.message for item in log.last(tmp_path, 4)] == ["b", "c", "d", "e"]
    assert [item.message for item in log.last(tmp_path, 9)] == ["a", "b", "c", "d", "e"]
    assert log.last(tmp_path, 0) == []


def acted(*acts: Callable[[], object]) -> Callable[[float], None]:
    """A pause in which the next of these happens; waiting for more than they bring is a fault."""
    left = list(acts)

    def pause(_seconds: float) -> None:
        left.pop(0)()

    return pause


def test_following_goes_on_across_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "sleepy.log"
    path.write_text(event("old") + "\n")

    def append(text: str) -> None:
        with path.open("a") as file:
            file.write(text)

    def rotate() -> None:
        append(event("last of the old") + "\n")
        path.replace(tmp_path / "sleepy.log.1")
        append(event("first of the new") + "\n")

    half = len(event("two")) // 2
    pause = acted(
        lambda: append(event("one") + "\n" + event("two")[:half]), lambda: append(event("two")[half:] + "\n"), rotate
    )
    found = list(islice(log.follow(path, pause=pause), 4))
    assert [item.message for item in found] == ["one", "two", "last of the old", "first of the new"]


def test_following_waits_for_a_log_and_leaves_out_what_is_below_the_level(tmp_path: Path) -> None:
    path = tmp_path / "sleepy.log"
    pause = acted(lambda: path.write_text(event("quiet", "debug") + "\n" + event("loud", "error") + "\n"))
    found = list(islice(log.follow(path, level=Level.WARNING, pause=pause), 1))
    assert [item.message for item in found] == ["loud"]


def test_the_command_prints_the_end_as_text_or_as_json(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "sleepy.log").write_text(
        event("failed", "error") + "\n  ValueError: x\n" + event("later", "warning", night="x") + "\n"
    )
    done = sleepy("logs", "--home", str(tmp_path), "-n", "1")
    assert done.stdout == "2026-11-24 03:00:00  warning  later  night=x\n"
    told = [json.loads(line) for line in sleepy("logs", "--home", str(tmp_path), "--json").stdout.splitlines()]
    assert len(told) == 3 and told[-1]["night"] == "x" and told[0]["level"] == "error"


def test_no_log_yet_is_one_line_with_its_remedy(tmp_path: Path) -> None:
    refused(sleepy("logs", "--home", str(tmp_path)), "no log", "sleepy start")


@pytest.mark.parametrize("word", ["notice", "", "WARNING"])
def test_a_level_of_another_name_is_shown_all_the_same(word: str) -> None:
    assert log.parse(event("x", word)).level is (Level.WARNING if word == "WARNING" else Level.INFO)
