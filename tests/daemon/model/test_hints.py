"""Hints: the most specific speaks, the user's file lies on top, and what is wrong with it is named by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model.hints import FILE, Hints

COMMON = """
E0382 E0499 E0502 E0505 E0507 E0515 E0596 E0597 E0716 E0373 E0384 E0308 E0277 E0282 E0369 E0614 E0425 E0412 E0433
E0432 E0405 E0423 E0424 E0599 E0560 E0609 E0616 E0603 E0061 E0063 E0027 E0023 E0107 E0046 E0053 E0117 E0119 E0204
E0261 E0106 E0072 E0004 E0005 E0133 E0015
""".split()


def _own(folder: Path, text: str) -> Path:
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_hints_speak_for_the_common_codes_and_put_the_repair_first() -> None:
    hints = Hints.load()
    assert [code for code in COMMON if not hints.of(f"{code}:whatever it says@fn")] == []
    long = [key for key, text in hints.said.items() if len(text.split(". ")[0]) > 110]
    assert long == [], "a prompt's note holds 110 characters"
    assert hints.own == frozenset()


def test_nearly_every_classic_has_a_hint(diagnoses: list[Diagnosis]) -> None:
    hints = Hints.load()
    without = [item.signature for item in diagnoses if not hints.of(item.signature)]
    assert len(without) <= len(diagnoses) // 20, without


def test_the_most_specific_key_that_fits_speaks() -> None:
    keys = ["E0277", "E0277:Hash", "E0277:Hash@struct", "E0308:*<-()", "E0308:int<-", "E0308"]
    hints = Hints({key: key for key in keys})
    assert hints.of("E0277:Hash@struct") == "E0277:Hash@struct"
    assert hints.of("E0277:Hash@fn") == "E0277:Hash"
    assert hints.of("E0277:HashMap@fn") == hints.of("E0277:Ord@fn") == hints.of("E0277") == "E0277"
    assert hints.of("E0308:int<-float@fn") == "E0308:int<-"
    assert hints.of("E0308:Vec<-()@fn") == "E0308:*<-()"
    assert hints.of("E0308:Vec<-Map@fn") == "E0308"
    assert hints.of("E0382:use of moved value: `_`@fn") == hints.of("E03081") == ""


def test_the_users_file_lies_over_the_packaged_one(tmp_path: Path) -> None:
    path = _own(tmp_path, 'E0382 = "ask\\n Anna"\nE0499 = ""\n"E0433:failed to resolve" = "add the crate"\n')
    packaged, both = Hints.load(), Hints.load(path)
    assert both.of("E0382") == "ask Anna"
    assert packaged.of("E0499") and both.of("E0499") == ""
    assert both.of("E0433:failed to resolve: use of undeclared type@fn") == "add the crate"
    assert both.of("E0106") == packaged.of("E0106")
    assert both.own == {"E0382", "E0499", "E0433:failed to resolve"}


def test_without_a_file_of_the_users_the_packaged_hints_serve(tmp_path: Path) -> None:
    assert Hints.load(tmp_path / FILE) == Hints.load()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('E0382 = "a"\nE0499 = "b\n', "line 2"),
        ('E0382 = "a"\n\nE382 = "b"\n', "line 3: 'E382' is neither an error code"),
        ('# E0382\n"E0382:x" = 7\n', "line 2: the hint for 'E0382:x' is 7"),
        ('E0106 = "a"\n[E0382]\nmoved = "b"\n', "line 2: the hint for 'E0382' is {"),
        ('E0382 = "a"\nE0382 = "b"\n', "line 2"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_the_line(text: str, said: str, tmp_path: Path) -> None:
    path = _own(tmp_path, text)
    with pytest.raises(UserError) as raised:
        Hints.load(path)
    assert str(path) in str(raised.value) and said in str(raised.value)
    assert "E0382 =" in raised.value.remedy


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes(b'E0382 = "\xe4"')
    for name in ("folder", "latin"):
        with pytest.raises(UserError, match=name):
            Hints.load(tmp_path / name)


def _said(home: Path, *arguments: str) -> tuple[int, str]:
    program = (
        "import click, sys\nfrom sleepy.daemon.cli.hints import hints\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)\nhints()"
    )
    environment = {**os.environ, "SLEEPY_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_the_command_says_where_to_write_and_which_hint_speaks(tmp_path: Path) -> None:
    assert _said(tmp_path, "path") == (0, f"{tmp_path / FILE}\n")
    _own(tmp_path, 'E0106 = "mine"\nE0499 = ""\n')
    assert _said(tmp_path, "show", "E0106") == (0, "E0106 (yours): mine\n")
    assert _said(tmp_path, "show", "E0499") == (0, "E0499 (yours): switched off\n")
    code, text = _said(tmp_path, "show", "E0106:missing lifetime specifier@fn", "--json")
    assert (code, json.loads(text)) == (0, {"E0106": "mine"})
    assert _said(tmp_path, "show", "E9999") == (1, "")
