"""Days practise on the functions of the user's crates: broken in a copy, judged by their tests, a part kept for the exam."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.daemon.depot import LIB, MANIFEST, PRICE, SECRET, UNTESTED, depot
from tests.daemon.desk import plant, tree

from sleepy.daemon.attempt.attempt import case_of
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.state_keys import PRACTISED
from sleepy.daemon.crate import lesson
from sleepy.daemon.crate.practised import CrateProof
from sleepy.daemon.day import own_code, shelf
from sleepy.daemon.day.day import day
from sleepy.daemon.day.difficulty import Difficulty
from sleepy.daemon.day.own_code import FunctionSide, sides
from sleepy.daemon.model.answerer import ScriptedModel
from sleepy.daemon.model.edits import EditError
from sleepy.daemon.model.request import Request
from sleepy.daemon.night import exam
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.crates import Crates, CratesJudge
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.forge.functions import functions
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes, state
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric.router import Router
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome

NOW = datetime(2031, 3, 4, tzinfo=UTC)
EVEN = Difficulty({})
FILE = "depot/src/lib.rs"


class Knowing(ScriptedModel):
    """Knows both files as they were, and repairs them; under a route it says nothing."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(lambda request, route: "" if route else _right(request, texts))

    @contextmanager
    def serving(self, _subspace: Any) -> Iterator[Knowing]:
        yield self


def _right(request: Request, texts: dict[str, str]) -> str:
    first = request.source.partition("\n")[0]
    known = next((text for text in texts.values() if text.partition("\n")[0] == first), None)
    try:
        return request.taught(known) if known is not None else ""
    except EditError:
        return ""


@dataclass(frozen=True)
class Lived:
    """A home with a crate, and what one day's practice in it came to."""

    root: Path
    home: Home
    tools: Tools
    again: Callable[..., Tools]  # the same home's tools, as the next day opens them
    before: dict[str, tuple[int, int, bytes]]  # the crate, before anything


@pytest.fixture(scope="module")
def lived(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("own")
    root, home = depot(folder), Home(folder / "home").make()
    before = tree(root)
    (folder / "cargo").mkdir()
    with Database.open(home.database) as db:

        def opened(*paths: Path) -> Tools:
            named = [str(path) for path in paths or (root,)]
            crates = Crates(named, sandbox.jail, home.crates, db, now=lambda: NOW, cargo_home=folder / "cargo")
            texts = {name: text for crate in crates.ready() for name, text in crate.texts.items()}
            judge = CratesJudge(RememberingJudge(sandbox, db), crates)
            return Tools(db, home, Config(explore=0), Knowing(texts), judge, (), now=lambda: NOW, crates=crates)  # type: ignore[arg-type]

        tools = opened()
        day(tools, Served(), 5, 16)
        yield Lived(root, home, tools, opened, before)


def of_crate(lived: Lived) -> list[episodes.Recorded]:
    return [item for item in episodes.latest(lived.tools.db, limit=100) if item.episode.task.base.startswith("crate:")]


def test_a_quarter_of_a_day_is_of_the_crates_functions_and_their_tests_are_the_judge(lived: Lived) -> None:
    everything = episodes.latest(lived.tools.db, limit=100)
    mine = of_crate(lived)
    assert len(everything) == 16 and len(mine) == 4
    for item in mine:
        (tried,) = item.episode.attempts
        assert item.episode.passed and tried.rung == "model" and tried.prompt and tried.is_label
        assert item.episode.task.origin.startswith("forge:") and item.episode.signature
        assert item.episode.task.broken != item.episode.task.fixed
    assert Counter(item.episode.passed for item in everything)[True] == 4  # of other programs it knows nothing


def test_nothing_in_the_crate_is_touched_and_its_secret_is_kept_nowhere(lived: Lived) -> None:
    assert tree(lived.root) == lived.before
    assert SECRET in PRICE and any(item.episode.task.name.startswith("depot/src/price.rs") for item in of_crate(lived))
    kept = [path.read_bytes() for path in lived.home.root.glob("*.db*")]
    assert any(b"depot/src/price.rs" in data for data in kept) and not any(SECRET.encode() in data for data in kept)


def test_an_answer_counts_only_where_it_compiles_passes_and_leaves_the_tests_alone(lived: Lived) -> None:
    item = next(each for each in functions(FILE, LIB) if each.name == "Depot::weight")
    asked = Koan("k", "items", "", LIB.replace("let mut sum", "let sum"), LIB, base=item.base)

    def judged(answer: str) -> Outcome:
        return lived.tools.judge.judge_many([case_of(asked, answer)])[0].outcome

    assert judged(LIB.replace("let mut sum = 0;", "let mut sum = 0; // so far")) is Outcome.PASS
    assert judged(LIB.replace("let mut sum = 0", "let mut sum: u32 = Default::default()")) is Outcome.PASS
    assert judged(LIB.replace("let mut sum = 0", "let mut sum = 1")) is Outcome.FAIL
    assert judged(asked.broken) is Outcome.COMPILE_ERROR
    assert judged(LIB.replace("assert_eq!(depot.weight(), 47)", "assert_eq!(depot.weight(), 0)")) is Outcome.REJECTED
    assert judged(LIB.replace("pub fn names", "fn names")) is Outcome.API_MISMATCH
    (elsewhere,) = lived.tools.judge.judge_many([case_of(Koan("k", "items", "", "a", "b", base="crate:x/y#z"), "c")])
    assert elsewhere.outcome is Outcome.INFRA_ERROR and not elsewhere.is_label


def test_a_function_stays_on_its_side_and_is_read_anew_when_it_has_changed(lived: Lived, tmp_path: Path) -> None:
    first = {item.base: where for where, found in sides(lived.tools).items() for item in found}
    assert {FunctionSide.TAUGHT, FunctionSide.HELD_OUT, FunctionSide.CASES} == set(first.values()) and len(first) == 14
    moved = depot(tmp_path / "moved")
    text = LIB.replace("let mut sum = 0;", "let mut sum: u32 = 0;").replace("//! A depot", "//! Another depot")
    plant(moved, {"src/lib.rs": text})
    found = sides(lived.again(moved))
    assert {item.base: where for where, some in found.items() for item in some} == first
    weight = next(item for some in found.values() for item in some if item.name == "Depot::weight")
    assert "let mut sum: u32 = 0;" in weight.source
    (tmp_path / "moved/depot/src/lib.rs").write_text(LIB)
    assert "let mut sum: u32" not in "".join(
        item.source for some in sides(lived.again(moved)).values() for item in some
    )


def test_the_next_day_builds_nothing_again(lived: Lived) -> None:
    def built() -> dict[str, tuple[int, int, bytes]]:
        places = [path for path in lived.home.crates.iterdir() if (path / f"mirror{lived.root}").is_dir()]
        (place,) = places
        return tree(place / "target")

    before = built()
    tools = lived.again()
    for _ in range(2):
        got = own_code.practice(tools, 7, 4, known=EVEN, exam=())
    assert len(got) == 4
    now = built()
    tools = lived.again()
    assert own_code.practice(tools, 7, 4, known=EVEN, exam=()) == got
    assert built() == now and before


def test_practice_leaves_out_what_no_test_comes_to_and_what_is_kept_for_the_exam(lived: Lived) -> None:
    private = {item.base for item in sides(lived.tools)[FunctionSide.CASES]}
    asked = [item for seed in (1, 2) for item in own_code.practice(lived.tools, seed, 6, known=EVEN, exam=())]
    bases = {item.koan.base for item in asked}
    assert len(asked) == 12 and len(bases) > 4
    assert not bases & private and not any(base.endswith(f"#{UNTESTED}") for base in bases)
    assert len({item.koan.digest for item in asked[:6]}) == 6
    assert all(item.koan.broken != item.koan.fixed and item.diagnostics for item in asked)
    near = own_code.practice(lived.tools, 1, 3, known=EVEN, exam=[item.koan for item in asked])
    assert near == []  # the firewall holds for them as for all


UNFIT: dict[str, tuple[str | None, str]] = {  # a crate's only file, and why it cannot be practised on
    "wrong": ("pub fn one() -> u8 {\n    true\n}\n", "it does not compile"),
    "untested": ("pub fn one() -> u8 {\n    1\n}\n", "it has no tests, and nothing else says which repair is right"),
    "failing": (
        "pub fn one() -> u8 {\n    1\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn two() {\n"
        "        assert_eq!(super::one(), 2);\n    }\n}\n",
        "its tests fail: tests::two",
    ),
    "nowhere": (None, "does not exist"),
}


def test_crates_that_cannot_be_practised_on_are_left_out_in_one_line_each(lived: Lived, tmp_path: Path) -> None:
    for name, (lib, _) in UNFIT.items():
        if lib is not None:
            plant(tmp_path / name, {"Cargo.toml": MANIFEST.replace("depot", name), "src/lib.rs": lib})
    tools = lived.again(*(tmp_path / name for name in UNFIT), lived.root)
    done = day(tools, Served(), 1, 4)
    said = dict(line.split(": ", 1) for line in done.left_out)
    assert len(done.left_out) == len(said) and set(said) == set(UNFIT)
    for name, (_, why) in UNFIT.items():
        assert why in said[name] and "\n" not in said[name]
    assert done.attempted == 4  # and the other crate's functions are practised on


def test_a_crate_that_was_too_slow_is_not_built_again_on_the_same_day(lived: Lived, tmp_path: Path) -> None:
    root, db = depot(tmp_path), lived.tools.db
    slow = CrateProof("as it was", "a check with its tests takes 40 seconds, more than 20", seconds=40.0)
    for when, built in ((NOW, False), (NOW - timedelta(days=2), True)):
        state.put(db, f"{PRACTISED}{root}", asdict(slow), now=when)
        crates = lived.again(root).crates
        assert crates is not None and crates.left_out == (() if built else (f"depot: {slow.why}",))
        assert any((place / f"mirror{root}").is_dir() for place in lived.home.crates.iterdir()) is built


def test_what_changes_while_it_is_judged_is_no_verdict(lived: Lived, tmp_path: Path) -> None:
    root = depot(tmp_path)
    tools = lived.again(root)
    item = next(each for each in functions(FILE, LIB) if each.name == "parse")
    asked = Koan("k", "items", "", LIB.replace("Ok((name", "Ok((nam"), LIB, base=item.base)
    plant(root, {"src/price.rs": PRICE.replace("cents: u64", "cents: u32")})
    (verdict,) = tools.judge.judge_many([case_of(asked, asked.broken)])
    assert verdict.outcome is Outcome.INFRA_ERROR and "was changed meanwhile" in verdict.detail


def test_the_functions_kept_for_the_exam_are_cases_that_a_challenger_may_not_lose(lived: Lived) -> None:
    found = own_code.cases(lived.tools)
    private = {item.base for item in sides(lived.tools)[FunctionSide.CASES]}
    assert len(found) == own_code.CASES and {item.koan.base for item in found} <= private
    assert own_code.cases(lived.again()) == found
    assert all(shelf.is_held_out(base) for base in private)
    challenger = Served("c", None, Router({item.signature: "p" for item in found}))
    pairs = exam.sit(lived.tools, found, Served(), challenger, what="your cases").pairs()
    assert [(pair.baseline, pair.challenger, pair.route) for pair in pairs] == [(True, False, "p")] * len(found)


def test_a_function_in_which_a_repair_of_the_users_was_learnt_is_no_case_any_more(lived: Lived, tmp_path: Path) -> None:
    tools = lived.again(depot(tmp_path / "third"))
    name = "depot/src/price.rs"
    text = next(item.text for item in sides(tools)[FunctionSide.CASES] if item.name == "is_known")
    broken = text.replace("word.len() == known", "word.size() == known")
    with Database.open(tmp_path / "other.db") as db:
        theirs = Tools(db, tools.home, tools.config, tools.model, tools.judge, (), crates=tools.crates)
        assert any(item.name == "is_known" for item in sides(theirs)[FunctionSide.CASES])
        koan = Koan("k", "items", "", broken, text, base=f"crate:{name}#is_known")
        (verdict,) = tools.judge.judge_many([case_of(koan, broken)])
        lesson.keep(db, name, lesson.scrubbed(broken, text, verdict.diagnostics), now=NOW)
        assert not any(item.name == "is_known" for found in sides(theirs).values() for item in found)
