"""Samples from real crates: built by cargo in the jail, broken in place, said as a user's `fix` would see them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from sleepy.daemon.lab.pretrain.crates import CrateBuilds, CrateCompiler, crate_compilers, moved, sample, samples
from sleepy.daemon.model import edits, prompt
from sleepy.koans import library
from sleepy.koans.forge.crates import BrokenFile, CrateBreaker, LineMap, MistakeBalance, crates
from sleepy.koans.library import Firewall
from sleepy.sandbox import rustc
from sleepy.sandbox.sandbox import Sandbox

_TILL = """\
//! A till.
use std::collections::BTreeMap;

pub mod coin;

use coin::Coin;

#[derive(Debug, Clone, Default)]
pub struct Till {
    coins: BTreeMap<u32, usize>,
    log: Vec<String>,
}

impl Till {
    pub fn new() -> Self {
        let coins = BTreeMap::new();
        Till { coins, log: Vec::new() }
    }

    pub fn put(&mut self, coin: Coin, count: usize) -> usize {
        let before = self.coins.get(&coin.value()).copied().unwrap_or(0);
        self.coins.insert(coin.value(), before + count);
        self.log.push(format!("{} x {}", coin.name(), count));
        before + count
    }

    pub fn total(&self) -> u64 {
        let mut total = 0;
        for (coin, count) in &self.coins {
            total += u64::from(*coin) * *count as u64;
        }
        total
    }

    pub fn last(&self) -> Option<&str> {
        self.log.last().map(|line| line.as_str())
    }

    pub fn merged(&self, other: &Till) -> Till {
        let mut out = self.clone();
        for (coin, count) in &other.coins {
            *out.coins.entry(*coin).or_insert(0) += count;
        }
        let line = format!("{} coins", out.coins.len());
        out.log.push(line);
        out
    }
}
"""
_COIN = """\
/// A coin by its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coin {
    value: u32,
}

impl Coin {
    pub fn new(value: u32) -> Option<Coin> {
        if value == 0 {
            return None;
        }
        Some(Coin { value })
    }

    pub fn value(&self) -> u32 {
        self.value
    }

    pub fn name(&self) -> String {
        match self.value {
            1 => "one".to_string(),
            other => other.to_string(),
        }
    }
}

#[cfg(windows)]
pub fn elsewhere() -> u32 {
    not_even_here()
}
"""


def write(folder: Path, name: str, texts: dict[str, str], dependencies: str = "") -> None:
    for path, text in texts.items():
        file = folder / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / name / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\nlicense = "MIT"\n{dependencies}'
    )


@pytest.fixture(scope="module")
def ready(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Sequence[CrateCompiler]:
    """Two crates, one using the other, and one that does not compile."""
    corpus = tmp_path_factory.mktemp("corpus")
    write(corpus, "till", {"src/lib.rs": _TILL, "src/coin.rs": _COIN})
    shop = "pub fn open() -> till::Till {\n    let till = till::Till::new();\n    till\n}\n"
    write(corpus, "shop", {"src/lib.rs": shop}, '[dependencies]\ntill = { path = "../till" }\n')
    write(corpus, "wrong", {"src/lib.rs": "pub fn f() -> u32 { true }\n"})
    builds = CrateBuilds(sandbox.jail, corpus, tmp_path_factory.mktemp("builds"))
    return crate_compilers(builds, list(crates(corpus)))


def test_crates_that_compile_are_ready_with_the_files_rustc_read(ready: Sequence[CrateCompiler]) -> None:
    assert [compiler.crate.name for compiler in ready] == ["shop", "till"]
    assert sorted(ready[1].texts()) == ["src/coin.rs", "src/lib.rs"]


def test_a_compilation_leaves_the_crate_as_it_was(ready: Sequence[CrateCompiler]) -> None:
    shop, _ = ready
    before = shop.texts()["src/lib.rs"]
    found = shop({"src/lib.rs": before.replace("till::Till::new()", "till::Till::open()")})
    assert [(fault.code, fault.places) for fault in found] == [("E0599", (("src/lib.rs", 2),))]
    assert shop({}) == []
    assert (shop.folder / "src" / "lib.rs").read_text() == before


def test_samples_bring_back_the_crate_and_say_what_a_single_mistake_would(ready: Sequence[CrateCompiler]) -> None:
    compiler = ready[1]
    breaker = CrateBreaker(compiler.crate, compiler.texts(), compiler)
    found = list(breaker.broken(random.Random(4), MistakeBalance()))
    assert len(found) >= 6
    for item in found:
        made = sample(item, "crate:till")
        if made is None:
            continue
        alone = compiler({item.file: item.text})
        single = BrokenFile(item.file, item.mistake, item.text, item.fixed, alone[0], LineMap(b"", []))
        assert sample(single, "crate:till") == made
        said = rustc.diagnostics(item.fault.said.encode(), item.file)
        error = moved(said, item.lines)
        assert error is not None
        asked = prompt.compose(item.text, (error,))
        again = edits.apply(item.text, asked.source_edits(made.answer))
        assert [line.split() for line in again.split("\n") if line.strip()] == [
            line.split() for line in item.fixed.split("\n") if line.strip()
        ]


def test_the_same_seed_makes_the_same_samples(ready: Sequence[CrateCompiler]) -> None:
    first = list(islice(samples(ready, 5), 12))
    assert first == list(islice(samples(ready, 5), 12))
    assert first != list(islice(samples(ready, 6), 12))
    assert {item.base for item in first} <= {"crate:till", "crate:shop"}
    assert len({item.prompt for item in first}) == len(first)


def test_held_back_codes_are_left_out(ready: Sequence[CrateCompiler]) -> None:
    seen = {item.code for item in islice(samples(ready, 5, held_back=frozenset()), 60)}
    assert "E0308" in seen
    assert "E0308" not in {item.code for item in islice(samples(ready, 5, held_back=frozenset(["E0308"])), 60)}


def test_small_crates_are_used_up(ready: Sequence[CrateCompiler]) -> None:
    assert 0 < len(list(samples(ready[:1], 1))) < 60


def test_what_is_in_the_exam_is_left_out_wherever_it_stands(ready: Sequence[CrateCompiler]) -> None:
    first = next(samples(ready, 5))
    window = prompt.window_of(first.prompt)
    assert len(window.strip().split("\n")) > 3 and "⟪" not in window
    exam = Firewall([replace(library.classics()[0], broken=window + "\nfn after() {}\n", fixed="")])
    assert exam.blocks_part(window) is not None
    kept = list(islice(samples(ready, 5, firewall=exam), 12))
    assert first not in kept and len(kept) == 12
    assert all(exam.blocks_part(prompt.window_of(item.prompt)) is None for item in kept)
