"""Shows the screen: on a terminal that is drawn again every few seconds, and as an SVG file without external resources."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.terminal_theme import MONOKAI
from rich.text import Text

from sleepy.daemon.status.screen import WIDTH
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


_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px;
}}
.{unique_id}-title {{ font: bold 18px system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def svg(screen: RenderableType, *, title: str = "sleepy status") -> str:
    """The picture of a screen as SVG, 80 columns wide; the same screen gives the same text."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False,
        legacy_windows=False, no_color=False,
    )  # fmt: skip
    console.print(screen)
    made = console.export_svg(title=title, theme=MONOKAI, code_format=_FORMAT, unique_id="sleepy")
    return re.sub(r"[ \t]+$", "", made, flags=re.MULTILINE)
