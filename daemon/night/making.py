"""Makes one course's lessons: from memory first, then of forged koans, and of the same under other names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sleepy.daemon.attempt.attempt import Diagnosis, compiled, diagnose
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import remembered
from sleepy.daemon.night import lessons
from sleepy.daemon.night.course import LEAST_LESSONS, Course
from sleepy.daemon.night.search import apportioned
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.variation import variant
from sleepy.koans.koan import Koan
from sleepy.koans.tokens import skeleton
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.tasks import TaskKind
from sleepy.memory.parametric.scope import covers, is_signature

VARIANTS = 3  # variants under other names of each koan
_CHUNK = 24  # koans verified together


class LessonMaker:
    """Makes one course's lessons. `quota` says how many are wanted of each signature.

    `tasks` are the digests of the user's repaired tasks, by the origins of koans made like them. `forged` are the koans
    of its forged lessons, by the lessons' hashes.
    """

    def __init__(
        self,
        tools: Tools,
        course: Course,
        quota: Mapping[str, int],
        firewall: library.Firewall,
        held_out: Sequence[Koan],
        rng: random.Random,
        tasks: Mapping[str, str],
    ) -> None:
        self._tools, self._course, self._quota, self._firewall, self._rng = tools, course, quota, firewall, rng
        self._tasks = tasks
        self._kept = {skeleton(koan.broken) for koan in held_out}
        self._added: set[str] = set()
        self.forged: dict[str, Diagnosis] = {}
        self._waiting: list[tuple[Koan, str | None]] = []
        self._varied: list[tuple[Koan, str | None]] = []

    @property
    def room(self) -> int:
        """How many lessons the course lacks."""
        return sum(self._quota.values()) - len(self._course.lessons)

    @property
    def is_coarse(self) -> bool:
        """Whether the course is of a code, or of all errors."""
        return not is_signature(self._course.scope)

    def places(self) -> dict[str, float]:
        """How many lessons each signature lacks, within the course's room."""
        lacking = {name: float(max(0, count - self._course.taught[name])) for name, count in self._quota.items()}
        return {name: float(count) for name, count in apportioned(max(0, self.room), lacking).items() if count}

    def recall(self) -> None:
        """Lessons from memory, and from variants of what the developer repaired.

        Of a coarse scope each signature gives as many as its share.
        """
        course, most = self._course, is_signature(self._course.scope)
        for name, count in self._quota.items():
            known = [
                remembered(item.episode.task)
                for item in episodes.failed_alone(self._tools.db, name, limit=50)
                if item.episode.task.kind is TaskKind.KOAN and not shelf.is_held_out(item.episode.task.base)
            ]
            for lesson in _remembered(self._tools, name, known, self._firewall):
                if most or course.taught[name] < count:
                    self._append(replace(lesson, signature=course.scope), name)
            if self._tools.config.teach == "own":
                continue
            repaired = lessons.repaired_programs(self._tools, name)
            varied = [pair for koan, task in repaired for pair in self._variants(koan, task)]
            self._teach([*repaired, *varied], self.room if most else count - course.taught[name])
            self._varied += [(koan, koan.digest) for koan in known if koan.fixed]

    def add(self, koan: Koan) -> None:
        """A forged koan."""
        task = self._tasks.get(koan.origin)
        self._waiting.append((koan, task))
        self._varied.append((koan, task))
        if len(self._waiting) == _CHUNK:
            self.flush()

    def fill(self, *, only_needed: bool = False) -> None:
        """What is left waiting; then failed tasks and forged koans under other names while there is room.

        `only_needed`: no more of these than a course must have.
        """
        self.flush()
        room = min(self.room, LEAST_LESSONS - len(self._course.lessons)) if only_needed else self.room
        if room > 0:
            self._teach([pair for koan, task in self._varied for pair in self._variants(koan, task)], room)

    def flush(self) -> None:
        """Makes lessons of what is waiting."""
        waiting, self._waiting = self._waiting, []
        self._teach(waiting, self.room)

    def _variants(self, koan: Koan, task: str | None) -> list[tuple[Koan, str | None]]:
        if koan.file:
            return []  # other files, and tests, speak of its names
        made = (variant(koan, self._rng) for _ in range(VARIANTS))
        return [(item, task) for item in made if item is not None]

    def _teach(self, koans: Sequence[tuple[Koan, str | None]], room: int) -> None:
        """Adds at most `room` lessons from koans that are verified both ways.

        Each koan comes with the digest of the remembered task it was made from, or None: `forget` removes its lessons.
        """
        for start in range(0, len(koans), 2 * _CHUNK):
            some = koans[start : start + 2 * _CHUNK] if room > 0 else ()
            texts = [(koan, text) for koan, _ in some for text in (koan.broken, koan.fixed)]
            verdicts = compiled(texts, self._tools.judge, exact=False)
            for (koan, task), broken, fixed in zip(some, verdicts[::2], verdicts[1::2], strict=True):
                item = shelf.diagnosed(koan, broken)
                if not fixed.passed or item is None or not covers(self._course.scope, item.signature):
                    continue
                if self._firewall.blocks(koan) or skeleton(koan.broken) in self._kept:
                    continue
                lesson = forged_lesson(self._tools, item)
                if lesson is not None and room > 0:
                    program = task if task is not None and koan.origin == "yours" else koan.base
                    made = replace(lesson, signature=self._course.scope, task_digest=task, program=program)
                    if self._append(made, item.signature):
                        room -= 1
                        self.forged[made.content_hash] = item

    def own(self, right: Mapping[str, Lesson], *, alone: bool) -> None:
        """Puts right answers, by the koans' digests, in the place of the forge's. `alone`: the other forged ones go."""
        kept = []
        for lesson in self._course.lessons:
            item = self.forged.get(lesson.content_hash)
            answer = None if item is None else right.get(item.koan.digest)
            if item is not None and answer is not None:
                kept.append(replace(lesson, answer=answer.answer, prompt=answer.prompt, provenance=Provenance.OWN))
            elif item is None or not alone:
                kept.append(lesson)
            else:
                self._course.taught[item.signature] -= 1
        self._course.lessons[:] = kept

    def _append(self, lesson: Lesson, signature: str) -> bool:
        if lesson.content_hash in self._added:
            return False
        self._added.add(lesson.content_hash)
        self._course.lessons.append(lesson)
        self._course.taught[signature] += 1
        return True


def _remembered(
    tools: Tools, signature: str, failed: Sequence[Koan], firewall: library.Firewall
) -> Iterator[Lesson]:  # fmt: skip
    """A signature's lessons from memory, in the order in which they are taken."""
    asked = [
        item
        for item in diagnose([koan for koan in failed if firewall.blocks(koan) is None], tools.judge)[0]
        if item.signature == signature
    ]
    if tools.config.teach != "forged":
        yield from lessons.own(tools, signature)
    if tools.config.teach != "own":
        yield from lessons.developers(tools, signature)
        yield from lessons.suggestions(tools, signature, asked)
        yield from lessons.references(tools, signature, asked)


def forged_lesson(tools: Tools, item: Diagnosis) -> Lesson | None:
    """The koan's repair as a lesson; None if the answer format cannot express it."""
    return lessons.plain(
        tools, item.koan.broken, item.diagnostics, item.koan.fixed, item.signature, Provenance.FORGED
    )  # fmt: skip
