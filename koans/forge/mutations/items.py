"""Mistakes in items: derives, bounds, lifetimes, imports, fields, variants, trait methods, visibility of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from sleepy.koans.syntax import (
    Changes,
    ParsedSource,
    TextChange,
    between,
    child,
    cut,
    field,
    members,
    put,
    without_member,
)


def dropped_derive(source: ParsedSource) -> Iterator[Changes]:
    """`#[derive(Debug, Clone)]` -> `#[derive(Debug)]`; the last derive takes the attribute with it."""
    for node in source.of("attribute"):
        if source.words(node.children[0]) != "derive":
            continue
        tree = field(node, "arguments")
        names = [item for item in tree.children if item.type == "identifier"] if tree is not None else []
        for i in range(len(names)):
            if len(names) == 1 and node.parent is not None:
                yield (source.line_of(node.parent),)
            elif tree is not None:
                yield (without_member(names, i),)


def dropped_derives(source: ParsedSource) -> Iterator[Changes]:
    """The whole `#[derive(..)]` line is gone."""
    for node in source.of("attribute"):
        if source.words(node.children[0]) == "derive" and node.parent is not None:
            yield (source.line_of(node.parent),)


def dropped_bound(source: ParsedSource) -> Iterator[Changes]:
    """`T: A + B` -> `T: A`, `T: A` -> `T`."""
    for node in source.of("trait_bounds"):
        bounds = members(node)
        parent = node.parent
        if parent is not None and parent.type == "where_predicate" and len(bounds) == 1:
            continue
        for i in range(len(bounds)):
            yield (cut(node),) if len(bounds) == 1 else (without_member(bounds, i),)
    for node in source.of("bounded_type"):
        parts = node.named_children
        if len(parts) == 2:
            yield (between(parts[0].end_byte, node.end_byte),)


def dropped_where(source: ParsedSource) -> Iterator[Changes]:
    """The where clause is gone, or one of its predicates."""
    for node in source.of("where_clause"):
        predicates = members(node)
        if len(predicates) == 1:
            start = len(source.data[: node.start_byte].rstrip())
            yield (between(start, node.end_byte),)
        else:
            for i in range(len(predicates)):
                yield (without_member(predicates, i),)


def dropped_lifetime(source: ParsedSource) -> Iterator[Changes]:
    """`&'a str` -> `&str`."""
    for node in source.of("reference_type"):
        lifetime = child(node, "lifetime")
        if lifetime is not None:
            yield (between(lifetime.start_byte, lifetime.end_byte + 1),)


def dropped_lifetime_parameter(source: ParsedSource) -> Iterator[Changes]:
    """`struct View<'a>` -> `struct View`, `impl<'a>` -> `impl`, `fn f<'a>` -> `fn f`."""
    for node in source.of("type_parameters"):
        listed = members(node)
        for i, item in enumerate(listed):
            if item.type in ("lifetime_parameter", "type_parameter"):
                yield (cut(node),) if len(listed) == 1 else (without_member(listed, i),)


def dropped_lifetime_argument(source: ParsedSource) -> Iterator[Changes]:
    """`View<'a>` -> `View` where the type is used."""
    for node in source.of("type_arguments"):
        listed = members(node)
        if any(item.type == "lifetime" for item in listed) or len(listed) == 1:
            if len(listed) == 1:
                yield (cut(node),)
            else:
                yield (without_member(listed, 0),)


def dropped_import(source: ParsedSource) -> Iterator[Changes]:
    """A `use` line is gone, or one name of its braces."""
    for node in source.of("use_declaration"):
        yield (source.line_of(node),)
        argument = field(node, "argument")
        listed = field(argument, "list") if argument is not None else None
        names = members(listed) if listed is not None else []
        if argument is None or len(names) < 2:
            continue
        for i in range(len(names)):
            if len(names) == 2:
                other = source.words(names[1 - i])
                if listed is not None and "{" not in other:
                    yield (put(listed, other),)
            elif listed is not None:
                yield (without_member(names, i),)


def wrong_import(source: ParsedSource) -> Iterator[Changes]:
    """`use std::collections::HashMap` -> `use std::HashMap`: a segment of the path is missing or another's."""
    for node in source.of("use_declaration"):
        for part in _scoped(source, node):
            path, name = field(part, "path"), field(part, "name") or field(part, "list")
            if path is None or name is None:
                continue
            if path.type == "scoped_identifier":
                first = field(path, "path")
                if first is not None:
                    yield (put(path, source.words(first)),)
            for wrong, right in (("collections", "collection"), ("fmt", "format"), ("rc", "sync"), ("sync", "rc")):
                tail_name = field(path, "name") or path
                if source.words(tail_name) == wrong:
                    yield (put(tail_name, right),)


def _scoped(source: ParsedSource, node: Node) -> Iterator[Node]:
    for part in source.of("scoped_identifier", "scoped_use_list"):
        if part.parent == node:
            yield part


def missing_field(source: ParsedSource) -> Iterator[Changes]:
    """A shorthand field is left out of a struct literal: `P { x, y }` -> `P { x }`."""
    for node in source.of("field_initializer_list"):
        listed = members(node)
        for i, item in enumerate(listed):
            shorthand = item.type == "shorthand_field_initializer"
            obvious = item.type == "field_initializer" and source.words(field(item, "value")) in (
                "Vec::new()", "HashMap::new()", "BTreeMap::new()", "String::new()", "None", "0", "false",
                "VecDeque::new()", "HashSet::new()", "BTreeSet::new()",
            )  # fmt: skip
            if (shorthand or obvious) and len(listed) > 1:
                yield (_without_line_or_member(source, listed, i),)


def missing_pattern_field(source: ParsedSource) -> Iterator[Changes]:
    """`P { x, .. }` -> `P { x }` and `P { x, y }` -> `P { x }` in a pattern."""
    for node in source.of("struct_pattern"):
        rest = child(node, "remaining_field_pattern")
        fields = [item for item in node.named_children if item.type in ("field_pattern", "remaining_field_pattern")]
        if rest is not None and len(fields) > 1:
            yield (without_member(fields, fields.index(rest)),)
        elif len(fields) > 1:
            for i in range(len(fields)):
                yield (without_member(fields, i),)


def missing_variant_field(source: ParsedSource) -> Iterator[Changes]:
    """`Shape::Box(w, h)` -> `Shape::Box(w)` in a pattern, `Some(x)` -> `Some`."""
    for node in source.of("tuple_struct_pattern"):
        kind = field(node, "type")
        listed = [item for item in members(node) if item != kind]
        if len(listed) > 1:
            yield (without_member(listed, len(listed) - 1),)
        if kind is not None:
            yield (put(node, source.words(kind)),)


def narrowed_arm(source: ParsedSource) -> Iterator[Changes]:
    """`_ => x` takes the pattern of the arm above, `A | B` loses B: cases nobody handles."""
    for node in source.of("or_pattern"):
        parts = [item for item in node.named_children if item.type not in ("line_comment",)]
        if len(parts) == 2:
            for keep in parts:
                yield (put(node, source.words(keep)),)
    for node in source.of("match_block"):
        arms = [item for item in node.named_children if item.type == "match_arm"]
        if len(arms) < 2:
            continue
        last, above = field(arms[-1], "pattern"), field(arms[-2], "pattern")
        if last is not None and above is not None and source.words(last) == "_":
            pattern = source.words(above)
            if pattern.isdigit():
                yield (put(last, str(int(pattern) + 1)),)
            elif pattern.startswith('"') and pattern.endswith('"'):
                yield (put(last, '"other"'),)
            elif pattern[:1].isupper() and "(" not in pattern and "{" not in pattern and "|" not in pattern:
                yield (put(last, pattern),)


def missing_arm(source: ParsedSource) -> Iterator[Changes]:
    """An arm that answers as its neighbour does is gone."""
    for node in source.of("match_block"):
        arms = [item for item in node.named_children if item.type == "match_arm"]
        values = [source.words(field(arm, "value")) for arm in arms]
        for arm, value in zip(arms, values, strict=True):
            one_line = arm.start_point[0] == arm.end_point[0]
            obvious = values.count(value) > 1 or value in ("None", "{}", "()", "false", "0", "Ok(())", "continue")
            if one_line and obvious and len(arms) > 1:
                yield (source.line_of(arm),)


def misplaced_receiver(source: ParsedSource) -> Iterator[Changes]:
    """`fn area(&self)` -> `fn area()`: the receiver is gone."""
    for node in source.of("parameters"):
        listed = members(node)
        if listed and listed[0].type == "self_parameter":
            yield (without_member(listed, 0),)


def wrong_trait_method(source: ParsedSource) -> Iterator[Changes]:
    """A method of a trait's impl has another name or parameter than the trait says."""
    for node in source.of("impl_item"):
        body = field(node, "body")
        if field(node, "trait") is None or body is None:
            continue
        for item in body.named_children:
            if item.type != "function_item":
                continue
            name, parameters = field(item, "name"), field(item, "parameters")
            if name is not None:
                words = source.words(name)
                yield (put(name, words + "s" if len(words) < 4 else words[:-1]),)
            listed = members(parameters) if parameters is not None else []
            if len(listed) == 2 and parameters is not None:
                kind = field(listed[1], "type")
                if kind is not None and kind.type == "reference_type":
                    inner = field(kind, "type")
                    if inner is not None:
                        yield (between(kind.start_byte, inner.start_byte),)
                elif kind is not None:
                    yield (put(kind, "&" + source.words(kind)),)


def missing_associated_type(source: ParsedSource) -> Iterator[Changes]:
    """`type Item = T;` of an impl is gone, where a signature still shows the type."""
    for node in source.of("type_item"):
        if node.parent is not None and node.parent.parent is not None and node.parent.parent.type == "impl_item":
            kind = source.words(field(node, "type"))
            if source.text.count(kind) > 1:
                yield (source.line_of(node),)


def repeated_item(source: ParsedSource) -> Iterator[Changes]:
    """A merge left a line twice: an import, a field, a variant, a constant, a derive."""
    for node in source.of("use_declaration", "field_declaration", "enum_variant", "const_item"):
        if node.start_point[0] != node.end_point[0] or node.start_point[1] % 4:
            continue
        line = source.line_of(node)
        text = source.data[line.start : line.end].decode()
        if text.strip().rstrip(",;") == source.words(node).rstrip(",;"):
            yield (between(line.end, line.end, text),)
    for node in source.of("attribute"):
        if source.words(node.children[0]) == "derive":
            tree = field(node, "arguments")
            names = [item for item in tree.children if item.type == "identifier"] if tree is not None else []
            if tree is not None and names:
                yield (between(tree.end_byte - 1, tree.end_byte - 1, ", " + source.words(names[0])),)
    for node in source.of("impl_item"):
        if node.end_point[0] - node.start_point[0] <= 6 and field(node, "trait") is not None:
            yield (between(node.end_byte, node.end_byte, "\n\n" + source.words(node)),)


def static_text_field(source: ParsedSource) -> Iterator[Changes]:
    """`impl Trait for Type` lacks its generics: `impl<T> Pair<T>` -> `impl Pair<T>`."""
    for node in source.of("impl_item"):
        parameters = field(node, "type_parameters")
        if parameters is not None:
            yield (cut(parameters),)


def sized_trait(source: ParsedSource) -> Iterator[Changes]:
    """`Box<dyn Trait>` -> `Box<Trait>`, `&dyn Trait` -> `&Trait`, `impl Trait` -> `Trait`, `dyn` for `impl`."""
    for node in source.of("dynamic_type"):
        yield (between(node.start_byte, node.children[1].start_byte),)
    for node in source.of("abstract_type"):
        yield (between(node.start_byte, node.children[1].start_byte),)
        yield (put(node.children[0], "dyn"),)


def dropped_associated_type(source: ParsedSource) -> Iterator[Changes]:
    """`Iterator<Item = T>` -> `Iterator`."""
    for node in source.of("type_arguments"):
        if child(node, "type_binding") is not None and len(members(node)) == 1:
            yield (cut(node),)


def extra_derive(source: ParsedSource) -> Iterator[Changes]:
    """A derive that a field does not allow: `Copy` beside a String, `Eq` or `Hash` beside a float."""
    for node in source.of("attribute"):
        tree = field(node, "arguments")
        if tree is None or source.words(node.children[0]) != "derive":
            continue
        names = {source.words(item) for item in tree.children if item.type == "identifier"}
        for name in ("Copy", "Eq", "Hash", "Default", "Ord"):
            if name not in names:
                yield (between(tree.end_byte - 1, tree.end_byte - 1, f", {name}"),)


def unqualified_name(source: ParsedSource) -> Iterator[Changes]:
    """`Color::Red` -> `Red`, `Self::LIMIT` -> `LIMIT`, `Self::new` -> `new`."""
    for node in source.of("scoped_identifier"):
        name, path = field(node, "name"), field(node, "path")
        inside_use = node.parent is not None and node.parent.type in ("use_declaration", "scoped_identifier")
        if name is not None and path is not None and not inside_use:
            yield (put(node, source.words(name)),)


def dropped_default(source: ParsedSource) -> Iterator[Changes]:
    """`..Default::default()` is gone from a struct literal; `Self {` -> `{`."""
    for node in source.of("base_field_initializer"):
        parent = node.parent
        if parent is not None:
            listed = members(parent)
            yield (_without_line_or_member(source, listed, listed.index(node)),)


def _without_line_or_member(source: ParsedSource, listed: Sequence[Node], i: int) -> TextChange:
    """Removes a member that has its lines to itself with those lines, another with its separator."""
    line = source.line_of(listed[i])
    text = source.data[line.start : line.end].decode().strip().rstrip(",")
    return line if text == source.words(listed[i]) else without_member(listed, i)
