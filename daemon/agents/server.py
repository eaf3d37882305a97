"""The tools `fix`, `judge`, `why` and `status`, over stdin and stdout (Model Context Protocol).

Rust is compiled and run in the same sandbox as everywhere. A call that is taken back, or whose agent goes away, ends
its repair; nothing is written then. A tool's error is one that the agent can read: what is wrong and what would do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from sleepy.daemon import status as state
from sleepy.daemon.agents.answers import FixAnswer, JudgeAnswer, JudgedTest, fix_answer
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError, remedy
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.leave import leave
from sleepy.daemon.fix.apply import apply as written
from sleepy.daemon.fix.fix import fix as repaired
from sleepy.daemon.history.head import failing_at_head
from sleepy.daemon.lab import judge_command
from sleepy.daemon.versions import why as walk
from sleepy.memory.episodic.database import Database

T = TypeVar("T")
RustPath = Annotated[str, Field(description="A Rust file.")]
Stopped = Callable[[], bool]

_PURPOSE = (
    "Repairs Rust that does not compile. `fix` proposes a diff that was compiled and tested in a sandbox, and writes it "
    "only with apply=true. `judge` compiles a program and runs its tests there."
)


def serve(config: Config, home: Home, version: str, *, with_model: bool) -> None:
    """Serves one agent over stdin and stdout until it goes away. Leaves no process behind."""
    tools = AgentTools(config, home, with_model=with_model)
    server = MCPServer("sleepy", instructions=_PURPOSE, version=version, log_level="WARNING")
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    server.tool(annotations=ToolAnnotations(read_only_hint=False, idempotent_hint=True, open_world_hint=False))(
        tools.fix
    )
    for tool in (tools.judge, tools.why, tools.status):
        server.tool(annotations=reads, structured_output=True)(tool)
    server.run("stdio")
    leave(tools.busy)


class AgentTools:
    """The tools. Each works in a thread of its own; the docstrings are what agents read."""

    def __init__(self, config: Config, home: Home, *, with_model: bool) -> None:
        self._config, self._home, self._with_model = config, home, with_model
        self._lock = threading.Lock()
        self._at_work = 0

    def busy(self) -> bool:
        """Whether any call is still at work."""
        with self._lock:
            return self._at_work > 0

    async def fix(
        self,
        path: Annotated[str, Field(description="A crate's or workspace's folder, or a Rust file.")],
        apply: Annotated[
            bool, Field(description="Write the repair into the files, if all of it was verified.")
        ] = False,
    ) -> FixAnswer:
        """Repair a crate, workspace or file that does not compile; answer with a diff that was compiled and tested.

        Tries the compiler's suggestions, past repairs and a small local model. Nothing is written unless apply is
        true, and then only a repair after which everything compiles and all tests pass. What is left is listed.
        """
        return await self._apart(lambda stopped: self._fix(existing(path), apply, stopped))

    async def judge(
        self,
        path: RustPath,
        tests: Annotated[str | None, Field(description="A Rust file of tests: a module with `use super::*`.")] = None,
        original: Annotated[str | None, Field(description="The broken Rust file that `path` repairs.")] = None,
        reference: Annotated[
            str | None, Field(description="A right answer: both are called with the same inputs.")
        ] = None,
        edition: Literal["2015", "2018", "2021", "2024"] = "2021",
    ) -> JudgeAnswer:
        """Compile one Rust file and run its tests, or `tests`, in a sandbox without network or files.

        `basis` says what was run and compared. With `original`, the program may add nothing that the original does not do (unsafe code, files, processes) and
        may drop none of its public items. Without it, everything counts as added.
        """
        return await self._apart(lambda _stopped: self._judge(path, (tests, original, reference), edition))

    async def why(
        self, what: Annotated[str, Field(description="A task or a pattern, such as E0308, or the beginning of one.")]
    ) -> dict[str, Any]:
        """Explain how a kind of mistake is answered: its route, the night that learnt it, its lessons."""
        return await self._apart(lambda _stopped: self._why(what))

    async def status(self) -> dict[str, Any]:
        """What sleepy is doing, what it has learnt, and what comes next."""
        return await self._apart(lambda _stopped: state.read(self._home, self._config, now=datetime.now(UTC)).data)

    def _fix(self, path: Path, apply: bool, stopped: Stopped) -> FixAnswer:
        notes: list[str] = []
        done = repaired(
            path,
            self._config,
            self._home,
            lambda what: notes.append(what),
            with_model=self._with_model,
            stopped=stopped,
            at_head=failing_at_head,
        )
        applied = apply and done.offered and not stopped()
        if applied:
            written(done.target.root, done.mended.before, done.mended.edits, moved=done.moved)
        return fix_answer(done, applied=applied, notes=notes)

    def _judge(self, path: str, others: Sequence[str | None], edition: str) -> JudgeAnswer:
        notes: list[str] = []
        tests, original, reference = (existing(name) if name is not None else None for name in others)
        case = judge_command.read_case(existing(path), tests, original, reference, edition)
        verdict = judge_command.judge(self._config, self._home, case, lambda what: notes.append(what))
        return JudgeAnswer(
            verdict.passed,
            verdict.outcome.value,
            verdict.detail,
            judge_command.basis(verdict, case),
            [each.rendered.rstrip() or f"error: {each.message}" for each in verdict.diagnostics],
            [JudgedTest(name, passed) for name, passed in verdict.tests],
            notes,
        )

    def _why(self, what: str) -> dict[str, Any]:
        with Database.open(self._home.database, read_only=True) as db:
            return walk.read(db, self._home, what)

    async def _apart(self, act: Callable[[Stopped], T]) -> T:
        """What `act` returns, from a thread of its own; `ToolError` for what the agent or its user can correct."""
        stop = threading.Event()

        def work() -> T:
            with self._lock:
                self._at_work += 1
            try:
                return act(stop.is_set)
            except Exception as error:
                known = remedy(error)
                if known is None:
                    raise
                raise ToolError(f"{error}. What would do: {known}") from error
            finally:
                with self._lock:
                    self._at_work -= 1

        try:
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        finally:
            stop.set()


def existing(name: str) -> Path:
    """A path that is there. `UserError` for one that is not."""
    path = Path(name).expanduser()
    if not path.exists():
        raise UserError(
            f"{name} does not exist in {Path.cwd()}" if not path.is_absolute() else f"{name} does not exist",
            remedy="give the absolute path of a crate's folder or of a Rust file",
        )
    return path
