"""What `sleepy forget` asks beforehand and says afterwards."""

from __future__ import annotations

import json
from dataclasses import asdict

from sleepy.daemon.base.text import plural
from sleepy.daemon.versions.forget import Done
from sleepy.memory.episodic.traces import Kind, Trace

_NAMED = 5


def question(found: Trace) -> str:
    """What would go, for a person to agree to."""
    name = f"episode {found.name}" if found.kind is Kind.EPISODE else found.name
    lines = [f"{name}: {plural(len(found.episodes), 'episode')} and {plural(found.lessons, 'lesson')} go."]
    if found.tasks:
        lines.append(f"So does the text of {_list([task.name for task in found.tasks])}.")
    elif found.kind is Kind.EPISODE:
        lines.append("Its task stays: other episodes of it are left. Name the task to forget all of them.")
    if found.tainted:
        lines.append(f"{plural(len(found.tainted), 'version')} learnt from it and will be removed for good.")
        lines.append(f"To be learnt again: {_list(sorted({n for names in found.tainted.values() for n in names}))}.")
    return "\n".join(lines)


def line(done: Done) -> str:
    """The forgetting as one line of JSON."""
    return json.dumps(asdict(done), ensure_ascii=False)


def view(done: Done) -> str:
    outcome = done.outcome
    lines = [f"Forgotten: {plural(done.episodes, 'episode')}, {plural(done.lessons, 'lesson')}."]
    if outcome.verdicts:
        lines.append(f"{plural(outcome.verdicts, 'remembered verdict')} that quoted it went as well.")
    for alias, item in outcome.rebuilt.items():
        now = f"{item.version} with {plural(item.patterns, 'pattern')}" if item.version else "the bare base"
        why = f" ({item.reason})" if item.reason else ""
        lines.append(f"The {alias} is {now} in place of {item.instead_of}{why}.")
    rebuilt = {item.version for item in outcome.rebuilt.values()}
    if gone := [version for version in outcome.removed if version not in rebuilt]:
        lines.append(f"Removed: {_list(gone)}.")
    if outcome.patterns:
        lines.append(f"{plural(outcome.patterns, 'pattern')} taught with it may be learnt again from what is left.")
    lines += [f"The night of {date} was not over and begins anew." for date in outcome.begun_anew]
    lines += [f"The report of {date} was {what}." for date, what in outcome.reports.items()]
    lines += [f"Yours, and not touched: {path}." for path in done.kept]
    return "\n".join(lines)


def _list(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
