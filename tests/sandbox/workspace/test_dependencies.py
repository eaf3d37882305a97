"""Members, path dependencies, vendored ones and registries; crates that cannot be worked on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import ADD, Open, cargo, manifest, plant, single, tree

from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome
from sleepy.sandbox.workspace import Workspace


def test_members_and_path_dependencies_are_checked_together(work: Open, tmp_path: Path) -> None:
    root = plant(
        tmp_path / "many",
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
            "crates/base/Cargo.toml": manifest("base"),
            "crates/base/src/lib.rs": ADD,
            "crates/top/Cargo.toml": manifest("top", '[dependencies]\nbase = { path = "../base" }\n'),
            "crates/top/src/main.rs": "fn main() {\n    assert_eq!(base::add(1, 1), 2);\n}\n",
        },
    )
    before = tree(root)
    opened = work(root / "crates" / "top")
    assert opened.root == root
    assert {package.name for package in opened.packages} == {"base", "top"}
    assert opened.check().outcome is Outcome.PASS
    said = opened.check({Path("crates/base/src/lib.rs"): ADD.replace("b: i32", "b: &i32")})
    assert said.outcome is Outcome.COMPILE_ERROR
    assert {(str(each.file), each.package) for each in said.diagnostics} == {("crates/top/src/main.rs", "top")}
    assert tree(root) == before


def test_a_path_dependency_outside_of_the_workspace_is_found(work: Open, tmp_path: Path) -> None:
    """It inherits from a workspace of its own, and names another crate beside it."""
    plant(
        tmp_path / "elsewhere",
        {
            "Cargo.toml": '[workspace]\nmembers = ["lib"]\n[workspace.package]\nedition = "2021"\n'
            '[workspace.dependencies]\ndeep = { path = "deep" }\n',
            "lib/Cargo.toml": '[package]\nname = "far"\nversion = "0.1.0"\nedition.workspace = true\n'
            "[dependencies]\ndeep.workspace = true\n",
            "lib/src/lib.rs": "pub fn far() -> u8 {\n    deep::DEEP\n}\n",
            "deep/Cargo.toml": manifest("deep"),
            "deep/src/lib.rs": "pub const DEEP: u8 = 7;\n",
            "unused/secret.txt": "not the crate's",
        },
    )
    crate = single(
        tmp_path, "pub fn near() -> u8 {\n    far::far()\n}\n", '[dependencies]\nfar = { path = "../elsewhere/lib" }\n'
    )
    before = tree(tmp_path / "elsewhere")
    opened = work(crate)
    assert opened.check().outcome is Outcome.PASS
    assert opened.check().rebuilt == ()
    assert list((tmp_path / "cache").rglob("secret.txt")) == []
    assert tree(tmp_path / "elsewhere") == before
    (tmp_path / "elsewhere/deep/src/lib.rs").write_text("pub const DEEP: u8 = 300;\n")
    said = opened.check()
    assert [each.file for each in said.diagnostics] == [tmp_path / "elsewhere/deep/src/lib.rs"]
    assert str(tmp_path / "cache") not in said.diagnostics[0].diagnostic.rendered


def test_a_vendored_dependency_is_used(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path, "pub fn near() -> u8 {\n    kept::KEPT\n}\n", '[dependencies]\nkept = "1"\n')
    plant(
        crate,
        {
            ".cargo/config.toml": '[source.crates-io]\nreplace-with = "vendored-sources"\n'
            '[source.vendored-sources]\ndirectory = "vendor"\n',
            "vendor/kept/Cargo.toml": manifest("kept").replace("0.1.0", "1.2.0"),
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
    crate = single(tmp_path, "pub fn near() -> u8 {\n    kept::KEPT\n}\n", '[dependencies]\nkept = "1"\n')
    home, registry = tmp_path / "cargo", tmp_path / "registry"
    with _served(registry) as address:
        _registry(registry, address, home, kind)
        with pytest.raises(WorkspaceError, match="kept") as caught:
            work(crate, cargo_home=home)
        assert "cargo fetch" in caught.value.remedy
        assert str(crate) in caught.value.remedy
        cargo(["fetch"], crate, home)
    shutil.rmtree(registry)
    before = tree(home)
    opened = work(crate, cargo_home=home)
    assert opened.check().outcome is Outcome.PASS
    (crate / "Cargo.lock").unlink()
    assert opened.check().rebuilt == ()
    assert tree(home) == before
    assert tree(crate).keys() == {"Cargo.toml", "src", "src/lib.rs"}


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
    source = plant(
        folder / "kept-1.0.0",
        {"Cargo.toml": manifest("kept").replace("0.1.0", "1.0.0"), "src/lib.rs": "pub const KEPT: u8 = 1;\n"},
    )
    crate = folder / "kept-1.0.0.crate"
    subprocess.run(["tar", "-czf", crate, "-C", folder, source.name], check=True)
    sum_of_it = hashlib.sha256(crate.read_bytes()).hexdigest()
    entry = {"name": "kept", "vers": "1.0.0", "deps": [], "features": {}, "yanked": False, "cksum": sum_of_it}
    plant(
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
    plant(
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
    far = plant(tmp_path / "far", {"Cargo.toml": manifest("far"), "src/lib.rs": "pub const FAR: u8 = 1;\n"})
    _commit(far)
    crate = single(
        tmp_path, "pub fn near() -> u8 {\n    far::FAR\n}\n", f'[dependencies]\nfar = {{ git = "file://{far}" }}\n'
    )
    home = tmp_path / "cargo"
    cargo(["fetch"], crate, home)
    shutil.rmtree(far)
    before = tree(home)
    assert work(crate, cargo_home=home).check().outcome is Outcome.PASS
    assert tree(home) == before


def test_default_members_are_what_a_plain_command_means(work: Open, tmp_path: Path) -> None:
    root = plant(
        tmp_path / "some",
        {
            "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\ndefault-members = ["a"]\nresolver = "2"\n',
            "a/Cargo.toml": manifest("a"),
            "a/src/lib.rs": "",
            "b/Cargo.toml": manifest("b"),
            "b/src/lib.rs": 'compile_error!("not on this machine");\n',
        },
    )
    assert work(root).check().outcome is Outcome.PASS
    assert [each.package for each in work(root / "b").check().diagnostics] == ["b"]


def test_a_cache_among_other_manifests_is_not_confused_with_them(work: Open, tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "Cargo.toml": '[workspace]\nmembers = []\nexclude = ["single"]\n',
            ".cargo/config.toml": '[build]\nrustc = "nowhere"\n',
        },
    )
    assert work(single(tmp_path)).check().outcome is Outcome.PASS


def test_what_is_built_is_not_copied_but_a_module_of_that_name_is(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path, "pub mod target;\n")
    plant(
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


def test_links_to_what_is_hidden_are_not_followed(work: Open, tmp_path: Path) -> None:
    crate = single(tmp_path, 'pub mod near;\npub const FAR: &str = include_str!("far.txt");\n')
    far = plant(tmp_path, {".keys/far.txt": "secret"}) / ".keys/far.txt"
    (crate / "src/far.txt").symlink_to(far)
    (crate / "src/near.rs").symlink_to("../near.rs")
    (crate / "near.rs").write_text("pub fn near() {}\n")
    opened = work(crate)
    assert opened.left_out == (crate / "src/far.txt",)
    said = opened.check()
    assert ["couldn't read" in each.diagnostic.message for each in said.diagnostics] == [True]
    assert (said.outcome, said.is_label) == (Outcome.OUT_OF_REACH, False)
    assert str(far) in said.detail and "Remedy" in said.detail
    assert list((tmp_path / "cache").rglob("*.keys*")) == []
    (crate / "src/far.txt").unlink()
    (crate / "src/far.txt").write_text("here")
    assert opened.check().outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "words", "remedy"),
    [
        ({"src/lib.rs": ""}, "no Cargo.toml in", "name the folder"),
        ({"Cargo.toml": "[package\n"}, "Cargo.toml: ", "repair the manifest"),
        ({"Cargo.toml": manifest("x").replace("x", "")}, "empty", "repair the manifest"),
        ({"Cargo.toml": manifest("x"), "src/no.rs": ""}, "no targets specified", "repair the manifest"),
        (
            {"Cargo.toml": manifest("x", '[dependencies]\nabsent = { path = "../absent" }\n'), "src/lib.rs": ""},
            "absent",
            "correct the path",
        ),
        ({"Cargo.toml": manifest("x", '[dependencies]\nserde = "1"\n'), "src/lib.rs": ""}, "serde", "cargo fetch"),
        ({"Cargo.toml": manifest("x", 'rust-version = "1.999"\n'), "src/lib.rs": ""}, "1.999", "rustup update"),
    ],
)
def test_a_crate_that_cannot_be_worked_on_says_what_would_help(
    work: Open, tmp_path: Path, files: Mapping[str, str], words: str, remedy: str
) -> None:
    crate = plant(tmp_path / "crate", files)
    with pytest.raises(WorkspaceError) as caught:
        work(crate).check()
    assert words in str(caught.value)
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == 2
    assert tree(crate).keys() >= {"src"} or "src/lib.rs" not in files
    assert not (crate / "Cargo.lock").exists()


def test_a_manifest_in_the_home_does_not_open_it_to_the_jail(
    work: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = plant(tmp_path / "user", {"Cargo.toml": '[workspace]\nmembers = ["single"]\n', "secret.txt": "secret"})
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(WorkspaceError, match="more than a crate"):
        work(single(home))
    plant(home, {"Cargo.toml": manifest("all"), "src/lib.rs": ""})
    with pytest.raises(WorkspaceError, match="more than a crate"):
        work(single(tmp_path, ADD, '[dependencies]\nall = { path = "../user" }\n'))
    assert list((tmp_path / "cache").rglob("secret.txt")) == []


def test_a_toolchain_without_cargo_is_named(tier: Sandbox, tmp_path: Path) -> None:
    bare = replace(tier.jail, toolchain=replace(tier.jail.toolchain, sysroot=tmp_path))
    with pytest.raises(WorkspaceError, match="no cargo") as caught:
        Workspace.open(single(tmp_path), bare, tmp_path / "cache")
    assert "rustup component add cargo" in caught.value.remedy
