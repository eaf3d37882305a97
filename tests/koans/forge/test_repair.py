"""A repair as a mistake: what it put in is taken out wherever code has the same shape."""

from __future__ import annotations

import pytest

from sleepy.koans.forge.repair import mistake_of
from sleepy.koans.syntax import ParsedSource


def made(broken: str, fixed: str, elsewhere: str) -> list[str]:
    """All programs that the mistake makes of another one."""
    mistake = mistake_of(broken, fixed)
    if mistake is None:
        return []
    source = ParsedSource(elsewhere)
    return [source.changed(changes) for changes in mistake.places(source)]


@pytest.mark.parametrize(
    ("broken", "fixed", "elsewhere", "found"),
    [
        ("let n = name;", "let n = name.clone();", "let é = list.clone(); f(x.clone())", ["let é = list; f(x.clone())"]),
        ("let sum = 0;", "let mut sum = 0;", "let mut best: u8 = 1;", ["let best: u8 = 1;"]),
        ("let sum = 0;", "let mut sum = 0;", "let mut best = \"a\";", ['let best = "a";']),
        ("g(x)", "g(&x)", "h(&y, z); h(z, &y)", ["h(y, z); h(z, &y)"]),  # an argument behind a comma is none behind a bracket
        ("g(x)", "g(&x)", "h(&y); h(z)", ["h(y); h(z)"]),
        ("m[k].len()", "m.get(&k).len()", "a.b(c.get(&d).map(e))", ["a.b(c[d].map(e))"]),
        ("n.into()::<u32> }", "n.into() }", "{ f() }", ["{ f()::<u32> }"]),
        ("{ x }", "{ x; }", "fn f() { y; }", ["fn f() { y }"]),
        ("f(a, a)", "f(a, a.b(a))", "f(a, c.b(c)); f(a, c.b(d))", ["f(a, c); f(a, c.b(d))"]),
        ("v.first().unwrap()", "v.first().copied()", "w.last().copied()", ["w.last().unwrap()"]),
    ],
)  # fmt: skip
def test_it_is_made_where_the_shape_is_the_same(broken: str, fixed: str, elsewhere: str, found: list[str]) -> None:
    assert made(broken, fixed, elsewhere) == found


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        ("a.totl()", "a.total()"),  # what a misspelt name was cannot be seen elsewhere
        ("let a = 1;", "let a = 1; // so"),
        ("a b c d e f g h i j", "k l m n o p q r s t"),
        ("f(x)", "f(x, self.a, self.b, self.c)"),
    ],
)
def test_what_says_nothing_elsewhere_is_no_mistake(broken: str, fixed: str) -> None:
    assert mistake_of(broken, fixed) is None


def test_repairs_of_one_shape_are_one_mistake_whatever_their_names() -> None:
    first, other = mistake_of("let n = name;", "let n = name.clone();"), mistake_of("let a = b;", "let a = b.clone();")
    another = mistake_of("let n = name;", "let n = name.to_vec();")
    assert first is not None and other is not None and another is not None
    assert first.name == other.name == "repair-" + first.name.removeprefix("repair-") != another.name
