"""SVG as `Markup`: elements, text, scales and colours. Plain strings are escaped here.

Colours are CSS variables that the page sets for light and dark, each with a fallback for a chart on its own. Where a
colour carries meaning, a shape or a number carries it too.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sleepy.daemon.report import safe

WIDTH = 360.0  # of a chart: fits a phone without scrolling; text is 11 or 12 high
INK = "var(--ink,#1f2328)"
FAINT = "var(--faint,#59636e)"
GRID = "var(--grid,#d1d9e0)"
BEFORE = "var(--before,#6e7781)"
AFTER = "var(--after,#0072b2)"  # blue and vermillion: the pair from Okabe and Ito that all eyes can tell apart
LOST = "var(--lost,#c2410c)"
PAPER = "var(--paper,#ffffff)"

# Cividis (Nunez, Anderton and Renslow 2018) at five points: even steps of lightness for all eyes, and in grey.
_RISING = ("#00204d", "#414d6b", "#7c7b78", "#bcae6c", "#ffea46")
# Blue - white - orange, with the same lightness on either side.
_DIVERGING = ("#2166ac", "#92c5de", "#f7f7f7", "#f1a340", "#b35806")


def element(name: str, *inside: str, **attributes: str | float) -> Markup:
    """`<name ...>inside</name>`; plain strings and attributes are escaped, and `_` in attribute names becomes `-`."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{safe.markup(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    held = "".join(safe.markup(part) for part in inside)
    return Markup(f"<{name}{given}>{held}</{name}>" if inside else f"<{name}{given}/>")


def label(x: float, y: float, words: str, *, anchor: str = "start", size: float = 11, fill: str = INK, mono: bool = False,
          whole: str | None = None) -> Markup:  # fmt: skip
    """Text at a point; `whole` is the tooltip, for where `words` is shortened."""
    family = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" if mono else "system-ui,sans-serif"
    title = hint(whole) if whole is not None else ""
    return element("text", title, words, x=x, y=y, text_anchor=anchor, font_size=size, font_family=family, fill=fill)


def hint(words: str) -> Markup:
    """An element's tooltip."""
    return element("title", words)


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = GRID, width: float = 1) -> Markup:
    """A straight line between two points."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width)


def box(x: float, y: float, width: float, height: float, fill: str, *inside: str, **more: str | float) -> Markup:
    """A rectangle from its top left corner."""
    return element("rect", *inside, x=x, y=y, width=width, height=height, fill=fill, **more)


def path(points: Sequence[tuple[float, float]], *, stroke: str, width: float = 1.75, dashes: str = "") -> Markup:
    """A line through points in order."""
    steps = " ".join(f"{'L' if i else 'M'}{number(x)} {number(y)}" for i, (x, y) in enumerate(points))
    more = {"stroke_dasharray": dashes} if dashes else {}
    return element("path", d=steps, fill="none", stroke=stroke, stroke_width=width, stroke_linejoin="round", **more)


def dot(x: float, y: float, *, fill: str, stroke: str, radius: float = 3.5) -> Markup:
    """A circle around a point."""
    return element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=1.5)


def chart(title: str, description: str, height: float, *inside: str, width: float = WIDTH) -> Markup:
    """The whole picture, with its name and, for people who cannot see it, a description in words."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=title,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
    )


def number(value: float) -> str:
    """The number with at most two decimals, without trailing zeros, and no minus zero."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def shortened(words: str, most: int) -> str:
    """At most `most` characters of the text; the last one is an ellipsis if something was cut off."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def shade(share: float, *, diverging: bool = False) -> tuple[str, str]:
    """The colour of a share in [0, 1], and whichever of black and white is readable on it."""
    stops = _DIVERGING if diverging else _RISING
    at = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    first, second = _channels(stops[low]), _channels(stops[low + 1])
    mixed = [round(a + (b - a) * (at - low)) for a, b in zip(first, second, strict=True)]
    return "#" + "".join(f"{c:02x}" for c in mixed), "#000000" if _luminance(mixed) > 0.18 else "#ffffff"


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two #rrggbb colours, 1 to 21."""
    low, high = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (high + 0.05) / (low + 0.05)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _luminance(channels: Sequence[int]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
