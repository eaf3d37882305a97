"""The command line as a user meets it: one readable line, a remedy, an exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def sleepy(*words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return subprocess.run(
        [sys.executable, "-m", "sleepy", *words],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        env={**kept, "OMP_NUM_THREADS": "1", **environment},
    )


def refused(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_help_names_every_command() -> None:
    done = sleepy("--help")
    assert done.returncode == 0
    for command in ("demo", "day", "night", "status", "report", "run", "doctor", "rollback", "koans", "pretrain"):
        assert command in done.stdout


def test_status_of_an_empty_home_says_so_and_makes_nothing(tmp_path: Path) -> None:
    done = sleepy("status", "--home", str(tmp_path / "home"))
    assert done.returncode == 0 and "No practice yet" in done.stdout
    data = json.loads(sleepy("status", "--json", "--home", str(tmp_path / "home")).stdout)
    assert data["schema"] == 2 and data["champion"] is None and data["patterns"] == []
    assert not (tmp_path / "home").exists()


def test_an_unknown_koan_is_named_with_its_nearest() -> None:
    refused(sleepy("koans", "show", "bc_00x"), "bc_00x", "did you mean bc_0")


def test_a_koan_is_shown_as_its_file() -> None:
    done = sleepy("koans", "show", "bc_001")
    assert done.returncode == 0 and 'id = "bc_001"' in done.stdout and "fixed = '''" in done.stdout


def test_a_folder_that_is_no_model_is_named_and_nothing_made(tmp_path: Path) -> None:
    done = sleepy("day", "--home", str(tmp_path / "home"), "--model", str(tmp_path))
    refused(done, str(tmp_path), "config.json")
    assert not (tmp_path / "home").exists()


def test_weights_that_do_not_load_are_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "tokenizer.json").write_text("{}")
    refused(sleepy("day", "--home", str(tmp_path / "home"), "--model", str(tmp_path)), "cannot be loaded", "remedy")


def test_an_unknown_setting_is_named_with_its_nearest(tmp_path: Path) -> None:
    (tmp_path / "sleepy.toml").write_text('nigt_at = "0 3 * * *"\n')
    refused(sleepy("status", cwd=tmp_path), "nigt_at", "did you mean night_at")
    refused(sleepy("status", SLEEPY_NIGHT_AT="whenever"), "SLEEPY_NIGHT_AT", "cron")


@pytest.mark.parametrize("command", [["status"], ["report"], ["day", "--tasks", "1"], ["night"]])
def test_a_damaged_database_is_named_and_left_alone(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "sleepy.db"
    path.write_bytes(b"not a database at all" * 300)
    before = path.read_bytes()
    refused(sleepy(*command, "--home", str(tmp_path)), str(path), "remedy")
    assert path.read_bytes() == before


def test_a_report_of_a_night_that_was_not_is_refused(tmp_path: Path) -> None:
    refused(sleepy("report", "--home", str(tmp_path)), "no database yet")


def test_no_compiler_is_one_line_and_78_and_nothing_is_made(tmp_path: Path) -> None:
    done = sleepy("demo", "--home", str(tmp_path / "home"), PATH="/nowhere", HOME=str(tmp_path), RUSTC="")
    refused(done, "no working rustc", "rustup", code=78)
    assert not (tmp_path / "home").exists()


def test_an_unknown_tier_is_refused_with_78(tmp_path: Path) -> None:
    refused(sleepy("day", "--tier", "firejail", "--home", str(tmp_path)), "firejail", "bubblewrap", code=78)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(
        sleepy("day", "--tasks", "1", "--home", str(tmp_path / "file" / "home")), "cannot be created", "SLEEPY_HOME"
    )


def test_a_home_that_is_a_file_is_no_home_where_nothing_happened() -> None:
    for command in ("status", "report", "stop"):
        refused(sleepy(command, SLEEPY_HOME="/etc/passwd"), "the home /etc/passwd cannot be created: it is a file")


def test_rolling_back_without_a_version_to_go_to_is_refused(tmp_path: Path) -> None:
    refused(sleepy("rollback", "--home", str(tmp_path)), "remedy")


def test_doctor_finds_this_machine_well(tmp_path: Path) -> None:
    done = sleepy("doctor", "--home", str(tmp_path / "home"))
    assert done.returncode == 0, done.stdout
    for what in ("rustc", "sandbox", "torch", "model", "exam", "database", "champion", "disk", "schedule"):
        assert f"ok   {what}" in done.stdout
    assert not (tmp_path / "home").exists()


def test_a_command_that_says_no_exits_with_1(tmp_path: Path) -> None:
    done = sleepy("hints", "show", "E9999", SLEEPY_HOME=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "There is no hint for E9999.\n")
