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
from sleepy.koans.koan import Koan, KoanError, digest

_FOLDER = Path(__file__).parent / "templates"
# Family, folder and files. Drafts of a seed depend on the order: add at the end of a row.
FILES = (
    ("borrow_checker", "borrows", "overlaps exclusive held outlived mutability assignments extractions"),
    ("borrow_checker", "moves", "calls loops stores parts endings"),
    ("borrow_checker", "threads", "sharing closures"),
    ("lifetimes", "lifetimes", "missing agreement bounds"),
    ("trait_bounds", "traits", "printing operators derives bounds members implementations objects associated"),
    ("trait_bounds", "traits", "iteration sizes"),
    ("result_handling", "results", "questions wrappings insides errors"),
    ("type_mismatch", "types", "text references numbers returns branches shapes inference casts"),
    ("names", "names", "imports misspellings absent members scopes"),
    ("patterns", "patterns", "coverage shapes"),
    ("generics", "generics", "parameters"),
    ("items", "items", "arguments declarations places qualifiers"),
    ("syntax", "slips", "punctuation words"),
)
_FIRST_LINE = re.compile(r"(?P<name>[a-z]\w*): (?:(?P<codes>E\d{4}(?:/E\d{4})*): )?(?P<title>(?!E\d)\S.*)")
_INDENT = " " * 4


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
    """One koan of a template, of this shape or of any. Koans of one shape share a base: they differ in little but names."""
    written, (broken, fixed) = write_one(rng, *(template.shapes if shape is None else (shape,)))
    return Koan(
        id=f"{template.name}-{digest(broken)[:12]}",
        family=template.family,
        title=template.title,
        broken=broken,
        fixed=fixed,
        origin=f"template:{template.name}",
        base=base_of(template, written),
        mistake=template.name,
    )


def base_of(template: Template, shape: str) -> str:
    """The base of a shape's koans, the split's key."""
    return f"template:{template.name}:{hashlib.sha256(shape.encode()).hexdigest()[:16]}"


def is_held_out(base: str, *, share: float = 0.3) -> bool:
    """Whether koans of this base are kept for held-out koans: a share of each template's shapes is, at least one.

    `KeyError` for a base that is no template's; a shape that its template no longer has is not kept.
    """
    known = load_templates()[base.split(":")[1]]
    bases = sorted({base_of(known, shape) for shape in known.shapes}, key=lambda item: digest(f"held out {item}"))
    return base in bases[: max(1, round(share * len(bases)))] and len(bases) > 1
