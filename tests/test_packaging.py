"""The wheel installed elsewhere, the lock, and what make says when something is missing."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "sleepy"
DATA = (
    "koans/classics/*.toml",
    "koans/exam.jsonl",
    "koans/exam.sha256",
    "koans/programs/**/*.rs",
    "koans/forge/templates/**/*.txt",
    "migrations/script.py.mako",
    "migrations/versions/*.py",
    "sandbox/launcher.rs",
    "py.typed",
)
LEFT = shutil.ignore_patterns(
    ".git", ".venv", "shared", "tests", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program with our environment, less what would lead Python back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "MAKE"))}
    return subprocess.run(command, cwd=cwd, env=kept | environment, capture_output=True, text=True, timeout=300)


def succeed(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout: building in place leaves files there that the next wheel would take in."""
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("checkout") / "tree", symlinks=True, ignore=LEFT))


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", cwd=checkout)
    (built,) = (checkout / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel in it; the dependencies are those of the running one."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    succeed(
        *(sys.executable, "-m", "pip", "--python", place / "bin" / "python"),
        *("install", "--quiet", "--no-deps", "--no-index", wheel),
        cwd=place,
    )
    ours = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages(place) / "dependencies.pth").write_text("\n".join(ours))  # the .pth files in there are not followed
    return place


def packages(place: Path) -> Path:
    (found,) = place.glob("lib/python3*/site-packages")
    return found


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    there = {
        str(Path("sleepy", path.relative_to(PACKAGE)))
        for folder in (PACKAGE, *(path for path in PACKAGE.iterdir() if path.is_dir() and path.is_symlink()))
        for path in (folder.iterdir() if folder == PACKAGE else folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert held == there


@pytest.mark.parametrize("pattern", DATA)
def test_the_wheel_holds_the_data(pattern: str, wheel: Path) -> None:
    held = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    wanted = {Path("sleepy", path.relative_to(PACKAGE)) for path in PACKAGE.glob(pattern)}
    if "**" in pattern:  # rglob and ** do not enter links below, but these are at the top
        folder, name = pattern.split("/**/")
        wanted = {Path("sleepy", path.relative_to(PACKAGE)) for path in (PACKAGE / folder).rglob(name)}
    assert wanted, f"the checkout has no {pattern}"
    assert wanted - held == set()


def test_the_wheel_carries_both_licences(wheel: Path) -> None:
    names = {Path(name).name for name in zipfile.ZipFile(wheel).namelist()}
    assert {"LICENSE-MIT", "LICENSE-APACHE"} <= names


def test_one_name_is_installed(elsewhere: Path) -> None:
    names = {path.name for path in packages(elsewhere).iterdir() if path.suffix not in (".dist-info", ".pth")}
    assert names == {"sleepy"}


def test_every_file_can_be_read_by_every_user(wheel: Path) -> None:
    wanted = 0o444 & ~umask()
    closed = [
        item.filename
        for item in zipfile.ZipFile(wheel).infolist()
        if not item.is_dir() and (item.external_attr >> 16) & wanted != wanted
    ]
    assert closed == []


def test_what_is_installed_can_be_read_by_every_user(elsewhere: Path) -> None:
    wanted = 0o444 & ~umask()
    installed = [path for path in (packages(elsewhere) / "sleepy").rglob("*") if path.is_file()]
    assert installed
    assert [path for path in installed if stat.S_IMODE(path.stat().st_mode) & wanted != wanted] == []


def umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def test_the_program_runs_elsewhere(elsewhere: Path, tmp_path: Path) -> None:
    said = succeed(elsewhere / "bin" / "sleepy", "--help", cwd=tmp_path)
    assert all(command in said for command in ("demo", "day", "night", "status", "report", "run", "doctor"))
    assert said == succeed(elsewhere / "bin" / "python", "-m", "sleepy", "--help", cwd=tmp_path).replace(
        "python -m sleepy", "sleepy"
    )


def test_the_installed_copy_is_the_one_that_runs(elsewhere: Path, tmp_path: Path) -> None:
    program = "import sleepy.daemon.cli as cli; print(cli.__file__)"
    ran = Path(succeed(elsewhere / "bin" / "python", "-c", program, cwd=tmp_path).strip())
    assert ran == packages(elsewhere) / "sleepy" / "daemon" / "cli" / "__init__.py"


def test_the_installed_program_reads_its_koans(elsewhere: Path, tmp_path: Path) -> None:
    listed = succeed(elsewhere / "bin" / "sleepy", "koans", "list", cwd=tmp_path).splitlines()
    assert len(listed) == 42
    exam = succeed(elsewhere / "bin" / "sleepy", "koans", "list", "--exam", cwd=tmp_path).splitlines()
    assert len(exam) >= 120


def test_the_installed_program_migrates_a_database(elsewhere: Path, tmp_path: Path) -> None:
    program = "from sleepy.memory.episodic.database import Database; Database.open('sleepy.db').close()"
    succeed(elsewhere / "bin" / "python", "-c", program, cwd=tmp_path)
    assert (tmp_path / "sleepy.db").stat().st_size > 0


def pins() -> dict[str, str]:
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), "a pin is name==version, without a +local"
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def test_the_lock_pins_every_dependency_at_a_version_that_the_project_accepts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ahead = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["dev"])]
    locked, seen, unmet = pins(), set(), []
    while ahead:
        wanted = ahead.pop()
        name = canonicalize_name(wanted.name)
        version = locked.get(name)
        if version is None or version not in wanted.specifier:
            unmet.append(f"{wanted} (locked: {version})")
        if (name, *wanted.extras) in seen:
            continue
        seen.add((name, *wanted.extras))
        for line in metadata.requires(name) or ():
            needed = Requirement(line)
            extras = ("", *wanted.extras)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                ahead.append(needed)
    assert unmet == []


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")


@needs_make
def test_setup_without_a_compiler_says_so_and_makes_nothing(checkout: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("make", "sh", "python3"):
        (programs / name).symlink_to(shutil.which(name) or name)
    done = run("make", "setup", cwd=checkout, PATH=str(programs), HOME=str(tmp_path), RUSTC="")
    assert done.returncode != 0
    assert "install Rust with rustup" in done.stderr
    assert "Error 78" in done.stderr
    assert not (checkout / ".venv").exists()


@needs_make
@pytest.mark.parametrize("python", ["false", "no-such-python"])
def test_setup_without_a_new_enough_python_says_so_and_makes_nothing(
    python: str, checkout: Path, tmp_path: Path
) -> None:
    compiler = shutil.which("true")
    assert compiler is not None
    done = run("make", "setup", f"PYTHON={python}", cwd=checkout, RUSTC=compiler)
    assert done.returncode != 0
    assert f"Python 3.11 or newer with venv (tried: {python})" in done.stderr
    assert "Error 78" in done.stderr
    assert not (checkout / ".venv").exists()
