"""Exploration: what the greedy answer failed is asked again, in ways whose successes a night can teach.

First several samples at a temperature; where none passes a second turn, from the program that a failed answer left and
what the compiler said of it; then the plain question with the error's hint. It ends with the first rung that solves
the koan. By night the success is taught as the plain question (see `night/lessons.py`), so koans of programs that give
no lesson are not explored. Only the greedy first answer counts as the model's pass rate: every answer is kept under
its rung.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sleepy.daemon.attempt.attempt import (
    HINTED,
    SAMPLED,
    TEMPERATURE,
    TURNED,
    Attempt,
    Diagnosis,
    after,
    attempt,
    fitting,
    no_hint,
    rejudged,
)
from sleepy.daemon.base.heartbeat import PRACTICE
from sleepy.daemon.day import shelf
from sleepy.daemon.model.hints import Hints
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools import answering
from sleepy.daemon.tools.tools import Tools
from sleepy.memory.episodic import episodes

_log = logging.getLogger("sleepy.day")


@dataclass(frozen=True, slots=True)
class Failed:
    """A koan that the greedy answer failed: its episode's number, and that answer."""

    episode: int
    first: Attempt

    @property
    def diagnosis(self) -> Diagnosis:
        return self.first.diagnosis


def explore(
    tools: Tools, served: Served, model: LanguageModel, failed: Sequence[Failed], answers: int, seed: int
) -> Mapping[str, int]:
    """Rung -> koans that it solved, with so many answers at most; the first in order go first.

    Each answer is on its koan's episode before the next one is: a killed day loses what was being judged. `model`
    serves what is `served`. Samples repeat with the seed, in batches of the same size and in the same precision.
    """
    open_koans = [item for item in failed if not shelf.is_held_out(item.diagnosis.koan.base)]
    drawn = random.Random(f"explore {tools.config.seed} {seed}").getrandbits(63)
    found = _Exploration(tools, served, model, answers, drawn)
    while open_koans and found.left > 0:
        size = max(1, found.left // found.each)  # what some did not need is left for the next
        found.climb(open_koans[:size])
        open_koans = open_koans[size:]
    return dict(found.solved)


class _Exploration:
    """The rungs, as long as answers are `left`. `each` is what a koan takes that none of them solves."""

    def __init__(self, tools: Tools, served: Served, model: LanguageModel, answers: int, seed: int) -> None:
        self._tools, self._served, self._model, self.left, self._seed = tools, served, model, answers, seed
        self._hints = (
            Hints.at_hand(tools.home.hints, lambda what: _log.warning("%s", what)) if tools.config.day_hints else None
        )
        self.each = tools.config.day_samples + 1 + (self._hints is not None)
        self.solved: Counter[str] = Counter()

    def climb(self, koans: Sequence[Failed]) -> None:
        """All rungs for these koans: each is asked those that the ones before did not solve."""
        tried = {item.episode: [item.first] for item in koans}
        solved: set[int] = set()

        def rung(
            name: str,
            asked: Sequence[tuple[Failed, Diagnosis]],
            temperature: float = 0.0,
            hint: Callable[[str], str] = no_hint,
        ) -> None:
            for item, answer in self._answers(name, asked, temperature, hint):
                tried[item.episode].append(answer)
                if answer.passed and item.episode not in solved:
                    solved.add(item.episode)
                    self.solved[name] += 1

        def still() -> list[Failed]:
            return [item for item in koans if item.episode not in solved]

        samples = range(self._tools.config.day_samples)
        rung(SAMPLED, [(item, item.diagnosis) for item in still() for _ in samples], TEMPERATURE)
        rung(TURNED, [(item, turn) for item in still() for turn in _turns(item, tried[item.episode])[:1]])
        if self._hints is not None:
            said = self._hints.of
            rung(HINTED, [(item, item.diagnosis) for item in still() if said(item.diagnosis.signature)], hint=said)

    def _answers(
        self, name: str, asked: Sequence[tuple[Failed, Diagnosis]], temperature: float, hint: Callable[[str], str]
    ) -> Iterator[tuple[Failed, Attempt]]:
        """The answers, judged and recorded, as far as there are any left."""
        tools = self._tools
        able = [pair for pair in asked if fitting([pair[1]], self._model, hint)[0]][: self.left]
        self.left -= len(able)
        done = 0
        by = answering.answers(tools, self._served.answering, lambda: tools.say(PRACTICE, done, len(able)))
        answers = attempt(
            [question for _, question in able], self._model, tools.judge, self._served.router.route,
            temperature=temperature, seed=self._seed, hint=hint, answers=by,
        )  # fmt: skip
        for (item, question), answer in zip(able, answers, strict=True):
            done += 1
            judged = answer if question is item.diagnosis else rejudged(answer, item.diagnosis, tools.judge)
            episodes.further(tools.db, item.episode, tried_as(judged, name))
            tools.say(PRACTICE, done, len(able))
            yield item, judged


def _turns(item: Failed, tried: Sequence[Attempt]) -> list[Diagnosis]:
    """The programs that failed answers left, with what the compiler says of them, as questions."""
    found = [turn for answer in tried if (turn := after(answer)) is not None]
    return [turn for turn in found if turn.koan.broken != item.diagnosis.koan.broken]  # else it is the same question


def tried_as(item: Attempt, rung: str) -> episodes.LoggedAttempt:
    """An attempt as a rung's."""
    return episodes.LoggedAttempt(
        item.verdict.outcome.value,
        item.passed,
        item.prompt,
        item.answer,
        item.source,
        rung,
        route=item.route,
        detail=item.verdict.detail,
        seconds=item.seconds,
        tokens=item.tokens,
        is_label=item.verdict.is_label,
    )
