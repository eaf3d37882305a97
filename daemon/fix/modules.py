"""Modules whose file lies there and that nothing declares, and declarations without a file: E0432, E0433, E0583.

    a name that is not found, x.rs or x/mod.rs without a `mod x;`  -> `mod x;` where its file belongs to
    `mod x;` without a file, one nearly so called beside it        -> its name
    `mod x;` without a file, an x.rs that belongs to another       -> declared there, imported here

A file is never made or moved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from tree_sitter import Node

from sleepy.daemon.fix.ladder import Candidate, FileEdit, Problem
from sleepy.koans.syntax import ParsedSource, TextChange, child, field, put
from sleepy.sandbox.module_files import places

CODES = ("E0432", "E0433")
_UNFOUND = "E0583"
_NAME = re.compile(r"(?:r#)?[A-Za-z_]\w*")
_NEARLY = 0.7  # of a name's letters, where a declaration is taken for a slip
_MOST = 3

Texts = Mapping[Path, str]


def declared(problem: Problem) -> Iterator[Candidate]:
    """Candidates for a module that is not declared, or not where its file is; those nearest to the error first."""
    primary = problem.error.primary
    if primary is None or problem.error.code not in (*CODES, _UNFOUND):
        return
    line = problem.source.split("\n")[primary.line_start - 1 : primary.line_start]
    under = line[0][primary.column_start - 1 : primary.column_end - 1] if line else ""
    texts = {problem.file: problem.source, **dict(problem.others())}
    if problem.error.code == _UNFOUND:
        name = re.search(r"`(\w+)`", problem.error.message)
        yield from _corrected(problem, texts, name[1]) if name is not None else ()
    elif _NAME.fullmatch(under):
        found = _undeclared(problem, texts, under)
        files = sorted({str(file) for _, file in found})
        doubt = f"`{under}` may be any of {', '.join(files)}" if len(files) > 1 else ""
        for parent, _ in found:
            for text, note in _with_module(texts[parent], under):
                yield replace(_candidate(problem, texts, {parent: text}, f"{note} in {parent}"), doubt=doubt)


def _undeclared(problem: Problem, texts: Texts, name: str) -> list[tuple[Path, Path]]:
    """The files that may declare the module of a name, and the module's file; the nearest to the error first."""
    found = []
    for parent in texts:
        if name not in _modules(texts[parent]):
            found += [(parent, file) for file in places(parent, name) if file in texts and file != parent]
    near = problem.file.parts
    found.sort(key=lambda each: -sum(a == b for a, b in zip(each[0].parts, near, strict=False)))
    return found[:_MOST]


def _modules(text: str) -> dict[str, Node]:
    """The modules that a file declares at its top, by name."""
    parsed = ParsedSource(text)
    return {parsed.words(field(each, "name")): each for each in parsed.root.children if each.type == "mod_item"}


def _with_module(text: str, name: str, visibilities: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The text with a module declared, as visible as most of those there are first."""
    parsed = ParsedSource(text)
    known = [item for item in parsed.root.children if item.type == "mod_item" and field(item, "body") is None]
    used = Counter(parsed.words(child(item, "visibility_modifier")) for item in known)
    for visibility in visibilities or tuple(dict.fromkeys([*(each for each, _ in used.most_common()), "", "pub"])):
        words = f"{visibility} mod {name};".lstrip()
        if known:
            end = known[-1].end_byte
            yield parsed.changed([TextChange(end, end, f"\n{words}")]), f"`{words}`"
        else:
            start = next((item.start_byte for item in parsed.root.children if not _opens(item)), len(parsed.data))
            yield parsed.changed([TextChange(start, start, f"{words}\n\n")]), f"`{words}`"


def _opens(item: Node) -> bool:
    """Whether it is of what a file must begin with: its own attributes and documentation."""
    return item.type == "inner_attribute_item" or (
        item.type == "line_comment" and item.text is not None and item.text.startswith((b"//!", b"#!"))
    )


def _corrected(problem: Problem, texts: Texts, name: str) -> Iterator[Candidate]:
    parsed = ParsedSource(problem.source)
    item = next((each for each in parsed.of("mod_item") if parsed.words(field(each, "name")) == name), None)
    spelled = field(item, "name") if item is not None else None
    if item is None or spelled is None or item.parent != parsed.root:
        return
    known = _modules(problem.source)
    beside = {_named(file) for file in texts if file in places(problem.file, _named(file))} - known.keys()
    like = sorted((-_ratio(name, each), each) for each in beside if _ratio(name, each) >= _NEARLY)
    for _, other in like[:_MOST]:
        yield Candidate(parsed.changed([put(spelled, other)]), f"`mod {other};`: its file is so called")
    visibility = parsed.words(child(item, "visibility_modifier"))
    for file in [each for each in texts if _named(each) == name][:_MOST]:
        for parent in texts:
            path = _path_of(parent, texts)
            if parent == problem.file or file not in places(parent, name) or path is None:
                continue
            import_ = f"{visibility} use {'::'.join((*path, name))};".lstrip()
            above = _named(parent)
            if parent in places(problem.file, above) and above not in known:
                import_ = f"mod {above};\n{import_}"
            here = parsed.changed([put(item, import_)])
            other = texts[parent]
            if name not in _modules(other):
                other = next(_with_module(other, name, ("pub" if visibility == "pub" else "pub(crate)",)))[0]
            made = {problem.file: here} | ({parent: other} if other != texts[parent] else {})
            yield _candidate(problem, texts, made, f"`mod {name};` in {parent}, where its file is")


def _path_of(file: Path, texts: Texts) -> tuple[str, ...] | None:
    """The path within the crate of the module that a file is, by its place; None where no root is above it."""
    root = next((each for each in file.parents if each / "lib.rs" in texts or each / "main.rs" in texts), None)
    if root is None:
        return None
    parts = file.relative_to(root).with_suffix("").parts
    plain = parts[:-1] if parts[-1] in ("lib", "main", "mod") else parts
    return ("crate", *plain)


def _named(file: Path) -> str:
    """The name of the module that a file is."""
    return file.parent.name if file.stem == "mod" else file.stem


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _candidate(problem: Problem, texts: Texts, made: Mapping[Path, str], note: str) -> Candidate:
    more = tuple(FileEdit(file, texts[file], text) for file, text in made.items() if file != problem.file)
    return Candidate(made.get(problem.file, problem.source), note, more=more)
