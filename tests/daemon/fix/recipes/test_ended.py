"""A guard ends before an `.await`: nothing else is lost, and one that is needed after it is left."""

from __future__ import annotations

import pytest
from tests.daemon.fix.recipes.cooked import Change, Cooked, changed, cook

from sleepy.daemon.fix.doubt import doubts
from sleepy.sandbox.sandbox import Sandbox

_HEAD = """use std::future::{ready, Future};
use std::sync::{Arc, Mutex};

pub fn spawn<F: Future<Output = usize> + Send + 'static>(_: F) {}

async fn tell(count: usize) {
    ready(count).await;
}

fn note(_: &str) {}

pub fn run(seen: Arc<Mutex<Vec<usize>>>) {
    spawn(work(seen));
}

"""
_WORK = "async fn work(seen: Arc<Mutex<Vec<usize>>>) -> usize {\n"
# shape -> body, changes
_SHAPES: dict[str, tuple[str, list[Change]]] = {
    "dropped": (
        "    let mut held = seen.lock().unwrap();\n    held.push(1); // counted\n    let count = held.len();\n"
        '    drop(held);\n    note("between");\n    tell(count).await;\n    count\n',
        [
            ("    let mut held", "    let count = {\n        let mut held"),
            ("    held.push", "        held.push"),
            ("    let count = held.len();\n    drop(held);\n", "        held.len()\n    };\n"),
        ],
    ),
    "kept": (
        "    let mut held = seen.lock().unwrap();\n    if held.is_empty() {\n        held.push(1);\n"
        '        note("one\n    two");\n    }\n    tell(1).await;\n    2\n',
        [
            (
                '    let mut held = seen.lock().unwrap();\n    if held.is_empty() {\n        held.push(1);\n        note("',
                "    {\n        let mut held = seen.lock().unwrap();\n        if held.is_empty() {\n"
                '            held.push(1);\n            note("',
            ),
            ('two");\n    }\n', 'two");\n        }\n    }\n'),
        ],
    ),
    "two values": (
        "    let held = seen.lock().unwrap();\n    let count = held.len();\n    let mut first = held[0];\n"
        "    if count > 1 {\n        std::mem::drop(held);\n        tell(count).await;\n        first += 1;\n    }\n    first + count\n",
        [
            ("        std::mem::drop(held);\n", ""),
            ("    let held", "    let (count, mut first) = {\n        let held"),
            ("    let count", "        let count"),
            ("    let mut first = held[0];\n", "        let mut first = held[0];\n        (count, first)\n    };\n"),
        ],
    ),
    "an if let": (
        "    if let Some(last) = seen.lock().unwrap().pop() {\n        tell(last).await;\n    }\n    0\n",
        [
            (
                "if let Some(last) = seen.lock().unwrap().pop()",
                "let found = seen.lock().unwrap().pop();\n    if let Some(last) = found",
            )
        ],
    ),
    "a while let": (
        "    while let Some(last) = seen.lock().unwrap().pop() {\n        tell(last).await;\n    }\n    0\n",
        [
            (
                "while let Some(last) = seen.lock().unwrap().pop() {",
                "loop {\n        let Some(last) = seen.lock().unwrap().pop() else { break };",
            )
        ],
    ),
    "an argument": (
        "    tell(seen.lock().unwrap().len()).await;\n    0\n",
        [("tell(seen.lock().unwrap().len())", "let value = seen.lock().unwrap().len();\n    tell(value)")],
    ),
}
_DESK = """use std::future::ready;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::Mutex;

pub struct Desk {
    turn: Mutex<u32>,
    left: AtomicU32,
}

fn sendable<T: Send>(it: T) -> T {
    it
}

pub fn sell(desk: &Desk) {
    drop(sendable(desk.work()));
}

impl Desk {
    fn check(&self) {}

    async fn work(&self) -> u32 {
        BODY
    }
}
"""
_TURN = "let mut turn = self.turn.lock().unwrap();\n        *turn += 1;\n        "
_TOUCHED = {  # body -> whether the guard ends before the `.await`
    "let left = self.left.load(SeqCst);\n        ready(()).await;\n        self.left.store(left - 1, SeqCst);\n        1": False,
    "self.check();\n        ready(()).await;\n        self.left.load(SeqCst)": False,
    "for _ in 0..2 {\n            self.left.fetch_sub(1, SeqCst);\n            ready(()).await;\n        }\n        1": False,
    "let left = self.left.load(SeqCst);\n        drop(turn);\n        ready(()).await;\n"
    "        self.left.store(left, SeqCst);\n        1": True,
    "let left = self.left.load(SeqCst);\n        ready(()).await; // self.check()\n        left": True,
    "ready(()).await;\n        self.check();\n        self.left.load(SeqCst)": True,
}
_IF = """if let Some(turn) = self.turn.lock().unwrap().checked_sub(1) {
            self.check();
            ready(turn).await;
            self.left.store(turn, SeqCst);
        }
        1"""
_LEFT = {
    "needed after it": "    let mut held = seen.lock().unwrap();\n    held.push(1);\n    tell(1).await;\n    held.len()\n",
    "held for its own sake": "    let _held = seen.lock().unwrap();\n    tell(1).await;\n    0\n",
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    bodies = {**{name: body for name, (body, _) in _SHAPES.items()}, **_LEFT}
    programs = {name: f"{_HEAD}{_WORK}{body}}}\n" for name, body in bodies.items()}
    touched = {body: _DESK.replace("BODY", _TURN + body) for body in _TOUCHED}
    return cook(sandbox, {**programs, **touched, "of an if": _DESK.replace("BODY", _IF)})


@pytest.mark.parametrize("name", list(_SHAPES))
def test_a_guard_ends_before_the_await(made: dict[str, Cooked], name: str) -> None:
    own = made[name]
    body, changes = _SHAPES[name]
    assert own.first == own.broken.replace(body, changed(body, changes))
    assert own.doubts(own.first) == ()


@pytest.mark.parametrize("name", list(_LEFT))
def test_a_guard_that_is_needed_is_left(made: dict[str, Cooked], name: str) -> None:
    assert made[name].codes == [None]
    assert made[name].texts == []


@pytest.mark.parametrize("body", list(_TOUCHED))
def test_a_guard_of_what_is_touched_before_and_after_the_await_is_left(made: dict[str, Cooked], body: str) -> None:
    own = made[body]
    assert own.codes == [None]
    begun = "        {\n            let mut turn = self.turn.lock().unwrap();\n            *turn += 1;\n"
    assert [begun in text for text in own.texts] == [True] * _TOUCHED[body]


def test_a_guard_without_a_name_is_left_just_so(made: dict[str, Cooked]) -> None:
    assert made["of an if"].codes == [None]
    assert made["of an if"].texts == []


def test_any_other_call_that_goes_with_the_block_is_doubtful(made: dict[str, Cooked]) -> None:
    own = made["dropped"]
    lost = own.first.replace('    note("between");\n', "").replace("        held.push(1); // counted\n", "")
    assert doubts(own.broken, lost) == ("deletes a call of `push`", "deletes a call of `note`")
