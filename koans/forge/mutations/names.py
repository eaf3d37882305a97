"""Mistakes of naming: misspelt, unqualified or confused names, fields for methods and methods for fields."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sleepy.koans.syntax import Changes, ParsedSource, between, child, cut, field, put


def misspelt(source: ParsedSource) -> Iterator[Changes]:
    """A used name loses, doubles or swaps a letter."""
    defined = _definitions(source)
    for node in source.of("identifier", "field_identifier", "type_identifier", "shorthand_field_identifier"):
        name = source.words(node)
        if len(name) < 4 or node.start_byte in defined:
            continue
        rng = random.Random(f"{name}{node.start_byte}")
        yield (put(node, _slip(name, rng)),)


def other_name(source: ParsedSource) -> Iterator[Changes]:
    """A field or variable is called by a related name: `items` -> `item`, `count` -> `counter`."""
    defined = _definitions(source)
    for node in source.of("identifier", "field_identifier"):
        name = source.words(node)
        if len(name) < 4 or node.start_byte in defined or not name.islower():
            continue
        if name.endswith("s"):
            yield (put(node, name[:-1]),)
        elif node.parent is not None and node.parent.type == "field_expression":
            yield (put(node, name + "s"),)
        if "_" in name:
            yield (put(node, name.replace("_", "")),)
            head, last = name.split("_", 1)
            yield (put(node, last if len(last) > 2 else head),)


def dropped_self(source: ParsedSource) -> Iterator[Changes]:
    """`self.x` -> `x`, `self.f()` -> `f()`."""
    for node in source.of("field_expression"):
        value, name = field(node, "value"), field(node, "field")
        if value is not None and value.type == "self" and name is not None:
            yield (put(node, source.words(name)),)


def field_for_method(source: ParsedSource) -> Iterator[Changes]:
    """`x.len()` -> `x.len`."""
    for node in source.of("call_expression"):
        function, arguments = field(node, "function"), field(node, "arguments")
        if function is not None and function.type == "field_expression" and source.words(arguments) == "()":
            if arguments is not None:
                yield (cut(arguments),)


def method_for_field(source: ParsedSource) -> Iterator[Changes]:
    """`self.count` -> `self.count()`."""
    for node in source.of("field_expression"):
        if node.parent is not None and node.parent.type not in ("call_expression", "assignment_expression"):
            name = field(node, "field")
            if name is not None and name.type == "field_identifier":
                yield (between(node.end_byte, node.end_byte, "()"),)


def called_value(source: ParsedSource) -> Iterator[Changes]:
    """`count` -> `count()` for a variable that is an argument or an operand."""
    for node in source.of("identifier"):
        parent = node.parent
        if parent is not None and parent.type in ("arguments", "binary_expression", "let_declaration"):
            if parent.type != "let_declaration" or field(parent, "value") == node:
                yield (put(node, source.words(node) + "()"),)


def dot_for_path(source: ParsedSource) -> Iterator[Changes]:
    """`Type::new()` -> `Type.new()` and `x.method()` -> `x::method()`."""
    for node in source.of("scoped_identifier"):
        if node.parent is not None and node.parent.type in ("call_expression", "match_pattern", "arguments"):
            colons = child(node, "::")
            if colons is not None:
                yield (put(colons, "."),)


def foreign_method(source: ParsedSource) -> Iterator[Changes]:
    """A method as another language calls it: `.push` -> `.append`, `.len` -> `.length`."""
    other = {"push": "append", "len": "length", "contains": "includes", "to_string": "to_str", "push_str": "push",
             "is_empty": "empty", "insert": "add", "remove": "delete", "to_uppercase": "upper",
             "to_lowercase": "lower", "trim": "strip", "starts_with": "startswith", "ends_with": "endswith",
             "iter": "iterator", "unwrap_or": "or", "get": "at", "pop": "pop_back", "push_back": "push",
             "pop_front": "pop", "contains_key": "contains", "entry": "get_or_insert", "sort": "sorted",
             "extend": "append", "filter": "where", "fold": "reduce", "collect": "to_vec", "map": "select",
             "chars": "characters", "parse": "to_int", "clone": "copy", "max": "maximum", "min": "minimum",
             "and_then": "then", "ok_or": "or_err", "enumerate": "with_index", "split_whitespace": "words",
             "sort_by_key": "sort_by", "find": "first", "any": "some", "all": "every", "skip": "drop",
             "last": "back", "first": "front", "rev": "reverse", "concat": "cat", "abs": "magnitude",
             "powi": "pow", "pow": "powi", "sqrt": "root", "as_str": "str", "unwrap": "get_value",
             "borrow_mut": "borrow_mutable", "split": "split_by", "replace": "replace_all"}  # fmt: skip
    for node in source.of("field_identifier"):
        name = source.words(node)
        called = node.parent is not None and node.parent.parent is not None
        if name in other and called and node.parent.parent.type in ("call_expression", "generic_function"):  # type: ignore[union-attr]
            yield (put(node, other[name]),)


def foreign_type(source: ParsedSource) -> Iterator[Changes]:
    """A type as another language calls it: `String` -> `string`, `i32` -> `int`, `bool` -> `boolean`."""
    other = {"String": "string", "Vec": "List", "HashMap": "Map", "Option": "Optional", "Self": "self"}
    numbers = {"i32": "int", "bool": "boolean", "f64": "float", "u64": "ulong", "u32": "uint", "str": "string",
               "u8": "byte", "i64": "long", "f32": "float", "usize": "size"}  # fmt: skip
    for node in source.of("type_identifier"):
        if source.words(node) in other:
            yield (put(node, other[source.words(node)]),)
    for node in source.of("primitive_type"):
        if source.words(node) in numbers:
            yield (put(node, numbers[source.words(node)]),)


def wrong_case(source: ParsedSource) -> Iterator[Changes]:
    """`None` -> `none`, `Color::Red` -> `Color::RED`, `LIMIT` -> `limit`, `Vec::new` -> `vec::new`."""
    defined = _definitions(source)
    for node in source.of("identifier", "type_identifier"):
        name = source.words(node)
        if node.start_byte in defined or len(name) < 3:
            continue
        if name[0].isupper() and not name.isupper():
            yield (put(node, name[0].lower() + name[1:]),)
        elif name.isupper():
            yield (put(node, name.lower()),)


def dropped_macro_mark(source: ParsedSource) -> Iterator[Changes]:
    """`format!(..)` -> `format(..)`, `vec![..]` -> `vec[..]`."""
    for node in source.of("macro_invocation"):
        mark = child(node, "!")
        if mark is not None:
            yield (cut(mark),)


def _slip(name: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(name) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1 and name[at] != name[at + 1 : at + 2]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + name[at] + name[at:]


def _definitions(source: ParsedSource) -> set[int]:
    """Start bytes of the names that define something."""
    found = set()
    for kind in (
        "function_item", "function_signature_item", "struct_item", "enum_item", "trait_item", "enum_variant",
        "field_declaration", "const_item", "static_item", "type_item", "type_parameter", "mod_item",
    ):  # fmt: skip
        for node in source.of(kind):
            name = field(node, "name")
            if name is not None:
                found.add(name.start_byte)
    for node in source.of("let_declaration", "parameter", "for_expression"):
        pattern = field(node, "pattern")
        if pattern is not None:
            found.add(pattern.start_byte)
            found.update(item.start_byte for item in pattern.named_children)
    for node in source.of("closure_parameters"):
        found.update(item.start_byte for item in node.named_children)
    for node in source.of("use_declaration"):
        argument = field(node, "argument")
        if argument is not None:
            found.update(range(argument.start_byte, argument.end_byte))
    return found
