"""A repair as it is shown: a summary for a person, one JSON object for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sleepy.daemon.base.text import plural
from sleepy.daemon.fix.ladder import CandidateGrade, Climb
from sleepy.daemon.fix.mended import Mended, pointed
from sleepy.daemon.fix.texts import unchanged, unified
from sleepy.sandbox.libtest import Fate
from sleepy.sandbox.package import FileDiagnostic

SCHEMA = 1  # of the JSON object; grows when a key changes its meaning or goes


def diff(mended: Mended, *, partial: bool = False) -> str:
    """The unified diff of all files; `partial`: of what is certain where it is not whole."""
    return unified(mended.before, parts(mended) if partial else mended.edits)


def parts(mended: Mended) -> Mapping[Path, str]:
    """What may be written of a repair that is not whole."""
    return mended.certain.edits if mended.certain is not None else {}


def data(mended: Mended, *, applied: bool) -> dict[str, Any]:
    """The repair as plain data; `diagnostics` are the errors that were met, in order, `left` those that remain."""
    return {
        "schema": SCHEMA,
        "fixed": mended.fixed,
        "applied": applied,
        "why": mended.why,
        "doubts": list(mended.doubts),
        "diagnostics": [_climb(each, mended) for each in mended.met],
        "left": [{**_left(each), "why": _why(each, mended)} for each in mended.left],
        "diff": diff(mended),
        "certain": diff(mended, partial=True),
        "receipts": receipts(mended),
        "tests": _tests(mended),
        "untested": list(mended.untested),
        "old_failures": list(mended.old_failures),
        "failed_before": list(mended.failed_before),
        "seconds": round(mended.seconds, 3),
    }


def line(mended: Mended, *, applied: bool) -> str:
    """The same as one line of JSON."""
    return json.dumps(data(mended, applied=applied), ensure_ascii=False)


def receipts(mended: Mended) -> list[dict[str, Any]]:
    """What each rung did in all, in the order they were climbed; `solved` is how many errors."""
    sums: dict[str, dict[str, Any]] = {}
    for each in (receipt for climb in mended.climbs for receipt in climb.receipts):
        new = {"rung": each.rung, "candidates": 0, "solved": 0, "seconds": 0.0, "tokens": 0, "skipped": ""}
        total = sums.setdefault(each.rung, new)
        total["candidates"] += each.candidates
        total["solved"] += int(each.solved)
        total["seconds"] = round(total["seconds"] + each.seconds, 3)
        total["tokens"] += each.tokens
        total["skipped"] = each.skipped or total["skipped"]
    return list(sums.values())


def summary(mended: Mended) -> RenderableType:
    """The errors and who solved them, and how it ended."""
    if not mended.climbs and mended.fixed:
        return Text("Nothing to fix: it compiles.")
    table = Table.grid(padding=(0, 2))
    for each in mended.met:
        table.add_row(*_row(each, mended))
    return Group(table, *_words(mended))


def lines(mended: Mended) -> list[str]:
    """The same as plain lines, each whole: for a pipe or a file."""
    if not mended.climbs and mended.fixed:
        return ["Nothing to fix: it compiles."]
    rows = ["  ".join(cell.plain for cell in _row(each, mended)) for each in mended.met]
    return rows + [text.plain for text in _words(mended)]


def _words(mended: Mended) -> Iterator[Text]:
    if mended.fixed:
        count = len(mended.edits)
        tested = mended.tested
        passed = sum(run.fate is Fate.OK for run in tested.tests) if tested is not None else 0
        said = f"{plural(passed, 'test passes', 'tests pass')}" if passed else "there are no tests"
        yield Text(f"Fixed in {plural(count, 'file')}: it compiles, {said} ({mended.seconds:.1f} s).", "green")
        if tested is not None and tested.detail and not (mended.old_failures or mended.failed_before):
            yield Text(tested.detail)
        yield from _notes(mended)
        return
    if mended.doubts:
        yield Text(
            f"Doubtful: it compiles and passes its tests, but look at it first ({mended.seconds:.1f} s).", "yellow"
        )
        yield from (Text(f"  {reason}") for reason in mended.doubts)
        yield from _notes(mended)
        return
    why, _, more = mended.why.partition("\n")
    yield Text(f"Not fixed: {why} ({mended.seconds:.1f} s).", "red")
    if more.strip():
        yield Text(more.rstrip())
    if mended.repaired and mended.left:
        total = mended.repaired + len(mended.left)
        yield Text(f"{mended.repaired} of {plural(total, 'error')} repaired, {len(mended.left)} left:")
    for each in mended.left:
        place = each.diagnostic.primary
        where = f"{each.file}:{place.line_start}" if place is not None else str(each.file)
        said = f"{each.diagnostic.code or 'error'} {_first(each.diagnostic.message)}"
        yield Text(f"  left: {where} {said}: {_why(each, mended)}")
    unasked: dict[str, list[str]] = {}
    for receipt in receipts(mended):
        if receipt["skipped"] and receipt["rung"] != "recall":
            unasked.setdefault(receipt["skipped"], []).append(receipt["rung"])
    yield from (Text(f"  not tried: {', '.join(rungs)}: {reason}") for reason, rungs in unasked.items())
    part = mended.certain
    if part is not None and part.errors:
        yield Text(
            f"{plural(part.errors, 'error is', 'errors are')} repaired for certain: --apply --partial writes that."
        )


def unwritten(mended: Mended) -> str:
    """Why nothing of a repair was written that is not whole."""
    if mended.doubts:
        return "the repair is doubtful (--doubtful writes it)"
    if mended.left:
        return f"{plural(len(mended.left), 'error is', 'errors are')} left"
    return mended.why.partition("\n")[0]


def _why(complaint: FileDiagnostic, mended: Mended) -> str:
    """Why an error is left."""
    known = [
        each
        for each in mended.climbs
        if each.problem.file == complaint.file and each.problem.error.message == complaint.diagnostic.message
    ]
    near = [each for each in known if pointed(each.problem.error) == pointed(complaint.diagnostic)]
    tries = [tried.trial for each in near for tried in each.tries]
    if complaint.file.is_absolute():
        return "not in this crate"
    if not near:
        return "not come to"
    if any(trial.grade is not CandidateGrade.REFUSED for trial in tries):
        return "what repaired it led to other errors"
    return f"none of {plural(len(tries), 'try', 'tries')} compiled" if tries else "nothing was proposed"


def _notes(mended: Mended) -> Iterator[Text]:
    """What the tests do not tell."""
    if mended.old_failures:
        count = len(mended.old_failures)
        said = plural(count, "test fails without coming", "tests fail without coming")
        yield Text(
            f"{said} to the repair, and {'does' if count == 1 else 'do'} not count: {', '.join(mended.old_failures)}."
        )
    if mended.failed_before:
        count = len(mended.failed_before)
        said = plural(count, "test fails at git's HEAD", "tests fail at git's HEAD")
        yield Text(f"{said} too, and {'does' if count == 1 else 'do'} not count: {', '.join(mended.failed_before)}.")
    if mended.untested:
        yield Text(f"No test runs {', '.join(mended.untested)}.", "yellow")


def _row(climb: Climb, mended: Mended) -> tuple[Text, ...]:
    error = climb.problem.error
    by = Text("not solved", "red")
    if climb.found is not None:
        doubtful = bool(climb.found.trial.doubts)
        by = Text(climb.found.rung + (", doubtful" if doubtful else ""), "yellow" if doubtful else "green")
    cost = f"{climb.seconds:.1f} s" + (f", {climb.tokens} tokens" if climb.tokens else "")
    place = f"{climb.problem.file}:{_line(climb, mended)}"
    return Text(place), Text(error.code or "error"), Text(_first(error.message), overflow="ellipsis"), by, Text(cost)


def _line(climb: Climb, mended: Mended) -> int:
    """Where the error is in the file as it was read: the repairs before it may have moved it."""
    error, before = climb.problem.error, mended.before.get(climb.problem.file)
    number = error.primary.line_start if error.primary is not None else 1
    if before is None:
        return number
    lines = before.decode().removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    place, gap = number - 1, 0
    for start, now, size in unchanged(lines, climb.problem.source.split("\n")):
        if now <= place < now + size:
            return start + place - now + 1
        if now + size <= place:
            gap = start + size
    return gap + 1


def _climb(climb: Climb, mended: Mended) -> dict[str, Any]:
    error = climb.problem.error
    return {
        "file": climb.problem.file.as_posix(),
        "line": _line(climb, mended),
        "code": error.code,
        "message": error.message,
        "signature": climb.problem.signature,
        "solved_by": climb.found.rung if climb.found is not None else None,
        "note": climb.found.trial.candidate.note if climb.found is not None else "",
        "doubts": list(climb.found.trial.doubts) if climb.found is not None else [],
        "seconds": round(climb.seconds, 3),
        "tokens": climb.tokens,
        "receipts": [asdict(each) for each in climb.receipts],
    }


def _left(complaint: FileDiagnostic) -> dict[str, Any]:
    said = complaint.diagnostic
    return {
        "file": complaint.file.as_posix(),
        "line": said.primary.line_start if said.primary is not None else None,
        "code": said.code,
        "message": said.message,
    }


def _tests(mended: Mended) -> dict[str, Any] | None:
    tested = mended.tested
    if tested is None:
        return None
    fates: dict[str, int] = {}
    for run in tested.tests:
        fates[run.fate.value] = fates.get(run.fate.value, 0) + 1
    return {"outcome": tested.outcome.value, "detail": tested.detail, "fates": fates}


def _first(message: str) -> str:
    return message.split("\n")[0]
