"""`sleepy fix` as a user meets it: a diff, an exit code, files written only when asked, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.daemon.fix.programs import COUNTED, COUNTS, UNKNOWN
from tests.sandbox.workspace.planting import single, tree


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLEEPY_")}
    return {**kept, "OMP_NUM_THREADS": "1", **more}


def _fix(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sleepy", "fix", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env=_environment(**environment),
    )


def test_a_pipe_gets_a_diff_that_applies_and_the_tree_stays(tmp_path: Path) -> None:
    folder = single(tmp_path, COUNTS)
    before = tree(folder)
    done = _fix(folder, "--home", tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert tree(folder) == before
    assert "compiler" in done.stderr and "1 test passes" in done.stderr
    applied = subprocess.run(["git", "apply", "-"], cwd=folder, input=done.stdout, text=True, capture_output=True)
    assert applied.returncode == 0, applied.stderr
    assert (folder / "src/lib.rs").read_text() == COUNTED


def test_applied_once_there_is_nothing_left_to_fix(tmp_path: Path) -> None:
    folder = single(tmp_path, COUNTS)
    (folder / "src/lib.rs").chmod(0o640)
    done = _fix(folder, "--apply", "--json", "--home", tmp_path / "home")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["schema"], told["fixed"], told["applied"], told["left"]) == (1, True, True, [])
    (met,) = told["diagnostics"]
    assert (met["file"], met["line"], met["code"], met["solved_by"]) == ("src/lib.rs", 5, "E0384", "compiler")
    assert met["signature"].startswith("E0384:") and met["seconds"] > 0 and met["tokens"] == 0
    assert [(each["rung"], each["candidates"], each["solved"]) for each in told["receipts"]] == [("compiler", 1, 1)]
    assert (folder / "src/lib.rs").read_text() == COUNTED and (folder / "src/lib.rs").stat().st_mode & 0o777 == 0o640
    again = _fix(folder, "--home", tmp_path / "home", "--diff")
    assert (again.returncode, again.stdout) == (0, "") and "Nothing to fix" in again.stderr


def test_a_partial_repair_is_told_and_neither_piped_nor_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    deep = "a_module_with_a_rather_long_name/and_another_below_it_as_crates_have.rs"
    lib = '#[path = "' + deep + '"]\npub mod deep;\n' + COUNTS
    folder = single(tmp_path, lib)
    (folder / "src" / deep).parent.mkdir()
    (folder / "src" / deep).write_text(UNKNOWN)
    before = tree(folder)
    words = (folder, "--no-model", "--home", tmp_path / "home", "--apply")
    done = _fix(*words)
    assert (done.returncode, done.stdout) == (1, "") and tree(folder) == before
    assert f"left: src/{deep}:2 E0425 " in done.stderr and "Nothing was written" in done.stderr  # the path is whole
    assert "1 error is repaired for certain: --apply --partial writes that." in done.stderr
    part = _fix(*words, "--partial")
    assert part.returncode == 1 and "Written: what is repaired for certain." in part.stderr
    assert (folder / "src/lib.rs").read_text() == lib.replace("let n", "let mut n")
    assert (folder / "src" / deep).read_text() == UNKNOWN and "+    let mut n = 0;" in part.stdout


def test_a_doubtful_repair_is_shown_and_neither_piped_nor_written_unasked(tmp_path: Path) -> None:
    lib = "#[must_use]\npub fn half(n: u32) -> u32 {\n    n / 2\n}\n\n"
    folder = single(tmp_path, lib + "pub fn all(n: u32) {\n    for i in 0..n {\n        half(i)\n    }\n}\n")
    before = tree(folder)
    words = (folder, "--no-model", "--home", tmp_path / "home", "--apply")
    done = _fix(*words)
    assert (done.returncode, done.stdout) == (1, "") and tree(folder) == before
    assert "brings a warning: unused return value of `half`" in done.stderr and "--doubtful writes it" in done.stderr
    told = json.loads(_fix(*words, "--doubtful", "--json").stdout)
    assert (told["fixed"], told["applied"]) == (False, True) and "brings a warning" in told["doubts"][0]
    assert "half(i);" in (folder / "src/lib.rs").read_text()


def test_what_the_compiler_cannot_solve_goes_up_the_whole_ladder(tmp_path: Path) -> None:
    (tmp_path / "hard.rs").write_text(UNKNOWN)
    server = {"SLEEPY_SERVER": "http://127.0.0.1:9/v1", "SLEEPY_SERVER_MODEL": "m"}  # where nobody listens
    words = ("--json", "--turns", "1", "--samples", "3", "--home", tmp_path / "home")
    told = json.loads(_fix(tmp_path / "hard.rs", *words, **server).stdout)
    rungs = {each["rung"]: each for each in told["diagnostics"][0]["receipts"]}
    assert list(rungs)[:4] == ["compiler", "recall", "recipes", "model"]
    assert rungs["model"]["candidates"] == 1 and rungs["model"]["tokens"] > 0
    if not told["fixed"]:
        assert list(rungs) == ["compiler", "recall", "recipes", "model", "hints", "samples", "server"]
        assert 1 <= rungs["samples"]["candidates"] <= 3
        assert "127.0.0.1:9" in rungs["server"]["skipped"] and rungs["server"]["candidates"] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere"], 2, "nowhere does not exist"),
        (["Cargo.lock"], 2, "not a Rust file"),
        (["--turns", "0"], 2, "turns"),
        (["--tier", "none"], 78, "no sandbox tier"),
        (["alone.rs", "--features", "more"], 2, "belongs to no crate"),
    ],
)
def test_what_cannot_be_begun_says_why(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    for name in ("Cargo.lock", "alone.rs"):
        (tmp_path / name).write_text("")
    named = [str(tmp_path / word) if word[0].isalpha() and word not in ("none", "more") else word for word in words]
    done = _fix(*named, "--home", tmp_path / "home")
    assert done.returncode == code, done.stderr
    assert said in done.stderr and done.stdout == "" and "Traceback" not in done.stderr


def test_what_needs_no_model_is_mended_without_torch_and_without_a_home(tmp_path: Path) -> None:
    (tmp_path / "count.rs").write_text(COUNTS)
    (tmp_path / "file").write_text("")
    program = (
        "import sys\nfrom sleepy.daemon.cli import main\n"
        "sys.argv = ['sleepy', 'fix', *sys.argv[1:]]\ntry:\n    main()\nfinally:\n"
        "    print('loaded:', sorted({'torch', 'transformers'} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "count.rs"), "--home", str(tmp_path / "file" / "home")],
        capture_output=True, text=True, timeout=120, env=_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "loaded: []" in done.stderr
    assert done.stderr.count("working without memory") == 1
    assert "+    let mut n = 0;" in done.stdout


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder = single(tmp_path, UNKNOWN + COUNTS)
    before = tree(folder)
    running = subprocess.Popen(
        [sys.executable, "-m", "sleepy", "fix", str(folder), "--home", str(tmp_path / "home")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(TMPDIR=str(scratch)),
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not _children(running.pid, "cargo") and time.monotonic() < deadline:
        time.sleep(0.005)
    children = _children(running.pid, "")
    assert children, "it compiles"
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130 and "Interrupted" in said
    assert tree(folder) == before and list(scratch.iterdir()) == []
    deadline = time.monotonic() + 10  # the kernel takes a moment to end a killed namespace
    while any(map(_lives, children)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [pid for pid in children if _lives(pid)] == []


def _lives(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _children(pid: int, name: str) -> list[int]:
    """The processes below one whose command line names something."""
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            if name in Path(f"/proc/{child}/cmdline").read_text():
                found.append(int(child))
            found += _children(int(child), name)
        except OSError:
            continue
    return found
