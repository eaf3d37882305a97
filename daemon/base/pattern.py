"""A pattern as people say it: `E0308:Vec<-()@fn` is "E0308 expected Vec, found () (in a fn)", `E0308` is "any E0308".

A pattern's name is its signature (`sandbox/pattern.py` makes it, and says what is in one). The words are for
reading: the signature is what is stored and parsed, and commands take either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate, takewhile

_SIGNATURE = re.compile(r"(?P<code>E\d{4}|uncoded):(?P<detail>.+?)(?:@(?P<item>[a-z_]+!?))?", re.DOTALL)
_PLACES = {"file": "(at top level)", "macro_rules!": "(in a macro)", "type": "(in a type alias)"}
_COARSE = re.compile(r"E\d{4}")
_SCOPES = {"uncoded": "any error without a code", "all": "all errors"}
_CUT = 90  # characters of the compiler's message that a signature keeps
_CUT_TYPE = 40  # and of each type
_TRAIT = re.compile(r"[A-Z_?][^`]*|[^`\s]+")
_MISSING = re.compile(r"no (?P<kind>[a-z ]+) (?P<name>\S+)")
_ONE = re.compile(r"#(?= (?:(?:generic|lifetime|type|const) )?(?:argument|element|field|parameter)\b)")
_LETTERS = "NMKLIJ"
_LEAD = re.compile(r"E\d{4} |")


def spoken(signature: str) -> str:
    """The pattern in words, on one line where the signature is on one; any other text as it is.

    Two signatures that the compiler's messages can give are never said alike. `_` still stands for a name of the
    program's own, `int` and `float` for any number type.
    """
    head, place = _parts(signature)
    return f"{head} {place}" if place else head


def fitted(signatures: Iterable[str], width: int) -> dict[str, str]:
    """Signature -> the pattern in words, in `width` characters where that is enough to tell all of them apart.

    What is too long is cut before the place at its end; where that leaves two alike, in the middle as well.
    """
    parts = {signature: _parts(signature) for signature in signatures}
    groups: dict[str, list[str]] = defaultdict(list)
    for head, place in dict.fromkeys(parts.values()):
        groups[place].append(head)
    shown: dict[tuple[str, str], str] = {}
    for place, heads in groups.items():
        tail = f" {place}" if place else ""
        for head, cut in _apart(heads, width - len(tail)).items():
            shown[head, place] = cut + tail
    texts = [shown[part] for part in set(parts.values())]
    return {
        signature: shown[part] if texts.count(shown[part]) == 1 else spoken(signature)
        for signature, part in parts.items()
    }


def named(text: str, signatures: Iterable[str], *, whole: bool = False) -> list[str]:
    """The signatures that a text names: the one that it is, or says in words; else those that begin so.

    With `whole`, no mere beginnings.
    """
    known = {signature: (signature, spoken(signature)) for signature in signatures}
    exact = [signature for signature, forms in known.items() if text in forms]
    if exact or whole or not text:
        return exact[:1]
    return [signature for signature, forms in known.items() if any(form.startswith(text) for form in forms)]


def _parts(signature: str) -> tuple[str, str]:
    """What is wrong, and where: `E0308 expected Vec, found ()` and `(in a fn)`."""
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        return f"any {signature}" if _COARSE.fullmatch(signature) else _SCOPES.get(signature, signature), ""
    code, item = found["code"], found["item"]
    lead = "" if code == "uncoded" else f"{code} "
    place = _PLACES.get(item) or f"(in {'an' if item[0] in 'aei' else 'a'} {item})" if item else ""
    return lead + _said(code, found["detail"]), place


def _said(code: str, detail: str) -> str:
    """The part between the code and the place."""
    if code == "E0308" and "<-" in detail:
        return _mismatch(detail)
    if code == "E0277" and _TRAIT.fullmatch(detail):
        return f"{detail} is not implemented"
    missing = _MISSING.fullmatch(detail) if code == "E0599" else None
    if missing is not None:
        return f"no {missing['kind']} named {missing['name']}"
    return _counted(detail + "…" if len(detail) == _CUT else detail)


def _mismatch(detail: str) -> str:
    """`Vec<-()`: what was expected and what was found."""
    ends = [found.start() for found in re.finditer("<-", detail)]
    # a type may hold the arrow itself, as `Grid<-1>` does: then the one with whole types on both sides
    at = next((end for end in ends if _whole(detail[:end]) and _whole(detail[end + 2 :])), ends[0])
    expected, found = detail[:at], detail[at + 2 :]
    if expected == found:
        return f"expected one {expected} type, found another"
    return f"expected {_marked(expected, _CUT_TYPE)}, found {_marked(found, _CUT_TYPE)}"


def _whole(kind: str) -> bool:
    """Whether every angle bracket has its partner; the arrow of a function's type is none."""
    depths = list(accumulate((letter == "<") - (letter == ">") for letter in kind.replace("->", "")))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _counted(message: str) -> str:
    """`takes # argument but # arguments` -> takes 1 argument but N arguments: numbers outside of code."""
    letters = iter(_LETTERS)
    parts = message.split("`")
    for i in range(0, len(parts), 2):
        parts[i] = re.sub("#", lambda _: next(letters, "#"), _ONE.sub("1", parts[i]))
    return "`".join(parts)


def _marked(text: str, most: int) -> str:
    """The text, with a mark behind it where it was cut: at `most` characters, or in a tuple."""
    return text + "…" if len(text) == most or text.count("(") > text.count(")") else text


def _apart(heads: list[str], room: int, differ: int = 0) -> dict[str, str]:
    """Each text in `room`, with what stands at `differ`; where two would be alike, with what differs in them."""
    shown = {head: _cut(head, room, differ) for head in heads}
    alike: dict[str, list[str]] = defaultdict(list)
    for head, cut in shown.items():
        alike[cut].append(head)
    for same in alike.values():
        common = sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, zip(*same, strict=False)))
        further = max(differ + 1, common)
        if len(same) > 1 and further <= max(map(len, same)):
            shown |= _apart(same, room, further)
    return shown


def _cut(head: str, room: int, differ: int) -> str:
    """The code, and of the rest as much as fits: its beginning, or from the word on that stands at `differ`."""
    if len(head) <= room:
        return head
    found = _LEAD.match(head)
    code = found[0] if found else ""
    start = min(head.rfind(" ", 0, differ) + 1, len(head) - room + len(code) + 1)
    text = head if start <= len(code) or not differ else f"{code}…{head[start:]}"
    return text if len(text) <= room else text[: max(0, room - 1)] + "…"
