"""The question and the answer of `sleepy forget`."""

from __future__ import annotations

import json
from dataclasses import asdict

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural
from sleepy.daemon.versions.forget import Done
from sleepy.memory.episodic.traces import Kind, Trace

_NAMED = 5


def question(found: Trace) -> str:
    """What would be removed, for a person to agree to."""
    name = f"episode {found.name}" if found.kind is Kind.EPISODE else spoken(found.name)
    lines = [
        f"{name}: this deletes {plural(len(found.episodes), 'episode')} and {plural(found.lessons, 'lesson')}.",
    ]
    if found.tasks:
        lines.append(f"It also deletes the text of {_list([task.name for task in found.tasks])}.")
    elif found.kind is Kind.EPISODE:
        lines.append("Its task stays, since it has other episodes. Name the task to forget all of them.")
    if found.tainted:
        lines.append(f"{plural(len(found.tainted), 'version')} learnt from it and will be deleted.")
        again = sorted({spoken(name) for names in found.tainted.values() for name in names})
        lines.append(f"To be learnt again: {_list(again)}.")
    return "\n".join(lines)


def line(done: Done) -> str:
    """The forgetting as one line of JSON."""
    return json.dumps(asdict(done), ensure_ascii=False)


def view(done: Done) -> str:
    """What was forgotten, for a person."""
    outcome = done.outcome
    lines = [f"Forgotten: {plural(done.episodes, 'episode')}, {plural(done.lessons, 'lesson')}."]
    if outcome.verdicts:
        lines.append(f"Also {plural(outcome.verdicts, 'remembered verdict')} that quoted it.")
    for alias, item in outcome.rebuilt.items():
        now = f"{item.version} with {plural(item.patterns, 'pattern')}" if item.version else "the base model"
        why = f" ({item.reason})" if item.reason else ""
        lines.append(f"The {alias} is now {now}, instead of {item.instead_of}{why}.")
    rebuilt = {item.version for item in outcome.rebuilt.values()}
    if gone := [version for version in outcome.removed if version not in rebuilt]:
        lines.append(f"Deleted: {_list(gone)}.")
    if outcome.patterns:
        lines.append(f"{plural(outcome.patterns, 'pattern')} taught with it can be learnt again from what is left.")
    lines += [f"The unfinished night of {date} starts over." for date in outcome.begun_anew]
    lines += [f"The report of {date} was {what}." for date, what in outcome.reports.items()]
    lines += [f"Your own, left as it is: {path}." for path in done.kept]
    return "\n".join(lines)


def _list(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
