"""What a field is handed, converted to what owns it: `"a"` to `"a".to_string()`, `&local` to `local`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tree_sitter import Node

from sleepy.daemon.fix.recipes.place import around, method, tails, within
from sleepy.koans.syntax import ParsedSource, TextChange, field, members, put

_VIEWS = ("as_str", "as_ref", "as_slice", "deref", "borrow")
_WHOLE = frozenset(  # expressions that a method can be called on as they stand
    "identifier string_literal raw_string_literal call_expression field_expression self index_expression "
    "macro_invocation parenthesized_expression scoped_identifier await_expression try_expression array_expression".split()
)
_LOOPS = ("for_expression", "while_expression", "loop_expression", "closure_expression")


class Handed:
    """How values become owned ones. `moves`: a local that is not used later is given itself, else a copy of it.

    `keys` are fields that are owned too: what comes from one is cloned.
    """

    def __init__(
        self, parsed: ParsedSource, *, is_text: bool, wrapper: str, moves: bool, keys: Collection[str]
    ) -> None:
        self._parsed, self._wrapper, self._moves, self._keys = parsed, wrapper, moves, keys
        self._copy = ".to_string()" if is_text else ".to_vec()"
        self._each = "str::to_string" if is_text else "<[_]>::to_vec"

    def converted(self, value: Node) -> Iterator[TextChange]:
        """The changes of each value that an expression may come to; a name alone is given in full."""
        if value.type == "shorthand_field_initializer":
            name = self._parsed.words(value)
            how = f".map({self._each})" if self._wrapper == "Option" else self._copy
            if self._wrapper != "Vec":
                yield put(value, f"{name}: {name}{how}")
            return
        for each in tails(value):
            yield from self._wrapped(each)

    def _wrapped(self, value: Node) -> Iterator[TextChange]:
        text = self._parsed.words(value)
        if text.startswith(("todo!", "unimplemented!", "panic!", "unreachable!")):
            return
        if not self._wrapper:
            owned, outer = self._one(value), value.parent
            if (
                outer is not None
                and outer.type == "field_initializer"
                and owned == self._parsed.words(field(outer, "field"))
            ):
                yield put(outer, owned)
            else:
                yield put(value, owned)
            return
        called, given = method(self._parsed, value), field(value, "arguments")
        if text.startswith("Some(") and given is not None and len(members(given)) == 1:
            for each in tails(members(given)[0]):
                yield put(each, self._one(each))
        elif called is not None and called[1] == "collect":
            yield TextChange(called[0].end_byte, called[0].end_byte, f".map({self._each})")
        elif self._wrapper == "Option" and text != "None":
            yield TextChange(value.end_byte, value.end_byte, f".map({self._each})")
        elif self._wrapper == "Vec" and value.type == "array_expression" and field(value, "length") is None:
            for each in members(value):
                yield put(each, self._one(each))
        elif self._wrapper == "Vec" and text != "Vec::new()":
            yield TextChange(value.end_byte, value.end_byte, f".iter().map(|each| each{self._copy}).collect()")

    def _one(self, value: Node) -> str:
        """A single text or list."""
        words, seen = self._parsed.words, method(self._parsed, value)
        inner = None
        if value.type == "reference_expression":
            inner = field(value, "value")
            if inner is not None and words(inner).endswith("[..]") and inner.named_children:
                inner = inner.named_children[0]
        elif seen is not None and seen[1] in _VIEWS and not seen[2]:
            inner = seen[0]
        if inner is None:
            if value.type == "field_expression" and words(field(value, "field")) in self._keys:
                return f"{words(value)}.clone()"
            return self._called(value)
        if inner.type == "array_expression":
            return f"vec!{words(inner)}"
        if inner.type in ("call_expression", "macro_invocation"):
            return words(inner)
        if inner.type == "identifier" and self._moves and not self._is_needed(inner, value):
            return words(inner)
        return self._called(inner)

    def _called(self, value: Node) -> str:
        text = self._parsed.words(value)
        return f"{text if value.type in _WHOLE else f'({text})'}{self._copy}"

    def _is_needed(self, name: Node, value: Node) -> bool:
        """Whether a local is used after a value that views it, or is not this turn's of a loop, or is itself lent."""
        text = self._parsed.words(name)
        own = around(value, "function_item")
        if own is None:
            return True
        for each in within(field(own, "parameters"), "parameter"):
            kind = field(each, "type")
            if self._parsed.words(field(each, "pattern")) == text and kind is not None:
                return kind.type == "reference_type"
        arm = around(value, "match_arm")
        end = own.end_byte
        if arm is not None and text in {
            self._parsed.words(each) for each in within(field(arm, "pattern"), "identifier")
        }:
            end = arm.end_byte
        after = self._parsed.data[value.end_byte : end].decode()
        if re.search(rf"\b{re.escape(text)}\b", after):
            return True
        loop = around(value, *_LOOPS)
        if loop is None or loop.start_byte < own.start_byte:
            return False
        bound = [each for each in within(loop, "identifier") if self._parsed.words(each) == text]
        return not any(around(each, "let_declaration", "match_arm") is not None for each in bound[:1])
