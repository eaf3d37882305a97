"""Shape texts to programs: the two sides of every `«broken¦fixed»`, and the layout of rustfmt for both."""

from __future__ import annotations

import difflib
import random
import re
from dataclasses import dataclass

WIDTH = 100  # columns of a line at most
_ARRAY = 60  # columns of a list's members
_LITERAL = 18  # columns of a struct literal's fields on one line at most, as rustfmt has it
_QUIET = re.compile(r"""//[^\n]*|"(?:\\.|[^"\\])*"|b?'(?:\\.|[^'\\])'""")
_STRUCT = re.compile(r"(?:\b[A-Z]\w*(?:::\w+)*(?:«\w*¦\w*»)?|\bSelf) \{(?= )")
_LIST = re.compile(r"\bvec!\[|(?<== )\[|^\[")
# patterns and declarations, which have widths of their own
_PATTERN = re.compile(
    r"^[A-Z]\w* \{.*\},$|=>|\blet [A-Z]|\b(?:if|while) let\b|^(?:pub )?(?:struct|enum|impl|use|trait)\b|\bfor [A-Z]"
)
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class PairedLines:
    """The same place in both programs: the lines of the broken one and of the fixed one."""

    broken: tuple[str, ...]
    fixed: tuple[str, ...]


def chosen(text: str, rng: random.Random) -> str:
    """The text with one option of every `‹one¦other›`, however deep they nest."""
    out, at = [], 0
    while at < len(text):
        if text[at] != "‹":
            out.append(text[at])
            at += 1
            continue
        depth, start, options = 0, at + 1, []
        while True:
            at += 1
            if text[at] in "‹«":
                depth += 1
            elif text[at] in "›»" and depth:
                depth -= 1
            elif depth == 0 and text[at] in "¦›":
                options.append(text[start:at])
                start = at + 1
                if text[at] == "›":
                    break
        out.append(chosen(rng.choice(options), rng))
        at += 1
    return "".join(out)


def sides(text: str) -> tuple[str, str]:
    """The broken and the fixed side of a text."""
    parts = re.split(r"«([^¦»]*)¦([^»]*)»", text)
    broken = "".join(part for i, part in enumerate(parts) if i % 3 != 2)
    return broken, "".join(part for i, part in enumerate(parts) if i % 3 != 1)


def rows(text: str) -> list[PairedLines]:
    """Lines of a text, those that a mark spans together; blank ones are left out."""
    out, waiting = [], ""
    for line in text.split("\n"):
        waiting += ("\n" if waiting else "") + line
        if waiting.count("«") > waiting.count("»"):
            continue
        broken, fixed = sides(waiting)
        broken, fixed = (re.sub(r",\s+\}", " }", side) if "\n" not in side else side for side in (broken, fixed))
        row = PairedLines(
            *(tuple(item.strip() for item in side.split("\n") if item.strip()) for side in (broken, fixed))
        )
        if row.broken or row.fixed:
            out.append(row)
        waiting = ""
    return out


def quiet(line: str) -> str:
    """The line without what stands in strings, characters and comments."""
    return _QUIET.sub("0", line)


def grown(line: str) -> int:
    """How many brackets a line opens more than it closes."""
    bare = quiet(line)
    return sum(bare.count(mark) for mark in _OPEN) - sum(bare.count(mark) for mark in _CLOSE)


def wrapped(text: str) -> str:
    """Struct literals and lists wider than rustfmt keeps on a line, a member a line; both sides alike."""
    out = []
    for line in text.split("\n"):
        found = _LIST.search(line) or _STRUCT.search(line)
        end = _end(line, found.end() - 1) if found and not _PATTERN.search(line) else None
        if found is None or end is None:
            out.append(line)
            continue
        inner = line[found.end() : end].strip()
        members = _fields(inner)
        if (
            found.re is _LIST
            and max(map(len, sides(inner))) <= _ARRAY
            and not (members[1:] and any(map(_wide, members)))
        ):
            literal = _STRUCT.search(line)
            if literal is None or (members[1:] and literal.start() > found.start()):
                out.append(line)
                continue
            found, end = literal, _end(line, literal.end() - 1) or end
            inner = line[found.end() : end].strip()
            members = _fields(inner)
        if inner.count("«") != inner.count("»") or (found.re is _STRUCT and max(map(len, sides(inner))) <= _LITERAL):
            out.append(line)
            continue
        rest = "\n".join(_with_comma(item if item.startswith("«") else wrapped(item)) for item in members)
        out += [line[: found.end()], *rest.split("\n"), *wrapped(line[end:]).split("\n")]
    return "\n".join(out)


def _wide(member: str) -> bool:
    """Whether rustfmt breaks a list's member over lines."""
    found = _STRUCT.match(member)
    return found is not None and len(sides(member[found.end() : -1].strip())[1]) > _LITERAL


def _with_comma(item: str) -> str:
    broken, fixed = (side.strip() for side in sides(item))
    if fixed.startswith(".."):
        return item  # no comma after the base of a struct
    if broken and fixed:
        return item + ","
    return f"«{broken and broken + ','}¦{fixed and fixed + ','}»"


def _end(line: str, start: int) -> int | None:
    """Where the bracket that opens at `start` closes."""
    depth, quoted = 0, False
    for at in range(start, len(line)):
        quoted ^= line[at] == '"'
        if not quoted:
            depth += (line[at] in _OPEN) - (line[at] in _CLOSE)
            if depth == 0:
                return at
    return None


def _fields(inner: str) -> list[str]:
    out, start, depth, quoted = [], 0, 0, False
    for at, mark in enumerate(inner):
        quoted ^= mark == '"'
        if quoted:
            continue
        depth += (mark in "([{«") - (mark in ")]}»")
        if mark == "," and depth == 0:
            out.append(inner[start:at].strip())
            start = at + 1
    return [item for item in [*out, inner[start:].strip()] if item]


def indented(lines: list[str]) -> list[str]:
    """Lines with four columns for each bracket that is open; chained calls one deeper."""
    out: list[str] = []
    open_at: list[int] = []
    bounds = False
    for line in lines:
        bare = quiet(line)
        bounds = bounds and bare != "{"
        closers = len(bare) - len(bare.lstrip(_CLOSE))
        depth = open_at[-1] + 1 if open_at else 0
        if closers and open_at:
            depth = open_at[max(0, len(open_at) - closers)]
        if bare.startswith((".", "&& ", "|| ", "+ ")) and not bare.startswith(".."):
            depth += 1
        out.append("    " * (depth + bounds) + line)
        bounds = bare == "where" or (bounds and not bare.endswith(";"))
        for mark in bare:
            if mark in _OPEN:
                open_at.append(depth)
            elif mark in _CLOSE and open_at:
                open_at.pop()
    return out


def as_in(lines: list[str], model: list[str]) -> list[str]:
    """Lines indented as the like lines of a model are; for programs whose brackets do not match."""
    bare = [line.strip() for line in model]
    depths: dict[int, str] = {}
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, lines, bare, autojunk=False).get_opcodes():
        for i in range(i1, i2):
            at = min(j1 + i - i1, max(j1, j2 - 1), len(model) - 1)
            depths[i] = model[at][: len(model[at]) - len(bare[at])] if op != "delete" else depths.get(i - 1, "")
    return [depths[i] + line for i, line in enumerate(lines)]
