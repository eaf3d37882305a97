"""A server as a model, against a real one on the loopback interface that plays good and bad days."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis, attempt
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import chat
from sleepy.daemon.model.breaker import State
from sleepy.daemon.model.configured import configured_answerer, configured_server
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.server import Patience, Server, ServerUnavailable, probe
from sleepy.sandbox.sandbox import Sandbox

KEY = "sk-very-secret-17"


class Handler(BaseHTTPRequestHandler):
    """Keeps what it was asked and plays the next act; the last one again and again."""

    protocol_version = "HTTP/1.1"
    server: Stage

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.play(self, body)

    def do_GET(self) -> None:
        self.server.play(self, {})

    def say(self, status: int, text: str, **headers: str) -> None:
        data = text.encode()
        usual = {"content-type": "application/json", "date": self.date_time_string()}
        self.send_response_only(status)
        for name, value in {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        """Says nothing."""


Act = Callable[[Handler, dict[str, Any]], None]


@dataclass
class Asked:
    path: str
    authorization: str | None
    body: dict[str, Any]


class Stage(ThreadingHTTPServer):
    """Real sockets and threads. `most` is how many requests were in it at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.acts: list[Act] = []
        self.asked: list[Asked] = []
        self.inside = self.most = 0
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def play(self, handler: Handler, body: dict[str, Any]) -> None:
        with self.lock:
            self.asked.append(Asked(handler.path, handler.headers["authorization"], body))
            act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            act(handler, body)
        finally:
            with self.lock:
                self.inside -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left early is no error here."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        thread = threading.Thread(target=stage.serve_forever, args=(0.01,))
        thread.start()
        yield stage
        stage.shutdown()
        thread.join()


def completion(text: str, **more: Any) -> str:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"choices": [{**choice, **more}], "usage": {"completion_tokens": len(text.split())}})


def good(handler: Handler, body: dict[str, Any]) -> None:
    handler.say(200, completion("fixed: " + body["messages"][0]["content"]))


def saying(status: int, text: str = "", **headers: str) -> Act:
    return lambda handler, _: handler.say(status, text, **headers)


def slow(seconds: float) -> Act:
    def act(handler: Handler, body: dict[str, Any]) -> None:
        time.sleep(seconds)
        good(handler, body)

    return act


def drip(handler: Handler, body: dict[str, Any]) -> None:
    """A byte now and then: no single read is ever slow."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)


def hang_up(handler: Handler, body: dict[str, Any]) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def half(handler: Handler, body: dict[str, Any]) -> None:
    """Less than it promised, and gone."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def only_whole(handler: Handler, body: dict[str, Any]) -> None:
    if body.get("stream") is False:
        good(handler, body)
    else:
        handler.say(400, json.dumps({"error": {"message": "streaming is not supported"}}))


@dataclass
class Time:
    """Seconds that pass only in sleep."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def asking(stage: Stage, time: Time | None = None, **more: Any) -> Server:
    time = time or Time()
    given: dict[str, Any] = {"key": KEY, "seconds": 5.0, "chance": lambda: 1.0, **more}
    return Server(stage.base, "coder", clock=lambda: time.now, sleep=time.sleep, **given)


def request(text: str = "mend it") -> Request:
    return Request(Format.WHOLE_FILE, "fn main() {}\n", text)


def state(server: Server) -> State:
    return server.breaker.state


def ask(server: Server, *texts: str, temperature: float = 0.0) -> list[str]:
    asked = [request(text) for text in texts or ("mend it",)]
    return [item.text for item in server.answer(asked, [None] * len(asked), temperature=temperature)]


def test_an_answer_comes_back_with_its_tokens_and_the_request_is_as_the_api_wants_it(stage: Stage) -> None:
    stage.acts = [good]
    server = asking(stage)
    (reply,) = server.answer([request()], [None], temperature=0.4)
    assert (reply.text, reply.tokens, reply.cut) == ("fixed: mend it", 3, False)
    (asked,) = stage.asked
    assert (asked.path, asked.authorization) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert asked.body["model"] == "coder" and asked.body["temperature"] == 0.4 and asked.body["stream"] is False
    assert asked.body["messages"] == [{"role": "user", "content": "mend it"}]
    assert asked.body["max_tokens"] > 1000
    assert server.name == f"{stage.base}#coder" and server.format is Format.WHOLE_FILE
    assert server.misfit(request()) is None and server.answer([], []) == []


def test_answers_come_in_order_and_no_more_than_allowed_at_once(stage: Stage) -> None:
    stage.acts = [slow(0.05)]
    texts = [str(number) for number in range(9)]
    assert ask(asking(stage, patience=Patience(at_once=3)), *texts) == [f"fixed: {text}" for text in texts]
    assert 1 < stage.most <= 3


def test_a_cut_answer_is_known_as_cut_and_a_thought_is_left_out(stage: Stage) -> None:
    stage.acts = [
        saying(200, completion("<think>```rust\nno\n```</think>\nyes", finish_reason="length")),
        saying(200, completion("", message={"content": None}, finish_reason="length")),
        saying(400, '{"error": {"message": "This model\'s maximum context length is 4096 tokens"}}'),
        saying(200, '{"choices": [{"message": {"content": "bare"}}]}'),
    ]
    server = asking(stage)
    replies = [server.answer([request()], [None])[0] for _ in range(4)]
    assert [(reply.text, reply.cut) for reply in replies] == [("yes", True), ("", True), ("", True), ("bare", False)]
    assert replies[3].tokens == 0


@pytest.mark.parametrize(
    "bad", [saying(500, "boom"), saying(503), hang_up, half], ids=["500", "503", "hang up", "half"]
)
def test_what_passes_is_tried_again_after_longer_and_longer_waits(stage: Stage, bad: Act) -> None:
    stage.acts = [bad, bad, good]
    time = Time()
    assert ask(asking(stage, time)) == ["fixed: mend it"]
    assert time.slept == [0.5, 1.0] and len(stage.asked) == 3


def test_waits_are_of_random_length_below_their_bound(stage: Stage) -> None:
    stage.acts = [saying(500)]
    lucky, unlucky = Time(), Time()
    for clock, luck in ((lucky, 0.0), (unlucky, 1.0)):
        with pytest.raises(ServerUnavailable, match=r"500 Internal Server Error \(6 tries\)"):
            ask(asking(stage, clock, chance=lambda luck=luck: luck, patience=Patience(tries=6, longest=3.0)))
    assert unlucky.slept == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert lucky.slept == [seconds / 2 for seconds in unlucky.slept]


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(stage: Stage) -> None:
    dated = saying(429, date="Tue, 24 Nov 2026 03:00:00 GMT", retry_after="Tue, 24 Nov 2026 03:00:09 GMT")
    stage.acts = [saying(429, retry_after="7"), dated, saying(429, retry_after="soon"), good]
    time = Time()
    assert ask(asking(stage, time)) == ["fixed: mend it"]
    assert time.slept == [7.0, 9.0, 2.0]
    stage.acts = [saying(429, "slow down", retry_after="3600")]
    with pytest.raises(ServerUnavailable, match="429 Too Many Requests: slow down; it asks to wait 3600 s"):
        ask(asking(stage, time))
    assert len(time.slept) == 3


@pytest.mark.parametrize("act", [slow(1.0), drip], ids=["slow", "drip"])
def test_an_answer_that_takes_too_long_is_given_up_and_not_asked_again(stage: Stage, act: Act) -> None:
    stage.acts = [act]
    began = time.monotonic()
    with pytest.raises(ServerUnavailable, match=r"no answer within 0\.2 s") as raised:
        ask(asking(stage, seconds=0.2))
    assert "server_seconds" in raised.value.remedy
    assert time.monotonic() - began < 0.9 and len(stage.asked) == 1


@pytest.mark.parametrize(
    "text", ["<html>a login page</html>", "", "[]", '{"choices": []}', '{"choices": [{"message": {"content": 7}}]}']
)
def test_what_is_no_completion_is_said_to_be_none(stage: Stage, text: str) -> None:
    stage.acts = [saying(200, text)]
    with pytest.raises(ServerUnavailable, match="is not a chat completion") as raised:
        ask(asking(stage))
    assert text[:20] in raised.value.reason and len(stage.asked) == 1


def test_a_server_that_cannot_stream_is_not_asked_to_and_one_that_streams_anyway_is_refused(stage: Stage) -> None:
    stage.acts = [only_whole]
    assert ask(asking(stage)) == ["fixed: mend it"]
    stage.acts = [saying(200, 'data: {"choices": []}\n\ndata: [DONE]\n\n', content_type="text/event-stream")]
    with pytest.raises(ServerUnavailable, match="streams its answer, although it was asked not to"):
        ask(asking(stage))


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "server_key"), (404, "server_model"), (400, "server_model"), (307, "`server`")]
)
def test_what_will_not_pass_is_not_tried_again(stage: Stage, status: int, remedy: str) -> None:
    stage.acts = [saying(status, json.dumps({"error": {"message": "not like this"}}), location="/elsewhere")]
    with pytest.raises(ServerUnavailable, match=f"{status} .*: not like this") as raised:
        ask(asking(stage))
    assert remedy in raised.value.remedy and len(stage.asked) == 1


def test_where_nobody_listens_is_said_after_the_tries() -> None:
    with socket.socket() as held:  # bound and not listening: nobody else takes the port
        held.bind(("127.0.0.1", 0))
        time = Time()
        server = Server(f"http://127.0.0.1:{held.getsockname()[1]}", "coder", sleep=time.sleep, seconds=5.0)
        with pytest.raises(ServerUnavailable, match=r"\(4 tries\)") as raised:
            ask(server)
    assert len(time.slept) == 3 and "`server`" in raised.value.remedy


def test_the_breaker_opens_after_failures_in_a_row_and_closes_after_a_trial(stage: Stage) -> None:
    time = Time()
    server = asking(stage, time, patience=Patience(tries=1, failures=3, rest=30.0))
    stage.acts = [saying(500), saying(500), good, saying(500)]
    for _ in range(6):  # two failures, a success that forgives them, three more
        if len(stage.asked) == 2:
            assert ask(server) == ["fixed: mend it"]
        else:
            with pytest.raises(ServerUnavailable, match="500"):
                ask(server)
    assert (len(stage.asked), state(server)) == (6, State.OPEN)
    time.now += 10.0
    with pytest.raises(ServerUnavailable, match="not asked again for 20 s"):
        ask(server)
    assert len(stage.asked) == 6, "an open breaker asks nobody"

    time.now += 20.0
    assert state(server) is State.HALF_OPEN
    with pytest.raises(ServerUnavailable, match="500"):
        ask(server, "a", "b", "c")
    assert len(stage.asked) == 7, "a trial goes alone"
    assert state(server) is State.OPEN

    time.now += 30.0
    stage.acts = [good]
    assert ask(server, "a", "b", "c") == ["fixed: a", "fixed: b", "fixed: c"]
    assert state(server) is State.CLOSED


def test_the_key_is_shown_nowhere(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stage.acts = [good, saying(401, f"wrong key: {KEY}"), saying(200, f"key {KEY}"), saying(500, KEY)]
    server = asking(stage)
    shown = [repr(server), server.name, *ask(server)]
    for _ in range(3):
        with pytest.raises(ServerUnavailable) as raised:
            ask(server)
        shown += [str(raised.value), raised.value.reason, raised.value.remedy, repr(raised.value)]
    assert stage.asked[0].authorization == f"Bearer {KEY}"
    assert KEY not in "\n".join([*shown, caplog.text])
    assert "[key]" in "\n".join(shown)
    with pytest.raises(UserError) as wrong:
        Server(stage.base, "coder", key=KEY + "\n")
    assert KEY not in str(wrong.value)


def test_without_a_key_none_is_sent(stage: Stage) -> None:
    stage.acts = [good]
    ask(asking(stage, key=""))
    assert stage.asked[0].authorization is None


@pytest.mark.parametrize(
    "base", ["127.0.0.1:80", "ftp://a/v1", "http://", "http://u:p@a/v1", "http://a/v1?k=1", "http://[::"]
)
def test_an_address_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(UserError) as raised:
        Server(base, "coder")
    assert raised.value.remedy and "u:p" not in str(raised.value)


def test_a_slash_at_the_end_of_an_address_does_not_matter(stage: Stage) -> None:
    stage.acts = [good]
    ask(Server(stage.base + "/", "coder", seconds=5.0))
    assert stage.asked[0].path == "/v1/chat/completions"


def test_many_threads_may_ask_one_server(stage: Stage) -> None:
    stage.acts = [good]
    server = asking(stage)
    said: list[list[str]] = []
    threads = [threading.Thread(target=lambda text=str(n): said.append(ask(server, text))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [[f"fixed: {n}"] for n in range(8)]


def test_the_probe_names_the_model_or_what_to_set(stage: Stage) -> None:
    stage.acts = [saying(200, '{"data": [{"id": "coder:latest"}, {"id": "qwen2.5-coder:7b"}]}')]
    config = Config(server=stage.base, server_model="coder", server_key=KEY)
    assert probe(config) == f"{stage.base} answers and has coder"
    assert (stage.asked[0].path, stage.asked[0].authorization) == ("/v1/models", f"Bearer {KEY}")
    with pytest.raises(ServerUnavailable, match=r"has no model 'qwen2\.5-coder'") as raised:
        probe(Config(server=stage.base, server_model="qwen2.5-coder"))
    assert raised.value.remedy == "set server_model to qwen2.5-coder:7b"
    stage.acts = [saying(200, "hello")]
    with pytest.raises(ServerUnavailable, match="not a list of models"):
        probe(config)
    stage.acts = [hang_up]
    with pytest.raises(ServerUnavailable):
        probe(config)
    assert probe(Config()) == "none is set"


def test_the_settings_choose_the_model(stage: Stage) -> None:
    stage.acts = [good]
    found = configured_answerer(Config(model=f"{stage.base}#org/coder:7b", server_key=KEY, format="numbered-lines"))
    assert isinstance(found, Server)
    assert (found.name, found.format) == (f"{stage.base}#org/coder:7b", Format.NUMBERED_LINES)
    ask(found)
    assert (stage.asked[0].body["model"], stage.asked[0].authorization) == ("org/coder:7b", f"Bearer {KEY}")
    with pytest.raises(UserError, match="names a server but no model"):
        configured_answerer(Config(model=stage.base))
    for form in ("choice", "novel"):
        with pytest.raises(UserError, match=form):
            configured_answerer(Config(model=f"{stage.base}#m", format=form))
    with pytest.raises(UserError, match="no model is set"):
        configured_server(Config(server=stage.base))
    bigger = configured_server(Config(server=stage.base, server_model="big", format="choice"))
    assert bigger is not None and (bigger.name, bigger.format) == (f"{stage.base}#big", Format.WHOLE_FILE)
    assert configured_server(Config()) is None
    assert configured_answerer(Config(model="novice")).format.is_edits


def test_a_server_repairs_real_programs_through_the_same_loop(
    stage: Stage, sandbox: Sandbox, diagnoses: list[Diagnosis]
) -> None:
    some = diagnoses[:4]
    fixed = {item.koan.broken.rstrip(): item.koan.fixed for item in some[:3]}

    def knows(handler: Handler, body: dict[str, Any]) -> None:
        said = body["messages"][0]["content"]
        known = next((text for broken, text in fixed.items() if broken in said), "I do not know")
        handler.say(200, completion(f"Here:\n```rust\n{known.rstrip()}\n```"))

    stage.acts = [knows]
    done = list(attempt(some, asking(stage), sandbox))
    assert [item.passed for item in done] == [True, True, True, False]


def test_a_line_does_not_show_its_key() -> None:
    assert KEY not in repr(chat.Line("http://a/v1", KEY, seconds=1.0))
