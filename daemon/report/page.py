"""The document as one HTML page that needs nothing else: styles and charts inline, no script, nothing fetched.

Its Content-Security-Policy forbids both, should anything of a user's ever come through unescaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sleepy.daemon.report.document import (
    Block,
    Bullets,
    Code,
    Diff,
    Document,
    Figure,
    Paragraph,
    Piece,
    Section,
    Strong,
    Table,
    Text,
)
from sleepy.daemon.report.safe import markup

_STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--faint:#59636e;--grid:#d1d9e0;--paper:#fff;--raised:#f6f8fa;
--before:#6e7781;--after:#0072b2;--lost:#c2410c;--add:#e6f4fb;--del:#fdeee6}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9da7b3;--grid:#3d444d;--paper:#0d1117;--raised:#161b22;
--before:#8b949e;--after:#56b4e9;--lost:#f0884a;--add:#10293a;--del:#3a2015}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:64rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.25rem;line-height:1.3;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--grid)}
p,ul{margin:.6rem 0;max-width:46rem}
ul{padding-left:1.4rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85em}
code{background:var(--raised);padding:.1em .3em;border-radius:4px}
.figures{columns:20rem 2;column-gap:2rem}
figure{margin:0;padding:.75rem 0;break-inside:avoid}
figcaption{margin-bottom:.5rem;max-width:30rem}
figcaption b{display:block}
svg{display:block;width:100%;height:auto;max-width:30rem}
details{margin-top:.5rem}
summary{cursor:pointer;color:var(--faint)}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.875rem;margin:.5rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--faint)}
td,th{overflow-wrap:normal}
td:has(code){min-width:10rem}
td code{overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap}
pre{overflow-x:auto;background:var(--raised);padding:.75rem 0;border-radius:6px;margin:.25rem 0 1rem;line-height:1.45}
pre span{display:block;padding:0 .75rem;min-width:max-content;min-height:1.45em}
.add{background:var(--add)}.del{background:var(--del)}.hunk{color:var(--faint)}
:focus-visible{outline:2px solid var(--after);outline-offset:2px}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(document: Document) -> str:
    """The whole page; ends with a newline."""
    title = markup(document.title)
    head = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',
        f"<title>sleepy: {title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{title}</h1>",
    ]
    body = [line for section in document.sections for line in _section(section)]
    return "\n".join([*head, *body, "</main>", "</body>", "</html>"]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield "<section>"
    if section.title:
        yield f"<h2>{markup(section.title)}</h2>"
    for figures, blocks in groupby(section.blocks, lambda block: isinstance(block, Figure)):
        if figures:
            yield '<div class="figures">'
        for block in blocks:
            yield _block(block)
        if figures:
            yield "</div>"
    yield "</section>"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{_text(text)}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in items) + "</ul>"
        case Table():
            return _table(block, "table")
        case Figure(title, svg, caption, table):
            words = f"<b>{markup(title)}</b> {_text(caption)}"
            numbers = (
                f"<details><summary>Numbers</summary>{_table(table, 'numbers of the chart')}</details>" if table else ""
            )
            return f"<figure><figcaption>{words}</figcaption>{svg}{numbers}</figure>"
        case Diff(caption, diff):
            lines = "".join(_line(line) for line in diff.split("\n"))
            return f'<p>{_text(caption)}</p><pre tabindex="0" aria-label="diff">{lines}</pre>'


def _table(table: Table, name: str) -> str:
    """In a box of its own, which scrolls where the table is wider than the page."""
    head = _cells([markup(words) for words in table.head], table.right, "th")
    rows = "".join(f"<tr>{_cells([_piece(cell) for cell in row], table.right, 'td')}</tr>" for row in table.rows)
    inside = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide" role="region" aria-label="{name}" tabindex="0">{inside}</div>'


def _cells(cells: Sequence[str], right: Sequence[int], tag: str) -> str:
    kind = {True: f'<{tag} class="n">', False: f"<{tag}>"}
    return "".join(f"{kind[i in right]}{cell}</{tag}>" for i, cell in enumerate(cells))


def _line(line: str) -> str:
    name = {"+": "add", "-": "del", "@": "hunk"}.get(line[:1], "")
    return f'<span class="{name}">{markup(line)}</span>' if name else f"<span>{markup(line)}</span>"


def _text(text: Text) -> str:
    return "".join(_piece(piece) for piece in text)


def _piece(piece: Piece) -> str:
    match piece:
        case Code(name):
            return f"<code>{markup(name)}</code>" if name else ""
        case Strong(words):
            return f"<strong>{markup(words)}</strong>"
        case words:
            return markup(words)
