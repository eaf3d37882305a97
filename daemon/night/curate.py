"""Lessons for the failing patterns, verified, with replay; and the koans each route will be examined on.

For one pattern, nearest to the model first: its own later successes under that signature, then forged
variants of the mistakes behind it, on other programs and under other names. Replay is the model's own
verified answers: first of the same signature, then of mastered ones. A koan that is, or is near to, an
exam koan is refused. The held-out koans come from base programs that give no lessons.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from sleepy.daemon import shelf
from sleepy.daemon.agent import edits
from sleepy.daemon.agent.attempt import Diagnosis
from sleepy.daemon.agent.request import ask
from sleepy.daemon.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.forge import forge, practice
from sleepy.koans.koan import Koan
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.storage import write_whole
from sleepy.sandbox.verdict import Verdict

_LEAST_HELD_OUT = 8  # fewer cannot show a gain
_PATIENCE = 6  # rounds of forging without a find for a pattern before it is left as it is
_LONGEST = 240  # characters of an answer: longer ones rewrite, they do not repair


@dataclass(slots=True)
class Course:
    """What one pattern gets."""

    signature: str
    lessons: list[Lesson] = field(default_factory=list)
    held_out: list[Koan] = field(default_factory=list)

    @property
    def teachable(self) -> bool:
        return len(self.held_out) >= _LEAST_HELD_OUT and len(self.lessons) >= 16


def curate(tools: Tools, failing: Sequence[str], mastered: Sequence[str], seed: int) -> list[Course]:
    """A course for each failing pattern; those the forge cannot make enough of come back short."""
    courses = {name: Course(name, _own(tools, name)) for name in failing}
    behind = shelf.mistakes_behind(
        [
            item.episode.task.origin
            for name in failing
            for item in episodes.of_pattern(tools.db, name, passed=False, limit=20)
        ]
    )
    firewall = library.Firewall(library.exam())
    bases, _ = library.sides()
    teaching = [base for base in bases if not library.is_exam(base.base, share=0.3, salt="held out")]
    examining = [base for base in bases if library.is_exam(base.base, share=0.3, salt="held out")]
    config = tools.config
    total = len(courses) * (config.lessons + config.held_out)

    def told() -> None:
        done = sum(min(len(c.lessons), config.lessons) + len(c.held_out) for c in courses.values())
        tools.say("lessons", done, total)

    def short(of: str) -> set[str]:
        if of == "held_out":
            return {name for name, c in courses.items() if len(c.held_out) < config.held_out}
        return {name for name, c in courses.items() if len(c.lessons) < config.lessons}

    seen: set[str] = set()
    barren = 0
    for number in range(1000):
        wanted = short("held_out")
        if not wanted or barren >= _PATIENCE:
            break
        made = practice(examining, tools.judge, seed + number, 40 * max(1, len(behind)), mistakes=behind, exact=False)
        before = len(seen)
        for koan, verdict in made:
            item = shelf.diagnosed(koan, cast(Verdict, verdict))
            if item is None or item.signature not in wanted or koan.digest in seen or firewall.blocks(koan):
                continue
            seen.add(koan.digest)
            course = courses[item.signature]
            if len(course.held_out) < config.held_out:
                course.held_out.append(koan)
        barren = barren + 1 if len(seen) == before else 0
        told()
    idle = 0
    forged = forge(teaching, tools.judge, seed, a_mistake=3, rename=0.7, mistakes=behind, exact=False)
    for koan, verdict in forged:
        wanted = short("lessons")
        if not wanted or idle > 3000:
            break
        idle += 1
        item = shelf.diagnosed(koan, cast(Verdict, verdict))
        if item is None or item.signature not in wanted or firewall.blocks(koan):
            continue
        lesson = forged_lesson(tools, item)
        if lesson is not None:
            courses[item.signature].lessons.append(lesson)
            idle = 0
            told()
    rng = random.Random(seed)
    for course in courses.values():
        course.lessons += _replay(tools, course, mastered, rng)
    return list(courses.values())


def forged_lesson(tools: Tools, item: Diagnosis) -> Lesson | None:
    """The koan's repair as the model would be asked and should answer; None where its format cannot say it."""
    request = ask(item.koan.broken, item.diagnostics, tools.model.format)
    try:
        answer = request.taught(item.koan.fixed)
        request.repaired(answer)
    except edits.EditError:
        return None
    if len(answer) > _LONGEST and request.prompt is not None:
        return None
    return Lesson(request.text, answer, item.signature, Provenance.FORGED, task_digest=None)


def _own(tools: Tools, signature: str) -> list[Lesson]:
    """The model's own verified answers under this signature, newest first."""
    return [
        Lesson(tried.prompt, tried.answer, signature, Provenance.OWN, item.episode.task.digest, item.id)
        for item in episodes.of_pattern(tools.db, signature, passed=True, limit=tools.config.lessons)
        for tried in item.episode.attempts
        if tried.passed and tried.rung == "model"
    ]


def _replay(tools: Tools, course: Course, mastered: Sequence[str], rng: random.Random) -> list[Lesson]:
    """Own answers on mastered patterns, as many as the share asks for where there are so many."""
    own = sum(item.provenance is Provenance.OWN for item in course.lessons)
    wanted = int(tools.config.replay * len(course.lessons)) - own  # same-signature successes are replay already
    if wanted <= 0:
        return []
    pool = [
        Lesson(tried.prompt, tried.answer, course.signature, Provenance.REPLAY, item.episode.task.digest, item.id)
        for name in mastered
        for item in episodes.of_pattern(tools.db, name, passed=True, limit=20)
        for tried in item.episode.attempts
        if tried.passed and tried.rung == "model"
    ]
    return rng.sample(pool, min(wanted, len(pool)))


def write_held_out(folder: Path, courses: Sequence[Course]) -> str:
    """Keeps the held-out koans of a night in its folder; returns the file's hash."""
    rows = [
        json.dumps({"signature": course.signature, "koan": asdict(koan)}, ensure_ascii=False)
        for course in courses
        for koan in course.held_out
    ]
    data = ("\n".join(rows) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "held_out.jsonl", data)
    return hashlib.sha256(data).hexdigest()


def read_held_out(folder: Path) -> Iterator[tuple[str, Koan]]:
    for line in (folder / "held_out.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["signature"], Koan(**row["koan"])
