"""The jail by itself: bare programs with unsafe code in it, other users, and what is missing."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sleepy.sandbox import isolation, process, toolchain
from sleepy.sandbox.isolation import Jail, Profile, Tier
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable
from sleepy.sandbox.verdict import Outcome

_ATTACKS = (
    "kill_all kill_parent stop_parent limit_parent pin_parent stop_itself trace read_parent unshare mount socket "
    "unix_socket x32_socket io_uring bpf memfd keyring userfault perf fork vfork clone clone3 orphan exec chmod ignore_signals"
).split()
_PACKAGE = Path(isolation.__file__).parent


@pytest.fixture(scope="module")
def armed(tier: Sandbox) -> Iterator[tuple[Jail, Path]]:
    """A jail and the binary of kernel.rs in a folder of its own."""
    folder = Path(tempfile.mkdtemp(dir=tier._root))
    folder.chmod(0o755)
    jail = tier.jail
    source = Path(__file__).parent / "hostile" / "kernel.rs"
    built = subprocess.run(
        [jail.toolchain.rustc, "--edition", "2021", "-Awarnings", "-o", folder / "kernel", source],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    yield jail, folder
    shutil.rmtree(folder)


def _run(armed: tuple[Jail, Path], word: str, limits: process.Limits = process.RUN) -> process.Finished:
    jail, folder = armed
    return jail.run(
        [str(folder / "kernel")],
        profile=Profile.RUN,
        limits=limits,
        folder=folder,
        writable=False,
        stdin=f"{word}\n".encode(),
    )


def test_an_ordinary_program_runs_in_the_jail(armed: tuple[Jail, Path]) -> None:
    ended = _run(armed, "nothing")
    assert (ended.code, ended.stdout) == (0, b"alive\n")


@pytest.mark.parametrize("attack", _ATTACKS)
def test_a_bare_attack_on_the_kernel_comes_to_nothing(armed: tuple[Jail, Path], attack: str) -> None:
    ended = _run(armed, attack, replace(process.RUN, wall_s=1.0))
    assert b"LEAK" not in ended.stdout + ended.stderr
    assert ended.seconds <= 2.0
    assert ended.code != 0 or ended.stdout == b""


def test_the_attacks_work_outside_the_jail(armed: tuple[Jail, Path]) -> None:
    """So that a program that prints nothing is known to have been stopped."""
    for word in ("unix_socket", "fork", "memfd", "exec", "limit_parent", "pin_parent"):
        ended = subprocess.run([armed[1] / "kernel"], input=f"{word}\n".encode(), capture_output=True, timeout=10)
        assert b"LEAK" in ended.stdout, word


def test_memory_is_limited(tier: Sandbox) -> None:
    source = "pub fn refused(bytes: usize) -> bool { Vec::<u8>::new().try_reserve_exact(bytes).is_err() }\n"
    tests = (
        "mod tests { use super::*; #[test] fn two_gigabytes_are_refused() { assert!(refused(2 << 30)); }\n"
        "#[test] fn a_tenth_is_given() { assert!(!refused(200 << 20)); } }"
    )
    assert tier.judge(source, tests).outcome is Outcome.PASS


def test_a_compilation_may_use_what_its_sandbox_was_given(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    with Sandbox(sandbox.jail, tmp_path / "small", 1, replace(process.COMPILE, memory=64 * process.MIB)) as small:
        assert small.check("pub fn f() {}").outcome is not Outcome.PASS
    assert sandbox.check("pub fn f() {}").outcome is Outcome.PASS


def test_the_tier_is_the_one_asked_for(tier: Sandbox) -> None:
    assert tier.tier in list(Tier)
    assert tier.check("pub fn f() {}").tier == tier.tier


def test_a_probe_finds_a_jail_that_leaks(sandbox: Sandbox, tmp_path: Path) -> None:
    """A launcher that only executes: what firejail does inside a container."""
    source, launcher = tmp_path / "open.rs", tmp_path / "open"
    source.write_text(
        "use std::os::unix::process::CommandExt;\n"
        'fn main() { let w: Vec<String> = std::env::args().skip_while(|w| w != "--").skip(1).collect();\n'
        '    panic!("{}", std::process::Command::new(&w[0]).args(&w[1..]).exec()); }\n'
    )
    found = toolchain.find()
    subprocess.run([found.rustc, "--edition", "2021", "-o", launcher, source], check=True, timeout=60)
    before = list(Path(tempfile.gettempdir()).glob("sleepy-canary-*.planted"))
    wrong = isolation.probe(Jail(Tier.LANDLOCK, launcher, found), tmp_path)
    assert wrong.startswith("it leaks: ")
    assert list(Path(tempfile.gettempdir()).glob("sleepy-canary-*.planted")) == before
    assert {"file", "passwd"} <= set(wrong.removeprefix("it leaks: ").split(", "))


def test_an_unknown_tier_names_those_there_are() -> None:
    with pytest.raises(SandboxUnavailable, match="'firejail'") as caught:
        Sandbox.open(tier="firejail")
    assert "landlock" in caught.value.remedy
    assert caught.value.exit_code == 78


def test_a_machine_without_rustc_is_told_what_to_install(tmp_path: Path) -> None:
    """In a process with an empty PATH and home: whatever rustc this machine has is out of sight."""
    said = subprocess.run(
        [sys.executable, "-c", _OPEN],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": _import_path()},
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = json.loads(said.stdout)
    assert told["error"] == "no working rustc (tried " + str(tmp_path / ".cargo" / "bin" / "rustc") + ")"
    assert "rustup" in told["remedy"]
    assert told["code"] == 78


def test_a_failed_opening_leaves_no_folder(tmp_path: Path) -> None:
    fake = tmp_path / "rustc"
    fake.write_text(
        f'#!/bin/sh\ncase "$1" in --print) echo {tmp_path};; --version) echo rustc 0;; *) echo broken >&2; exit 1;; esac\n'
    )
    fake.chmod(0o755)
    before = set(Path(tempfile.gettempdir()).glob(f"sleepy-sandbox-{os.getpid()}-*"))
    with pytest.raises(SandboxUnavailable, match="the launcher could not be built: broken") as caught:
        Sandbox.open(rustc=fake)
    assert "linker" in caught.value.remedy
    assert set(Path(tempfile.gettempdir()).glob(f"sleepy-sandbox-{os.getpid()}-*")) <= before


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_from_a_machine_without_a_linker(tmp_path: Path, error: int) -> None:
    """Whatever its file system has free: a quota, or the room for names, may be spent."""
    fake = tmp_path / "rustc"
    said = f"final link failed: {os.strerror(error)}"
    fake.write_text(
        f'#!/bin/sh\ncase "$1" in --print) echo {tmp_path};; --version) echo rustc 0;; *) echo "{said}" >&2; exit 1;; esac\n'
    )
    fake.chmod(0o755)
    with pytest.raises(SandboxUnavailable, match=os.strerror(error)) as caught:
        Sandbox.open(rustc=fake)
    assert "TMPDIR" in caught.value.remedy and "linker" not in caught.value.remedy


def test_closing_a_sandbox_removes_its_folder() -> None:
    with Sandbox.open(workers=1) as opened:
        root = opened._root
        assert (root / "launcher").exists()
    assert not root.exists()


def test_a_killed_sandbox_leaves_its_folder_to_the_next_which_removes_it(tmp_path: Path) -> None:
    """Only the dead one's: the folders of the living, of no process at all, and what a link leads to, stay."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": _import_path()}
    with subprocess.Popen([sys.executable, "-c", _STAY], env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        left = Path(child.stdout.readline().strip())
        assert left.parent == tmp_path and left.name.startswith(f"sleepy-sandbox-{child.pid}-")
        (left / "kept").mkdir(mode=0o500)
        alive = subprocess.run([sys.executable, "-c", _OPEN], env=environment, capture_output=True, timeout=60)
        assert alive.returncode == 0 and (left / "launcher").exists()
        child.kill()
    assert (left / "launcher").exists()
    (tmp_path / "precious").mkdir()
    link = tmp_path / f"sleepy-sandbox-{child.pid}-link"
    link.symlink_to(tmp_path / "precious")
    others = [
        tmp_path / f"sleepy-sandbox-{name}" for name in (f"{os.getpid()}-a", "1-a", "old", f"{child.pid}x-a", "-a")
    ]
    for folder in others:
        folder.mkdir()
    foreign = tmp_path / f"sleepy-sandbox-{child.pid}-theirs"
    foreign.mkdir()
    if os.geteuid() == 0:
        os.chown(foreign, pwd.getpwnam("nobody").pw_uid, -1)
    subprocess.run([sys.executable, "-c", _OPEN], env=environment, check=True, timeout=60)
    assert not left.exists()
    assert link.is_symlink() and (tmp_path / "precious").is_dir()
    assert all(folder.is_dir() for folder in others)
    assert foreign.is_dir() is (os.geteuid() == 0)


@dataclass(frozen=True)
class Nobody:
    """An ordinary user's place: a copy of the package that this user can read and not change."""

    uid: int
    folder: Path
    rustc: Path
    become: tuple[str, ...]  # a command's first words; an interpreter's path is the last
    environment: dict[str, str]

    def run(self, *words: str, timeout: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.become, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=self.folder,
        )


@pytest.fixture(scope="module")
def nobody() -> Iterator[Nobody]:
    """Skipped where there is no other user to be, or no interpreter of this version that it may run."""
    if os.geteuid() != 0:
        pytest.skip("these tests run as an ordinary user already")
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv to become another user with")
    python = next((path for path in (sys.executable, "/usr/bin/python3") if _serves_all(Path(path))), None)
    if python is None:
        pytest.skip(f"no Python {_version()} that nobody may run")
    user = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="sleepy-nobody-"))
    try:
        folder.chmod(0o755)
        packages = folder / "import"
        _copy(_PACKAGE, packages / "sleepy" / "sandbox")
        (packages / "sleepy" / "__init__.py").touch()
        for name in _NEEDED:
            found = importlib.util.find_spec(name)
            assert found is not None and found.origin is not None, name
            place = Path(found.origin)
            if place.name == "__init__.py":
                _copy(place.parent, packages / name)
            else:
                shutil.copyfile(place, packages / place.name)
        _show(packages)
        rustc = _open_toolchain(folder / "rust")
        (folder / "tmp").mkdir()
        (folder / "tmp").chmod(0o1777)
        yield Nobody(
            user.pw_uid,
            folder,
            rustc,
            ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", python),
            {
                "PATH": "/usr/bin:/bin",
                "HOME": str(folder),
                "TMPDIR": str(folder / "tmp"),
                "PYTHONPATH": str(packages),
                "PYTHONDONTWRITEBYTECODE": "1",
                "RUSTC": str(rustc),
            },
        )
    finally:
        shutil.rmtree(folder)


def test_an_ordinary_user_judges_too(nobody: Nobody) -> None:
    said = nobody.run("-c", _JUDGE, str(nobody.rustc), timeout=120)
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert told.pop("uid") == nobody.uid
    assert told
    for tier, outcomes in told.items():
        assert outcomes == ["PASS", "FAIL", "COMPILE_ERROR"] or outcomes[0].startswith("unavailable"), (tier, outcomes)
    assert any(outcomes[0] == "PASS" for outcomes in told.values()), told


def test_the_hostile_programs_fail_for_an_ordinary_user(nobody: Nobody) -> None:
    """The same programs and the same table, without root's capabilities to drop: a minute or two."""
    here = Path(__file__).parent
    tests = nobody.folder / "tests"
    _copy(here / "hostile", tests / "hostile")
    for name in ("conftest.py", "test_hostile.py"):
        shutil.copyfile(here / name, tests / name)
    _show(tests)
    said = nobody.run("-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs", str(tests), timeout=900)
    assert said.returncode == 0, said.stdout[-4000:] + said.stderr
    for line in said.stdout.splitlines():
        if line.startswith("SKIPPED"):
            assert any(f"no sandbox holds here: {tier}: " in line for tier in Tier), line
    assert re.search(r"^\d+ passed", said.stdout, re.MULTILINE), said.stdout[-400:]


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)


def _show(folder: Path) -> None:
    """Everybody may read all of it, whatever the umask here."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _serves_all(python: Path) -> bool:
    """Whether nobody may run it and the packages of the running interpreter load in it."""
    if not python.exists() or not _open_to_all(python.resolve()):
        return False
    asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    said: str = subprocess.run(asked, capture_output=True, text=True).stdout
    return said.strip() == _version()


def _import_path() -> str:
    """The folder `sleepy` is imported from."""
    import sleepy

    return str(Path(str(sleepy.__file__)).parents[1])


def _open_to_all(path: Path) -> bool:
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (path, *path.parents))


def _open_toolchain(folder: Path) -> Path:
    """The compiler's files where everybody can reach them: linked, or copied to another disk."""
    found = toolchain.find()
    if _open_to_all(found.rustc):
        return found.rustc

    def link(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    (folder / "bin").mkdir(parents=True)
    link(str(found.rustc), str(folder / "bin" / "rustc"))
    own = subprocess.run([found.rustc, "-vV"], capture_output=True, text=True, check=True).stdout
    host = own.split("host: ")[1].split("\n")[0]
    for path in (found.sysroot / "lib").iterdir():
        if path.is_file():
            (folder / "lib").mkdir(exist_ok=True)
            link(str(path), str(folder / "lib" / path.name))
    shutil.copytree(
        found.sysroot / "lib/rustlib" / host, folder / "lib/rustlib" / host, copy_function=link, symlinks=True
    )
    return folder / "bin" / "rustc"


_NEEDED = "tree_sitter tree_sitter_rust pytest _pytest py pluggy iniconfig packaging pygments".split()

_STAY = """
import time
from sleepy.sandbox.sandbox import Sandbox
print(Sandbox.open(workers=1)._root, flush=True)
time.sleep(600)
"""

_OPEN = """
import json
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable
try:
    Sandbox.open(workers=1).close()
except SandboxUnavailable as error:
    print(json.dumps({"error": str(error), "remedy": error.remedy, "code": error.exit_code}))
"""

_JUDGE = """
import json, os, sys
from pathlib import Path
from sleepy.sandbox.isolation import Tier
from sleepy.sandbox.sandbox import Sandbox, SandboxUnavailable
tests = "mod tests { use super::*; #[test] fn adds() { assert_eq!(add(1, 2), 3); } }"
told = {"uid": os.getuid()}
for tier in Tier:
    try:
        with Sandbox.open(tier=tier, rustc=Path(sys.argv[1]), workers=1) as box:
            told[tier] = [
                str(box.judge(f"pub fn add(a: i32, b: i32) -> i32 {{ {body} }}", tests).outcome)
                for body in ("a + b", "a - b", "a +")
            ]
    except SandboxUnavailable as error:
        told[tier] = [f"unavailable: {error}"]
print(json.dumps(told))
"""
