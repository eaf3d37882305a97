"""Copies that a repair changes and loses; copies that are kept, or given away to be kept, are none."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.copies import lost_copies
from sleepy.daemon.fix.words import Words
from sleepy.sandbox.verdict import Diagnostic, Span

_ADDS = "fn added(mut jar: Vec<u8>, n: u8) -> Vec<u8> { jar.push(n); jar } fn weigh(jar: Vec<u8>) -> u8 { 1 } "
_TOLD = [
    ("fn f(&mut self) { let mut jar = self.jar; jar.lid += 1; show(jar.lid); }", "self.jar;", "self.jar.clone();"),
    ("fn f(&mut self) -> u8 { let mut jar = self.jar; jar.top.lid = 1; jar.name }", "self.jar;", "self.jar.clone();"),
    (_ADDS + "fn g(jar: Vec<u8>) { added(jar, 1); }", "added(jar, 1)", "added(jar.clone(), 1)"),
]
_MEANT = [
    ("fn f(&self) -> Jar { let mut jar = self.jar; jar.lid += 1; jar }", "self.jar;", "self.jar.clone();"),
    ("fn f(&self) { let mut jar = self.jar; jar.lid += 1; keep(jar); }", "self.jar;", "self.jar.clone();"),
    ("fn f(&self) -> u8 { let mut jar = self.jar; jar.lid }", "self.jar;", "self.jar.clone();"),
    (_ADDS + "fn g(jar: Vec<u8>) { let more = added(jar, 1); }", "added(jar, 1)", "added(jar.clone(), 1)"),
    (_ADDS + "fn g(jar: Vec<u8>) { weigh(jar); }", "weigh(jar)", "weigh(jar.clone())"),
    (_ADDS + "fn g(jar: Vec<u8>) { send(jar); }", "send(jar)", "send(jar.clone())"),
]


@pytest.mark.parametrize(("old", "what", "by"), _TOLD)
def test_a_copy_that_is_changed_and_lost_is_told(old: str, what: str, by: str) -> None:
    assert len(list(lost_copies(Words(old), Words(old.replace(what, by))))) == 1


@pytest.mark.parametrize(("old", "what", "by"), _MEANT)
def test_a_copy_that_is_kept_is_none(old: str, what: str, by: str) -> None:
    new = old.replace(what, by)
    assert new != old and not list(lost_copies(Words(old), Words(new)))


@pytest.mark.parametrize(
    ("old", "by", "count"),
    [
        ("let n = read(pages);", "pages.clone()", 1),
        ("let head = pages.nth(2);", "pages.clone()", 1),
        ("let n = pages.count();", "pages.clone()", 0),
    ],
)
def test_what_is_taken_from_a_copy_of_an_iterator_comes_again(old: str, by: str, count: int) -> None:
    one, other = Words(old), Words(old.replace("pages", by))
    for kind, found in (("Lines<'_>", count), ("Vec<u8>", 0)):
        label = f"move occurs because `pages` has type `{kind}`, which does not implement the `Copy` trait"
        said = Diagnostic("E0382", "error", "use of moved value", (Span(1, 1, 1, 2, False, label),))
        assert len(list(lost_copies(one, other, [said]))) == found
