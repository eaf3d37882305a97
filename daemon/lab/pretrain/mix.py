"""Samples to teach with, chosen so that no code, no source and no kind of answer makes up too much.

Files of samples are read as far as they are written, and read on when they have grown: samples may be made
while others are learnt from. Of real crates a few whole ones are held out, of other samples single ones.
"""

from __future__ import annotations

import hashlib
import json
import random
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.lab.pretrain.corpus import Sample
from sleepy.daemon.model import prompt
from sleepy.memory.parametric.examples import Example

SHARES = {"crate": 0.3, "forge": 0.43, "template": 0.27}
TAKEN = 0.42  # answers that are a suggestion by its number: with .2 a model stops taking those that are right
CAP = 0.04  # of the samples there are, for one code
MANY = frozenset(["E0308", "none"])  # one code for many mistakes, and no code: up to six times the cap, as they come
HELD_OUT = {"crate": 64, "": 32}  # samples held out: of crates, and of the rest


@dataclass(frozen=True, slots=True)
class _Known:
    part: str
    code: str
    prompt: str
    answer: str

    @property
    def taken(self) -> bool:
        return self.answer.startswith(prompt.TRY)


def part_of(item: Sample) -> str:
    """Where a sample is from: `crate`, `template` or `forge`."""
    part = item.base.partition(":")[0]
    return part if part in SHARES else "forge"


def key_of(text: str) -> int:
    """A prompt's number, the same in every run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")


class Mix:
    """The samples of `files` for one tokenizer; a `Source` for `teach`."""

    def __init__(self, files: Sequence[Path], tokenizer: Any, *, longest: int) -> None:
        self._files, self._tokenizer, self._longest = list(files), tokenizer, longest
        self._read: dict[Path, int] = {}
        self._items: dict[int, _Known] = {}
        self._held: dict[int, _Known] = {}

    def __len__(self) -> int:
        return len(self._items)

    def refresh(self) -> None:
        """Reads what the files have gained. `UserError` where a line is no sample, or there are none at all."""
        for file in self._files:
            with file.open("rb") as lines:
                lines.seek(self._read.get(file, 0))
                for line in lines:
                    if not line.endswith(b"\n"):  # still being written
                        break
                    self._read[file] = self._read.get(file, 0) + len(line)
                    self._take(file, line)
        if not self._items:
            raise UserError("there are no samples to train on", remedy="name a corpus.jsonl that has some")

    def _take(self, file: Path, line: bytes) -> None:
        try:
            item = Sample(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise UserError(f"{file}: a line is not a sample: {error}", remedy="leave the file out") from error
        if len(item.prompt) > 4 * self._longest:
            return
        key, part = key_of(item.prompt), part_of(item)
        held = zlib.crc32(item.base.encode()) % 25 == 0 if part == "crate" else key % 60 == 0
        known = _Known(part, item.code, item.prompt, prompt.chosen(item.prompt, item.answer))
        (self._held if held else self._items)[key] = known

    def choose(self, seen: Mapping[int, int], count: int, rng: random.Random) -> list[int]:
        """Keys of `count` samples, fewer where there are not so many: the least seen of each code, codes up to their caps."""
        found: dict[tuple[str, bool], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for key, item in self._items.items():
            found[item.part, item.taken][item.code].append(key)
        weights: dict[tuple[str, bool], dict[str, float]] = {}
        for kind, codes in found.items():
            total = sum(map(len, codes.values()))
            weights[kind] = {
                code: min(len(keys), CAP * total * (6 if code in MANY else 1)) for code, keys in codes.items()
            }
            for keys in codes.values():
                rng.shuffle(keys)
                keys.sort(key=lambda key: -seen.get(key, 0))  # taken from the end
        out: list[int] = []
        while found and len(out) < count:
            (kind,) = rng.choices(list(found), [SHARES[part] * (TAKEN if t else 1 - TAKEN) for part, t in found])
            codes = found[kind]
            (code,) = rng.choices(list(codes), [weights[kind][code] for code in codes])
            out.append(codes[code].pop())
            if not codes[code]:
                del codes[code]
            if not codes:
                del found[kind]
        return out

    def examples(self, keys: Sequence[int]) -> list[Example]:
        """The samples of these keys as tokens, loss on the answer; longer ones than `longest` left out."""
        return self._encoded([self._items[key] for key in keys])

    def held_out(self) -> list[Example]:
        """The same few samples every time that none is trained on, as long as only the last file grows, at its end."""
        some: list[_Known] = []
        for part, count in HELD_OUT.items():
            able = [key for key, item in self._held.items() if (item.part == "crate") == (part == "crate")]
            some += [self._held[key] for key in able[:count]]  # in the order of the files
        return self._encoded(some)

    def _encoded(self, items: Sequence[_Known]) -> list[Example]:
        out = []
        for item in items:
            asked, said = (
                list(self._tokenizer(text, add_special_tokens=False)["input_ids"])
                for text in (item.prompt, item.answer)
            )
            said.append(int(self._tokenizer.eos_token_id))
            if len(asked) + len(said) <= self._longest:
                out.append(Example.completion(asked, said))
        return out
