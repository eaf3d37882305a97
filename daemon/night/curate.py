"""Makes verified lessons for the failing patterns, with replay, and the held-out koans that each route is examined on.

A pattern is a scope: a signature, a code, or `all`. A course's lessons come first from memory (see `lessons`), then from
forged variants of the developer's repairs and of failed tasks, then a part from the functions of their crates (see
`crate_search`), then from all that the forge can make (see `search`), the mistakes behind their repairs among it, and last
from the same under other names. Where too few come of all that, the crates' functions are asked for the rest. A coarse
scope's lessons and held-out koans are spread over its signatures. Replay is the model's own verified answers: first those
of the same scope, then those of other mastered patterns. A koan that is an exam koan, or close to one, is refused.

Held-out koans come from programs, and templates' shapes, that give no lessons of any provenance; none differs from a
lesson's koan in names, numbers and texts alone.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.day import shelf
from sleepy.daemon.day.own_code import FunctionSide
from sleepy.daemon.night import lessons, rehearsal, selection
from sleepy.daemon.night.course import LEAST_HELD_OUT, LEAST_LESSONS, Course
from sleepy.daemon.night.crate_search import CrateSearch
from sleepy.daemon.night.making import LessonMaker
from sleepy.daemon.night.repairs import RepairedMistake, of_repairs, repaired_mistakes
from sleepy.daemon.night.search import Search, apportioned
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools
from sleepy.koans import library
from sleepy.koans.forge.sources import KoanSource, of_mistakes, of_templates
from sleepy.koans.forge.yields import yields
from sleepy.memory.episodic import episodes, patterns, recall
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.parametric.scope import covers, is_signature

_SPARE = 1.15  # koans forged for a place: some repairs cannot be said in the answer format
_WIDEST = 24  # signatures that a scope without failures in memory is spread over
_OWN_TIME = 0.03  # share of the night's minutes that each search in their crates takes at most
_REPLAYED = 20  # newest successes of a mastered pattern that replay draws from

_BASE = Served()
Spread = Mapping[str, Mapping[str, float]]  # scope -> signature -> its share


def curate(
    tools: Tools,
    failing: Sequence[str],
    mastered: Sequence[str],
    seed: int,
    *,
    weights: Spread | None = None,
    served: Served = _BASE,
    until: float = math.inf,
    rehearsed: float = math.inf,
) -> list[Course]:
    """A course for each failing scope; a course is short if the forge could not make enough koans for it.

    A signature is given as many lessons as the setting says, a coarse scope several times as many (see
    `selection.courses`). To the koans of a coarse scope `served` gives its own answers first (see `rehearsal`).

    The scopes come in the order of their worth: where time is short the first have what they need. `weights` says how a
    coarse scope's lessons and held-out koans are spread over its signatures; without, evenly over those that failed in
    practice. `mastered` are signatures.
    After `until`, on the monotonic clock, nothing more is forged: the lessons are then those that were found. After
    `rehearsed` nothing more is answered.
    """
    spread = {scope: _spread(tools, scope, (weights or {}).get(scope)) for scope in failing}
    courses = {scope: Course(scope) for scope in failing}
    firewall = shelf.sealed(tools)
    minutes = tools.config.night_minutes
    sizes = {scope: tools.config.lessons * selection.courses(scope, spread[scope], minutes) for scope in failing}
    total = sum(sizes.values()) + len(courses) * tools.config.held_out
    rng = random.Random(seed)

    def report_progress() -> None:
        done = sum(min(len(c.lessons), sizes[c.scope]) + len(c.held_out) for c in courses.values())
        tools.say("lessons", done, total)

    def hold_out(found: Iterable[tuple[str, Diagnosis]]) -> None:
        for scope, item in found:
            courses[scope].held_out.append(item.koan)
            courses[scope].asked[item.signature] += 1
            report_progress()

    repaired = repairs_of(tools, failing)
    own_seconds = _OWN_TIME * 60 * minutes
    theirs = crate_search(tools, FunctionSide.HELD_OUT, failing, seed)
    examining = held_out_search(tools, failing, seed)
    if theirs is not None:
        share = dict.fromkeys(failing, math.ceil(tools.config.own_code * tools.config.held_out))
        hold_out(theirs.find(share, time.monotonic() + own_seconds))
        examining.refuse([koan for course in courses.values() for koan in course.held_out])
    hold_out(examining.find(_lacking(courses, tools.config.held_out), spread))
    if theirs is not None:
        hold_out(theirs.find(_lacking(courses, LEAST_HELD_OUT), time.monotonic() + own_seconds))
    kept = [koan for course in courses.values() for koan in course.held_out]
    tasks = {item.origin: item.task for item in repaired}
    makers = {
        scope: LessonMaker(tools, courses[scope], apportioned(sizes[scope], spread[scope]), firewall, kept, rng, tasks)
        for scope in failing
        if len(courses[scope].held_out) >= LEAST_HELD_OUT
    }
    for maker in makers.values():
        maker.recall()
        report_progress()
    own = tools.config.teach == "own"
    sought = {scope: maker for scope, maker in makers.items() if not own or not is_signature(scope)}
    if sought:
        own_code = crate_search(tools, FunctionSide.TAUGHT, list(sought), seed + 1)
        if own_code is not None:
            own_code.refuse(kept)
            share = {
                scope: math.ceil(tools.config.own_code * sum(maker.places().values()))
                for scope, maker in sought.items()
            }
            for scope, item in own_code.find(share, min(until, time.monotonic() + own_seconds)):
                makers[scope].add(item.koan)
            for maker in sought.values():
                maker.flush()
        teaching = lesson_search(tools, failing, seed + 1)
        teaching.until = until
        teaching.refuse(kept)
        open_places = {scope: math.ceil(_SPARE * sum(maker.places().values())) for scope, maker in sought.items()}
        for scope, item in teaching.find(open_places, {scope: maker.places() for scope, maker in sought.items()}):
            makers[scope].add(item.koan)
            report_progress()
        for maker in sought.values():
            maker.fill(only_needed=time.monotonic() >= until)
            report_progress()
        if own_code is not None:
            short = {scope: LEAST_LESSONS - len(courses[scope].lessons) for scope in sought}
            for scope, item in own_code.find(short, time.monotonic() + own_seconds):
                makers[scope].add(item.koan)
            for maker in sought.values():
                maker.flush()
        for scope in failing:
            examining.rare[scope] = [*examining.rare.get(scope, ()), *teaching.rare.get(scope, ())]
        _rehearse(tools, served, list(sought.values()), seed, rehearsed)
    known = {name: lessons.own(tools, name, limit=_REPLAYED) for name in mastered if tools.config.teach != "forged"}
    counts = recall.repaired(tools.db)
    for scope, course in courses.items():
        course.rare = tuple(sorted(set(examining.rare.get(scope, ()))))
        course.crates = theirs is not None
        course.repairs = sum(count for name, count in counts.items() if covers(scope, name))
        course.shapes = sum(covers(scope, item.signature) for item in repaired)
        _replay(tools, course, known, rng)
    return list(courses.values())


def _rehearse(tools: Tools, served: Served, makers: Sequence[LessonMaker], seed: int, until: float) -> None:
    """Puts the champion's own right answers in the place of the forge's, in the courses of coarse scopes.

    A koan of several courses is answered once. With the setting `teach` at `own` what is left of the forge's goes.
    """
    coarse = [maker for maker in makers if maker.is_coarse]
    if tools.config.teach == "forged" or not coarse:
        return
    asked = {item.koan.digest: item for maker in coarse for item in maker.forged.values()}
    right = rehearsal.right_answers(tools, served, list(asked.values()), seed, until=until)
    for maker in coarse:
        maker.own(right, alone=tools.config.teach == "own")


def held_out_search(tools: Tools, scopes: Sequence[str], seed: int) -> Search:
    """A search for koans of programs and templates' shapes that give no lessons: they are made anew with every seed."""
    return _search(tools, scopes, seed, held_out=True)


def lesson_search(tools: Tools, scopes: Sequence[str], seed: int) -> Search:
    """A search for koans of the other programs and shapes."""
    return _search(tools, scopes, seed, held_out=False)


def _search(tools: Tools, scopes: Sequence[str], seed: int, *, held_out: bool) -> Search:
    repaired = repairs_of(tools, scopes)
    made = sources(held_out=held_out, repaired=repaired)
    return Search(tools, made, origins(tools, scopes, repaired), shelf.sealed(tools), seed)


def crate_search(tools: Tools, side: FunctionSide, scopes: Sequence[str], seed: int) -> CrateSearch | None:
    """A search among the user's functions of one side; None where there is none that could be broken."""
    if tools.crates is None:
        return None
    repaired = repairs_of(tools, scopes)
    found = CrateSearch(tools, side, origins(tools, scopes, repaired), repaired, shelf.sealed(tools), seed)
    return found if found.functions else None


def repairs_of(tools: Tools, scopes: Sequence[str]) -> list[RepairedMistake]:
    """The mistakes behind the user's repairs under the scopes."""
    known = recall.repaired(tools.db)
    return repaired_mistakes(tools, [name for name in known if any(covers(scope, name) for scope in scopes)])


def sources(*, held_out: bool, repaired: Sequence[RepairedMistake] = ()) -> list[KoanSource]:
    """All that the forge can make of one side's programs and templates' shapes."""
    bases, _ = library.sides()
    side = [base for base in bases if shelf.is_held_out(base.base) is held_out]
    shapes = of_templates(lambda base: shelf.is_held_out(base) is held_out)
    return [*of_mistakes(side), *of_repairs(side, repaired), *shapes]


def origins(tools: Tools, scopes: Sequence[str], repaired: Sequence[RepairedMistake] = ()) -> dict[str, list[str]]:
    """The origins of remembered koans, failed ones if there are any, by their signatures under the scopes.

    With those of koans that the repaired mistakes make.
    """
    names = {name for scope in scopes for name in _practised(tools, scope)}
    found = {
        name: [
            item.episode.task.origin
            for item in episodes.failed_alone(tools.db, name, limit=50)
            or episodes.of_pattern(tools.db, name, passed=True)
        ]
        for name in sorted(names)
    }
    for item in repaired:
        found.setdefault(item.signature, []).append(item.origin)
    return found


def _lacking(courses: Mapping[str, Course], count: int) -> dict[str, int]:
    """How many held-out koans each course lacks."""
    return {scope: count - len(course.held_out) for scope, course in courses.items() if len(course.held_out) < count}


def _practised(tools: Tools, scope: str) -> list[str]:
    if is_signature(scope):
        return [scope]
    return sorted(name for name in patterns.rates(tools.db) if covers(scope, name))


def _spread(tools: Tools, scope: str, given: Mapping[str, float] | None) -> dict[str, float]:
    """The shares of the signatures under a scope: as given, or alike for all that failed, or that the forge makes most."""
    if is_signature(scope):
        return {scope: 1.0}
    if given:
        return {name: share for name, share in given.items() if share > 0 and covers(scope, name)}
    failed = [
        name
        for name, tally in patterns.rates(tools.db).items()
        if covers(scope, name) and tally.passes < tally.attempts
    ]
    if failed:
        return dict.fromkeys(sorted(failed), 1.0)
    made: Counter[str] = Counter()
    for item in yields().values():
        made.update({name: count for name, count in item.signatures.items() if covers(scope, name)})
    return dict.fromkeys([name for name, _ in made.most_common(_WIDEST)] or [scope], 1.0)


def _replay(tools: Tools, course: Course, mastered: Mapping[str, Sequence[Lesson]], rng: random.Random) -> None:
    """Adds the model's own answers on mastered patterns, of any rung, up to the share that the settings ask for.

    Those that the course's scope covers come first: what the model can do of them must not be lost.
    """
    same = sum(item.provenance is Provenance.OWN for item in course.lessons)
    course.replayed = {course.scope: same} if same else {}
    wanted = int(tools.config.replay * len(course.lessons))
    if tools.config.teach == "both":
        wanted -= same  # successes of the same scope are replay already
    near = [name for name in mastered if covers(course.scope, name)]
    for names in (near, [name for name in mastered if name not in near]):
        pool = [
            (name, replace(lesson, signature=course.scope, provenance=Provenance.REPLAY))
            for name in names
            for lesson in mastered[name]
        ]
        for name, lesson in rng.sample(pool, max(0, min(wanted, len(pool)))):
            course.lessons.append(lesson)
            course.replayed[name] = course.replayed.get(name, 0) + 1
            wanted -= 1
