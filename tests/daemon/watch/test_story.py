"""When the watcher looks closer, told by a table of seconds."""

from __future__ import annotations

from pathlib import Path

from sleepy.daemon.crate.git import Position
from sleepy.daemon.crate.sources import Snapshot, Source
from sleepy.daemon.watch.story import Health, Pace, Story
from sleepy.sandbox.verdict import Diagnostic, Span

FILE = Path("/c/src/lib.rs")
WRONG = Diagnostic("E0308", "error", "wrong", (Span(1, 1, 1, 2, True),))
HERE = Position("ref: refs/heads/main", "a")


def crate(text: str, **others: str) -> Snapshot:
    files = {FILE: Source(text, ()), **{Path("/c/src", name): Source(said, ()) for name, said in others.items()}}
    return Snapshot(files, frozenset([FILE.parent]))


def test_a_check_waits_for_a_quiet_moment_and_is_not_repeated_without_a_change() -> None:
    story = Story(Pace(quiet=2, settle=5))
    for at, text, due in [(0, "a", False), (1, "b", False), (2.5, "b", False), (3, "b", True), (9, "b", True)]:
        story.look(crate(text), HERE, at)
        assert story.due(at) is due, at
    story.green()
    assert not story.due(100)
    story.look(crate("c"), HERE, 100)
    assert not story.due(101) and story.due(102)


def test_errors_become_a_mistake_when_the_developer_rests() -> None:
    story = Story(Pace(quiet=2, settle=5))
    story.look(crate("fn f() {}"), HERE, 0)
    story.red({FILE: (WRONG,)})
    assert story.settle(4.9) == []
    assert [item.path for item in story.settle(5)] == [FILE]
    assert story.settle(6) == []  # once


def test_while_one_types_the_record_is_renewed_and_afterwards_it_stays() -> None:
    story = Story(Pace(quiet=2, settle=5))
    for at, text in ((0, "fn a() {}"), (3, "fn b() {}")):
        story.look(crate(text), HERE, at)
        story.red({FILE: (WRONG,)})
    story.settle(8)
    story.look(crate("fn c() {}"), HERE, 20)
    story.red({FILE: (WRONG,)})
    story.look(crate("fn d() {}"), HERE, 30)
    [found] = story.green()
    assert (found.broken.text, found.fixed, found.why) == ("fn b() {}", "fn d() {}", "")


def test_a_move_of_git_ends_the_story() -> None:
    story = Story(Pace(quiet=2, settle=5))
    story.look(crate("fn a() {}"), HERE, 0)
    story.red({FILE: (WRONG,)})
    story.settle(5)
    assert story.look(crate("fn b() {}"), Position("ref: refs/heads/other", "b"), 6) is not None
    assert [item.text for item in story.forget()] == ["fn a() {}"]
    assert story.health is Health.UNKNOWN and story.due(8) and story.green() == []


def test_a_file_that_went_and_a_file_that_was_never_read_teach_nothing() -> None:
    story = Story(Pace(quiet=2, settle=5))
    story.look(crate("fn a() {}"), HERE, 0)
    story.red({FILE: (WRONG,), Path("/elsewhere/x.rs"): (WRONG,)})
    assert [item.path for item in story.settle(5)] == [FILE]
    story.look(Snapshot(), HERE, 6)
    assert [found.why for found in story.green()] == ["the file went"]
