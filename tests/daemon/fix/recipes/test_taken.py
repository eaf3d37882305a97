"""What is moved out of a reference is taken; no doubt where the place is filled again."""

from __future__ import annotations

import pytest
from tests.daemon.fix.recipes.cooked import Change, Cooked, changed, cook

from sleepy.sandbox.sandbox import Sandbox

_PILE = """pub struct Frame<T> {
    word: T,
    under: Option<Box<Frame<T>>>,
}

pub struct Pile<T> {
    head: Option<Box<Frame<T>>>,
    count: usize,
}

impl<T> Pile<T> {
    pub fn work(&mut self, word: T) -> Option<T> {
        BODY
    }
}
"""
_BADGE = """pub struct Door {
    badge: Option<String>,
    count: usize,
}

impl Door {
    pub fn show(&mut self) -> usize {
        let badge = self.badge;
        self.count += 1;
        badge.map_or(0, |each| each.len())
    }

    pub fn give(&mut self, badge: String) {
        self.badge = Some(badge);
    }
}
"""
# shape -> body, changes
_SHAPES: dict[str, tuple[str, list[Change]]] = {
    "let": (
        "let old = self.head;\n        self.head = Some(Box::new(Frame { word, under: old }));\n        None",
        [("= self.head;", "= self.head.take();")],
    ),
    "field": (
        "let fresh = Frame {\n            word,\n            under: self.head,\n        };\n"
        "        self.head = Some(Box::new(fresh));\n        None",
        [("under: self.head,", "under: self.head.take(),")],
    ),
    "match": (
        "let _ = word;\n        match self.head {\n            Some(top) => {\n                self.head = top.under;\n"
        "                self.count -= 1;\n                Some(top.word)\n            }\n            None => None,\n        }",
        [("match self.head {", "match self.head.take() {")],
    ),
    "while": (
        "let mut last = word;\n        while let Some(frame) = self.head {\n            last = frame.word;\n"
        "            self.head = frame.under;\n        }\n        Some(last)",
        [("= self.head {", "= self.head.take() {")],
    ),
    "map": (
        "drop(word);\n        self.head.map(|top| {\n            self.head = top.under;\n            top.word\n        })",
        [("self.head.map", "self.head.take().map")],
    ),
    "ref": (
        "let mut fresh = Frame { word, under: None };\n        if let Some(ref mut old) = self.head {\n"
        "            fresh.under = Some(*old);\n        }\n        self.head = Some(Box::new(fresh));\n        None",
        [("Some(ref mut old) = self.head {", "Some(old) = self.head.take() {"), ("*old", "old")],
    ),
    "as_mut": (
        "let under = match self.head.as_mut() {\n            Some(old) => Some(*old),\n            None => None,\n        };\n"
        "        self.head = Some(Box::new(Frame { word, under }));\n        None",
        [("self.head.as_mut()", "self.head.take()"), ("*old", "old")],
    ),
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    programs = {name: _PILE.replace("BODY", body) for name, (body, _) in _SHAPES.items()}
    return cook(sandbox, {**programs, "badge": _BADGE})


@pytest.mark.parametrize("name", list(_SHAPES))
def test_a_list_gives_its_head_and_gets_another(made: dict[str, Cooked], name: str) -> None:
    own = made[name]
    assert own.first == changed(own.broken, _SHAPES[name][1])
    assert own.doubts(own.first) == ()


def test_what_stays_empty_is_doubtful(made: dict[str, Cooked]) -> None:
    own = made["badge"]
    assert own.first == changed(_BADGE, [("= self.badge;", "= self.badge.take();")])
    assert own.doubts(own.first) == ("empties `badge` (`take`)",)
