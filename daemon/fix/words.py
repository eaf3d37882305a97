"""A Rust text's words, and what they come to: calls, literals, statements, items, what is public. It need not compile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from tree_sitter import Node

from sleepy.daemon.fix.hoisted import branched
from sleepy.daemon.fix.refilled import refilled
from sleepy.koans.tokens import KEYWORDS, scan
from sleepy.sandbox import tree

EMPTYING = {
    "clear": "empties",
    "drain": "empties",
    "truncate": "shortens",
    "remove": "removes from",
    "swap_remove": "removes from",
    "pop": "removes from",
    "split_off": "removes from",
    "retain": "removes from",
    "take": "empties",
    "unwrap": "unwraps",
    "expect": "unwraps",
    "unwrap_unchecked": "unwraps",
    "unwrap_err": "unwraps",
}
_SURE = frozenset(  # what people unwrap: it fails where another thread did, or a number is out of range
    "lock read write join into_inner try_into try_from".split()
)
_OPENS = {"(", "[", "{"}
_ITEMS = frozenset(
    "function_item struct_item enum_item union_item trait_item const_item static_item type_item mod_item "
    "function_signature_item macro_definition field_declaration enum_variant".split()
)
_LOOPS = frozenset("for_expression while_expression loop_expression".split())
_CHOICES = frozenset("if_expression match_expression".split())
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_INLINE = re.compile(r"\{([A-Za-z_]\w*)")


class Words:
    """A text's words and what they come to: names, calls, literals, statements, items."""

    def __init__(self, text: str) -> None:
        found = list(scan(text))
        self.tokens = [each[0] for each in found]
        self.kinds = [each.lastgroup or "" for each in found]
        self.names: Counter[str] = Counter()
        for token, kind in zip(self.tokens, self.kinds, strict=True):
            if kind == "word" and token not in KEYWORDS:
                self.names[token] += 1
            elif kind in ("hashes", "raw", "string"):
                self.names.update(_INLINE.findall(token))
        self.calls = Counter(name for name, _ in self._calls())
        self.unwrapped = sum(1 for name, sure in self._calls() if name in ("unwrap", "expect") and sure)
        self.emptyings = Counter(self._emptyings())
        self._statements(text)

    def _calls(self) -> Iterator[tuple[str, bool]]:
        """Every call's name, and whether it is made on the result of a call that may well be unwrapped."""
        words = ["", "", *self.tokens, "", ""]
        for i in range(2, len(words) - 2):
            word = words[i]
            if not (word[0].isalpha() or word[0] == "_") or words[i - 1] in (
                "fn",
                "struct",
                "enum",
                "mod",
                "macro_rules",
            ):
                continue
            if word == "await" and words[i - 1] == ".":
                yield word, False
            elif word in KEYWORDS or word[0].isupper():
                continue
            elif words[i + 1] == "!" and words[i + 2] in _OPENS:
                yield f"{word}!", False
            elif words[i + 1] == "(" or (words[i + 1] == "::" and words[i + 2] == "<"):
                yield word, words[i - 1] == "." and _called(words, i - 2) in _SURE

    def _emptyings(self) -> Iterator[tuple[str, str]]:
        """What is emptied, shortened or replaced, with the name of what is left without its value."""
        words = ["", "", *self.tokens, "", "", "", ""]
        for i in range(2, len(words) - 4):
            if words[i + 1] != "(":
                continue
            if words[i] in EMPTYING and words[i - 1] == ".":
                if words[i] == "take" and words[i + 2] != ")":  # `Iterator::take(2)` takes from no place
                    continue
                yield words[i], words[i - 2]
            elif words[i] in ("take", "replace", "swap") and words[i - 1] == "::" and words[i - 2] == "mem":
                end = next((j for j in range(i + 2, len(words)) if words[j] in (",", ")", "")), i + 2)
                yield f"mem::{words[i]}", words[end - 1]

    def _statements(self, text: str) -> None:
        data = text.encode()
        self.assigned: Counter[str] = Counter()
        self.given: Counter[tuple[str, str]] = Counter()  # a name and the value it begins with
        self.returned: list[tuple[str, ...]] = []
        self.counts: Counter[str] = Counter()
        self.items: Counter[tuple[str, str]] = Counter()
        self.public: set[str] = set()
        self.shapes: dict[str, list[tuple[str, str]]] = {}  # a struct's or variant's fields, each with its type
        self.places: dict[tuple[str, str, str], list[bytes]] = {}  # every item's text, by its kind, owner and name
        self.signatures: dict[str, tuple[tuple[str, ...], str]] = {}
        root = tree.parse(data)
        self.refilled = refilled(data, root)  # of the emptyings, those whose place is given a new value
        self.branched, self.bound = branched(data, root)  # how many branches calls are in, and those bound by `let`
        for node in tree.descendants(root):
            kind = node.type
            if kind in ("assignment_expression", "compound_assignment_expr"):
                left = node.child_by_field_name("left")
                if left is not None:
                    self.assigned[_last_name(tree.source_of(data, left).decode())] += 1
            elif kind in ("let_declaration", "field_initializer", "shorthand_field_initializer"):
                said = node.child_by_field_name("pattern") or node.child_by_field_name("field") or node
                value = node.child_by_field_name("value")
                text = _spaced(tree.source_of(data, value).decode()) if value is not None else ""
                self.given.update((each, text) for each in names_in(tree.source_of(data, said).decode()))
            elif kind == "return_expression":
                self.returned.append(tuple(names_in(tree.source_of(data, node).decode())))
            elif kind in _LOOPS or kind in _CHOICES or kind in ("break_expression", "continue_expression"):
                self.counts["loop" if kind in _LOOPS else "condition" if kind in _CHOICES else kind.split("_")[0]] += 1
            elif kind in _ITEMS:
                name = node.child_by_field_name("name")
                if name is None:
                    continue
                called = tree.source_of(data, name).decode()
                self.items[kind, called] += 1
                if kind in ("struct_item", "enum_variant"):
                    self.shapes[called] = list(_fields(data, node))
                if kind not in ("field_declaration", "enum_variant"):
                    self.places.setdefault((kind, _owner(data, node), called), []).append(tree.source_of(data, node))
                visible = any(
                    each.type == "visibility_modifier" and tree.source_of(data, each) == b"pub"
                    for each in node.children
                )
                if visible:
                    self.public.add(called)
                if kind == "function_item" and visible:
                    parameters = node.child_by_field_name("parameters")
                    back = node.child_by_field_name("return_type")
                    self.signatures[called] = (
                        tuple(
                            _spaced(tree.source_of(data, kid.child_by_field_name("type") or kid).decode())
                            for kid in (parameters.named_children if parameters is not None else ())
                            if kid.type in ("parameter", "self_parameter")
                        ),
                        _spaced(tree.source_of(data, back).decode()) if back is not None else "",
                    )


def _fields(data: bytes, item: Node) -> Iterator[tuple[str, str]]:
    """The fields of a struct or variant with their types; those without names have numbers."""
    body = item.child_by_field_name("body")
    if body is None:
        return
    for number, kind in enumerate(body.children_by_field_name("type")):
        yield str(number), tree.source_of(data, kind).decode()
    for each in body.named_children:
        name, typed = each.child_by_field_name("name"), each.child_by_field_name("type")
        if each.type == "field_declaration" and name is not None and typed is not None:
            yield tree.source_of(data, name).decode(), tree.source_of(data, typed).decode()


def outline(text: str) -> tuple[str, ...]:
    """A text's words without what is in its functions: what others see of it."""
    data = text.encode()
    bodies = [
        (body.start_byte, body.end_byte)
        for node in tree.descendants(tree.parse(data))
        if node.type == "function_item" and (body := node.child_by_field_name("body")) is not None
    ]
    parts, at = [], 0
    for start, end in sorted(bodies):
        if start >= at:
            parts.append(data[at:start])
            at = end
    return tuple(each[0] for each in scan(b"{}".join([*parts, data[at:]]).decode(errors="replace")))


@lru_cache(maxsize=64)  # every rule asks for them
def hunks(one: Words, other: Words) -> list[tuple[range, range]]:
    """The places of the words that differ."""
    a, b = one.tokens, other.tokens
    short = min(len(a), len(b))
    head = next((i for i in range(short) if a[i] != b[i]), short)
    tail = next((i for i in range(short - head) if a[-1 - i] != b[-1 - i]), short - head)
    matcher = SequenceMatcher(None, a[head : len(a) - tail], b[head : len(b) - tail], autojunk=False)
    return [
        (range(head + i, head + j), range(head + k, head + m))
        for op, i, j, k, m in matcher.get_opcodes()
        if op != "equal"
    ]


def _owner(data: bytes, node: Node) -> str:
    """The heads of the blocks and modules around an item."""
    heads = []
    while (above := node.parent) is not None:
        body = above.child_by_field_name("body")
        if body is not None and above.type in ("impl_item", "trait_item", "mod_item", "function_item"):
            heads.append(data[above.start_byte : body.start_byte].decode(errors="replace"))
        node = above
    return "|".join(heads)


def _called(words: Sequence[str], end: int) -> str:
    """The name of the call that ends with a bracket at a place; '' where none does."""
    if words[end] != ")":
        return ""
    depth = 0
    for at in range(end, 0, -1):
        depth += (words[at] == ")") - (words[at] == "(")
        if depth == 0:
            return words[at - 1]
    return ""


def names_in(text: str) -> list[str]:
    """The names in a text, in their order; no keywords."""
    return [each[0] for each in scan(text) if each.lastgroup == "word" and each[0] not in KEYWORDS]


def _last_name(text: str) -> str:
    """The name of the place that is assigned to: of `*self.totals[i].borrow_mut()` totals."""
    return next(reversed(names_in(re.sub(r"\[.*\]|\.\w+\(\)", "", text))), "")


def _spaced(text: str) -> str:
    return " ".join(text.split())


def value_of(token: str) -> str:
    """A literal's value: of a number without its type, of a text without quotes and what is put into it."""
    if token[0].isdigit():
        plain = token.replace("_", "")
        number = re.match(r"0[xob][0-9A-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", plain)
        said = number[0] if number else plain
        return said.removesuffix(".0") if "." in said else said
    return _PLACEHOLDER.sub("{}", token.strip("br#").strip("\"'"))
