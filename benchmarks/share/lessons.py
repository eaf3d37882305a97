"""Lessons for patterns whose repairs the built-in model never saw, made from templates, verified by the compiler."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import cast

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.day.shelf import diagnosed
from sleepy.daemon.model import edits
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import ask
from sleepy.daemon.model.source import HELD_BACK
from sleepy.koans import library
from sleepy.koans.forge.template import drafts, load_templates
from sleepy.koans.koan import Koan
from sleepy.memory.parametric.examples import Example
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Verdict

TEACH, HELD_OUT = 120, 24  # lessons per pattern, and held-out ones, from other programs
_A_CODE = 3  # most patterns of one error code
_WAVE = 256  # programs checked together
_LONGEST = 240  # characters of an answer at most


@dataclass(slots=True)
class Course:
    """One signature's (prompt, answer) pairs."""

    teach: list[tuple[str, str]] = field(default_factory=list)
    held_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return len(self.teach) >= TEACH and len(self.held_out) >= HELD_OUT


def courses(model: LanguageModel, count: int, path: Path | None, *, seed: int = 0) -> dict[str, Course]:
    """`count` courses in random order: read from the file if it exists, otherwise forged."""
    if path is not None and path.exists():
        return _read(path, count)
    if path is not None and not path.parent.is_dir():
        raise UserError(f"{path}: no folder {path.parent}", remedy="make it, or name a file elsewhere")
    found = _forged(model, count, seed)
    if path is not None:
        path.write_text(json.dumps({name: [c.teach, c.held_out] for name, c in found.items()}), encoding="utf-8")
    return found


def examples(model: LanguageModel, pairs: Sequence[tuple[str, str]]) -> list[Example]:
    return [Example.completion(model.prompt_ids(prompt), model.answer_ids(answer)) for prompt, answer in pairs]


def _forged(model: LanguageModel, count: int, seed: int) -> dict[str, Course]:
    rng = random.Random(seed)
    made = drafts(rng, templates=[item for item in load_templates().values() if HELD_BACK.intersection(item.codes)])
    firewall = library.Firewall(library.exam())
    found: dict[str, Course] = {}
    with Sandbox.open() as sandbox:
        while len(chosen := _chosen(found, count)) < count:
            koans = [koan for koan in islice(made, _WAVE) if firewall.blocks(koan) is None]
            verdicts = sandbox.check_many([text for koan in koans for text in (koan.broken, koan.fixed)], exact=False)
            for koan, broken, fixed in zip(koans, verdicts[::2], verdicts[1::2], strict=True):
                if not broken.passed and fixed.passed:
                    _teach(model, found, koan, broken)
    rng.shuffle(chosen)
    return {name: Course(found[name].teach[:TEACH], found[name].held_out[:HELD_OUT]) for name in chosen}


def _teach(model: LanguageModel, found: dict[str, Course], koan: Koan, verdict: Verdict) -> None:
    """Adds the koan's repair to its signature's course, if the model's answer format can express it."""
    item = diagnosed(koan, verdict)
    if item is None or item.signature.partition(":")[0] not in HELD_BACK:
        return
    request = ask(koan.broken, item.diagnostics, model.format, window=model.window)
    try:
        answer = request.taught(koan.fixed)
        request.repaired(answer)
    except edits.EditError:
        return
    if len(answer) <= _LONGEST:
        course = found.setdefault(item.signature, Course())
        side = course.held_out if library.is_exam(koan.base, salt="held out") else course.teach
        side.append((request.text, answer))


def _chosen(found: Mapping[str, Course], count: int) -> list[str]:
    """The first complete courses, at most `_A_CODE` of one error code."""
    codes: Counter[str] = Counter()
    out: list[str] = []
    for name, course in found.items():
        code = name.partition(":")[0]
        if course.whole and codes[code] < _A_CODE and len(out) < count:
            codes[code] += 1
            out.append(name)
    return out


def _read(path: Path, count: int) -> dict[str, Course]:
    remedy = "leave --lessons out, or delete the file to have it made again"
    try:
        rows = cast(dict[str, list[list[tuple[str, str]]]], json.loads(path.read_text(encoding="utf-8")))
        found = {name: Course(*([(p, a) for p, a in side] for side in sides)) for name, sides in rows.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise UserError(f"{path} holds no lessons: {error}", remedy=remedy) from error
    if len(found) < count:
        raise UserError(f"{path} holds lessons of {len(found)} patterns, not of {count}", remedy=remedy)
    return dict(islice(found.items(), count))
