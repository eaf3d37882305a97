"""A crate that attacks while it is built: its build script, its macro, its output, its end."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import ADD, ADDS, CRATES, LIB, Open, plant, single, tree

from sleepy.sandbox import toolchain
from sleepy.sandbox.cargo import BUILD
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome


@dataclass(frozen=True)
class _Planted:
    """What the hostile crate knows of and may not get."""

    crate: Path
    outside: Path
    sleep: str
    listener: socket.socket

    @property
    def connected(self) -> bool:
        self.listener.settimeout(0)
        try:
            self.listener.accept()[0].close()
        except OSError:
            return False
        return True


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], _Planted]]:
    """The hostile crate; its build script, its macro or neither also connects."""
    monkeypatch.setenv("SLEEPY_SECRET", "in the environment")
    outside = plant(tmp_path / "outside", {"secret.txt": "in a file"})
    sleep = f"{300 + secrets.randbelow(10**6) / 10**6:.6f}"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def made(connects: str) -> _Planted:
            crate = Path(shutil.copytree(CRATES / "hostile", tmp_path / "hostile"))
            known = {
                "secret": outside / "secret.txt",
                "outside": outside,
                "own": crate,
                "sleep": sleep,
                "port": listener.getsockname()[1],
                "connect": connects,
            }
            plant(crate, {"planted.txt": "".join(f"{word} {value}\n" for word, value in known.items())})
            return _Planted(crate, outside, sleep, listener)

        yield made


def _sleeping(word: str) -> list[int]:
    """Processes of this machine that were started with a word of their own."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if word.encode() in (place / "cmdline").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


def _ended(word: str) -> bool:
    """Whether none of them is left a second later."""
    until = time.monotonic() + 1
    while _sleeping(word) and time.monotonic() < until:
        time.sleep(0.01)
    return _sleeping(word) == []


def test_a_hostile_build_script_and_macro_get_nothing(
    work: Open, tmp_path: Path, planted: Callable[[str], _Planted]
) -> None:
    hostile = planted("neither")
    home = plant(
        tmp_path / "cargo",
        {
            "config.toml": '[registry]\ntoken = "s3cret"\n[registries.mine]\nindex = "https://me:s3cret@localhost/"\n',
            "credentials.toml": '[registry]\ntoken = "s3cret"\n',
        },
    )
    before = tree(tmp_path / "outside"), tree(hostile.crate), tree(home)
    opened = work(hostile.crate, cargo_home=home)
    assert opened.check().outcome is Outcome.PASS
    said = opened.test()
    assert (said.outcome, said.detail) == (Outcome.PASS, "")
    assert {run.name for run in said.tests} == {
        "tests::nothing_leaks_to_the_build_script",
        "tests::nothing_leaks_to_the_macro",
    }
    assert (tree(tmp_path / "outside"), tree(hostile.crate), tree(home)) == before
    assert _ended(hostile.sleep)
    assert opened.check({LIB: (hostile.crate / LIB).read_text().replace("a + b", "b + a")}).outcome is Outcome.PASS


@pytest.mark.parametrize("connects", ["build", "macro"])
def test_a_socket_is_a_violation_and_connects_to_nothing(
    work: Open, planted: Callable[[str], _Planted], connects: str
) -> None:
    hostile = planted(connects)
    assert work(hostile.crate).check().outcome is Outcome.VIOLATION
    assert not hostile.connected
    assert _ended(hostile.sleep)


def test_the_attacks_come_to_something_outside(
    tmp_path: Path, planted: Callable[[str], _Planted], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a crate that gets nothing is known to have been stopped."""
    hostile = planted("build")
    found = toolchain.find()
    monkeypatch.setenv("RUSTC", str(found.rustc))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    try:
        said = subprocess.run(
            [found.sysroot / "bin" / "cargo", "test", "--offline"], cwd=hostile.crate, capture_output=True, text=True
        )
        leaks = {word for line in said.stdout.splitlines() if "left:" in line for word in line.split('"')[1].split(",")}
        assert leaks >= {"secret", "passwd", "listing", "outside", "own", "variable", "link", "child", "network"}
        assert hostile.connected
        assert len(_sleeping(hostile.sleep)) >= 2
    finally:
        for pid in _sleeping(hostile.sleep):
            os.kill(pid, signal.SIGKILL)


def test_a_build_script_that_fails_is_the_crates_fault(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path)
    plant(crate, {"build.rs": 'fn main() {\n    panic!("no such library: xyz");\n}\n'})
    said = work(crate).check()
    assert said.outcome is Outcome.COMPILE_ERROR
    assert "no such library: xyz" in said.detail


def test_a_build_that_never_ends_is_the_edits_fault_only_where_it_is(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path)
    plant(crate, {"build.rs": "fn main() {\n    loop {}\n}\n"})
    opened = work(crate, limits=replace(BUILD, wall_s=2))
    assert opened.check().outcome is Outcome.COMPILE_TIMEOUT
    said = opened.check({LIB: ADD + ADDS})
    assert said.outcome is Outcome.INFRA_ERROR
    assert not said.is_label
    assert "without the edits" in said.detail


def test_more_output_than_is_read_ends_a_build(work: Open, tmp_path: Path) -> None:
    errors = "".join(f"pub fn f{i}() -> u8 {{\n    nowhere{i}\n}}\n" for i in range(100))
    opened = work(single(tmp_path, errors), limits=replace(BUILD, output=16 * 1024))
    assert opened.check().outcome is Outcome.OUTPUT_LIMIT


def test_a_check_killed_half_way_leaves_nothing_behind(work: Open, tier: Sandbox, tmp_path: Path) -> None:
    crate = single(tmp_path)
    sleep = f"{300 + secrets.randbelow(10**6) / 10**6:.6f}"
    plant(
        crate,
        {
            "build.rs": 'fn main() {\n    if std::path::Path::new("slow.txt").exists() {\n'
            f'        std::process::Command::new("sleep").arg("{sleep}").status().unwrap();\n    }}\n}}\n'
        },
    )
    assert work(crate).check().outcome is Outcome.PASS
    (copy,) = [path for path in (tmp_path / "cache").rglob("lib.rs") if path.parent.name == "src"]
    words = [str(crate), tier.tier, str(tmp_path / "cache"), str(tmp_path / "home")]
    child = subprocess.Popen([sys.executable, "-c", _CHECK, *words], stdout=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 60
        while not (_sleeping(sleep) and "a - b" in copy.read_text()):
            assert child.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
    assert "a - b" in copy.read_text()
    (crate / "slow.txt").unlink()
    opened = work(crate)
    assert copy.read_text() == ADD + ADDS
    assert opened.test().outcome is Outcome.PASS
    assert _ended(sleep)


_CHECK = """
import sys
from pathlib import Path
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace
crate, tier, cache, home = sys.argv[1:]
with Sandbox.open(tier=tier, workers=1) as box:
    opened = Workspace.open(Path(crate), box.jail, Path(cache), cargo_home=Path(home))
    Path(crate, "slow.txt").touch()
    opened.check({Path("src/lib.rs"): Path(crate, "src/lib.rs").read_text().replace("a + b", "a - b")})
"""
