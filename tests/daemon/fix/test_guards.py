"""Borrows and locks that a repair keeps while something may wait for them."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.guards import kept_guards
from sleepy.daemon.fix.words import Words

_HIVE = (
    "impl Hive { fn stir(&self) { self.bees.borrow_mut().count += 1; } fn tell(&self) { self.stir(); } "
    "fn size(&self) -> u8 { self.frames } fn f(&self) -> usize { %s } }"
)
_OLD = "let name = self.bees.borrow().queen.as_str(); "
_NEW = "let bees = self.bees.borrow(); let name = bees.queen.as_str(); "


@pytest.mark.parametrize(
    ("old", "new", "called"),
    [
        (_OLD + "self.stir(); name.len()", _NEW + "self.stir(); name.len()", "stir"),
        (_OLD + "self.tell(); name.len()", _NEW + "self.tell(); name.len()", "tell"),  # by way of another
        (_OLD + "self.elsewhere(); name.len()", _NEW + "self.elsewhere(); name.len()", "elsewhere"),
        (_OLD + "self.bees.borrow_mut().count = 1; 2", _NEW + "self.bees.borrow_mut().count = 1; 2", "borrow_mut"),
        ("let n = log.lock().unwrap().last(); log.lock().unwrap().len()",
         "let log_ = log.lock().unwrap(); let n = log_.last(); log.lock().unwrap().len()", "lock"),
        (_OLD + "self.size(); name.len()", _NEW + "self.size(); name.len()", ""),
        (_OLD + "name.len()", _NEW + "name.len()", ""),
        (_OLD + "self.stir(); 1", _NEW + "drop(bees); self.stir(); 1", ""),
        ("{ " + _OLD + "} self.stir(); 1", "{ " + _NEW + "} self.stir(); 1", ""),
        (_NEW + "self.stir(); 1", _NEW + "self.stir(); 2", ""),  # it was kept before
    ],
)  # fmt: skip
def test_a_guard_kept_past_a_call_that_comes_to_it_is_told(old: str, new: str, called: str) -> None:
    found = list(kept_guards(Words(_HIVE % old), Words(_HIVE % new)))
    assert [each.rpartition(" while `")[2] for each in found] == ([f"{called}` is called"] if called else [])
