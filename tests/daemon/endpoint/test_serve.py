"""`sleepy serve` as other tools meet it: the started process, the built-in model, and OpenAI's own client."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai.types import Completion
from openai.types.chat import ChatCompletion
from tests.daemon.versions.served import FIELD, champion

from sleepy.daemon.base.home import Home
from sleepy.daemon.endpoint.app import LARGEST
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Request, ask
from sleepy.daemon.serve import serve
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.sandbox import rustc, toolchain

_LACKS = "pub struct Pair {\n    pub one: u8,\n    pub two: u8,\n}\n\npub fn pair() -> Pair {\n    Pair { one: 1 }\n}\n"
_UNKNOWN = "pub fn total(some: &[u32]) -> u32 {\n    let sum = some.iter().sum();\n    summ\n}\n"
_OF_ANOTHER = {
    "level": "error", "message": "no", "code": None,
    "spans": [
        {"file_name": "a.rs", "line_start": 9, "line_end": 9, "column_start": 1, "column_end": 2, "is_primary": True,
         "text": [{"text": "fn f() {}"}]}
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A program with what rustc wrote of it, and the question that the day would ask."""

    source: str
    messages: str
    request: Request

    @property
    def sleepy(self) -> dict[str, Any]:
        return {"sleepy": {"source": self.source, "diagnostics": self.messages}}


@dataclass(frozen=True)
class Endpoint:
    """The process. `models` answers the same questions within the test."""

    home: Home
    base: str
    model: LanguageModel
    version: str

    @property
    def client(self) -> openai.OpenAI:
        return openai.OpenAI(base_url=self.base, api_key="none", max_retries=0)

    def expected(self, broken: Broken, route: str | None) -> Reply:
        with (
            Database.open(self.home.database, read_only=True) as db,
            serve.load(db, self.home, self.version, base="built-in").on(self.model) as model,
        ):
            return model.answer([broken.request], [route])[0]

    def chat(self, broken: Broken, model: str = "champion", **more: Any) -> ChatCompletion:
        found = self.client.chat.completions.create(model=model, messages=[], extra_body=broken.sleepy, **more)
        assert isinstance(found, ChatCompletion)
        return found


def told(answer: Any) -> Any:
    """What the answer says beyond OpenAI's fields."""
    return answer.model_extra["sleepy"]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.load("built-in")


@pytest.fixture(scope="module")
def endpoint(model: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Ended by SIGTERM: cleanly, or the module's tests fail."""
    home = champion(Home(tmp_path_factory.mktemp("served") / "home"), model, "built-in")
    with Database.open(home.database, read_only=True) as db:
        version = versions.champion(db)
    assert version is not None
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    started = subprocess.Popen(
        [sys.executable, "-m", "sleepy", "serve", "--home", str(home.root), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, "SLEEPY_DTYPE": "float32", "SLEEPY_DEVICE": "cpu", "SLEEPY_THREADS": "1"},
    )
    assert started.stderr is not None
    try:
        said = re.search(r"on (http://127\.0\.0\.1:\d+/v1)", started.stderr.readline())
        assert said is not None
        yield Endpoint(home, said[1], model, version)
        started.send_signal(signal.SIGTERM)
        rest = started.communicate(timeout=60)[1]
        assert started.returncode == 0 and rest.splitlines()[-1] == "sleepy: stopped", rest
        assert f"serving {version} with 3 routes" in rest and "Traceback" not in rest
    finally:
        started.kill()
        started.wait()


@pytest.fixture(scope="module")
def lacks(model: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    return broken(_LACKS, model, tmp_path_factory.mktemp("lacks"))


@pytest.fixture(scope="module")
def unknown(model: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    return broken(_UNKNOWN, model, tmp_path_factory.mktemp("unknown"))


def broken(source: str, model: LanguageModel, folder: Path) -> Broken:
    (folder / "lib.rs").write_text(source)
    words = [str(toolchain.find().rustc), "--edition=2021", "--crate-type=lib", "--error-format=json", "lib.rs"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode != 0
    found = tuple(rustc.diagnostics(done.stderr.encode(), "lib.rs"))
    return Broken(source, done.stderr, ask(source, found, model.format, window=model.window))


def test_the_base_and_the_champion_with_its_routes_are_listed(endpoint: Endpoint) -> None:
    base, served = endpoint.client.models.list().data
    assert (base.id, served.id) == ("base", "champion")
    assert served.model_extra is not None and served.model_extra["version"] == endpoint.version
    assert {"scope": FIELD, "pattern": FIELD} in served.model_extra["routes"] and len(served.model_extra["routes"]) == 3


def test_an_error_with_a_route_is_answered_by_it_and_says_so(endpoint: Endpoint, lacks: Broken) -> None:
    found = endpoint.chat(lacks)
    expected = endpoint.expected(lacks, FIELD)
    assert found.choices[0].message.content == expected.text != endpoint.expected(lacks, None).text
    assert told(found) == {
        "answered_by": "route", "route": FIELD, "scope": FIELD, "signature": FIELD, "version": endpoint.version,
    }  # fmt: skip
    assert found.usage is not None and found.usage.completion_tokens == expected.tokens
    assert found.usage.prompt_tokens == len(endpoint.model.prompt_ids(lacks.request.text))


def test_an_error_without_a_route_is_answered_by_the_untouched_base(endpoint: Endpoint, unknown: Broken) -> None:
    found = endpoint.chat(unknown)
    assert (told(found)["answered_by"], told(found)["route"]) == ("base", None)
    assert told(found)["signature"].startswith("E0425:")
    expected = endpoint.expected(unknown, None)
    assert found.choices[0].message.content == expected.text
    assert told(found.choices[0])["program"] == unknown.request.repaired(expected.text)


def test_the_base_answers_what_has_a_route_where_it_is_asked_for(endpoint: Endpoint, lacks: Broken) -> None:
    found = endpoint.chat(lacks, "base")
    assert told(found)["answered_by"] == "base" and told(found)["version"] is None
    assert found.choices[0].message.content == endpoint.expected(lacks, None).text


def test_a_prompt_as_the_day_writes_it_is_routed_alike(endpoint: Endpoint, lacks: Broken) -> None:
    found = endpoint.client.completions.create(model="champion", prompt=lacks.request.text)
    assert isinstance(found, Completion) and told(found)["route"] == FIELD
    assert found.choices[0].text == endpoint.chat(lacks).choices[0].message.content
    said: Any = [{"role": "user", "content": lacks.request.text}]
    chat = endpoint.client.chat.completions.create(model="champion", messages=said)
    assert chat.choices[0].message.content == found.choices[0].text


def test_the_usual_parameters_are_heard(endpoint: Endpoint, unknown: Broken) -> None:
    whole = endpoint.chat(unknown, n=3)
    texts = [each.message.content or "" for each in whole.choices]
    assert len(texts) == 3 and len(set(texts)) == 1 and whole.choices[0].finish_reason == "stop"
    cut = endpoint.chat(unknown, max_tokens=2)
    assert cut.choices[0].finish_reason == "length" and cut.usage is not None and cut.usage.completion_tokens == 2
    assert texts[0].startswith(cut.choices[0].message.content or "")
    ended = endpoint.chat(unknown, stop=["nowhere", "⟫"])
    assert ended.choices[0].message.content == texts[0].partition("⟫")[0] != texts[0]

    def drawn(seed: int) -> list[str | None]:
        found = endpoint.chat(unknown, temperature=2.0, n=4, seed=seed)
        return [each.message.content for each in found.choices]

    assert drawn(1) == drawn(1) != drawn(2)


def test_another_version_is_taken_up_without_a_restart(endpoint: Endpoint, lacks: Broken) -> None:
    now = datetime.now(UTC)
    with Database.open(endpoint.home.database) as db:
        versions.rollback(db, "base", reason="the test's", now=now)
        found = endpoint.chat(lacks)
        assert told(found)["answered_by"] == "base" and told(found)["version"] is None
        (_, listed) = endpoint.client.models.list().data
        assert listed.model_extra is not None and listed.model_extra["routes"] == []
        versions.rollback(db, endpoint.version, reason="the test's", now=now)
    assert told(endpoint.chat(lacks))["route"] == FIELD


def post(endpoint: Endpoint, body: Any, path: str = "chat/completions", **headers: str) -> httpx2.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.post(f"{endpoint.base}/{path}", content=data, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    ("change", "status", "param", "words"),
    [
        ({"model": "gpt-4"}, 404, "model", '"gpt-4": use base or champion'),
        ({"model": None}, 400, "model", "is missing"),
        ({"messages": "hi"}, 400, "messages", 'is "hi"'),
        ({"messages": [{"role": "robot", "content": "x"}]}, 400, "messages[0]", "role system, user or assistant"),
        ({"messages": [{"role": "user", "content": "hi"}]}, 400, "messages", "send the field `sleepy`"),
        ({"temperature": "warm"}, 400, "temperature", 'is "warm": send a number from 0 to 2'),
        ({"n": 0}, 400, "n", "from 1 to 16"),
        ({"max_tokens": 1.5}, 400, "max_tokens", "is 1.5"),
        ({"stop": 7}, 400, "stop", "up to four"),
        ({"stream": True}, 400, "stream", "does not offer it"),
        ({"sleepy": {"source": "fn f() {}"}}, 400, "diagnostics", "rustc --error-format=json"),
        ({"sleepy": {"source": "fn f() {}", "diagnostics": [1]}}, 400, "diagnostics", "unchanged"),
        (
            {"sleepy": {"source": "fn g() {}\n", "diagnostics": [_OF_ANOTHER]}},
            400,
            "source",
            "the one that was compiled",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_value_and_what_would_do(
    change: dict[str, Any], status: int, param: str, words: str, endpoint: Endpoint
) -> None:
    prompt = [{"role": "user", "content": "⟦err⟧E0425 x⟦at⟧⟪1⟫x⟦src⟧⟪1⟫x⟦fix⟧"}]
    found = post(endpoint, {"model": "base", "messages": prompt, **change})
    error = found.json()["error"]
    assert (found.status_code, error["param"]) == (status, param) and words in error["message"], error


def test_what_is_no_request_at_all_is_refused_in_the_same_form(endpoint: Endpoint, lacks: Broken) -> None:
    assert "no JSON" in post(endpoint, b"{").json()["error"]["message"]
    assert "the body is [1]" in post(endpoint, [1]).json()["error"]["message"]
    large = post(endpoint, b" " * (LARGEST + 1))
    assert large.status_code == 413 and str(LARGEST) in large.json()["error"]["message"]
    long = lacks.request.text.replace("⟦src⟧", "⟦note⟧" + "word " * 3000 + "⟦src⟧")
    with pytest.raises(openai.BadRequestError, match=r"context length is 2048.*send a shorter one") as caught:
        endpoint.client.completions.create(model="champion", prompt=long)
    assert caught.value.code == "context_length_exceeded" and caught.value.param == "prompt"
    other = post(endpoint, {}, Host="elsewhere.example")
    assert other.status_code == 400 and "elsewhere.example" in other.json()["error"]["message"]
    assert post(endpoint, {}, "models").status_code == 405
    nothing = post(endpoint, {}, "embeddings")
    assert nothing.status_code == 404 and "/v1/completions" in nothing.json()["error"]["message"]


def test_many_at_once_are_all_answered(endpoint: Endpoint, lacks: Broken, unknown: Broken) -> None:
    """Batched or not, each is answered as if it were alone, by its own route."""
    with httpx2.Client(trust_env=False) as client, ThreadPoolExecutor(8) as pool:
        asked = [lacks, unknown] * 4
        bodies = [{"model": "champion", "max_tokens": 8, **each.sleepy} for each in asked]
        url = f"{endpoint.base}/chat/completions"
        found = [each.json() for each in pool.map(lambda body: client.post(url, json=body, timeout=60), bodies)]
    assert [each["sleepy"]["route"] for each in found] == [FIELD, None] * 4
    texts = [each["choices"][0]["message"]["content"] for each in found]
    assert texts[::2] == texts[:1] * 4 and texts[1::2] == texts[1:2] * 4
