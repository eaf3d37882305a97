"""Doubts about a repair: what it does that hides an error rather than mends it, in words for its reader.

    old text, new text -> what is lost, what comes in its place      (words and syntax trees, no compiler)
    warnings before, after -> those that are the repair's own

Compiling and passing thin tests is not being right. A repair with a doubt is shown and not written unasked. What people's
repairs do as a rule is none: borrowing, cloning, converting, importing, renaming, wrapping, moving. Nothing is proved here:
a repair without doubts may be wrong, and one with a doubt may be right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from tree_sitter import Node

from sleepy.daemon.fix.grade import changed_lines
from sleepy.koans.tokens import KEYWORDS, scan
from sleepy.sandbox import tree
from sleepy.sandbox.verdict import Diagnostic

KEEPING = frozenset(  # calls that give the same value in another form, or only look at it
    """
    clone cloned copied to_string to_owned to_vec into from into_boxed_str into_string as_str as_bytes as_slice as_ref
    as_mut as_deref as_deref_mut as_mut_slice borrow borrow_mut iter iter_mut into_iter by_ref lock read write get
    get_mut deref deref_mut collect boxed into_boxed_slice try_into try_from unwrap expect drop new bytes into_owned
    """.split()
)
_PLAIN = KEEPING | {"vec!"}
_FORMAL = (KEEPING | KEYWORDS | {"String"}) - {"new", "unwrap", "expect", "get", "self"}  # words around a literal
_EMPTYING = {
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
_DEFAULTS = frozenset("unwrap_or unwrap_or_else unwrap_or_default default or_default ok".split())
_SURE = frozenset(  # what people unwrap: it fails where another thread did, or a number is out of range
    "lock read write join into_inner get_mut try_into try_from".split()
)
_ALTERING = frozenset(  # calls that make another value of one
    """
    to_uppercase to_lowercase to_ascii_uppercase to_ascii_lowercase make_ascii_uppercase make_ascii_lowercase trim
    trim_start trim_end rev reverse skip step_by take_while skip_while dedup sort sort_unstable sort_by sort_by_key abs
    repeat replacen saturating_sub saturating_add wrapping_add wrapping_sub round floor ceil trunc
    """.split()
)
_ENDING = frozenset("todo unimplemented panic unreachable exit abort forget leak".split())
_IDIOMS = (  # what came, and what it stands for
    ("entry", frozenset("get get_mut contains_key insert unwrap expect remove".split())),
    ("or_default", frozenset("get get_mut contains_key insert unwrap expect".split())),
)
_CLASSES = (
    ("+", "-", "*", "/", "%"),
    ("+=", "-=", "*=", "/="),
    ("<", ">", "<=", ">="),
    ("==", "!="),
    ("&&", "||"),
    ("..", "..="),
)
_ALIKE = 0.6  # of two names' letters, where one is the other misspelt
_OPENS = {"(", "[", "{"}
_ITEMS = frozenset(
    "function_item struct_item enum_item union_item trait_item const_item static_item type_item mod_item "
    "function_signature_item macro_definition field_declaration enum_variant".split()
)
_SCALARS = frozenset("u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char".split())
_LOOPS = frozenset("for_expression while_expression loop_expression".split())
_CHOICES = frozenset("if_expression match_expression".split())
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_INLINE = re.compile(r"\{([A-Za-z_]\w*)")
_QUOTED = re.compile(r"`([^`]+)`")
_DEFAULT = re.compile(r"[(&;]*(?:None|vec!\[\]|(?:[A-Za-z:<>]+::)?(?:default|new)(?:\(\))?)[);]*")
_UNKNOWN = (None, "E0423", "E0425", "E0432", "E0433", "E0599")  # what they quote first does not exist
_MOST = 4  # reasons of a kind that are told


class Words:
    """A text's words and what they come to: names, calls, literals, statements, items."""

    def __init__(self, text: str) -> None:
        found = list(scan(text))
        self.tokens = [each[0] for each in found]
        self.kinds = [each.lastgroup or "" for each in found]
        self.names: Counter[str] = Counter()
        self.literals: Counter[str] = Counter()
        for token, kind in zip(self.tokens, self.kinds, strict=True):
            if kind == "word" and token not in KEYWORDS:
                self.names[token] += 1
            elif kind in ("hashes", "raw", "string"):
                self.names.update(_INLINE.findall(token))
                self.literals[_literal(token)] += 1
            elif kind in ("number", "char") or token in ("true", "false"):
                self.literals[_literal(token)] += 1
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
            if words[i] in _EMPTYING and words[i - 1] == ".":
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
        self.places: dict[tuple[str, str, str], list[bytes]] = {}  # every item's text, by its kind, owner and name
        self.signatures: dict[str, tuple[tuple[str, ...], str]] = {}
        for node in tree.descendants(tree.parse(data)):
            kind = node.type
            if kind in ("assignment_expression", "compound_assignment_expr"):
                left = node.child_by_field_name("left")
                if left is not None:
                    self.assigned[_last_name(tree.source_of(data, left).decode())] += 1
            elif kind in ("let_declaration", "field_initializer", "shorthand_field_initializer"):
                said = node.child_by_field_name("pattern") or node.child_by_field_name("field") or node
                value = node.child_by_field_name("value")
                text = _spaced(tree.source_of(data, value).decode()) if value is not None else ""
                self.given.update((each, text) for each in _names(tree.source_of(data, said).decode()))
            elif kind == "return_expression":
                self.returned.append(tuple(_names(tree.source_of(data, node).decode())))
            elif kind in _LOOPS or kind in _CHOICES or kind in ("break_expression", "continue_expression", "match_arm"):
                self.counts["loop" if kind in _LOOPS else "condition" if kind in _CHOICES else kind.split("_")[0]] += 1
            elif kind in _ITEMS:
                name = node.child_by_field_name("name")
                if name is None:
                    continue
                called = tree.source_of(data, name).decode()
                self.items[kind, called] += 1
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


_read = lru_cache(maxsize=64)(Words)  # one text is compared with many


def doubts(
    old: str,
    new: str,
    before: Sequence[Diagnostic] = (),
    after: Sequence[Diagnostic] = (),
    errors: Sequence[Diagnostic] = (),
) -> tuple[str, ...]:
    """The reasons to doubt that `new` is `old` repaired, each a short clause; none as a rule.

    `before` and `after` are the compiler's warnings in this file: of those that came, only the repair's own count.
    `errors` are those that are repaired: a call of what they say does not exist may give way to an expression.
    """
    if old == new:
        return ()
    other = _read(new)
    old = _without_twins(old, _read(old), other)
    one = _read(old)
    found: dict[str, None] = {}
    unknown = {name for each in errors if each.code in _UNKNOWN for name in _names(" ".join(_quoted(each)[:1]))}
    if any("is not a future" in each.message for each in errors):
        unknown.add("await")
    found.update(dict.fromkeys(list(_lost_calls(one, other, unknown))[:_MOST]))
    for rule in (_lost_statements, _put_in_place, _emptied, _turned, _narrowed):
        found.update(dict.fromkeys(list(rule(one, other))[:_MOST]))
    found.update(dict.fromkeys(list(_warned(one, other, old, new, before, after))[:_MOST]))
    return tuple(found)


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


def _without_twins(old: str, one: Words, other: Words) -> str:
    """The old text without the items of one name that the new one has once: to choose among them is no loss."""
    for item, texts in one.places.items():
        kept = other.places.get(item, [])
        if kept and len(texts) > len(kept):
            gone = [text for text in texts if text not in kept] or texts[len(kept) :]
            for text in gone[: len(texts) - len(kept)]:
                head, _, tail = old.rpartition(text.decode())
                old = head + tail
    return old


# what is lost


def _lost_calls(one: Words, other: Words, unknown: set[str]) -> Iterator[str]:
    gone, came = one.calls - other.calls, other.calls - one.calls
    stands = {name for idiom, stood in _IDIOMS if came[idiom] for name in stood}
    fresh = [name for name in came.elements() if not (name in _EMPTYING or name in _DEFAULTS or name in _PLAIN)]
    fresh += [name for name in came if name in _DEFAULTS and any(gone[each] for each in _DEFAULTS)]
    replaced = {one.tokens[i] for a, b in _hunks(one, other) if not _is_value(other, b) for i in a}
    renamed = {(one.tokens[a[0]], other.tokens[b[0]]) for a, b in _hunks(one, other) if len(a) == len(b) == 1}
    for name in gone.elements():
        if name == "await":
            if "await" in unknown:
                continue
            yield "deletes an `.await`"
            continue
        plain = name.removesuffix("!")
        if name in KEEPING or name in stands or one.names[plain] <= other.names[plain]:
            continue
        if plain in unknown & replaced:
            continue
        if any(was == plain and now in other.calls and now not in _EMPTYING for was, now in renamed):
            continue
        twin = max(fresh, key=lambda each: _like(each, name), default=None)
        if twin is not None:  # another call stands there
            fresh.remove(twin)
            continue
        yield f"deletes a call of `{name}`"


def _lost_statements(one: Words, other: Words) -> Iterator[str]:
    came = other.calls - one.calls
    idiom = any(came[name] for name, _ in _IDIOMS)
    begun = {name for name, _ in one.given}
    for name in (one.assigned - other.assigned).elements():
        fresh = {each for each, value in other.given - one.given if value or each not in begun}
        if name in fresh or one.names[name] <= other.names[name] or not name:
            continue
        if other.names[name] and other.assigned.total() >= one.assigned.total():  # it is written elsewhere
            continue
        yield f"deletes an assignment to `{name}`"
    lost = one.names - other.names
    gone = len(one.returned) - len(other.returned)
    if gone > 0 and not idiom and not other.tokens.count("?") > one.tokens.count("?"):
        left = list(other.returned)
        for names in one.returned:
            if names in left:
                left.remove(names)
            elif not names or any(lost[name] for name in names):
                yield "deletes a `return`"
    for what, said in (("break", "deletes a `break`"), ("continue", "deletes a `continue`")):
        if one.counts[what] > other.counts[what]:
            yield said
    for what in ("loop", "condition"):
        if one.counts[what] > other.counts[what] and not idiom and not came:
            yield f"deletes a {what}"
    for kind, name in one.items:
        if (kind, name) in other.items or kind == "mod_item":
            continue
        twins = [each for each_kind, each in other.items - one.items if each_kind == kind]
        if not twins and name not in {each for _, each in other.items}:
            yield f"deletes `{name}`"


# what comes in its place


def _put_in_place(one: Words, other: Words) -> Iterator[str]:
    """A name or call for which a literal or a default came; texts and numbers of another value."""
    lost = one.names - other.names
    for a, b in _hunks(one, other):
        gone = [one.tokens[i] for i in a if one.kinds[i] == "word" and one.tokens[i] not in KEYWORDS]
        gone = [name for name in gone if lost[name] and not name[0].isupper() and name not in KEEPING]
        came = [other.tokens[i] for i in b if other.kinds[i] == "word" and other.tokens[i] not in _FORMAL]
        values = [other.tokens[i] for i in b if other.kinds[i] in ("number", "string", "char", "raw", "hashes")]
        if gone and not came and values and _is_value(other, b):
            yield f"replaces `{gone[0]}` by the literal {values[0]}"
        elif gone and _DEFAULT.fullmatch("".join(other.tokens[b.start : b.stop])):
            yield f"replaces `{gone[0]}` by a default"
        if len(a) == len(b) == 1 and one.kinds[a[0]] == other.kinds[b[0]] and one.kinds[a[0]] in ("number", "string"):
            was, now = one.tokens[a[0]], other.tokens[b[0]]
            if _literal(was) != _literal(now):
                yield f"changes {was} to {now}"


def _emptied(one: Words, other: Words) -> Iterator[str]:
    for (how, name), count in (other.emptyings - one.emptyings).items():
        verb = "unwraps" if how in ("unwrap", "expect") else _EMPTYING.get(how, "empties")
        if verb == "unwraps":
            continue
        if how in ("take", "mem::take", "mem::replace", "mem::swap") and other.assigned[name] >= count:
            continue  # it is given a new value
        if (one.calls - other.calls)[how]:
            continue  # it was there, of another
        yield f"{verb} `{name}` (`{how}`)"
    unwraps = sum(each.calls[name] * sign for each, sign in ((other, 1), (one, -1)) for name in ("unwrap", "expect"))
    if unwraps - (other.unwrapped - one.unwrapped) > 0:
        yield "unwraps: it may panic"
    gone, came = one.calls - other.calls, other.calls - one.calls
    for name in came:
        plain = name.removesuffix("!")
        if (
            plain in _ALTERING
            and other.names[plain] > one.names[plain]
            and not gone.total()
            and not other.items - one.items
        ) or (plain in _ENDING and other.names[plain] > one.names[plain]):
            yield f"adds `{name}`"
        elif name in _DEFAULTS - {"or_default"} and not any(gone[each] for each in _DEFAULTS):
            yield f"falls back on a default (`{name}`)"


def _turned(one: Words, other: Words) -> Iterator[str]:
    """An operator turned into another of its kind."""
    for a, b in _hunks(one, other):
        if len(a) == len(b) == 1:
            was, now = one.tokens[a[0]], other.tokens[b[0]]
            if any(was in kind and now in kind for kind in _CLASSES):
                yield f"changes `{was}` to `{now}`"


def _narrowed(one: Words, other: Words) -> Iterator[str]:
    """What others can no longer do with what is public."""
    for name in sorted(one.public - other.public):
        if any(name == each for _, each in other.items):
            yield f"makes `{name}` private"
    for name, (were, back) in one.signatures.items():
        if name not in other.signatures:
            continue
        now, returns = other.signatures[name]
        if len(now) < len(were):
            yield f"takes a parameter from `{name}`"
        for was, new in zip(were, now, strict=False):
            if new.count("'static") > was.count("'static") or ("impl " in was and "impl " not in new):
                yield f"narrows a parameter of `{name}`: `{was}` to `{new}`"
        for was, new in zip((*were, back), (*now, returns), strict=False):
            if was != new and {was, new} <= _SCALARS:
                yield f"changes a type of `{name}`: `{was}` to `{new}`"
        for wrapper in ("Result<", "Option<"):
            if back.startswith(wrapper) and not returns.startswith(("Result<", "Option<", "impl", "io::Result")):
                yield f"`{name}` no longer returns {'a ' if wrapper[0] == 'R' else 'an '}{wrapper[:-1]}"


# warnings


def _warned(
    one: Words, other: Words, old: str, new: str, before: Sequence[Diagnostic], after: Sequence[Diagnostic]
) -> Iterator[str]:
    """Warnings that were not there before, on lines that changed or about a name that is used less than it was."""
    known = Counter((each.code, each.message) for each in before)
    changed = changed_lines(old, new)
    for each in after:
        if known[each.code, each.message] > 0:
            known[each.code, each.message] -= 1
            continue
        names = [name for text in _quoted(each) for name in _names(text)]
        less = any(one.names[name] > other.names[name] or not one.names[name] for name in names)
        near = any(line in changed for span in each.spans for line in (span.line_start, span.line_end))
        if less if names and each.code not in ("unused_must_use", "unreachable_code") else near:
            yield f"brings a warning: {each.message.splitlines()[0]}"


# words


def _is_value(words: Words, places: range) -> bool:
    """Whether there is nothing there, or nothing but a literal or a default."""
    said = [words.tokens[i] for i in places if words.kinds[i] not in ("number", "string", "char", "raw", "hashes")]
    return set(said) <= set("&()[],;-.") | {"::", "true", "false", "return"} | _FORMAL or bool(
        _DEFAULT.fullmatch("".join(said))
    )


def _hunks(one: Words, other: Words) -> list[tuple[range, range]]:
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


def _quoted(said: Diagnostic) -> list[str]:
    return _QUOTED.findall(said.message)


def _names(text: str) -> list[str]:
    return [each[0] for each in scan(text) if each.lastgroup == "word" and each[0] not in KEYWORDS]


def _last_name(text: str) -> str:
    """The name of the place that is assigned to: of `*self.totals[i].borrow_mut()` totals."""
    return next(reversed(_names(re.sub(r"\[.*\]|\.\w+\(\)", "", text))), "")


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _like(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _literal(token: str) -> str:
    """A literal's value: of a number without its type, of a text without quotes and what is put into it."""
    if token[0].isdigit():
        plain = token.replace("_", "")
        number = re.match(r"0[xob][0-9A-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", plain)
        said = number[0] if number else plain
        return said.removesuffix(".0") if "." in said else said
    return _PLACEHOLDER.sub("{}", token.strip("br#").strip("\"'"))
