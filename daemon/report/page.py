"""Renders the document as one self-contained HTML page: styles and charts inline, no scripts, nothing fetched.

Its Content-Security-Policy forbids scripts and fetching, in case any foreign text ever gets through unescaped. Jinja
fills in `page.jinja` and escapes everything that is not `Markup`; only charts are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sleepy.daemon.report.document import Bullets, Code, Diff, Document, Figure, Paragraph, PatternName, Strong, Table
from sleepy.daemon.report.safe import markup

if TYPE_CHECKING:
    from jinja2 import Template


def html(document: Document) -> str:
    """The whole page; ends with a newline."""
    return _template().render(document=document)


@cache
def _template() -> Template:
    import jinja2  # here, since the import takes some 50 ms

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=markup,
        keep_trailing_newline=True,
    )
    environment.tests |= {
        kind.__name__.lower(): _is(kind)
        for kind in (Bullets, Code, Diff, Figure, Paragraph, PatternName, Strong, Table)
    }
    return environment.get_template("page.jinja")


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)
