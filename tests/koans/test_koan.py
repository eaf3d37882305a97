"""Koan files: written and read, and what is said of those that cannot be used."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.koans import library
from sleepy.koans.koan import EDITIONS, FAMILIES, Koan, KoanError, digest, from_dict, read, write

_WHOLE: dict[str, Any] = {
    "id": "bc_001",
    "family": "borrow_checker",
    "title": "Moved twice",
    "broken": "fn f() {}\n",
    "fixed": "fn g() {}\n",
}


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_every_classic_reads_as_it_was_written(tmp_path: Path) -> None:
    for koan in [*library.classics(), *random.Random(1).sample(library.sealed_exam(), 40)]:
        assert read(_write(tmp_path / "koan.toml", write(koan))) == koan


words = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
# TOML has no place for other controls or a lone carriage return, and Rust source has none either
rust = st.text(alphabet=st.sampled_from("ab(){};'\"\\ \n\té→"), min_size=1, max_size=60).filter(
    lambda text: text.strip() and "'''" not in text and not text.endswith("'")
)


@given(words, words, rust, rust, st.one_of(st.just(""), rust), st.sampled_from(FAMILIES), st.sampled_from(EDITIONS))
def test_any_koan_reads_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    name: str, title: str, broken: str, fixed: str, tests: str, family: str, edition: str,
) -> None:  # fmt: skip
    koan = Koan(name, family, title, broken, fixed, tests, edition)
    path = tmp_path_factory.getbasetemp() / "any.toml"
    assert read(_write(path, write(koan))) == koan


def test_a_koan_that_toml_cannot_hold_is_not_written() -> None:
    with pytest.raises(KoanError, match="'''"):
        write(Koan(**{**_WHOLE, "broken": "a\n'''\n"}))


@pytest.mark.parametrize("key", ["id", "family", "title", "broken", "fixed"])
@pytest.mark.parametrize("value", [None, "", " \n"])
def test_a_missing_key_is_named(tmp_path: Path, key: str, value: str | None) -> None:
    data = {name: text for name, text in _WHOLE.items() if name != key}
    if value is not None:
        data[key] = value
    path = _write(tmp_path / "k.toml", "".join(f"{name} = {json.dumps(text)}\n" for name, text in data.items()))
    with pytest.raises(KoanError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: {key} is missing or empty"
    assert caught.value.remedy
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("key", "value", "said", "remedy"),
    [
        ("brokn", "x", "unknown key 'brokn'", "broken"),
        ("family", "borrowing", "family 'borrowing' does not exist", "borrow_checker"),
        ("edition", "2022", "edition '2022' does not exist", "2021"),
        ("edition", 2021, "edition is 2021, not text", "quotes"),
        ("tests", ["x"], "tests is ['x'], not text", "quotes"),
        ("title", None, "title is None, not text", "quotes"),
    ],
)
def test_an_impossible_value_is_named_with_what_would_do(key: str, value: Any, said: str, remedy: str) -> None:
    with pytest.raises(KoanError) as caught:
        from_dict({**_WHOLE, key: value}, "some/file.toml")
    assert str(caught.value) == f"some/file.toml: {said}"
    assert remedy in caught.value.remedy


def test_what_is_not_toml_and_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KoanError, match=r"bad\.toml: not TOML") as caught:
        read(_write(tmp_path / "bad.toml", "id = \n"))
    assert caught.value.remedy
    (tmp_path / "latin.toml").write_bytes(b'id = "\xe9"\n')
    with pytest.raises(KoanError, match=r"latin\.toml: not TOML"):
        read(tmp_path / "latin.toml")
    with pytest.raises(KoanError, match=r"none\.toml: no such koan file"):
        read(tmp_path / "none.toml")


def test_two_files_with_one_id_are_an_error(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        _write(tmp_path / name, write(Koan(**_WHOLE)))
    with pytest.raises(KoanError, match=r"b\.toml: the id 'bc_001' is taken") as caught:
        library.load(tmp_path)
    assert "id of its own" in caught.value.remedy


def test_a_folder_is_loaded_by_id(tmp_path: Path) -> None:
    for name, key in (("a", "z"), ("b", "y")):
        _write(tmp_path / f"{name}.toml", write(Koan(**{**_WHOLE, "id": key})))
    assert [koan.id for koan in library.load(tmp_path)] == ["y", "z"]


def test_the_digest_is_of_the_broken_program_and_what_shows_a_right_answer() -> None:
    koan = Koan(**_WHOLE)
    for change in ({"id": "x"}, {"title": "x"}, {"fixed": "fn h() {}\n"}, {"broken": "fn  f ( ) { } // so\n"}):
        assert Koan(**{**_WHOLE, **change}).digest == koan.digest
    for change in ({"broken": "fn g() {}\n"}, {"tests": "mod tests {}"}, {"stdout": "1\n"}):
        assert Koan(**{**_WHOLE, **change}).digest != koan.digest
    assert koan.base == digest(koan.fixed)


def test_a_digest_keeps_its_parts_apart() -> None:
    assert digest("a b", "c") != digest("a", "b c") != digest("a b c")
    assert digest("ab") != digest("a b")


def test_a_koan_has_the_fields_a_file_may_have() -> None:
    assert {item.name for item in fields(Koan)} == {*_WHOLE, "tests", "edition", "origin", "base", "mistake", "stdout"}
