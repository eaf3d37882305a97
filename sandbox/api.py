"""The interface that tests use: a program's public items, and the signatures that every answer must keep.

The harness imports the public items of the broken original and of the reference by name, so that whatever
else a candidate brings (a trait whose `is_err` answers for Result's, say) is not in scope where the tests are. A
function whose signature is the same in the original and in the reference was not the mistake: the candidate's
must be of that type, and random inputs can be made for it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from sleepy.sandbox.lexer import lex
from sleepy.sandbox.tree import parse

_ITEMS = frozenset(
    "function_item struct_item enum_item union_item trait_item const_item static_item type_item mod_item".split()
)
_KEYWORDS = frozenset("fn struct enum union trait const static type mod mut".split())
_INTEGERS = {"i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"}
_SCALARS = _INTEGERS | {"f32", "f64", "bool", "char"}
_WORDS = ("", "a", "ab", "hello world", "x=1;y=22", "  pad ", "12", "-3", "Zebra,apple,Mango", "a-b_c", "1.5", "TRUE")
_RESERVED = frozenset(
    "abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in "
    "let loop macro match mod move mut override priv pub ref return static struct trait true try type typeof unsafe "
    "unsized use virtual where while yield".split()
)
_PLAIN = re.compile(r"[A-Za-z_]\w*")
CALLS = 50  # of each function


@dataclass(frozen=True, slots=True)
class Function:
    """A public function without generics. `type` is its function type, `fn(i32, &str) -> u8`."""

    name: str
    parameters: tuple[str, ...]
    returns: str

    @property
    def type(self) -> str:
        return f"fn({', '.join(self.parameters)})" + (f" -> {self.returns}" if self.returns else "")


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one function: `arguments[i]` are Rust expressions."""

    function: Function
    arguments: tuple[tuple[str, ...], ...]


def exported(source: str) -> list[str]:
    """Names of the public items and re-exports at a program's top level, in its order, as a `use` writes them."""
    data = source.encode()
    found: dict[str, None] = {}
    for node in parse(data).children:
        if not _is_public(data, node):
            continue
        name = node.child_by_field_name("name")
        if node.type in _ITEMS and name is not None:
            found[_importable(_text(data, name))] = None
        elif node.type == "use_declaration":
            argument = node.child_by_field_name("argument")
            if argument is not None:
                found.update(dict.fromkeys(map(_importable, _used(data, argument))))
    return list(found)


def spoken_of(candidate: str, known: Sequence[str]) -> list[str]:
    """The candidate's public items that a program in `known` declares too; all of them where none is known."""
    mine = exported(candidate)
    if not known:
        return mine
    declared = {_importable(word) for text in known for word in _declared(lex(text))}
    return [name for name in mine if name in declared]


def imported(known: Sequence[str], besides: Sequence[str]) -> list[str]:
    """What programs import from std for themselves, a `use` path for each name: tests see it through `use super::*`.

    Of two that bring the same name the first counts, and none that brings a name of `besides`.
    """
    taken = set(besides)
    found: dict[str, None] = {}
    for source in known:
        data = source.encode()
        marked = False  # by an attribute: it may not be there at all
        for node in parse(data).children:
            argument = node.child_by_field_name("argument") if node.type == "use_declaration" else None
            if argument is not None and not marked:
                for path, name in _leaves(data, argument, ""):
                    if path.split("::")[0] in ("std", "core") and name not in taken:
                        taken |= {name} - {"*", "_"}
                        found[f"::{path}"] = None
            if node.type not in ("line_comment", "block_comment"):
                marked = node.type == "attribute_item"
    return list(found)


def _leaves(data: bytes, node: Node, before: str) -> Iterator[tuple[str, str]]:
    """Every path of a `use` tree with the name it brings, "*" for all."""
    if node.type == "use_as_clause":
        path, alias = node.child_by_field_name("path"), node.child_by_field_name("alias")
        if path is not None and alias is not None:
            for whole, _ in _leaves(data, path, before):
                yield f"{whole} as {_text(data, alias)}", _importable(_text(data, alias))
    elif node.type in ("use_list", "scoped_use_list"):
        inner, path = node, node.child_by_field_name("path")
        if node.type == "scoped_use_list":
            inner = node.child_by_field_name("list") or node
            before += f"{_path(data, path)}::" if path is not None else ""
        for child in inner.named_children:
            yield from _leaves(data, child, before)
    elif node.type == "use_wildcard":
        yield before + _path(data, node), "*"
    elif node.type == "self":
        whole = before.removesuffix("::")
        yield whole, _importable(whole.rsplit("::", 1)[-1])
    elif node.type in ("identifier", "scoped_identifier"):
        whole = before + _path(data, node)
        yield whole, _importable(whole.rsplit("::", 1)[-1])


def _path(data: bytes, node: Node) -> str:
    return "".join(lex(_text(data, node))).removeprefix("::")


def speaks_of_private(tests: str, program: str) -> bool:
    """Whether tests seem to use an item that a program keeps to itself: one it declares, and they do not."""
    words = lex(tests)
    own = set(_declared(words)) | {after for word, after in pairwise(words) if word in ("let", "mut", "|")}
    private = {name for name in _private(program) if name not in own}
    return any(
        word in private and (after in ("(", "::") or (word[0].isupper() and after != "=")) and before not in (".", "::")
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    )


def _private(source: str) -> Iterator[str]:
    """Names of the items at a program's top level that are not public."""
    data = source.encode()
    for node in parse(data).children:
        name = node.child_by_field_name("name")
        if node.type in _ITEMS and name is not None and not _is_public(data, node):
            yield _importable(_text(data, name))


def main(source: str) -> tuple[int, int] | None:
    """Where, in bytes, the name of the program's own main stands; not a module's, nor one in a string."""
    for node in parse(source.encode()).children:
        name = node.child_by_field_name("name")
        if node.type == "function_item" and name is not None and name.text == b"main":
            return name.start_byte, name.end_byte
    return None


def functions(source: str) -> dict[str, Function]:
    """Public top-level functions without generics, `impl`, or lifetimes of their own, by name."""
    data = source.encode()
    found = {}
    for node in parse(data).children:
        name, parameters = node.child_by_field_name("name"), node.child_by_field_name("parameters")
        if node.type != "function_item" or name is None or parameters is None or not _is_public(data, node):
            continue
        if node.child_by_field_name("type_parameters") is not None or node.has_error:
            continue
        if any(child.type == "function_modifiers" for child in node.children):
            continue
        types = [item.child_by_field_name("type") for item in parameters.named_children if item.type == "parameter"]
        back = node.child_by_field_name("return_type")
        said = [_tight(data, item) for item in types if item is not None]
        returns = _tight(data, back) if back is not None else ""
        if not any(re.search(r"\bimpl\b|'[a-z_]", text) for text in (*said, returns)):
            called = _importable(_text(data, name))
            found[called] = Function(called, tuple(said), returns)
    return found


def pinned(original: str | None, reference: str | None) -> list[Function]:
    """Functions whose type both programs agree on and whose words are std's or public names of theirs."""
    if original is None or reference is None:
        return []
    before, after = functions(original), functions(reference)
    known = {*_SCALARS, "str", "String", "Vec", "Option", "Result", "Box", "mut", "dyn", "fn", *exported(reference)}
    return [
        function
        for name, function in before.items()
        if after.get(name) == function and set(_PLAIN.findall(function.type)) <= known
    ]


def calls(pins: Sequence[Function], seed: str) -> list[Calls]:
    """Fifty calls of each function whose arguments can be generated and whose result can be printed."""
    out = []
    for function in pins:
        rng = random.Random(f"{seed} {function.name} {function.type}")
        if not function.parameters or not function.returns or not _shows(function.returns):
            continue
        made = [tuple(_value(kind, rng) for kind in function.parameters) for _ in range(CALLS)]
        whole = [tuple(value for value in row if value is not None) for row in made]
        if all(len(row) == len(function.parameters) for row in whole):
            out.append(Calls(function, tuple(whole)))
    return out


def _shows(kind: str) -> bool:
    """Whether std's Debug shows the type, so that it says nothing the candidate made up."""
    words = set(_PLAIN.findall(kind))
    return words <= {*_SCALARS, "str", "String", "Vec", "Option", "Result", "Box", "static"}


def _value(kind: str, rng: random.Random) -> str | None:
    """A random Rust expression of a type; None where none can be made."""
    if kind in _INTEGERS:
        signed = kind.startswith("i")
        # small: what grows with its argument, or calls itself as often, must end for both
        return str(rng.choice([0, 1, 2, rng.randint(0, 12), rng.randint(0, 24), -rng.randint(1, 12) if signed else 7]))
    if kind in ("f32", "f64"):
        return rng.choice(["0.0", "1.0", "-1.5", "2.25", f"{rng.randint(0, 400) / 4}"])
    if kind == "bool":
        return rng.choice(["true", "false"])
    if kind == "char":
        return rng.choice(["'a'", "'Z'", "'7'", "' '", "'-'"])
    if kind == "&str":
        return f'"{rng.choice(_WORDS)}"'
    if kind == "String":
        return f'::std::string::String::from("{rng.choice(_WORDS)}")'
    inner = re.fullmatch(r"(Vec|Option)<(.*)>|&\[(.*)\]", kind)
    if inner is None:
        return None
    part = inner[2] or inner[3]
    if inner[1] == "Option":
        value = _value(part, rng)
        return value and (
            f"::std::option::Option::Some({value})" if rng.random() < 0.8 else "::std::option::Option::None"
        )
    values = [_value(part, rng) for _ in range(rng.randint(0, 6))]
    if _value(part, rng) is None:
        return None
    listed = ", ".join(value or "" for value in values)
    return f"::std::vec![{listed}]" if inner[1] else f"&[{listed}][..]"


def declared(source: str) -> list[str]:
    """Every name that an item or a `use` anywhere in a text declares or mentions."""
    return [_importable(word) for word in _declared(lex(source))]


def _declared(words: Sequence[str]) -> Iterator[str]:
    """The names that items and `use` declarations bring, of a program that need not parse."""
    using = False
    for before, word in pairwise(words):
        using = before == "use" or (using and before != ";")
        if using or before in _KEYWORDS:
            yield word


def _importable(name: str) -> str:
    """One spelling for a name: raw where it is a keyword of any edition, bare elsewhere."""
    bare = name.removeprefix("r#")
    return f"r#{bare}" if bare in _RESERVED else bare


def _is_public(data: bytes, node: Node) -> bool:
    return any(child.type == "visibility_modifier" and _text(data, child) == "pub" for child in node.children)


def _used(data: bytes, node: Node) -> list[str]:
    """The names a `use` brings in; none for a glob."""
    if node.type == "use_as_clause":
        alias = node.child_by_field_name("alias")
        return [_text(data, alias)] if alias is not None else []
    if node.type in ("use_list", "scoped_use_list"):
        listed = node.child_by_field_name("list") if node.type == "scoped_use_list" else node
        return [name for child in (listed.named_children if listed else []) for name in _used(data, child)]
    if node.type == "scoped_identifier":
        name = node.child_by_field_name("name")
        return [_text(data, name)] if name is not None else []
    return [_text(data, node)] if node.type == "identifier" else []


def _tight(data: bytes, node: Node) -> str:
    return re.sub(r"\s*([<>\[\](),;:&])\s*", r"\1", " ".join(_text(data, node).split()))


def _text(data: bytes, node: Node) -> str:
    return data[node.start_byte : node.end_byte].decode(errors="replace")
