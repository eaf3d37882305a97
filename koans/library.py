"""The shelf: which koans there are, which may be practised, and which are the exam's alone.

The exam was forged once, verified both ways, and sealed: its file's hash stands beside it and in
every decision. A koan belongs to practice or exam by the hash of its base program, so variants of
one program never straddle the splits, and the firewall stops what merely looks like an exam koan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from sleepy.koans.koan import Koan, KoanError, from_dict, read
from sleepy.koans.program import Program, programs
from sleepy.koans.tokens import tokens

_HERE = Path(__file__).parent
_SALT = "sleepy exam 1"
SHINGLE = 5  # tokens
TOO_NEAR = 0.85  # Jaccard similarity of shingles


def load(folder: Path) -> list[Koan]:
    """The koans of a folder's TOML files, by id. Two files with one id are an error."""
    found: dict[str, Koan] = {}
    for path in sorted(folder.glob("*.toml")):
        koan = read(path)
        if koan.id in found:
            raise KoanError(f"{path}: the id {koan.id!r} is taken", remedy="give the koan an id of its own")
        found[koan.id] = koan
    return [found[key] for key in sorted(found)]


def classics() -> list[Koan]:
    """The 42 classic koans, pinned in every exam."""
    return [Koan(**{**asdict(koan), "origin": "classic"}) for koan in load(_HERE / "classics")]


def is_exam(base: str, *, share: float = 0.2, salt: str = _SALT) -> bool:
    """Whether a base program belongs to the exam's side of a split; each salt is a split of its own."""
    number = int.from_bytes(hashlib.sha256(f"{salt}:{base}".encode()).digest()[:8], "big")
    return number < share * 2**64


def sides() -> tuple[list[Program], list[Program]]:
    """The base programs that may be practised on, and those that only the exam is made of."""
    found = list(programs())
    return [item for item in found if not is_exam(item.base)], [item for item in found if is_exam(item.base)]


def sealed_exam(path: Path = _HERE / "exam.jsonl") -> list[Koan]:
    """The exam's koans. `KoanError` when the file is not the one that was sealed."""
    text = path.read_bytes()
    seal = path.with_suffix(".sha256")
    if not seal.exists() or seal.read_text().strip() != hashlib.sha256(text).hexdigest():
        raise KoanError(
            f"{path}: not the sealed exam: its hash is not that of {seal.name}",
            remedy="restore both files from the release; results on another exam do not compare",
        )
    return [from_dict(json.loads(line), f"{path}:{n}") for n, line in enumerate(text.splitlines(), start=1)]


def exam() -> list[Koan]:
    """What is examined: the sealed koans and the 42 classics."""
    return [*sealed_exam(), *classics()]


def seal_of(koans: Iterable[Koan]) -> str:
    """One hash for a set of koans, in whatever order: what a decision records of its exam."""
    return hashlib.sha256("\n".join(sorted(koan.digest for koan in koans)).encode()).hexdigest()


def exam_seal(path: Path = _HERE / "exam.jsonl") -> str:
    """The sealed exam's hash, as recorded in decisions."""
    return path.with_suffix(".sha256").read_text().strip()


class Firewall:
    """Keeps the exam out of training: by content hash, and by 5-gram similarity of the broken program."""

    def __init__(self, exam: Iterable[Koan]) -> None:
        self._digests: dict[str, str] = {}
        self._shingles: list[tuple[str, frozenset[int]]] = []
        self._holders: dict[int, list[int]] = {}
        for koan in exam:
            self._digests[koan.digest] = koan.id
            for source in {koan.broken, koan.fixed}:
                grams = shingles(source)
                for gram in grams:
                    self._holders.setdefault(gram, []).append(len(self._shingles))
                self._shingles.append((koan.id, grams))

    def blocks(self, koan: Koan) -> str | None:
        """The exam koan that this one is, or is too near to; None when it may be trained on."""
        if koan.digest in self._digests:
            return self._digests[koan.digest]
        return self.blocks_source(koan.broken)

    def blocks_source(self, source: str) -> str | None:
        """The exam koan a program is too near to, broken or repaired."""
        grams = shingles(source)
        for holder, count in self._shared(grams).items():
            name, others = self._shingles[holder]
            if count >= TOO_NEAR * (len(grams) + len(others) - count):
                return name
        return None

    def blocks_part(self, source: str) -> str | None:
        """The exam koan that most of a part of some file is also in, whatever else there is around it."""
        grams = shingles(source)
        for holder, count in self._shared(grams).items():
            if count >= TOO_NEAR * len(grams):
                return self._shingles[holder][0]
        return None

    def _shared(self, grams: Iterable[int]) -> dict[int, int]:
        """How many of the runs each exam program has too."""
        shared: dict[int, int] = {}
        for gram in grams:
            for holder in self._holders.get(gram, ()):
                shared[holder] = shared.get(holder, 0) + 1
        return shared


def shingles(source: str) -> frozenset[int]:
    """Hashes of every run of five tokens."""
    words = tokens(source)
    if len(words) < SHINGLE:
        return frozenset({hash(words)})
    return frozenset(hash(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
