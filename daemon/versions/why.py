"""`sleepy why`: finds the route of a task or pattern, the night that learnt it, its lessons and their episodes.

Never loads torch. A route's night is that of the nearest version, from the champion back, whose night had lessons for
the pattern. Lessons that were forgotten cannot be shown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sleepy.daemon.base.home import Home
from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural, unified
from sleepy.daemon.gate import reasons
from sleepy.daemon.serve import evidence, fallback
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Examined
from sleepy.daemon.versions import lookup
from sleepy.memory.episodic import episodes, lessons, nights, patterns, routes, tasks, versions
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Recorded
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.nights import Night
from sleepy.memory.episodic.patterns import DAY
from sleepy.memory.episodic.traces import Forgettable
from sleepy.memory.episodic.versions import Version
from sleepy.memory.parametric.router import Router
from sleepy.memory.parametric.scope import level, scopes

SCHEMA = 1  # of the JSON
SHOWN = 3  # lessons
_NEAREST = list(Provenance)  # shown in the order of their making: nearest to the model first
_EPISODES = 20  # of a task
_PATTERNS = 3  # of a task, or that begin so, explained at once; of more that begin so there is a list


def read(db: Database, home: Home, text: str) -> dict[str, Any]:
    """Everything behind a task or the patterns that a text names or begins, as plain data; `UserError` for anything else.

    Of many patterns `begun` has the names and what practice made of them, and `patterns` is empty.
    """
    with db.reading():
        kind, names = lookup.task_or_patterns(db, text)
        champion = fallback.serving_version(db)
        router = evidence.router(db, home, champion)
        found: list[Recorded] = []
        signatures = names
        if kind is Forgettable.PATH:
            mine = tasks.find(db, names[0])
            found = [item for task in mine for item in episodes.of_task(db, task.digest, limit=_EPISODES)]
            found = sorted(found, key=lambda item: item.id, reverse=True)[:_EPISODES]
            signatures = list(dict.fromkeys(item.episode.signature for item in found))[:_PATTERNS]
        many = len(signatures) > _PATTERNS
        return {
            "schema": SCHEMA,
            "asked": text,
            "kind": "pattern" if kind is Forgettable.PATTERN else "task",
            "name": names[0] if len(names) == 1 else text,
            "serves": champion,
            "episodes": [_episode(item) for item in found],
            "patterns": [] if many else [_pattern(db, each, champion, router) for each in signatures],
            "begun": _begun(db, signatures) if many else [],
        }


def line(data: dict[str, Any]) -> str:
    """The same as one line of JSON."""
    return json.dumps(data, ensure_ascii=False)


def _begun(db: Database, signatures: Sequence[str]) -> list[dict[str, Any]]:
    """The patterns with what practice made of them, the most practised first."""
    known = {item.signature: item for item in patterns.overview(db, limit=100_000)}
    rows = [
        {"signature": each, "practised": known[each].episodes, "passed": known[each].passes}
        for each in signatures
        if each in known
    ]
    return sorted(rows, key=lambda row: (-row["practised"], row["signature"]))


def _episode(item: Recorded) -> dict[str, Any]:
    episode, last = item.episode, item.episode.attempts[-1]
    solved = next((tried for tried in episode.attempts if tried.passed), last)
    return {
        "id": item.id, "when": item.started.isoformat(), "phase": DAY, "pattern": episode.signature,
        "version": episode.version, "route": solved.route, "rung": solved.rung, "passed": episode.passed,
        "outcome": solved.outcome,
    }  # fmt: skip


def _pattern(db: Database, signature: str, champion: str | None, router: Router) -> dict[str, Any]:
    serves, scope = router.route(signature), router.scope(signature)
    line_ = versions.lineage(db, champion)
    state = next((item for item in patterns.overview(db, limit=100_000) if item.signature == signature), None)
    proof = next(
        (item for v in line_ for item in routes.of_version(db, v.id) if item.signature == (scope or signature)), None
    )
    by, taught = _taught(db, line_, serves) if serves is not None else ("", None)
    drawn = lessons.read(db, taught[1].id, signature=by) if taught is not None else []
    return {
        "signature": signature,
        "state": state.state.value if state is not None else None,
        "practised": state.episodes if state is not None else 0,
        "passed": state.passes if state is not None else 0,
        "route": None if serves is None else {
            "serves": serves,
            "scope": scope,
            "exact": scope == signature,
            "path": _path(signature, router),
            "wins": proof.wins if proof else None,
            "losses": proof.losses if proof else None,
            "exam": proof.exam_n if proof else None,
            "p": proof.p_value if proof else None,
        },
        "version": None if taught is None else taught[0].id,
        "night": None if taught is None else _night(taught[1]),
        "lessons": len(drawn),
        "by_provenance": dict(Counter(item.provenance.value for item in drawn).most_common()),
        "shown": [_shown(db, item) for item in _first(drawn)],
        "from": _origins(db, drawn),
        "tried": [] if serves is not None else _tried(db, signature),
    }  # fmt: skip


def _path(signature: str, router: Router) -> list[dict[str, Any]]:
    """The scopes that cover the signature, the finest first, down to the one that answers: what each has there."""
    found = []
    for scope in scopes(signature):
        known = router.accepted.get(scope)
        withdrawn = known is not None and signature in router.withdrawn.get(scope, ())
        found.append({"scope": scope, "serves": known, "withdrawn": withdrawn})
        if known is not None and not withdrawn:
            break
    return found


def _taught(db: Database, line_: Sequence[Version], serves: str) -> tuple[str, tuple[Version, Night] | None]:
    """The scope of the lessons behind a pattern, and the version and night that taught it.

    What serves on at a signature after its code, or `all`, was learnt again has the lessons of that.
    """
    found = {name: _taught_as(db, line_, name) for name in scopes(serves)}
    return next(((name, known) for name, known in found.items() if known is not None), (serves, None))


def _taught_as(db: Database, line_: Sequence[Version], serves: str) -> tuple[Version, Night] | None:
    """The nearest version whose night had lessons for the pattern and changed its route; else the oldest with it."""
    known = [(item, night) for item in line_ if item.night and (night := nights.numbered(db, item.night))]
    proofs = {
        item.id: next((r.proof for r in routes.of_version(db, item.id) if r.serves == serves), None) for item in line_
    }
    for item, night in known:
        proof = proofs[item.id]
        kept = proof is not None and item.parent is not None and proofs.get(item.parent) == proof
        if not kept and lessons.read(db, night.id, signature=serves):  # kept: learnt again, without becoming better
            return item, night
    had = [pair for pair in known if any(route.serves == serves for route in routes.of_version(db, pair[0].id))]
    return had[-1] if had else None


def _night(night: Night) -> dict[str, Any]:
    return {
        "date": night.date.isoformat(), "decision": night.decision, "reasons": reasons.sentences(night.decision_reasons),
        "report": night.report,
    }  # fmt: skip


def _first(drawn: Sequence[Lesson]) -> list[Lesson]:
    """A few lessons, of as many kinds as possible, nearest to the model first."""
    by_kind = [[item for item in drawn if item.provenance is kind] for kind in _NEAREST]
    rounds = [kind[number] for number in range(SHOWN) for kind in by_kind if number < len(kind)]
    return rounds[:SHOWN]


def _shown(db: Database, lesson: Lesson) -> dict[str, Any]:
    """The lesson as a diff of the task that it came from, if that is known; else as question and answer."""
    told: dict[str, Any] = {"provenance": lesson.provenance.value, "episode": lesson.episode}
    origin = episodes.read(db, lesson.episode) if lesson.episode is not None else None
    if origin is not None:
        repaired = next((item.source for item in origin.episode.attempts if item.answer == lesson.answer), "")
        if repaired:
            return {**told, "task": origin.episode.task.name, "diff": unified(origin.episode.task.broken, repaired)}
    known = tasks.find(db, lesson.task_digest) if lesson.task_digest else []
    if known and known[0].fixed and lesson.provenance is Provenance.REFERENCE:
        return {**told, "task": known[0].name, "diff": unified(known[0].broken, known[0].fixed)}
    name = known[0].name if known else None
    return {**told, "task": name, "prompt": lesson.prompt, "answer": lesson.answer}


def _origins(db: Database, drawn: Sequence[Lesson]) -> list[dict[str, Any]]:
    """The episodes behind the lessons, newest first, and the tasks that gave lessons without an episode."""
    found = []
    for number in sorted({item.episode for item in drawn if item.episode is not None}, reverse=True):
        item = episodes.read(db, number)
        if item is not None:
            name = item.episode.task.name
            found.append({"episode": number, "task": name, "when": item.started.isoformat(),
                          "passed": item.episode.passed})  # fmt: skip
    told = {item["task"] for item in found}
    digests = sorted({item.task_digest for item in drawn if item.task_digest and item.episode is None})
    others = dict.fromkeys(task.name for digest in digests for task in tasks.find(db, digest))
    return found + [
        {"episode": None, "task": name, "when": None, "passed": None} for name in others if name not in told
    ]


def _tried(db: Database, signature: str) -> list[dict[str, Any]]:
    """The last nights that examined the pattern: whether its route earned its place, and the decision."""
    out = []
    for night in nights.recent(db, limit=30):
        examined = store.read(db, night.id, Examined)
        found = examined.held_out.get(signature) if examined is not None else None
        if found is not None:
            out.append({"date": night.date.isoformat(), "decision": night.decision, "earned": found.earns,
                        "wins": found.trial.wins, "losses": found.trial.losses, "n": found.trial.n})  # fmt: skip
    return out[:SHOWN]


_NAMES = ("its own:", "its code's:", "that for")  # of a route, by level
_LINES = 12  # of a diff or an answer
_NAMED = 8  # episodes


def view(data: dict[str, Any]) -> str:
    """The text for a person."""
    parts: list[str] = []
    if data["kind"] == "task":
        parts += [
            f"{data['name']}: {plural(len(data['episodes']), 'episode')}",
            *map(_episode_line, data["episodes"]),
            "",
        ]
    if data["begun"]:
        parts += [f"{len(data['begun'])} patterns begin with {data['asked']}; `sleepy why PATTERN` explains one:"]
        parts += [
            f"  {row['passed']:4} of {row['practised']:4} solved  {spoken(row['signature'])}" for row in data["begun"]
        ]
    elif len(data["patterns"]) > 1 and data["kind"] == "pattern":
        parts += [f"{len(data['patterns'])} patterns begin with {data['asked']}", ""]
    for item in data["patterns"]:
        parts += [*_pattern_lines(item, data["serves"]), ""]
    return "\n".join(parts).rstrip("\n")


def _pattern_lines(item: dict[str, Any], serves: str | None) -> Iterator[str]:
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
    elif route["scope"] is None:
        yield f"  route      that of the nearest pattern: {spoken(route['serves'])}"
    else:
        yield f"  route      {_NAMES[level(route['scope'])]} {spoken(route['scope'])}"
        for step in route["path"][:-1]:
            why = "withdrawn here, where it was worse" if step["withdrawn"] else "none"
            yield f"             {_NAMES[level(step['scope'])]} {spoken(step['scope'])}: {why}"
    if route["exam"] is not None:
        yield (
            f"  proof      won {route['wins']} and lost {route['losses']} of {route['exam']} fresh koans, "
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
        yield from _lesson_lines(lesson)
    if item["from"]:
        yield f"  from       {plural(len(item['from']), 'source')}"
        for origin in item["from"][:_NAMED]:
            number = f"episode {origin['episode']}" if origin["episode"] is not None else "no episode"
            when = f", {origin['when'][:10]}, {'solved' if origin['passed'] else 'failed'}" if origin["when"] else ""
            yield f"             {number}: {origin['task']}{when}"
        if len(item["from"]) > _NAMED:
            yield f"             and {len(item['from']) - _NAMED} more: --json names them"


def _lesson_lines(lesson: dict[str, Any]) -> Iterator[str]:
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


def _episode_line(item: dict[str, Any]) -> str:
    how = f"rung {item['rung']}{', routed' if item['route'] else ''}"
    return (
        f"  {item['id']}  {item['when'][:16].replace('T', ' ')}  {item['outcome']} ({how}), "
        f"{f'version {version}' if (version := item['version']) else 'base model'}; {spoken(item['pattern'])}"
    )
