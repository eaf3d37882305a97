"""Slips of the keyboard: punctuation and keywords the parser stumbles over."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from sleepy.koans.syntax import Changes, ParsedSource, child, cut, field, put


def dropped_semicolon(source: ParsedSource) -> Iterator[Changes]:
    """A statement loses its semicolon."""
    for node in source.of("let_declaration", "expression_statement", "use_declaration", "const_item"):
        if node.children[-1].type == ";":
            yield (cut(node.children[-1]),)


def dropped_comma(source: ParsedSource) -> Iterator[Changes]:
    """A list loses a comma between two members."""
    for node in source.of(","):
        parent = node.parent
        if parent is None or node == parent.children[-2]:
            continue
        if parent.type in ("arguments", "field_declaration_list", "enum_variant_list", "field_initializer_list",
                           "parameters", "match_arm", "array_expression", "type_arguments", "tuple_expression"):  # fmt: skip
            yield (cut(node),)


def other_separator(source: ParsedSource) -> Iterator[Changes]:
    """`,` -> `;` between fields and variants, `:` -> `=` in a struct literal."""
    for node in source.of(","):
        if node.parent is not None and node.parent.type in ("field_declaration_list", "enum_variant_list"):
            yield (put(node, ";"),)
    for node in source.of("field_initializer"):
        colon = child(node, ":")
        if colon is not None:
            yield (put(colon, " ="),)


def dropped_bracket(source: ParsedSource) -> Iterator[Changes]:
    """A closing or opening parenthesis, bracket or brace is missing."""
    for node in source.of(")", "]"):
        yield (cut(node),)
    for node in source.of("}"):
        if node.parent is not None and node.parent.type in ("block", "match_block", "declaration_list"):
            yield (source.line_of(node),) if node.start_point[1] % 4 == 0 and _alone(source, node) else (cut(node),)
    for node in source.of("{"):
        if node.parent is not None and node.parent.type == "block":
            yield (cut(node),)


def extra_bracket(source: ParsedSource) -> Iterator[Changes]:
    """A closing parenthesis or brace stands twice."""
    for node in source.of("arguments", "parameters"):
        yield (put(node.children[-1], "))"),)


def other_arrow(source: ParsedSource) -> Iterator[Changes]:
    """`=>` -> `->` in a match, `->` -> `=>` or `:` in a function."""
    for node in source.of("=>"):
        yield (put(node, "->"),)
        yield (put(node, ":"),)
    for node in source.of("->"):
        yield (put(node, "=>"),)
        yield (put(node, ":"),)


def other_operator(source: ParsedSource) -> Iterator[Changes]:
    """`&&` -> `and`, `||` -> `or`, `!x` -> `not x`, `..=` -> `...`, `::` -> `:`."""
    words = {"&&": "and", "||": "or"}
    for kind, word in words.items():
        for node in source.of(kind):
            if node.parent is not None and node.parent.type == "binary_expression":
                yield (put(node, word),)
    for node in source.of("unary_expression"):
        if node.children[0].type == "!":
            yield (put(node.children[0], "not "),)
    for node in source.of("::"):
        if node.parent is not None and node.parent.type in ("scoped_identifier", "scoped_type_identifier"):
            yield (put(node, ":"),)
    for node in source.of("compound_assignment_expr"):
        operator = field(node, "operator")
        left, right = field(node, "left"), field(node, "right")
        if operator is not None and source.words(operator) == "+=" and source.words(right) == "1" and left is not None:
            yield (put(node, source.words(left) + "++"),)


def other_keyword(source: ParsedSource) -> Iterator[Changes]:
    """`else if` -> `elif`, `fn` -> `func`, `let` -> `var`, `match` -> `switch`, `let` -> ``."""
    other = {"fn": ("func", "def"), "match": ("switch",), "let": ("var",), "enum": ("Enum",), "struct": ("class",),
             "impl": ("implement",), "pub": ("public",), "const": ("let",), "loop": ("while",), "for": ("foreach",)}  # fmt: skip
    for kind, words in other.items():
        for node in source.of(kind):
            if node.child_count == 0:
                yield from ((put(node, word),) for word in words)
    for node in source.of("else_clause"):
        inner = child(node, "if_expression")
        if inner is not None:
            text = source.words(node)
            yield (put(node, "elif" + text[text.index("if") + 2 :]),)


def dropped_keyword(source: ParsedSource) -> Iterator[Changes]:
    """`let x = ..` -> `x = ..`, `for x in y` -> `for x y`, `x in` -> `x of`, `fn` gone."""
    for node in source.of("let_declaration"):
        pattern = field(node, "pattern")
        if pattern is not None and pattern.type == "identifier" and field(node, "type") is None:
            first = child(node, "mutable_specifier") or pattern
            yield (put(node, source.data[first.start_byte : node.end_byte].decode().removeprefix("mut ")),)
    for node in source.of("for_expression"):
        word = child(node, "in")
        if word is not None:
            yield (put(word, "of"),)
    for node in source.of("function_item"):
        word = child(node, "fn")
        if word is not None and node.children[0].type == "visibility_modifier":
            yield (put(word, ""),)


def dropped_colon(source: ParsedSource) -> Iterator[Changes]:
    """`x: u32` -> `x u32` in a parameter, a field or a let."""
    for node in source.of("parameter", "field_declaration", "let_declaration"):
        colon = child(node, ":")
        if colon is not None:
            yield (cut(colon),)


def type_before_name(source: ParsedSource) -> Iterator[Changes]:
    """`x: u32` -> `u32 x` in a parameter or a field."""
    for node in source.of("parameter", "field_declaration"):
        name, kind = field(node, "pattern") or field(node, "name"), field(node, "type")
        if name is not None and kind is not None and child(node, "mutable_specifier", "visibility_modifier") is None:
            yield (put(node, f"{source.words(kind)} {source.words(name)}"),)


def open_string(source: ParsedSource) -> Iterator[Changes]:
    """A string loses its closing quote, or has single quotes."""
    for node in source.of("string_literal"):
        text = source.words(node)
        if len(text) > 3 and '\\"' not in text and text.startswith('"'):
            yield (put(node, text[:-1]),)
            yield (put(node, "'" + text[1:-1] + "'"),)


def _alone(source: ParsedSource, node: Node) -> bool:
    line = source.line_of(node)
    return source.data[line.start : line.end].decode().strip() in ("}", ")", "]")
