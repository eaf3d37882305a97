"""The second part of the report: the lessons, how they were learnt, and the state of the memory afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural, unified
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
    Table,
    text,
)
from sleepy.daemon.report.evidence import Evidence, NightLine
from sleepy.daemon.report.numbers import decimals, grouped, percent, seconds
from sleepy.daemon.stages.stages import SideFigures

_WORST = 12  # bars of damage shown; the table has all
_APART = "Held-out lessons are from programs that gave no other lesson"
_SHARED = "other lessons are from the same programs, so that they are easier than new ones"
_SOURCES = 3  # of a course's replay
_GRID = 40  # patterns in a heat map: smaller squares would be unreadable
_LAYER = re.compile(r"^(?P<before>.*?)\.(?P<layer>\d+)\.(?P<kind>.+)$")


def lessons(given: Evidence) -> Iterator[Section]:
    """What was taught, from which sources, and what could not be taught."""
    curated = given.made.curated
    if not curated.lessons:
        failing = given.made.diagnosed.failing
        blocks: list[Block] = [
            Paragraph(text(f"None. {plural(len(failing), 'pattern is', 'patterns are')} reliably failing."))
        ]
    else:
        rows: list[tuple[Piece, ...]] = [
            (PatternName(name), str(sum(kinds.values())), ", ".join(f"{n} {kind}" for kind, n in kinds.items()))
            for name, kinds in curated.lessons.items()
        ]
        blocks = [Table(("pattern", "lessons", "by kind"), tuple(rows), right=(1,)), Paragraph(text(_own(given)))]
        if mine := curated.own_code:
            blocks += [
                Paragraph(text("Made in your own functions, of the lessons and held-out koans:")),
                Bullets(tuple(text(f"{count} of ", PatternName(name)) for name, count in mine.items())),
            ]
        if any(curated.replayed.values()):
            replayed = (
                text(PatternName(name), " with ", _most(found)) for name, found in curated.replayed.items() if found
            )
            blocks += [Paragraph(text("Replay (the model's own earlier successes):")), Bullets(tuple(replayed))]
    if curated.too_few:
        blocks += [
            Paragraph(text("Failing, but not teachable tonight:")),
            Bullets(tuple(text(PatternName(name), f": {why}") for name, why in curated.too_few.items())),
        ]
    if resting := given.made.diagnosed.resting:
        blocks += [
            Paragraph(text("Resting:")),
            Bullets(tuple(text(PatternName(name), f": {why}") for name, why in resting.items())),
        ]
    yield Section("Lessons", tuple(blocks))


def _own(given: Evidence) -> str:
    """What share of the lessons is the model's own, and by which rungs it came to them."""
    total = sum(sum(kinds.values()) for kinds in given.made.curated.lessons.values())
    said = f"The model's own verified answers: {sum(given.own.values())} of {plural(total, 'lesson')}"
    by = ", ".join(f"{count} by {rung}" for rung, count in given.own.items())
    return f"{said} ({by})." if by else f"{said}."


def _most(replayed: Mapping[str, int]) -> str:
    """The patterns that gave most of a course's replay, and how many others gave some."""
    ordered = sorted(replayed.items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(f"{count} of {spoken(name)}" for name, count in ordered[:_SOURCES])
    others = sum(count for _, count in ordered[_SOURCES:])
    more = f" and {others} of {plural(len(ordered) - _SOURCES, 'other pattern')}" if others else ""
    return said + more


def repairs(given: Evidence) -> Iterator[Section]:
    """The developer's own repairs, which are recalled from now on and taught before anything forged."""
    repaired = given.made.collected.repaired
    if not repaired:
        return
    taught = given.made.curated.lessons
    rows = tuple(
        (
            PatternName(name),
            str(count),
            plural(taught[name].get("developer", 0), "lesson") if name in taught else "recalled, not trained",
        )
        for name, count in repaired.items()
    )
    blocks: list[Block] = [
        Paragraph(
            text(
                Code("sleepy fix"),
                " repeats your repairs wherever it meets the same mistake, and nights learn them first.",
            )
        ),
        Table(("pattern", "repairs", "tonight"), rows, right=(1,)),
    ]
    blocks += [
        Diff(text(Code(item.name), f" ({item.when:%Y-%m-%d %H:%M} UTC)"), unified(item.broken, item.source))
        for item in given.repairs
    ]
    yield Section("Your own repairs", tuple(blocks))


def training(given: Evidence) -> Iterator[Section]:
    """How each pattern was learnt, with its learning curve if the night recorded one."""
    trained = given.made.trained.patterns
    if not trained:
        return
    rows = tuple(
        (PatternName(item.signature), item.way.value, str(item.examples), percent(item.exact), seconds(item.seconds))
        if item.candidate is None
        else (PatternName(item.signature), "on an earlier night", "", "", "")
        for item in trained
    )  # fmt: skip
    table = Table(("pattern", "method", "examples", "held-out lessons exact", "time"), rows, right=(2, 3, 4))
    blocks: list[Block] = [table]
    shared = [item.signature for item in trained if not item.apart]
    if shared and len(shared) < len(trained):
        names = [piece for name in shared for piece in (", ", PatternName(name))][1:]
        blocks.append(Paragraph(text(f"{_APART}, except for ", *names, f": {_SHARED}.")))
    else:
        blocks.append(Paragraph(text(f"Held-out lessons: {_SHARED}." if shared else f"{_APART}.")))
    curves = {item.signature: item.curve for item in trained if item.curve}
    if curves:
        losses = {name: [(step, loss) for step, loss, _ in points] for name, points in curves.items()}
        exacts = {name: [(step, exact) for step, _, exact in points] for name, points in curves.items()}
        measure = "share of held-out lessons exact"
        blocks += [
            Figure(
                "Learning curves: loss",
                plots.learning_curves(_spoken(losses)),
                text("Loss on the lessons that were held back from training."),
                _steps(losses, "{:.3f}"),
            ),
            Figure(
                "Learning curves: exact answers",
                plots.learning_curves(_spoken(exacts), measure=measure, most=1.0),
                text("The share of these lessons that is answered exactly, character for character."),
                _steps(exacts, "{:.0%}"),
            ),
        ]
    yield Section("Training", tuple(blocks))


def _spoken(curves: Mapping[str, Sequence[tuple[int, float]]]) -> dict[str, Sequence[tuple[int, float]]]:
    return {spoken(name): points for name, points in curves.items()}


def _steps(curves: Mapping[str, Sequence[tuple[int, float]]], form: str) -> Table:
    """One row per pattern, one column per step at which any pattern was measured."""
    steps = sorted({step for points in curves.values() for step, _ in points})
    rows: list[tuple[Piece, ...]] = []
    for name, points in curves.items():
        at = dict(points)
        rows.append((PatternName(name), *(form.format(at[step]) if step in at else "" for step in steps)))
    return Table(("pattern", *(f"step {step}" for step in steps)), tuple(rows), right=tuple(range(1, len(steps) + 1)))


def memory(given: Evidence) -> Iterator[Section]:
    """The subspace after the merge: the damage done, how much its bases explain, the numbers it stores."""
    merged = given.made.consolidated
    if not merged.patterns or merged.k is None:
        return
    damage = merged.damage
    worst = max(damage.values(), default=0.0)
    blocks: list[Block] = [
        Paragraph(
            text(
                f"{plural(len(merged.patterns), 'pattern')} in one subspace, k from {merged.k[0]} to "
                f"{merged.k[1]} per side. No pattern lost more than {percent(worst)} of its weight change in "
                "the merge, before refitting."
            )
        )
    ]
    if merged.refused:
        blocks.append(
            Bullets(tuple(text(PatternName(name), f" was left out: {why}") for name, why in merged.refused.items()))
        )
    if any(damage.values()):
        order = sorted(damage.items(), key=lambda item: (-item[1], item[0]))
        blocks.append(
            Figure(
                "Damage by the merge",
                plots.bars(
                    "Damage by the merge", [(spoken(name), value, percent(value, 2)) for name, value in order[:_WORST]]
                ),
                text("The share of its weight change that each pattern lost in the merge, before refitting."),
                Table(("pattern", "lost"), tuple((PatternName(n), percent(v, 2)) for n, v in order), right=(1,)),
            )
        )
    if merged.memory is not None:
        blocks += _sides(merged.memory.sides)
        blocks += _storage(merged.memory.numbers, len(merged.patterns))
    yield Section("Memory", tuple(blocks))


def _sides(sides: Sequence[SideFigures]) -> list[Block]:
    """Explained variance and k: one row per kind of module and side, one column per layer."""
    placed: dict[tuple[str, str], tuple[int, float]] = {}
    layers: dict[str, None] = {}
    for item in sides:
        found = _LAYER.match(item.module)
        kind, layer = (found["kind"].split(".")[-1], found["layer"]) if found else (item.module, "-")
        placed[f"{kind} {'out' if item.side == 'b' else 'in'}", layer] = item.k, item.explained
        layers[layer] = None
    across = sorted(layers, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0))
    down = sorted({row for row, _ in placed})
    table = Table(
        ("module", "side", "k", "explained"),
        tuple((Code(item.module), "outputs" if item.side == "b" else "inputs", str(item.k), percent(item.explained, 2))
              for item in sides),
        right=(2, 3),
    )  # fmt: skip

    def grid(part: int, scale: float) -> list[list[float | None]]:
        return [
            [scale * placed[row, layer][part] if (row, layer) in placed else None for layer in across] for row in down
        ]

    least = min(item.explained for item in sides)
    widths = [item.k for item in sides]
    first, second = "Explained variance by layer and side", "k by layer and side"
    return [
        Figure(
            first,
            plots.heat(
                first, across, down, grid(1, 100.0), low=100 * min(least, 0.9), high=100.0, digits=1,
                axis="layer; values in %",
            ),
            text(
                "The share of the energy of tonight's adapters, as trained, that each basis holds. The refit has to "
                "make up for the rest. in = inputs, out = outputs of a module."
            ),
            table,
        ),
        Figure(
            second,
            plots.heat(
                second, across, down, grid(0, 1.0), low=float(min(widths)), high=float(max(widths)), digits=0,
                axis="layer",
            ),
            text("The number of directions in each basis."),
        ),
    ]  # fmt: skip


def _storage(numbers: Mapping[str, int], patterns: int) -> list[Block]:
    """The size of the memory, bases included, against the same patterns stored as LoRA factors."""
    bases, own, lora = numbers["bases"], numbers["coefficients"], numbers["lora"]
    whole = bases + own
    rows = (
        ("bases", bases),
        ("coefficients", own),
        ("bases and coefficients", whole),
        ("the same as LoRA factors", lora),
    )
    compared = (
        f"{whole / lora:.2f} times what the same patterns take as LoRA of their ranks"
        if lora
        else f"{grouped(whole)} numbers"
    )
    saved = (lora - own) / patterns
    even = f" Bases this wide pay off from {int(bases / saved) + 1} patterns on." if saved > 0 else ""
    return [
        Figure(
            "Numbers stored",
            plots.bars(
                "Numbers stored", [(n, float(v), grouped(v)) for n, v in rows], marked="the same as LoRA factors"
            ),
            text(f"Bases included, the memory takes {compared}.{even}"),
            Table(
                ("what", "numbers", "per pattern"),
                tuple((n, grouped(v), grouped(round(v / patterns))) for n, v in rows),
                right=(1, 2),
            ),
        )
    ]


def overlap(given: Evidence) -> Iterator[Section]:
    """The similarity of the patterns in the memory: their weight changes, outputs and inputs."""
    recorded, names = given.made.consolidated.memory, given.made.consolidated.patterns
    if recorded is None or len(names) < 2:
        return
    short = [f"P{i + 1}" for i in range(len(names))]
    taught = set(given.made.curated.patterns)
    key = Table(
        ("", "pattern", "learnt"),
        tuple(
            (s, PatternName(name), "tonight" if name in taught else "earlier")
            for s, name in zip(short, names, strict=True)
        ),
    )
    blocks: list[Block] = [key]
    if len(names) > _GRID:
        blocks.append(Paragraph(text(f"The maps show the {_GRID} patterns added last.")))
    given_last = slice(-_GRID, None)

    def grid(values: Sequence[Sequence[float]]) -> list[list[float | None]]:
        return [list(row[given_last]) for row in values[given_last]]

    drawn = short[given_last]
    maps = (
        ("Alignment of the patterns' weight changes", recorded.aligned, -1.0,
         "The cosine between two patterns' weight changes over all layers: 1 is identical, 0 unrelated, -1 opposite."),
        ("Outputs shared by two patterns", recorded.outputs.shared, 0.0,
         f"Mean squared cosine of the principal angles between their output spans; by chance {recorded.outputs.chance:.2f}."),
        ("Inputs shared by two patterns", recorded.inputs.shared, 0.0,
         f"The same for their input spans; by chance {recorded.inputs.chance:.2f}."),
    )  # fmt: skip
    for title, values, low, words in maps:
        blocks.append(
            Figure(
                title,
                plots.heat(title, drawn, drawn, grid(values), low=low, high=1.0, diverging=low < 0),
                text(words),
                Table(
                    ("", *drawn),
                    tuple(
                        (name, *(decimals(value) for value in row[given_last]))
                        for name, row in zip(drawn, values[given_last], strict=True)
                    ),
                    right=tuple(range(1, len(drawn) + 1)),
                ),
            )
        )
    yield Section("What the patterns share", tuple(blocks))


def history(given: Evidence) -> Iterator[Section]:
    """The nights so far: each one's decision, and how the memory grew."""
    if len(given.past) < 2:
        return
    head = ("night", "decision", "exam before", "after", "tasks", "patterns", "k", "numbers stored")
    table = Table(head, tuple(_night(item) for item in given.past), right=tuple(range(2, 8)))
    grown = [
        plots.Width(item.date.isoformat(), *item.merged.k, len(item.merged.patterns))
        for item in given.past
        if item.merged is not None and item.merged.k is not None
    ]
    figure = plots.growth(grown)
    note = text("The memory as each night left it. Later nights build only on promoted versions.")
    yield Section("Nights so far", (Figure("Growth of the memory", figure, note, table),) if figure else (table,))


def _night(item: NightLine) -> tuple[Piece, ...]:
    merged = item.merged
    exam = (str(item.before), str(item.after), str(item.tasks)) if item.tasks else ("", "", "")
    if merged is None or merged.k is None:
        return (item.date.isoformat(), item.decision, *exam, "", "", "")
    stored = merged.memory.numbers if merged.memory is not None else None
    return (
        item.date.isoformat(), item.decision, *exam, str(len(merged.patterns)),
        f"{merged.k[0]}-{merged.k[1]}", grouped(stored["bases"] + stored["coefficients"]) if stored else "",
    )  # fmt: skip
