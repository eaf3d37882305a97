"""Work on this machine alone: nothing of a cluster is loaded, and jobs are done one after the other, when asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sleepy.daemon.base.config import Config, load
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.jobs import version
from sleepy.daemon.jobs.here import Here
from sleepy.daemon.jobs.opening import executor
from sleepy.daemon.jobs.shared_folder import Marker, unseen
from sleepy.daemon.jobs.work import JobKind
from sleepy.daemon.tools.judging import JudgeTerms, SpreadJudge, fit
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome


def test_a_job_is_begun_when_its_result_is_asked_for(tmp_path: Path) -> None:
    done: list[int] = []

    def here(job: int) -> int:
        done.append(job)
        return 2 * job

    found = Here().map(JobKind("double", lambda *_: 0, None, here=here), range(3))
    assert done == []
    assert next(found) == 0 and done == [0]
    assert list(found) == [2, 4]


def test_without_a_cluster_ray_is_not_loaded() -> None:
    program = (
        "import sys\n"
        "from sleepy.daemon.jobs.opening import executor\n"
        "import sleepy.daemon.tools.equip, sleepy.daemon.night.workers\n"
        "with executor('') as here: assert not here.spreads\n"
        "print('ray' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_an_address_that_cannot_be_is_refused_and_none_is_the_default() -> None:
    assert Config().cluster == ""
    for address in ("auto", "head:6379", "ray://10.0.0.7:10001"):
        assert load({"cluster": address}, environment={}).cluster == address
    for wrong in ("head", "http://head:6379", "head:", "ray://head"):
        with pytest.raises(UserError, match="--cluster"):
            load({"cluster": wrong}, environment={})


def test_a_cluster_that_is_not_there_is_an_error_in_one_line() -> None:
    pytest.importorskip("ray", reason="needs the package ray: pip install 'sleepy[cluster]'")
    with pytest.raises(UserError, match="Connection refused") as raised, executor("127.0.0.1:1"):
        pass
    assert raised.value.exit_code == 75 and "\n" not in str(raised.value)


def test_without_ray_it_says_what_to_install() -> None:
    program = (
        "import sys\nsys.modules['ray'] = None\n"  # Python's own way to say that it is not there
        "from sleepy.daemon.cli import main\nsys.argv = 'sleepy cluster status --cluster auto'.split()\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.splitlines() == [
        "sleepy: cluster is 'auto', and the package ray is not installed",
        f"  remedy: {sys.executable} -m pip install 'sleepy[cluster]'",
    ]


def test_through_the_seam_a_sandbox_says_what_it_says(sandbox: Sandbox) -> None:
    cases = [Case("pub fn f() -> u8 { 1 }\n"), Case("pub fn f() -> u8 { x }\n"), Case("pub fn f() -> u8 { todo!() }\n")]
    spread = SpreadJudge(Here(), sandbox, "auto")
    found = spread.judge_many(cases)
    assert [each.outcome for each in found] == [Outcome.PASS, Outcome.COMPILE_ERROR, Outcome.REJECTED]
    assert spread.toolchain == sandbox.toolchain
    assert [each.outcome for each in spread.check_many([cases[1].source])] == [Outcome.COMPILE_ERROR]


def test_a_machine_with_another_compiler_is_unfit_to_judge(sandbox: Sandbox) -> None:
    assert fit(JudgeTerms("auto", sandbox.toolchain)).why == ""
    assert "the head rustc 1.2.3" in fit(JudgeTerms("auto", "rustc 1.2.3")).why
    assert "no sandbox tier 'none'" in fit(JudgeTerms("none", sandbox.toolchain)).why


def test_a_folder_is_seen_by_what_its_marker_holds(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    marker = Marker.of(tmp_path / "one")
    assert Marker.of(tmp_path / "one") == marker and unseen(marker) == ""
    assert "must be shared" in unseen(Marker(tmp_path / "two", marker.token))
    assert "must be shared" in unseen(Marker(tmp_path / "one", "another"))


def test_a_version_is_the_same_each_time_and_names_the_number() -> None:
    assert version.ours() == version.ours() and version.ours().startswith("0.")
