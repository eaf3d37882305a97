"""The first part of the report: the decision and its arithmetic, the exam pattern by pattern, and the changed fixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural
from sleepy.daemon.gate.sequential import TrialState
from sleepy.daemon.report import plots
from sleepy.daemon.report.document import (
    Block,
    Bullets,
    Code,
    Diff,
    Figure,
    Paragraph,
    PatternName,
    Piece,
    Section,
    Strong,
    Table,
    Text,
    text,
)
from sleepy.daemon.report.evidence import Evidence
from sleepy.daemon.report.numbers import interval, odds, percent, rate
from sleepy.daemon.stages.stages import Decided
from sleepy.daemon.stats.paired import sign_test

_SHOWN = 40  # ids of gained tasks shown; lost ones are all shown
_FIXES = 3  # gained fixes shown as diffs; lost ones are all shown


def headline(given: Evidence) -> Section:
    """The decision, its reasons, and which version serves."""
    decided, version = given.made.decided, given.made.promoted.version
    champion = given.made.collected.champion
    serves: tuple[Piece, ...]
    if version:
        serves = " Version ", Code(version), " serves from now on."
    else:
        serves = " Nothing changed: ", Code(champion) if champion else "the base model", " keeps serving."
    return Section(
        "",
        (
            Paragraph((Strong(f"{decided.decision.value.capitalize()}."), *serves)),
            Bullets(tuple(text(str(reason)) for reason in decided.reasons)),
        ),
    )


def exam(given: Evidence) -> Iterator[Section]:
    """Both versions' results on the sealed tasks, and the tasks gained and lost."""
    decided = given.made.decided
    if not decided.tasks:
        return
    n, seal = decided.tasks, given.made.examined.exam
    blocks: list[Block] = [
        Paragraph(
            text(
                f"{n} sealed tasks, none similar to anything trained on; one greedy answer each, by the model alone. Seal ",
                Code(seal[:16]),
                ".",
            )
        ),
        Bullets(
            (
                text(f"before: {rate(decided.baseline, n)}"),
                text(f"after: {rate(decided.challenger, n)}"),
                text(f"gained {len(decided.gained)}, lost {len(decided.lost)}"),
            )
        ),
    ]
    if decided.taught is not None and decided.held_back is not None:
        parts = (
            ("codes that sleepy's pretraining teaches", decided.taught),
            ("codes that it holds back", decided.held_back),
        )
        rows = tuple(
            (name, *map(str, (part.tasks, part.baseline, part.challenger, part.gained, part.lost)))
            for name, part in parts
            if part.tasks
        )
        blocks.append(Table(("of these", "tasks", "before", "after", "gained", "lost"), rows, right=(1, 2, 3, 4, 5)))
    named = ("lost", decided.lost), ("gained", decided.gained)
    blocks += [Paragraph(_listed(what, names)) for what, names in named if names]
    yield Section("Exam", tuple(blocks))
    yield arithmetic(decided)


def _listed(what: str, names: Sequence[str]) -> Text:
    """A list of tasks by id; gained ones are cut off after `_SHOWN`."""
    shown = names if what == "lost" else names[:_SHOWN]
    pieces: list[Piece] = [Strong(f"Tasks {what}:")]
    for i, name in enumerate(shown):
        pieces += [" " if i == 0 else ", ", Code(name)]
    return (*pieces, f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def arithmetic(decided: Decided) -> Section:
    """The gate's numbers, each with its meaning."""
    n, wins, losses = decided.tasks, len(decided.gained), len(decided.lost)
    both = decided.baseline - losses
    rows: list[tuple[Piece, ...]] = [
        ("exam tasks judged", str(n)),
        ("the champion passes", str(decided.baseline)),
        ("the challenger passes", str(decided.challenger)),
        ("both pass", str(both)),
        ("both fail", str(n - both - wins - losses)),
        ("gained: only the challenger passes", str(wins)),
        ("lost: only the champion passes", str(losses)),
        ("change of the pass rate", f"{100 * (wins - losses) / n:+.1f} points"),
    ]
    if wins or losses:
        rows.append((f"sign test on the {wins + losses} that changed, one-sided p", odds(sign_test(wins, losses))))
    rows += _earlier(decided) if decided.p_value is not None else _sequential(decided)
    rows.append(("KL cap: nats per token that a route may move the model on its own koans", f"{decided.kl_cap:.4g}"))
    return Section("The decision's arithmetic", (Table(("what", "value"), tuple(rows), right=(1,)),))


def _sequential(decided: Decided) -> list[tuple[Piece, ...]]:
    """The sequential test of the best route that will serve, and what the new routes may have lost unseen."""
    rows: list[tuple[Piece, ...]] = [
        ("routes tried", str(decided.tried)),
        ("alpha: expected share of promoted routes that are no better", f"{decided.alpha:.4g}"),
    ]
    if decided.needed:
        rows += [
            ("log e of the best route (sequential paired test on fresh koans)", f"{decided.log_e:.2f}"),
            ("needed: log e that proves it, at its place among all tests (e-LOND)", f"{decided.needed:.2f}"),
            (
                "undetected losses, of all tasks that the new routes answer: at most (95 %)",
                percent(decided.unseen_loss, 1),
            ),
            ("the same, of those tasks that the champion passes", percent(decided.unseen_regression, 1)),
        ]
    return rows


def _earlier(decided: Decided) -> list[tuple[Piece, ...]]:
    """The test of a night of an earlier version."""
    return [
        ("routes tried", str(decided.tried)),
        ("p of the best route (exact paired test), times the number of routes tried", f"{decided.p_value:.4g}"),
        ("level: the greatest p that was promoted that night", f"{decided.level:.4g}"),
        ("undetected regressions, of all tasks: at most (Clopper-Pearson, 95 %)", percent(decided.unseen_loss, 2)),
    ]


_ROUTES = {
    TrialState.OPEN: "tried further",
    TrialState.FUTILE: "no gain worth having",
    TrialState.PROVEN: "proven",
    None: "not earned",
}


def patterns(given: Evidence) -> Iterator[Section]:
    """The candidates on fresh koans, before and after, with where each one's test stands."""
    examined = given.made.examined
    held_out = examined.held_out
    if not held_out:
        return
    routes = given.made.decided.routes.accepted
    rows = []
    for name, item in held_out.items():
        found = item.trial
        route = "dropped by the gate" if item.earns else _ROUTES[item.state]
        if name in routes:
            route = "serves" if routes[name] == name else f"{route}; the earlier route serves"
        n, before, after = found.n, found.baseline, found.challenger
        rows.append(
            (
                PatternName(name), str(n), str(before), interval(before, n), str(after), interval(after, n),
                str(found.wins), str(found.losses), f"{100 * found.low:+.0f} to {100 * found.high:+.0f}", odds(found.p), f"{found.kl:.2f}", route,
            )
        )  # fmt: skip
    head = ("pattern", "n", "before", "interval", "after", "interval", "won", "lost", "gain", "p", "KL", "route")
    title = "Fresh koans before and after"
    trials = [item.trial for item in held_out.values()]
    shown = [plots.Change(spoken(item.pattern), item.n, item.baseline, item.challenger) for item in trials]
    blocks: list[Block] = [
        Figure(
            title,
            plots.changes(title, shown),
            text(
                "Each pattern on its own koans, none of which gave a lesson, before and after. KL: how far the route "
                "moves the model on them, in nats per token."
            ),
            Table(head, tuple(rows), right=tuple(range(1, 11))),
        )
    ]
    if tests := [(name, item) for name, item in held_out.items() if item.state is not None]:
        blocks += [
            Paragraph(
                text(
                    "The tests over all their nights. A route is proven when its log e reaches what is needed; it is "
                    "withdrawn at signatures where it was worse."
                )
            ),
            Table(
                ("pattern", "test", "asked", "won", "lost", "log e", "needed", "withdrawn at"),
                tuple(
                    (
                        PatternName(name), str(item.number + 1), str(item.evidence.asked), str(item.evidence.wins),
                        str(item.evidence.losses), f"{item.evidence.log_e:.1f}", f"{item.needed:.1f}",
                        plural(len(item.withdrawn), "signature") if item.withdrawn else "",
                    )
                    for name, item in tests
                ),
                right=(1, 2, 3, 4, 5, 6),
            ),
        ]  # fmt: skip
    yield Section("Patterns taught tonight", tuple(blocks))


def cases(given: Evidence) -> Iterator[Section]:
    """Both versions' results on the user's own cases, which are never trained on."""
    own = given.made.examined.own
    if not own:
        return
    lost = [pair.task for pair in own if pair.baseline and not pair.challenger]
    before, after = sum(pair.baseline for pair in own), sum(pair.challenger for pair in own)
    blocks: list[Block] = [Paragraph(text(f"{before} of {len(own)} passed before, {after} after; {len(lost)} lost."))]
    if lost:
        blocks.append(Paragraph(_listed("lost", lost)))
    yield Section("Your own cases", tuple(blocks))


def forgetting(given: Evidence) -> Iterator[Section]:
    """The exam task by task: which tasks of each pattern were gained, lost or kept."""
    examined = given.made.examined
    pairs = examined.pairs
    if not pairs:
        return
    groups: dict[str, list[plots.TaskChange]] = {}
    for pair in sorted(pairs, key=lambda pair: (pair.signature, not pair.baseline, pair.task)):
        groups.setdefault(pair.signature, []).append(plots.TaskChange(pair.task, pair.baseline, pair.challenger))
    answered = {pair.signature for pair in pairs if pair.route is not None}
    named = {name for name, tasks in groups.items() if any(t.before != t.after for t in tasks)} | answered
    order = sorted(named, key=lambda name: (-_lost(groups[name]), -_gained(groups[name]), name))
    drawn = [(name, groups[name]) for name in order]
    rest = [fate for name, tasks in groups.items() if name not in named for fate in tasks]
    if rest:
        left = plural(len(groups) - len(named), "pattern")
        drawn.append((f"{left} without a route or a change", sorted(rest, key=lambda fate: not fate.before)))
    rows = tuple(_row(name, tasks, routed=name in named) for name, tasks in drawn)
    head = ("pattern", "tasks", "before", "interval", "after", "interval", "gained", "lost")
    changed = [plots.Change(spoken(name), len(t), _before(t), _after(t)) for name, t in drawn if name in named]
    blocks: list[Block] = [
        Figure(
            "Exam tasks by pattern",
            plots.fates("Exam tasks by pattern", [(spoken(name), tasks) for name, tasks in drawn]),
            text("What was gained and what was forgotten, task by task."),
            Table(head, rows, right=tuple(range(1, 8))),
        ),
        Figure(
            "Exam before and after",
            plots.changes("Exam before and after, by pattern", changed),
            text("The same as rates, for the patterns that have a route or changed."),
        ),
    ]
    decided = given.made.decided
    if decided.dropped or len(decided.routes.accepted) < len(examined.routes.accepted):
        blocks.append(Paragraph(text("These are the results before the gate dropped routes; it decided without them.")))
    yield Section("The exam by pattern", tuple(block for block in blocks if not _empty(block)))


def _empty(block: Block) -> bool:
    return isinstance(block, Figure) and not block.svg


def _row(name: str, tasks: Sequence[plots.TaskChange], *, routed: bool) -> tuple[Piece, ...]:
    n, before, after = len(tasks), _before(tasks), _after(tasks)
    return (
        PatternName(name) if routed else name, str(n), str(before), interval(before, n), str(after), interval(after, n),
        str(_gained(tasks)), str(_lost(tasks)),
    )  # fmt: skip


def _before(tasks: Sequence[plots.TaskChange]) -> int:
    return sum(fate.before for fate in tasks)


def _after(tasks: Sequence[plots.TaskChange]) -> int:
    return sum(fate.after for fate in tasks)


def _gained(tasks: Sequence[plots.TaskChange]) -> int:
    return sum(fate.after and not fate.before for fate in tasks)


def _lost(tasks: Sequence[plots.TaskChange]) -> int:
    return sum(fate.before and not fate.after for fate in tasks)


def fixes(given: Evidence) -> Iterator[Section]:
    """Up to three of the fixes gained, and every fix lost, with the champion's answer beside it."""
    changed, decided = given.made.examined.changed, given.made.decided
    blocks: list[Block] = []
    for task in decided.lost:
        if task in changed:
            blocks += _diff(task, "lost; the champion's answer passes", changed[task].before)
            blocks += _diff(task, "lost; the challenger's answer fails", changed[task].after)
    for task in [name for name in decided.gained if name in changed][:_FIXES]:
        blocks += _diff(task, "gained", changed[task].after)
    if blocks:
        yield Section("Fixes gained and lost", tuple(blocks))


def _diff(task: str, what: str, diff: str) -> list[Block]:
    if not diff:
        return [Paragraph(text(Code(task), f" ({what}): the answer could not be applied."))]
    return [Diff(text(Code(task), f" ({what})"), diff)]
