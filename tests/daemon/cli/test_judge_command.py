"""`sleepy judge` as a script meets it: one line of JSON, an exit code, and an answer from memory the second time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_BROKEN = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b;\n}\n"
_FIXED = _BROKEN.replace("b;", "b")
_WRONG = _FIXED.replace("+", "-")
_TABLED = "pub fn add(a: i32, b: i32) -> i32 {\n    if a == 1 { 3 } else { 0 }\n}\n"
_TESTS = "mod tests {\n    use super::*;\n    #[test]\n    fn adds() { assert_eq!(add(1, 2), 3); }\n}\n"
_KEYS = ["passed", "verdict", "diagnostics", "stage_ms", "tier", "cached", "detail", "tests", "calls", "twice", "basis"]


def _sleepy(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return subprocess.run(
        [sys.executable, "-m", "sleepy", "judge", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**kept, "OMP_NUM_THREADS": "1", **environment},
    )


def _told(done: subprocess.CompletedProcess[str], code: int) -> dict[str, Any]:
    """The one line of JSON it says, when it ended as expected."""
    assert done.returncode == code, done.stderr
    assert done.stdout.count("\n") == 1 and "Traceback" not in done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert list(told) == _KEYS
    return told


def _refused(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr and "remedy: " in done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("broken", _BROKEN), ("fixed", _FIXED), ("wrong", _WRONG), ("tabled", _TABLED), ("tests", _TESTS),
    ):  # fmt: skip
        (tmp_path / f"{name}.rs").write_text(text)
    return tmp_path


def test_a_program_that_passes_is_remembered_whatever_its_layout(folder: Path) -> None:
    words = ("--tests", folder / "tests.rs", "--original", folder / "broken.rs", "--home", folder / "home", "--json")
    first = _told(_sleepy(folder / "fixed.rs", *words), 0)
    assert (first["passed"], first["verdict"], first["cached"]) == (True, "PASS", False)
    assert first["tests"] == [{"name": "adds", "passed": True}]
    assert set(first["stage_ms"]) == {"compile", "link", "run"} and all(ms > 0 for ms in first["stage_ms"].values())
    assert first["tier"] in ("bubblewrap", "landlock")
    (folder / "fixed.rs").write_text(f"// mine\n{_FIXED.replace(' + ', ' /* and */ + ')}")
    assert _told(_sleepy(folder / "fixed.rs", *words), 0) == {**first, "cached": True}


def test_a_compile_error_is_remembered_of_the_exact_text(folder: Path) -> None:
    words = (folder / "broken.rs", "--home", folder / "home", "--json")
    first = _told(_sleepy(*words), 1)
    assert (first["passed"], first["verdict"], first["cached"]) == (False, "COMPILE_ERROR", False)
    (found,) = first["diagnostics"]
    assert found["code"] == "E0308" and [span["line_start"] for span in found["spans"] if span["is_primary"]] == [1]
    assert _told(_sleepy(*words), 1) == {**first, "cached": True}
    (folder / "broken.rs").write_text(f"\n\n{_BROKEN}")
    moved = _told(_sleepy(*words), 1)
    assert not moved["cached"]
    assert [span["line_start"] for span in moved["diagnostics"][0]["spans"] if span["is_primary"]] == [3]


def test_a_person_is_told_which_test_failed(folder: Path) -> None:
    done = _sleepy(folder / "wrong.rs", "--tests", folder / "tests.rs", "--home", folder / "home")
    assert done.returncode == 1 and done.stderr == ""
    *tests, last = done.stdout.splitlines()
    assert tests == ["test adds ... FAILED"]
    assert last.startswith("FAIL: ") and "left == right" in last and last.endswith(" ms)")


def test_a_table_passes_the_tests_and_fails_the_comparison(folder: Path) -> None:
    words = (
        folder / "tabled.rs", "--tests", folder / "tests.rs", "--original", folder / "broken.rs",
        "--home", folder / "home", "--json",
    )  # fmt: skip
    assert _told(_sleepy(*words), 0)["passed"]
    compared = _told(_sleepy(*words, "--reference", folder / "fixed.rs"), 1)
    assert (compared["verdict"], compared["tests"]) == ("FAIL", [{"name": "adds", "passed": True}])
    assert "something else than the reference" in compared["detail"]


def test_a_reference_without_tests_decides(folder: Path) -> None:
    words = (
        "--original", folder / "broken.rs", "--reference", folder / "fixed.rs", "--home", folder / "home", "--json",
    )  # fmt: skip
    other = folder / "other.rs"
    other.write_text(_FIXED.replace("a + b", "b + a"))
    told = _told(_sleepy(folder / "wrong.rs", *words), 1)
    assert (told["verdict"], told["tests"], told["calls"]) == ("FAIL", [], {"add": 50})
    told = _told(_sleepy(other, *words), 0)
    assert (told["verdict"], told["calls"], told["twice"]) == ("PASS", {"add": 50}, False)
    assert told["basis"] == "calls compared with the reference: add (50)"
    told = _told(_sleepy(folder / "fixed.rs", *words), 0)
    assert "it is the reference itself" in told["basis"]


def test_its_own_tests_are_run_and_called_beside_them(folder: Path) -> None:
    own, home = folder / "own.rs", ("--home", folder / "home", "--json")
    tests = "#[cfg(test)]\n" + _TESTS
    own.write_text(_WRONG + tests)
    told = _told(_sleepy(own, *home), 1)
    assert (told["verdict"], told["tests"]) == ("FAIL", [{"name": "adds", "passed": False}])
    (folder / "original.rs").write_text(_BROKEN + tests)
    own.write_text(_TABLED + tests)
    told = _told(_sleepy(own, "--original", folder / "original.rs", *home), 0)
    assert told["basis"] == "1 test, run twice"
    told = _told(_sleepy(own, "--original", folder / "original.rs", "--tests", folder / "tests.rs", *home), 0)
    assert told["basis"] == "1 test, run twice; the program's own tests were not run: there are others"
    words = ("--original", folder / "original.rs", "--reference", folder / "fixed.rs", *home)
    told = _told(_sleepy(own, *words), 1)
    assert (told["tests"], told["calls"]) == ([{"name": "adds", "passed": True}], {"add": 50})


def test_what_only_compiles_is_said_to(folder: Path) -> None:
    done = _sleepy(folder / "wrong.rs", "--home", folder / "home")
    assert done.returncode == 0 and done.stdout.startswith("PASS: it compiles, and no more was asked: no test was run")
    (folder / "method.rs").write_text("pub struct N(pub u8);\nimpl N { pub fn n(&self) -> u8 { self.0 } }\n")
    words = ("--reference", folder / "method.rs", "--home", folder / "home")
    _refused(_sleepy(folder / "fixed.rs", *words), "nothing of", "method.rs can be compared")


def test_an_unusable_home_is_said_and_the_verdict_given_all_the_same(folder: Path) -> None:
    (folder / "file").write_text("")
    damaged = folder / "damaged"
    damaged.mkdir()
    (damaged / "sleepy.db").write_bytes(b"not a database" * 500)
    for home in (folder / "file" / "home", damaged):
        done = _sleepy(folder / "fixed.rs", "--json", SLEEPY_HOME=str(home))
        told = _told(done, 0)
        assert told["passed"] and not told["cached"]
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("sleepy: the verdict will not be remembered: ") and str(home) in done.stderr
    assert (damaged / "sleepy.db").read_bytes() == b"not a database" * 500


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "latin.rs").write_bytes(b"// caf\xe9\n")
    home = ("--home", folder / "home", "--json")
    _refused(_sleepy(folder / "none.rs", *home), "none.rs", "No such file")
    _refused(_sleepy(folder / "latin.rs", *home), "latin.rs: not UTF-8 at byte 6")
    _refused(_sleepy(folder / "fixed.rs", "--original", folder / "none.rs", *home), "none.rs")
    assert not (folder / "home").exists()


@pytest.mark.parametrize("text", ["", "// #[test]\nfn adds() {}\n"])
def test_tests_without_a_test_are_refused(folder: Path, text: str) -> None:
    (folder / "tests.rs").write_text(text)
    done = _sleepy(folder / "fixed.rs", "--tests", folder / "tests.rs", "--home", folder / "home", "--json")
    _refused(done, "tests.rs: there is no #[test] function")
    assert not (folder / "home").exists()


def test_no_compiler_and_no_sandbox_are_78(folder: Path) -> None:
    home = ("--home", folder / "home", "--json")
    _refused(_sleepy(folder / "fixed.rs", *home, PATH="/nowhere", HOME=str(folder), RUSTC=""), "rustc", code=78)
    _refused(_sleepy(folder / "fixed.rs", *home, "--tier", "firejail"), "firejail", code=78)


def test_an_edition_that_does_not_exist_is_refused(folder: Path) -> None:
    done = _sleepy(folder / "fixed.rs", "--edition", "2022", "--home", folder / "home")
    assert done.returncode == 2 and "2024" in done.stderr
