"""What a server is shown of the user's code, and what comes back of it: no secret goes, no placeholder comes."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from tests.daemon.model.test_server import Stage, completion, saying, stage

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Problem, TriedCandidate
from sleepy.daemon.fix.lazy_model import LazyModel, OpenModel, open_model
from sleepy.daemon.fix.redaction import RedactedSource, leaves_machine
from sleepy.daemon.fix.rungs import allowed_rungs
from sleepy.daemon.model.edits import EditError
from sleepy.sandbox.sandbox import Sandbox

__all__ = ["stage"]
_LONG, _SHORT = "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "hunter2"
_SOURCE = (
    f'const API_TOKEN: &str = "{_LONG}";\nconst PASSWORD: &str = "{_SHORT}";\n\npub fn login() -> usize {{\n'
    f'    let n = API_TOKEN.len();\n    n += PASSWORD.len();\n    check("{_LONG}");\n    n\n}}\n\nfn check(_: &str) {{}}\n'
)
_RIGHT = _SOURCE.replace("let n", "let mut n")


def test_a_server_sees_no_secret_and_its_answer_is_about_the_users_own_text(
    sandbox: Sandbox, tmp_path: Path, stage: Stage
) -> None:
    said = sandbox.check(_SOURCE).diagnostics
    problem = Problem(Path("a.rs"), _SOURCE, said, "E0384:x")
    hidden = RedactedSource(_SOURCE, said).source.replace("let n", "let mut n")
    stage.acts = [saying(200, completion(f"```rust\n{hidden}```"))]
    config = replace(Config(), server=stage.base, server_model="m")

    def unopened() -> OpenModel:
        raise UserError("nobody", remedy="")

    rungs = allowed_rungs(config, Home(tmp_path), None, sandbox, LazyModel(unopened), lambda _: None)
    found: list[Candidate] = []

    def attempt(candidate: Candidate) -> TriedCandidate:
        found.append(candidate)
        return TriedCandidate(candidate, CandidateGrade.CLEAN)

    next(rung for rung in rungs if rung.name == "server").solve(problem, attempt)
    asked = str([each.body for each in stage.asked])
    assert "API_TOKEN" in asked and _LONG not in asked and _SHORT not in asked
    assert [each.source for each in found] == [_RIGHT]


@pytest.mark.parametrize(("address", "told"), [("http://192.0.2.1/v1", 1), ("http://127.0.0.1:9/v1", 0)])
def test_it_is_said_when_code_leaves_the_machine(tmp_path: Path, address: str, told: int) -> None:
    heard: list[str] = []

    def hear(what: str) -> None:
        heard.append(what)

    config = replace(Config(), model=f"{address}#large")
    with ExitStack() as until:
        found = open_model(config, Home(tmp_path), None, until, hear)
    assert found.elsewhere and len(heard) == told
    assert all(address in each and "code is sent" in each for each in heard)


def test_a_placeholder_in_a_new_line_becomes_its_secret_again() -> None:
    sent = RedactedSource(_SOURCE, ())
    line = next(line for line in sent.source.split("\n") if "check(" in line)
    answered = sent.source.replace(line, line.replace("check(", "check(&*"))
    assert sent.restored(answered) == _SOURCE.replace('check("', 'check(&*"')


@pytest.mark.parametrize(("old", "new"), [('PASSWORD: &str = "', 'PASSWORD: &[u8] = b"'), ("login", "REDACTED7")])
def test_an_answer_that_would_write_a_placeholder_is_refused(old: str, new: str) -> None:
    sent = RedactedSource(_SOURCE, ())
    with pytest.raises(EditError):
        sent.restored(sent.source.replace(old, new))


def test_a_text_without_secrets_is_sent_and_comes_back_as_it_is() -> None:
    sent = RedactedSource("fn f() {}\n", ())
    assert sent.source == "fn f() {}\n" and sent.restored("fn g() {}\n") == "fn g() {}\n"


@pytest.mark.parametrize(
    ("address", "away"),
    [
        ("http://127.0.0.1:11434/v1", False),
        ("http://localhost:1/v1", False),
        ("http://[::1]:8000/v1", False),
        ("http://192.168.1.7:8000/v1", True),
        ("https://api.example.org/v1", True),
        ("http://localhost.example.org/v1", True),
    ],
)
def test_only_the_loopback_is_this_machine(address: str, away: bool) -> None:
    assert leaves_machine(address) is away
