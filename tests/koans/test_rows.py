"""Files of real cases: what each oracle becomes, and bad lines named by their number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sleepy.koans.koan import Koan, KoanError, digest
from sleepy.koans.rows import read

_TESTS = "#[cfg(test)]\nmod tests {\n    use super::*;\n    #[test]\n    fn one() { assert_eq!(one(), 1); }\n}\n"
_ROW: dict[str, Any] = {
    "id": "made_1",
    "family": "type_mismatch",
    "broken": 'pub fn one() -> u8 {\n    "1"\n}\n',
    "fixed": "pub fn one() -> u8 {\n    1\n}\n",
    "tests": _TESTS,
    "oracle": "tests",
    "edition": "2018",
    "error_codes": ["E0308"],
    "source": "made up",
    "license": "MIT",
    "tests_embedded": False,
}


def _file(folder: Path, *rows: Any) -> Path:
    """One line a row; texts stand as they are."""
    path = folder / "rows.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _read(folder: Path, **changes: Any) -> Koan:
    """The koan of one row with changes; None takes a field away."""
    (koan,) = read(_file(folder, {key: value for key, value in {**_ROW, **changes}.items() if value is not None}))
    return koan


def test_a_row_with_tests_becomes_a_koan_of_its_fields(tmp_path: Path) -> None:
    assert _read(tmp_path) == Koan(
        id="made_1",
        family="type_mismatch",
        title="made_1",
        broken=_ROW["broken"],
        fixed=_ROW["fixed"],
        tests=_TESTS,
        edition="2018",
        origin="import:made up",
        base=digest(_ROW["fixed"]),
    )


def test_a_row_that_prints_is_judged_by_that_alone(tmp_path: Path) -> None:
    koan = _read(tmp_path, oracle="stdout", expected_stdout="1\n")
    assert (koan.stdout, koan.tests) == ("1\n", "")
    assert _read(tmp_path, expected_stdout="1\n").stdout == ""


def test_a_row_without_an_oracle_is_judged_by_its_tests_where_it_has_some(tmp_path: Path) -> None:
    assert _read(tmp_path, oracle=None).tests == _TESTS
    bare = _read(tmp_path, oracle=None, tests=None, expected_stdout="1\n")
    assert (bare.tests, bare.stdout) == ("", "")


def test_a_row_that_is_only_compiled_keeps_no_tests(tmp_path: Path) -> None:
    koan = _read(tmp_path, oracle="compile", expected_stdout="1\n")
    assert (koan.tests, koan.stdout) == ("", "")


def test_a_program_that_holds_its_tests_brings_none_beside_it(tmp_path: Path) -> None:
    held = _ROW["fixed"] + _TESTS
    koan = _read(tmp_path, tests="", tests_embedded=True, fixed=held, broken=_ROW["broken"] + _TESTS)
    assert (koan.tests, koan.fixed) == ("", held)


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    koan = _read(tmp_path, edition=None, source=None, family=None, tests_embedded=None)
    assert (koan.edition, koan.family, koan.origin) == ("2021", "items", "import:rows.jsonl")
    assert _read(tmp_path, family="a family of theirs").family == "items"
    assert _read(tmp_path, base="one.rs").base == "one.rs"
    assert _read(tmp_path, description="Says one", title="no").title == "Says one"
    assert _read(tmp_path, title="Says one").title == "Says one"


def test_rows_come_in_their_order_and_empty_lines_do_not_count(tmp_path: Path) -> None:
    path = _file(tmp_path, {**_ROW, "id": "b"}, "", {**_ROW, "id": "größer"}, "  ", {**_ROW, "id": "a"})
    assert [koan.id for koan in read(path)] == ["b", "größer", "a"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c"])
def test_a_line_ends_where_json_lines_end(tmp_path: Path, separator: str) -> None:
    """Other programs write these as they are; to Python they are ends of lines."""
    text = f"// a{separator}b\n{_ROW['fixed']}"
    path = tmp_path / "rows.jsonl"
    raw = json.dumps({**_ROW, "fixed": "FIXED"}, ensure_ascii=False)
    path.write_text(raw.replace("FIXED", json.dumps(text, ensure_ascii=ord(separator) < 32)[1:-1]) + "\r\n", "utf-8")
    assert [koan.fixed for koan in read(path)] == [text]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "list, not an object"),
        ('"text"', "str, not an object"),
        ({**_ROW, "id": ""}, "id is missing or empty"),
        ({**_ROW, "broken": " \n"}, "broken is missing or empty"),
        ({key: value for key, value in _ROW.items() if key != "fixed"}, "fixed is missing or empty"),
        ({**_ROW, "fixed": None}, "fixed is missing or empty"),
        ({**_ROW, "id": 7}, "id is 7, not text"),
        ({**_ROW, "tests": ["x"]}, "tests is ['x'], not text"),
        ({**_ROW, "edition": 2021}, "edition is 2021, not text"),
        ({**_ROW, "edition": "2022"}, "edition '2022'"),
        ({**_ROW, "oracle": "stdout", "expected_stdout": 1}, "expected_stdout is 1, not text"),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: Any, said: str) -> None:
    path = _file(tmp_path, {**_ROW, "id": "a"}, "", line, {**_ROW, "id": "b"})
    with pytest.raises(KoanError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert said in str(caught.value)
    assert caught.value.remedy and caught.value.exit_code == 2


def test_an_id_that_is_taken_is_named_with_both_lines(tmp_path: Path) -> None:
    path = _file(tmp_path, {**_ROW, "id": "a"}, "", _ROW, {**_ROW, "broken": "fn other() {}"})
    with pytest.raises(KoanError, match="'made_1'") as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:4: ")
    assert "line 3" in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.jsonl", "no such file"), (tmp_path, "cannot be read")):
        with pytest.raises(KoanError, match=said) as caught:
            read(path)
        assert str(path) in str(caught.value)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}\n')
    with pytest.raises(KoanError, match="cannot be read"):
        read(tmp_path / "latin.jsonl")


def test_a_file_without_a_koan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KoanError, match="it holds no koan"):
        read(_file(tmp_path, "", " "))
