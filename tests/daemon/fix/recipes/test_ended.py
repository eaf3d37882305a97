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
_LEFT = {
    "needed after it": "    let mut held = seen.lock().unwrap();\n    held.push(1);\n    tell(1).await;\n    held.len()\n",
    "held for its own sake": "    let _held = seen.lock().unwrap();\n    tell(1).await;\n    0\n",
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    bodies = {**{name: body for name, (body, _) in _SHAPES.items()}, **_LEFT}
    return cook(sandbox, {name: f"{_HEAD}{_WORK}{body}}}\n" for name, body in bodies.items()})


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


def test_any_other_call_that_goes_with_the_block_is_doubtful(made: dict[str, Cooked]) -> None:
    own = made["dropped"]
    lost = own.first.replace('    note("between");\n', "").replace("        held.push(1); // counted\n", "")
    assert doubts(own.broken, lost) == ("deletes a call of `push`", "deletes a call of `note`")
