"""The documents: what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")))
_PATH = re.compile(r"`((?:\.ci|benchmarks|daemon|docs|koans|memory|migrations|sandbox|tests)/[\w./-]*)(?::[^`]*)?`")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_of_ours_that_a_document_names_exists(name: str) -> None:
    named = set(_PATH.findall((ROOT / name).read_text(encoding="utf-8")))
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.M))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert named <= targets
    assert named or name != "CONTRIBUTING.md"


def test_the_architecture_names_every_folder_of_the_daemon_in_eighty_lines() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    there = {path.name for path in (ROOT / "daemon").iterdir() if (path / "__init__.py").exists()}
    named = set(re.findall(r"(?:^    | {2,})(\w+)/ ", text, re.M))
    assert there <= named, there - named
