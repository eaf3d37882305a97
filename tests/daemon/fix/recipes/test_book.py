"""Recipes: what each makes of real errors, and that the compiler takes it. All programs are checked in two calls."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.recipes.book import proposals
from sleepy.daemon.fix.recipes.entry import entered
from sleepy.daemon.fix.recipes.threads import shared
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Span

_EXPR = """pub enum Expr {
    Num(i64),
    Neg(Expr),
    Add { left: Expr, right: Expr },
}

pub fn sample(deep: bool) -> Expr {
    let left = Expr::Num(1);
    let inner = if deep { Expr::Neg(Expr::Neg(Expr::Num(2))) } else { Expr::Num(3) };
    Expr::Add { left, right: inner }
}

impl Expr {
    pub fn negated(self) -> Self {
        Self::Neg(self)
    }

    pub fn value(&self) -> i64 {
        match self {
            Expr::Num(n) => *n,
            Expr::Neg(inner) => -inner.value(),
            Expr::Add { left, right } => left.value() + right.value(),
        }
    }
}
"""
_STACK = """pub struct Item<T> {
    value: T,
    below: Option<Item<T>>,
}

pub struct Stack<T> {
    top: Option<Item<T>>,
}

impl<T> Stack<T> {
    pub fn new() -> Self {
        Stack { top: None }
    }

    pub fn push(&mut self, value: T) {
        let below = self.top.take();
        self.top = Some(Item { value, below });
    }

    pub fn pop(&mut self) -> Option<T> {
        let item = self.top.take()?;
        self.top = item.below;
        Some(item.value)
    }
}
"""
_SHAPE = """pub trait Shape {
    fn unit() -> Self;
    fn area(&self) -> f64;
    fn scaled(&self, by: f64) -> Self
    where
        Self: Clone;
    fn fold<F: Fn(f64) -> f64>(&self, change: F) -> f64 {
        change(self.area())
    }
}

pub fn total(shapes: &[Box<dyn Shape>]) -> f64 {
    shapes.iter().map(|each| each.area()).sum()
}
"""
_COUNT = """use std::{cell::RefCell, rc::Rc};
use std::thread;

pub fn count(jobs: u32) -> u32 {
    let done = Rc::new(RefCell::new(0));
    let hands: Vec<_> = (0..jobs)
        .map(|n| {
            let done = Rc::clone(&done);
            thread::spawn(move || {
                *done.borrow_mut() += n;
                println!("{}", done.borrow());
            })
        })
        .collect();
    for hand in hands {
        hand.join().expect("no job panics");
    }
    let sum = *done.borrow();
    sum
}
"""
_MEAN = """pub fn norm(values: &[f64], count: usize) -> f64 {
    (values.iter().map(|x| x * x).sum() / count as f64).sqrt()
}
"""
_NEXT = """pub struct Token(u8);

pub struct Feed {
    held: Option<Token>,
    rest: Vec<Token>,
}

impl Feed {
    pub fn next(&mut self) -> Option<Token> {
        let now = self.held;
        self.held = self.rest.pop();
        now
    }
}
"""
_INDEX = """use std::collections::HashMap;

pub struct Index {
    rows: HashMap<String, Vec<usize>>,
}

impl Index {
    pub fn row(&mut self, word: &str) -> &mut Vec<usize> {
        if let Some(row) = self.rows.get_mut(word) {
            return row;
        }
        self.rows.insert(word.to_string(), Vec::new());
        self.rows.get_mut(word).unwrap()
    }
}
"""
_CACHE = """use std::collections::HashMap;

pub fn length<'a>(known: &'a mut HashMap<String, usize>, word: &str) -> &'a mut usize {
    match known.get_mut(word) {
        Some(length) => length,
        None => {
            let length = word.chars().count();
            known.insert(word.to_owned(), length);
            known.get_mut(word).unwrap()
        }
    }
}
"""
_TITLE = """pub fn title(name: &str, old: bool) -> Option<&str> {
    let text = name.to_uppercase();
    if name.is_empty() {
        return None;
    }
    Some(if old { text.as_str() } else { "none" })
}
"""
_PARTS = """pub fn parts(line: &str) -> Vec<&str> {
    let low = line.to_lowercase();
    low.split(' ').collect()
}
"""
_WORDS = """pub fn words(line: &str) -> Vec<String> {
    line.split(' ').collect()
}
"""
_FIRST = """pub fn first(line: &str) -> Option<String> {
    line.split(' ').next()
}
"""
_LIKES = """fn longest(names: &[&str]) -> usize {
    names.iter().map(|name| name.len()).max().unwrap_or(0)
}

fn kept(names: Vec<String>) -> usize {
    names.len()
}

pub fn of(own: Vec<String>, lent: Vec<&str>) -> usize {
    longest(&own) + kept(lent)
}
"""

# broken program -> (what the recipe is called, changes that it makes); an empty list where only the compiler judges
_RIGHT = {
    "expr": (
        _EXPR,
        [
            ("Neg(Expr),", "Neg(Box<Expr>),"),
            ("left: Expr, right: Expr", "left: Box<Expr>, right: Box<Expr>"),
            ("Expr::Neg(Expr::Neg(Expr::Num(2)))", "Expr::Neg(Box::new(Expr::Neg(Box::new(Expr::Num(2)))))"),
            ("{ left, right: inner }", "{ left: Box::new(left), right: Box::new(inner) }"),
            ("Self::Neg(self)", "Self::Neg(Box::new(self))"),
        ],
    ),
    "shape": (
        _SHAPE,
        [
            ("unit() -> Self;", "unit() -> Self where Self: Sized;"),
            ("Self: Clone;", "Self: Clone, Self: Sized;"),
            ("-> f64 {\n        change", "-> f64 where Self: Sized {\n        change"),
        ],
    ),
    "count": (
        _COUNT,
        [
            ("use std::{cell::RefCell, rc::Rc};", "use std::sync::Mutex;\nuse std::sync::Arc;"),
            ("Rc::new(RefCell::new(0))", "Arc::new(Mutex::new(0))"),
            ("Rc::clone", "Arc::clone"),
            ("done.borrow_mut()", "done.lock().unwrap()"),
            ("done.borrow()", "done.lock().unwrap()"),
        ],
    ),
    "mean": (_MEAN, [(".sum()", ".sum::<f64>()")]),
    "next": (_NEXT, [("= self.held;", "= self.held.take();")]),
    "index": (
        _INDEX,
        [
            (
                _INDEX[_INDEX.index("        if let") : _INDEX.index(".unwrap()\n") + len(".unwrap()")],
                "        self.rows.entry(word.to_string()).or_insert_with(Vec::new)",
            )
        ],
    ),
    "cache": (
        _CACHE,
        [
            (
                _CACHE[_CACHE.index("match") : _CACHE.rindex("\n}")],
                "known.entry(word.to_owned()).or_insert_with(|| { let length = word.chars().count(); length })",
            )
        ],
    ),
    "title": (
        _TITLE,
        [
            ("Option<&str>", "Option<String>"),
            ("text.as_str()", "text"),
            ('"none"', '"none".to_string()'),
        ],
    ),
    "parts": (_PARTS, [("Vec<&str>", "Vec<String>"), (".split(' ')", ".split(' ').map(str::to_string)")]),
    "words": (_WORDS, [(".split(' ')", ".split(' ').map(str::to_string)")]),
    "first": (_FIRST, [(".next()", ".next().map(str::to_string)")]),
    "likes": (
        _LIKES.replace("kept(lent)", "lent.len()"),
        [("(&own)", "(&own.iter().map(String::as_str).collect::<Vec<_>>())")],
    ),
    "other likes": (
        _LIKES.replace("longest(&own)", "own.len()"),
        [("(lent)", "(lent.iter().map(ToString::to_string).collect())")],
    ),
    "stack": (_STACK, [("below: Option<Item<T>>", "below: Option<Box<Item<T>>>"), ("top: Option<Item<T>>", "")]),
}


Made = dict[str, tuple[list[str], list[bool]]]  # the texts proposed, and whether each compiles


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> Made:
    said = dict(zip(_RIGHT, sandbox.check_many([broken for broken, _ in _RIGHT.values()]), strict=True))
    found = {}
    for name, (broken, _) in _RIGHT.items():
        texts = [text for each in said[name].diagnostics for _, text in proposals(broken, each)]
        found[name] = list(dict.fromkeys(texts))
    verdicts = iter(sandbox.check_many([text for texts in found.values() for text in texts]))
    return {name: (texts, [next(verdicts).passed for _ in texts]) for name, texts in found.items()}


@pytest.mark.parametrize("name", [name for name in _RIGHT if name != "stack"])
def test_a_recipe_is_what_a_person_writes_and_compiles(made: Made, name: str) -> None:
    broken, changes = _RIGHT[name]
    right = broken
    for old, new in changes:
        assert old in right
        right = right.replace(old, new)
    texts, compiles = made[name]
    assert right in texts
    assert compiles[texts.index(right)]
    assert doubts(broken, right) == ()


def test_a_list_is_boxed_where_it_is_held_too(made: Made) -> None:
    texts, compiles = made["stack"]
    assert len(texts) == 2 and compiles == [False, True]
    assert "top: Option<Box<Item<T>>>" in texts[1] and "Some(Box::new(Item { value, below }))" in texts[1]


def _in_one(source: str) -> list[str]:
    """What the entry makes of a text with an error in its first look."""
    line = source[: source.index(".get_mut")].count("\n") + 1
    return list(entered(source, Diagnostic("E0499", "error", "", (Span(line, line, 20, 21, True),))))


@pytest.mark.parametrize(
    ("old", "new", "is_one"),
    [
        ("insert(word.to_string()", "insert(word.to_owned()", True),
        ("insert(word.to_string()", "insert(word.clone()", True),
        ("insert(word.to_string()", "insert((&word).to_string()", True),
        ("insert(word.to_string()", "insert(word.to_uppercase()", False),
        ("insert(word.to_string()", "insert(other", False),
        ("get_mut(word).unwrap()", "get_mut(&word).unwrap()", True),
        ("get_mut(word).unwrap()", 'get_mut("").unwrap()', False),
        ("self.rows.get_mut(word).unwrap()", "&mut self.rows[word]", True),
        ("self.rows.get_mut(word).unwrap()", "&mut self.rows[other]", False),
        ("= self.rows.get_mut(word)", "= self.rows.get_mut(word.trim())", False),
    ],
)
def test_an_entry_is_of_one_key(old: str, new: str, is_one: bool) -> None:
    assert old in _INDEX
    assert len(_in_one(_INDEX.replace(old, new))) == is_one


_TILL = """use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone)]
struct Till {
    coins: Rc<RefCell<Vec<u32>>>,
}

impl Till {
    fn first(&self) -> u32 {
        self.coins.borrow()[0]
    }

    fn least(&self) -> u32 {
        self.first()
    }

    fn rate(&self) -> u32 {
        2
    }

    fn sum(&self) -> u32 {
        let coins = self.coins.borrow();
        let more = self.rate();
        coins.len() as u32 * more
    }
}
"""


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("self.rate()", "self.rate()", 2),
        ("self.rate()", "self.first()", 0),
        ("self.rate()", "(0..2).map(|_| self.first()).sum::<u32>()", 0),
        ("self.rate()", "self.least()", 0),  # by another
        ("self.rate()", "Till::first(self)", 0),
        ("let more = self.rate();\n        coins.len()", "let n = coins.len();\n        drop(coins);\n"
         "        let more = self.first();\n        n", 2),
        ("self.rate()", "0;\n        for _ in self.coins.borrow().iter() {\n            self.first();\n        }", 0),
        ("self.coins.borrow()[0]", "match self.coins.borrow().len() {\n            0 => 0,\n"
         "            _ => self.sum(),\n        }", 0),
        ("self.coins.borrow()[0]", "if let Some(n) = self.coins.borrow().first() {\n            self.sum()\n"
         "        } else {\n            0\n        }", 0),
        ("self.coins.borrow()[0]", "if self.coins.borrow().is_empty() {\n            self.sum()\n"
         "        } else {\n            0\n        }", 2),  # what is asked in an `if` is let go before its branches
        ("coins = self.coins.borrow()", "coins = self.coins.borrow().len()", 2),
        ("let coins = self.coins.borrow();\n        let more = self.rate();",
         "let more = self.first();\n        let coins = self.coins.borrow();", 2),
    ],
)  # fmt: skip
def test_no_lock_is_held_while_a_function_is_called_that_locks(old: str, new: str, count: int) -> None:
    assert old in _TILL
    said = Diagnostic("E0277", "error", "`Rc<RefCell<Vec<u32>>>` cannot be sent between threads safely")
    assert len(list(shared(_TILL.replace(old, new), said))) == count


def test_other_errors_have_no_recipe() -> None:
    assert list(proposals(_EXPR, Diagnostic("E0308", "error", "mismatched types"))) == []
    assert list(proposals(_COUNT, Diagnostic("E0277", "error", "`Rc<u8>` is not an iterator"))) == []
