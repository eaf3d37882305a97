"""Real crates under a real cargo in the jail: what is said of them, and that nothing of the user's changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sleepy.sandbox import toolchain
from sleepy.sandbox.cargo import BUILD
from sleepy.sandbox.libtest import TESTS, Fate
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace import Tested, Workspace, WorkspaceError

_CRATES = Path(__file__).parent / "crates"
_ADD = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"
_ADDS = (
    "\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), 3);\n"
    "    }\n\n    #[test]\n    fn adds_zero() {\n        assert_eq!(add(5, 0), 5);\n    }\n}\n"
)
_LIB = Path("src/lib.rs")

Open = Callable[..., Workspace]


def _manifest(name: str, more: str = "") -> str:
    return f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n{more}'


def _plant(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _single(folder: Path, lib: str = _ADD + _ADDS, more: str = "") -> Path:
    return _plant(folder / "single", {"Cargo.toml": _manifest("single", more), "src/lib.rs": lib})


def _tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder with its mode and bytes, folders too."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def _cargo(words: list[str], cwd: Path, home: Path) -> None:
    """The user's own cargo, outside the jail."""
    found = toolchain.find()
    said = subprocess.run(
        [found.sysroot / "bin" / "cargo", *words],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), "CARGO_HOME": str(home), "RUSTC": str(found.rustc)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr


@pytest.fixture
def work(tier: Sandbox, tmp_path: Path) -> Open:
    """Opens a crate with a cache of its own and the registry of nobody."""

    def opened(path: Path, **more: object) -> Workspace:
        (tmp_path / "home").mkdir(exist_ok=True)
        known = {"cargo_home": tmp_path / "home", **more}
        return Workspace.open(path, tier.jail, tmp_path / "cache", **known)  # type: ignore[arg-type]

    return opened


# what is said of a crate


def test_a_crate_is_checked_and_its_own_folder_stays_as_it_is(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path)
    before = _tree(crate)
    opened = work(crate / "src")
    assert opened.root == crate
    first, second = opened.check(), opened.check()
    assert (first.outcome, first.rebuilt) == (Outcome.PASS, ("single lib single",))
    assert (second.outcome, second.rebuilt) == (Outcome.PASS, ())
    assert opened.test().outcome is Outcome.PASS
    assert _tree(crate) == before


def test_a_crate_that_cannot_be_written_is_checked(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path)
    for path in [*crate.rglob("*"), crate]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        opened = work(crate)
        assert opened.check({_LIB: (_ADD + _ADDS).replace("a + b", "b + a")}).outcome is Outcome.PASS
    finally:
        for path in [crate, *crate.rglob("*")]:
            path.chmod(0o755)


def test_errors_are_told_by_file_package_and_target(work: Open, tmp_path: Path) -> None:
    crate = _plant(
        tmp_path / "two",
        {
            "Cargo.toml": _manifest("two", '[workspace]\nmembers = ["alone"]\n'),
            "src/lib.rs": "pub mod inner;\n",
            "src/inner.rs": "pub fn length(words: &[String]) -> i32 {\n    words.len()\n}\n",
            "alone/Cargo.toml": _manifest("alone"),
            "alone/src/bin/other.rs": "fn main() {\n    let x: u8 = 1u16;\n    drop(x);\n}\n",
        },
    )
    said = work(crate).check()
    assert said.outcome is Outcome.COMPILE_ERROR
    assert {(str(each.file), each.package, each.target) for each in said.diagnostics} == {
        ("src/inner.rs", "two", "two"),
        ("alone/src/bin/other.rs", "alone", "other"),
    }
    inner = said.by_file[Path("src/inner.rs")]
    assert [(each.code, each.primary and each.primary.line_start) for each in inner] == [("E0308", 2)]
    assert "try_into" in inner[0].suggestions[0].replacements[0].text
    assert str(tmp_path / "cache") not in inner[0].rendered


def test_an_error_in_library_and_tests_alike_is_told_once(work: Open, tmp_path: Path) -> None:
    said = work(_single(tmp_path, _ADD.replace("a + b", "a + c") + _ADDS)).test()
    assert said.outcome is Outcome.COMPILE_ERROR
    assert [(each.diagnostic.code, each.file) for each in said.diagnostics] == [("E0425", _LIB)]
    assert said.tests == ()


def test_an_edit_is_checked_and_taken_out_again(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path, _ADD.replace("a + b", "a + c"))
    before = _tree(crate)
    opened = work(crate)
    (copy,) = (tmp_path / "cache").rglob("lib.rs")
    assert opened.check().outcome is Outcome.COMPILE_ERROR
    assert opened.check({_LIB: _ADD}).outcome is Outcome.PASS
    assert copy.read_text() == (crate / _LIB).read_text()
    assert opened.check({crate / _LIB: _ADD.replace("a + b", "a * b")}).outcome is Outcome.PASS
    assert opened.check().outcome is Outcome.COMPILE_ERROR
    assert _tree(crate) == before


def test_what_was_built_of_an_edit_does_not_outlive_it(work: Open, tmp_path: Path) -> None:
    opened = work(_single(tmp_path))
    wrong = (_ADD + _ADDS).replace("a + b", "a - b")
    assert [opened.test({_LIB: text}).outcome for text in (wrong, _ADD + _ADDS, wrong)] == [
        Outcome.FAIL,
        Outcome.PASS,
        Outcome.FAIL,
    ]
    assert opened.test().outcome is Outcome.PASS


def test_what_the_user_changes_is_seen(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path, "pub mod more;\n")
    (crate / "src" / "more.rs").write_text("pub fn one() -> u8 { 1 }\n")
    opened = work(crate)
    assert opened.check().outcome is Outcome.PASS
    (crate / "src" / "more.rs").touch()
    assert opened.check().rebuilt == ()
    (crate / "src" / "more.rs").write_text('pub fn one() -> u8 { "" }\n')
    assert opened.check().outcome is Outcome.COMPILE_ERROR
    (crate / "src" / "more.rs").unlink()
    assert [each.diagnostic.code for each in opened.check().diagnostics] == ["E0583"]
    (crate / "src" / "more").mkdir()
    (crate / "src" / "more" / "mod.rs").write_text("pub fn two() {}\n")
    assert opened.check().outcome is Outcome.PASS
    (crate / "Cargo.toml").write_text(_manifest("renamed"))
    assert opened.check().rebuilt == ("renamed lib renamed",)


# where crates come from


def test_members_and_path_dependencies_are_checked_together(work: Open, tmp_path: Path) -> None:
    root = _plant(
        tmp_path / "many",
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
            "crates/base/Cargo.toml": _manifest("base"),
            "crates/base/src/lib.rs": _ADD,
            "crates/top/Cargo.toml": _manifest("top", '[dependencies]\nbase = { path = "../base" }\n'),
            "crates/top/src/main.rs": "fn main() {\n    assert_eq!(base::add(1, 1), 2);\n}\n",
        },
    )
    before = _tree(root)
    opened = work(root / "crates" / "top")
    assert opened.root == root
    assert {package.name for package in opened.packages} == {"base", "top"}
    assert opened.check().outcome is Outcome.PASS
    said = opened.check({Path("crates/base/src/lib.rs"): _ADD.replace("b: i32", "b: &i32")})
    assert said.outcome is Outcome.COMPILE_ERROR
    assert {(str(each.file), each.package) for each in said.diagnostics} == {("crates/top/src/main.rs", "top")}
    assert _tree(root) == before


def test_a_path_dependency_outside_of_the_workspace_is_found(work: Open, tmp_path: Path) -> None:
    """It inherits from a workspace of its own, and names another crate beside it."""
    _plant(
        tmp_path / "elsewhere",
        {
            "Cargo.toml": '[workspace]\nmembers = ["lib"]\n[workspace.package]\nedition = "2021"\n'
            '[workspace.dependencies]\ndeep = { path = "deep" }\n',
            "lib/Cargo.toml": '[package]\nname = "far"\nversion = "0.1.0"\nedition.workspace = true\n'
            "[dependencies]\ndeep.workspace = true\n",
            "lib/src/lib.rs": "pub fn far() -> u8 {\n    deep::DEEP\n}\n",
            "deep/Cargo.toml": _manifest("deep"),
            "deep/src/lib.rs": "pub const DEEP: u8 = 7;\n",
            "unused/secret.txt": "not the crate's",
        },
    )
    crate = _single(
        tmp_path, "pub fn near() -> u8 {\n    far::far()\n}\n", '[dependencies]\nfar = { path = "../elsewhere/lib" }\n'
    )
    before = _tree(tmp_path / "elsewhere")
    opened = work(crate)
    assert opened.check().outcome is Outcome.PASS
    assert opened.check().rebuilt == ()
    assert list((tmp_path / "cache").rglob("secret.txt")) == []
    assert _tree(tmp_path / "elsewhere") == before
    (tmp_path / "elsewhere/deep/src/lib.rs").write_text("pub const DEEP: u8 = 300;\n")
    said = opened.check()
    assert [each.file for each in said.diagnostics] == [tmp_path / "elsewhere/deep/src/lib.rs"]
    assert str(tmp_path / "cache") not in said.diagnostics[0].diagnostic.rendered


def test_a_vendored_dependency_is_used(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path, "pub fn near() -> u8 {\n    kept::KEPT\n}\n", '[dependencies]\nkept = "1"\n')
    _plant(
        crate,
        {
            ".cargo/config.toml": '[source.crates-io]\nreplace-with = "vendored-sources"\n'
            '[source.vendored-sources]\ndirectory = "vendor"\n',
            "vendor/kept/Cargo.toml": _manifest("kept").replace("0.1.0", "1.2.0"),
            "vendor/kept/src/lib.rs": "pub const KEPT: u8 = 1;\n",
            "vendor/kept/.cargo-checksum.json": '{"files": {}}',
        },
    )
    opened = work(crate)
    assert opened.check().outcome is Outcome.PASS
    assert not (crate / "Cargo.lock").exists()


@pytest.mark.parametrize("kind", ["sparse", "git"])
def test_a_registry_is_read_where_the_user_has_it(work: Open, tmp_path: Path, kind: str) -> None:
    """A registry of one crate on this machine, which the user's cargo has fetched from once."""
    crate = _single(tmp_path, "pub fn near() -> u8 {\n    kept::KEPT\n}\n", '[dependencies]\nkept = "1"\n')
    home, registry = tmp_path / "cargo", tmp_path / "registry"
    with _served(registry) as address:
        _registry(registry, address, home, kind)
        with pytest.raises(WorkspaceError, match="kept") as caught:
            work(crate, cargo_home=home)
        assert "cargo fetch" in caught.value.remedy
        assert str(crate) in caught.value.remedy
        _cargo(["fetch"], crate, home)
    shutil.rmtree(registry)
    before = _tree(home)
    opened = work(crate, cargo_home=home)
    assert opened.check().outcome is Outcome.PASS
    (crate / "Cargo.lock").unlink()
    assert opened.check().rebuilt == ()
    assert _tree(home) == before
    assert _tree(crate).keys() == {"Cargo.toml", "src", "src/lib.rs"}


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    """A folder by HTTP on this machine."""
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder))) as server:
        server.daemon_threads = False  # closed when the server is
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _registry(folder: Path, address: str, home: Path, kind: str) -> None:
    source = _plant(
        folder / "kept-1.0.0",
        {"Cargo.toml": _manifest("kept").replace("0.1.0", "1.0.0"), "src/lib.rs": "pub const KEPT: u8 = 1;\n"},
    )
    crate = folder / "kept-1.0.0.crate"
    subprocess.run(["tar", "-czf", crate, "-C", folder, source.name], check=True)
    sum_of_it = hashlib.sha256(crate.read_bytes()).hexdigest()
    entry = {"name": "kept", "vers": "1.0.0", "deps": [], "features": {}, "yanked": False, "cksum": sum_of_it}
    _plant(
        folder / "index",
        {
            "config.json": json.dumps({"dl": f"{address}/{{crate}}-{{version}}.crate"}),
            "ke/pt/kept": json.dumps(entry) + "\n",
        },
    )
    index = f"sparse+{address}/index/"
    if kind == "git":
        _commit(folder / "index")
        index = f"file://{folder}/index"
    _plant(
        home,
        {
            "config.toml": '[source.crates-io]\nreplace-with = "mine"\n'
            f'[source.mine]\nregistry = "{index}"\n[registry]\ntoken = "s3cret"\n',
            "credentials.toml": '[registry]\ntoken = "s3cret"\n',
        },
    )


def _commit(folder: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("no git to make a repository with")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@x", *words],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
            check=True,
        )


def test_a_git_dependency_is_read_where_the_user_has_it(work: Open, tmp_path: Path) -> None:
    far = _plant(tmp_path / "far", {"Cargo.toml": _manifest("far"), "src/lib.rs": "pub const FAR: u8 = 1;\n"})
    _commit(far)
    crate = _single(
        tmp_path, "pub fn near() -> u8 {\n    far::FAR\n}\n", f'[dependencies]\nfar = {{ git = "file://{far}" }}\n'
    )
    home = tmp_path / "cargo"
    _cargo(["fetch"], crate, home)
    shutil.rmtree(far)
    before = _tree(home)
    assert work(crate, cargo_home=home).check().outcome is Outcome.PASS
    assert _tree(home) == before


def test_default_members_are_what_a_plain_command_means(work: Open, tmp_path: Path) -> None:
    root = _plant(
        tmp_path / "some",
        {
            "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\ndefault-members = ["a"]\nresolver = "2"\n',
            "a/Cargo.toml": _manifest("a"),
            "a/src/lib.rs": "",
            "b/Cargo.toml": _manifest("b"),
            "b/src/lib.rs": 'compile_error!("not on this machine");\n',
        },
    )
    assert work(root).check().outcome is Outcome.PASS
    assert [each.package for each in work(root / "b").check().diagnostics] == ["b"]


def test_a_cache_among_other_manifests_is_not_confused_with_them(work: Open, tmp_path: Path) -> None:
    _plant(
        tmp_path,
        {
            "Cargo.toml": '[workspace]\nmembers = []\nexclude = ["single"]\n',
            ".cargo/config.toml": '[build]\nrustc = "nowhere"\n',
        },
    )
    assert work(_single(tmp_path)).check().outcome is Outcome.PASS


def test_what_is_built_is_not_copied_but_a_module_of_that_name_is(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path, "pub mod target;\n")
    _plant(
        crate,
        {
            "src/target/mod.rs": "pub fn f() {}\n",
            "target/debug/old.txt": "",
            "other/CACHEDIR.TAG": "",
            "other/old.txt": "",
            ".git/old.txt": "",
        },
    )
    assert work(crate).check().outcome is Outcome.PASS
    assert list((tmp_path / "cache").rglob("old.txt")) == []


def test_links_are_followed_within_the_tree_only(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path, 'pub mod near;\npub const FAR: &str = include_str!("far.txt");\n')
    _plant(tmp_path, {"far.txt": "secret"})
    (crate / "src/far.txt").symlink_to(tmp_path / "far.txt")
    (crate / "src/near.rs").symlink_to("../near.rs")
    (crate / "near.rs").write_text("pub fn near() {}\n")
    opened = work(crate)
    assert opened.left_out == (crate / "src/far.txt",)
    said = opened.check()
    assert ["couldn't read" in each.diagnostic.message for each in said.diagnostics] == [True]
    (crate / "src/far.txt").unlink()
    (crate / "src/far.txt").write_text("here")
    assert opened.check().outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "words", "remedy"),
    [
        ({"src/lib.rs": ""}, "no Cargo.toml in", "name the folder"),
        ({"Cargo.toml": "[package\n"}, "Cargo.toml: ", "repair the manifest"),
        ({"Cargo.toml": _manifest("x").replace("x", "")}, "empty", "repair the manifest"),
        ({"Cargo.toml": _manifest("x"), "src/no.rs": ""}, "no targets specified", "repair the manifest"),
        (
            {"Cargo.toml": _manifest("x", '[dependencies]\nabsent = { path = "../absent" }\n'), "src/lib.rs": ""},
            "absent",
            "correct the path",
        ),
        ({"Cargo.toml": _manifest("x", '[dependencies]\nserde = "1"\n'), "src/lib.rs": ""}, "serde", "cargo fetch"),
        ({"Cargo.toml": _manifest("x", 'rust-version = "1.999"\n'), "src/lib.rs": ""}, "1.999", "rustup update"),
    ],
)
def test_a_crate_that_cannot_be_worked_on_says_what_would_help(
    work: Open, tmp_path: Path, files: Mapping[str, str], words: str, remedy: str
) -> None:
    crate = _plant(tmp_path / "crate", files)
    with pytest.raises(WorkspaceError) as caught:
        work(crate).check()
    assert words in str(caught.value)
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == 2
    assert _tree(crate).keys() >= {"src"} or "src/lib.rs" not in files
    assert not (crate / "Cargo.lock").exists()


def test_a_manifest_in_the_home_does_not_open_it_to_the_jail(
    work: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _plant(tmp_path / "user", {"Cargo.toml": '[workspace]\nmembers = ["single"]\n', "secret.txt": "secret"})
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(WorkspaceError, match="more than a crate"):
        work(_single(home))
    _plant(home, {"Cargo.toml": _manifest("all"), "src/lib.rs": ""})
    with pytest.raises(WorkspaceError, match="more than a crate"):
        work(_single(tmp_path, _ADD, '[dependencies]\nall = { path = "../user" }\n'))
    assert list((tmp_path / "cache").rglob("secret.txt")) == []


def test_a_toolchain_without_cargo_is_named(tier: Sandbox, tmp_path: Path) -> None:
    bare = replace(tier.jail, toolchain=replace(tier.jail.toolchain, sysroot=tmp_path))
    with pytest.raises(WorkspaceError, match="no cargo") as caught:
        Workspace.open(_single(tmp_path), bare, tmp_path / "cache")
    assert "rustup component add cargo" in caught.value.remedy


# what a crate may do


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
    outside = _plant(tmp_path / "outside", {"secret.txt": "in a file"})
    sleep = f"{300 + secrets.randbelow(10**6) / 10**6:.6f}"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def made(connects: str) -> _Planted:
            crate = Path(shutil.copytree(_CRATES / "hostile", tmp_path / "hostile"))
            known = {
                "secret": outside / "secret.txt",
                "outside": outside,
                "own": crate,
                "sleep": sleep,
                "port": listener.getsockname()[1],
                "connect": connects,
            }
            _plant(crate, {"planted.txt": "".join(f"{word} {value}\n" for word, value in known.items())})
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
    home = _plant(
        tmp_path / "cargo",
        {
            "config.toml": '[registry]\ntoken = "s3cret"\n[registries.mine]\nindex = "https://me:s3cret@localhost/"\n',
            "credentials.toml": '[registry]\ntoken = "s3cret"\n',
        },
    )
    before = _tree(tmp_path / "outside"), _tree(hostile.crate), _tree(home)
    opened = work(hostile.crate, cargo_home=home)
    assert opened.check().outcome is Outcome.PASS
    said = opened.test()
    assert (said.outcome, said.detail) == (Outcome.PASS, "")
    assert {run.name for run in said.tests} == {
        "tests::nothing_leaks_to_the_build_script",
        "tests::nothing_leaks_to_the_macro",
    }
    assert (_tree(tmp_path / "outside"), _tree(hostile.crate), _tree(home)) == before
    assert _ended(hostile.sleep)
    assert opened.check({_LIB: (hostile.crate / _LIB).read_text().replace("a + b", "b + a")}).outcome is Outcome.PASS


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
    crate = _single(tmp_path)
    _plant(crate, {"build.rs": 'fn main() {\n    panic!("no such library: xyz");\n}\n'})
    said = work(crate).check()
    assert said.outcome is Outcome.COMPILE_ERROR
    assert "no such library: xyz" in said.detail


def test_a_build_that_never_ends_is_the_edits_fault_only_where_it_is(work: Open, tmp_path: Path) -> None:
    crate = _single(tmp_path)
    _plant(crate, {"build.rs": "fn main() {\n    loop {}\n}\n"})
    opened = work(crate, limits=replace(BUILD, wall_s=2))
    assert opened.check().outcome is Outcome.COMPILE_TIMEOUT
    said = opened.check({_LIB: _ADD + _ADDS})
    assert said.outcome is Outcome.INFRA_ERROR
    assert not said.is_label
    assert "without the edits" in said.detail


def test_more_output_than_is_read_ends_a_build(work: Open, tmp_path: Path) -> None:
    errors = "".join(f"pub fn f{i}() -> u8 {{\n    nowhere{i}\n}}\n" for i in range(100))
    opened = work(_single(tmp_path, errors), limits=replace(BUILD, output=16 * 1024))
    assert opened.check().outcome is Outcome.OUTPUT_LIMIT


def test_a_check_killed_half_way_leaves_nothing_behind(work: Open, tier: Sandbox, tmp_path: Path) -> None:
    crate = _single(tmp_path)
    sleep = f"{300 + secrets.randbelow(10**6) / 10**6:.6f}"
    _plant(
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
    assert copy.read_text() == _ADD + _ADDS
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


# what an edit may not touch


@pytest.fixture(scope="module")
def guarded(tier: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with something of everything that is not the task's."""
    folder = tmp_path_factory.mktemp("guarded")
    root = _plant(
        folder / "guarded",
        {
            "Cargo.toml": '[workspace]\nmembers = ["made"]\n'
            + _manifest(
                "guarded",
                'build = "src/prepare.rs"\n[dependencies]\nmade = { path = "made" }\n'
                '[build-dependencies]\nhelps = { path = "helps" }\n'
                '[[test]]\nname = "odd"\npath = "src/odd.rs"\n',
            ),
            "src/prepare.rs": "fn main() {}\n",
            "src/odd.rs": "#[test]\nfn odd() {}\n",
            "src/lib.rs": _ADD + "pub mod inner;\n#[cfg(test)]\nmod checks;\n" + _ADDS,
            "src/checks.rs": "mod deeper;\n",
            "src/checks/deeper.rs": "#[test]\nfn deep() {}\n",
            "src/inner.rs": _INNER,
            "src/table.txt": "1\n",
            "tests/it.rs": "#[test]\nfn it() {}\n",
            "benches/b.rs": "",
            "README.md": "",
            ".cargo/config.toml": "",
            "made/Cargo.toml": _manifest("made", "[lib]\nproc-macro = true\n"),
            "made/src/lib.rs": "",
            "helps/Cargo.toml": _manifest("helps"),
            "helps/src/lib.rs": "",
        },
    )
    (root / "src" / "link.rs").symlink_to("inner.rs")
    (root / "linked").symlink_to("src")
    return Workspace.open(root, tier.jail, folder / "cache", cargo_home=folder)


_INNER = (
    "macro_rules! calls {\n    ($($t:tt)*) => { $($t)* };\n}\n"
    'pub fn word() -> &\'static str {\n    "a"\n}\n'
    "calls! {\n    #[test]\n    fn called() {\n        assert_eq!(word().len(), 1);\n    }\n}\n"
    '#[test]\nfn is_a() {\n    assert_eq!(word(), "a");\n}\n'
    "#[cfg(test)]\nfn helper() -> u8 {\n    1\n}\n"
    "#[cfg(not(test))]\nfn helper() -> u8 {\n    2\n}\npub fn two() -> u8 {\n    helper()\n}\n"
)


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("Cargo.toml", "", "Cargo.toml is not the task's"),
        ("Cargo.lock", "", "Cargo.lock is not the task's"),
        ("made/Cargo.toml", "", "Cargo.toml is not the task's"),
        ("build.rs", "fn main() {}", "build.rs is not the task's"),
        (".cargo/config.toml", "", ".cargo is not the task's"),
        ("tests/it.rs", "", "tests is not the task's"),
        ("benches/b.rs", "", "benches is not the task's"),
        ("src/prepare.rs", "fn main() {}", "a custom-build target"),
        ("src/odd.rs", "", "a test target"),
        ("src/checks.rs", "", "a module of tests"),
        ("src/checks/deeper.rs", "", "a module of tests"),
        ("made/src/lib.rs", "pub fn f() {}", "runs while others compile"),
        ("helps/src/lib.rs", "pub fn f() {}", "runs while others compile"),
        ("README.md", "", "not a source file"),
        ("src/table.txt", "2", "not a source file"),
        ("src/absent.rs", "", "not a source file"),
        ("src", "", "not a file"),
        ("src/link.rs", "", "leaves the tree"),
        ("linked/inner.rs", "", "leaves the tree"),
        ("../guarded/src/lib.rs", "", "leaves the tree"),
        ("src/../../x.rs", "", "leaves the tree"),
        ("/etc/passwd", "", "leaves the tree"),
        ("", "", "leaves the tree"),
        ("src/lib.rs\0", "", "leaves the tree"),
    ],
)
def test_an_edit_of_what_is_not_the_tasks_is_refused(guarded: Workspace, file: str, text: str, why: str) -> None:
    for said in (guarded.check({Path(file): text}), guarded.test({Path(file): text})):
        assert said.outcome is Outcome.REJECTED
        assert why in said.detail
        assert said.seconds == 0  # nothing ran


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('word(), "a"', 'word(), "b"', "changes a test"),
        ('assert_eq!(word(), "a");', "", "changes a test"),
        ("word().len(), 1", "word().len(), 2", "changes a test"),
        ("#[test]\nfn is_a", "#[test]\n#[ignore]\nfn is_a", "ignore"),
        ("#[test]\nfn is_a", "#[cfg(any())]\n#[test]\nfn is_a", "cfg"),
        ("#[test]\nfn is_a", "fn is_a", "changes a test"),
        ("#[test]\nfn is_a", "/*\n#[test]\nfn is_a", "adds or removes a test"),
        ("pub fn word", "#[test]\nfn more() {}\npub fn word", "adds #[test]"),
        ("fn helper() -> u8 {\n    1", "fn helper() -> u8 {\n    3", "changes a test"),
        ('    "a"\n', '    unsafe { "a" }\n', "unsafe"),
        ('    "a"\n', '    include_str!("table.txt")\n', "include_str!"),
        ('    "a"\n', '    std::fs::read_to_string("x").unwrap().leak()\n', "std::fs"),
    ],
)
def test_an_edit_of_tests_or_against_the_policy_is_refused(guarded: Workspace, old: str, new: str, why: str) -> None:
    assert old in _INNER
    said = guarded.check({Path("src/inner.rs"): _INNER.replace(old, new, 1)})
    assert said.outcome is Outcome.REJECTED
    assert why in said.detail


def test_a_module_may_not_fall_out_of_the_crate(guarded: Workspace) -> None:
    lib = (guarded.root / "src/lib.rs").read_text()
    said = guarded.check({_LIB: lib.replace("pub mod inner;\n", "")})
    assert said.outcome is Outcome.REJECTED
    said = guarded.check({_LIB: lib.replace("pub mod inner;", "pub mod inner {}")})
    assert (said.outcome, said.detail) == (Outcome.REJECTED, "src/lib.rs: removes mod inner")


def test_a_public_item_may_not_vanish(guarded: Workspace) -> None:
    said = guarded.check({Path("src/inner.rs"): _INNER.replace("pub fn two", "fn two")})
    assert (said.outcome, said.detail) == (Outcome.API_MISMATCH, "public item gone: fn two")


def test_ordinary_edits_are_admitted(guarded: Workspace) -> None:
    inner = Path("src/inner.rs")
    for text in (_INNER, _INNER.replace('    "a"\n', '    "b"\n'), _INNER.replace("    2\n", "    1\n")):
        assert guarded.check({inner: text, guarded.root / _LIB: (guarded.root / _LIB).read_text()}).passed
    assert guarded.check({inner: _INNER.replace("\n", "\r\n")}).passed


def test_only_the_tasks_files_may_be_edited(guarded: Workspace) -> None:
    inner, fresh = Path("src/inner.rs"), Path("src/fresh.rs")
    assert guarded.check({inner: _INNER}, allowed=[_LIB]).detail == "edits src/inner.rs: not a file of the task"
    assert guarded.check({inner: _INNER, fresh: "pub fn f() {}\n"}, allowed=[guarded.root / inner, fresh]).passed
    assert guarded.check({Path("Cargo.toml"): ""}, allowed=[Path("Cargo.toml")]).outcome is Outcome.REJECTED
    assert guarded.check({inner: _INNER, guarded.root / inner: _INNER}).detail.startswith("edits ")
    assert not (guarded.root / fresh).exists()


# what tests say


def _fates(said: Tested) -> dict[str, Fate]:
    return {run.name: run.fate for run in said.tests}


def test_an_edit_passes_when_every_test_does(work: Open, tmp_path: Path) -> None:
    opened = work(_single(tmp_path, (_ADD + _ADDS).replace("a + b", "a - b")))
    assert _fates(opened.test()) == {"tests::adds": Fate.FAILED, "tests::adds_zero": Fate.OK}
    said = opened.test({_LIB: _ADD + _ADDS})
    assert (said.outcome, said.detail) == (Outcome.PASS, "")
    assert [(run.executable, run.name, run.fate) for run in said.tests] == [
        ("single lib single", "tests::adds", Fate.OK),
        ("single lib single", "tests::adds_zero", Fate.OK),
    ]
    said = opened.test({_LIB: (_ADD + _ADDS).replace("a + b", "a * b")})
    assert said.outcome is Outcome.FAIL
    assert "tests::adds, tests::adds_zero" in said.detail
    assert "left: 2" in said.detail


def test_a_crate_that_did_not_compile_passes_when_its_tests_do(work: Open, tmp_path: Path) -> None:
    opened = work(_single(tmp_path, (_ADD + _ADDS).replace("a + b\n", "a + b;\n")))
    assert opened.test().outcome is Outcome.COMPILE_ERROR
    assert opened.test({_LIB: _ADD + _ADDS}).outcome is Outcome.PASS
    assert opened.test({_LIB: (_ADD + _ADDS).replace("a + b", "b - a")}).outcome is Outcome.FAIL


def test_without_tests_a_pass_says_so(work: Open, tmp_path: Path) -> None:
    said = work(_single(tmp_path, _ADD)).test()
    assert (said.outcome, said.detail, said.tests) == (Outcome.PASS, "there are no tests", ())


def test_a_test_that_vanishes_is_no_pass(work: Open, tmp_path: Path) -> None:
    """The mark stands in a macro, so that the words of the edit alone do not tell."""
    lib = (
        _ADD + "macro_rules! checks {\n    ($($name:ident $sum:expr),*) => { $(#[test] fn $name() "
        "{ assert_eq!(add(1, 2), $sum); })* };\n}\nchecks!(right 3, wrong 4);\n"
    )
    opened = work(_single(tmp_path, lib))
    assert opened.test().outcome is Outcome.FAIL
    said = opened.test({_LIB: lib.replace("right 3, wrong 4", "right 3")})
    assert (said.outcome, said.detail) == (Outcome.API_MISMATCH, "tests gone: wrong")


def test_words_of_the_harness_said_by_the_tested_code_do_not_pass(work: Open, tmp_path: Path) -> None:
    """An edit that leaves with 0 after printing what libtest prints, with the means that the crate has already."""
    means = (
        "pub fn leave() -> ! {\n    std::process::exit(0)\n}\npub fn shout(words: &str) {\n    use std::io::Write;\n"
        '    let _ = writeln!(std::io::stdout(), "{words}");\n}\n'
    )
    wrong = (_ADD + means + _ADDS).replace("a + b", "a - b - 1")
    opened = work(_single(tmp_path, wrong))
    both = "test tests::adds ... ok\\ntest tests::adds_zero ... ok\\n\\n"
    for lines in (both, "test tests::adds ... ok\\n\\n", ""):
        for passed in (1, 2):
            counts = f"test result: ok. {passed} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out"
            forged = f'shout("\\n{lines}{counts}\\n");\n    leave();'
            said = opened.test({_LIB: wrong.replace("    a - b - 1", f"    let _ = (a, b);\n    {forged}")})
            assert said.outcome is Outcome.FAIL, (lines, passed)


def test_a_test_that_writes_past_the_harness_is_understood(work: Open, tmp_path: Path) -> None:
    lib = _ADD.replace("    a + b", '    use std::io::Write;\n    let _ = write!(std::io::stdout(), "x");\n    a + b')
    assert _fates(work(_single(tmp_path, lib + _ADDS)).test()) == {"tests::adds": Fate.OK, "tests::adds_zero": Fate.OK}


_MEANS = (
    _ADD
    + "pub fn sink(n: u64) -> u64 {\n    if n == u64::MAX { 0 } else { 1 + sink(n + 1) }\n}\n"
    + 'pub fn shout() {\n    use std::io::Write;\n    let _ = writeln!(std::io::stdout(), "{}", "x".repeat(4000));\n}\n'
    + 'pub fn listen() -> bool {\n    std::net::TcpListener::bind(("127.0.0.1", 0)).is_ok()\n}\n'
    + _ADDS
)


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        ("loop {}", Outcome.RUN_TIMEOUT),
        ("loop { shout(); }", Outcome.OUTPUT_LIMIT),
        ("sink(1) as i32", Outcome.RUN_CRASH),
        ("i32::from(listen())", Outcome.VIOLATION),
    ],
)
def test_tests_that_do_not_end_well_say_how(work: Open, tmp_path: Path, does: str, outcome: Outcome) -> None:
    opened = work(_single(tmp_path, _MEANS), test_limits=replace(TESTS, wall_s=2))
    said = opened.test({_LIB: _MEANS.replace("    a + b", f"    let _ = (a, b);\n    {does}", 1)})
    assert said.outcome is outcome
    assert "tests::adds" in said.detail


def test_a_test_that_the_jail_forbids_is_named_and_the_others_count(work: Open, tmp_path: Path) -> None:
    lib = _MEANS.replace(
        "    #[test]", "    #[test]\n    fn listens() {\n        assert!(listen());\n    }\n\n    #[test]", 1
    )
    opened = work(_single(tmp_path, lib))
    said = opened.test()
    assert (said.outcome, said.detail) == (Outcome.PASS, "cannot run in the jail: tests::listens")
    assert _fates(said) == {"tests::adds": Fate.OK, "tests::adds_zero": Fate.OK, "tests::listens": Fate.BARRED}
    assert opened.test({_LIB: lib.replace("a + b", "b + a")}).outcome is Outcome.PASS
    assert opened.test({_LIB: lib.replace("a + b", "b - a")}).outcome is Outcome.FAIL


def test_what_cannot_be_told_is_no_label(work: Open, tmp_path: Path) -> None:
    """The crate did not compile, so that nobody knows whether it is the edit that listens."""
    lib = _MEANS.replace(
        "    #[test]", "    #[test]\n    fn listens() {\n        assert!(listen());\n    }\n\n    #[test]", 1
    )
    said = work(_single(tmp_path, lib.replace("a + b\n", "a + b;\n"))).test({_LIB: lib})
    assert said.outcome is Outcome.INFRA_ERROR
    assert "tests::listens" in said.detail


def test_tests_have_their_files_and_a_folder_of_their_own(work: Open, tmp_path: Path) -> None:
    """Folders and processes need the wider profile, which is said; what the jail hides stays hidden in it."""
    secret = _plant(tmp_path / "outside", {"secret.txt": "secret"}) / "secret.txt"
    crate = _single(tmp_path)
    _plant(
        crate,
        {
            "src/main.rs": 'fn main() {\n    println!("{}", single::add(20, 22));\n}\n',
            "tests/narrow.rs": "#[test]\nfn reads_its_data() {\n"
            '    assert_eq!(std::fs::read_to_string("tests/data.txt").unwrap(), "data");\n'
            '    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();\n'
            '    assert!(std::path::Path::new(&here).join("tests/data.txt").is_file());\n}\n'
            '#[test]\nfn writes_a_file() {\n    let file = std::env::temp_dir().join("x");\n'
            '    std::fs::write(&file, "x").unwrap();\n}\n'
            "#[test]\nfn spreads() {\n    assert_eq!(std::thread::spawn(|| 1).join().unwrap(), 1);\n}\n",
            "tests/data.txt": "data",
            "tests/wide.rs": "#[test]\nfn runs_the_program() {\n"
            '    let said = std::process::Command::new(env!("CARGO_BIN_EXE_single")).output().unwrap();\n'
            '    assert_eq!(said.stdout, b"42\\n");\n}\n'
            '#[test]\nfn makes_a_folder() {\n    let folder = std::env::temp_dir().join("a");\n'
            "    std::fs::create_dir(&folder).unwrap();\n    std::fs::remove_dir(&folder).unwrap();\n}\n"
            f'#[test]\nfn is_kept_in() {{\n    assert!(std::fs::read("{secret}").is_err());\n'
            f'    assert!(std::fs::write("{secret}", "x").is_err());\n'
            '    assert!(std::fs::write("tests/data.txt", "x").is_err());\n'
            f'    assert!(std::fs::write("{crate}/tests/data.txt", "x").is_err());\n'
            '    assert!(std::fs::read("/etc/passwd").is_err());\n'
            '    assert!(std::env::var("PATH").map_or(true, |path| path == "/usr/bin:/bin"));\n}\n',
        },
    )
    before = _tree(tmp_path / "outside"), _tree(crate)
    said = work(crate).test()
    assert set(_fates(said).values()) == {Fate.OK}
    assert len(said.tests) == 8
    assert (said.outcome, said.detail) == (Outcome.PASS, "run with the freedom of a build script: single test wide")
    assert (_tree(tmp_path / "outside"), _tree(crate)) == before


def test_harnesses_of_other_kinds_count_too(work: Open, tmp_path: Path) -> None:
    """A main of the user's own, and the tests of a proc macro, which are linked with the compiler."""
    crate = _plant(
        tmp_path / "odd",
        {
            "Cargo.toml": _manifest("odd", '[lib]\nproc-macro = true\n[[test]]\nname = "own"\nharness = false\n'),
            "src/lib.rs": "fn one() -> u8 {\n    1\n}\n#[proc_macro]\npub fn number(_: proc_macro::TokenStream) -> "
            "proc_macro::TokenStream {\n    one().to_string().parse().unwrap()\n}\n"
            "#[test]\nfn is_one() {\n    assert_eq!(one(), 1);\n}\n#[test]\n#[ignore]\nfn waits() {}\n",
            "tests/own.rs": "fn main() {\n    assert_eq!(odd::number!(), 1);\n}\n",
        },
    )
    opened = work(crate)
    said = opened.test()
    assert said.outcome is Outcome.PASS
    assert [(run.executable, run.name, run.fate) for run in said.tests] == [
        ("odd proc-macro odd", "is_one", Fate.OK),
        ("odd proc-macro odd", "waits", Fate.IGNORED),
        ("odd test own", "(the whole program)", Fate.OK),
    ]
    lib = (crate / _LIB).read_text()
    wrong = opened.test({_LIB: lib.replace("    1\n}", "    2\n}", 1)}, allowed=[_LIB])
    assert wrong.outcome is Outcome.FAIL
    assert _fates(wrong)["(the whole program)"] is Fate.FAILED
