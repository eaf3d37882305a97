"""Mistakes of type: a conversion forgotten, a wrapper missing, the wrong width, the wrong return type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sleepy.koans.forge.mutations.borrows import dropped_calls
from sleepy.koans.syntax import Changes, ParsedSource, between, body_statements, child, cut, field, members, put, tail

_OTHER_NUMBERS = {
    "u8": ("u32", "usize", "i32"), "u16": ("u32", "u64", "usize"), "u32": ("u64", "usize", "i32"),
    "u64": ("u32", "usize", "i64"), "u128": ("u64",), "usize": ("u32", "u64", "i32"), "i8": ("i32",),
    "i16": ("i32",), "i32": ("i64", "u32", "usize"), "i64": ("i32", "u64", "f64"), "isize": ("usize", "i64"),
    "i128": ("i64",), "f32": ("f64",), "f64": ("f32", "i64", "u32"),
}  # fmt: skip
_WRAPPERS = frozenset(
    ["Ok", "Some", "Err", "Box::new", "Rc::new", "Arc::new", "RefCell::new", "Mutex::new", "Cell::new",
     "RwLock::new", "String::from", "Cow::Borrowed", "Cow::Owned", "Vec::from", "Rc::clone", "Arc::clone",
     "Reverse", "Wrapping"]
)  # fmt: skip


def other_number_type(source: ParsedSource) -> Iterator[Changes]:
    """`u32` -> `u64` in a field, a parameter, a result or an annotation."""
    for node in source.of("primitive_type"):
        for other in _OTHER_NUMBERS.get(source.words(node), ()):
            yield (put(node, other),)


def text_type(source: ParsedSource) -> Iterator[Changes]:
    """`String` -> `&str` and `&str` -> `String` in a type; `char` -> `&str`."""
    for node in source.of("type_identifier"):
        if source.words(node) == "String":
            yield (put(node, "&str"),)
    for node in source.of("reference_type"):
        kind = field(node, "type")
        if source.words(kind) == "str":
            yield (put(node, "String"),)
    for node in source.of("primitive_type"):
        if source.words(node) == "char":
            yield (put(node, "&str"),)


def dropped_conversion(source: ParsedSource) -> Iterator[Changes]:
    """`"x".to_string()` -> `"x"`, `x.into()` -> `x`, `x.len()` -> `x`."""
    yield from dropped_calls(
        source, "to_string", "into", "len", "collect", "trim", "chars", "unwrap_or_default", "flatten", "ok",
        "to_uppercase", "to_lowercase", "abs", "sum", "into_inner", "is_some", "is_none", "is_empty", "min", "max",
        "count", "to_bits", "into_bytes", "into_iter", "flatten", "join", "unsigned_abs", "get",
    )  # fmt: skip


def dropped_unwrap(source: ParsedSource) -> Iterator[Changes]:
    """`.unwrap()` -> ``, `.expect("..")` -> ``, `.unwrap_or(0)` -> ``, `.ok_or(..)` -> ``."""
    for node in source.of("call_expression"):
        function = field(node, "function")
        if function is None or function.type != "field_expression":
            continue
        value = field(function, "value")
        if value is not None and source.words(field(function, "field")) in (
            "unwrap", "expect", "unwrap_or", "ok_or", "ok_or_else", "unwrap_or_else", "map_err",
        ):  # fmt: skip
            yield (between(value.end_byte, node.end_byte),)


def extra_unwrap(source: ParsedSource) -> Iterator[Changes]:
    """A plain value is unwrapped: `v.len()` -> `v.len().unwrap()`."""
    for node in source.of("call_expression"):
        function = field(node, "function")
        parent = node.parent
        if function is None or function.type != "field_expression" or parent is None:
            continue
        if parent.type in ("let_declaration", "arguments", "binary_expression"):
            yield (between(node.end_byte, node.end_byte, ".unwrap()"),)


def dropped_question(source: ParsedSource) -> Iterator[Changes]:
    """`f()?` -> `f()`."""
    for node in source.of("try_expression"):
        yield (between(node.end_byte - 1, node.end_byte),)


def extra_question(source: ParsedSource) -> Iterator[Changes]:
    """`f()` -> `f()?` at the end of a function or in a let."""
    for node in source.of("call_expression"):
        if node.parent is not None and node.parent.type in ("let_declaration", "block"):
            yield (between(node.end_byte, node.end_byte, "?"),)


def dropped_wrapper(source: ParsedSource) -> Iterator[Changes]:
    """`Ok(x)` -> `x`, `Box::new(x)` -> `x`, `String::from("x")` -> `"x"`."""
    for node in source.of("call_expression"):
        arguments = field(node, "arguments")
        inside = members(arguments) if arguments is not None else []
        if source.words(field(node, "function")) in _WRAPPERS and len(inside) == 1:
            yield (put(node, source.words(inside[0])),)


def extra_wrapper(source: ParsedSource) -> Iterator[Changes]:
    """A function's result is wrapped though its type is plain: `x` -> `Some(x)`, `x` -> `Ok(x)`."""
    for node in source.of("function_item"):
        body, result = field(node, "body"), field(node, "return_type")
        last = tail(body) if body is not None else None
        if last is None or result is None or last.start_point[0] != last.end_point[0]:
            continue
        if not source.words(result).startswith(("Option", "Result", "impl")):
            for wrapper in ("Some", "Ok"):
                yield (put(last, f"{wrapper}({source.words(last)})"),)


def other_wrapper(source: ParsedSource) -> Iterator[Changes]:
    """`Some(x)` -> `Ok(x)`, `None` -> `Err(..)`'s absence: one wrapper for the other."""
    other = {"Some": "Ok", "Ok": "Some"}
    for node in source.of("call_expression", "tuple_struct_pattern"):
        named = field(node, "function") or field(node, "type")
        if named is not None and source.words(named) in other:
            yield (put(named, other[source.words(named)]),)


def dropped_return_type(source: ParsedSource) -> Iterator[Changes]:
    """`fn f() -> T {` -> `fn f() {`."""
    for node in source.of("function_item"):
        result, parameters = field(node, "return_type"), field(node, "parameters")
        if result is not None and parameters is not None:
            yield (between(parameters.end_byte, result.end_byte),)


def plain_return_type(source: ParsedSource) -> Iterator[Changes]:
    """`-> Option<T>` -> `-> T`, `-> Result<T, E>` -> `-> T`, `-> Vec<T>` -> `-> T`."""
    for node in source.of("function_item"):
        result = field(node, "return_type")
        if result is None or result.type != "generic_type":
            continue
        arguments = field(result, "type_arguments")
        inside = members(arguments) if arguments is not None else []
        if inside and source.words(field(result, "type")) in ("Option", "Result", "Vec"):
            yield (put(result, source.words(inside[0])),)


def unboxed_type(source: ParsedSource) -> Iterator[Changes]:
    """`Box<T>` -> `T`, `Rc<T>` -> `T`, `Option<T>` -> `T` in a field or a parameter."""
    for node in source.of("generic_type"):
        arguments = field(node, "type_arguments")
        inside = members(arguments) if arguments is not None else []
        name = source.words(field(node, "type"))
        if len(inside) == 1 and name in ("Box", "Rc", "Arc", "Option", "RefCell", "Mutex", "Vec"):
            if node.parent is not None and node.parent.type in (
                "field_declaration", "parameter", "generic_type", "type_arguments", "ordered_field_declaration_list",
            ):  # fmt: skip
                yield (put(node, source.words(inside[0])),)


def other_container(source: ParsedSource) -> Iterator[Changes]:
    """`Rc` -> `Arc`, `HashMap` -> `HashSet`, `Vec` -> `VecDeque`: one container for the other."""
    other = {"Rc": "Arc", "Arc": "Rc", "HashMap": "BTreeMap", "BTreeMap": "HashMap", "Option": "Result",
             "HashSet": "BTreeSet", "BTreeSet": "HashSet", "RefCell": "Mutex", "Mutex": "RefCell"}  # fmt: skip
    for node in source.of("type_identifier", "identifier"):
        if source.words(node) in other:
            yield (put(node, other[source.words(node)]),)


def dropped_reference_type(source: ParsedSource) -> Iterator[Changes]:
    """`&T` -> `T` in a parameter, a field or a result."""
    for node in source.of("reference_type"):
        kind = field(node, "type")
        if kind is not None:
            yield (between(node.start_byte, kind.start_byte),)


def extra_reference_type(source: ParsedSource) -> Iterator[Changes]:
    """`T` -> `&T` in a parameter or a result."""
    for node in source.of("parameter"):
        kind = field(node, "type")
        if kind is not None and kind.type in ("type_identifier", "generic_type", "primitive_type"):
            yield (put(kind, "&" + source.words(kind)),)
    for node in source.of("function_item"):
        kind = field(node, "return_type")
        if kind is not None and kind.type in ("type_identifier", "generic_type"):
            yield (put(kind, "&" + source.words(kind)),)


def dropped_cast(source: ParsedSource) -> Iterator[Changes]:
    """`x as u64` -> `x`."""
    for node in source.of("type_cast_expression"):
        value = field(node, "value")
        if value is not None:
            yield (between(value.end_byte, node.end_byte),)


def other_cast(source: ParsedSource) -> Iterator[Changes]:
    """`x as u64` -> `x as u32`."""
    for node in source.of("type_cast_expression"):
        kind = field(node, "type")
        for other in _OTHER_NUMBERS.get(source.words(kind), ()):
            if kind is not None:
                yield (put(kind, other),)


def other_literal(source: ParsedSource) -> Iterator[Changes]:
    """`2.0` -> `2`, `2` -> `2.0`, `'x'` -> `"x"`, `"x"` -> `'x'`, `1u8` -> `1u32`."""
    for node in source.of("float_literal"):
        if source.words(node).endswith(".0"):
            yield (put(node, source.words(node)[:-2]),)
    for node in source.of("integer_literal"):
        if source.words(node).isdigit():
            yield (put(node, source.words(node) + ".0"),)
            if node.parent is not None and node.parent.type in ("arguments", "match_pattern", "binary_expression"):
                yield (put(node, f'"{source.words(node)}"'),)
    for node in source.of("char_literal"):
        inner = source.words(node)[1:-1]
        if inner != '"':
            yield (put(node, f'"{inner}"'),)
    for node in source.of("string_literal"):
        inner = source.words(node)[1:-1]
        if len(inner) == 1 and inner not in "'\\":
            yield (put(node, f"'{inner}'"),)


def owned_literal(source: ParsedSource) -> Iterator[Changes]:
    """`"x"` -> `"x".to_string()` and `String::from("x")` where text is borrowed."""
    for node in source.of("string_literal"):
        parent = node.parent
        if parent is not None and parent.type in ("arguments", "let_declaration", "match_arm", "field_initializer"):
            yield (put(node, source.words(node) + ".to_string()"),)
            yield (put(node, f"String::from({source.words(node)})"),)


def dropped_annotation(source: ParsedSource) -> Iterator[Changes]:
    """`let x: T = ..` -> `let x = ..` and `collect::<T>()` -> `collect()`."""
    for node in source.of("let_declaration"):
        pattern, kind = field(node, "pattern"), field(node, "type")
        if pattern is not None and kind is not None and field(node, "value") is not None:
            yield (between(pattern.end_byte, kind.end_byte),)
    for node in source.of("generic_function"):
        function, arguments = field(node, "function"), field(node, "type_arguments")
        if function is not None and arguments is not None:
            yield (between(function.end_byte, arguments.end_byte),)


def semicolon_at_the_end(source: ParsedSource) -> Iterator[Changes]:
    """`x` -> `x;` where the block's value was meant."""
    for block in source.of("block"):
        last = tail(block)
        if last is not None:
            yield (between(last.end_byte, last.end_byte, ";"),)


def dropped_else(source: ParsedSource) -> Iterator[Changes]:
    """A condition by `=`: `if a == b` -> `if a = b`; `if x` of a number or an option."""
    for node in source.of("binary_expression"):
        operator = field(node, "operator")
        if operator is not None and source.words(operator) == "==":
            if node.parent is not None and node.parent.type in ("if_expression", "while_expression"):
                yield (put(operator, "="),)
        left, right = field(node, "left"), field(node, "right")
        if node.parent is not None and node.parent.type == "if_expression" and left is not None and right is not None:
            if source.words(operator) in (">", "!=") and source.words(right) == "0":
                yield (put(node, source.words(left)),)


def swapped_arguments(source: ParsedSource) -> Iterator[Changes]:
    """`f(a, b)` -> `f(b, a)`."""
    for node in source.of("arguments"):
        inside = members(node)
        for first, second in pairwise(inside):
            if first.type != second.type or source.words(first) != source.words(second):
                yield (put(first, source.words(second)), put(second, source.words(first)))


def extra_argument(source: ParsedSource) -> Iterator[Changes]:
    """`f(a)` -> `f(a, a)`, `x.len()` -> `x.len(0)`."""
    for node in source.of("arguments"):
        inside = members(node)
        function = field(node.parent, "function") if node.parent is not None else None
        if function is None or source.words(function) in ("Some", "Ok", "Err"):
            continue
        if inside:
            yield (between(inside[-1].end_byte, inside[-1].end_byte, ", " + source.words(inside[0])),)
        else:
            yield (put(node, "(0)"),)


def missing_argument(source: ParsedSource) -> Iterator[Changes]:
    """`f(a, limit)` -> `f(a)` where the missing argument has its parameter's name."""
    parameters: dict[str, list[str]] = {}
    for node in source.of("function_item"):
        listed = field(node, "parameters")
        names = [source.words(field(item, "pattern")) for item in members(listed)] if listed is not None else []
        parameters[source.words(field(node, "name"))] = [name for name in names if name]
    for node in source.of("call_expression"):
        function, arguments = field(node, "function"), field(node, "arguments")
        if function is None or arguments is None:
            continue
        name = source.words(field(function, "field") or field(function, "name") or function)
        inside = members(arguments)
        expected = parameters.get(name, [])
        for i, (item, parameter) in enumerate(zip(inside, expected, strict=False)):
            if source.words(item).split(".")[-1].lstrip("&").removeprefix("mut ") == parameter:
                last = i + 1 == len(inside)
                start = inside[i - 1].end_byte if last and i else item.start_byte
                end = item.end_byte if last else inside[i + 1].start_byte
                yield (between(start, end),)


def uninitialised(source: ParsedSource) -> Iterator[Changes]:
    """`let mut total = 0;` -> `let mut total;` for the obvious beginnings."""
    for node in source.of("let_declaration"):
        value, pattern = field(node, "value"), field(node, "pattern")
        if value is None or pattern is None or child(node, "mutable_specifier") is None:
            continue
        if source.words(value) in ("0", "0.0", "Vec::new()", "String::new()", "false", "None"):
            kind = field(node, "type")
            yield (between((kind or pattern).end_byte, value.end_byte),)


def dropped_format_argument(source: ParsedSource) -> Iterator[Changes]:
    """`format!("{} {}", a, b)` -> `format!("{} {}", a)`."""
    for node in source.of("macro_invocation"):
        tree = child(node, "token_tree")
        if tree is None or source.words(field(node, "macro")) not in _FORMATS:
            continue
        commas = [item for item in tree.children if item.type == ","]
        if len(commas) >= 2:
            yield (between(commas[-1].start_byte, tree.end_byte - 1),)


def other_format(source: ParsedSource) -> Iterator[Changes]:
    """`{:?}` -> `{}` in a format string."""
    for node in source.of("string_literal"):
        text = source.words(node)
        for found in re.finditer(r"\{(\w*):\?\}", text):
            at = node.start_byte + len(text[: found.start()].encode())
            yield (between(at, at + len(found.group(0)), "{" + found.group(1) + "}"),)


_FORMATS = ("format", "println", "print", "write", "writeln", "eprintln", "panic", "assert")


def early_return_value(source: ParsedSource) -> Iterator[Changes]:
    """`return x;` -> `return;` where the block's other returns show what was meant; `return Ok(())` -> `return`."""
    for node in source.of("return_expression"):
        value = node.named_children[0] if node.named_children else None
        if value is not None and source.words(value) in ("Ok(())", "None", "false", "true"):
            yield (between(node.children[0].end_byte, value.end_byte),)


def dropped_tail(source: ParsedSource) -> Iterator[Changes]:
    """The last line of a function that only names its result is gone: `Ok(())`, `out`, `self`."""
    for node in source.of("function_item"):
        body = field(node, "body")
        last = tail(body) if body is not None else None
        if body is not None and last is not None and len(body_statements(body)) > 1:
            if re.fullmatch(r"Ok\(\(\)\)|Ok\([a-z_]+\)|[a-z_]+|Some\([a-z_]+\)", source.words(last)):
                yield (source.line_of(last),)


def negated(source: ParsedSource) -> Iterator[Changes]:
    """`!x` -> `-x` for a bool, `-x` -> `!x` for a float."""
    for node in source.of("unary_expression"):
        sign = node.children[0]
        if sign.type in ("!", "-"):
            yield (put(sign, "-" if sign.type == "!" else "!"),)


def dropped_borrow_of_field(source: ParsedSource) -> Iterator[Changes]:
    """`.as_str()` and `&` of a match's subject are gone: `match s.as_str()` -> `match s`."""
    for node in source.of("match_expression"):
        value = field(node, "value")
        if value is not None and value.type == "reference_expression":
            yield (cut(value.children[0]),)


def other_text_making(source: ParsedSource) -> Iterator[Changes]:
    """`&format!(..)` for `format!(..)`, `x.as_str()` for `x`: borrowed where owned belongs."""
    for node in source.of("macro_invocation"):
        if source.words(field(node, "macro")) == "format" and node.parent is not None:
            if node.parent.type in ("block", "arguments", "match_arm", "let_declaration"):
                yield (between(node.start_byte, node.start_byte, "&"),)
    for node in source.of("call_expression"):
        function = field(node, "function")
        if function is not None and source.words(field(function, "field")) == "to_string":
            if source.words(field(node, "arguments")) == "()":
                name = field(function, "field")
                if name is not None:
                    yield (put(name, "as_str"),)
