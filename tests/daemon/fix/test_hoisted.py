"""What a repair calls where it was not called before: texts, no compiler."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.doubt import doubts

_OLD = """fn shown(big: bool, name: &str) -> usize {
    let text: &str = if big { loud(name).trim() } else { name };
    let other = match text { "" => name, _ => self.other(name).trim() };
    if big { self.all.push(self.all.len()); }
    text.len() + other.len()
}
"""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((("    let text", "    let b = loud(name);\n    let text"), ("loud(name).trim", "b.trim")), "loud(name)"),
        ((("    let other", "    let b = self.other(name);\n    let other"), ("self.other(name).", "b.")), "self.other(name)"),
        ((("    let text", "    let b;\n    let text"), ("loud(name).trim", "b = loud(name); b.trim")), ""),
        ((("{ self.all.push(self.all.len())", "{ let n = self.all.len(); self.all.push(n)"),), ""),
        ((("if big { self.all.push(self.all.len())", "let n = self.all.len(); if big { self.all.push(n)"),), ""),
    ],
)  # fmt: skip
def test_a_call_moved_out_of_its_branch_is_doubtful(changes: tuple[tuple[str, str], ...], said: str) -> None:
    new = _OLD
    for old, put in reversed(changes):
        assert old in new
        new = new.replace(old, put)
    assert doubts(_OLD, new) == ((f"calls `{said}` where it was not called",) if said else ())
