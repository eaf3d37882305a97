"""The screen: 80 columns, what matters first. Everything on it is in the JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sleepy.daemon.base.pattern import fitted
from sleepy.daemon.base.text import plural
from sleepy.daemon.status import crates, words
from sleepy.daemon.status.figures import DAYS, Status
from sleepy.daemon.status.words import bar, by_day, sparkline

WIDTH = 80
_ROWS = 12  # patterns shown
_SILENT = 600  # seconds without a heartbeat that point to a fault: a pattern is learnt in less
_STATES = {"stopped": "red", "idle": "green", "working": "green", "asleep": "blue", "paused": "yellow"}
_STANDINGS = {"stuck": "red", "learning": "yellow", "new": "cyan", "mastered": "green"}


def view(status: Status) -> RenderableType:
    """The screen of a home."""
    data = status.data
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="bold", width=8)
    rows.add_column(width=WIDTH - 10)
    for name, lines in (
        ("now", _now(data)),
        ("crates", crates.shown(data["crates"], WIDTH - 10)),
        ("tonight", _tonight(data)),
        ("today", _today(data)),
        ("champion", _champion(data)),
        ("night", words.night(data["last_night"], data["decision"])),
        ("health", _health(data)),
    ):
        for number, line in enumerate(lines):
            rows.add_row(name if number == 0 else "", line)
    return Group(_head(data), rows, *_patterns(data))


def _head(data: dict[str, Any]) -> RenderableType:
    now = datetime.fromisoformat(data["now"]).astimezone()
    head = Table.grid(expand=False)
    head.add_column(width=WIDTH - 18)
    head.add_column(width=18, justify="right")
    title = Text.assemble(("sleepy", "bold"), "  ", ("●", _STATES[data["state"]]), " ", data["state"])
    if data["holder"] and data["holder"]["pid"]:
        title.append(f", process {data['holder']['pid']}", style="dim")
    age = data["health"]["heartbeat_age"]
    if age is not None:
        title.append(f", last heartbeat {words.span(age)} ago", style="dim" if age < _SILENT else "bold red")
    head.add_row(title, Text(f"{now:%a %d %b %H:%M}", style="dim"))
    return Group(head, Text("─" * WIDTH, style="dim"))


def _now(data: dict[str, Any]) -> list[Text]:
    lines = []
    doing, stage = data["doing"], data["stage"]
    if data["pause"]:
        lines.append(Text(words.pause(data["pause"]), style="yellow"))
    if data["state"] == "asleep" and stage:
        lines.append(Text(f"night, stage {stage['number']} of {stage['of']}: {stage['name']}"))
    if doing:
        total, done = doing["total"], doing["done"]
        line = Text(words.short(doing["what"], 30 if total else 60))
        if total:
            line.append(f"  {bar(done, total, 16)}", style="green").append(f" {done} of {total}")
        if doing.get("remaining") is not None:
            line.append(f", {words.span(doing['remaining'])} left", style="dim")
        lines.append(line)
    elif data["holder"]:
        lines.append(Text("waiting for the next practice or night"))
    elif not data["pause"]:
        lines.append(Text("not running; `sleepy start` starts it in the background"))
    if stage and data["state"] != "asleep":
        date = data["last_night"]["date"]
        today = datetime.fromisoformat(data["now"]).astimezone().date().isoformat()
        command = "sleepy night" if date == today else f"sleepy night --date {date}"
        lines.append(Text(f"a night was interrupted at {stage['name']}: `{command}` resumes it", style="yellow"))
    if data["offer"]:
        lines.append(
            Text(f"a fix for {data['offer'].get('file', '?')} is ready: `sleepy fix --diff`", style="bold green")
        )
    return lines


def _tonight(data: dict[str, Any]) -> list[Text]:
    plan = data["plan"]
    when = Text("never" if data["next_night"] is None else words.at(data["next_night"], data["now"]))
    train = plan["train"]
    if not train:
        when.append("; no pattern is reliably failing yet")
    else:
        when.append(f"; would train {plural(len(train), 'pattern')}")
    lines = [when]
    if data["held"]:
        lines.append(
            Text(f"  {words.short('on hold: ' + '; '.join(data['held']['reasons']), WIDTH - 12)}", style="yellow")
        )
    named = fitted([item["signature"] for item in train[:3]], 46)
    lines += [
        Text.assemble("  ", words.padded(named[item["signature"]], 46), f"  {item['passes']} of {item['attempts']}")
        for item in train[:3]
    ]
    rest = []
    if len(train) > 3:
        rest.append(f"{len(train) - 3} more")
    if plan["waiting"]:
        rest.append(f"{plan['waiting']} for another night")
    if plan["resting"]:
        rest.append(f"{plural(len(plan['resting']), 'stuck pattern')} resting")
    if rest:
        lines.append(Text("  and " + ", ".join(rest), style="dim"))
    return lines


def _today(data: dict[str, Any]) -> list[Text]:
    today = data["today"]
    if not today["attempts"]:
        return [Text("no attempt yet", style="dim")]
    lines = [Text(f"{today['passes']} of {plural(today['attempts'], 'attempt')} solved")]
    if len(today["rungs"]) > 1 or "model" not in today["rungs"]:
        told = [Text(f"{name} {rung['passes']} of {rung['attempts']}") for name, rung in today["rungs"].items()]
        lines += [Text.assemble("  ", line) for line in words.joined(told, WIDTH - 12, "   ")]
    return lines


def _champion(data: dict[str, Any]) -> list[Text]:
    serving = data["serving"] or {}
    base = serving.get("base") or data["model"]
    line = Text(f"none: the base model ({words.short(base, 30)}) answers")
    if data["champion"]:
        line = Text.assemble((data["champion"][:12], "bold"), f" on {words.short(base, 30)}")
        line.append(f", {plural(data['routes'], 'route')}")
        if serving.get("since"):
            line.append(f", since {serving['since'][:10]}")
    lines = [line]
    if base != data["model"]:
        told = f"learnt on another model than {words.short(data['model'], 20)}, the one set: `sleepy doctor`"
        lines.append(Text(told, style="bold red"))
    if serving.get("exam"):
        exam = serving["exam"]
        share = f"{100 * exam['passes'] / exam['n']:.0f} %, 95 % interval {100 * exam['low']:.0f}-{100 * exam['high']:.0f} %"
        lines.append(Text(f"exam {exam['passes']} of {exam['n']} ({share})"))
    return lines


def _health(data: dict[str, Any]) -> list[Text]:
    health = data["health"]
    good, free = health["last_good"], health["disk_free"]
    parts = [Text("no night yet", style="dim")]
    if good is not None:
        style = "green" if good["days"] < 2 else "yellow" if good["days"] < 7 else "red"
        parts = [Text(f"last good night {words.days_ago(good['days'])}", style=style)]
    parts.append(Text(f"{words.size(free)} free", style="" if free > 2 * 2**30 else "red"))
    if health["database_size"]:
        parts.append(Text(f"database {words.size(health['database_size'])}"))
    lines = words.joined(parts, WIDTH - 10)
    if data["fallback"]:
        lines.append(Text("the champion is damaged; something else serves: `sleepy doctor`", style="bold red"))
        lines.append(Text(f"  {words.short(str(data['fallback'].get('reason', '')), WIDTH - 12)}", style="dim"))
    if data["forgetting"]:
        lines.append(Text("a forgetting was interrupted: `sleepy forget` completes it", style="bold red"))
    return lines


def _patterns(data: dict[str, Any]) -> list[RenderableType]:
    shown = [item for item in data["patterns"] if item["episodes"]]
    if not shown:
        how = "it comes by itself" if data["holder"] else "`sleepy day` practises now, `sleepy start` by itself"
        return [Text(), Text(f"No practice yet: {how}.")]
    counts = Text()
    for name, style in _STANDINGS.items():
        if data["standings"].get(name):
            counts.append("   " if counts else "").append("■ ", style=style).append(f"{data['standings'][name]} {name}")
    order = list(_STANDINGS)
    shown.sort(key=lambda item: (order.index(item["standing"]), item["passes"] / item["episodes"], -item["episodes"]))
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("pattern", width=40, no_wrap=True)
    table.add_column(f"{DAYS} days", width=DAYS, no_wrap=True)
    table.add_column("state", width=8)
    table.add_column("solved", width=14, justify="right", no_wrap=True)
    today = datetime.fromisoformat(data["now"]).date()
    named = fitted([item["signature"] for item in shown[:_ROWS]], 40)
    for item in shown[:_ROWS]:
        history = [(date.fromisoformat(day), passes, attempts) for day, passes, attempts in item["history"]]
        style = _STANDINGS[item["standing"]]
        table.add_row(
            Text(named[item["signature"]], overflow="ellipsis"),
            Text(sparkline(by_day(history, last=today, days=DAYS)), style=style),
            Text(item["standing"], style=style),
            f"{item['passes']} of {item['episodes']}",
        )
    parts: list[RenderableType] = [Text(), counts, table]
    if len(shown) > _ROWS:
        parts.append(Text(f"and {len(shown) - _ROWS} more: `sleepy status --json` has them all", style="dim"))
    return parts
