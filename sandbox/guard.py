"""The policy: what an answer may not bring in, as a diff against the broken original.

What the original did is allowed; what the candidate adds is refused, each by name. So is what makes
the program another than the tests speak of: a public item that is gone, an equality of its own. The
policy does not replace the jail: it makes an attack a verdict of its own (REJECTED) before anything is compiled,
and keeps answers from fooling the tests rather than passing them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sleepy.sandbox.lexer import lex

VERSION = 4
_LARGEST = 64 * 1024
_DEEPEST = 128
_MACROS = frozenset(
    "include include_str include_bytes env option_env asm global_asm naked_asm todo unimplemented "
    "concat_idents compile_error".split()
)
_WORDS = frozenset(["unsafe", "extern", "macro_rules"])
_PATHS = frozenset("process fs net os env arch ffi ptr panic".split())  # after std:: or core::
_CALLS = frozenset("stdin set_hook take_hook catch_unwind abort transmute".split())
_ATTRIBUTES = frozenset(
    "path link link_name link_section no_mangle export_name feature crate_type crate_name no_std no_main "
    "no_core recursion_limit type_length_limit cfg cfg_attr allow expect macro_export macro_use global_allocator "
    "panic_handler proc_macro test should_panic ignore".split()
)
_STD = frozenset("Option Result Vec String Box".split())  # a program that speaks of them means std's
_ITEMS = frozenset("fn struct enum trait const static type mod union".split())


def objection(candidate: str, original: str | None, reference: str | None = None) -> str | None:
    """Why the candidate is refused, or None. Without an original everything counts as added.

    What a right answer needs, the `reference` shows.
    """
    largest = max(_LARGEST, len(original or "") + _LARGEST // 8)
    if len(candidate) > largest:
        return f"source of {len(candidate)} characters; at most {largest}"
    words = lex(candidate)
    if _depth(words) > _DEEPEST:
        return f"brackets nested deeper than {_DEEPEST}"
    before = lex(original) if original is not None else []
    added = _marks(words) - (_marks(before) | _marks(lex(reference) if reference is not None else []))
    if added:
        return "adds " + ", ".join(sorted(added))
    return None


def mismatch(candidate: str, original: str | None, reference: str | None = None, tests: str = "") -> str | None:
    """Why the candidate is no longer what the tests speak of: an item gone, an answer given in its place.

    `impl PartialEq<i32> for Yes`, any PartialEq written by hand for a type that was not there, a function that
    now returns a type of the candidate's own, and a trait whose method the tests believe to be std's: they answer
    the tests' questions instead of the program. What the reference does is allowed.
    """
    if original is None:
        return None
    words, before = lex(candidate), lex(original)
    right = lex(reference) if reference is not None else []
    gone = _public(before) - _public(words)
    if gone:
        return "public item gone: " + ", ".join(sorted(gone))
    if _count_asserts(words) < min(_count_asserts(before), _count_asserts(right or before)):
        return "asserts less than it did"
    known = _types(before) | _types(right)
    equalities = _equalities(words, known) - _equalities(before, set()) - _equalities(right, set())
    if equalities:
        return "adds " + ", ".join(sorted(equalities))
    own = _types(words) - known - (set(before) - _STD)
    returned = sorted(name for name, said in _returns(words).items() if own & set(said) and name in _returns(before))
    if returned:
        return "returns a type of its own: " + ", ".join(returned)
    named = set(_names(before)) | set(_names(right))
    asked = {name for name, before_it in zip(lex(tests)[1:], lex(tests), strict=False) if before_it == "."}
    methods = sorted((_trait_methods(words) - named) & asked)
    return "adds trait methods that the tests call: " + ", ".join(methods) if methods else None


def _count_asserts(words: Sequence[str]) -> int:
    return sum(word in ("assert", "assert_eq", "assert_ne") and after == "!" for word, after in pairwise(words))


def _returns(words: Sequence[str]) -> dict[str, list[str]]:
    """The words of each function's return type, by the function's name."""
    found: dict[str, list[str]] = {}
    for i, word in enumerate(words[:-1]):
        if word != "fn":
            continue
        end = next((j for j in range(i, len(words)) if words[j] in ("{", ";", "where")), len(words))
        head = words[i:end]
        arrows = [j for j in range(len(head) - 1) if head[j] == "-" and head[j + 1] == ">"]
        found.setdefault(words[i + 1], []).extend(head[arrows[-1] :] if arrows else [])
    return found


def _names(words: Sequence[str]) -> list[str]:
    """The names of functions."""
    return [words[i + 1] for i, word in enumerate(words[:-1]) if word == "fn"]


def _trait_methods(words: Sequence[str]) -> set[str]:
    """Names of the functions declared or given in `trait X { ... }` blocks."""
    found: set[str] = set()
    depth, inside = 0, 0
    waiting = False
    for i, word in enumerate(words):
        if word == "trait":
            waiting = True
        elif word == "{":
            depth += 1
            if waiting and not inside:
                inside, waiting = depth, False
        elif word == "}":
            if depth == inside:
                inside = 0
            depth -= 1
        elif word == ";":
            waiting = False
        elif word == "fn" and inside == depth and inside and i + 1 < len(words):
            found.add(words[i + 1])
    return found


def _equalities(words: Sequence[str], types: set[str]) -> Counter[str]:
    """Impls of PartialEq with a right-hand side of their own, or for a type that is not among `types`."""
    found: Counter[str] = Counter()
    for i, word in enumerate(words[:-2]):
        if word == "PartialEq" and words[i + 1] == "<":
            found["PartialEq<..>"] += 1
        elif word == "PartialEq" and words[i + 1] == "for" and words[i + 2] not in types:
            found[f"impl PartialEq for {words[i + 2]}"] += 1
    return found


def _types(words: Sequence[str]) -> set[str]:
    return {words[i + 1] for i, word in enumerate(words[:-1]) if word in ("struct", "enum", "union")}


def _marks(words: Sequence[str]) -> Counter[str]:
    """Everything the policy watches, by name, with how often it stands there."""
    found: Counter[str] = Counter()
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        before = words[i - 1] if i else ""
        if word in _MACROS and after == "!":
            found[f"{word}!"] += 1
        elif word in _WORDS:
            found[word] += 1
        elif word in _PATHS and before == "::" and i > 1 and words[i - 2] in ("std", "core", "alloc"):
            found[f"std::{word}"] += 1
        elif word in _CALLS and after in ("(", "::", ";", ",", "}") and before in ("::", "{", ","):
            found[word] += 1
        elif word == "exit" and before == "::":
            found["process::exit"] += 1
        elif word in ("std", "core", "alloc") and before not in ("::",) and after == "::":
            found.update(_grouped(words, i))
        elif word in ("std", "core", "alloc") and after == "as" and _in_use(words, i):
            found[f"{word} as"] += 1
        elif word == "#":
            inner = after == "!"
            start = i + (3 if inner else 2)
            names = {name for name in words[start : start + 12] if name in _ATTRIBUTES}
            first = words[start] if start < len(words) else ""
            if first in _ATTRIBUTES or (first == "unsafe" and names):
                found[f"#[{first}]"] += 1
            elif inner:
                found[f"#![{first}]"] += 1
        elif word == "mod" and i + 2 < len(words) and (words[i + 2] == ";" or after == "tests"):
            found[f"mod {after}"] += 1
    return found


def _in_use(words: Sequence[str], at: int) -> bool:
    """Whether a word stands in a `use` declaration."""
    while at and words[at] not in (";", "use"):
        at -= 1
    return words[at] == "use"


def _grouped(words: Sequence[str], at: int) -> list[str]:
    """Watched modules in `use std::{fs, net}`: the braces after a std path; std as a whole by `*` or `self`."""
    if at + 2 < len(words) and words[at + 2] == "*":
        return [f"{words[at]}::*"]
    if at + 2 >= len(words) or words[at + 2] != "{":
        return []
    out, depth = [], 0
    for i in range(at + 2, min(len(words), at + 200)):
        depth += {"{": 1, "}": -1}.get(words[i], 0)
        if depth == 0:
            break
        if words[i - 1] in ("{", ",") and (words[i] in _PATHS or (depth == 1 and words[i] in ("self", "*"))):
            out.append(f"std::{words[i]}")
    return out


def _public(words: Sequence[str]) -> set[str]:
    """`fn name`, `struct Name` ... of everything declared pub."""
    found = set()
    for i, word in enumerate(words):
        if word != "pub":
            continue
        j = i + 1
        if j < len(words) and words[j] == "(":
            while j < len(words) and words[j] != ")":
                j += 1
            j += 1
        while j + 1 < len(words) and words[j] in ("async", "unsafe", "const") and words[j + 1] in _ITEMS:
            j += 1
        if j + 1 < len(words) and words[j] in _ITEMS:
            found.add(f"{words[j]} {words[j + 1]}")
    return found


def _depth(words: Sequence[str]) -> int:
    depth = deepest = 0
    for word in words:
        if word in ("(", "[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif word in (")", "]", "}"):
            depth -= 1
    return deepest
