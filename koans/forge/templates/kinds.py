"""Kinds of values a program can hold in the same place: their type, how one is made, read and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# `$` names are filled in by the vocabulary; T type, M make, R reads, C changes, B as borrowed, E element, V element made,
# K key made, F a format that can print it


@dataclass(frozen=True, slots=True)
class ValueKind:
    """`reads` and `changes` follow the value's name. Texts may hold `$` names of their own."""

    type: str
    make: str
    borrowed: str
    reads: tuple[str, ...]
    changes: tuple[str, ...]
    show: str = "{:?}"
    element: str = ""
    value: str = ""
    key: str = ""
    uses: str = ""
    item: str = ""


STRUCT = "#[derive(Debug, Clone)]\nstruct $J {\n$j: String,\n$k: u32,\n}"

TEXT = ValueKind(
    "String",
    '‹String::from("$s$")¦"$s$".to_string()¦String::from("$s$ $s$")¦format!("{}-{}", "$s$", $#)¦"$s$".to_owned()›',
    "&str",
    (".len()", ".is_empty()", ".to_uppercase()", ".chars().count()", '.contains("$s$")', ".trim()"),
    ('.push_str("$s$")', ".push('!')", ".clear()", ".insert(0, '-')"),
    "{}",
)
_INTS = ("i32", "u32", "i64", "u64", "usize", "u8")


def _list(element: str, value: str, *reads: str, item: str = "") -> ValueKind:
    return ValueKind(
        f"Vec<{element}>",
        f"vec![{value}, {value}‹¦, {value}¦›]" if len(value) < 40 else f"vec![{value}]",
        f"&[{element}]",
        (".len()", ".is_empty()", *reads),
        (f".push({value})", ".clear()", ".pop()", ".reverse()", ".remove(0)", ".truncate(1)"),
        element=element,
        value=value,
        item=item,
    )


COPIES = (
    *(_list(name, "$#", ".iter().max()", ".first()", f".iter().sum::<{name}>()") for name in _INTS),
    _list("f64", "$#.5", ".iter().sum::<f64>()"),
    _list("char", "'$ch$'"),
    _list("&str", '"$s$"', '.join("$s$")', ".concat()"),
    _list("(i32, i32)", "($#, $#)"),
)
OWNED = (
    _list("String", '‹String::from("$s$")¦"$s$".to_string()›', '.join(", ")', ".concat()", ".first()"),
    _list("Vec<i32>", "vec![$#, $#]", ".concat()"),
    _list("$J", '$J { $j: "$s$".to_string(), $k: $# }', item=STRUCT),
)
MAPS = tuple(
    ValueKind(
        f"{name}<{key}, {value}>",
        f"{name}::from([({k}, {v}), ({k}, {v})])",
        f"&{name}<{key}, {value}>",
        (".len()", ".is_empty()", ".keys().count()"),
        (f".insert({k}, {v})", ".clear()"),
        element=value,
        value=v,
        key=k,
        uses=f"use std::collections::{name};",
    )
    for name in ("HashMap", "BTreeMap")
    for key, k in (("String", '"$s$".to_string()'), ("&str", '"$s$"'), ("u32", "$#"))
    for value, v in (("i32", "$#"), ("String", '"$s$".to_string()'), ("u64", "$#"))
)
_REST = (
    ValueKind("Option<String>", 'Some("$s$".to_string())', "&Option<String>", (".is_some()", ".is_none()"), (".take()",)),
    ValueKind("(String, i32)", '("$s$".to_string(), $#)', "&(String, i32)", (".0", ".0.len()", ".1"), ('.0.push_str("$s$")',)),
    ValueKind(
        "HashSet<u32>", "HashSet::from([$#, $#])", "&HashSet<u32>", (".len()", ".is_empty()", ".contains(&$#)"),
        (".insert($#)", ".clear()"), uses="use std::collections::HashSet;",
    ),
    ValueKind(
        "VecDeque<i32>", "VecDeque::from([$#, $#])", "&VecDeque<i32>", (".len()", ".front()", ".back()"),
        (".push_back($#)", ".pop_front()", ".clear()"), uses="use std::collections::VecDeque;",
    ),
)  # fmt: skip
THING = ValueKind(
    "$J",
    '$J { $j: ‹String::from("$s$")¦"$s$".to_string()›, $k: $# }',
    "&$J",
    (".$j", ".$k", ".$j.len()", ".$k + 1", ".$j.to_uppercase()"),
    (".$k += 1", ".$k = $#", '.$j.push_str("$s$")', ".$j.clear()"),
    item=STRUCT,
)
Picked = Callable[[tuple[ValueKind, ...]], ValueKind]


def owned(pick: Picked) -> ValueKind:
    """A kind whose values move: texts and lists as often as people write them."""
    of_lists = pick(tuple(kind for kind in (*COPIES, *OWNED) if "&" not in kind.type))
    of_maps = pick(tuple(kind for kind in MAPS if "&" not in kind.type))
    common = (TEXT, THING, COPIES[0]) * 3
    return pick((*common, *_REST, of_lists, of_maps))
