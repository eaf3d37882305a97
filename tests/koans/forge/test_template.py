"""Templates: files that are read or refused, programs that fail as their template says, repairs that can be answered."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from sleepy.daemon.model import edits
from sleepy.koans.forge import template as module
from sleepy.koans.forge.template import drafts, koan, load_templates, read, shape_name
from sleepy.koans.forge.templates import layout
from sleepy.koans.koan import FAMILIES, Koan, KoanError
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Outcome, Verdict

TEMPLATES = load_templates()
_MARKS = re.compile("[«»‹›¦$]|^ *(?:@|%|===)", re.MULTILINE)


def _made(each: int, first: int = 0) -> list[Koan]:
    return [
        koan(template, random.Random(f"{template.name} {seed}"))
        for template in TEMPLATES.values()
        for seed in range(first, first + each)
    ]


def _code(source: str) -> list[str]:
    """The lines as an edit must bring them back: their layout does not count."""
    return [" ".join(line.split()) for line in source.split("\n") if line.strip()]


def _first_error(verdict: Verdict) -> str | None:
    return next(item.code for item in verdict.diagnostics if item.level == "error")


def _hold(sandbox: Sandbox, koans: list[Koan]) -> None:
    fixed = sandbox.check_many([item.fixed for item in koans])
    broken = sandbox.check_many([item.broken for item in koans], exact=False)
    for item, wrong, right in zip(koans, broken, fixed, strict=True):
        assert right.outcome is Outcome.PASS, f"{item.id}\n{item.fixed}"
        assert wrong.outcome is Outcome.COMPILE_ERROR, f"{item.id}\n{item.broken}"
        codes = TEMPLATES[item.mistake].codes
        assert not codes or _first_error(wrong) in codes, f"{item.id}: {_first_error(wrong)}\n{item.broken}"


def test_every_template_fails_as_it_says_and_its_repair_compiles(sandbox: Sandbox) -> None:
    _hold(sandbox, _made(1))


@pytest.mark.slow
def test_every_template_holds_over_many_seeds(sandbox: Sandbox) -> None:
    _hold(sandbox, _made(12, 100))


def test_there_are_many_templates_of_every_family() -> None:
    assert len(TEMPLATES) >= 160
    assert {template.family for template in TEMPLATES.values()} == set(FAMILIES)
    for template in TEMPLATES.values():
        assert template.title and not template.title.startswith("E0"), template.name


def test_repairs_are_short_span_edits() -> None:
    for item in _made(4):
        found = edits.between(item.broken, item.fixed)
        assert _code(edits.apply(item.broken, found)) == _code(item.fixed), item.id
        assert len(edits.render(found)) <= 200, f"{item.id}\n{item.broken}"


def test_no_mark_is_left_and_lines_are_short() -> None:
    for item in _made(6):
        for source in (item.broken, item.fixed):
            assert _MARKS.search(source) is None, f"{item.id}\n{source}"
            assert all(len(line) <= layout.WIDTH for line in source.split("\n"))
            assert source.endswith("\n") and "\n\n\n" not in source


def test_a_template_seldom_writes_a_program_twice() -> None:
    for template in TEMPLATES.values():
        made = {koan(template, random.Random(f"again {seed}")).digest for seed in range(40)}
        assert len(made) >= 30, template.name


def test_the_same_seed_makes_the_same_koans_and_another_seed_others() -> None:
    def first(seed: int) -> list[Koan]:
        return list(drafts(random.Random(seed), 50))

    assert first(1) == first(1)
    assert not {item.digest for item in first(1)} & {item.digest for item in first(2)}


def test_a_round_of_drafts_has_every_template_and_no_program_twice() -> None:
    made = list(islice(drafts(random.Random(3)), 3 * len(TEMPLATES)))
    assert {item.mistake for item in made[: len(TEMPLATES)]} == set(TEMPLATES)
    assert len({item.digest for item in made}) == len({item.id for item in made}) == len(made)


def test_a_count_ends_the_drafts() -> None:
    assert len(list(drafts(random.Random(4), 7))) == 7
    assert list(drafts(random.Random(4), 0)) == []


def test_koans_of_a_shape_share_a_base() -> None:
    for item in _made(1):
        known = TEMPLATES[item.mistake]
        assert any(item.base.startswith(shape_name(known, shape)) for shape in known.shapes)
        assert item.base.startswith(f"template:{item.mistake}:")
        assert item.origin == f"template:{item.mistake}"


_FILE = """# What this file is about.

first_one: E0382/E0505: a value is given away.

    ===
    let «¦mut »$a = $1;

    @ $a
---
    fn $f() -> ‹u8¦u16› {
        «"$s1"¦$2»
    }

second_one: a semicolon is missing.

    ===
    let $a = $1«¦;»
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "some.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_gives_its_templates_with_codes_and_shapes(tmp_path: Path) -> None:
    first, second = read(_written(tmp_path, _FILE), "items")
    assert (first.name, first.family, first.title) == ("first_one", "items", "a value is given away.")
    assert (first.codes, second.codes) == (("E0382", "E0505"), ())
    assert first.shapes[0] == "===\nlet «¦mut »$a = $1;\n\n@ $a"
    assert (len(first.shapes), len(second.shapes)) == (2, 1)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("first_one:", "First one:", 3, "not a template's first line"),
        ("E0382/E0505:", "E382:", 3, "not a template's first line"),
        ("first_one: E0382/E0505: a value is given away.", "", 5, "a shape above the first template"),
        ("---", "--", 9, "not a template's first line"),
        ("---", "---\n---", 9, "no shape follows"),
        ('    fn $f() -> ‹u8¦u16› {\n        «"$s1"¦$2»\n    }\n', "", 9, "no shape follows"),
        ("    fn $f()", "fn $f()", 10, "not a template's first line"),
        ("‹u8¦u16›", "‹u8¦u16", 10, "`‹` is not closed"),
        ("¦$2»", "¦$2›", 11, "`›` closes no `‹`"),
        ("«¦mut »", "«¦mut ", 6, "`«` is not closed"),
        ("«¦mut »", "«mut »", 6, "two parts"),
        ("«¦mut »", "¦mut ", 6, "outside of any mark"),
        ("«¦mut »", "mut ", 5, "no `«broken¦fixed»`"),
        ('"$s1"', '"$unknown"', 11, "no such name: '$unknown"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(
    right: str, wrong: str, line: int, said: str, tmp_path: Path
) -> None:
    assert right in _FILE
    path = _written(tmp_path, _FILE.replace(right, wrong, 1))
    with pytest.raises(KoanError, match=re.escape(f"{path}:{line}: ") + ".*" + re.escape(said)):
        read(path, "items")


def test_every_file_of_templates_is_listed() -> None:
    folder = Path(module.__file__).parent / "templates"
    listed = {f"{subject}/{topic}" for _, subject, topics in module.FILES for topic in topics.split()}
    assert {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.txt")} == listed


def _on_import(path: Path) -> Iterator[str]:
    """What a module imports when it is imported itself: not what its functions import."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_days_do_not_load_the_templates() -> None:
    package = Path(module.__file__).parents[2]
    waiting = [path for part in ("day", "attempt", "serve") for path in (package / "daemon" / part).rglob("*.py")]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in _on_import(path):
            inside = package.joinpath(*name.split(".")[1:])
            waiting += [found for found in (inside.with_suffix(".py"), inside / "__init__.py") if found.is_file()]
    forge = package / "koans" / "forge"
    assert forge / "forge.py" in seen
    assert [path for path in seen if path == forge / "template.py" or forge / "templates" in path.parents] == []
