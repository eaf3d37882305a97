"""Koans from templates: short whole programs with one mistake, as people write them who learn or ask for help.

A template writes its mistake in many shapes and with other names, types and surroundings each time. Its
repair follows from the program. Whether it fails as meant, the compiler says: the tests ask it.

Templates are text, in `templates/<subject>/<topic>.txt`. A file is read line by line:

    name_of_the_template: E0499/E0502: what is wrong, in one line.

        the first shape, indented by four spaces
    ---
        the second shape

The codes may be left out where the parser only complains in words. Lines that begin with `#` are comments. What
a shape may hold is in `templates/writer.py`. The files are read when templates are first asked for.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count as counted
from pathlib import Path

from sleepy.koans.forge.templates.writer import fault_of, write_one
from sleepy.koans.forge.yields import yields
from sleepy.koans.koan import Koan, KoanError, digest
from sleepy.koans.tokens import skeleton

_FOLDER = Path(__file__).parent / "templates"
# Family, folder and files. Drafts of a seed depend on the order: add at the end of a row.
FILES = (
    ("borrow_checker", "borrows", "overlaps exclusive held outlived mutability assignments extractions drops"),
    ("borrow_checker", "moves", "calls loops stores parts endings"),
    ("borrow_checker", "threads", "sharing closures"),
    ("lifetimes", "lifetimes", "missing agreement bounds"),
    ("trait_bounds", "traits", "printing operators derives bounds members implementations objects associated"),
    ("trait_bounds", "traits", "iteration sizes"),
    ("result_handling", "results", "questions wrappings insides errors"),
    ("type_mismatch", "types", "text references numbers returns branches shapes inference casts"),
    ("names", "names", "imports misspellings absent members scopes fields outer"),
    ("patterns", "patterns", "coverage shapes bindings"),
    ("generics", "generics", "parameters"),
    ("items", "items", "arguments declarations places qualifiers packed"),
    ("syntax", "slips", "punctuation words"),
)
_FIRST_LINE = re.compile(r"(?P<name>[a-z]\w*): (?:(?P<codes>E\d{4}(?:/E\d{4})*): )?(?P<title>(?!E\d)\S.*)")
_INDENT = " " * 4
_HELD_OUT = 0.3  # share of a signature's shapes


@dataclass(frozen=True, slots=True)
class Template:
    """`codes` are the errors its programs may fail with; none where the parser only complains in words."""

    name: str
    family: str
    title: str
    codes: tuple[str, ...]
    shapes: tuple[str, ...]


@lru_cache(maxsize=1)
def load_templates() -> Mapping[str, Template]:
    """Every template by its name, in the order of the files. `KoanError` names a file and line that cannot be used."""
    found: dict[str, Template] = {}
    for family, folder, topics in FILES:
        for topic in topics.split():
            path = _FOLDER / folder / f"{topic}.txt"
            for template in read(path, family):
                if template.name in found:
                    raise KoanError(f"{path}: the name {template.name} is taken", remedy="give it a name of its own")
                found[template.name] = template
    return found


def read(path: Path, family: str) -> list[Template]:
    """The templates of one file, in its order. `KoanError` names the line that cannot be used."""
    sections: list[tuple[re.Match[str], list[_Shape]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.startswith(_INDENT) and not sections:
            raise _refused(path, number, "a shape above the first template")
        if line.startswith(_INDENT) or not line.strip():
            if sections and (line.strip() or sections[-1][1][-1].lines):
                sections[-1][1][-1].lines.append((number, line.strip()))
        elif line == "---" and sections:
            sections[-1][1].append(_Shape(number))
        elif first := _FIRST_LINE.fullmatch(line):
            sections.append((first, [_Shape(number)]))
        elif not line.startswith("#"):
            raise _refused(path, number, f"not a template's first line, nor `---`, nor indented: {line[:40]!r}")
    return [
        Template(
            name=first["name"],
            family=family,
            title=first["title"],
            codes=tuple(first["codes"].split("/")) if first["codes"] else (),
            shapes=tuple(_text(path, shape) for shape in shapes),
        )
        for first, shapes in sections
    ]


@dataclass(slots=True)
class _Shape:
    """`begun` is the line above the shape; then its own lines, with their numbers in the file."""

    begun: int
    lines: list[tuple[int, str]] = field(default_factory=list)


def _text(path: Path, shape: _Shape) -> str:
    """A shape as one text, its marks and names checked."""
    text = "\n".join(line for _, line in shape.lines)
    if not text:
        raise _refused(path, shape.begun, "no shape follows")
    if fault := fault_of(text):
        raise _refused(path, shape.lines[fault[0]][0], fault[1])
    return text.strip()


def _refused(path: Path, line: int, why: str) -> KoanError:
    return KoanError(f"{path}:{line}: {why}", remedy="koans/forge/template.py shows what a file looks like")


def drafts(
    rng: random.Random, count: int | None = None, *, templates: Sequence[Template] | None = None
) -> Iterator[Koan]:
    """`count` koans not yet checked, without end if None; each round every template once, no broken program twice.

    All templates take part where `templates` is None.
    """
    chosen = list(load_templates().values()) if templates is None else list(templates)
    made = 0
    seen: set[str] = set()
    for _ in counted():
        for template in rng.sample(chosen, len(chosen)):
            if made == count:
                return
            item = koan(template, random.Random(rng.random()))
            if item.digest not in seen:
                seen.add(item.digest)
                made += 1
                yield item


def koan(template: Template, rng: random.Random, shape: str | None = None) -> Koan:
    """One koan of a template, of this shape or of any.

    Koans of one shape share a base: they differ in little but names. Where a shape is the only one that leads to its
    code, those share one that are the same program but for names, numbers and texts.
    """
    written, (broken, fixed) = write_one(rng, *(template.shapes if shape is None else (shape,)))
    base = shape_name(template, written)
    if is_alone(template, written):
        base += f":{hashlib.sha256(' '.join(skeleton(broken)).encode()).hexdigest()[:12]}"
    return Koan(
        id=f"{template.name}-{digest(broken)[:12]}",
        family=template.family,
        title=template.title,
        broken=broken,
        fixed=fixed,
        origin=f"template:{template.name}",
        base=base,
        mistake=template.name,
    )


def shape_name(template: Template, shape: str) -> str:
    """What a shape is called: the base of its koans, the split's key, but for a shape that is alone."""
    return f"template:{template.name}:{hashlib.sha256(shape.encode()).hexdigest()[:16]}"


def is_alone(template: Template, shape: str) -> bool:
    """Whether no other shape of any template leads to this one's code."""
    return shape_name(template, shape) in _split()[1]


def is_held_out(base: str) -> bool:
    """Whether koans of this base are kept for held-out koans: about three in ten shapes.

    Of the shapes of a signature, and of a code, some are kept and some are not; of one that is alone, programs.
    """
    if base.count(":") > 2:
        return _order(base) < f"{int(_HELD_OUT * 0x10000):04x}"
    return base in _split()[0]


@lru_cache(maxsize=1)
def _split() -> tuple[frozenset[str], frozenset[str]]:
    """The shapes that are held out, and those that are alone."""
    groups: dict[str, dict[str, list[str]]] = {}  # code -> signature -> shapes
    for template in load_templates().values():
        for shape in template.shapes:
            name = shape_name(template, shape)
            known = yields().get(name)
            found = known.signatures if known is not None else {}
            signature = max(sorted(found), key=lambda item: found[item]) if found else "/".join(template.codes[:1])
            groups.setdefault(signature.partition(":")[0], {}).setdefault(signature, []).append(name)
    kept: set[str] = set()
    alone: set[str] = set()
    for signatures in groups.values():
        shapes = sorted({name for some in signatures.values() for name in some}, key=_order)
        if len(shapes) == 1:
            alone.update(shapes)
            continue
        rare = [name for name in shapes if [name] in signatures.values()]
        for some in (*(some for some in signatures.values() if len(some) > 1), rare):
            kept.update(sorted(some, key=_order)[: max(len(some) > 1, round(_HELD_OUT * len(some)))])
    return frozenset(kept), frozenset(alone)


def _order(base: str) -> str:
    """A number that decides which bases are held out, as hexadecimal digits."""
    return hashlib.sha256(f"held out {base}".encode()).hexdigest()
