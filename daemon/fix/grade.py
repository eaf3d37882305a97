"""The grade of a candidate, by what the compiler said before it and what it says after.

The compiler works in phases (syntax, names, types, borrows) and stops after one that found errors, per target, and for
borrows per function; so a repair may uncover errors that were hidden. A new error has one of three causes: a later
phase was reached, a target that waited for this one was compiled, or the candidate is wrong. The first two are
recognised by phase and target; an error on the lines that were just edited makes the candidate doubtful even then, but
for one of borrows that points beside the words that changed. One of an earlier phase than the error that it repairs is
always the candidate's own.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from sleepy.daemon.fix.ladder import CandidateGrade
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span
from sleepy.sandbox.workspace_result import Checked

_NAMES = frozenset(
    "E0106 E0261 E0262 E0263 E0401 E0403 E0404 E0405 E0407 E0408 E0411 E0412 E0415 E0416 E0422 E0423 E0424 E0425 "
    "E0426 E0428 E0429 E0430 E0431 E0432 E0433 E0434 E0435 E0437 E0438 E0531 E0532 E0573 E0574 E0575 E0576 E0583 "
    "E0603 E0659".split()
)
_BORROWS = frozenset(
    "E0004 E0005 E0080 E0133 E0161 E0309 E0310 E0373 E0381 E0382 E0384 E0493 E0499 E0501 E0502 E0503 E0505 E0506 "
    "E0507 E0508 E0509 E0510 E0515 E0521 E0524 E0594 E0596 E0597 E0621 E0626 E0700 E0712 E0713 E0716".split()
)
_LATE = re.compile(  # messages without a code that are not of the syntax
    r"lifetime may not live long enough|captured variable cannot escape|future cannot be|not general enough|"
    r"higher-ranked|cannot be (?:sent|shared) between|coroutine|does not fulfill the required lifetime"
)
_EXPANSION = re.compile(  # of macros and attributes, which are found by their names
    r"cannot find (?:macro|attribute|derive macro)|no rules expected|in format string|argument(?:s)? never used|"
    r"expected `\{\w*\}`, |recursion limit reached while expanding|unexpected end of macro|proc.macro|"
    r"format argument must be|requires at least a format string|cannot determine resolution"
)
_PLACE = re.compile(r":\d+:\d+(?:: \d+:\d+)?|\b[lL]ine \d+")
_BORROWED = 3
LINTS = 4  # the phase of lints that are denied
_MOST = 3  # errors that may come instead of one and still be followed up

TESTS = " (tests)"  # ends a target's name where only the build of tests, examples and benches shows an error

Key = tuple[str, str, str]
Columns = Mapping[int, range]  # of lines that are in both texts, where their words differ


def key(complaint: FileDiagnostic) -> Key:
    """What an error is known by, wherever its line moves."""
    said = complaint.diagnostic
    return str(complaint.file), said.code or "", _PLACE.sub("", said.message)


def known_by(complaint: FileDiagnostic) -> tuple[str, ...]:
    """The same with the text it points at, so that two like errors are told apart."""
    primary = complaint.diagnostic.primary
    return (*key(complaint), primary.text.strip() if primary is not None else "")


def phase(diagnostic: Diagnostic) -> int:
    """The phase an error is of: 0 syntax, 1 names, 2 types, 3 borrows, 4 lints."""
    if diagnostic.code is None:
        return 3 if _LATE.search(diagnostic.message) else 1 if _EXPANSION.search(diagnostic.message) else 0
    if not diagnostic.code.startswith("E0"):
        return LINTS
    return 1 if diagnostic.code in _NAMES else 3 if diagnostic.code in _BORROWS else 2


def grade(
    before: Checked,
    after: Checked,
    target: FileDiagnostic,
    edited: Set[int],
    *,
    declares: bool = False,
    earliest: int | None = None,
    elsewhere: Mapping[Path, Set[int]] | None = None,
    columns: Mapping[Path, Columns] | None = None,
) -> CandidateGrade:
    """The candidate's grade. `edited` are the lines of the target's file, in the new text, that it changed.

    `elsewhere` are those of other files, `columns` what changed in the lines of each. `declares`: it changed what
    others see, so that tests which do not compile then may be in the right. `earliest` is the phase of the first of
    several errors that it repairs at once.
    """
    if after.passed:
        return CandidateGrade.CLEAN
    if after.outcome is not Outcome.COMPILE_ERROR or not after.diagnostics:
        return CandidateGrade.REFUSED
    was = Counter(key(each) for each in before.diagnostics)
    now = Counter(key(each) for each in after.diagnostics)
    if (was - now)[key(target)] == 0:
        return CandidateGrade.REFUSED
    came = _new_errors(was, after.diagnostics)
    own = phase(target.diagnostic) if earliest is None else earliest
    if any(_unit(each) == _unit(target) and phase(each.diagnostic) < own for each in came):
        return CandidateGrade.REFUSED
    if of_tests(target) and not all(map(of_tests, after.diagnostics)):  # what compiled does so no more
        return CandidateGrade.REFUSED
    hidden = [_was_hidden(each, before, after, target, own) for each in came]
    if declares and all(hidden) and not of_tests(target) and any(map(of_tests, came)):
        return CandidateGrade.DOUBTFUL
    lines = {**(elsewhere or {}), target.file: edited}
    near = [
        _on(
            each.diagnostic,
            lines.get(each.file, frozenset()),
            (columns or {}).get(each.file, {}) if unseen and phase(each.diagnostic) == _BORROWED else {},
        )
        for each, unseen in zip(came, hidden, strict=True)
    ]
    if all(hidden) and not any(near):
        return CandidateGrade.CLEAN
    follows = all(
        unseen or (_unit(each) == _unit(target) and not on) for each, unseen, on in zip(came, hidden, near, strict=True)
    )
    return CandidateGrade.DOUBTFUL if follows and len(came) <= _MOST else CandidateGrade.REFUSED


def of_tests(complaint: FileDiagnostic) -> bool:
    """Whether only the build of tests, examples and benches shows it."""
    return complaint.target.endswith(TESTS)


def changed_lines(old: str, new: str) -> set[int]:
    """The 1-based numbers of the lines of `new` that are not in `old`; where lines went, those around the gap."""
    one, other = old.split("\n"), new.split("\n")
    short = min(len(one), len(other))  # what both begin and end with is most of a real file
    head = next((i for i in range(short) if one[i] != other[i]), short)
    tail = next((i for i in range(short - head) if one[-1 - i] != other[-1 - i]), short - head)
    matcher = difflib.SequenceMatcher(
        None, one[head : len(one) - tail], other[head : len(other) - tail], autojunk=False
    )
    found: set[int] = set()
    for op, _, _, start, end in matcher.get_opcodes():
        if op != "equal":
            found |= set(range(head + start + 1, head + end + 1)) or {head + start, head + start + 1}
    return found


def changed_columns(old: str, new: str) -> dict[int, range]:
    """The columns that differ, counted from 0, in each line of `new` that stands for one of `old`."""
    one, other = old.split("\n"), new.split("\n")
    if len(one) != len(other):
        return {}
    found = {}
    for number, (was, now) in enumerate(zip(one, other, strict=True), 1):
        if was != now:
            short = min(len(was), len(now))
            head = next((i for i in range(short) if was[i] != now[i]), short)
            tail = next((i for i in range(short - head) if was[-1 - i] != now[-1 - i]), short - head)
            found[number] = range(head, len(now) - tail)
    return found


def _new_errors(was: Counter[Key], after: Sequence[FileDiagnostic]) -> list[FileDiagnostic]:
    """The errors that were not there before, each once."""
    left = Counter(was)
    came = []
    for each in after:
        if left[key(each)] > 0:
            left[key(each)] -= 1
        else:
            came.append(each)
    return came


def _was_hidden(each: FileDiagnostic, before: Checked, after: Checked, target: FileDiagnostic, own: int) -> bool:
    if _unit(each) == _unit(target):
        return phase(each.diagnostic) > own
    waited = _unit(each) not in {_unit(other) for other in before.diagnostics}
    return waited and _unit(target) not in {_unit(other) for other in after.diagnostics}


def _unit(complaint: FileDiagnostic) -> tuple[str, str]:
    return complaint.package, complaint.target


def _on(diagnostic: Diagnostic, lines: Set[int], columns: Columns) -> bool:
    return any(
        (span.line_start in lines or span.line_end in lines) and not _is_beside(span, columns)
        for span in diagnostic.spans
    )


def _is_beside(span: Span, columns: Columns) -> bool:
    """Whether a span lies in one line and does not touch what changed there."""
    changed = columns.get(span.line_start)
    if changed is None or span.line_start != span.line_end:
        return False
    return span.column_end - 1 < changed.start or changed.stop < span.column_start - 1
