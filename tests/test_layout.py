"""The house: who may import whom, what src/sleepy holds, what no file may name."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("daemon", "koans", "memory", "migrations", "sandbox")

# folder -> the modules of the others that it may import
ALLOWED = {
    "daemon": ("sleepy.memory", "sleepy.sandbox", "sleepy.koans"),
    "koans": (),
    "memory": ("sleepy.migrations",),
    "migrations": ("sleepy.memory.episodic.tables",),
    "sandbox": (),
}
# A folder of the daemon -> the others that it may import from; whoever needs more says so here.
MAY_IMPORT: dict[str, set[str]] = {
    "base": set(),
    "compute": {"base"},
    "model": {"base", "compute"},
    "jobs": {"base"},
    "storage": {"base"},
    "attempt": {"model"},
    "tools": {"attempt", "base", "compute", "crate", "jobs", "model", "storage"},
    "serve": {"base", "model", "storage", "tools"},
    "day": {"attempt", "base", "model", "serve", "tools"},
    "stats": set(),
    "gate": {"base", "stats"},
    "crate": {"base", "model"},
    "stages": {"base", "compute", "gate"},
    "report": {"base", "compute", "gate", "stages", "stats"},
    "night": {
        "attempt",
        "base",
        "compute",
        "crate",
        "day",
        "gate",
        "jobs",
        "model",
        "report",
        "serve",
        "stages",
        "stats",
        "storage",
        "tools",
    },
    "fix": {"attempt", "base", "crate", "fix/recipes", "fix/rivals", "model", "serve", "tools"},
    "fix/recipes": set(),
    "fix/rivals": {"model"},
    "watch": {"base", "crate", "fix", "model"},
    "history": {"base", "crate", "watch"},
    "service": {"base", "day", "gate", "model", "night", "serve", "tools", "watch"},
    "status": {"base", "gate", "night", "serve", "service", "stages", "stats"},
    "versions": {"base", "compute", "gate", "model", "report", "serve", "stages", "storage"},
    "doctor": {"base", "compute", "model", "serve", "status", "storage", "versions"},
    "lab": {"attempt", "base", "crate", "day", "gate", "model", "night", "report", "serve", "stages", "stats", "tools"},
    "lab/pretrain": {"base", "compute", "model"},
    "lab/experiment": {
        "attempt",
        "base",
        "day",
        "fix",
        "gate",
        "lab",
        "lab/pretrain",
        "model",
        "night",
        "report",
        "serve",
        "stages",
        "stats",
        "tools",
    },
    "editor": {"base", "crate", "fix", "watch"},
    "endpoint": {"base", "model", "serve", "tools"},
    "agents": {"base", "fix", "history", "lab", "status", "versions"},
    "model_store": {"attempt", "base", "compute", "model", "night"},
    "settings": {"base"},
    "cli": {
        "agents",
        "attempt",
        "base",
        "day",
        "doctor",
        "editor",
        "endpoint",
        "fix",
        "gate",
        "history",
        "jobs",
        "lab",
        "lab/experiment",
        "lab/pretrain",
        "model",
        "model_store",
        "night",
        "report",
        "serve",
        "service",
        "settings",
        "status",
        "storage",
        "tools",
        "versions",
        "watch",
    },
}

# what is not to be imported where: the koans and the sandbox are of use without either
HEAVY = ("torch", "transformers", "peft", "sqlalchemy", "alembic")

# Escaped, so that this file does not name what it looks for.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|(?:static|index)\.crates\.io|download\.pytorch\.org|anaconda\.(?:org|com)|npmjs\.(?:org|com)"
)
MACHINE = re.compile(r"(?<![\w.~-])/(?:work/(?:main|shared)|opt/(?:wheels|pypi)|root/\.(?:cargo|pyenv|cache))")
UNREAD = {"build", "dist", "shared", "__pycache__"}


def imports(path: Path, root: Path = ROOT) -> Iterator[str]:
    """The full name of each thing a file imports, wherever in it: `from a import b` yields a.b."""
    package = ("sleepy", *path.relative_to(root).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def within(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def sources(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"no source in {folder}"
    return found


def forbidden(path: Path, root: Path = ROOT) -> list[str]:
    """What a file imports of sleepy that its folder may not."""
    folder = path.relative_to(root).parts[0]
    allowed = (f"sleepy.{folder}", *ALLOWED[folder])
    return [
        name
        for name in imports(path, root)
        if within(name, "sleepy") and not any(within(name, module) for module in allowed)
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_go_from_the_daemon_to_the_others_only(folder: str) -> None:
    wrong = {str(path.relative_to(ROOT)): names for path in sources(folder) if (names := forbidden(path))}
    assert wrong == {}


def folder_of(name: str) -> str:
    """The folder that an imported name of sleepy's lies in: `daemon/night` for sleepy.daemon.night.exam.sit."""
    path = Path(*name.split(".")[1:])
    while path.parts and not (ROOT / path).is_dir():
        path = path.parent
    return path.as_posix()


def folder_edges(top: str) -> dict[str, set[str]]:
    """Folder -> the folders of the same top folder that its own modules import from."""
    edges: dict[str, set[str]] = {}
    for path in sources(top):
        here = path.parent.relative_to(ROOT).as_posix()
        there = {folder_of(name) for name in imports(path) if within(name, f"sleepy.{top}")}
        edges.setdefault(here, set()).update(there - {here})
    return edges


def circle(edges: dict[str, set[str]]) -> list[str]:
    """The folders that are left when, again and again, those go that import from none of the others."""
    left = {folder: set(targets) for folder, targets in edges.items()}
    while free := [folder for folder, targets in left.items() if not targets & left.keys()]:
        for folder in free:
            del left[folder]
    return sorted(left)


@pytest.mark.parametrize("top", FOLDERS)
def test_no_circle_of_folders_at_any_level(top: str) -> None:
    assert circle(folder_edges(top)) == []


def test_a_circle_is_seen() -> None:
    edges = {"a": {"b"}, "b": {"b/c"}, "b/c": {"a"}, "d": {"a"}, "e": set()}
    assert circle(edges) == ["a", "b", "b/c", "d"]
    assert circle({**edges, "b/c": {"e"}}) == []


def test_the_folders_of_the_daemon_import_as_they_may() -> None:
    edges = folder_edges("daemon")
    assert {folder.removeprefix("daemon/") for folder in edges} == {*MAY_IMPORT, "daemon"}, (
        "name each folder, or take it out"
    )
    wrong = {
        folder: extra
        for folder, targets in edges.items()
        if (
            extra := {name.removeprefix("daemon/") for name in targets}
            - MAY_IMPORT.get(folder.removeprefix("daemon/"), set())
        )
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import sleepy.daemon.cli", "sleepy.daemon.cli"),
        ("from sleepy import daemon", "sleepy.daemon"),
        ("from ..daemon import cli", "sleepy.daemon.cli"),
        ("from .. import sandbox", "sleepy.sandbox"),
        ("def late():\n    from sleepy.memory.episodic import tasks", "sleepy.memory.episodic.tasks"),
    ],
)
def test_an_import_is_seen_in_every_form(line: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "koans" / "wrong.py"
    path.parent.mkdir()
    path.write_text(line)
    assert forbidden(path, tmp_path) == [name]


@pytest.mark.parametrize("folder", ["koans", "sandbox"])
def test_koans_and_sandbox_know_neither_torch_nor_sql(folder: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(folder)
        for name in imports(path)
        if name.split(".")[0] in HEAVY
    }
    assert found == set()


def test_nothing_imports_the_folders_by_their_bare_names() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in (*FOLDERS, "tests")
        for path in sources(folder)
        for name in imports(path)
        if name.split(".")[0] in FOLDERS
    }
    assert found == set()


def test_the_package_folder_holds_links_to_the_top_folders_and_nothing_else() -> None:
    package = ROOT / "src" / "sleepy"
    held = {path.name for path in package.iterdir()} - {"__pycache__"}
    assert held == {"__init__.py", "__main__.py", "py.typed", *FOLDERS}
    for folder in FOLDERS:
        assert (package / folder).readlink() == Path("..", "..", folder)
        assert (package / folder).resolve() == ROOT / folder


@pytest.mark.parametrize("module", ["sleepy.daemon.status", "sleepy.daemon.cli"])
def test_the_quick_commands_import_no_torch(module: str) -> None:
    program = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert module in loaded
    assert loaded & {"torch", "transformers", "peft", "numpy", "sqlalchemy.dialects.postgresql"} == set()


def written() -> Iterator[tuple[Path, str]]:
    """Every text file of the checkout; not what tools leave in it, nor hidden folders but .ci."""
    for place, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in UNREAD and not name.endswith(".egg-info") and (name == ".ci" or not name.startswith("."))
        ]
        for name in names:
            path = Path(place, name)
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # weights


def test_no_file_names_a_registry_or_the_machine_it_was_written_on() -> None:
    read, found = 0, []
    for path, text in written():
        read += 1
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), 1)
            if REGISTRY.search(line) or MACHINE.search(line)
        ]
    assert read > 100
    assert found == []
