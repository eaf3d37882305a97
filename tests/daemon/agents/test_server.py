"""`sleepy mcp` as an agent meets it: a real client over pipes, a real crate, a real compiler."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import psutil
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, TextContent
from tests.daemon.fix.programs import COUNTED, COUNTS, UNKNOWN
from tests.sandbox.workspace.planting import plant, single, tree

_TESTS = "mod tests {\n    use super::*;\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), 3);\n    }\n}\n"


@asynccontextmanager
async def agent(folder: Path, **environment: str) -> AsyncIterator[Client]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    words = ["-m", "sleepy", "mcp", "--no-model", "--home", str(folder / "home")]
    server = StdioServerParameters(command=sys.executable, args=words, env={**kept, **environment}, cwd=folder)
    async with Client(server) as client:
        yield client


def told(result: CallToolResult) -> dict[str, Any]:
    found = result.structured_content
    assert not result.is_error and isinstance(found, dict), result.content
    return found


def complaint(result: CallToolResult) -> str:
    assert result.is_error
    return "".join(part.text for part in result.content if isinstance(part, TextContent))


def test_an_agent_lists_the_tools_and_uses_them(tmp_path: Path) -> None:
    folder = single(tmp_path, COUNTS)
    add = "pub fn add(a: i32, b: i32) -> i32 {{\n    a {} b\n}}\n".format
    plant(tmp_path, {"add.rs": add("-"), "tests.rs": _TESTS, "right.rs": add("+")})
    before = tree(folder)

    async def session() -> None:
        async with agent(tmp_path) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert sorted(tools) == ["fix", "judge", "status", "why"]
            assert tools["fix"].input_schema["required"] == ["path"]
            assert tools["fix"].input_schema["properties"]["apply"]["default"] is False
            assert tools["fix"].output_schema is not None
            assert {"fixed", "applied", "diff", "summary", "left"} <= tools["fix"].output_schema["properties"].keys()
            hints = {name: tool.annotations and tool.annotations.read_only_hint for name, tool in tools.items()}
            assert hints == {"fix": False, "judge": True, "status": True, "why": True}

            found = told(await client.call_tool("fix", {"path": str(folder)}))
            assert found["fixed"] and not found["applied"] and found["left"] == []
            assert "+    let mut n = 0;" in found["diff"] and "1 test passes" in found["summary"]
            assert [(each["file"], each["line"], each["code"], each["solved_by"]) for each in found["errors"]] == [
                ("src/lib.rs", 5, "E0384", "compiler")
            ]
            assert tree(folder) == before, "nothing is written unasked"

            assert "nowhere does not exist" in complaint(await client.call_tool("fix", {"path": "nowhere"}))
            assert "not a Rust file" in complaint(await client.call_tool("fix", {"path": str(folder / "Cargo.toml")}))
            assert "path" in complaint(await client.call_tool("fix", {}))
            assert "no #[test] function" in complaint(
                await client.call_tool("judge", {"path": "add.rs", "tests": "add.rs"})
            )
            unknown = complaint(await client.call_tool("why", {"what": "E9999"}))
            assert "E9999" in unknown and "What would do" in unknown and "Traceback" not in unknown

            failing = told(await client.call_tool("judge", {"path": "add.rs", "tests": "tests.rs"}))
            assert (failing["passed"], failing["tests"]) == (False, [{"name": "adds", "passed": False}])
            compared = told(await client.call_tool("judge", {"path": "add.rs", "reference": "right.rs"}))
            assert not compared["passed"] and "compared with the reference: add" in compared["basis"]
            assert told(await client.call_tool("status", {}))["schema"] >= 1
            assert told(await client.call_tool("why", {"what": "E0384"}))["patterns"]

            applied = told(await client.call_tool("fix", {"path": str(folder), "apply": True}))
            assert applied["fixed"] and applied["applied"]

    anyio.run(session)
    assert (folder / "src/lib.rs").read_text() == COUNTED
    (folder / "src/lib.rs").write_text(COUNTS)
    assert tree(folder) == before, "nothing else was written"


def test_a_partial_repair_is_told_and_not_written_and_an_agent_that_leaves_ends_its_repair(tmp_path: Path) -> None:
    folder, scratch = single(tmp_path, COUNTS.replace("/// Counts.\n", UNKNOWN)), tmp_path / "scratch"
    scratch.mkdir()
    before = tree(folder)
    alive: list[psutil.Process] = []

    async def session() -> None:
        async with agent(tmp_path, TMPDIR=str(scratch)) as client:
            found = told(await client.call_tool("fix", {"path": str(folder), "apply": True}))
            assert not found["fixed"] and not found["applied"] and found["why"]
            assert [(each["file"], each["line"], each["code"]) for each in found["left"]] == [
                ("src/lib.rs", 2, "E0425")
            ]
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.call_tool, "fix", {"path": str(folder)})
                (server,) = [each for each in psutil.Process().children() if "mcp" in each.cmdline()]
                with anyio.fail_after(60):
                    while not (list(scratch.iterdir()) and server.children(recursive=True)):
                        await anyio.sleep(0.005)
                alive.extend([server, *server.children(recursive=True)])
                tasks.cancel_scope.cancel()

    anyio.run(session)
    assert not psutil.wait_procs(alive, timeout=10)[1] and list(scratch.iterdir()) == []
    assert tree(folder) == before
