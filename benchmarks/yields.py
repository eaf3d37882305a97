"""How often each mistake and each template's shape leads to which signature, over the practice side's programs.

    python -m benchmarks.yields [--mistake N] [--shape N] [--seed S] [--missing] [--write]

`koans/forge/yields.py` says what the table is for. `--write` puts it into the package. It takes some ten minutes; with `--missing` only
what the table lacks is measured, and what is gone is left out. The last line of the output is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from sleepy.daemon.day import shelf
from sleepy.koans import library
from sleepy.koans.forge.sources import KoanSource, of_mistakes, of_templates
from sleepy.koans.forge.yields import YIELDS, Yield, write_yields, yields
from sleepy.koans.koan import Koan
from sleepy.memory.parametric.scope import code_of
from sleepy.sandbox.sandbox import Sandbox

WAVE = 512  # koans checked together


def drafted(sources: Sequence[KoanSource], each: int, seed: int) -> Iterator[tuple[KoanSource, Koan]]:
    """Up to `each` different koans of every source."""
    for source in sources:
        rng = random.Random(f"yields {seed} {source.name}")
        seen: set[str] = set()
        for _ in range(each):
            koan = source.draft(rng)
            if koan is not None and koan.digest not in seen:
                seen.add(koan.digest)
                yield source, koan


def measured(sandbox: Sandbox, sources: Sequence[KoanSource], each: int, seed: int) -> dict[str, Yield]:
    """Every source's yield."""
    made: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {source.name: Counter() for source in sources}
    waiting: list[tuple[KoanSource, Koan]] = []

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
    parser.add_argument("--mistake", type=int, default=160, help="koans a mistake")
    parser.add_argument("--shape", type=int, default=8, help="koans a template's shape")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--missing", action="store_true", help="only the sources that the table lacks")
    parser.add_argument("--write", action="store_true", help="put the table into the package")
    arguments = parser.parse_args()
    bases, _ = library.sides()
    every = [of_mistakes(bases), of_templates()]
    names = {source.name for some in every for source in some}
    known = {name: item for name, item in yields().items() if arguments.missing and name in names}
    mistakes, shapes = ([source for source in some if source.name not in known] for some in every)
    with Sandbox.open() as sandbox:
        table = {
            **known,
            **measured(sandbox, mistakes, arguments.mistake, arguments.seed),
            **measured(sandbox, shapes, arguments.shape, arguments.seed),
        }
    if arguments.write:
        write_yields(YIELDS, table)
    signatures = {name for item in table.values() for name in item.signatures}
    drafts = sum(item.drafted for item in table.values())
    codes = sorted({code_of(name) for name in signatures})
    print(json.dumps({"sources": len(table), "drafts": drafts, "signatures": len(signatures), "codes": codes}))


if __name__ == "__main__":
    main()
