"""The screen as a picture: one SVG file that loads nothing from elsewhere."""

from __future__ import annotations

import io
import re

from rich.console import Console, RenderableType
from rich.terminal_theme import MONOKAI

from sleepy.daemon.status.screen import WIDTH

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
