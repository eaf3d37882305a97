"""`sleepy day`, `night` and the others that need a home for themselves, where another process has it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sleepy.daemon.base import lock
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.lock import Role

_COMMANDS = ("day", "night", "run", "demo")
_ASK = """
import json, sys
from click.testing import CliRunner
from sleepy.daemon.cli import cli
told = {}
for command in sys.argv[2:]:
    error = CliRunner().invoke(cli, [command, "--home", sys.argv[1]], standalone_mode=False).exception
    told[command] = [str(error), getattr(error, "remedy", "")]
print(json.dumps({"told": told, "heavy": sorted({"torch", "transformers", "sqlalchemy"} & set(sys.modules))}))
"""


@pytest.mark.parametrize(("role", "remedy"), [(Role.DAEMON, "`sleepy stop` first"), (Role.COMMAND, "wait until")])
def test_they_are_refused_before_anything_heavy_is_imported(role: Role, remedy: str, tmp_path: Path) -> None:
    with lock.held(Home(tmp_path), role):
        done = subprocess.run(
            [sys.executable, "-c", _ASK, tmp_path, *_COMMANDS], capture_output=True, text=True, check=True
        )
    found = json.loads(done.stdout)
    assert found["heavy"] == [] and list(found["told"]) == list(_COMMANDS)
    for message, offered in found["told"].values():
        assert message.endswith(f"is already working in {tmp_path}") and remedy in offered
