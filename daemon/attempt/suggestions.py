"""The free baseline: the compiler's own suggestions, applied blindly until the program compiles."""

from __future__ import annotations

from collections.abc import Sequence

from sleepy.daemon.attempt.attempt import Diagnosis, Judge, compiled
from sleepy.daemon.model import edits, prompt
from sleepy.sandbox.verdict import Diagnostic, Replacement

ROUNDS = 4


def suggested(diagnoses: Sequence[Diagnosis], judge: Judge, *, rounds: int = ROUNDS) -> list[str | None]:
    """Each program after the suggestions, when that compiles; None where they end or go round in a circle."""
    found: list[str | None] = [None] * len(diagnoses)
    left = {i: (item.koan.broken, item.diagnostics) for i, item in enumerate(diagnoses)}
    for _ in range(rounds):
        tried = {i: applied(source, said) for i, (source, said) in left.items()}
        changed = {i: text for i, text in tried.items() if text is not None and text != left[i][0]}
        left = {}
        verdicts = compiled([(diagnoses[i].koan, text) for i, text in changed.items()], judge)
        for (i, text), verdict in zip(changed.items(), verdicts, strict=True):
            if verdict.passed:
                found[i] = text
            else:
                left[i] = (text, verdict.diagnostics)
    return found


def applied(source: str, diagnostics: tuple[Diagnostic, ...]) -> str | None:
    """The program with every error's first suggestion, as far as they do not touch each other; None without any."""
    chosen: list[Replacement] = []
    for item in prompt.errors(diagnostics):
        offered = next((offer.replacements for offer in item.suggestions if offer.replacements), ())
        if offered and not any(_touch(one, other) for one in offered for other in chosen):
            chosen += offered
    if not chosen:
        return None
    try:
        return prompt.replaced(source, tuple(chosen))
    except edits.EditError:
        return None


def _touch(one: Replacement, other: Replacement) -> bool:
    first, second = sorted(
        ((item.line_start, item.column_start), (item.line_end, item.column_end)) for item in (one, other)
    )
    return second[0] <= first[1]
