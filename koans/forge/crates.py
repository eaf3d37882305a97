"""Breaks real crates in place: many functions at once, each error traced back to its edit.

A crate of two hundred functions takes sixty mistakes in one compilation, at most one a function. An error in a
function is put down to the mistake made there. Errors of one phase of the compiler hide those of the next, so edits
that gave no error are compiled again without those that did, until none gives one. Mistakes in signatures, types and
imports show elsewhere: they are made in small groups, and an error is put down to the one whose item it stands in or
names.

Not promised: that a mistake alone gives the very same prompt. Measured on nine crates, 536 of 536 did.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tree_sitter import Node

from sleepy.koans.forge.mistakes import CRATE_MISTAKES, MISTAKES, Mistake
from sleepy.koans.syntax import Changes, ParsedSource, TextChange
from sleepy.koans.syntax import field as part

INNER, OUTER, SLIPS = 160, 12, 16  # edits compiled together: in bodies, in items, of the keyboard
_SMALL = 150  # functions of a crate that compiles quickly: another small group costs little there
_ROUNDS = 4  # compilations of one group at most: parsing, names, types, borrows
_WORD = re.compile(r"[A-Za-z_]\w*")
_DEAREST = 12.0  # what a code is worth at most, against 1 for one there is plenty of
_LARGEST = 400_000  # characters of a file that is read: what is longer is generated
_FATAL = frozenset(["dropped_bracket", "extra_bracket", "open_string"])  # the rest of the file is not parsed


@dataclass(frozen=True, slots=True)
class CrateFolder:
    """A folder with a manifest and a library in it."""

    name: str
    version: str
    folder: Path

    def texts(self) -> dict[str, str]:
        """Its source files by their paths below the folder; files that are not UTF-8 or too long left out."""
        found = {}
        for path in sorted((self.folder / "src").rglob("*.rs")):
            try:
                text = path.read_text(encoding="utf-8")
            except (UnicodeDecodeError, OSError):
                continue
            if len(text) <= _LARGEST and "\r" not in text:
                found[path.relative_to(self.folder).as_posix()] = text
        return found


def crates(folder: Path, *, licences: Sequence[str] = ("MIT", "Apache-2.0")) -> Iterator[CrateFolder]:
    """The crates in and below a folder by path, those whose manifest names one of the licences; all where none is given."""
    for path in sorted(folder.rglob("Cargo.toml")):
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8")).get("package", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
            continue
        name, version, licence = (str(told.get(key, "")) for key in ("name", "version", "license"))
        if name and (path.parent / "src").is_dir() and (not licences or any(word in licence for word in licences)):
            yield CrateFolder(name, version, path.parent)


@dataclass(frozen=True, slots=True)
class Fault:
    """One error as the compiler reports it. `places` are where it points, a macro's call after its inside."""

    code: str | None
    places: tuple[tuple[str, int], ...]  # file, 1-based line
    words: str  # its message and labels
    said: str  # all of it, for the caller


class Compile(Protocol):
    """Compiles a crate with these texts in place of its own: its errors in order, none when it compiles."""

    def __call__(self, texts: Mapping[str, str]) -> Sequence[Fault]: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines of a file that take one edit at a time: a function with its body from byte `body` on, or another item."""

    file: str
    start: int  # bytes, whole lines
    end: int
    first: int  # 1-based lines
    last: int
    body: int | None
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlacedMistake:
    """A mistake made in a unit; the changes are in the file's bytes."""

    unit: Unit
    mistake: Mistake
    changes: Changes


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A file with one mistake, its first error, and where the error's lines are in it."""

    file: str
    mistake: Mistake
    text: str
    fixed: str
    fault: Fault
    lines: LineMap

    @property
    def code(self) -> str:
        return self.fault.code or "none"


class LineMap:
    """Lines of a file with many edits as lines of the same file with one of them."""

    def __init__(self, data: bytes, edits: Sequence[PlacedMistake]) -> None:
        self._rows: list[
            tuple[int, int, int, PlacedMistake | None]
        ] = []  # first and last line there, lines gained, whose
        gained, at, line = 0, 0, 1
        for change, edit in sorted(((c, e) for e in edits for c in e.changes), key=lambda item: item[0].start):
            line += data.count(b"\n", at, change.start)
            at = change.start
            more, less = change.text.count("\n"), data.count(b"\n", change.start, change.end)
            self._rows.append((line + gained, line + gained + more, more - less, edit))
            gained += more - less
        self._own: PlacedMistake | None = None

    def of(self, edit: PlacedMistake) -> LineMap:
        """The same lines for another edit alone."""
        other = object.__new__(LineMap)
        other._rows, other._own = self._rows, edit
        return other

    def alone(self, line: int) -> int | None:
        """The line's number where only the own edit is made; None for a line another edit changed."""
        moved = line
        for first, last, gained, edit in self._rows:
            if line < first:
                break
            if edit is self._own:
                continue
            if line <= last:
                return None
            moved -= gained
        return moved

    def before(self, line: int) -> int:
        """The line's number in the file without edits, or that of the edit it belongs to."""
        moved = line
        for first, last, gained, _ in self._rows:
            if line < first:
                break
            moved -= gained if line > last else min(gained, line - first)
        return moved


@dataclass(slots=True)
class MistakeBalance:
    """Chooses what is made next: mistakes that led to rare errors, and those not tried yet."""

    refused: frozenset[str] = frozenset()  # codes of no use
    plenty: float = 0.015  # a code with this share is no longer sought
    codes: Counter[str] = field(default_factory=Counter)
    tried: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def record(self, mistake: Mistake, code: str) -> None:
        """Notes what a mistake led to: a code, or `silent` for no error."""
        self.tried[mistake.name][code] += 1

    def keep(self, code: str) -> None:
        """Notes that a sample with this code was kept."""
        self.codes[code] += 1

    def worth(self, mistake: Mistake) -> float:
        """How much a mistake is sought, above 0: 1 if it always leads to a code just as common as `plenty`, more if rarer."""
        seen = self.tried[mistake.name]
        total = self.codes.total() + 200
        gain = 4.0
        for code, count in seen.items():
            if code != "silent" and code not in self.refused:
                gain += count * min(_DEAREST, (self.plenty * total / (self.codes[code] + 1)) ** 1.5)
        return gain / (seen.total() + 2)

    def order(self, mistakes: Sequence[Mistake], rng: random.Random) -> list[Mistake]:
        """The mistakes in a random order in which those worth more tend to come first."""
        keyed = [(rng.random() ** (1 / max(self.worth(item), 1e-6)), i) for i, item in enumerate(mistakes)]
        return [mistakes[i] for _, i in sorted(keyed, reverse=True)]


class CrateBreaker:
    """One crate to break: its units, and what was already made of it."""

    def __init__(self, crate: CrateFolder, texts: Mapping[str, str], compile_: Compile) -> None:
        self.crate, self.texts = crate, texts
        self._compile = compile_
        self._data = {name: text.encode() for name, text in texts.items()}
        found = [unit for name, text in texts.items() for unit in units(name, text)]
        self.functions = [unit for unit in found if unit.body is not None]
        self.items = found
        self._made: set[tuple[str, Changes]] = set()

    def broken(
        self, rng: random.Random, balance: MistakeBalance, mistakes: Sequence[Mistake] = (*MISTAKES, *CRATE_MISTAKES)
    ) -> Iterator[BrokenFile]:
        """What one visit makes: a group of edits in bodies, one in items, one of slips."""
        slips = [item for item in mistakes if item.family == "syntax"]
        others = [item for item in mistakes if item.family != "syntax"]
        worth = max([balance.worth(item) for item in slips], default=0.0)
        groups = [(self.functions, others, INNER, True), (self.items, others, OUTER, False)]
        if len(self.functions) < _SMALL:
            groups.append(groups[-1])
        if rng.random() < worth:
            groups.append((self.items, slips, SLIPS, True))
        for places, choice, size, within in groups:
            yield from self._with_errors(self._chosen(places, choice, size, within, rng, balance), balance, not within)

    def _chosen(
        self,
        places: Sequence[Unit],
        mistakes: Sequence[Mistake],
        size: int,
        within: bool,
        rng: random.Random,
        balance: MistakeBalance,
    ) -> list[PlacedMistake]:
        """Up to `size` edits on different lines. `within`: they stay in a body, or are slips in an item."""
        out: list[PlacedMistake] = []
        rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
        named: set[str] = set()
        spent: set[str] = set()  # files that are not parsed to their end
        order = balance.order(mistakes, rng) if mistakes else []
        some = rng.sample(list(places), len(places))
        if not within:  # types and imports as often as functions
            some.sort(key=lambda unit: unit.body is not None and rng.random() < 0.7)
        for number, unit in enumerate(some[: max(4 * size, 100)]):
            if len(out) >= size:
                break
            if unit.file in spent or any(unit.first <= last and first <= unit.last for first, last in rows[unit.file]):
                continue
            if not within and named & unit.names:
                continue
            if number % 8 == 7:
                order = balance.order(mistakes, rng)
            edit = self._edit(unit, order[:], within, rng)
            if edit is None or (edit.mistake.name in _FATAL and rows[unit.file]):
                continue
            if balance.worth(edit.mistake) < 1:  # the next unit begins with another mistake
                order.remove(edit.mistake)
                order.append(edit.mistake)
            out.append(edit)
            rows[unit.file].append((unit.first, unit.last))
            named |= unit.names
            if edit.mistake.name in _FATAL:
                spent.add(unit.file)
        return out

    def _edit(self, unit: Unit, mistakes: Sequence[Mistake], within: bool, rng: random.Random) -> PlacedMistake | None:
        source = ParsedSource(self._data[unit.file][unit.start : unit.end].decode())
        body = None if unit.body is None else unit.body - unit.start
        for mistake in mistakes:
            slip = mistake.family == "syntax"
            possible = []
            for changes in mistake.places(source):
                inner = body is not None and all(change.start > body for change in changes)
                if slip or inner == within:
                    possible.append(changes)
            if not slip and not within:
                possible = [changes for changes in possible if not _in_a_body(source, changes)]
            for changes in rng.sample(possible, min(len(possible), 3)):
                moved = tuple(TextChange(c.start + unit.start, c.end + unit.start, c.text) for c in changes)
                if (unit.file, moved) not in self._made and source.changed(changes) != source.text:
                    self._made.add((unit.file, moved))
                    return PlacedMistake(unit, mistake, moved)
        return None

    def _with_errors(
        self, edits: Sequence[PlacedMistake], balance: MistakeBalance, by_name: bool
    ) -> Iterator[BrokenFile]:
        """The edits that give an error of their own; each round compiles without those of the rounds before."""
        waiting = list(edits)
        for _ in range(_ROUNDS):
            if not waiting:
                return
            by_file: dict[str, list[PlacedMistake]] = defaultdict(list)
            for edit in waiting:
                by_file[edit.unit.file].append(edit)
            lines = {file: LineMap(self._data[file], own) for file, own in by_file.items()}
            texts = {file: self._changed(file, own) for file, own in by_file.items()}
            faults = self._compile(texts)
            if not faults:
                break
            settled = set()
            stray = False
            for fault in faults:
                owners = self._owners(fault, waiting, lines, texts, by_name)
                if len(owners) != 1:
                    stray = stray or by_name
                    settled |= {id(edit) for edit in owners}
                    continue
                edit = owners[0]
                if id(edit) in settled or stray:
                    settled.add(id(edit))
                    continue
                settled.add(id(edit))
                balance.record(edit.mistake, fault.code or "none")
                file = edit.unit.file
                if any(place[0] == file for place in fault.places):
                    yield BrokenFile(
                        file, edit.mistake, self._changed(file, [edit]), self.texts[file], fault, lines[file].of(edit)
                    )
            if not settled:
                break
            waiting = [edit for edit in waiting if id(edit) not in settled]
        for edit in waiting:
            balance.record(edit.mistake, "silent")

    def _owners(
        self,
        fault: Fault,
        edits: Sequence[PlacedMistake],
        lines: Mapping[str, LineMap],
        texts: Mapping[str, str],
        by_name: bool,
    ) -> list[PlacedMistake]:
        """The edits that may be to blame for a fault."""
        found: dict[int, PlacedMistake] = {}
        for file, line in fault.places:
            if file not in lines:
                continue
            before = lines[file].before(line)
            for edit in edits:
                unit = edit.unit
                if unit.file == file and (unit.first <= before <= unit.last or edit.mistake.name in _FATAL):
                    found[id(edit)] = edit
            if found:
                break
        if by_name:
            words = set(_WORD.findall(fault.words))
            for file, line in fault.places:
                rows = (texts.get(file) or self.texts.get(file, "")).split("\n")
                words |= set(_WORD.findall(rows[line - 1])) if line <= len(rows) else set()
            found |= {id(edit): edit for edit in edits if edit.unit.names & words}
        return list(found.values())

    def _changed(self, file: str, edits: Sequence[PlacedMistake]) -> str:
        data = self._data[file]
        parts, at = [], 0
        for change in sorted((change for edit in edits for change in edit.changes), key=lambda item: item.start):
            parts += [data[at : change.start], change.text.encode()]
            at = change.end
        return b"".join([*parts, data[at:]]).decode()


_ITEMS = (
    "struct_item", "enum_item", "union_item", "trait_item", "impl_item", "use_declaration", "type_item", "const_item",
    "static_item",
)  # fmt: skip


def units(file: str, text: str) -> list[Unit]:
    """The functions and items of a file, attributes with them; nothing of a tests module or a macro."""
    source = ParsedSource(text)
    found = []
    for kind in ("function_item", "function_signature_item", *_ITEMS):
        for node in source.of(kind):
            above = list(_above(node))
            if any(item.type in ("function_item", "macro_definition") or _of_tests(source, item) for item in above):
                continue
            if any(_of_tests(source, item) for item in (node,)):
                continue
            start = _start(node)
            start = source.data.rfind(b"\n", 0, start) + 1
            end = source.data.find(b"\n", node.end_byte) + 1 or len(source.data)
            first = source.data.count(b"\n", 0, start) + 1
            last = node.end_point[0] + 1
            body = part(node, "body") if kind == "function_item" else None
            names = frozenset(_names(source, node))
            found.append(Unit(file, start, end, first, last, body.start_byte if body else None, names))
    return found


def _above(node: Node) -> Iterator[Node]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _start(node: Node) -> int:
    """Where an item begins with its attributes."""
    first = node
    while first.prev_named_sibling is not None and first.prev_named_sibling.type == "attribute_item":
        first = first.prev_named_sibling
    return first.start_byte


def _of_tests(source: ParsedSource, node: Node) -> bool:
    """Whether an item is compiled for tests only."""
    before = node.prev_named_sibling
    while before is not None and before.type in ("attribute_item", "line_comment"):
        if before.type == "attribute_item" and b"test" in source.data[before.start_byte : before.end_byte]:
            return True
        before = before.prev_named_sibling
    return False


def _names(source: ParsedSource, node: Node) -> Iterator[str]:
    """The names by which other places refer to an item."""
    if node.type == "use_declaration":
        yield from (word for word in _WORD.findall(source.words(node)) if word[:1].isupper())
        words = _WORD.findall(source.words(node))
        yield from words[-1:]
    elif node.type == "impl_item":
        for name in ("trait", "type"):
            found = _WORD.search(source.words(part(node, name)))
            if found and len(found.group(0)) > 1:
                yield found.group(0)
    else:
        name = source.words(part(node, "name"))
        if name:
            yield name


def _in_a_body(source: ParsedSource, changes: Sequence[TextChange]) -> bool:
    """Whether a change lies within a function's body: such edits are made function by function."""
    bodies = [body for node in source.of("function_item") if (body := part(node, "body")) is not None]
    return any(body.start_byte < change.start < body.end_byte for change in changes for body in bodies)
