"""How the user's crates are: as the watcher found them, as the last practice found them, or why nobody can say.

A crate that is deleted while it is followed is the watcher's to notice; one that was never opened is looked for here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

from rich.text import Text

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.pattern import fitted
from sleepy.daemon.base.state_keys import CRATE, PRACTISED
from sleepy.memory.episodic.state import Entry
from sleepy.sandbox import manifest
from sleepy.sandbox.manifest import WorkspaceError

_MOST = 5  # shown
_LINES = 3  # of a reason with its remedy
_WORDS = {
    "green": ("compiles", "green"),
    "unknown": ("is not checked yet", "dim"),
    "unfollowed": ("is not followed now (`sleepy start`)", "dim"),
}


def crates(entries: Mapping[str, Entry], config: Config, *, at_work: bool) -> list[dict[str, Any]]:
    """The value of the key crates: those that are followed, and those of the settings that are not (yet, `at_work`)."""
    found = {
        key.removeprefix(CRATE): {"crate": key.removeprefix(CRATE), **entry.value}
        for key, entry in entries.items()
        if key.startswith(CRATE)
    }
    for named in config.crates:
        path = Path(named).expanduser().absolute()
        root, why = str(path), ""
        try:
            root = str(manifest.locate(path).root)
        except WorkspaceError as error:
            why = f"{error}; {error.remedy}"
        except OSError as error:
            why = f"{error.filename}: {error.strerror}; check the path and its permissions"
        state = "unknown" if why or at_work else "unfollowed"
        fresh = {"crate": root, "state": state, "files": [], "signature": "", "since": ""}
        if why:
            found[root] = {**fresh, "why": why}  # whatever the watcher knew of it before
        row = found.setdefault(root, fresh)
        proof = entries.get(f"{PRACTISED}{path}")
        if proof is not None and proof.value.get("why") and row["state"] in _WORDS and "why" not in row:
            row["practice"] = {"why": proof.value["why"], "remedy": proof.value.get("remedy", "")}
    return list(found.values())


def shown(told: list[dict[str, Any]], width: int) -> list[Text]:
    """Lines about each crate, with a word on how it is: what needs its developer first."""
    order = sorted(told, key=lambda item: (_urgency(item), item["crate"]))
    lines = [line for item in order[:_MOST] for line in _lines(item, width)]
    if len(told) > _MOST:
        lines.append(Text(f"and {len(told) - _MOST} more", style="dim"))
    return lines


def _urgency(crate: dict[str, Any]) -> int:
    if "why" in crate:
        return 0
    return 1 if crate["state"] == "red" else 2 if "practice" in crate else 3


def _lines(crate: dict[str, Any], width: int) -> Iterator[Text]:
    name, state = Path(crate["crate"]).name, crate["state"]
    if "why" in crate:
        yield _line("red", f"{name} cannot be followed")
        yield from _below(crate["why"], width)
    elif state == "red":
        since = datetime.fromisoformat(crate["since"]).astimezone()
        files = ", ".join(crate["files"])
        yield _line("red", f"{name} has not compiled since {since:%H:%M}: {files}")
        yield from _below(fitted([crate["signature"]], width - 2)[crate["signature"]], width)
    else:
        word, style = _WORDS[state]
        practice = crate.get("practice")
        if practice is None:
            yield _line(style, f"{name} {word}")
            return
        but = f"{word}, but could not" if state == "green" else "could not"
        yield _line("yellow", f"{name} {but} be practised on")
        yield from _below("; ".join(part for part in (practice["why"], practice["remedy"]) if part), width)


def _line(style: str, text: str) -> Text:
    return Text.assemble(("●", style), f" {text}")


def _below(text: str, width: int) -> Iterator[Text]:
    lines = wrap(text, width - 2, max_lines=_LINES, placeholder=" …")
    yield from (Text(f"  {line}", style="dim") for line in lines)
