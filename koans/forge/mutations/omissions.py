"""Mistakes by omission in real crates: `unsafe`, visibility, labels, methods of a trait, parts of a path or a closure."""

from __future__ import annotations

from collections.abc import Iterator

from sleepy.koans.syntax import Changes, ParsedSource, between, child, cut, field, members, put


def dropped_unsafe(source: ParsedSource) -> Iterator[Changes]:
    """`unsafe { f() }` -> `{ f() }`, `unsafe impl` -> `impl`."""
    for node in source.of("unsafe_block"):
        yield (between(node.start_byte, node.children[-1].start_byte),)
    for node in source.of("impl_item"):
        if node.children[0].type == "unsafe":
            yield (between(node.start_byte, node.children[1].start_byte),)


def dropped_visibility(source: ParsedSource) -> Iterator[Changes]:
    """`pub fn` -> `fn`, `pub x: T` -> `x: T`, `pub(crate) struct` -> `struct`."""
    for node in source.of("visibility_modifier"):
        yield (between(node.start_byte, node.end_byte + 1),)


def extra_visibility(source: ParsedSource) -> Iterator[Changes]:
    """`pub` before a method of a trait's impl."""
    for node in source.of("impl_item"):
        body = field(node, "body")
        if body is not None and field(node, "trait") is not None:
            for item in body.named_children:
                if item.type == "function_item" and item.children[0].type != "visibility_modifier":
                    yield (between(item.start_byte, item.start_byte, "pub "),)


def dropped_method(source: ParsedSource) -> Iterator[Changes]:
    """A short method of a trait's impl is gone."""
    for node in source.of("impl_item"):
        body = field(node, "body")
        if body is None or field(node, "trait") is None:
            continue
        for item in body.named_children:
            words = source.words(item)
            if item.type == "function_item" and words.count("\n") <= 2 and len(words) <= 120:
                yield (source.line_of(item),)


def dropped_qualifier(source: ParsedSource) -> Iterator[Changes]:
    """`async fn` -> `fn`, `const fn` -> `fn`."""
    for node in source.of("function_modifiers"):
        for word in node.children:
            if word.type in ("async", "const"):
                yield (between(word.start_byte, word.end_byte + 1),)


def dropped_label(source: ParsedSource) -> Iterator[Changes]:
    """`'outer: loop` -> `loop`."""
    for node in source.of("loop_expression", "while_expression", "for_expression"):
        label = child(node, "label")
        if label is not None and len(node.children) > 2:
            yield (between(label.start_byte, node.children[2].start_byte),)


def unqualified_type(source: ParsedSource) -> Iterator[Changes]:
    """`Self::Item` -> `Item`, `fmt::Result` -> `Result`, `<T as Trait>::Out` -> `T::Out`."""
    for node in source.of("scoped_type_identifier"):
        name, path = field(node, "name"), field(node, "path")
        if name is None or path is None or (node.parent is not None and node.parent.type == "use_declaration"):
            continue
        yield (put(node, source.words(name)),)
        if path.type == "bracketed_type":
            inner = path.named_children[0] if path.named_children else None
            own = field(inner, "type") if inner is not None else None
            if own is not None:
                yield (put(path, source.words(own)),)


def swapped_impl(source: ParsedSource) -> Iterator[Changes]:
    """`impl Display for Point` -> `impl Point for Display`."""
    for node in source.of("impl_item"):
        trait, kind = field(node, "trait"), field(node, "type")
        if trait is not None and kind is not None and kind.type == "type_identifier":
            yield (put(trait, source.words(kind)), put(kind, source.words(trait)))


def closure_arity(source: ParsedSource) -> Iterator[Changes]:
    """`|(a, b)|` -> `|a, b|`, `|a, b|` -> `|(a, b)|`, `|_, b|` -> `|b|`."""
    for node in source.of("closure_parameters"):
        listed = members(node)
        if len(listed) == 1 and listed[0].type == "tuple_pattern":
            yield (put(listed[0], source.words(listed[0])[1:-1]),)
        elif len(listed) > 1:
            first, last = listed[0], listed[-1]
            words = source.data[first.start_byte : last.end_byte].decode()
            yield (between(first.start_byte, last.end_byte, f"({words})"),)
            if source.words(first) == "_":
                yield (between(first.start_byte, listed[1].start_byte),)


def dropped_suffix(source: ParsedSource) -> Iterator[Changes]:
    """`1u32` -> `1`, `2.0_f64` -> `2.0`, `b'x'` -> `'x'`, `b"x"` -> `"x"`."""
    for node in source.of("integer_literal", "float_literal"):
        words = source.words(node)
        for suffix in ("u8", "u16", "u32", "u64", "usize", "i32", "i64", "f32", "f64"):
            if words.endswith(suffix) and not words.startswith("0x"):
                yield (put(node, words.removesuffix(suffix).rstrip("_")),)
    for node in source.of("char_literal", "string_literal"):
        if source.words(node).startswith("b"):
            yield (put(node, source.words(node)[1:]),)


def cast_for_from(source: ParsedSource) -> Iterator[Changes]:
    """`Wide::from(x)` -> `x as Wide`."""
    for node in source.of("call_expression"):
        function, arguments = field(node, "function"), field(node, "arguments")
        inside = members(arguments) if arguments is not None else []
        if function is not None and function.type == "scoped_identifier" and len(inside) == 1:
            path = source.words(field(function, "path"))
            if source.words(field(function, "name")) == "from" and path and inside[0].type != "closure_expression":
                yield (put(node, f"{source.words(inside[0])} as {path}"),)


def tuple_for_index(source: ParsedSource) -> Iterator[Changes]:
    """`pair.0` -> `pair[0]`, `list[0]` -> `list.0`."""
    for node in source.of("field_expression"):
        name, value = field(node, "field"), field(node, "value")
        if name is not None and value is not None and name.type == "integer_literal":
            yield (between(value.end_byte, node.end_byte, f"[{source.words(name)}]"),)
    for node in source.of("index_expression"):
        parts = node.named_children
        if len(parts) == 2 and parts[1].type == "integer_literal" and source.words(parts[1]).isdigit():
            yield (between(parts[0].end_byte, node.end_byte, f".{source.words(parts[1])}"),)


def open_range(source: ParsedSource) -> Iterator[Changes]:
    """`a..=b` -> `a...b`, `(a..b)` -> `a..b` before a method."""
    for node in source.of("..="):
        yield (put(node, "..."),)
    for node in source.of("parenthesized_expression"):
        if node.named_children and node.named_children[0].type == "range_expression":
            yield (cut(node.children[0]), cut(node.children[-1]))
