"""The mistakes: each finds its places in programs, none of them in a test."""

from __future__ import annotations

import random

import pytest

from sleepy.koans.forge.mistakes import BY_NAME, CRATE_MISTAKES, MISTAKES
from sleepy.koans.koan import FAMILIES
from sleepy.koans.program import Program, programs
from sleepy.koans.syntax import ParsedSource

_BASES = list(programs())


def test_every_mistake_finds_a_place_in_some_base_program() -> None:
    left = {item.name: item for item in MISTAKES}
    for program in _BASES:
        source = ParsedSource(program.source)
        for name, mistake in list(left.items()):
            if next(mistake.places(source), None) is not None:
                del left[name]
    assert sorted(left) == []


def test_mistakes_have_names_titles_and_families() -> None:
    assert len(BY_NAME) == len(MISTAKES)
    for item in MISTAKES:
        assert item.family in FAMILIES, item.name
        assert item.title, item.name


@pytest.mark.parametrize("program", random.Random(12).sample(_BASES, 12), ids=lambda program: program.name)
def test_no_mistake_touches_the_tests(program: Program) -> None:
    whole = program.source + "\n" + program.tests
    source = ParsedSource(whole)
    start = len((program.source + "\n").encode())
    made = 0
    for item in MISTAKES:
        for changes in item.places(source):
            made += 1
            assert all(change.end <= start for change in changes), item.name
            assert source.changed(changes).endswith(program.tests), item.name
    assert made > 20


def test_the_mistakes_for_crates_find_their_places() -> None:
    text = """
fn sum(list: &mut Vec<(u32, String)>, other: Vec<u32>) -> u32 {
    list.push((1u32, String::new()));
    list.push((2, String::new()));
    let name = list[0].1.clone();
    let short = name.trim();
    let count = u64::from(list[0].0);
    'outer: for i in 0..=3 {
        for (at, _) in other.iter().enumerate().map(|(a, b)| (a, b)) {
            if at == i { continue 'outer; }
        }
    }
    drop(other);
    unsafe { std::hint::unreachable_unchecked() }
}
impl Iterator for Steps {
    type Item = u32;
    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
pub const fn one() -> usize { (0..3).len() }
"""
    source = ParsedSource(text)
    barren = [item.name for item in CRATE_MISTAKES if not list(item.places(source))]
    assert barren == []
    for item in CRATE_MISTAKES:
        assert item.title and item.family in FAMILIES and item.name not in BY_NAME
        for changes in item.places(source):
            assert source.changed(changes) != text
