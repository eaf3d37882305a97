"""The rungs of the ladder, the cheapest first: each proposes candidates, and the compiler decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from sleepy.daemon.fix.lazy_model import Voice, best
from sleepy.daemon.fix.problem import Candidate, Problem, Skipped, Trial
from sleepy.daemon.fix.transfer import Scene, likeness, transferred
from sleepy.daemon.model import edits, prompt
from sleepy.daemon.tools.verdicts import diagnostic
from sleepy.memory.episodic import patterns
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError
from sleepy.memory.episodic.recall import Author, Fix, recall
from sleepy.memory.parametric.router import distance
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome, Span

_ORDER = ("MachineApplicable", "MaybeIncorrect", "Unspecified")  # with placeholders it is no program
MOST_OFFERS = 8  # it may offer a dozen imports of one name


class Compiler:
    """The rung of suggestions, each alone."""

    name = "compiler"

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        offers = [offer for offer in problem.error.suggestions if offer.replacements and offer.applicability in _ORDER]
        offers.sort(key=lambda offer: _ORDER.index(offer.applicability))
        for offer in offers[:MOST_OFFERS]:
            try:
                text = prompt.replaced(problem.source, offer.replacements)
            except edits.EditError:
                continue
            if attempt(Candidate(text, f"{offer.applicability}: {offer.message}")).accepted:
                return


REACH = 0.25  # of signatures' distance: of repairs carried so far a tenth compile, of the same signature's four tenths
FIXES = 6  # of one pattern
EACH = 3  # candidates made of one fix
MOST_RECALLED = 8  # candidates in all

_TAKEN_OUT = re.compile(r"REDACTED\d")  # what stands for a secret in what is remembered: nothing to write anywhere

Check = Callable[[str], tuple[Diagnostic, ...]]


class Recalled:
    """The rung of memory. `check` says what the compiler has against a past program, where nobody noted it."""

    name = "recall"

    def __init__(self, db: Database | None, check: Check) -> None:
        self._db, self._check = db, check
        self._scenes: dict[str, Scene] = {}

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        if self._db is None:
            raise Skipped("there is no memory to recall from")
        now = Scene(problem.source, problem.error)
        left, seen = MOST_RECALLED, {problem.source}
        try:
            fixes = list(self._fixes(self._db, problem))
        except DatabaseError as error:
            raise Skipped(f"nothing is recalled: {error}") from error
        for fix, name in fixes:
            for text in islice(transferred(self._scene(fix, name), fix.source, now), EACH):
                if text in seen or len(_TAKEN_OUT.findall(text)) > len(_TAKEN_OUT.findall(problem.source)):
                    continue
                seen.add(text)
                left -= 1
                if (
                    attempt(Candidate(text, f"{fix.author} fix of {fix.name}, {fix.when:%Y-%m-%d}")).accepted
                    or not left
                ):
                    return

    def _fixes(self, db: Database, problem: Problem) -> Iterator[tuple[Fix, str]]:
        """Nearest first; of one pattern the developer's before own ones, the more alike first of each."""
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

    def _scene(self, fix: Fix, name: str) -> Scene:
        """The past program and its error: as noted, else as the compiler says it, else only where it was edited."""
        if fix.digest not in self._scenes:
            noted = tuple(diagnostic(each) for each in fix.diagnostics)
            errors = [each for each in noted or self._check(fix.broken) if each.primary is not None]
            error = next((each for each in errors if signature(each, fix.broken) == name), None)
            self._scenes[fix.digest] = Scene(fix.broken, error or _edited(fix))
        return self._scenes[fix.digest]


def _edited(fix: Fix) -> Diagnostic:
    """A stand-in for an error that nobody knows any more: it points at the first edited line."""
    first = next(iter(edits.between(fix.broken, fix.source)), None)
    lines = fix.broken.split("\n")
    line = min(max(1, first.line), len(lines)) if first is not None else 1
    text = lines[line - 1]
    start = len(text) - len(text.lstrip()) + 1
    return Diagnostic(None, "error", "", (Span(line, line, start, len(text) + 1, True, text=text),))


class Asked:
    """The rung of one greedy answer."""

    name = "model"

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        for candidate in self._voice.candidates(problem.source, problem.diagnostics, problem):
            attempt(candidate)


class Hinted:
    """The rung of hints and turns. `hint` is asked by an error's signature; '' where there is none."""

    name = "hints"

    def __init__(self, voice: Voice, hint: Callable[[str], str], turns: int) -> None:
        self._voice, self._hint, self._turns = voice, hint, turns

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        source, diagnostics, hint = problem.source, problem.diagnostics, self._hint(problem.signature)
        others = {(each.code, each.message) for each in problem.diagnostics[1:]}
        for _ in range(self._turns):
            (candidate,) = self._voice.candidates(source, diagnostics, problem, hint=hint)
            trial = attempt(candidate)
            left = tuple(each for each in trial.after if each.primary is not None)
            if (
                trial.accepted
                or trial.checked is None
                or trial.checked.outcome is not Outcome.COMPILE_ERROR
                or not left
            ):
                return
            source = candidate.source
            diagnostics = tuple(sorted(left, key=lambda each: (each.code, each.message) in others))  # its own first


TEMPERATURE = 0.8


class Sampled:
    """The rung of samples."""

    name = "samples"

    def __init__(self, voice: Voice, samples: int) -> None:
        self._voice, self._samples = voice, samples

    def solve(self, problem: Problem, attempt: Callable[[Candidate], Trial]) -> None:
        answers = self._voice.candidates(
            problem.source, problem.diagnostics, problem, samples=self._samples, temperature=TEMPERATURE
        )
        for candidate in best(answers):
            if attempt(candidate).accepted:
                return


class Remote(Hinted):
    """The rung of the server."""

    name = "server"
