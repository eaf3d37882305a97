"""A past of 30 commits with five repairs: exactly these are learnt, once, however often it is interrupted."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.daemon.desk import MANIFEST, NOON, plant, tree
from tests.daemon.history.planting import Step, extend, repository

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.crate.lesson import scrubbed
from sleepy.daemon.history.learn import kept, learn
from sleepy.daemon.history.look import CommitFinding, FileRepair, Look
from sleepy.memory.episodic import recall
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.recall import DeveloperRepair
from sleepy.sandbox.verdict import Diagnostic, Span

_TESTS = """
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn counts() {
        assert_eq!(total(&[2, 3]), 5);
    }
}
"""
_LIB = """pub mod price;

pub fn total(prices: &[u64]) -> u64 {
    let mut sum = 0;
    for price in prices {
        sum += price;
    }
    sum
}

pub fn longest(names: &[String]) -> String {
    let mut best = String::new();
    for name in names {
        if name.len() > best.len() {
            best = name.clone();
        }
    }
    best
}

pub fn mean(prices: &[u64]) -> u64 {
    total(prices) / prices.len() as u64
}
"""
LIB = _LIB + _TESTS
PRICE = "pub struct Price {\n    pub cents: u64,\n}\n\npub fn new(cents: u64) -> Price {\n    Price { cents }\n}\n"
USER = "use crate::price::Price;\n\npub fn double(price: &Price) -> u64 {\n    price.cents * 2\n}\n"
SECRET = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"


def _lib(old: str, new: str, text: str = LIB) -> dict[str, str | None]:
    assert old in text
    return {"src/lib.rs": text.replace(old, new)}


_KEYED = LIB.replace("let mut best", f'let _token = "{SECRET}";\n    let mut best')
_WIDE = {"src/lib.rs": LIB.replace("pub mod price;", "pub mod price;\npub mod user;"), "src/user.rs": USER}
_DONE: dict[str, str | None] = {"src/lib.rs": LIB}
PAST: list[Step | dict[str, str | None]] = [
    {"Cargo.toml": MANIFEST, "src/lib.rs": LIB, "src/price.rs": PRICE, ".gitignore": "target\n"},
    {"README.md": "one"},
    _lib("let mut sum", "let sum"),
    _DONE,  # a repair: one word forgotten
    _lib("as u64", ""),
    {"README.md": "in between"},
    _lib("prices.len() as u64", "u64::try_from(prices.len()).unwrap_or(1)"),  # a repair, with a commit in between
    _lib("best = name.clone()", "best = name"),
    _lib("best = name.clone()", "best = name.to_string()"),  # a repair
    _DONE,
    _lib(
        "        if name",
        "        let n = name.lenght();\n        report(n);\n        send(n);\n        if 1 < n && name",
    ),
    _DONE,  # unfinished work taken back
    {"src/price.rs": PRICE.replace("{ cents }", "{ cents: &cents }")},
    {"src/price.rs": PRICE, "README.md": "five", "notes.txt": "b"},  # a repair, with texts that do not count
    {**_WIDE, "src/price.rs": PRICE.replace("pub cents", "cents")},
    {"src/price.rs": PRICE},  # repaired in another file than the one with the error
    {"src/user.rs": None, "src/lib.rs": LIB},
    _lib("sum += price", "sum += *price as u32"),
    _lib("sum += price", "sum += price + 1"),  # compiles, and its tests fail
    _DONE,
    _lib("let mut best", f'let _token = "{SECRET}";\n    let best'),
    {"src/lib.rs": _KEYED},  # a repair beside a secret
    _DONE,
    {"README.md": "seven"},
    {"README.md": "eight"},
    {"README.md": "nine"},
    {"README.md": "ten"},
    {"README.md": "two"},
    {"README.md": "three"},
    {"notes.txt": "a", "README.md": "four"},
]
E0308 = Diagnostic("E0308", "error", "mismatched types", (Span(1, 1, 16, 20, True),))
REPAIRS = (3, 6, 8, 13, 21)


@dataclass(frozen=True)
class Lived:
    """The crate, its commits, the home after all runs, and what each run said."""

    names: list[str]
    home: Path
    untouched: bool
    killed: int
    said: dict[str, Any]
    complained: str
    summary: str


def _sleepy(*words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return subprocess.run(
        [sys.executable, "-m", "sleepy", "learn", *words], capture_output=True, text=True, timeout=300,
        env={**kept, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


_KILLED = """
import os, signal, sys
from pathlib import Path
from sleepy.daemon.base.home import Home
from sleepy.daemon.crate.lesson import scrubbed
from sleepy.daemon.history.learn import kept, learn
from sleepy.daemon.history.look import FileRepair, CommitFinding, Look

def say(what, done, total):
    if done == 7:
        os.kill(os.getpid(), signal.SIGKILL)

learn(Path(sys.argv[1]), 30, Home(Path(sys.argv[2])), say=say)
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Killed after ten commits, run to its end, run again, and again after one more commit."""
    folder = tmp_path_factory.mktemp("past")
    root, home = folder / "shop", folder / "home"
    names = repository(root, PAST)
    plant(root, {"src/lib.rs": "not even Rust", "untracked.rs": "x"})  # the work tree is not what is looked at
    before = tree(root)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(root), str(home)], timeout=300)
    words = (str(root), "--home", str(home), "--history", "30")
    first = _sleepy(*words, "--json")
    untouched = tree(root) == before
    names += extend(root, [{"README.md": "eleven"}])
    second = _sleepy(*words)
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    return Lived(names, home, untouched, killed.returncode, json.loads(first.stdout), first.stderr, second.stdout)


def _text(name: str, number: int) -> str:
    """A source as of a commit of `PAST`."""
    written = [step.files if isinstance(step, Step) else step for step in PAST[: number + 1]]
    return next(text for files in reversed(written) if (text := files.get(f"src/{name}.rs")))


def _kept(home: Path) -> list[DeveloperRepair]:
    with Database.open(Home(home).database) as db:
        return recall.repairs(db, limit=100)


def test_exactly_the_repairs_are_learnt(lived: Lived) -> None:
    kept = _kept(lived.home)
    repaired = [("lib", 3), ("lib", 6), ("lib", 8), ("price", 13), ("lib", 21)]
    expected = [(f"shop/src/{name}.rs", _text(name, number - 1), _text(name, number)) for name, number in repaired]
    hidden = [(name, *(text.replace(SECRET, "") for text in texts)) for name, *texts in expected]
    found = [
        (
            item.name,
            re.sub(r'(_token = ")\w{32}', r"\1", item.broken),
            re.sub(r'(_token = ")\w{32}', r"\1", item.source),
        )
        for item in kept
    ]
    assert sorted(found) == sorted(hidden)
    assert sorted(item.signature[:5] for item in kept) == ["E0308", "E0308", "E0308", "E0384", "E0596"]


def test_killed_and_run_again_it_looks_at_each_commit_once(lived: Lived) -> None:
    assert lived.killed == -signal.SIGKILL
    said = lived.said
    assert (said["commits"], said["known"], said["looked"], said["learnt"]) == (30, 7, 23, 3)
    assert [look["commit"] for look in said["looks"]] == lived.names[7:30]
    assert lived.complained == ""
    assert lived.summary.splitlines()[0] == "Looked at 1 of the last 30 commits of shop; 29 before."
    assert lived.summary.splitlines()[-1] == "0 repairs learnt."
    assert list((lived.home / "crates").iterdir()) == [lived.home / "crates" / "history.lock"]


def test_it_says_of_each_commit_what_it_found(lived: Lived) -> None:
    found = {lived.names.index(look["commit"]): look for look in lived.said["looks"]}
    learnt = [number for number, look in found.items() if look["finding"] == "learnt"]
    assert learnt == [number for number in REPAIRS if number >= 7]
    assert found[12]["finding"] == "compiled" and found[25]["finding"] == "no Rust"
    assert found[11]["files"][0]["why"] == "the edit was undone"
    assert found[15]["files"][0]["why"] == "it was repaired in another file"
    assert found[18]["finding"] == "broken" and found[18]["why"].startswith("its tests: failed: tests::counts")


def test_secrets_do_not_reach_the_memory(lived: Lived) -> None:
    [item] = [item for item in _kept(lived.home) if "_token" in item.source]
    assert SECRET not in item.broken + item.source
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in lived.home.glob("sleepy.db*"))


def test_nothing_is_written_in_the_repository(lived: Lived) -> None:
    assert lived.untouched


def test_a_crate_in_a_workspace_below_the_top_and_what_cannot_be_looked_at(tmp_path: Path) -> None:
    one = "app/one"
    manifest = '[workspace]\nmembers = ["one"]\nresolver = "2"\n'
    lib = "pub fn f(a: u64) -> u64 {\n    let b = a;\n    b\n}\n"
    own = MANIFEST.replace("shop", "one")
    names = repository(
        tmp_path / "r",
        [
            {f"{one}/Cargo.toml": own, f"{one}/src/lib.rs": lib, "other/x.rs": "no crate at all"},  # no workspace yet
            {"app/Cargo.toml": manifest, f"{one}/src/lib.rs": lib.replace("a;", "&a;")},
            {"other/x.rs": "nor now"},
            {f"{one}/src/lib.rs": None, f"{one}/src/main.rs": lib.replace("a;", "&a;") + "fn main() {\n    f(1);\n}\n"},
            {f"{one}/src/main.rs": None, f"{one}/src/bin/run.rs": lib + "fn main() {\n    f(1);\n}\n"},  # renamed and repaired
            {f"{one}/Cargo.toml": own + '[dependencies]\nno-such-crate-here = "1"\n', f"{one}/src/bin/run.rs": lib + "fn main() {}\n"},
            {f"{one}/src/bin/run.rs": lib + "fn main() {\n    f(2);\n}\n"},
        ],
    )  # fmt: skip
    (tmp_path / "cargo").mkdir()
    home = Home(tmp_path / "home")
    home.make().crates.mkdir()
    with (home.crates / "history.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="another `sleepy learn` is at work"):
            learn(tmp_path / "r" / one, 99, home)
    found = learn(tmp_path / "r" / one, 99, home, cargo_home=tmp_path / "cargo")
    assert (found.commits, found.known) == (7, 0)
    said = {names.index(look.commit): (look.finding.value, look.why) for look in found.looks}
    assert said[0] == ("first", "")
    assert said[1][0] == "compiled" and said[2][0] == "no Rust" and said[3] == ("broken", "it does not compile either")
    assert said[4] == ("learnt", "") and said[5][0] == "compiled"
    assert said[6][0] == "not looked at"
    assert "no-such-crate-here" in said[6][1] and "`cargo fetch` in" in said[6][1] and str(home.root) not in said[6][1]
    assert [item.name for item in _kept(home.root)] == ["one/src/bin/run.rs"]
    again = learn(tmp_path / "r" / one, 99, home, cargo_home=tmp_path / "cargo")
    assert [names.index(look.commit) for look in again.looks] == [6], "it is tried again, and nothing else is"


def test_a_repair_made_since_is_not_overwritten_and_the_same_one_is_kept_once(db: Database) -> None:
    repair = scrubbed("fn f() -> u8 { 1u16 }", "fn f() -> u8 { 1u8 }", [E0308])
    look = Look("c1", CommitFinding.LEARNT, (FileRepair("src/lib.rs", "shop/src/lib.rs", repair),))
    assert kept(db, look, lambda: NOON) == look
    [first] = recall.repairs(db)
    assert kept(db, look, lambda: NOON + timedelta(days=1)) == look and recall.repairs(db) == [first]
    other = replace(look, files=(replace(look.files[0], repair=replace(repair, fixed="fn f() -> u16 { 1u16 }")),))
    [item] = (found := kept(db, other, lambda: NOON)).files
    assert (found.finding, item.repair) == (CommitFinding.NO_LESSON, None) and "another repair" in item.why
    assert recall.repairs(db) == [first]


def test_a_crate_outside_a_repository_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    root = plant(tmp_path / "shop", {"Cargo.toml": MANIFEST, "src/lib.rs": LIB})
    with pytest.raises(UserError, match="in no git repository"):
        learn(root, 5, Home(tmp_path / "home"))
    assert not (tmp_path / "home").exists()
