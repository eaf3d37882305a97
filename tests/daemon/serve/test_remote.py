"""The champion's routes on a server that loads LoRA by name: each pattern's own answers, or the base's and a warning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.daemon.chatting import chat_model
from tests.daemon.serve.lora_server import NAME, LoraServer, running
from tests.daemon.versions.served import BORROWED, FIELD, MOVED, champion

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.fix.ladder import Problem
from sleepy.daemon.fix.lazy_model import LazyModel, OpenModel, open_model
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.daemon.model.server import Server
from sleepy.daemon.serve import serve
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database
from sleepy.sandbox.verdict import Diagnostic, Span

pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

_SOURCE = "pub fn pair() -> Pair {\n    Pair { one: 1 }\n}\n"
_ERROR = Diagnostic(
    "E0063",
    "error",
    "missing field `two` in initializer of `Pair`",
    (Span(2, 2, 5, 9, True, "missing `two`", "    Pair { one: 1 }"),),
)
_REQUEST = ask(_SOURCE, (_ERROR,), Format.WHOLE_FILE)


@dataclass(frozen=True)
class Rig:
    """A home whose champion was learnt on the model that the server has."""

    home: Home
    db: Database
    server: LoraServer
    model: LanguageModel
    heard: list[str]
    until: ExitStack

    @property
    def version(self) -> str:
        found = versions.champion(self.db)
        assert found is not None
        return found

    def opened(self) -> OpenModel:
        """The model of the settings, as `sleepy fix` opens it."""
        config = Config(model=f"{self.server.base}#{NAME}")
        return open_model(config, self.home, self.db, self.until, lambda what: self.heard.append(what))

    def expected(self, route: str | None) -> str:
        """What this process would answer; longer than the server's answers."""
        with serve.load(self.db, self.home, self.version, base=self.model.name).on(self.model) as model:
            return model.answer([_REQUEST], [route])[0].text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return chat_model(tmp_path_factory.mktemp("qwen2"), _REQUEST.text)


@pytest.fixture(scope="module")
def everything(folder: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    model = LanguageModel.load(folder)
    home = champion(Home(tmp_path_factory.mktemp("home") / "home"), model, folder)
    with running(folder) as server, Database.open(home.database) as db, ExitStack() as until:
        yield Rig(home, db, server, model, [], until)


@pytest.fixture
def rig(everything: Rig) -> Rig:
    everything.server.renew()
    everything.heard.clear()
    return everything


def answers(opened: OpenModel, *routes: str | None) -> list[Reply]:
    return opened.answerer.answer([_REQUEST] * len(routes), routes)


def test_each_request_names_its_patterns_adapter_and_is_answered_by_it(rig: Rig) -> None:
    opened = rig.opened()
    assert opened.version == rig.version and opened.route(FIELD) == FIELD and opened.route("E0425:x@fn") is None
    found = answers(opened, FIELD, None, MOVED, FIELD)
    for reply, route in zip(found, (FIELD, None, MOVED, FIELD), strict=True):
        assert rig.expected(route).startswith(reply.text) and not reply.unrouted
    assert len({each.text for each in found}) == 3, "the adapters make a difference"
    names = set(rig.server.adapters)
    assert all(name.startswith(f"sleepy-{rig.version}-") for name in names) and len(names) == 2
    assert sorted(rig.server.told) == sorted(f"load {name}" for name in names), "each once"
    assert set(rig.server.asked) == {NAME, *names} and rig.server.asked.count(NAME) == 1 and rig.heard == []


def test_what_is_loaded_already_is_not_loaded_again(rig: Rig) -> None:
    answers(rig.opened(), FIELD)
    answers(rig.opened(), FIELD)
    assert len(rig.server.told) == 1 and len(rig.server.asked) == 2


def test_what_another_process_loaded_in_the_meantime_answers_too(rig: Rig) -> None:
    first, second = rig.opened(), rig.opened()
    before = answers(first, FIELD)
    assert answers(second, FIELD) == before and not before[0].unrouted and rig.heard == []
    assert [each.partition(" ")[0] for each in rig.server.told] == ["load", "again"]


def test_a_server_that_restarted_gets_the_adapter_once_more_each_time(rig: Rig) -> None:
    opened = rig.opened()
    before = answers(opened, FIELD)
    for _ in range(2):
        rig.server.restart()
        assert answers(opened, FIELD, FIELD) == before * 2
    assert len(rig.server.told) == 3 and rig.heard == []


def test_a_server_that_forgets_at_once_is_answered_by_the_base_with_one_warning(rig: Rig) -> None:
    opened = rig.opened()
    answers(opened, FIELD)
    rig.server.broken = True
    rig.server.restart()
    for _ in range(2):
        (found,) = answers(opened, FIELD)
        assert found.unrouted and rig.expected(None).startswith(found.text)
    (warned,) = rig.heard
    assert "does not load sleepy-" in warned and "rank 64" in warned and "base model answers in its place" in warned


def test_a_server_without_runtime_loading_is_said_once_for_all_patterns(rig: Rig) -> None:
    rig.server.able = False
    opened = rig.opened()
    assert [each.unrouted for each in answers(opened, FIELD, MOVED, None, BORROWED)] == [True, True, False, True]
    (warned,) = rig.heard
    assert "VLLM_ALLOW_RUNTIME_LORA_UPDATING" in warned and rig.server.asked == [NAME] * 4


def test_adapters_of_a_version_that_serves_no_more_are_unloaded_and_others_left(rig: Rig) -> None:
    answers(rig.opened(), FIELD)
    (own,) = rig.server.adapters
    version, somewhere = rig.version, rig.server.adapters[own]
    foreign = f"sleepy-{'0' * 16}-{'0' * 12}"
    rig.server.load(foreign, somewhere)
    versions.rollback(rig.db, "base", reason="the test's", now=datetime.now(UTC))
    try:
        opened = rig.opened()
        assert opened.route(FIELD) is None and opened.version is None
        assert list(rig.server.adapters) == [foreign] and f"unload {own}" in rig.server.told
    finally:
        versions.rollback(rig.db, version, reason="the test's", now=datetime.now(UTC))


def test_an_adapter_lies_in_its_versions_folder_as_sleepy_export_writes_it(rig: Rig) -> None:
    answers(rig.opened(), FIELD)
    (path,) = map(Path, rig.server.adapters.values())
    assert path.is_relative_to(rig.home.versions / rig.version)
    assert sorted(each.name for each in path.iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []


def test_another_model_than_the_champions_is_not_given_its_adapters(rig: Rig) -> None:
    rig.server.root, before = str(rig.home.root), rig.server.root
    try:
        opened = rig.opened()
    finally:
        rig.server.root = before
    assert opened.route(FIELD) is None and opened.version is None and rig.server.told == []
    (warned,) = rig.heard
    assert "only the base model answers" in warned and before in warned


@pytest.mark.parametrize(("broken", "route"), [(False, FIELD), (True, None)])
def test_what_is_remembered_of_an_attempt_is_what_answered_it(broken: bool, route: str | None, rig: Rig) -> None:
    rig.server.broken = broken
    problem = Problem(Path("lib.rs"), _SOURCE, (_ERROR,), FIELD)
    (found,) = LazyModel(rig.opened).candidates(_SOURCE, (_ERROR,), problem)
    assert found.route == route


def test_a_server_alone_answers_every_route_by_its_base_and_says_so(rig: Rig) -> None:
    request: Request = _REQUEST
    plain = Server(rig.server.base, NAME)
    assert [each.unrouted for each in plain.answer([request] * 2, [FIELD, None])] == [True, False]
