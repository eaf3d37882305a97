"""Patterns in words: every form a signature can have, and no two said alike."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.base.pattern import fitted, named, spoken
from sleepy.koans import library
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.sandbox import Sandbox

_LONG = "E0277:the `?` operator can only be used in a {} that returns `Result` or `Option` (or another"
_SPOKEN = {
    "E0308:Vec<-()@fn": "E0308 expected Vec, found () (in a fn)",
    "E0308:Result<-integer@impl": "E0308 expected Result, found integer (in an impl)",
    "E0308:int<-int@fn": "E0308 expected one int type, found another (in a fn)",
    "E0308:Option<int><-Option<&int>@fn": "E0308 expected Option<int>, found Option<&int> (in a fn)",
    "E0308:Grid<-#><-Grid<int>@fn": "E0308 expected Grid<-#>, found Grid<int> (in a fn)",
    "E0308:fn(int) -> _<-closure@fn": "E0308 expected fn(int) -> _, found closure (in a fn)",
    "E0308:(&str, Option<-int@fn": "E0308 expected (&str, Option…, found int (in a fn)",
    "E0308:types differ in mutability@fn": "E0308 types differ in mutability (in a fn)",
    "E0277:Hash@struct": "E0277 Hash is not implemented (in a struct)",
    "E0277:_@fn": "E0277 _ is not implemented (in a fn)",
    "E0277:Fn(&_) -> bool@fn": "E0277 Fn(&_) -> bool is not implemented (in a fn)",
    "E0277:`_` is not an iterator@fn": "E0277 `_` is not an iterator (in a fn)",
    "E0277:can't compare `_` with `_`@enum": "E0277 can't compare `_` with `_` (in an enum)",
    "E0599:no method push@fn": "E0599 no method named push (in a fn)",
    "E0599:no variant or associated item _@fn": "E0599 no variant or associated item named _ (in a fn)",
    "E0061:this method takes # argument but # arguments were supplied@fn": (
        "E0061 this method takes 1 argument but N arguments were supplied (in a fn)"
    ),
    "E0061:this function takes # arguments but # arguments were supplied@fn": (
        "E0061 this function takes N arguments but M arguments were supplied (in a fn)"
    ),
    "E0594:cannot assign to `self.#`, as `self` is not declared as mutable@fn": (
        "E0594 cannot assign to `self.#`, as `self` is not declared as mutable (in a fn)"
    ),
    "E0615:attempted to take value of method `_` on type `{closure@_._:#:#}`@fn": (
        "E0615 attempted to take value of method `_` on type `{closure@_._:#:#}` (in a fn)"
    ),
    "uncoded:mismatched closing delimiter: `}`@fn": "mismatched closing delimiter: `}` (in a fn)",
    "uncoded:expected one of `:`, `@`, or `|`, found `_`@fn": "expected one of `:`, `@`, or `|`, found `_` (in a fn)",
    "E0106:missing lifetime specifier@type": "E0106 missing lifetime specifier (in a type alias)",
    "E0432:unresolved import `_`@use": "E0432 unresolved import `_` (in a use)",
    "uncoded:expected `;`, found `#`@macro_rules!": "expected `;`, found `#` (in a macro)",
    "E0601:`_` function not found in crate `_`@file": "E0601 `_` function not found in crate `_` (at top level)",
    f"{_LONG.format('method')[:96]}@fn": f"{_LONG.format('method')[:96].replace(':', ' ', 1)}… (in a fn)",
    "E0425:x": "E0425 x",
    "E0382": "any E0382",
    "uncoded": "any error without a code",
    "all": "all errors",
    "no error in this file": "no error in this file",
    "": "",
}
_DETAILS = (
    "Vec", "_", "Send", "Vec<-()", "()<-Vec", "_<-_", "&_<-&_", "Vec<int><-Vec<float>", "no method push", "no method _",
    "no field `_` on type `_`", "missing field `_` in initializer of `_`", "takes # argument but # arguments",
    "takes # arguments but # argument", "takes # arguments but # arguments", "expected `;`, found `_`",
    "`_` is not an iterator", "missing lifetime specifier", "type annotations needed", "type annotations needed for `_`",
)  # fmt: skip
_ITEMS = (
    "fn",
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "use",
    "mod",
    "type",
    "const",
    "static",
    "macro_rules!",
    "file",
)
_GRAMMAR = [
    f"{code}:{detail}@{item}"
    for code, detail, item in product(("E0277", "E0308", "E0599", "E0425", "uncoded"), _DETAILS, _ITEMS)
]


@pytest.mark.parametrize(("name", "words"), _SPOKEN.items())
def test_a_pattern_is_said_as_people_say_it(name: str, words: str) -> None:
    assert spoken(name) == words


def test_no_two_patterns_are_said_alike() -> None:
    assert len({spoken(name) for name in _GRAMMAR}) == len(_GRAMMAR)


def test_what_the_compiler_says_of_real_programs_stays_apart(sandbox: Sandbox) -> None:
    koans = random.Random(6).sample(library.sealed_exam(), 60)
    verdicts = sandbox.check_many([koan.broken for koan in koans])
    names = {
        signature(said, koan.broken)
        for koan, verdict in zip(koans, verdicts, strict=True)
        for said in verdict.diagnostics
    }
    assert len(names) > 20
    assert len({spoken(name) for name in names}) == len(names)
    assert all("\n" not in spoken(name) and "<-" not in spoken(name) for name in names)


@given(st.text())
def test_any_text_can_be_said(text: str) -> None:
    assert bool(spoken(text)) == bool(text)
    assert spoken(f"E0308:{text}@fn")
    assert set(fitted([text], 10)) == {text}


@given(st.lists(st.sampled_from(_GRAMMAR), min_size=1, max_size=40), st.integers(30, 80))
def test_patterns_that_are_cut_stay_apart(names: list[str], width: int) -> None:
    shown = fitted(names, width)
    assert len(set(shown.values())) == len(set(names))
    assert all(len(text) <= width or text == spoken(name) for name, text in shown.items())


def test_a_cut_keeps_the_place_and_what_differs() -> None:
    one, other, third = (
        f"E0425:cannot find type `{name}` in this scope@struct" for name in ("BTreeMap", "HashMap", "_")
    )
    assert list(fitted([one, other, third], 40).values()) == [
        "E0425 cannot find type `B… (in a struct)",
        "E0425 cannot find type `H… (in a struct)",
        "E0425 cannot find type `_… (in a struct)",
    ]
    function, method = (f"{_LONG.format(item)[:96]}@fn" for item in ("function", "method"))
    assert list(fitted([function, method], 40).values()) == [
        "E0277 …function that returns … (in a fn)",
        "E0277 …method that returns `R… (in a fn)",
    ]


@pytest.mark.parametrize(
    ("text", "whole", "found"),
    [
        ("E0308:Vec<-()@fn", False, ["E0308:Vec<-()@fn"]),
        ("E0308:Vec", False, ["E0308:Vec<-()@fn", "E0308:Vec<-Map@fn"]),
        ("E0308 expected Vec, found ()", False, ["E0308:Vec<-()@fn"]),
        ("E0308 expected Vec, found Map (in a fn)", True, ["E0308:Vec<-Map@fn"]),
        ("E0308 expected Vec, found Map", True, []),
        ("E0382:x@fn", False, ["E0382:x@fn"]),  # though another begins so
        ("E0", False, ["E0308:Vec<-()@fn", "E0308:Vec<-Map@fn", "E0382:x@fn", "E0382:x@fn2"]),
        ("", False, []),
        ("Vec", False, []),
    ],
)
def test_a_pattern_is_named_by_its_signature_or_its_words(text: str, whole: bool, found: list[str]) -> None:
    assert named(text, ["E0308:Vec<-()@fn", "E0308:Vec<-Map@fn", "E0382:x@fn", "E0382:x@fn2"], whole=whole) == found


@pytest.mark.parametrize("width", [0, 1, 5, 12])
def test_too_little_room_loses_nothing(width: int) -> None:
    names = ["E0308:Vec<-()@fn", "E0308:Vec<-Map@fn"]
    assert len(set(fitted(names, width).values())) == 2
