"""Makes verified lessons for the failing patterns, with replay, and the held-out koans that each route is examined on.

A pattern's lessons come first from memory (see `lessons`), then from forged variants of the developer's repairs, of
the failed tasks and of the mistakes behind them, on other programs and under other names. Replay is the model's own
verified answers: first those of the same signature, then those of mastered ones. A koan that is an exam koan, or close
to one, is refused. Held-out koans come from base programs that give no lessons.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

from sleepy.daemon.attempt.attempt import Diagnosis, diagnose
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import remembered
from sleepy.daemon.night import lessons
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.forge import practice
from sleepy.koans.forge.mistakes import Mistake
from sleepy.koans.forge.variation import variant
from sleepy.koans.koan import Koan
from sleepy.koans.program import Program
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.tasks import TaskKind
from sleepy.memory.parametric.storage import write_whole
from sleepy.sandbox.verdict import Verdict

LEAST_HELD_OUT = 8  # fewer cannot show a gain
LEAST_LESSONS = 16
_PATIENCE = 2  # rounds of forging without a hit before a pattern is given up
_ROUND = 192  # koans forged per round
_ROUNDS = 40
_REPLAYED = 20  # newest successes of a mastered pattern that replay draws from
_VARIANTS = 3  # variants of each koan under other names


@dataclass(slots=True)
class Course:
    """One pattern's lessons and held-out koans."""

    signature: str
    lessons: list[Lesson] = field(default_factory=list)
    held_out: list[Koan] = field(default_factory=list)
    replayed: dict[str, int] = field(
        default_factory=dict
    )  # signature -> how many of the model's own successes under it

    @property
    def teachable(self) -> bool:
        return len(self.held_out) >= LEAST_HELD_OUT and len(self.lessons) >= LEAST_LESSONS

    def kinds(self) -> dict[str, int]:
        """The number of lessons of each kind."""
        found = Counter(item.provenance.value for item in self.lessons)
        return dict(sorted(found.items()))


def curate(tools: Tools, failing: Sequence[str], mastered: Sequence[str], seed: int) -> list[Course]:
    """A course for each failing pattern; a course is short if the forge could not make enough koans for it."""
    failed = {name: episodes.failed_alone(tools.db, name, limit=50) for name in failing}
    origins = {
        name: [item.episode.task.origin for item in failed[name] or episodes.of_pattern(tools.db, name, passed=True)]
        for name in failing
    }
    courses = {name: Course(name) for name in failing}
    firewall = shelf.sealed(tools)
    bases, _ = library.sides()
    teaching = [base for base in bases if not shelf.is_held_out(base.base)]
    examining = [base for base in bases if shelf.is_held_out(base.base)]
    config = tools.config
    total = len(courses) * (config.lessons + config.held_out)
    rng = random.Random(seed)

    def report_progress() -> None:
        done = sum(min(len(c.lessons), config.lessons) + len(c.held_out) for c in courses.values())
        tools.say("lessons", done, total)

    for name, koan in Search(tools, examining, origins, firewall, seed).find(dict.fromkeys(failing, config.held_out)):
        courses[name].held_out.append(koan)
        report_progress()
    able = [name for name in failing if len(courses[name].held_out) >= LEAST_HELD_OUT]
    for name in able:
        known = [
            remembered(item.episode.task)
            for item in failed[name]
            if item.episode.task.kind is TaskKind.KOAN and not shelf.is_held_out(item.episode.task.base)
        ]
        _recall(tools, courses[name], known, firewall)
        known_tasks = [(koan, koan.digest) for koan in known if koan.fixed]
        if config.teach != "own":
            _teach(tools, courses[name], [*lessons.repaired_programs(tools, name), *known_tasks], firewall, rng)
        report_progress()
    forging = able if config.teach != "own" else []
    open_places = {name: 1 + (config.lessons - len(courses[name].lessons)) // (1 + _VARIANTS) for name in forging}
    found: dict[str, list[tuple[Koan, str | None]]] = {name: [] for name in able}
    for name, koan in Search(tools, teaching, origins, firewall, seed + 1).find(open_places):
        found[name].append((koan, None))
        if len(found[name]) == 16:
            _teach(tools, courses[name], found.pop(name), firewall, rng)
            found[name] = []
            report_progress()
    for name, rest in found.items():
        _teach(tools, courses[name], rest, firewall, rng)
        report_progress()
    if config.teach != "forged":
        known_answers = {name: lessons.own(tools, name, limit=_REPLAYED) for name in mastered}
        for course in courses.values():
            _replay(tools, course, known_answers, rng)
    return list(courses.values())


def _recall(tools: Tools, course: Course, failed: Sequence[Koan], firewall: library.Firewall) -> None:
    """Adds the pattern's lessons from memory to the course; the same lesson from two sources is added once."""
    asked = [
        item
        for item in diagnose([koan for koan in failed if firewall.blocks(koan) is None], tools.judge)[0]
        if item.signature == course.signature
    ]
    sources = (
        lessons.own(tools, course.signature) if tools.config.teach != "forged" else [],
        *(() if tools.config.teach == "own" else (
            lessons.developers(tools, course.signature),
            lessons.suggestions(tools, course.signature, asked),
            lessons.references(tools, course.signature, asked),
        )),
    )  # fmt: skip
    added = set()
    for lesson in (item for some in sources for item in some):
        if lesson.content_hash not in added:
            added.add(lesson.content_hash)
            course.lessons.append(lesson)


class Search:
    """Forges koans of the wanted signatures, trying most often the mistakes that have yielded most.

    `origins` maps each signature to the mistakes known to cause it; how often each does is learnt on the way.
    A signature is given up after `_PATIENCE` rounds without a hit.
    """

    def __init__(
        self,
        tools: Tools,
        bases: Sequence[Program],
        origins: Mapping[str, Sequence[str]],
        firewall: library.Firewall,
        seed: int,
    ) -> None:
        self._tools, self._bases, self._firewall, self._seed = tools, bases, firewall, seed
        self._behind = {name: shelf.mistakes_behind(found) for name, found in origins.items()}
        self._tried: Counter[str] = Counter()
        self._hit: Counter[str] = Counter()

    def find(self, wanted: Mapping[str, int]) -> Iterator[tuple[str, Koan]]:
        """Yields (signature, koan), no koan twice, until every signature has its number or is given up."""
        left = {name: count for name, count in wanted.items() if count > 0}
        barren: Counter[str] = Counter()
        seen: set[str] = set()
        for number in range(_ROUNDS):
            if not left:
                return
            mistakes = self._mistakes(left)
            made = practice(
                self._bases, self._tools.judge, self._seed * 1000 + number, _ROUND, mistakes=mistakes, exact=False
            )
            hits: Counter[str] = Counter()
            for koan, verdict in made:
                self._tried[koan.mistake] += 1
                item = shelf.diagnosed(koan, cast(Verdict, verdict))
                if item is None or item.signature not in left or koan.digest in seen or self._firewall.blocks(koan):
                    continue
                seen.add(koan.digest)
                self._hit[koan.mistake] += 1
                hits[item.signature] += 1
                left[item.signature] -= 1
                yield item.signature, koan
                if left[item.signature] == 0:
                    del left[item.signature]
            for name in list(left):
                barren[name] = 0 if hits[name] else barren[name] + 1
                if barren[name] == _PATIENCE:
                    del left[name]

    def _mistakes(self, left: Mapping[str, int]) -> list[Mistake]:
        """The mistakes behind the signatures still wanted, repeated in proportion to how often they hit."""
        known = {mistake.name: mistake for name in left for mistake in self._behind[name]}
        rates = {name: (self._hit[name] + 1) / (self._tried[name] + 4) for name in known}
        best = max(rates.values())
        return [known[name] for name, rate in sorted(rates.items()) for _ in range(max(1, round(6 * rate / best)))]


def _teach(
    tools: Tools,
    course: Course,
    koans: Sequence[tuple[Koan, str | None]],
    firewall: library.Firewall,
    rng: random.Random,
) -> None:
    """Adds lessons from koans and from their variants under other names, as long as the course has room.

    Each koan comes with the digest of the remembered task it was made from, or None: `forget` removes its lessons too.
    """
    room = tools.config.lessons - len(course.lessons)
    added = {lesson.content_hash for lesson in course.lessons}
    made = [(variant(koan, rng), task) for koan, task in koans for _ in range(_VARIANTS)]
    asked = [*koans, *((koan, task) for koan, task in made if koan is not None)]
    verdicts = tools.judge.check_many([text for koan, _ in asked for text in (koan.broken, koan.fixed)], exact=False)
    for (koan, task), broken, fixed in zip(asked, verdicts[::2], verdicts[1::2], strict=True):
        item = shelf.diagnosed(koan, broken)
        if not fixed.passed or item is None or item.signature != course.signature or firewall.blocks(koan):
            continue
        lesson = forged_lesson(tools, item)
        if lesson is not None and room > 0 and lesson.content_hash not in added:
            added.add(lesson.content_hash)
            course.lessons.append(replace(lesson, task_digest=task))
            room -= 1


def forged_lesson(tools: Tools, item: Diagnosis) -> Lesson | None:
    """The koan's repair as a lesson; None if the answer format cannot express it."""
    return lessons.plain(
        tools, item.koan.broken, item.diagnostics, item.koan.fixed, item.signature, Provenance.FORGED
    )  # fmt: skip


def _replay(tools: Tools, course: Course, mastered: Mapping[str, Sequence[Lesson]], rng: random.Random) -> None:
    """Adds the model's own answers on mastered patterns, of any rung, up to the share that the settings ask for."""
    same = sum(item.provenance is Provenance.OWN for item in course.lessons)
    course.replayed = {course.signature: same} if same else {}
    wanted = int(tools.config.replay * len(course.lessons))
    if tools.config.teach == "both":
        wanted -= same  # same-signature successes are replay already
    if wanted <= 0:
        return
    pool = [
        (name, replace(lesson, signature=course.signature, provenance=Provenance.REPLAY))
        for name, found in mastered.items()
        for lesson in found
    ]
    for name, lesson in rng.sample(pool, min(wanted, len(pool))):
        course.lessons.append(lesson)
        course.replayed[name] = course.replayed.get(name, 0) + 1


def write_held_out(folder: Path, courses: Sequence[Course]) -> str:
    """Writes a night's held-out koans into its folder; returns the file's hash."""
    rows = [
        json.dumps({"signature": course.signature, "koan": asdict(koan)}, ensure_ascii=False)
        for course in courses
        for koan in course.held_out
    ]
    data = "".join(f"{row}\n" for row in rows).encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "held_out.jsonl", data)
    return hashlib.sha256(data).hexdigest()


def read_held_out(folder: Path) -> Iterator[tuple[str, Koan]]:
    """Yields the (signature, koan) pairs that `write_held_out` wrote."""
    for line in filter(None, (folder / "held_out.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        yield row["signature"], Koan(**row["koan"])
