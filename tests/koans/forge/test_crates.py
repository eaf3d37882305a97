"""Mutation in place, with a compiler made of rules: what is found, what is broken, whose fault is whose."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sleepy.koans.forge.crates import (
    CrateBreaker,
    CrateFolder,
    Fault,
    LineMap,
    MistakeBalance,
    PlacedMistake,
    Unit,
    crates,
    units,
)
from sleepy.koans.forge.mistakes import BY_NAME, MISTAKES
from sleepy.koans.syntax import ParsedSource, TextChange

_LIB = """\
use std::collections::HashMap;

/// A till.
#[derive(Debug, Clone)]
pub struct Till {
    coins: HashMap<u32, u32>,
    name: String,
}

impl Till {
    pub fn new(name: &str) -> Self {
        let coins = HashMap::new();
        Till { coins, name: name.to_string() }
    }

    pub fn put(&mut self, coin: u32) {
        let before = self.coins.get(&coin).copied().unwrap_or(0);
        self.coins.insert(coin, before + 1);
    }

    pub fn total(&self) -> u32 {
        let mut total = 0;
        for (coin, count) in &self.coins {
            total += coin * count;
        }
        total
    }
}

#[cfg(test)]
mod checks {
    fn unseen() -> u32 {
        1
    }
}

macro_rules! twice {
    ($x:expr) => {
        $x + $x
    };
}
"""


def crate(folder: Path, name: str, licence: str, text: str = _LIB) -> CrateFolder:
    """A crate of one file, written below a folder."""
    root = folder / name
    (root / "src").mkdir(parents=True)
    (root / "src" / "lib.rs").write_text(text)
    (root / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\nlicense = "{licence}"\n'
    )
    return CrateFolder(name, "0.1.0", root)


class Rules:
    """A compiler that objects to each line that is not one of the crate's own, at that line."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.known = {name: set(text.split("\n")) for name, text in texts.items()}
        self.seen: list[dict[str, str]] = []

    def __call__(self, texts: Mapping[str, str]) -> Sequence[Fault]:
        self.seen.append(dict(texts))
        return [
            Fault("E0001", ((name, number),), line, f"{name}:{number}")
            for name, text in texts.items()
            for number, line in enumerate(text.split("\n"), start=1)
            if line not in self.known[name]
        ]


def test_crates_are_found_by_manifest_and_licence(tmp_path: Path) -> None:
    crate(tmp_path / "deep", "free", "MIT OR Apache-2.0")
    crate(tmp_path, "other", "GPL-3.0")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "Cargo.toml").write_text("[package")
    assert [found.name for found in crates(tmp_path)] == ["free"]
    assert [found.name for found in crates(tmp_path, licences=())] == ["free", "other"]
    assert list(next(crates(tmp_path)).texts()) == ["src/lib.rs"]


def test_units_are_whole_lines_of_functions_and_items_without_tests_and_macros() -> None:
    found = {(unit.first, unit.last): unit for unit in units("src/lib.rs", _LIB)}
    assert set(found) == {(1, 1), (4, 8), (10, 28), (11, 14), (16, 19), (21, 27)}
    rows = _LIB.split("\n")
    for (first, last), unit in found.items():
        whole = _LIB.encode()[unit.start : unit.end].decode()
        assert whole == "".join(row + "\n" for row in rows[first - 1 : last])
    assert found[4, 8].names == {"Till"}
    assert found[1, 1].names == {"HashMap"}
    assert found[16, 19].body == _LIB.encode().index(b"{", _LIB.encode().index(b"fn put"))


def test_each_edit_is_the_only_one_in_its_lines_and_has_its_own_error(tmp_path: Path) -> None:
    made = crate(tmp_path, "till", "MIT")
    texts = made.texts()
    rules = Rules(texts)
    found = list(CrateBreaker(made, texts, rules).broken(random.Random(1), MistakeBalance()))
    assert len(found) >= 4
    for item in found:
        assert item.fixed == _LIB != item.text
        ((_, line),) = item.fault.places
        alone = item.lines.alone(line)
        assert alone is not None
        assert item.text.split("\n")[alone - 1] == item.fault.words
    several = [
        seen for seen in rules.seen if len(seen["src/lib.rs"]) and seen["src/lib.rs"] not in {i.text for i in found}
    ]
    assert several, "some compilations took more than one edit"


def test_the_same_seed_breaks_a_crate_alike_and_no_visit_repeats_another(tmp_path: Path) -> None:
    made = crate(tmp_path, "till", "MIT")
    texts = made.texts()

    def visits(seed: int) -> list[str]:
        breaker, rng, balance = CrateBreaker(made, texts, Rules(texts)), random.Random(seed), MistakeBalance()
        return [item.text for _ in range(5) for item in breaker.broken(rng, balance)]

    first = visits(3)
    assert first == visits(3)
    assert first != visits(4)
    assert len(set(first)) == len(first)


def test_a_silent_compiler_ends_the_visit_with_nothing(tmp_path: Path) -> None:
    made = crate(tmp_path, "till", "MIT")
    balance = MistakeBalance()
    assert list(CrateBreaker(made, made.texts(), lambda _: []).broken(random.Random(1), balance)) == []
    assert {code for seen in balance.tried.values() for code in seen} == {"silent"}


def test_a_fault_that_names_two_edited_items_is_nobodys(tmp_path: Path) -> None:
    text = "pub struct First {\n    pub a: u32,\n}\n\npub struct Second {\n    pub b: u32,\n}\n"
    made = crate(tmp_path, "pair", "MIT", text)

    def blaming(words: str) -> set[str]:
        def compile_(texts: Mapping[str, str]) -> list[Fault]:
            return [Fault("E0001", (("src/lib.rs", 4),), words, "")]

        mistakes = [BY_NAME["other_number_type"]]
        found = CrateBreaker(made, made.texts(), compile_).broken(random.Random(1), MistakeBalance(), mistakes)
        return {item.text.replace("u64", "").replace("usize", "").replace("i32", "") for item in found}

    assert blaming("First and Second") == set()
    assert blaming("neither") == set()
    assert blaming("Second alone") == {text.replace("b: u32", "b: ")}


def test_a_rare_error_is_worth_more_than_a_common_one() -> None:
    balance = MistakeBalance(refused=frozenset(["E0004"]))
    common, rare, refused, silent = MISTAKES[:4]
    for _ in range(400):
        balance.keep("E0425")
        balance.record(common, "E0425")
        balance.record(refused, "E0004")
        balance.record(silent, "silent")
    for _ in range(10):
        balance.keep("E0499")
        balance.record(rare, "E0499")
    assert balance.worth(rare) > 5 * balance.worth(common)
    assert balance.worth(common) > balance.worth(silent) == balance.worth(refused)
    first = [balance.order(MISTAKES[:4], random.Random(seed))[0].name for seed in range(200)]
    assert first.count(rare.name) > 150


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=6), st.integers(0, 5))
def test_lines_of_many_edits_are_lines_of_one(sizes: list[tuple[int, int]], which: int) -> None:
    """Mistake i replaces `old` lines of its own five-line unit by `new` ones: every other line is found again."""
    rows = [f"u{i}l{k}" for i in range(len(sizes)) for k in range(5)]
    text = "".join(row + "\n" for row in rows)
    made = []
    for i, (old, new) in enumerate(sizes):
        start = text.index(f"u{i}l1")
        end = start + sum(len(row) + 1 for row in rows[i * 5 + 1 : i * 5 + 1 + old])
        unit = Unit("f", text.index(f"u{i}l0"), 0, 5 * i + 1, 5 * i + 5, None, frozenset())
        made.append(
            PlacedMistake(unit, MISTAKES[0], (TextChange(start, end, "".join(f"n{i}{k}\n" for k in range(new))),))
        )
    own = made[which % len(made)]
    together = ParsedSource(text).changed([change for edit in made for change in edit.changes]).split("\n")
    alone = ParsedSource(text).changed(own.changes).split("\n")
    lines = LineMap(text.encode(), made).of(own)
    seen = 0
    for number, row in enumerate(together, start=1):
        at = lines.alone(number)
        if at is not None:
            seen += 1
            assert alone[at - 1] == row
            if row in rows:
                assert rows[lines.before(number) - 1] == row
    assert seen >= 2 * len(sizes)
