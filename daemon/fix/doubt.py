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

from sleepy.daemon.fix.grade import changed_lines
from sleepy.daemon.fix.hoisted import hoisted
from sleepy.daemon.fix.suspect import suspicions
from sleepy.daemon.fix.words import EMPTYING, Words, hunks, names_in, value_of
from sleepy.koans.tokens import KEYWORDS
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
_DEFAULTS = frozenset("unwrap_or unwrap_or_else unwrap_or_default default or_default ok".split())
_ALTERING = frozenset(  # calls that make another value of one
    """
    to_uppercase to_lowercase to_ascii_uppercase to_ascii_lowercase make_ascii_uppercase make_ascii_lowercase trim
    trim_start trim_end rev reverse skip step_by take_while skip_while dedup sort sort_unstable sort_by sort_by_key abs
    repeat replacen saturating_sub saturating_add wrapping_add wrapping_sub round floor ceil trunc
    """.split()
)
_LOOKS = frozenset("len is_empty is_some is_none".split())
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
_SCALARS = frozenset("u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char".split())
_QUOTED = re.compile(r"`([^`]+)`")
_DEFAULT = re.compile(r"[(&;]*(?:None|vec!\[\]|(?:[A-Za-z:<>]+::)?(?:default|new)(?:\(\))?)[);]*")
_UNKNOWN = (None, "E0423", "E0425", "E0432", "E0433", "E0599")  # what they quote first does not exist
_MISSING = ("E0425", "E0609")  # a variable or field that does not exist
_NEW_VALUES = ("unused_variables", "unused_assignments")  # what the repair brought itself is unused
_MOST = 4  # reasons of a kind that are told


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
    unknown = {name for each in errors if each.code in _UNKNOWN for name in names_in(" ".join(_quoted(each)[:1]))}
    if any("is not a future" in each.message for each in errors):
        unknown.add("await")
    found.update(dict.fromkeys(list(_lost_calls(one, other, unknown))[:_MOST]))
    for rule in (_lost_statements, _put_in_place, _emptied, _moved_out, _turned, _narrowed):
        found.update(dict.fromkeys(list(rule(one, other))[:_MOST]))
    found.update(dict.fromkeys(list(suspicions(one, other, errors))[:_MOST]))
    found.update(dict.fromkeys(list(_warned(one, other, old, new, before, after))[:_MOST]))
    if other.assigned.total() >= one.assigned.total():  # what is assigned to has another name now
        missing = {name for each in errors if each.code in _MISSING for name in names_in(" ".join(_quoted(each)[:1]))}
        for name in missing:
            found.pop(f"deletes an assignment to `{name}`", None)
    return tuple(found)


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
    fresh = [name for name in came.elements() if not (name in EMPTYING or name in _DEFAULTS or name in _PLAIN)]
    fresh += [name for name in came if name in _DEFAULTS and any(gone[each] for each in _DEFAULTS)]
    replaced = {one.tokens[i] for a, b in hunks(one, other) if not _is_value(other, b) for i in a}
    renamed = {(one.tokens[a[0]], other.tokens[b[0]]) for a, b in hunks(one, other) if len(a) == len(b) == 1}
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
        if any(was == plain and now in other.calls and now not in EMPTYING for was, now in renamed):
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
    for a, b in hunks(one, other):
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
            in_newtype = now == f"0.{was}" and other.tokens[b[0] - 1] == "."  # `self.1` is `self.0.1` there
            if value_of(was) != value_of(now) and not in_newtype:
                yield f"changes {was} to {now}"


def _emptied(one: Words, other: Words) -> Iterator[str]:
    for (how, name), count in (other.emptyings - one.emptyings).items():
        verb = "unwraps" if how in ("unwrap", "expect") else EMPTYING.get(how, "empties")
        if verb == "unwraps":
            continue
        if other.refilled[how, name] - one.refilled[how, name] >= count:
            continue
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


def _moved_out(one: Words, other: Words) -> Iterator[str]:
    """A call made before the branch that it was in; a look at a value is none."""
    for text in hoisted(one.branched, other.bound):
        called = names_in(text.partition("(")[0].rpartition(".")[2])[-1:]
        if not set(called) & (KEEPING | _LOOKS):
            yield f"calls `{text}` where it was not called"


def _turned(one: Words, other: Words) -> Iterator[str]:
    """An operator turned into another of its kind."""
    for a, b in hunks(one, other):
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
            general = any(word in was and word not in new for word in ("impl ", "dyn "))
            if general or new.count("'static") > was.count("'static"):
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
        names = [name for text in _quoted(each) for name in names_in(text)]
        less = any(one.names[name] > other.names[name] or not one.names[name] for name in names)
        near = any(line in changed for span in each.spans for line in (span.line_start, span.line_end))
        if each.code in _NEW_VALUES or each.message.startswith("useless assignment"):
            brings = less or near
        else:
            brings = less if names and each.code not in ("unused_must_use", "unreachable_code") else near
        if brings:
            yield f"brings a warning: {each.message.splitlines()[0]}"


# words


def _is_value(words: Words, places: range) -> bool:
    """Whether there is nothing there, or nothing but a literal or a default."""
    said = [words.tokens[i] for i in places if words.kinds[i] not in ("number", "string", "char", "raw", "hashes")]
    return set(said) <= set("&()[],;-.") | {"::", "true", "false", "return"} | _FORMAL or bool(
        _DEFAULT.fullmatch("".join(said))
    )


def _quoted(said: Diagnostic) -> list[str]:
    return _QUOTED.findall(said.message)


def _like(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
