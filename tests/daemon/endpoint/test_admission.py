"""Who and how many are let in, and what ends `sleepy serve` before it begins. Nothing here loads a model."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.endpoint.app import application
from sleepy.daemon.endpoint.asked import Asked
from sleepy.daemon.endpoint.key import read_key
from sleepy.daemon.endpoint.refusal import Refusal
from sleepy.daemon.endpoint.responder import WAITING, Responder
from sleepy.daemon.endpoint.run import serve

KEY = "a key of the test's own"


def silent(what: str) -> None:
    """A `Complain` that ignores everything."""


def responder(tmp_path: Path) -> Responder:
    return Responder(Config(), Home(tmp_path / "home"), silent)


def got(tmp_path: Path, base: str, key: str, **headers: str) -> httpx2.Response:
    """The answer to a request for the models, from a home in which nothing is yet."""
    app = application(responder(tmp_path), "built-in", Home(tmp_path / "home"), key=key)

    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=base) as client:
            return await client.get("/v1/models", headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("sent", [{}, {"Authorization": KEY}, {"Authorization": f"Bearer {KEY}r"}])
def test_without_the_key_nothing_is_answered(sent: dict[str, str], tmp_path: Path) -> None:
    found = got(tmp_path, "http://box.example", KEY, **sent)
    error = found.json()["error"]
    assert found.status_code == 401 and error["code"] == "invalid_api_key" and "--key-file" in error["message"]
    assert KEY not in found.text and found.headers["www-authenticate"] == "Bearer"


def test_with_the_key_an_empty_home_has_the_base_and_a_champion_without_routes(tmp_path: Path) -> None:
    found = got(tmp_path, "http://box.example", KEY, Authorization=f"Bearer {KEY}")
    base, champion = found.json()["data"]
    assert (base["id"], champion["version"], champion["routes"]) == ("base", None, [])
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("base", "status"),
    [
        ("http://127.0.0.1:8127", 200),
        ("http://localhost:8127", 200),
        ("http://[::1]:8127", 200),
        ("http://rebound.example:8127", 400),
        ("http://127.rebound.example:8127", 400),
    ],
)
def test_without_a_key_only_loopback_names_are_answered(base: str, status: int, tmp_path: Path) -> None:
    assert got(tmp_path, base, "").status_code == status


def test_as_many_wait_as_are_allowed_and_the_end_refuses_them(tmp_path: Path) -> None:
    waited_for = responder(tmp_path)
    answers = [waited_for.ask(Asked("base", prompt="x")) for _ in range(WAITING)]
    with pytest.raises(Refusal, match=f"{WAITING} requests wait already: ask again in") as caught:
        waited_for.ask(Asked("base", prompt="x"))
    assert caught.value.status == 503 and int(caught.value.headers["Retry-After"]) >= 1
    answers[0].cancel()
    waited_for.close()
    assert all(isinstance(each.exception(), Refusal) for each in answers[1:])
    with pytest.raises(Refusal, match="is stopping"):
        waited_for.ask(Asked("base", prompt="x"))


@pytest.mark.parametrize(
    ("host", "key", "model", "words", "remedy"),
    [
        ("192.0.2.7", None, "built-in", "--host 192.0.2.7 can be reached", "--key-file"),
        ("box.invalid", None, "built-in", "box.invalid", "--key-file"),
        ("box.invalid", KEY, "built-in", "cannot listen on box.invalid", "--host of this machine"),
        ("127.0.0.1", "short", "built-in", "has 5 characters", "16 ASCII characters"),
        ("127.0.0.1", None, "no/such/model/here", "no/such/model/here", "sleepy model list"),
        ("127.0.0.1", None, "http://127.0.0.1:1/v1#m", "on a server already", "sleepy model list"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_line(
    host: str, key: str | None, model: str, words: str, remedy: str, tmp_path: Path
) -> None:
    file = None if key is None else tmp_path / "key"
    if file is not None and key is not None:
        file.write_text(key + "\n")
        file.chmod(0o600)
    with pytest.raises(UserError) as caught:
        serve(Config(model=model), Home(tmp_path / "home"), host, 0, file, silent)
    assert words in str(caught.value) and remedy in caught.value.remedy


def test_a_taken_port_and_a_missing_key_file_are_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port}: Address already in use$") as caught:
            serve(Config(), Home(tmp_path / "home"), "127.0.0.1", port, None, silent)
    assert "--port" in caught.value.remedy
    with pytest.raises(UserError, match="there is no key file"):
        serve(Config(), Home(tmp_path / "home"), "127.0.0.1", 0, tmp_path / "none", silent)


@pytest.mark.parametrize(
    ("data", "mode", "words", "remedy"),
    [
        (b"", 0o600, "is empty", "umask 077"),
        (b" \n", 0o600, "is empty", "umask 077"),
        (b"\xff" * 20, 0o600, "is no text", "umask 077"),
        (b"twice the same key\ntwice the same key\n", 0o600, "more than one line", "one line"),
        (KEY.encode(), 0o644, r"can be read or written by others \(mode 0644\)", "chmod 600 "),
        (KEY.encode(), 0o620, r"mode 0620", "chmod 600 "),
    ],
)
def test_a_file_that_holds_no_secret_key_is_refused(
    data: bytes, mode: int, words: str, remedy: str, tmp_path: Path
) -> None:
    file = tmp_path / "the key"
    file.write_bytes(data)
    file.chmod(mode)
    with pytest.raises(UserError, match=words) as caught:
        read_key(file)
    assert str(file) in str(caught.value) and remedy in caught.value.remedy
    assert "chmod" not in remedy or f"chmod 600 '{file}'" in caught.value.remedy
    with pytest.raises(UserError, match="Is a directory"):
        read_key(tmp_path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_that_its_owner_alone_reads_is_taken(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    file.chmod(mode)
    assert read_key(file) == KEY


def test_the_port_is_open_before_torch_is_imported() -> None:
    program = (
        "import sys, sleepy.daemon.endpoint.run; print(sorted({'torch', 'transformers', 'peft'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
