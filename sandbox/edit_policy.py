"""The policy on edits of a user's crate: they may not touch manifests, build scripts or tests, nor add what guard.py refuses.

Tests that do not compile may be repaired: then they are as many as they were. A module may be declared whose file lies
there in the package's own src, and one taken out whose file does not: elsewhere `mod x;` would read what nobody meant.

path within the tree -> a file of the task -> the policy's diff (guard.py) -> tests as they were
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tree_sitter import Node

from sleepy.sandbox import guard
from sleepy.sandbox.lexer import lex
from sleepy.sandbox.module_files import lies_beside, places
from sleepy.sandbox.package import Package, source_owner, sources
from sleepy.sandbox.tree import parse
from sleepy.sandbox.verdict import Outcome

_NEVER = frozenset(
    "Cargo.toml Cargo.lock build.rs rust-toolchain rust-toolchain.toml clippy.toml .cargo .git tests benches".split()
)
_TESTS = frozenset("test bench should_panic ignore rstest test_case quickcheck".split())
_MARK = re.compile(rb"#\s*\[(?=[^\]]*(?:test|bench|quickcheck))")
_SILENT = ("line_comment", "block_comment", "string_literal", "raw_string_literal")
_SKIPPED = ("attribute_item", "inner_attribute_item", "line_comment", "block_comment")


class Refused(Exception):
    """An edit that may not be tried. `outcome` is REJECTED or API_MISMATCH."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


def admitted(
    edits: Mapping[Path, str],
    root: Path,
    packages: Sequence[Package],
    allowed: Collection[Path] | None,
    broken: Collection[Path] = (),
) -> dict[Path, str]:
    """The edits by absolute path. `allowed` are the task's files, relative or absolute; `Refused` says why not.

    Without `allowed` these are the files that exist under a package's src, but for test modules and for what
    runs while others compile. In `broken` files tests, benches and examples may change too.
    """
    known: dict[Path, str] = {}
    open_ = {_absolute(path, root) for path in broken}
    task = None if allowed is None else {_absolute(path, root) for path in allowed}
    for path, text in edits.items():
        whole = _absolute(path, root)
        why = f"{path} leaves the tree" if whole is None else _wrong_file(whole, root, packages, task, whole in open_)
        if whole is None or why is not None or whole in known:
            raise Refused(Outcome.REJECTED, why or f"edits {path} twice")
        known[whole] = text
    before = {path: _text(path) for path in known}
    roots = {_real(target.source) for package in packages for target in package.targets}
    for path, text in known.items():
        owner = source_owner(packages, path)
        came, had = _modules(lex(text)), _modules(lex(before[path] or ""))
        inside = owner.folder / "src" if owner is not None and task is None else None
        fresh = {n for n in came if n not in had and n != "tests" and inside and lies_beside(path, n, inside, roots)}
        lost = {n for n in had - came if inside and not any(map(os.path.lexists, places(path, n, roots)))}
        why = guard.objection(text, before[path], modules=fresh)
        why = why or _wrong_text(text, before[path] or "", path in open_, lost)
        if why is not None:
            raise Refused(Outcome.REJECTED, f"{path.relative_to(root)}: {why}")
    originals = [text for text in before.values() if text is not None]
    gone = guard.mismatch("\n".join(known.values()), "\n".join(originals)) if originals else None
    if gone is not None:
        raise Refused(Outcome.API_MISMATCH, gone)
    return known


def _absolute(path: Path, root: Path) -> Path | None:
    """Where an edit goes; None where that is not within the tree, or only by way of a link."""
    whole = root / path
    inside = whole != root and whole.is_relative_to(root) and ".." not in whole.parts and "\0" not in str(whole)
    return whole if inside and os.path.realpath(whole) == str(whole) else None


def _wrong_file(
    path: Path, root: Path, packages: Sequence[Package], task: Collection[Path | None] | None, broken: bool
) -> str | None:
    name = path.relative_to(root)
    met = [part for part in name.parts if part in _NEVER and not (broken and part in ("tests", "benches"))]
    if met:
        return f"edits {name}: {met[0]} is not the task's"
    targets = [(package, target) for package in packages for target in package.targets]
    never = ("custom-build",) if broken else ("custom-build", "test", "bench")
    kind = next((t.kind for _, t in targets if _real(t.source) == path and t.kind in never), None)
    if kind is not None:
        return f"edits {name}: a {kind} target"
    if path.exists() and not path.is_file():
        return f"edits {name}: not a file"
    if task is not None:
        return None if path in task else f"edits {name}: not a file of the task"
    owner = source_owner(packages, path)
    if broken and owner is None:
        owner = next((p for p in packages if path.is_relative_to(p.folder)), None)
    if owner is None or path.suffix != ".rs" or not path.is_file():
        return f"edits {name}: not a source file of a package"
    if owner.name in at_build_time(packages):
        return f"edits {name}: code of {owner.name} runs while others compile"
    if broken:
        return None
    tests = next((file for file in _test_files(owner) if path == file or file in path.parents), None)
    return f"edits {name}: a module of tests" if tests is not None else None


def at_build_time(packages: Sequence[Package]) -> set[str]:
    """Names of the packages whose code runs in the compiler or in a build script: proc macros and what they use."""
    found = {p.name for p in packages if any(target.kind == "proc-macro" for target in p.targets)}
    found |= {name for p in packages for name, kind in p.depends_on if kind == "build"}
    uses = {p.name: {name for name, kind in p.depends_on if kind == "normal"} for p in packages}
    while more := {name for user in found for name in uses.get(user, ())} - found:
        found |= more
    return found & uses.keys()


def _test_files(owner: Package) -> Iterator[Path]:
    """Real paths of files and folders of modules that stand in a file of their own and are there for tests only."""
    for file, _ in sources(owner.folder):
        text = _text(file) if file.suffix == ".rs" else None
        if text is None or "test" not in text:
            continue
        place = file.parent if file.stem in ("lib", "main", "mod") else file.with_suffix("")
        for region in test_items(text):
            words = lex(region)
            if len(words) > 2 and words[-1] == ";" and words[-3] == "mod":
                yield from (_real(place / f"{words[-2]}.rs"), _real(place / words[-2]))


def _wrong_text(text: str, original: str, broken: bool = False, lost: Collection[str] = ()) -> str | None:
    """What a text does to the tests in it: they stand as they stood, and no module falls out but `lost` ones."""
    if not broken and any(region not in _lines(text) for region in test_items(_lines(original))):
        return "changes a test"
    words, before = lex(text), lex(original)
    if _marks(words) != _marks(before):
        return "adds or removes a test"
    gone = {name for name in _modules(before) - _modules(words) if name not in lost}
    return f"removes mod {', '.join(sorted(gone))}" if gone else None


def test_items(text: str) -> list[str]:
    """The items marked `#[test]`, `#[cfg(test)]` or the like, marks included, as they are written.

    Also the calls of macros with such marks in them. Each is read from its mark on by itself, so that broken
    code before it does not matter.
    """
    data = text.encode()
    silent, calls = _aside(parse(data))
    found: list[str] = []
    end = 0
    for start, stop in calls:
        if _marks(lex(data[start:stop].decode(errors="replace"))):
            found.append(data[start:stop].decode(errors="replace"))
    for place in _MARK.finditer(data):
        at = place.start()
        if at < end or any(start <= at < stop for start, stop in silent):
            continue
        marks = parse(data[at:]).children
        if not marks or not _is_test(lex(data[at : at + marks[0].end_byte].decode(errors="replace"))):
            continue
        item = next((node for node in marks if node.type not in _SKIPPED), None)
        if item is not None:
            end = at + item.end_byte
            found.append(data[at:end].decode(errors="replace"))
    return found


def without_tests(text: str) -> str:
    """A program without its `test_items`, its other lines where they were."""
    text = _lines(text)
    for item in test_items(text):
        text = text.replace(item, "\n" * item.count("\n"), 1)
    return text


def _aside(root: Node) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where comments and strings are, and where macros are called."""
    silent, calls, waiting = [], [], [root]
    while waiting:
        node = waiting.pop()
        if node.type in _SILENT:
            silent.append((node.start_byte, node.end_byte))
        elif node.type == "macro_invocation" and not node.has_error:
            calls.append((node.start_byte, node.end_byte))
        waiting += node.children
    return silent, calls


def _marks(words: Sequence[str]) -> Counter[str]:
    """The attributes that make tests, each as its words."""
    found: Counter[str] = Counter()
    for i, word in enumerate(words[:-2]):
        if word == "#" and words[i + 1] == "[":
            depth, end = 0, i + 1
            while end < len(words):
                depth += {"[": 1, "]": -1}.get(words[end], 0)
                end += 1
                if depth == 0:
                    break
            mark = words[i:end]
            if _is_test(mark) or (_named(mark) in ("cfg", "cfg_attr") and "test" in mark):
                found[" ".join(mark)] += 1
    return found


def _is_test(words: Sequence[str]) -> bool:
    """Whether `#[...]` marks a test, or what is compiled for tests only: test, tokio::test, cfg(test) ..."""
    return _named(words) in _TESTS or (_named(words) == "cfg" and "test" in words and "not" not in words)


def _named(words: Sequence[str]) -> str:
    """The last name of an attribute's path."""
    end = next((i for i, word in enumerate(words) if i > 1 and word in ("(", "=", "]")), len(words))
    return words[end - 1]


def _modules(words: Sequence[str]) -> Counter[str]:
    return Counter(words[i + 1] for i in range(len(words) - 2) if words[i] == "mod" and words[i + 2] == ";")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
