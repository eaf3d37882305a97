"""Makes lessons from memory, starting with those closest to what the model already says.

In order: the model's own verified answers of any rung (those that needed samples, a second turn or a hint are taught as
the plain question: rejection sampling, as in ReST-EM, Singh et al. 2024, "Beyond human data") and what recipes repaired
in files that show the same error alone, the developer's own repairs, the compiler's suggestions that pass, and the
references of failed tasks. Of several correct answers to a task those that the base finds likeliest are taught, each
program once: they move the model least.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sleepy.daemon.attempt.attempt import (
    GREEDY,
    HINTED,
    SAMPLED,
    TURNED,
    Diagnosis,
    diagnose,
    judged_sources,
)
from sleepy.daemon.attempt.suggestions import suggested
from sleepy.daemon.crate.lesson import developer_lessons
from sleepy.daemon.day import shelf
from sleepy.daemon.day.day import remembered
from sleepy.daemon.model import edits
from sleepy.daemon.model.request import ask
from sleepy.daemon.tools.tools import Tools
from sleepy.koans.koan import Koan
from sleepy.koans.tokens import tokens
from sleepy.memory.episodic import episodes, recall
from sleepy.memory.episodic.episodes import Recorded
from sleepy.memory.episodic.lessons import Lesson, Provenance
from sleepy.memory.episodic.tasks import Task, TaskKind
from sleepy.memory.parametric.examples import Example
from sleepy.memory.parametric.fit import mean_loss
from sleepy.sandbox.verdict import Diagnostic

HELPED = (SAMPLED, TURNED, HINTED)  # rungs where the model answered, but not with one plain greedy answer
RECIPE = "recipes"  # the rung of `sleepy fix` that needs no model: the same error is asked of it, and this taught
ANSWERS = 3  # different programs that are taught as answers to one task
LONGEST = 240  # characters of an edit: a longer one is a rewrite, not a repair


def own(tools: Tools, signature: str, *, limit: int | None = None) -> list[Lesson]:
    """The model's own verified answers under this signature, of its newest episodes first, up to `ANSWERS` per task.

    `limit` is of episodes; the setting `lessons` without it.
    """
    found: dict[str, list[_Answer]] = {}
    helped: list[tuple[Recorded, str]] = []
    for item in episodes.of_pattern(tools.db, signature, passed=True, limit=limit or tools.config.lessons):
        known = item.episode.task
        if known.kind is TaskKind.KOAN and shelf.is_held_out(known.base):
            continue  # its program is for held-out koans
        for tried in item.episode.attempts:
            if tried.passed and tried.rung == GREEDY:
                made = Lesson(
                    tried.prompt, tried.answer, signature, Provenance.OWN, known.digest, item.id, program_of(known)
                )  # fmt: skip
                found.setdefault(known.digest, []).append(_Answer(made, tokens(tried.source)))
            elif tried.passed and (tried.rung == RECIPE or (tried.rung in HELPED and known.kind is TaskKind.KOAN)):
                helped.append((item, tried.source))
    koans = {item.episode.task.digest: remembered(item.episode.task) for item, _ in helped}
    asked = {item.koan.digest: item for item in diagnose(list(koans.values()), tools.judge)[0]}
    for item, source in helped:
        diagnosis = asked.get(koans[item.episode.task.digest].digest)
        if diagnosis is None or diagnosis.signature != signature:
            continue
        made_of = plain(tools, diagnosis.koan.broken, diagnosis.diagnostics, source, signature, Provenance.OWN)
        if made_of is not None:
            known = item.episode.task
            said = replace(made_of, task_digest=known.digest, episode=item.id, program=program_of(known))
            found.setdefault(known.digest, []).append(_Answer(said, tokens(source)))
    return [answer.lesson for several in found.values() for answer in _likeliest(tools, several)]


def program_of(task: Task) -> str:
    """The program that a task's lessons are from."""
    return task.base if task.base and task.kind is TaskKind.KOAN else task.digest


def developers(tools: Tools, signature: str) -> list[Lesson]:
    """The user's own repairs under this signature, newest first."""
    found = developer_lessons(
        tools.db, signature, tools.model.format, limit=tools.config.lessons, window=tools.model.window
    )
    return [replace(item, program=item.task_digest or "") for item in found if _is_short(tools, item.answer)]


def repaired_programs(tools: Tools, signature: str) -> list[tuple[Koan, str]]:
    """The user's repairs as koans, each with its task's digest; those that compile on their own can be varied."""
    return [
        (Koan(fix.name, "yours", "", fix.broken, fix.source, "", origin="yours"), fix.digest)
        for fix in recall.developers(tools.db, signature, limit=20)
        if fix.broken != fix.source
    ]


def suggestions(tools: Tools, signature: str, failed: Sequence[Diagnosis]) -> list[Lesson]:
    """The compiler's own suggestions for failed tasks, if they pass the tasks' tests."""
    texts = suggested(failed, tools.judge)
    able = [(item, text) for item, text in zip(failed, texts, strict=True) if text is not None]
    verdicts = judged_sources([item for item, _ in able], [text for _, text in able], tools.judge)
    return _lessons(
        tools, signature, Provenance.COMPILER,
        ((item, text) for (item, text), verdict in zip(able, verdicts, strict=True) if verdict.passed),
    )  # fmt: skip


def references(tools: Tools, signature: str, failed: Sequence[Diagnosis]) -> list[Lesson]:
    """The reference answers of failed tasks."""
    able = ((item, item.koan.fixed) for item in failed if item.koan.fixed)
    return _lessons(tools, signature, Provenance.REFERENCE, able)


def plain(
    tools: Tools, broken: str, said: tuple[Diagnostic, ...], fixed: str, signature: str, kind: Provenance
) -> Lesson | None:
    """The repair as a lesson: the model's prompt and the right answer; None if the answer format cannot express it."""
    try:
        request = ask(broken, said, tools.model.format, window=tools.model.window)
        answer = request.taught(fixed)
        request.repaired(answer)
    except (edits.EditError, ValueError):
        return None
    if not answer or not _is_short(tools, answer):
        return None
    return Lesson(request.text, answer, signature, kind)


def _is_short(tools: Tools, answer: str) -> bool:
    return len(answer) <= LONGEST or not tools.model.format.is_edits


def _lessons(
    tools: Tools, signature: str, kind: Provenance, repaired: Iterable[tuple[Diagnosis, str]]
) -> list[Lesson]:  # fmt: skip
    found = []
    for item, text in repaired:
        made = plain(tools, item.koan.broken, item.diagnostics, text, signature, kind)
        if made is not None:
            found.append(replace(made, task_digest=item.koan.digest, program=item.koan.base))
    return found


@dataclass(frozen=True, slots=True)
class _Answer:
    """A right answer as a lesson, and the tokens of the program that it makes."""

    lesson: Lesson
    program: tuple[str, ...]


def _likeliest(tools: Tools, several: Sequence[_Answer]) -> list[_Answer]:
    """Of the correct answers to one task at most `ANSWERS`, no program twice: those that the base finds likeliest.

    That is by the mean probability of an answer's tokens.
    """
    distinct = list({item.lesson.content_hash: item for item in several}.values())
    programs = {item.program for item in distinct}
    if len(programs) == len(distinct) <= ANSWERS:
        return distinct

    def loss(item: _Answer) -> float:
        lesson = item.lesson
        prompt, answer = tools.model.prompt_ids(lesson.prompt), tools.model.answer_ids(lesson.answer)
        if len(prompt) + len(answer) > tools.model.positions:
            return float("inf")
        return mean_loss(tools.model.model, [Example.completion(prompt, answer)])

    ranked: dict[tuple[str, ...], _Answer] = {}
    for item in sorted(distinct, key=loss):
        ranked.setdefault(item.program, item)
    return list(ranked.values())[:ANSWERS]
