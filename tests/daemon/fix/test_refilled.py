"""Which emptied places are given a new value again: texts, no compiler."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.refilled import refilled
from sleepy.sandbox import tree


def found(body: str, head: str = "impl Pile { fn f(&mut self) {") -> dict[tuple[str, str], int]:
    data = f"{head} {body} }} }}".encode()
    return dict(refilled(data, tree.parse(data)))


HEAD = {("take", "head"): 1}


@pytest.mark.parametrize(
    "body",
    [
        "let old = self.head.take(); self.head = Some(new(old));",
        "self.head = Some(Box::new(Frame { under: self.head.take() }));",
        "match self.head.take() { Some(top) => { self.head = top.under; } None => {} }",
        "let old = self.head.take(); if let Some(top) = old { self.head = top.under; }",
        "let top = self.head.take()?; self.head = top.under;",
        "let Some(top) = self.head.take() else { return; }; self.head = top.under;",
        "self.head.take().map(|top| { self.head = top.under; top.word })",
        "while let Some(top) = self.head.take() { sum += top.word; self.head = top.under; }",
        "loop { self.head = next; next = self.head.take(); }",
        "let old = self.head.take(); if deep { self.head = one(old); } else { self.head = two(old); }",
        "let old = self.head.take(); if old.is_none() { return; } self.head = old;",
        "let slot = &mut self.first; let old = slot.head.take(); slot.head = old;",
        "let old = self.head.take(); let top = old?; self.head = top.under;",
        "let top = self.head.take().ok_or(Gone)?; self.count -= 1; self.head = top.under;",
        "let old = self.head.take(); self.count += 1; self.words.push(3); self.head = made(old);",
        "let old = self.head.take(); self.head = Some(old); self.show()?; ask(self).await",
        "self.show()?; ask(self).await; let old = self.head.take(); self.head = made(old);",
        "let job = self.head.take(); match job { Some(job) if job.ends() => self.head = None, other => self.head = other }",
        "match self.head.take() { None => {} Some(Frame { under, .. }) => { self.head = under; self.show(); } }",
        "let old = self.head.take(); if old.is_some() && deep { self.head = one(old); } else { self.head = two(old); }",
        "let old = self.head.take(); if let Some(old) = old { self.head = old.under; } else { return Err(self.show()); }",
        "for word in words { let old = self.head.take(); self.head = made(old, word); self.show()?; }",
        "let old = self.head.take(); let made = sum(words.iter().map(|word| word.len()?)); self.head = made;",
    ],
)
def test_what_is_given_a_new_value_on_every_way_is_refilled(body: str) -> None:
    assert found(body) == HEAD


@pytest.mark.parametrize(
    "body",
    [
        "let old = self.head.take(); show(old);",
        "self.head = next; let old = self.head.take();",
        "let old = self.head.take(); if deep { self.head = Some(new(old)); }",
        "let old = self.head.take(); if deep { return; } self.head = old;",
        "let old = self.head.take(); other.head = old;",
        "let old = self.head.take(); match kind { 1 => self.head = old, _ => {} }",
        "let old = self.head.take(); let later = || { self.head = None; };",
        # it is left before
        "let old = self.head.take(); let new = made(old)?; self.head = new;",
        "let old = self.head.take(); let new = made(old).await; self.head = new;",
        "self.head = made(self.head.take())?;",
        "self.head = made(self.head.take()).await;",
        "let top = self.head.take()?; let word = read()?; self.head = top.under;",
        "let old = self.head.take(); let old = read(); let top = old?; self.head = top.under;",
        "for word in words { let old = self.head.take(); if word.ends() { break; } self.head = made(old); }",
        "let old = self.head.take(); if deep { self.head = one(old); } else { check()?; self.head = two(old); }",
        "self.head.take().map(|top| { let word = read()?; self.head = top.under; word })",
        # it may be read before
        "let old = self.head.take(); self.note(); self.head = old;",
        "let old = self.head.take(); note(self); self.head = old;",
        "let old = self.head.take(); note(1, &*self); self.head = old;",
        "let old = self.head.take(); let empty = self.head.is_none(); self.head = old;",
        'let old = self.head.take(); println!("{}", self.show()); self.head = old;',
        "self.head = self.made(self.head.take());",
        "self.head = made(self, self.head.take());",
        # there may be something that is none of what is asked for
        "let job = self.head.take(); match job { Some(job) if job.ends() => { self.head = None; } _ => {} }",
        "match self.head.take() { Some(Job::Done(word)) => { self.head = Some(word); } _ => {} }",
        "match self.head.take() { Some(Frame { word: 0, .. }) => { self.head = None; } other => show(other) }",
        "match self.head.take() { Some(a) if a.ends() => { self.head = None; } Some(_) => {} None => {} }",
        "if let Some(Job::Done(word)) = self.head.take() { self.head = Some(word); }",
        "let Some(Job::Done(word)) = self.head.take() else { return; }; self.head = word;",
        "let old = self.head.take(); if old.is_some() && deep { self.head = old; }",
        "let old = self.head.take(); if old.is_big() { self.head = old; }",
        "let old = self.head.take(); for word in old { self.head = word; }",
    ],
)
def test_what_may_stay_empty_is_not(body: str) -> None:
    assert found(body) == {}


@pytest.mark.parametrize(
    "body",
    [
        "match &mut self.head { Some(top) => { self.head = top.under.take(); } None => {} }",
        "if let Some(top) = self.head.as_mut() { self.head = top.under.take(); }",
        "let top = self.head.as_mut()?; self.head = top.under.take();",
        "while let Some(mut top) = at { at = top.under.take(); }",
        "while let Some(top) = at { if top.word == word { *at = top.under.take(); return; } }",
    ],
)
def test_a_part_of_what_is_replaced_may_be_emptied(body: str) -> None:
    assert found(body) == {("take", "under"): 1}
    assert found(body.replace("head = ", "last = ").replace("at = top.", "last = top.")) == {}


def test_what_is_dropped_and_what_is_replaced() -> None:
    drops = "impl Drop for Pile { fn drop(&mut self) {"
    assert found("let mut at = self.head.take();", drops) == HEAD
    assert found("let mut at = self.head.take();", drops.replace("Drop", "Stop")) == {}
    taken = "let old = std::mem::take(&mut self.words); self.words = sorted(old);"
    assert found(taken) == {("mem::take", "words"): 1}
    link = "match std::mem::replace(&mut self.head, Link::End) { Link::End => 0, Link::More(top) => { self.head = top; 1 } }"
    assert found(link) == {("mem::replace", "head"): 1}
    assert found(link.replace("Link::End =>", "Link::Last(_) =>")) == {}


def test_an_assignment_in_another_function_fills_nothing() -> None:
    old = "impl Door { fn show(&mut self) { let b = self.badge; go(b); } fn give(&mut self, b: B) { self.badge = b; } }"
    assert doubts(old, old.replace("= self.badge;", "= self.badge.take();")) == ("empties `badge` (`take`)",)
    filled = old.replace("go(b);", "self.badge = go(b);")
    assert doubts(filled, filled.replace("= self.badge;", "= self.badge.take();")) == ()


def test_an_iterator_that_is_cut_short_empties_nothing() -> None:
    old = "fn head(text: &str) -> Vec<&str> { let words = text.split(' '); words.collect() }"
    assert doubts(old, old.replace("words.collect()", "words.take(2).collect()")) == ()
    other = "fn head(&mut self) -> Words { self.made().words }"
    assert doubts(other, other.replace("words", "words.take()")) == ("empties `words` (`take`)",)
