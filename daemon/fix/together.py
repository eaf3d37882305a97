"""What the compiler is sure of, applied to all errors at once: one check instead of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sleepy.daemon.fix import joint
from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.draft import Draft, RepairStep
from sleepy.daemon.fix.ladder import Candidate, CandidateGrade, Climb, Receipt, TriedCandidate, Try
from sleepy.sandbox.package import FileDiagnostic

_TURNS = 2  # of the compiler's suggestions tried at once: the second without those to blame for the first


def solve_together(draft: Draft) -> bool:
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
            for each in found:
                said = tuple(d.diagnostic for d in after.diagnostics if d.file == each.problem.file)
                tried = TriedCandidate(Candidate(each.text, joint.NOTE), CandidateGrade.CLEAN, after, said)
                receipt = Receipt("compiler", 1, True, after.seconds / len(found))
                find = Try("compiler", tried)
                known = Climb(each.problem, (receipt,), (find,), find)
                draft.steps.append(RepairStep(known, each.complaint, checked, edits, joined=each is not found[0]))
            draft.checked = after
            return True
        wanted = [each.complaint for each in joint.blameless(after, found)]
        if len(wanted) == len(found):
            break
    draft.edits = edits
    return False


def _suggested(draft: Draft, wanted: Sequence[FileDiagnostic], said_of: Mapping[Path, str]) -> list[joint.Found]:
    """The errors with one sure suggestion each, which is put into the edits."""
    found: list[joint.Found] = []
    for complaint in wanted:
        problem = draft.problem(complaint, said_of)
        text = joint.applied(problem, [each.complaint for each in found if each.problem.file == complaint.file])
        if text is not None and not doubts(problem.source, text, errors=[problem.error]):
            found.append(joint.Found(complaint, problem, text))
            draft.edits[problem.file] = text
    return found
