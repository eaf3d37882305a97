"""How often each mistake and each template's shape leads to which signature, over the practice side's programs.

    python -m benchmarks.yields [--mistake N] [--shape N] [--seed S] [--write]

The search of a night starts from this table (`koans/forge/sources.py`), and nothing else reads it. `--write` puts it
into the package. The last line of the output is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from sleepy.daemon.day import shelf
from sleepy.koans import library
from sleepy.koans.forge.sources import YIELDS, Source, Yield, of_mistakes, of_templates, write_yields
from sleepy.koans.koan import Koan
from sleepy.memory.parametric.scope import code_of
from sleepy.sandbox.sandbox import Sandbox

WAVE = 512  # koans checked together


def drafted(sources: Sequence[Source], each: int, seed: int) -> Iterator[tuple[Source, Koan]]:
    """Up to `each` different koans of every source."""
    for source in sources:
        rng = random.Random(f"yields {seed} {source.name}")
        seen: set[str] = set()
        for _ in range(each):
            koan = source.draft(rng)
            if koan is not None and koan.digest not in seen:
                seen.add(koan.digest)
                yield source, koan


def measured(sandbox: Sandbox, sources: Sequence[Source], each: int, seed: int) -> dict[str, Yield]:
    """Every source's yield."""
    made: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {source.name: Counter() for source in sources}
    waiting: list[tuple[Source, Koan]] = []

    def judge() -> None:
        verdicts = sandbox.check_many([koan.broken for _, koan in waiting], exact=False)
        for (source, koan), verdict in zip(waiting, verdicts, strict=True):
            made[source.name] += 1
            item = None if verdict.passed else shelf.diagnosed(koan, verdict)
            if item is not None:
                found[source.name][item.signature] += 1
        waiting.clear()

    for pair in drafted(sources, each, seed):
        waiting.append(pair)
        if len(waiting) == WAVE:
            judge()
    judge()
    return {name: Yield(made[name], counts) for name, counts in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mistake", type=int, default=240, help="koans a mistake")
    parser.add_argument("--shape", type=int, default=12, help="koans a template's shape")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="put the table into the package")
    arguments = parser.parse_args()
    bases, _ = library.sides()
    with Sandbox.open() as sandbox:
        table = {
            **measured(sandbox, of_mistakes(bases), arguments.mistake, arguments.seed),
            **measured(sandbox, of_templates(), arguments.shape, arguments.seed),
        }
    if arguments.write:
        write_yields(YIELDS, table)
    signatures = {name for item in table.values() for name in item.signatures}
    drafts = sum(item.drafted for item in table.values())
    codes = sorted({code_of(name) for name in signatures})
    print(json.dumps({"sources": len(table), "drafts": drafts, "signatures": len(signatures), "codes": codes}))


if __name__ == "__main__":
    main()
