"""Programs that attack, and what must come of them.

Every program is judged twice: as an answer, which the policy looks at first, and as if the task itself
had done all of it, so that the policy lets it pass and the jail and the harness stand alone. The
programs that steal are right only if they got hold of something: PASS is a leak.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sleepy.sandbox import process
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case, Outcome, Verdict

_HOSTILE = Path(__file__).parent / "hostile"
_BROKEN = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b;\n}\n"
_TESTS = """
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(1, 2), 3);
    }

    #[test]
    fn adds_negative() {
        assert_eq!(add(-4, 1), -3);
    }

    #[test]
    fn adds_many() {
        for n in 0..100 {
            assert_eq!(add(n, 7 * n), 8 * n);
        }
    }
}
"""

REJECTED, FAIL, COMPILE_ERROR = {Outcome.REJECTED}, {Outcome.FAIL}, {Outcome.COMPILE_ERROR}
MISMATCH = {Outcome.API_MISMATCH}
STOPPED = {Outcome.FAIL, Outcome.VIOLATION, Outcome.RUN_CRASH}  # by an error, by the filter, by a limit
NO_COMPILE = {Outcome.COMPILE_TIMEOUT, Outcome.COMPILE_CRASH, Outcome.COMPILE_ERROR}

# program: what the answer gets; what it gets when the policy has nothing to say (None: it had nothing, or only it stops this)
TABLE: dict[str, tuple[set[Outcome], set[Outcome] | None]] = {
    # read while compiling
    "include_str": (REJECTED, COMPILE_ERROR),
    "include_alias": (REJECTED, COMPILE_ERROR),
    "include_bytes": (REJECTED, COMPILE_ERROR),
    "path_module": (REJECTED, COMPILE_ERROR),
    "env_macro": (REJECTED, COMPILE_ERROR),
    "include_tests": (REJECTED, None),
    "dev_zero": (REJECTED, NO_COMPILE),
    # never done compiling
    "macro_bomb": (REJECTED, NO_COMPILE),
    "const_eval_allowed": (REJECTED, NO_COMPILE),
    "const_eval": (COMPILE_ERROR, None),  # the same compilation again, and seconds of it
    "recursion_limit": (REJECTED, NO_COMPILE),
    "monomorphs": ({Outcome.COMPILE_TIMEOUT, Outcome.COMPILE_CRASH}, None),
    "huge_static": (NO_COMPILE, None),
    "deep_brackets": (REJECTED, None),
    "long_source": (REJECTED, None),
    # own the build
    "proc_macro": (REJECTED, FAIL),
    "link_library": (REJECTED, None),
    "feature": (REJECTED, COMPILE_ERROR),
    "global_asm": (REJECTED, COMPILE_ERROR),
    "asm_exit": (REJECTED, COMPILE_ERROR),
    "build_files": (REJECTED, STOPPED),
    # read while running
    "env_vars": (REJECTED, FAIL),
    "read_file": (REJECTED, FAIL),
    "read_own_binary": (REJECTED, FAIL),
    "proc_environ": (REJECTED, FAIL),
    "symlink": (REJECTED, FAIL),
    # use up the machine
    "fork_bomb": (REJECTED, COMPILE_ERROR),
    "respawn": (REJECTED, STOPPED),
    "busy_loop": ({Outcome.RUN_TIMEOUT}, None),
    "flood": ({Outcome.OUTPUT_LIMIT}, None),
    "memory": ({Outcome.RUN_CRASH, Outcome.FAIL}, None),
    "big_file": (REJECTED, STOPPED),
    "threads": ({Outcome.RUN_TIMEOUT, Outcome.RUN_CRASH, Outcome.FAIL}, None),
    "recursion": ({Outcome.RUN_CRASH}, None),
    "orphan": (REJECTED, COMPILE_ERROR),
    "spawn_sleep": (REJECTED, STOPPED),
    "sleeper": ({Outcome.RUN_TIMEOUT}, None),
    # reach the network
    "tcp": (REJECTED, {Outcome.VIOLATION}),
    "udp": (REJECTED, {Outcome.VIOLATION}),
    "unix_socket": (REJECTED, {Outcome.VIOLATION}),
    # reach the kernel: unsafe, so that the harness's own -F unsafe_code is the second wall
    "kill_all": (REJECTED, COMPILE_ERROR),
    "kill_parent": (REJECTED, COMPILE_ERROR),
    "stop_itself": (REJECTED, COMPILE_ERROR),
    "ignore_signals": (REJECTED, COMPILE_ERROR),
    "trace_parent": (REJECTED, COMPILE_ERROR),
    "new_namespace": (REJECTED, COMPILE_ERROR),
    "raw_socket": (REJECTED, COMPILE_ERROR),
    # fool the tests
    "exit_zero": (REJECTED, FAIL),
    "exit_zero_grouped": (REJECTED, FAIL),
    "fake_summary": (REJECTED, FAIL),
    "panic_hook": (REJECTED, FAIL),
    "trailing_cfg": (REJECTED, COMPILE_ERROR | MISMATCH),
    "open_comment": (COMPILE_ERROR, COMPILE_ERROR),
    "cfg_test": (REJECTED, FAIL),
    "always_equal": (MISMATCH, None),
    "own_tests": (REJECTED, FAIL),
    "todo": (REJECTED, FAIL),
    "panics": (FAIL, FAIL),
    "lookup": (FAIL, FAIL),
    "overwrite": (REJECTED, FAIL),
    "own_memory": (REJECTED, FAIL),
    "nonce_hunt": (REJECTED, FAIL),
    "item_gone": (MISMATCH, MISMATCH),
    "other_signature": (MISMATCH, MISMATCH),
    "abort": (REJECTED, {Outcome.RUN_CRASH}),
    "heap_walk": (REJECTED, COMPILE_ERROR),
    "own_trim": (FAIL, FAIL),
    "own_report": (FAIL, FAIL),
    "own_assert": (FAIL, FAIL),
    "own_str": (REJECTED, FAIL),
    "own_equality": (MISMATCH, None),
    "hand_equality": (MISMATCH, None),
    "own_result": (FAIL, FAIL),
    # fool the policy
    "raw_c_string": (REJECTED, FAIL),
    "hidden_space": (REJECTED, FAIL),
    "other_std": (REJECTED, FAIL),
    "long_group": (REJECTED, FAIL),
    "shell_line": (REJECTED, FAIL),
    # take memory for what it is not, in safe code: only the policy knows
    "dyn_cast": (REJECTED, None),
    "lifetime_cast": (REJECTED, None),
}


@dataclass(frozen=True)
class Battle:
    """All programs judged in one tier, and the traps that stood around them."""

    answers: dict[str, Verdict]
    allowed: dict[str, Verdict]
    file: Path
    secret: str
    marker: str
    callers: int  # that reached one of the listeners


@pytest.fixture(scope="module")
def battle(tier: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Battle]:
    folder = tmp_path_factory.mktemp("traps")
    secret, marker = secrets.token_hex(16), f"3600.{secrets.randbelow(10**9)}"
    file, path = folder / "id_ed25519", folder / "docker.sock"
    file.write_text(f"-----BEGIN KEY-----\n{secret}\n")
    before = os.environ.get("HOSTILE_TEST_SECRET")
    os.environ["HOSTILE_TEST_SECRET"] = secret
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as unix:
        tcp.bind(("127.0.0.1", 0))
        unix.bind(str(path))
        for listener in (tcp, unix):
            listener.listen()
            listener.setblocking(False)
        words = {
            "FILE": str(file),
            "SOCKET": str(path),
            "SECRET": secret,
            "MARKER": marker,
            "PORT": str(tcp.getsockname()[1]),
            "LRM": "\u200e",
            "DEEP": "(" * 30_000 + "1" + ")" * 30_000,
            "LONG": "x" * (8 << 20),
        }
        sources = {name: _filled(name, words) for name in TABLE}
        bare = [name for name, (_, alone) in TABLE.items() if alone is not None]
        verdicts = tier.judge_many(
            [Case(source, _TESTS, _BROKEN) for source in sources.values()]
            + [Case(sources[name], _TESTS, sources[name]) for name in bare]
        )
        callers = 0
        for listener in (tcp, unix):
            try:
                listener.accept()[0].close()
                callers += 1
            except BlockingIOError:
                pass
    if before is None:
        del os.environ["HOSTILE_TEST_SECRET"]
    answers = dict(zip(sources, verdicts, strict=False))
    yield Battle(answers, dict(zip(bare, verdicts[len(sources) :], strict=True)), file, secret, marker, callers)


def _filled(name: str, words: dict[str, str]) -> str:
    source = (_HOSTILE / f"{name}.rs").read_text()
    for word, value in words.items():
        source = source.replace(f"{{{word}}}", value)
    return source


def test_every_hostile_program_stands_in_the_table() -> None:
    assert {path.stem for path in _HOSTILE.glob("*.rs")} == {*TABLE, "kernel"}


@pytest.mark.parametrize("name", TABLE)
def test_an_attack_gets_its_verdict(battle: Battle, name: str) -> None:
    verdict = battle.answers[name]
    assert verdict.outcome in TABLE[name][0], (verdict.detail, verdict.diagnostics[:2])


@pytest.mark.parametrize("name", [name for name, (_, alone) in TABLE.items() if alone is not None])
def test_an_attack_fails_where_the_policy_is_silent(battle: Battle, name: str) -> None:
    verdict = battle.allowed[name]
    assert verdict.outcome in (TABLE[name][1] or set()), (verdict.detail, verdict.diagnostics[:2])


def test_nothing_leaks(battle: Battle) -> None:
    for name, verdict in [*battle.answers.items(), *battle.allowed.items()]:
        assert battle.secret not in repr(verdict), name
    assert battle.callers == 0
    assert sorted(path.name for path in battle.file.parent.iterdir()) == ["docker.sock", "id_ed25519"]
    assert battle.secret in battle.file.read_text()


def test_nothing_survives(tier: Sandbox, battle: Battle) -> None:
    deadline = time.monotonic() + 1
    while left := _alive(battle.marker, str(tier._root)):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    assert {path.name for path in tier._root.iterdir()} == {"launcher", "runtime"}


def test_no_attack_outlives_its_limit(battle: Battle) -> None:
    for name, verdict in [*battle.answers.items(), *battle.allowed.items()]:
        for stage, milliseconds in verdict.stage_ms.items():
            limit = process.RUN.wall_s if stage == "run" else process.COMPILE.wall_s
            assert milliseconds <= 1000 * (limit + 1), (name, stage)


def test_an_honest_answer_passes_beside_them(tier: Sandbox) -> None:
    verdict = tier.judge("pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n", _TESTS, original=_BROKEN)
    assert verdict.outcome is Outcome.PASS
    assert verdict.tests == (("adds", True), ("adds_negative", True), ("adds_many", True))


def _alive(*marks: str) -> list[str]:
    """The command lines of processes that carry one of the marks."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended meanwhile
        if any(mark in line for mark in marks):
            found.append(line)
    return found
