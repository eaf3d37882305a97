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
    assert loaded & {"torch", "transformers", "peft"} == set()


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
