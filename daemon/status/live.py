"""`sleepy status --watch`: the screen, refreshed every few seconds until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from sleepy.memory.episodic.errors import DatabaseError


def watch(draw: Callable[[], RenderableType], console: Console, *, every: float) -> None:
    """Draws until interrupted, on the terminal's alternate screen where there is one; then returns.

    A database that cannot be read is reported on the screen and tried again.
    """
    good = draw()  # an error at the start ends the command
    try:
        if not console.is_terminal:
            console.print(good)
            while True:
                time.sleep(every)
                good, screen = _again(draw, good)
                console.print(screen)
        with Live(good, console=console, screen=True, auto_refresh=False) as live:
            while True:
                time.sleep(every)
                good, screen = _again(draw, good)
                live.update(screen, refresh=True)
    except KeyboardInterrupt:
        return


def _again(draw: Callable[[], RenderableType], good: RenderableType) -> tuple[RenderableType, RenderableType]:
    """The last screen that could be drawn, and what to show now: that one under the error, if there is one."""
    try:
        good = draw()
    except DatabaseError as error:
        return good, Group(Text(f"{error}: {error.remedy}. This is how it was before:", style="red"), good)
    return good, good
