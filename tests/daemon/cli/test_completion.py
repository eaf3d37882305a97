"""Shell completion: the scripts, and what they are told."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from sleepy.daemon.cli import cli


def script(shell: str) -> str:
    done = CliRunner().invoke(cli, ["completion", shell])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script_that_says_where_it_goes(shell: str) -> None:
    made = script(shell)
    assert f"_SLEEPY_COMPLETE={shell}_complete" in made
    assert f"# sleepy completion {shell}" in made
    if shell == "zsh":
        assert made.startswith("#compdef sleepy\n")  # zsh reads this on the first line alone


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_reads_the_script(tmp_path: Path) -> None:
    (tmp_path / "sleepy").write_text(script("bash"))
    program = f"source {tmp_path}/sleepy && complete -p sleepy"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and "_sleepy_completion" in done.stdout, done.stderr


def test_another_shell_is_refused_with_those_there_are() -> None:
    done = CliRunner().invoke(cli, ["completion", "csh"])
    assert done.exit_code == 2 and "bash" in done.output


def completed(*words: str) -> list[str]:
    from click.shell_completion import ShellComplete

    return [item.value for item in ShellComplete(cli, {}, "sleepy", "").get_completions(list(words[:-1]), words[-1])]


def test_commands_options_and_settings_are_completed() -> None:
    assert "status" in completed("st")
    assert completed("config", "get", "night_") == ["night_at", "night_minutes", "night_patterns", "night_memory"]
    assert "--watch" in completed("status", "--w")
    assert completed("completion", "f") == ["fish"]
