"""The list of exit codes is what the code uses, what --help says and what the documents say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from sleepy.daemon.base.exit_code import ExitCode
from sleepy.daemon.cli import cli
from sleepy.daemon.service.install import unit

ROOT = Path(__file__).resolve().parents[3]
EXITS = frozenset(["exit", "_exit", "Exit"])  # of sys, of os, click's


def numbers(tree: ast.AST) -> Iterator[int]:
    """The codes that a module ends with or gives to an error: those written as numbers, and those of the list."""
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in EXITS:
            given = node.args
        elif isinstance(node, ast.Assign) and any(getattr(each, "id", "") == "exit_code" for each in node.targets):
            given = [node.value]
        for each in (inner for value in given for inner in ast.walk(value)):
            if isinstance(each, ast.Constant) and type(each.value) is int:
                yield each.value
            elif isinstance(each, ast.Attribute) and getattr(each.value, "id", "") == "ExitCode":
                yield ExitCode[each.attr].value


def test_every_code_that_is_used_is_listed_and_every_listed_one_is_used() -> None:
    folders = (ROOT / name for name in ("daemon", "sandbox", "memory", "koans"))
    found = {
        code for folder in folders for path in folder.rglob("*.py") for code in numbers(ast.parse(path.read_text()))
    }
    assert found == {code.value for code in ExitCode}


def test_help_and_documents_have_the_whole_list() -> None:
    said = " ".join(CliRunner().invoke(cli, ["--help"]).output.split())
    table = (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8").partition("## Exit codes")[2]
    for code in ExitCode:
        assert f"{code.value} {code.meaning}" in said
        assert f"| {code.value} | {code.meaning} |" in table
    assert table.count("\n| ") == len(ExitCode) + 1
    assert "RestartPreventExitStatus=2 78\n" in unit(["sleepy"])  # as the documents say below the table
