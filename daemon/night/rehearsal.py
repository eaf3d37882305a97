"""What the champion itself answers to a course's koans before it is taught: right answers take the place of the forge's.

A model learns most safely from what it says itself, and what it can already do is thereby rehearsed, so that it is not
lost. Where its greedy answer is wrong, samples are asked for (rejection sampling, as in ReST-EM, Singh et al. 2024).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from sleepy.daemon.attempt.attempt import EXAM, TEMPERATURE, Attempt, Diagnosis, attempt, fitting
from sleepy.daemon.night import lessons
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools import answering
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic.lessons import Lesson, Provenance

_TOGETHER = 2 * EXAM  # koans answered before the clock is looked at


def right_answers(
    tools: Tools, served: Served, asked: Sequence[Diagnosis], seed: int, *, until: float
) -> dict[str, Lesson]:
    """A koan's digest -> the champion's right answer to it as a lesson; koans that it does not solve are left out.

    The greedy answer is taken where it is right, else the first right one of the setting `day_samples`. After `until`,
    on the monotonic clock, no more koans are asked.
    """
    drawn = random.Random(f"rehearsal {tools.config.seed} {seed}").getrandbits(63)
    found: dict[str, Lesson] = {}
    able, start = fitting(asked, tools.model)[0], 0
    with served.on(tools.model) as model:
        by = answering.answers(tools, served.answering, lambda: tools.say("rehearsal", start, len(able)))

        def answers(some: Sequence[Diagnosis], temperature: float) -> Iterator[Attempt]:
            yield from attempt(
                some, model, tools.judge, served.router.route, temperature=temperature, seed=drawn, chunk=EXAM, answers=by
            )  # fmt: skip

        for start in range(0, len(able), _TOGETHER):
            if time.monotonic() >= until:
                break
            some, failed = able[start : start + _TOGETHER], []
            for item in answers(some, 0.0):
                if item.passed:
                    _keep(tools, found, item)
                else:
                    failed.append(item.diagnosis)
            for item in answers([one for one in failed for _ in range(tools.config.day_samples)], TEMPERATURE):
                if item.passed:
                    _keep(tools, found, item)
            tools.say("rehearsal", start + len(some), len(able))
    return found


def _keep(tools: Tools, found: dict[str, Lesson], item: Attempt) -> None:
    asked = item.diagnosis
    if asked.koan.digest in found:
        return
    made = lessons.plain(
        tools, asked.koan.broken, asked.diagnostics, item.source, asked.signature, Provenance.OWN
    )  # fmt: skip
    if made is not None:
        found[asked.koan.digest] = made
