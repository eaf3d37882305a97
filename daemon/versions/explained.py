"""The text of `sleepy why`: from a pattern's route down to the episodes that taught it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural

_LINES = 12  # of a diff or an answer
_NAMED = 8  # episodes


def view(data: dict[str, Any]) -> str:
    """The text for a person."""
    parts: list[str] = []
    if data["kind"] == "task":
        parts += [f"{data['name']}: {plural(len(data['episodes']), 'episode')}", *map(_episode, data["episodes"]), ""]
    for item in data["patterns"]:
        parts += [*_pattern(item, data["serves"]), ""]
    return "\n".join(parts).rstrip("\n")


def _pattern(item: dict[str, Any], serves: str | None) -> Iterator[str]:
    yield spoken(item["signature"])
    if spoken(item["signature"]) != item["signature"]:
        yield f"  signature  {item['signature']}"
    yield f"  practised  {item['passed']} of {item['practised']} solved; {item['state'] or 'not seen in practice'}"
    route = item["route"]
    if route is None:
        yield f"  route      none{f' in version {serves}' if serves else ''}: the base model answers"
        for tried in item["tried"]:
            how = "earned its place" if tried["earned"] else "did not earn its place"
            yield (
                f"  tried      night of {tried['date']}: won {tried['wins']} and lost {tried['losses']} of {tried['n']} "
                f"koans, {how}; the night's decision: {tried['decision'] or 'none yet'}"
            )
        return
    if route["exact"]:
        yield "  route      its own"
    else:
        yield f"  route      that of the nearest pattern: {spoken(route['serves'])}"
    if route["exam"] is not None:
        yield (
            f"  proof      won {route['wins']} and lost {route['losses']} of {route['exam']} held-out koans, "
            f"p = {route['p']:.2g}"
        )
    night = item["night"]
    if night is None:
        yield f"  version    {serves}; the night that learnt it is no longer known"
        return
    yield f"  version    {item['version']}, made by the night of {night['date']} ({night['decision']})"
    for reason in night["reasons"]:
        yield f"             {reason}"
    kinds = ", ".join(f"{number} {kind}" for kind, number in item["by_provenance"].items())
    yield f"  lessons    {item['lessons']}{f': {kinds}' if kinds else ': they were forgotten'}"
    for lesson in item["shown"]:
        yield from _lesson(lesson)
    if item["from"]:
        yield f"  from       {plural(len(item['from']), 'source')}"
        for origin in item["from"][:_NAMED]:
            number = f"episode {origin['episode']}" if origin["episode"] is not None else "no episode"
            when = f", {origin['when'][:10]}, {'solved' if origin['passed'] else 'failed'}" if origin["when"] else ""
            yield f"             {number}: {origin['task']}{when}"
        if len(item["from"]) > _NAMED:
            yield f"             and {len(item['from']) - _NAMED} more: --json names them"


def _lesson(lesson: dict[str, Any]) -> Iterator[str]:
    where = f" of {lesson['task']}" if lesson["task"] else ""
    number = f", episode {lesson['episode']}" if lesson["episode"] is not None else ""
    yield f"    {lesson['provenance']}{where}{number}"
    if "diff" in lesson:
        yield from _cut(lesson["diff"])
    else:
        yield from _cut(lesson["prompt"], "asked: ")
        yield from _cut(lesson["answer"], "taught: ")


def _cut(text: str, lead: str = "") -> Iterator[str]:
    lines = text.splitlines() or [""]
    for number, line in enumerate(lines[:_LINES]):
        yield f"      {lead if number == 0 else ''}{line}".rstrip()
    if len(lines) > _LINES:
        yield f"      ... {len(lines) - _LINES} more lines"


def _episode(item: dict[str, Any]) -> str:
    how = f"rung {item['rung']}{', routed' if item['route'] else ''}"
    return (
        f"  {item['id']}  {item['when'][:16].replace('T', ' ')}  {item['outcome']} ({how}), "
        f"{f'version {version}' if (version := item['version']) else 'base model'}; {spoken(item['pattern'])}"
    )
