"""A store's pieces: whole or not at all, written once, checked when they are read; and what it says when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

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
    refuses(Store(f"file://{tmp_path}/unmounted"), piece, "there is no folder")
    refuses(Store(s3_server.url("no-such-bucket/team")), piece, "the bucket does not exist")
    assert not (tmp_path / "unmounted").exists()


def refuses(store: Store, piece: Path, why: str) -> None:
    """Whatever the store is asked, it says so, and not that what it has not is missing, which would be taken for lost."""
    acts: list[Callable[[], object]] = [
        store.tried,
        lambda: store.put("v", piece),
        lambda: store.get("v", piece.parent / "x"),
        lambda: store.has("v"),
        lambda: store.drop("v"),
        lambda: store.read("v"),
    ]
    for act in acts:
        with pytest.raises(StoreError, match=why) as caught:
            act()
        assert not isinstance(caught.value, NotStored)


class Answering(BaseHTTPRequestHandler):
    """Answers as S3 does where it refuses."""

    protocol_version = "HTTP/1.1"  # who puts something waits to be told to go on

    def refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        code = "AccessDenied" if self.path.startswith("/closed") else "XMinioStorageFull"
        body = f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode()
        self.send_response(403 if code == "AccessDenied" else 507)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = refuse  # noqa: N815 - as the library wants them

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize(("bucket", "why"), [("closed", "does not let us at"), ("brimful", "is full")])
def test_what_a_server_refuses_is_said_in_words(bucket: str, why: str) -> None:
    pytest.importorskip("s3fs")
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(StoreError, match=why) as caught:
                Store(S3Server(f"http://127.0.0.1:{server.server_port}").url(f"{bucket}/x")).tried()
        finally:
            server.shutdown()
            thread.join()
    assert caught.value.remedy and "hushhush" not in str(caught.value)


def test_a_server_that_does_not_answer_is_away(s3_server: S3Server) -> None:
    with pytest.raises(StoreAway, match="cannot be reached") as caught:
        Store("s3://bucket/team?endpoint_url=http://me:hushhush@127.0.0.1:9&key=mykey&secret=hushhush").tried()
    assert caught.value.exit_code == 75
    assert "hushhush" not in str(caught.value) and "mykey" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    place = Objects(f"file://{tmp_path}")
    with pytest.raises(StoreError, match="is full") as caught, place._told("v"), Path("/dev/full").open("wb") as file:
        file.write(b"x")
        file.flush()
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
