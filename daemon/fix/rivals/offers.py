"""What the compiler offered beside what was taken: another import of a name, another name, another range.

Offers of another kind are none: to borrow where another clones is no other meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sleepy.daemon.fix.rivals.change import Rival, WordChange, changes, is_name
from sleepy.daemon.model import edits, prompt
from sleepy.sandbox.verdict import Diagnostic

_APPLICABLE = ("MachineApplicable", "MaybeIncorrect", "Unspecified")  # with placeholders an offer is no program
_USE = re.compile(r"^[ \t]*(?:pub(?:\([^)]*\))?\s+)?use\s[^;{]*;", re.MULTILINE)
_RANGES = frozenset(["..", "..=", "..."])
_PATH = frozenset([".", "::", "self", "Self", "crate", "super"])
_MOST_WORDS = 9  # of a path


def other_offers(error: Diagnostic, old: str, new: str) -> Iterator[Rival]:
    """The texts of the offers that would put another thing of the same kind at the same place."""
    imports, chosen = _imports(old, new), changes(old, new)
    for offer in error.suggestions:
        if not offer.replacements or offer.applicability not in _APPLICABLE or any(r.file for r in offer.replacements):
            continue
        try:
            text = prompt.replaced(old, offer.replacements)
        except edits.EditError:
            continue
        if imports and (theirs := _imports(old, text)) and {_last(each) for each in imports} & {_last(theirs[0])}:
            if theirs[0] not in imports:
                yield Rival(f"`{theirs[0]}` would do as well", _with_other(new, imports, theirs[0]))
        elif (place := _same_place(chosen, changes(old, text))) is not None:
            yield Rival(f"`{' '.join(place.new)}` would do as well", text)


def _imports(old: str, new: str) -> list[str]:
    """The imports that came."""
    one, other = (Counter(" ".join(each.split()) for each in _USE.findall(text)) for text in (old, new))
    return list((other - one).elements())


def _last(import_: str) -> str:
    """The name that an import brings."""
    return import_.rstrip("; ").rpartition("::")[2].rpartition(" ")[2]


def _with_other(new: str, imports: list[str], other: str) -> str:
    """The text with another import of a name."""
    (own,) = [each for each in imports if _last(each) == _last(other)][:1]

    def put(found: re.Match[str]) -> str:
        return other if " ".join(found[0].split()) == own else found[0]

    return _USE.sub(put, new)


def _same_place(chosen: list[WordChange], offered: list[WordChange]) -> WordChange | None:
    """What an offer puts where the repair put a name, a path or a range; None where it does another thing."""
    if len(offered) != 1 or not _is_choice(offered[0]):
        return None
    (theirs,) = offered
    ours = [each for each in chosen if _is_choice(each) and abs(each.at - theirs.at) <= 1]
    same = [each for each in ours if (each.new[-1] in _RANGES) == (theirs.new[-1] in _RANGES)]
    return theirs if same and same[0].new != theirs.new else None


def _is_choice(change: WordChange) -> bool:
    """Whether a name, path or range was put for one, or before one."""
    if len(change.old) > 1 or not change.new or len(change.new) > _MOST_WORDS:
        return False
    if change.new[0] in _RANGES:
        return len(change.new) == 1 and set(change.old) <= _RANGES
    return all(word in _PATH or is_name(word) for word in (*change.old, *change.new))
