"""A store's pieces: whole or not at all, written once, checked when they are read; and what it says when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.s3 import S3Server

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.storage.errors import Corrupt, NotStored, StoreAway, StoreError
from sleepy.daemon.storage.objects import Objects
from sleepy.daemon.storage.store import Store

FILES = {"a": b"one" * 1000, "sub/b": b"two", "empty": b""}


@pytest.fixture
def store(url: str) -> Store:
    return Store(url)


@pytest.fixture
def raw(url: str) -> Objects:
    """The same place without what the store makes of it."""
    return Objects(url)


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    return written(tmp_path / "piece", FILES)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_what_is_put_comes_back_in_the_place_of_what_was_there(store: Store, piece: Path, tmp_path: Path) -> None:
    store.put("versions/v1", piece)
    store.put("nights/one/asked.json", piece / "a")
    place = written(tmp_path / "home" / "v1", {"stale": b"x"})
    store.get("versions/v1", place)
    assert read(place) == FILES
    store.get("nights/one/asked.json", tmp_path / "home" / "asked.json")
    assert (tmp_path / "home" / "asked.json").read_bytes() == FILES["a"] == store.read("nights/one/asked.json")
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["asked.json", "v1"]  # nothing half-made
    assert store.has("versions/v1") and store.keys("versions") == ["versions/v1"] and not store.has("versions")


def test_only_the_named_files_of_a_folder_are_put(store: Store, piece: Path, tmp_path: Path) -> None:
    store.put("v", piece, ["a", "empty"])
    store.get("v", tmp_path / "back")
    assert read(tmp_path / "back") == {"a": FILES["a"], "empty": b""}


def test_a_file_that_is_there_is_not_written_again_and_one_that_is_replaced_goes(
    store: Store, raw: Objects, piece: Path, tmp_path: Path
) -> None:
    store.put("v", piece)
    (kept,) = [name for name, size in raw.sizes("v").items() if size == 3000]
    raw.write(kept, b"ONE" * 1000)  # who writes it again would take this away
    (piece / "sub" / "b").write_bytes(b"other")
    store.put("v", piece)
    assert raw.read(kept) == b"ONE" * 1000
    assert len(raw.sizes("v")) == 4  # three files and the manifest
    raw.write(kept, FILES["a"])
    store.get("v", tmp_path / "back")
    assert read(tmp_path / "back")["sub/b"] == b"other"


@pytest.mark.parametrize("damage", ["cut", "changed", "missing", "manifest"])
def test_what_is_damaged_is_named_and_written_anew(
    store: Store, raw: Objects, piece: Path, tmp_path: Path, damage: str
) -> None:
    store.put("v/1", piece)
    (largest,) = [name for name, size in raw.sizes("v").items() if size == 3000]
    match damage:
        case "cut":
            raw.write(largest, FILES["a"][:-1])
        case "changed":
            raw.write(largest, b"ONE" * 1000)
        case "missing":
            raw.remove(largest)
        case "manifest":
            raw.write("v/1/manifest.json", raw.read("v/1/manifest.json")[:-9])
    assert store.has("v/1") is (damage == "changed")  # which its size does not tell
    place = written(tmp_path / "mine", {"a": b"mine"})
    with pytest.raises((Corrupt, NotStored), match=r"v/1"):
        store.get("v/1", place)
    assert read(place) == {"a": b"mine"} and not store.has("v/1")
    store.put("v/1", piece)
    store.get("v/1", place)
    assert read(place) == FILES


def test_a_reader_never_sees_a_piece_before_its_last_file(
    store: Store, raw: Objects, piece: Path, tmp_path: Path
) -> None:
    """As a put that was killed leaves it."""
    store.put("v", piece)
    raw.remove("v/manifest.json")
    assert not store.has("v") and store.keys("") == []
    with pytest.raises(NotStored, match="has no v"):
        store.get("v", tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_dropping_takes_what_is_below_and_nothing_beside(store: Store, raw: Objects, piece: Path) -> None:
    for key in ("nights/1", "nights/1/adapters/x", "nights/11"):
        store.put(key, piece)
    store.drop("nights/1")
    store.drop("nights/none")
    assert store.keys("nights") == ["nights/11"]
    assert len(raw.sizes("nights")) == 4


def test_it_is_tried_without_a_trace_and_has_one_token(store: Store, raw: Objects, url: str) -> None:
    took = store.tried()
    assert took.written > 0 and took.read > 0 and raw.sizes("probes") == {}
    assert store.token() == Store(url).token()


def test_a_place_that_is_not_there_is_never_made(tmp_path: Path, s3_server: S3Server, piece: Path) -> None:
    for url, why in (
        (f"file://{tmp_path}/unmounted", "there is no folder"),
        (s3_server.url("no-such-bucket/team"), "the bucket does not exist"),
    ):
        store = Store(url)
        for act in (
            store.tried, lambda: store.put("v", piece), lambda: store.get("v", tmp_path / "x"),
            lambda: store.has("v"), lambda: store.drop("v"), lambda: store.read("v"),
        ):  # fmt: skip
            with pytest.raises(StoreError, match=why) as caught:
                act()
            assert not isinstance(caught.value, NotStored), "or it would be taken for lost"
    assert not (tmp_path / "unmounted").exists()


def test_a_server_that_does_not_answer_is_away(s3_server: S3Server) -> None:
    with pytest.raises(StoreAway, match="cannot be reached") as caught:
        Store("s3://bucket/team?endpoint_url=http://me:hushhush@127.0.0.1:9&key=mykey&secret=hushhush").tried()
    assert caught.value.exit_code == 75
    assert "hushhush" not in str(caught.value) and "mykey" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/sys").is_dir(), reason="root may write anywhere")
def test_no_right_to_write_is_said(tmp_path: Path, piece: Path) -> None:
    folder = Path("/proc/sys") if os.geteuid() == 0 else tmp_path / "closed"  # nobody makes a file in the former
    if os.geteuid() != 0:
        folder.mkdir(mode=0o500)
    with pytest.raises(StoreError) as caught:
        Store(f"file://{folder}").put("v", piece)
    assert str(folder) in str(caught.value) and caught.value.remedy


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    store = Objects(f"file://{tmp_path}")
    with pytest.raises(StoreError, match="is full") as caught, store._told("v"):
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.write(b"x")
    assert "free some space" in caught.value.remedy


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nope://x/y", "Protocol not known"),
        ("gs://bucket/x", "needs a package that is not installed"),
        ("s3://bucket/x?secrt=hushhush", "unexpected keyword argument 'secrt'"),
    ],
)
def test_what_cannot_be_opened_says_why(url: str, why: str) -> None:
    if url.startswith("s3"):
        pytest.importorskip("s3fs")
    with pytest.raises(UserError, match=why) as caught:
        Store(url).tried()
    assert "hushhush" not in str(caught.value)


@pytest.mark.parametrize(("url", "package"), [("s3://bucket/x", "s3fs"), ("file:///srv", "fsspec")])
def test_a_missing_package_is_named_with_what_installs_it(url: str, package: str, tmp_path: Path) -> None:
    program = (
        f"import sys\nsys.modules[{package!r}] = None\n"
        f"from sleepy.daemon.cli import main\nsys.argv = ['sleepy', 'doctor', '--quick', '--home', {str(tmp_path)!r}]\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120,
        env={**os.environ, "SLEEPY_STORAGE": url},
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if " storage " in line)
    assert line.startswith("bad") and "not installed" in line and package in line
    assert f"{sys.executable} -m pip install 'sleepy[storage]'" in done.stdout


def test_without_the_setting_nothing_of_it_is_imported(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom sleepy.daemon.cli import cli\n"
        f"cli(['doctor', '--quick', '--home', {str(tmp_path)!r}], standalone_mode=False)\n"
    )
    watched = f"import atexit, sys\natexit.register(lambda: print(sorted({{'fsspec', 's3fs'}} & set(sys.modules))))\n{program}"
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, timeout=120)
    assert done.stdout.rstrip().endswith("[]"), done.stdout + done.stderr
