"""Times, sizes, counts and rates as the screen writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from textwrap import wrap
from typing import Any

from rich.text import Text

from sleepy.daemon.base.text import plural


def span(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h 5 min`, `4 days`."""
    whole = int(seconds)
    if whole < 90:
        return f"{whole} s"
    if whole < 5400:
        return f"{round(whole / 60)} min"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return plural(whole // 86400, "day")


def at(when: str, now: str) -> str:
    """`Wed 03:00, in 4 h 20 min`."""
    then = datetime.fromisoformat(when)
    left = (then - datetime.fromisoformat(now)).total_seconds()
    return f"{then:%a %H:%M}, in {span(max(0.0, left))}"


def size(count: int) -> str:
    """`3.2 MiB`."""
    value = float(count)
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.0f} GiB" if value >= 10 else f"{value:.1f} GiB"


def days_ago(days: int) -> str:
    """`today`, `1 day ago`."""
    return "today" if days <= 0 else f"{plural(days, 'day')} ago"


def short(text: str, width: int) -> str:
    """The text on one line of at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def padded(text: str, width: int) -> str:
    return short(text, width).ljust(width)


def joined(parts: Sequence[Text], width: int, gap: str = " · ") -> list[Text]:
    """The parts in lines of at most `width`, no part broken."""
    lines: list[Text] = []
    for part in parts:
        if lines and len(lines[-1]) + len(gap) + len(part) <= width:
            lines[-1].append(gap, style="dim").append_text(part)
        else:
            lines.append(Text.assemble(part))  # keeps the part's style from spreading over the line
    return lines


def pause(asked: dict[str, Any]) -> str:
    """`paused until Sun 14:30; ...`, or without an end."""
    until = asked.get("until")
    when = f" until {datetime.fromisoformat(until).astimezone():%a %H:%M}" if until else ""
    return f"paused{when}; `sleepy resume` ends the pause"


def night(last: dict[str, Any] | None, decided: dict[str, Any] | None) -> list[Text]:
    """The last night in one or two lines; where it came to no decision, also the last one that did."""
    if last is None:
        return [Text("none yet", style="dim")]
    if last["state"] == "done":
        line = Text.assemble(f"{last['date']} ", (str(last["decision"]), "bold"))
        if last["exam"]:
            line.append(f", exam {last['baseline']} -> {last['challenger']} of {last['exam']}")
        why = wrap(str(last["reasons"][0]), 68, max_lines=2, placeholder=" …") if last["reasons"] else []
        return [line, *(Text(f"  {part}", style="dim") for part in why)]
    if last["state"] == "failed":
        lines = [Text(f"{last['date']} failed: {short(last['reason'], 51)}", style="red")]
    else:
        lines = [Text(f"{last['date']} unfinished, at {last['stage']}")]
    if decided is not None:
        lines.append(Text(f"  last decision: {decided['decision']}, {decided['date']}", style="dim"))
    return lines


BARS = "▁▂▃▄▅▆▇█"
NONE = "·"  # a day without an attempt


def sparkline(rates: Sequence[float | None]) -> str:
    """One character per rate (0 to 1); None is a day without attempts."""
    return "".join(NONE if rate is None else BARS[min(int(rate * len(BARS)), len(BARS) - 1)] for rate in rates)


def by_day(history: Sequence[tuple[date, int, int]], *, last: date, days: int) -> list[float | None]:
    """The pass rates of the `days` days up to `last`, from (day, passes, attempts)."""
    known = {day: passes / attempts for day, passes, attempts in history if attempts}
    return [known.get(last - timedelta(days=back)) for back in range(days - 1, -1, -1)]


def bar(done: int, total: int, width: int) -> str:
    """A progress bar of `width` characters."""
    full = 0 if total <= 0 else round(width * min(max(done, 0), total) / total)
    return "█" * full + "░" * (width - full)
