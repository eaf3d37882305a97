"""How often each source of koans led to which signature, as it was measured over the practice side's programs.

`python -m benchmarks.yields --write` makes `yields.json` again, after a mistake, a template or the wording of signatures
has changed. A source is a mistake, or one shape of a template. The table is a measurement, not a promise: a search
starts from it and learns on, and a source that is not in it is still tried. It also decides which shapes are held out
(`template.is_held_out`), so that both sides have what the forge can make.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

YIELDS = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True)
class Yield:
    """How many koans were drafted, and how many of them failed under each signature."""

    drafted: int
    signatures: Mapping[str, int]


@lru_cache(maxsize=1)
def yields() -> Mapping[str, Yield]:
    """The packaged table, by the sources' names."""
    return read_yields(YIELDS)


def read_yields(path: Path) -> dict[str, Yield]:
    """A table that `write_yields` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {name: Yield(drafted, found) for name, (drafted, found) in rows.items()}


def write_yields(path: Path, measured: Mapping[str, Yield]) -> None:
    """Writes the table, a source a line."""
    lines = [
        f"{json.dumps(name)}: {json.dumps([item.drafted, dict(sorted(item.signatures.items()))], ensure_ascii=False)}"
        for name, item in sorted(measured.items())
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
