"""Meaning-preserving variation: the same program under other names and numbers.

One failing task becomes a lesson of fifty. Names that a program defines are renamed throughout it
and its tests; names that std also has are left alone, since a token cannot tell `self.len()` of the
one from that of the other. Whatever comes out is checked by the compiler before it is used.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace

from tree_sitter import Node

from sleepy.koans.koan import Koan, digest
from sleepy.koans.syntax import ParsedSource, field
from sleepy.koans.words import CONSTANTS, NOUNS, TYPES, VERBS

# Methods, functions and fields of std that a program may also define: never renamed.
STD = frozenset(
    """
    new default clone eq ne cmp partial_cmp hash fmt from into try_from try_into from_str as_ref as_mut borrow
    borrow_mut deref deref_mut drop next next_back size_hint add sub mul div rem neg not index index_mut add_assign
    sub_assign mul_assign div_assign call len is_empty iter iter_mut into_iter push pop insert remove get get_mut
    contains contains_key entry or_insert or_insert_with or_default keys values values_mut first last min max sum
    count map filter fold any all find position rev zip chain take skip enumerate collect extend clear sort sort_by
    sort_by_key dedup split join trim parse chars bytes lines to_string to_owned to_vec as_str as_bytes push_str
    replace swap truncate drain retain append reverse concat repeat starts_with ends_with unwrap expect unwrap_or
    unwrap_or_else unwrap_or_default ok err ok_or map_err and_then or_else is_some is_none is_ok is_err set update
    lock read write send recv join spawn main self Self abs pow sqrt floor ceil round to_uppercase to_lowercase
    write_str description source cause type_id from_iter product step_by windows chunks flatten flat_map peek
    last_mut first_mut resize with_capacity capacity reserve copied cloned copy left right start end name value key
    tests super std core alloc String Vec Option Result Some None Ok Err Box Rc Arc Error Output Item Iter Target
    Err IntoIter Key Value Display Debug Ordering Range mem cmp fmt str char bool ptr rc vec
    """.split()
)
_WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]*")


def defined_names(source: ParsedSource) -> dict[str, str]:
    """The names a program defines, each with its kind: type, constant, function, value or lifetime."""
    kinds = {
        "struct_item": "type", "enum_item": "type", "trait_item": "type", "type_item": "type", "enum_variant": "type",
        "const_item": "constant", "static_item": "constant", "function_item": "function",
        "function_signature_item": "function", "field_declaration": "value",
    }  # fmt: skip
    found: dict[str, str] = {}
    in_impls = {
        item.start_byte
        for impl in source.of("impl_item")
        if field(impl, "trait") is not None and (body := field(impl, "body")) is not None
        for item in body.named_children
    }
    own_traits = {source.words(field(node, "name")) for node in source.of("trait_item")}
    for kind, what in kinds.items():
        for node in source.of(kind):
            name = source.words(field(node, "name"))
            foreign = node.start_byte in in_impls and not _of_own_trait(source, node, own_traits)
            if name and not foreign:
                found[name] = what
    for node in source.of("let_declaration", "parameter", "for_expression"):
        pattern = field(node, "pattern")
        for part in [pattern, *(pattern.named_children if pattern is not None else [])]:
            if part is not None and part.type == "identifier":
                found.setdefault(source.words(part), "value")
    for node in source.of("closure_parameters"):
        for part in node.named_children:
            if part.type == "identifier":
                found.setdefault(source.words(part), "value")
    return {name: what for name, what in found.items() if name not in STD and len(name) > 1}


def _of_own_trait(source: ParsedSource, node: Node, own: set[str]) -> bool:
    impl = node.parent.parent if node.parent is not None else None
    trait = field(impl, "trait") if impl is not None else None
    return source.words(trait).split("<")[0] in own


def renaming(source: str, rng: random.Random, *, share: float = 0.8) -> dict[str, str]:
    """New names for a random share of what the program defines; no two names meet."""
    names = defined_names(ParsedSource(source))
    taken = set(_WORD.findall(source)) | STD
    out: dict[str, str] = {}
    for name, kind in names.items():
        if rng.random() > share:
            continue
        for _ in range(20):
            new = _fresh(kind, name, rng)
            if new not in taken:
                taken.add(new)
                out[name] = new
                break
    return out


def variant(koan: Koan, rng: random.Random) -> Koan | None:
    """The koan under other names, broken, fixed and tests alike; None where there is nothing to rename.

    Its base stays the koan's: a variant never crosses a split.
    """
    names = renaming(koan.fixed, rng)
    if not names:
        return None
    broken, fixed, tests = (renamed(text, names) for text in (koan.broken, koan.fixed, koan.tests))
    return replace(koan, id=f"{koan.id}-{digest(broken)[:8]}", broken=broken, fixed=fixed, tests=tests, base=koan.base)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with every whole word of `names` replaced, inside strings' braces too, elsewhere in strings not."""
    out = []
    at = 0
    for found in _APART.finditer(text):
        if found["string"] is None:
            continue  # a comment, or a character that would open a string
        out.append(_words(text[at : found.start()], names))
        out.append(_BRACES.sub(lambda part: _words(part.group(0), names), found.group(0)))
        at = found.end()
    out.append(_words(text[at:], names))
    return "".join(out)


def _words(text: str, names: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: names.get(found.group(0), found.group(0)), text)


# Not the pattern of tokens.py: they differ where a string is left open, and variants of such koans would change.
_APART = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | b?'(?:\\.|[^'\\\n])' | (?P<string> b?r(?P<hashes>\#*)".*?"(?P=hashes) | b?"(?:\\.|[^"\\])*")""",
    re.DOTALL | re.VERBOSE,
)
_BRACES = re.compile(r"(?<!\{)\{[a-z_][a-z0-9_]*(?=[:}])")


def _fresh(kind: str, name: str, rng: random.Random) -> str:
    if kind == "type":
        return rng.choice(TYPES) + (rng.choice(TYPES) if rng.random() < 0.3 else "")
    if kind == "constant":
        return rng.choice(CONSTANTS) + "_" + rng.choice(NOUNS).upper()
    if kind == "function":
        verb = rng.choice(VERBS)
        return verb if rng.random() < 0.25 else f"{verb}_{rng.choice(NOUNS)}"
    if len(name) <= 2 or rng.random() < 0.1:
        return rng.choice("abcdefghijklmnpqrstuvwxyz")
    noun = rng.choice(NOUNS)
    return f"{noun}_{rng.choice(NOUNS)}" if rng.random() < 0.25 else noun
