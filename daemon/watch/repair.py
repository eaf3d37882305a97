"""Whether the step from a broken text to the next one that compiles is a repair worth learning.

    by what changed, in the texts alone -> without the secrets -> proven by the compiler -> a lesson, or why it is none

A return to the text before the break is judged by its size and direction: taking back what was begun (whole lines go,
or many change) says nothing of a mistake, the developer gave up unfinished work; a few lines that become what they were
(a `&`, a `.clone()`, a name is put right) are exactly the repair of a slip.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.crate import lesson
from sleepy.daemon.crate.lesson import ScrubbedRepair
from sleepy.daemon.crate.sources import Snapshot
from sleepy.daemon.model.prompt import errors
from sleepy.daemon.watch.crate_state import RedFile, RepairedFile
from sleepy.koans.tokens import tokens
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace import Workspace
from sleepy.sandbox.workspace_result import Checked


def lesson_of(workspace: Workspace, item: RepairedFile, now: Snapshot) -> ScrubbedRepair | str:
    """The repair to be kept, or why it is no lesson. `now` is the tree that was just seen to compile."""
    broken = item.broken
    why = item.why or objection(broken.text, item.fixed, broken.diagnostics, item.before)
    if why:
        return why
    found = lesson.scrubbed(broken.text, item.fixed, broken.diagnostics)
    try:
        return unproven(workspace, broken, found, now) or found
    except WorkspaceError as error:
        return f"it could not be checked again: {error}"


# by what changed

MOST_LINES = 40  # changed by one repair: more is a rewrite, and no prompt's window holds it
MOST_SHARE = 0.3  # of the file's lines: where most is new, nothing says which change was the repair
FREE_LINES = 6  # that may always change: 30 % of a ten-line file would allow nothing
SLIP_LINES = 3  # that a slip breaks at most: a return to the text before from more is unfinished work withdrawn

# where one thing is there twice, or where none may be, taking a line out is the repair itself
_SURPLUS = frozenset(
    "E0119 E0124 E0201 E0252 E0254 E0255 E0259 E0260 E0407 E0415 E0416 E0428 E0432 E0437 E0438 E0592".split()
)
_ABSENT = frozenset("E0405 E0407 E0412 E0422 E0423 E0425 E0432 E0433 E0531 E0574 E0576 E0583 E0599".split())
_ITEMS = frozenset("fn struct enum union trait type const static mod macro_rules".split())
_LATER = (("todo", "!"), ("unimplemented", "!"), ("cfg", "(", "any", "(", ")", ")"))
_NAMED = re.compile(r"`([A-Za-z_]\w*)`")


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines of the broken text, from 1 and exclusive of `end`, and what stands in their place."""

    start: int
    end: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def objection(broken: str, fixed: str, found: Sequence[Diagnostic], before: str | None) -> str | None:
    """Why the step from `broken` to `fixed` is no lesson; None where it is one. `before` compiled before the break."""
    if broken == fixed:
        return "it was repaired in another file"
    was, now = tokens(broken), tokens(fixed)
    if was == now:
        return "only its layout or comments changed"
    changes = _changes(broken, fixed)
    count = sum(max(len(change.old), len(change.new)) for change in changes)
    if count > MOST_LINES:
        return f"{count} lines changed, more than {MOST_LINES}"
    if count > max(FREE_LINES, MOST_SHARE * len(broken.splitlines())):
        return f"{count} of {len(broken.splitlines())} lines changed, more than {MOST_SHARE:.0%}"
    if (
        before is not None
        and tokens(before) == now
        and (count > SLIP_LINES or not any(change.new for change in changes))
    ):
        return "the edit was undone"
    if any(_occurs(now, words) > _occurs(was, words) for words in _LATER):
        return "it was postponed with todo!() or switched off"
    if _is_removal(changes, found):
        return "the broken code was removed"
    written = sorted(_written(was, now, found))
    return f"it used names that were not written yet: {', '.join(written)}" if written else None


def _changes(broken: str, fixed: str) -> list[_Change]:
    """The lines that changed, whatever their indentation and comments; empty lines do not count."""
    old, new = _plain(broken), _plain(fixed)
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = tuple(line for line in old[a:b] if line), tuple(line for line in new[c:d] if line)
        if kind != "equal" and (gone or came):
            found.append(_Change(first + a + 1, first + b + 1, gone, came))
    return found


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items two sequences begin with in common."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _plain(text: str) -> list[str]:
    return [re.sub(r"^//.*", "", " ".join(line.split())) for line in text.split("\n")]


def _is_removal(changes: Sequence[_Change], found: Sequence[Diagnostic]) -> bool:
    """Whether lines only went, and with them a line that the compiler complained of."""
    if any(change.new for change in changes) or all(item.code in _SURPLUS for item in found):
        return False
    places = {item.primary.line_start for item in found if item.primary is not None}
    return any(change.start <= place < change.end for change in changes for place in places)


def _written(was: Sequence[str], now: Sequence[str], found: Sequence[Diagnostic]) -> set[str]:
    """Names that the compiler missed and that the repair declares: work that was not done yet, no mistake."""
    missing = {name for item in found if item.code in _ABSENT for name in _NAMED.findall(item.message)}
    return missing & (_items(now) - _items(was))


def _items(words: Sequence[str]) -> set[str]:
    """Names that are declared."""
    found = {name for word, name in pairwise(words) if word in _ITEMS}
    return found | {words[i + 2] for i in range(len(words) - 2) if words[i] == "macro_rules"}


def _occurs(words: Sequence[str], wanted: Sequence[str]) -> int:
    return sum(tuple(words[i : i + len(wanted)]) == tuple(wanted) for i in range(len(words) - len(wanted) + 1))


# by the compiler


def unproven(workspace: Workspace, broken: RedFile, repair: ScrubbedRepair, now: Snapshot) -> str | None:
    """Why the repair is not proven; None where it is. `now` is the tree that was just seen to compile.

    Proven means: with this one file broken the crate fails as it did, with it repaired it compiles. Where nothing but
    the file changed between the two checks of the user's own tree, these are the proof. In every other case, and where
    secrets were replaced in what is kept, both texts are checked in the mirror with the other files as they are now.
    """
    if not repair.changed and now.changed(broken.crate) <= {broken.path}:
        return None
    if not broken.path.is_relative_to(workspace.root):
        return "the file is outside the workspace's folder"
    failed = workspace.check({broken.path: repair.broken})
    if failed.outcome is not Outcome.COMPILE_ERROR:
        also = (
            "no error, so it was repaired in another file too"
            if failed.passed
            else f"{failed.outcome} {failed.detail}".strip()
        )
        return f"with the other files as they are now, the broken version gives: {also}"
    said = errors(located(failed, workspace.root).get(broken.path, ()))
    found = signature(said[0], repair.broken) if said else "no error in this file"
    if found != repair.signature:
        return f"with the other files as they are now, the broken version has another error: {spoken(found)}"
    if now.text(broken.path) == repair.fixed:
        return None
    passed = workspace.check({broken.path: repair.fixed})
    return (
        None
        if passed.passed
        else f"it does not compile with its secrets taken out: {passed.outcome} {passed.detail}".strip()
    )


def located(checked: Checked, root: Path) -> dict[Path, tuple[Diagnostic, ...]]:
    """The errors of each file, by absolute path."""
    found: dict[Path, tuple[Diagnostic, ...]] = {}
    for path, said in checked.by_file.items():
        whole = Path(os.path.normpath(root / path))
        found[whole] = (*found.get(whole, ()), *said)
    return found
