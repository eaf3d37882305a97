"""Commands whose packages are optional say what to install where these are missing."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("command", "package", "least"),
    [("lsp", "pygls", "2"), ("mcp", "mcp", "2"), ("serve", "starlette", "1"), ("serve", "uvicorn", "0.30")],
)
def test_a_missing_package_is_named_with_what_installs_it(command: str, package: str, least: str) -> None:
    program = (
        f"import sys\nsys.modules[{package!r}] = None\n"  # Python's own way to say that it is not there
        f"from sleepy.daemon.cli import main\nsys.argv = ['sleepy', {command!r}]\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.splitlines() == [
        f"sleepy: `sleepy {command}` needs the package {package}",
        f"  remedy: {sys.executable} -m pip install '{package}>={least}'",
    ]
