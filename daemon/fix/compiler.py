"""The compiler's own suggestions for an error: those it vouches for first."""

from __future__ import annotations

from collections.abc import Callable

from sleepy.daemon.agent import edits, prompt
from sleepy.daemon.fix.problem import Candidate, Problem, Trial

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
