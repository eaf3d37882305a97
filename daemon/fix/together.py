"""Several errors repaired at once, judged as one repair: one check instead of many.

what the compiler is sure of, at each error
an edit that has just repaired an error, at each one of the same cause
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sleepy.daemon.fix import joint
from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.draft import RepairDraft, RepairStep
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Climb, Receipt, TriedCandidate, Try
from sleepy.daemon.fix.sites import OneEdit, ending
from sleepy.daemon.fix.transfer import BrokenSource
from sleepy.sandbox.package import FileDiagnostic
from sleepy.sandbox.verdict import Span
from sleepy.sandbox.workspace_result import Checked

_TURNS = 2  # of the compiler's suggestions tried at once: the second without those to blame for the first


def solve_together(draft: RepairDraft) -> bool:
    """Applies what the compiler is sure of to all errors at once; False where that is not clean in each."""
    edits, checked = dict(draft.edits), draft.checked
    wanted = list(draft.own())
    for _ in range(_TURNS):
        draft.edits = dict(edits)
        found = _suggested(draft, wanted, edits)
        if len(found) < 2 or draft.limits.spent():
            break
        draft.limits.tries += 1
        after = draft.target.check(draft.texts.as_read(draft.edits))
        if joint.is_clean(checked, after, found, edits, draft.edits, draft.texts.read):
            _adopt(draft, found, edits, checked, after, "compiler", joint.NOTE)
            return True
        wanted = [each.complaint for each in joint.blameless(after, found)]
        if len(wanted) == len(found):
            break
    draft.edits = edits
    return False


def _suggested(draft: RepairDraft, wanted: Sequence[FileDiagnostic], said_of: Mapping[Path, str]) -> list[joint.Found]:
    """The errors with one sure suggestion each, which is put into the edits."""
    found: list[joint.Found] = []
    for complaint in wanted:
        problem = draft.problem(complaint, said_of)
        text = joint.applied(problem, [each.complaint for each in found if each.problem.file == complaint.file])
        if text is not None and not doubts(problem.source, text, errors=[problem.error]):
            found.append(joint.Found(complaint, problem, text))
            draft.edits[problem.file] = text
    return found


@dataclass(frozen=True, slots=True)
class KnownEdit:
    """An edit that has repaired an error, by which rung, and where."""

    edit: OneEdit
    rung: str
    note: str

    @classmethod
    def of(cls, step: RepairStep) -> KnownEdit | None:
        """What a step did, where that may help elsewhere: one clean edit of one file."""
        trial, find = step.trial, step.climb.found
        if find is None or not trial.accepted or trial.candidate.more:
            return None
        edit = OneEdit.of(step.problem.error, step.problem.source, trial.candidate.source)
        return cls(edit, find.rung, f"as at {step.problem.file}:{_line(step)}") if edit is not None else None

    def is_of(self, draft: RepairDraft, complaint: FileDiagnostic) -> bool:
        """Whether another error may have the same cause."""
        return self.edit.is_of(BrokenSource(draft.text(complaint.file), complaint.diagnostic))


def spread(draft: RepairDraft, known: KnownEdit, errors: Sequence[FileDiagnostic]) -> bool:
    """Makes an edit that has repaired one error at others of its cause; False where that helps none.

    At first all sites have the likeliest of their edits, then those that it does not help the next one; then these are
    left to a search of their own.
    """
    edits, checked = dict(draft.edits), draft.checked
    sites = [(each, 0) for each in errors]
    for last in (False, False, True):
        draft.edits = dict(edits)
        found = _edited(draft, known.edit, sites, edits)
        if not found or draft.limits.spent():
            break
        draft.limits.tries += 1
        after = draft.target.check(draft.texts.as_read(draft.edits))
        if joint.is_clean(checked, after, found, edits, draft.edits, draft.texts.read):
            _adopt(draft, found, edits, checked, after, known.rung, known.note)
            return True
        blamed = [each.complaint for each in joint.at_fault(after, found, draft.edits)]
        kept = [(each.complaint, turn) for each in found for site, turn in sites if site is each.complaint]
        sites = [(each, turn) for each, turn in kept if each not in blamed]
        sites += [(each, turn + 1) for each, turn in kept if each in blamed and turn == 0]
        if last or len(blamed) == 0:
            break
    draft.edits = edits
    return False


def _edited(
    draft: RepairDraft, edit: OneEdit, sites: Sequence[tuple[FileDiagnostic, int]], said_of: Mapping[Path, str]
) -> list[joint.Found]:
    """The sites where the edit can be made, which is put into the edits, from each file's end on.

    So those above stay where the compiler saw them; an edit that would move them is none.
    """
    found: list[joint.Found] = []
    placed = [(each, turn, span) for each, turn in sites if (span := each.diagnostic.primary) is not None]
    placed.sort(key=lambda site: (str(site[0].file), -site[2].line_start, -site[2].column_start))
    for i, (complaint, turn, _) in enumerate(placed):
        problem = draft.problem(complaint, said_of)
        above = [span for other, _, span in placed[i + 1 :] if other.file == complaint.file]
        texts = _harmless(edit.at(BrokenSource(problem.source, problem.error)), problem.source, above)
        text = next(islice(texts, turn, None), None)
        if text is not None and not doubts(problem.source, text, errors=[problem.error]):
            found.append(joint.Found(complaint, problem, text))
            draft.edits[problem.file] = text
    return found


def _harmless(texts: Iterator[str], source: str, above: Sequence[Span]) -> Iterator[str]:
    end = max((ending(source, span) for span in above), default=0)
    return (text for text in texts if text[:end] == source[:end])


def _line(step: RepairStep) -> int:
    primary = step.problem.error.primary
    return primary.line_start if primary is not None else 1


def _adopt(
    draft: RepairDraft,
    found: Sequence[joint.Found],
    edits: dict[Path, str],
    checked: Checked,
    after: Checked,
    rung: str,
    note: str,
) -> None:
    """The steps of what was made at once."""
    for each in found:
        said = tuple(d.diagnostic for d in after.diagnostics if d.file == each.problem.file)
        tried = TriedCandidate(Candidate(each.text, note), CandidateGrade.CLEAN, after, said)
        receipt = Receipt(rung, 1, True, after.seconds / len(found))
        find = Try(rung, tried)
        known = Climb(each.problem, (receipt,), (find,), find)
        draft.steps.append(RepairStep(known, each.complaint, checked, edits, joined=each is not found[0]))
    draft.checked = after
