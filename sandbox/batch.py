"""Many programs checked as modules of one file, with the verdicts and messages that single checks would give.

A failed program's diagnostics are taken from the batch only when the single check would say the same: the
canary module at the end proves that every phase of the compiler ran, and words that name an item of a
neighbour's are asked again alone. Lints run only where nothing failed, so the programs without a word
are checked once more, without the canary. A program whose brackets, strings or comments do not end within it
could end its neighbour's: it is checked alone, and so is one that does not parse, which would silence the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from sleepy.sandbox import rustc
from sleepy.sandbox.lexer import closed, lex
from sleepy.sandbox.tree import descendants, parse
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion

SIZE = 16  # programs of a batch at least, where there are as many
LARGEST = 96
_CANARY = "mod canary { pub fn f() { let s = String::new(); drop(s); drop(s); } }"
# what cannot stand in a module, or would mean something else there
_ALONE = {
    "#!": re.compile("#!"),
    "$crate": re.compile(r"\$crate"),
    "macro_export": re.compile(r"\bmacro_export\b"),
    "extern": re.compile(r"\bextern\b"),
    "mod": re.compile(r"\bmod\s+\w+\s*;"),
    "include": re.compile(r"\binclude"),
    "pub": re.compile(r"pub\s*\(\s*in\b"),
}
_IMPL = re.compile(r"\bimpl\b(?:\s*<[^{};]*?>(?=\s*[\w:]))?([^{};]*?)\bfor\b(?!\s*<)([^{};]*)\{")
_HEAD = re.compile(r"(?<!['\w])[A-Z]\w*")
_OUTWARD = re.compile(r"\b(?:crate|super)\b")
_MODULE = re.compile(r"\bk\d+\b|\bcanary\b")
_TYPE = re.compile(r"\b(?:struct|enum|union|trait)\s+([A-Z]\w*)")
_VARIANT = re.compile(r"^\s*([A-Z]\w*)\s*(?:[,({=]|$)", re.MULTILINE)  # an enum's `Mul,` makes Mul `std::ops::Mul`
_PRELUDE = frozenset(["Some", "None", "Ok", "Err", "Self"])
_WORD = re.compile(r"[A-Za-z_]\w*")
_PATH = re.compile(r"::(\w+)")
# what depends on the neighbours: a count of theirs, and a closure's line, whose digits decide what is cut short
_ELSEWHERE = re.compile(r"\band \d+ others?\b|\bclosure@")  # a list that neighbours make longer


def may_share(source: str, edition: str = "2021") -> bool:
    """Whether the program can be checked as a module beside others. Paths of 2015 start at the crate's root."""
    if edition == "2015" or source.startswith("\ufeff") or _stands_alone(source) or not closed(source):
        return False
    if not source.isascii() and not "".join(lex(source)).isascii():  # a name beyond ASCII lints the whole crate
        return False
    root = parse(source.encode())
    if root.has_error or _reaches_others(source):
        return False
    return _OUTWARD.search(source) is None or not any(_leads_out(node) for node in descendants(root))


def _stands_alone(source: str) -> bool:
    """Whether something in it cannot stand in a module; looked for only where its word occurs at all."""
    return any(word in source and pattern.search(source) is not None for word, pattern in _ALONE.items())


def _reaches_others(source: str) -> bool:
    """Whether a trait of std's is implemented for a type that the program did not declare.

    What is inferred of that type, neighbours feel then; a trait of its own is not in scope where they are.
    """
    own = _declared(source)
    return any(own.isdisjoint(_WORD.findall(of)) and own.isdisjoint(_HEAD.findall(to)[:1]) for of, to in _impls(source))


def _impls(source: str) -> Iterator[tuple[str, str]]:
    """The trait, without its arguments, and the type of every impl of a trait."""
    for found in _IMPL.finditer(source):
        yield found[1].rstrip().rsplit("<", 1)[0] if found[1].rstrip().endswith(">") else found[1], found[2]


def _leads_out(node: Node) -> bool:
    """Whether a path starts at the crate, which is another's in a batch, or climbs out of the program."""
    if node.type == "crate":
        return node.parent is None or node.parent.type != "visibility_modifier"
    if node.type != "super":
        return False
    above, depth = node.parent, 0
    while above is not None:
        depth += above.type == "mod_item"
        above = above.parent
    return depth == 0 or (node.parent is not None and b"super::super" in (node.parent.text or b""))


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One file of modules; `starts` are the lines before each module's first."""

    text: str
    starts: tuple[int, ...]
    end: int


def compose(sources: Sequence[str], *, canary: bool = True) -> BatchFile:
    """Modules k0, k1, ... each on lines of its own, then the canary."""
    parts, starts, line = ["fn main() {}"], [], 1
    for i, source in enumerate(sources):
        parts.append(f"mod k{i} {{")
        starts.append(line + 1)
        parts.append(source)
        parts.append("}")
        line += 2 + source.count("\n") + 1
    if canary:
        parts.append(_CANARY)
    return BatchFile("\n".join(parts), tuple(starts), line)


@dataclass(frozen=True, slots=True)
class Split:
    """Diagnostics by program; `whole` says that every phase of the compiler ran."""

    by_program: dict[int, list[Diagnostic]]
    whole: bool
    stray: bool  # a diagnostic that belongs to no program


def split(batch: BatchFile, found: Sequence[Diagnostic]) -> Split:
    """Each diagnostic to the program its primary span is in, with that program's own line numbers."""
    by_program: dict[int, list[Diagnostic]] = {}
    whole = stray = False
    for item in found:
        primary = item.primary
        if primary is None:
            stray = True
            continue
        if primary.line_start > batch.end:
            whole = whole or item.code == "E0382"
            stray = stray or item.code != "E0382"
            continue
        owner = max((i for i, start in enumerate(batch.starts) if start < primary.line_start), default=-1)
        if owner < 0:
            stray = True
            continue
        last = batch.starts[owner + 1] - 1 if owner + 1 < len(batch.starts) else batch.end
        by_program.setdefault(owner, []).append(_at_home(_shifted(item, batch.starts[owner], last), f"k{owner}::"))
    return Split({owner: rustc.ordered(items) for owner, items in by_program.items()}, whole, stray)


@dataclass(frozen=True, slots=True)
class Names:
    """The words a program writes, and those among them that it declares as types, traits or variants."""

    words: frozenset[str]
    types: frozenset[str]


def names(source: str) -> Names:
    """The names of a program, comments and strings included."""
    return Names(frozenset(_WORD.findall(source)), _declared(source))


def _declared(source: str) -> frozenset[str]:
    return frozenset(_TYPE.findall(source)) | (frozenset(_VARIANT.findall(source)) - _PRELUDE)


def trustworthy(found: Sequence[Diagnostic], own: Names, types: frozenset[str]) -> bool:
    """Whether a single check would say the same; `types` are those of the whole batch.

    A neighbour's type can be offered, and it makes rustc write the path of a type of std's with the same name.
    """
    foreign = types - own.types
    return not any(_speaks_of(item, foreign - own.words, foreign) or _is_lint(item) for item in found)


def _is_lint(item: Diagnostic) -> bool:
    """Whether a lint speaks, whose note is written once a check, with whoever comes first."""
    return item.code == "E0170" or (item.code is not None and not item.code.startswith("E"))


def _speaks_of(item: Diagnostic, unknown: frozenset[str], foreign: frozenset[str]) -> bool:
    """Whether a message names a module, counts what may be neighbours', or holds a word of theirs."""
    prose = [item.message, *(span.label for span in item.spans), *item.notes, *(o.message for o in item.suggestions)]
    texts = [*prose, *(part.text for offer in item.suggestions for part in offer.replacements)]
    return any(
        _MODULE.search(text)
        or _ELSEWHERE.search(text)
        or not unknown.isdisjoint(_WORD.findall(text))
        or not foreign.isdisjoint(_PATH.findall(text))
        for text in texts
    )


def _at_home(item: Diagnostic, module: str) -> Diagnostic:
    """The message without the path of its own module, which rustc writes where a neighbour has the same name."""

    def bare(text: str) -> str:
        return re.sub(rf"\b{module}(?![a-z_]\w*::)", "", text)  # of an inner module rustc writes less, alone

    def bare_offer(offer: Suggestion) -> Suggestion:
        parts = tuple(replace(part, text=bare(part.text)) for part in offer.replacements)
        return Suggestion(bare(offer.message), offer.applicability, parts)

    return replace(
        item,
        message=bare(item.message),
        spans=tuple(replace(span, label=bare(span.label)) for span in item.spans),
        notes=tuple(bare(note) for note in item.notes),
        suggestions=tuple(bare_offer(offer) for offer in item.suggestions),
    )


def _shifted(item: Diagnostic, start: int, last: int) -> Diagnostic:
    def inside(first: int, end: int) -> bool:
        return start < first and end <= last

    spans = tuple(
        Span(
            span.line_start - start, span.line_end - start, span.column_start, span.column_end,
            span.is_primary, span.label, span.text,
        )
        for span in item.spans
        if inside(span.line_start, span.line_end)
    )  # fmt: skip
    suggestions = tuple(
        Suggestion(
            offer.message,
            offer.applicability,
            tuple(
                Replacement(
                    part.line_start - start,
                    part.column_start,
                    part.line_end - start,
                    part.column_end,
                    part.text,
                )
                for part in offer.replacements
            ),
        )
        for offer in item.suggestions
        if all(inside(part.line_start, part.line_end) for part in offer.replacements)
    )
    return replace(item, spans=spans, suggestions=suggestions, rendered="")
