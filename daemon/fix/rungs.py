"""The rungs of the ladder, the cheapest first: each proposes candidates, and the compiler decides.

the compiler's suggestions -> past fixes -> recipes -> the model -> with hints, in turns -> several samples -> a server
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.crate.scrub import placeholders
from sleepy.daemon.fix.filled import filled
from sleepy.daemon.fix.ladder import ORDER, Candidate, FileEdit, Problem, Rung, Skipped, TriedCandidate
from sleepy.daemon.fix.lazy_model import LazyModel, most_given_first, open_server
from sleepy.daemon.fix.modules import declared
from sleepy.daemon.fix.offers import offered
from sleepy.daemon.fix.recipes import book
from sleepy.daemon.fix.reshaped import reshaped
from sleepy.daemon.fix.successor import succeeded
from sleepy.daemon.fix.transfer import BrokenSource, likeness, transferred
from sleepy.daemon.fix.widen import widened
from sleepy.daemon.model import edits
from sleepy.daemon.model.hints import Hints
from sleepy.memory.episodic import patterns
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError
from sleepy.memory.episodic.recall import Author, Fix, recall
from sleepy.memory.parametric.router import distance
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span, diagnostic_of

Attempt = Callable[[Candidate], TriedCandidate]


def allowed_rungs(
    config: Config,
    home: Home,
    db: Database | None,
    sandbox: Sandbox,
    model: LazyModel,
    complain: Complain,
    *,
    with_model: bool = True,
) -> Sequence[Rung]:
    """The rungs that the settings allow, in order."""
    rungs: dict[str, Rung] = {
        "compiler": CompilerRung(),
        "recall": RecallRung(db, lambda text: sandbox.check(text).diagnostics),
        "recipes": RecipeRung(),
    }
    if with_model:
        hints = Hints.at_hand(home.hints, complain)
        rungs["model"] = ModelRung(model)
        rungs["hints"] = HintRung(model, hints.of, config.turns)
        rungs["samples"] = SampleRung(model, config.samples)
        if config.server:
            rungs["server"] = ServerRung(LazyModel(lambda: open_server(config, complain)), hints.of, config.turns)
    return [rungs[name] for name in ORDER if name in rungs]


# the compiler's suggestions


class CompilerRung:
    """The compiler's suggestions, each applied alone, and what the crate's definitions leave no choice in.

    What is private is made visible, a module's file is declared, a renamed member, a reshaped variant and an argument
    more are written as they are now.
    """

    name = "compiler"

    def solve(self, problem: Problem, attempt: Attempt) -> None:
        certain = (declared, reshaped, succeeded, offered, filled, widened)
        for candidate in chain.from_iterable(each(problem) for each in certain):
            if attempt(candidate).accepted:
                return


# past fixes

REACH = 0.25  # of signatures' distance: of repairs carried so far a tenth compile, of the same signature's four tenths
FIXES = 6  # of one pattern
EACH = 3  # candidates made of one fix
MOST_RECALLED = 8  # candidates in all

Check = Callable[[str], tuple[Diagnostic, ...]]


class RecallRung:
    """Past fixes from memory. `check` gives the compiler's errors in a past program where none were kept."""

    name = "recall"

    def __init__(self, db: Database | None, check: Check) -> None:
        self._db, self._check = db, check
        self._known: dict[str, BrokenSource] = {}

    def solve(self, problem: Problem, attempt: Attempt) -> None:
        if self._db is None:
            raise Skipped("there is no memory of past fixes")
        now = BrokenSource(problem.source, problem.error)
        left, seen = MOST_RECALLED, {problem.source}
        try:
            fixes = list(self._fixes(self._db, problem))
        except DatabaseError as error:
            raise Skipped(f"past fixes cannot be read: {error}") from error
        for fix, name in fixes:
            for text in islice(transferred(self._past(fix, name), fix.source, now), EACH):
                if text in seen or placeholders(text) > placeholders(problem.source):
                    continue
                seen.add(text)
                left -= 1
                note = f"{fix.author} fix of {fix.name}, {fix.when:%Y-%m-%d}"
                if attempt(Candidate(text, note)).accepted or not left:
                    return

    def _fixes(self, db: Database, problem: Problem) -> Iterator[tuple[Fix, str]]:
        """Nearest pattern first; within one the developer's before the model's own, the more alike first."""
        for name in self._near(db, problem.signature):
            found = recall(db, name, limit=FIXES)
            found.sort(key=lambda fix: (fix.author is not Author.DEVELOPER, -likeness(fix.broken, problem.source)))
            yield from ((fix, name) for fix in found)

    def _near(self, db: Database, wanted: str) -> list[str]:
        others = [
            (apart, each.signature)
            for each in patterns.overview(db)
            if each.signature != wanted and (apart := distance(each.signature, wanted)) <= REACH
        ]
        return [wanted, *(name for _, name in sorted(others))]

    def _past(self, fix: Fix, name: str) -> BrokenSource:
        """The past program and its error: as kept, else as the compiler says it, else only where it was edited."""
        if fix.digest not in self._known:
            kept = tuple(diagnostic_of(each) for each in fix.diagnostics)
            errors = [each for each in kept or self._check(fix.broken) if each.primary is not None]
            error = next((each for each in errors if signature(each, fix.broken) == name), None)
            self._known[fix.digest] = BrokenSource(fix.broken, error or _edited(fix))
        return self._known[fix.digest]


def _edited(fix: Fix) -> Diagnostic:
    """A stand-in for an error that is not known any more: it points at the first edited line."""
    first = next(iter(edits.between(fix.broken, fix.source)), None)
    lines = fix.broken.split("\n")
    line = min(max(1, first.line), len(lines)) if first is not None else 1
    text = lines[line - 1]
    start = len(text) - len(text.lstrip()) + 1
    return Diagnostic(None, "error", "", (Span(line, line, start, len(text) + 1, True, text=text),))


# recipes

MOST_COOKED = 8  # candidates of one error


class RecipeRung:
    """Right repairs that are written down for a few codes (`recipes/`), each tried alone."""

    name = "recipes"

    def solve(self, problem: Problem, attempt: Attempt) -> None:
        others: dict[Path, str] = {}

        def read() -> dict[Path, str]:
            others.update(problem.others())
            return others

        found = book.proposals_in_files(problem.file, problem.source, read, problem.error)
        for note, texts in islice(found, MOST_COOKED):
            own = texts.pop(problem.file, problem.source)
            more = tuple(FileEdit(file, others[file], text) for file, text in texts.items())
            if attempt(Candidate(own, note, more=more)).accepted:
                return


# the model

TEMPERATURE = 0.8


class ModelRung:
    """One greedy answer."""

    name = "model"

    def __init__(self, model: LazyModel) -> None:
        self._model = model

    def solve(self, problem: Problem, attempt: Attempt) -> None:
        for candidate in self._model.candidates(problem.source, problem.diagnostics, problem):
            attempt(candidate)


class HintRung:
    """Answers in turns, each asked with a hint and what is left of the errors. `hint` is by signature, '' for none."""

    name = "hints"

    def __init__(self, model: LazyModel, hint: Callable[[str], str], turns: int) -> None:
        self._model, self._hint, self._turns = model, hint, turns

    def solve(self, problem: Problem, attempt: Attempt) -> None:
        source, diagnostics, hint = problem.source, problem.diagnostics, self._hint(problem.signature)
        others = {(each.code, each.message) for each in problem.diagnostics[1:]}
        for _ in range(self._turns):
            (candidate,) = self._model.candidates(source, diagnostics, problem, hint=hint)
            trial = attempt(candidate)
            left = tuple(each for each in trial.after if each.primary is not None)
            fails = trial.checked is not None and trial.checked.outcome is Outcome.COMPILE_ERROR
            if trial.accepted or not fails or not left:
                return
            source = candidate.source
            diagnostics = tuple(sorted(left, key=lambda each: (each.code, each.message) in others))  # its own first


class SampleRung:
    """Several answers at a temperature, those most often given first."""

    name = "samples"

    def __init__(self, model: LazyModel, samples: int) -> None:
        self._model, self._samples = model, samples

    def solve(self, problem: Problem, attempt: Attempt) -> None:
        answers = self._model.candidates(
            problem.source, problem.diagnostics, problem, samples=self._samples, temperature=TEMPERATURE
        )
        for candidate in most_given_first(answers):
            if attempt(candidate).accepted:
                return


class ServerRung(HintRung):
    """The same as `HintRung`, asked of a server's larger model."""

    name = "server"
