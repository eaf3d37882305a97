"""A value that ends before what borrows it is declared before it; what is evaluated, and when, stays as it was."""

from __future__ import annotations

import pytest
from tests.daemon.fix.recipes.cooked import Change, Cooked, changed, cook

from sleepy.sandbox.sandbox import Sandbox

_HEAD = """fn loud(text: &str) -> String {
    text.to_uppercase()
}

fn made() -> Vec<u8> {
    vec![1, 2]
}

fn two<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.is_empty() { other } else { one }
}

fn fixed() -> &'static str {
    "fixed"
}

fn put<'a>(all: &mut Vec<&'a str>, text: &'a str) -> usize {
    all.push(text);
    all.len()
}

pub fn length(name: &str, big: bool, kind: u8) -> usize {
"""
# shape -> body, changes
_SHAPES: dict[str, tuple[str, list[Change]]] = {
    "a branch": (
        "    let shown = if big {\n        loud(name).as_str()\n    } else {\n        name\n    };\n    shown.len()\n",
        [("let shown", "let owned;\n    let shown"), ("loud(name).as", "owned = loud(name);\n        owned.as")],
    ),
    "a branch on one line": (
        '    let shown = if big { loud(name).as_str() } else { "none" };\n    shown.len()\n',
        [
            ("let shown", "let owned;\n    let shown"),
            ("{ loud(name).as_str() }", "{\n        owned = loud(name);\n        owned.as_str()\n    }"),
            ('{ "none" }', '{\n        "none"\n    }'),
        ],
    ),
    "an arm": (
        '    let shown: &str = match kind {\n        0 => "none",\n        1 if big => loud(name).trim(),\n'
        "        _ => name,\n    };\n    shown.len()\n",
        [
            ("let shown", "let owned;\n    let shown"),
            ("loud(name).trim(),", "{\n            owned = loud(name);\n            owned.trim()\n        }"),
        ],
    ),
    "an assignment": (
        "    let mut bytes: &[u8] = &[];\n    if big {\n        bytes = made().as_slice();\n    }\n"
        "    bytes.len() + name.len() + kind as usize\n",
        [("if big", "let owned;\n    if big"), ("bytes = made()", "owned = made();\n        bytes = owned")],
    ),
    "lent to a method": (
        "    let mut all = Vec::new();\n    if big {\n        all.push(&loud(name)[..]);\n    }\n    all.push(name);\n"
        "    all.len()\n",
        [
            ("    if big {\n", "    let owned;\n    if big {\n        owned = loud(name);\n"),
            ("&loud(name)[", "&owned["),
        ],
    ),
    "a statement": (
        "    let words = loud(name).split(' ').collect::<Vec<_>>();\n    words.len()\n",
        [("let words = loud(name)", "let owned = loud(name);\n    let words = owned")],
    ),
    "after another call": (
        "    let mut all = Vec::new();\n    if big {\n        all.push(two(fixed(), &loud(name)));\n    }\n"
        "    all.push(name);\n    all.len()\n",
        [
            ("    if big", "    let owned;\n    if big"),
            ("&loud(name)", "{ owned = loud(name); &owned }"),
        ],
    ),
    "a closure": (
        "    let some = if big { Some(name) } else { None };\n"
        '    let shown = some.map(|each| loud(each).trim()).unwrap_or("none");\n    shown.len()\n',
        [
            ("let shown = some", "let owned = some"),
            (
                '.trim()).unwrap_or("none");\n',
                ');\n    let shown = owned.as_deref().map(|each| each.trim()).unwrap_or("none");\n',
            ),
        ],
    ),
    "a closure's local": (
        "    let some = if big { Some(name) } else { None };\n    let shown = some\n        .map(|each| {\n"
        "            let own = loud(each);\n            own.as_str()\n        })\n"
        '        .unwrap_or("none");\n    shown.len()\n',
        [
            ("let shown = some", "let owned = some"),
            ("own.as_str()\n        })\n", "own\n        });\n    let shown = owned.as_deref()\n"),
        ],
    ),
    "a let of a branch": (
        "    let shown;\n    if big {\n        let own = loud(name);\n        shown = own.as_str();\n    } else {\n"
        "        shown = name;\n    }\n    shown.len()\n",
        [("    if big", "    let own;\n    if big"), ("let own = loud", "own = loud")],
    ),
    "a let whose name is taken": (
        "    let mut own = name;\n    if big {\n        let own2: String = loud(own);\n        let name = own2;\n"
        "        own = name.trim();\n    }\n    own.len() + name.len()\n",
        [
            ("    if big", "    let owned;\n    if big"),
            ("let name = own2", "owned = own2"),
            ("own = name.trim()", "own = owned.trim()"),
        ],
    ),
}
_LEFT = {
    "after another call, and not lent": "    let mut all = Vec::new();\n    if big {\n"
    "        all.push(two(fixed(), loud(name).trim()));\n    }\n    all.push(name);\n    all.len()\n",
    "only where another condition fails": "    let mut all = vec![name];\n    if big {\n        all.clear();\n"
    "    } else if put(&mut all, &loud(name)) > 1 {\n        all.push(name);\n    }\n    all.len()\n",
    "in each turn": "    let mut all = vec![name];\n    let some = while put(&mut all, &loud(name)) < 3 {};\n    all.len()\n",
}


@pytest.fixture(scope="module")
def made(sandbox: Sandbox) -> dict[str, Cooked]:
    bodies = {**{name: body for name, (body, _) in _SHAPES.items()}, **_LEFT}
    return cook(sandbox, {name: f"{_HEAD}    let _ = (big, kind);\n{body}}}\n" for name, body in bodies.items()})


@pytest.mark.parametrize("name", list(_SHAPES))
def test_a_value_is_declared_where_it_lasts(made: dict[str, Cooked], name: str) -> None:
    own = made[name]
    body, changes = _SHAPES[name]
    assert own.first == own.broken.replace(body, changed(body, changes))
    assert own.doubts(own.first) == ()


@pytest.mark.parametrize("name", list(_LEFT))
def test_what_would_be_evaluated_at_another_time_is_left(made: dict[str, Cooked], name: str) -> None:
    assert "E0716" in made[name].codes or "E0597" in made[name].codes
    assert not any(made[name].compiles)
