"""The morning report: what changed and on what evidence, or why nothing did. Markdown, one file a night."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sleepy.daemon.night.intervals import wilson
from sleepy.memory.episodic.nights import Night
from sleepy.memory.episodic.stages import Stage
from sleepy.memory.parametric.storage import write_whole

_SHOWN = 40  # rows of a table


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())


def markdown(night: Night, made: Mapping[str, Any], timed: Mapping[str, Stage]) -> str:
    """The report of a night from its stages' artefacts."""
    parts = [f"# Night of {night.date.isoformat()}", ""]
    parts += _headline(made)
    parts += _exam(made)
    parts += _patterns(made)
    parts += _lessons(made)
    parts += _subspace(made)
    parts += _changes(made)
    parts += _stages(timed)
    return "\n".join(parts).rstrip("\n") + "\n"


def rate(passed: int, n: int) -> str:
    """`31 of 40 (78 %, 95 % interval 62-88 %)`."""
    if n == 0:
        return "0 of 0"
    low, high = wilson(passed, n)
    return f"{passed} of {n} ({100 * passed / n:.0f} %, 95 % interval {100 * low:.0f}-{100 * high:.0f} %)"


def _headline(made: Mapping[str, Any]) -> list[str]:
    decided, version = made["decide"], made["promote"]["version"]
    champion = made["collect"]["champion"] or "the bare base model"
    serves = f"Version `{version}` serves from now on." if version else f"Nothing changed: {champion} goes on serving."
    return [
        f"**{decided['decision'].capitalize()}.** {serves}",
        "",
        *(f"- {reason}" for reason in decided["reasons"]),
        "",
    ]


def _exam(made: Mapping[str, Any]) -> list[str]:
    decided = made["decide"]
    if "tasks" not in decided:
        return []
    n = decided["tasks"]
    return [
        "## Exam",
        "",
        f"{n} sealed tasks, none near to anything trained on; one greedy answer each, the model alone. "
        f"Seal `{made['examine']['exam'][:16]}`.",
        "",
        f"- before: {rate(decided['baseline'], n)}",
        f"- after: {rate(decided['challenger'], n)}",
        f"- gained {len(decided['gained'])}, lost {len(decided['lost'])}; sign test p = {decided['p_value']:.2g}; "
        f"unseen loss rate below {100 * decided['unseen_loss']:.1f} % (95 %)",
        "",
    ]


def _patterns(made: Mapping[str, Any]) -> list[str]:
    held_out = made["examine"]["held_out"]
    if not held_out:
        return []
    parts = [
        "## Patterns taught tonight",
        "",
        "Each on koans of its own that gave no lesson, before and after.",
        "",
        "| pattern | held out | before | after | won | lost | p | route |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    routes = made["decide"]["routes"]
    for name, found in held_out.items():
        route = "serves" if name in routes else "dropped by the gate" if found["earns"] else "not earned"
        parts.append(
            f"| {_cell(name)} | {found['n']} | {found['baseline']} | {found['challenger']} | {found['wins']} | "
            f"{found['losses']} | {found['p']:.2g} | {route} |"
        )
    return [*parts, ""]


def _lessons(made: Mapping[str, Any]) -> list[str]:
    lessons = made["curate"]["lessons"]
    parts = ["## Lessons", ""]
    if not lessons:
        failing = made["diagnose"]["failing"]
        return [*parts, f"None. {len(failing)} patterns fail credibly.", ""]
    parts += ["| pattern | lessons | of which |", "|---|---:|---|"]
    for name, kinds in lessons.items():
        parts.append(
            f"| {_cell(name)} | {sum(kinds.values())} | {', '.join(f'{n} {kind}' for kind, n in kinds.items())} |"
        )
    too_few = made["curate"]["too_few"]
    if too_few:
        parts += ["", "Failing, but not teachable tonight:", ""]
        parts += [f"- {_cell(name)}: {why}" for name, why in too_few.items()]
    return [*parts, ""]


def _subspace(made: Mapping[str, Any]) -> list[str]:
    merged = made["consolidate"]
    if not merged["patterns"]:
        return []
    worst = max(merged["damage"].values(), default=0.0)
    parts = [
        "## Memory",
        "",
        f"{len(merged['patterns'])} patterns in one subspace, k from {merged['k'][0]} to {merged['k'][1]} a side. "
        f"The merge cost no pattern more than {100 * worst:.1f} % of its weights before its refit.",
        "",
    ]
    parts += [f"- {_cell(name)} was left out: {why}" for name, why in merged["refused"].items()]
    return [*parts, ""] if merged["refused"] else parts


def _changes(made: Mapping[str, Any]) -> list[str]:
    decided = made["decide"]
    parts: list[str] = []
    for what in ("gained", "lost"):
        names = decided.get(what, [])
        if names:
            parts += [f"## Exam tasks {what}", "", *(f"- `{name}`" for name in names[:_SHOWN])]
            if len(names) > _SHOWN:
                parts.append(f"- and {len(names) - _SHOWN} more")
            parts.append("")
    return parts


def _stages(timed: Mapping[str, Stage]) -> list[str]:
    parts = ["## Stages", "", "| stage | seconds |", "|---|---:|"]
    for name, stage in timed.items():
        if stage.ended is not None:
            parts.append(f"| {name} | {(stage.ended - stage.started).total_seconds():.1f} |")
    return [*parts, ""]


def _cell(text: str) -> str:
    """A pattern's name inside a table's cell: the signature's own backquotes would end the code."""
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"
