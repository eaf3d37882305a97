"""When the watcher checks a crate, told by a table of seconds, and what it takes for half-typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sleepy.daemon.crate.git import Position
from sleepy.daemon.crate.sources import Snapshot, SourceFile
from sleepy.daemon.watch.crate_state import CrateState, Health, Pace, half_typed
from sleepy.sandbox.verdict import Diagnostic, Span

FILE = Path("/c/src/lib.rs")
WRONG = Diagnostic("E0308", "error", "wrong", (Span(1, 1, 1, 2, True),))
HERE = Position("ref: refs/heads/main", "a")


def crate(text: str, **others: str) -> Snapshot:
    files = {
        FILE: SourceFile(text, ()),
        **{Path("/c/src", name): SourceFile(said, ()) for name, said in others.items()},
    }
    return Snapshot(files, frozenset([FILE.parent]))


def test_a_check_waits_for_a_quiet_moment_and_is_not_repeated_without_a_change() -> None:
    state = CrateState(Pace(quiet=2, settle=5))
    for at, text, due in [(0, "a", False), (1, "b", False), (2.5, "b", False), (3, "b", True), (9, "b", True)]:
        state.look(crate(text), HERE, at)
        assert state.due(at) is due, at
    state.green()
    assert not state.due(100)
    state.look(crate("c"), HERE, 100)
    assert not state.due(101) and state.due(102)


def test_errors_become_a_mistake_when_the_developer_rests() -> None:
    state = CrateState(Pace(quiet=2, settle=5))
    state.look(crate("fn f() {}"), HERE, 0)
    state.red({FILE: (WRONG,)})
    assert state.settle(4.9) == []
    assert [item.path for item in state.settle(5)] == [FILE]
    assert state.settle(6) == []  # once


def test_while_one_types_the_record_is_renewed_and_afterwards_it_stays() -> None:
    state = CrateState(Pace(quiet=2, settle=5))
    for at, text in ((0, "fn a() {}"), (3, "fn b() {}")):
        state.look(crate(text), HERE, at)
        state.red({FILE: (WRONG,)})
    state.settle(8)
    state.look(crate("fn c() {}"), HERE, 20)
    state.red({FILE: (WRONG,)})
    state.look(crate("fn d() {}"), HERE, 30)
    [found] = state.green()
    assert (found.broken.text, found.fixed, found.why) == ("fn b() {}", "fn d() {}", "")


def test_a_move_of_git_ends_the_story() -> None:
    state = CrateState(Pace(quiet=2, settle=5))
    state.look(crate("fn a() {}"), HERE, 0)
    state.red({FILE: (WRONG,)})
    state.settle(5)
    assert state.look(crate("fn b() {}"), Position("ref: refs/heads/other", "b"), 6) is not None
    assert [item.text for item in state.forget()] == ["fn a() {}"]
    assert state.health is Health.UNKNOWN and state.due(8) and state.green() == []


def test_a_file_that_went_and_a_file_that_was_never_read_teach_nothing() -> None:
    state = CrateState(Pace(quiet=2, settle=5))
    state.look(crate("fn a() {}"), HERE, 0)
    state.red({FILE: (WRONG,), Path("/elsewhere/x.rs"): (WRONG,)})
    assert [item.path for item in state.settle(5)] == [FILE]
    state.look(Snapshot(), HERE, 6)
    assert [found.why for found in state.green()] == ["the file was removed"]


BODY = "fn f(s: String) {\n    let a = s;\n    let b = a.len();\n    let c = b + 1;\n    show(c);\n}\n"


@pytest.mark.parametrize(
    ("text", "half"),
    [
        (BODY, False),
        (BODY.replace("let a = s;", "let a = &mut s as u8;"), False),  # wrong, but said to the end
        (BODY.replace("let a = s;", "let a = s."), True),
        (BODY[:-2], True),
        (BODY + 'const A: &str = "', True),
        (BODY + "/* and", True),
        (BODY.replace("let b = a.len();", "let b = a.len("), True),
    ],
)
def test_half_typed_is_what_does_not_parse(text: str, half: bool) -> None:
    assert half_typed(text) is half
