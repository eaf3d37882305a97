"""Values that can be shown, given where a text is wanted."""

from __future__ import annotations

import pytest
from tests.daemon.fix.recipes.cooked import Cooked, cook

from sleepy.sandbox.sandbox import Sandbox

_ROW = """use std::fmt;

pub struct Row {
    name: String,
    sum: u64,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.sum)
    }
}

fn length(text: &str) -> usize {
    text.len()
}

pub fn work(row: &Row, sign: char, sure: bool, half: f32) -> usize {
    let mut out = String::from("of ");
    HERE;
    let _ = (row, sign, sure, half);
    length(&out)
}
"""
_SHOWN = {
    "out.push_str(row.sum + 1)": "out.push_str(&(row.sum + 1).to_string())",
    "out += half * 2.0": "out += &(half * 2.0).to_string()",
    "out = out + 7": "out = out + &7.to_string()",
    "length(&row.sum)": "length(&row.sum.to_string())",
    "length(sign)": "length(&sign.to_string())",
    "length(!sure)": "length(&(!sure).to_string())",
    "length(row)": "length(&row.to_string())",
    "out = sign": "out = sign.to_string()",
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    return cook(sandbox, {said: _ROW.replace("HERE", said) for said in (*_SHOWN, "length(Some(3))")})


@pytest.mark.parametrize(("said", "right"), _SHOWN.items())
def test_a_value_is_given_as_text(made: dict[str, Cooked], said: str, right: str) -> None:
    own = made[said]
    assert own.first == _ROW.replace("HERE", right)
    assert own.doubts(own.first) == ()


def test_what_cannot_be_shown_is_refused_by_the_compiler(made: dict[str, Cooked]) -> None:
    assert not any(made["length(Some(3))"].compiles)
