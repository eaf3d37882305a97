"""A Ray cluster as a place: order, back-pressure, errors, nodes that are lost, that cannot do the work or are of another sleepy.

Nodes are real, one core each, on this machine. What takes longer stands in `test_night_on_nodes.py`.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.daemon.jobs import acts
from tests.daemon.jobs.conftest import LocalCluster

import sleepy
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.jobs.nodes import Nodes
from sleepy.daemon.jobs.work import JobFailed, JobKind
from sleepy.daemon.tools.judging import SpreadJudge
from sleepy.daemon.tools.remembering_judge import RememberingJudge
from sleepy.memory.episodic import tables
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome, Verdict

TESTS = "mod tests {\n    use super::*;\n    #[test]\n    fn right() { assert_eq!(f(2), 4); }\n}\n"


def cases(count: int) -> list[Case]:
    """Programs of three kinds: right ones, wrong ones, and ones that do not compile."""
    bodies = ("x + x", "x + 1", "x + y")
    return [Case(f"pub fn f(x: u64) -> u64 {{ let _k = {i}; {bodies[i % 3]} }}\n", TESTS) for i in range(count)]


OUTCOMES = (Outcome.PASS, Outcome.FAIL, Outcome.COMPILE_ERROR)


@pytest.fixture(scope="module")
def nodes(cluster: LocalCluster) -> Iterator[Nodes]:
    with closing(Nodes(cluster.address)) as opened:
        yield opened


def said(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict says, without how long it took and how the compiler laid out its words."""
    words = [(each.code, each.level, each.message, each.spans, each.suggestions) for each in verdict.diagnostics]
    return verdict.outcome, verdict.detail, verdict.tests, verdict.calls, words


def test_results_come_in_order_and_few_jobs_are_on_their_way(nodes: Nodes, tmp_path: Path) -> None:
    work = JobKind("wait", acts.noted, tmp_path)
    taken = 0

    def jobs() -> Iterator[tuple[int, float]]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield number, 0.3 if number == 0 else 0.0

    found = nodes.map(work, jobs())
    assert next(found)[0] == 0
    assert taken < 30, "jobs are taken as there is room for them"
    rest = list(found)
    assert [number for number, _ in rest] == list(range(1, 60))
    assert len(list(tmp_path.iterdir())) == 60, "no job is done twice"


def test_a_job_that_fails_raises_its_error_and_one_that_kills_its_process_is_given_up(nodes: Nodes) -> None:
    with pytest.raises(UserError, match="three is too many") as raised:
        list(nodes.map(JobKind("fail", acts.failing, None), range(9)))
    assert raised.value.remedy == "give two"
    with pytest.raises(JobFailed, match="lost 2 times"):
        list(nodes.map(JobKind("die", acts.dying, None, retries=1), range(2)))
    assert list(nodes.map(JobKind("fail", acts.failing, None), range(3))) == [0, 1, 2], "the crew works on"


class Stop(BaseException):
    """What a daemon raises from its progress."""


def test_a_long_job_that_is_told_to_stop_does(nodes: Nodes, tmp_path: Path) -> None:
    heard: list[str] = []

    def hear(what: str, done: float) -> None:
        heard.append(what)
        if done > 0:
            raise Stop

    work = JobKind("wait", acts.noted, tmp_path, cores=1)
    with pytest.raises(Stop):
        list(nodes.map(work, [(number, 20.0) for number in range(3)], hear=hear))
    assert "job 0" in heard or "job 1" in heard, "a long job says how far it is"
    assert len(list(tmp_path.iterdir())) <= 2, "the third was not begun"
    again = [number for number, _ in nodes.map(work, [(number, 0.0) for number in range(3)])]
    assert again == [0, 1, 2], "the cores are free again"


def test_a_node_that_goes_while_it_judges_costs_nothing_and_nothing_is_judged_twice(
    cluster: LocalCluster, nodes: Nodes, sandbox: Sandbox, tmp_path: Path
) -> None:
    seen: set[int] = set()
    removed = False

    def jobs() -> Iterator[tuple[int, float]]:
        for number in itertools.count():
            yield number, 0.2
            if removed and number % 8 == 0:
                return

    done = []
    for number, process in nodes.map(JobKind("wait", acts.noted, tmp_path), jobs()):
        done.append(number)
        seen.add(process)
        if len(seen) == 2 and not removed:  # both nodes have jobs
            cluster.remove(cluster.nodes[0])
            removed = True
    assert done == list(range(len(done))), "no job is lost, and none counted twice"
    asked = cases(48)
    with Database.open(tmp_path / "sleepy.db") as db:
        judge = RememberingJudge(SpreadJudge(nodes, sandbox, "auto"), db)
        cluster.add()
        first = judge.judge_many(asked[:16])
        verdicts = judge.judge_many(asked)
        assert [verdict.outcome for verdict in verdicts] == [OUTCOMES[i % 3] for i in range(48)]
        assert [verdict.cached for verdict in verdicts] == [True] * 16 + [False] * 32
        with db.reading() as connection:
            kept = connection.execute(select(func.count()).select_from(tables.verdicts)).scalar_one()
        assert kept == 48
    local = sandbox.judge_many(asked)
    assert [said(each) for each in verdicts] == [said(each) for each in local]
    assert [said(each) for each in first] == [said(each) for each in local[:16]]
    checked = [case.source for case in asked]
    for exact in (True, False):
        spread = SpreadJudge(nodes, sandbox, "auto").check_many(checked, exact=exact)
        assert [said(each) for each in spread] == [said(each) for each in sandbox.check_many(checked, exact=exact)]


@pytest.mark.slow
def test_a_node_without_a_compiler_or_of_another_sleepy_does_nothing_and_is_named(
    cluster: LocalCluster, sandbox: Sandbox, tmp_path: Path
) -> None:
    package = Path(sleepy.__file__).parent
    copy = tmp_path / "sleepy"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "weights", "novice", "*.jsonl"))
    (copy / "daemon" / "base" / "text.py").write_text("# another\n")
    without = cluster.add(PATH="", HOME=str(tmp_path), RUSTC="")
    other = cluster.add(PYTHONPATH=str(tmp_path))
    try:
        with closing(Nodes(cluster.address)) as nodes:
            verdicts = SpreadJudge(nodes, sandbox, "auto").judge_many(cases(40))
            assert [verdict.outcome for verdict in verdicts] == [OUTCOMES[i % 3] for i in range(40)]
            (strange, lame) = nodes.crews.unfit
            assert "has sleepy" in strange and "the head" in strange
            assert "no working rustc" in lame
    finally:
        cluster.remove(without)
        cluster.remove(other)
