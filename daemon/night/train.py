"""Trains the night's patterns: founders by LoRA where there is no subspace yet, the rest inside it.

Every pattern's adapter is written, in PEFT's format, when it is done, so a killed night trains none
twice; within a pattern the loop's own checkpoint is gone on from.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from sleepy.daemon.tools import Tools
from sleepy.memory.episodic.lessons import Lesson
from sleepy.memory.parametric.adapter import Adapter, read_peft, write_peft
from sleepy.memory.parametric.fit import Example, Progress
from sleepy.memory.parametric.lora import LoraRecipe, train_lora
from sleepy.memory.parametric.phase2 import REFIT, CoefficientRecipe, refit, train_coefficients
from sleepy.memory.parametric.subspace import Certificate, MergeRejected, Rule, Subspace

FOUNDERS = 4  # patterns learnt by LoRA before there is a subspace to learn the others in
LORA = LoraRecipe(rank=8, lr=7e-3, steps=160)
PHASE_2 = CoefficientRecipe(phi=2, lr=7e-3, steps=160)  # coefficients and temporary directions
RULE = Rule(threshold=0.98, cap=64)
_DAMAGED = 0.02  # a pattern that lost more of its dW in a merge is refitted


@dataclass(frozen=True, slots=True)
class Trained:
    """One pattern's adapter as it lies in the night's folder."""

    signature: str
    phase: int  # 1: LoRA, 2: coefficients and temporary directions
    folder: str
    seconds: float
    examples: int


def examples(tools: Tools, lessons: Sequence[Lesson]) -> list[Example]:
    """Lessons as token ids; those that do not fit the model's context are left out."""
    made = []
    for item in lessons:
        prompt, answer = tools.model.prompt_ids(item.prompt), tools.model.answer_ids(item.answer)
        if len(prompt) + len(answer) <= tools.model.positions:
            made.append(Example.completion(prompt, answer))
    return made


def train(
    tools: Tools, folder: Path, courses: Mapping[str, Sequence[Lesson]], start: Subspace | None, seed: int
) -> list[Trained]:
    """Adapters of all courses, in the courses' order. The model is unchanged afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    out: list[Trained] = []
    names = list(courses)
    founders = names[:FOUNDERS] if start is None else []
    for name in founders:
        out.append(_one(tools, folder, name, courses[name], None, seed, len(out), len(names)))
    base = start
    if base is None and len(founders) < len(names):
        base, _ = Subspace.found({item.signature: _read(folder, item) for item in out}, RULE)
    for name in names[len(founders) :]:
        out.append(_one(tools, folder, name, courses[name], base, seed, len(out), len(names)))
    return out


def consolidate(
    tools: Tools,
    folder: Path,
    trained: Sequence[Trained],
    courses: Mapping[str, Sequence[Lesson]],
    start: Subspace | None,
    seed: int,
) -> tuple[Subspace, dict[str, str], dict[str, float]]:
    """Phase 3: every adapter in one subspace, refitted where the merge hurt.

    Returns the subspace, the patterns left out with the reason, and each pattern's damage before its refit.
    """
    adapters = {item.signature: _read(folder, item) for item in trained}
    founders = {name: adapters[name] for name in adapters} if start is None else {}
    founders = dict(list(founders.items())[:FOUNDERS])
    refused: dict[str, str] = {}
    damage: dict[str, float] = {}
    subspace = start
    if founders:
        subspace, certificate = Subspace.found(founders, RULE)
        _note(damage, certificate)
    assert subspace is not None, "a night that trained anything has founders or a subspace"
    for name, adapter in adapters.items():
        if name in founders:
            continue
        try:
            subspace, certificate = subspace.absorb(name, adapter, RULE)
            _note(damage, certificate)
        except MergeRejected as error:
            refused[name] = str(error)
    hurt = [name for name in adapters if damage.get(name, 0.0) > _DAMAGED and name not in refused]
    for number, name in enumerate(hurt):
        recipe = replace(REFIT, seed=seed, seconds=tools.config.pattern_seconds / 3)
        fitted = refit(tools.model.model, subspace, name, examples(tools, courses[name]), recipe)
        subspace = subspace.with_coefficients(name, fitted)
        tools.say("refit", number + 1, len(hurt))
    return subspace, refused, damage


def _note(damage: dict[str, float], certificate: Certificate) -> None:
    for name, value in certificate.damage.items():
        damage[name] = max(damage.get(name, 0.0), value)


def _one(
    tools: Tools,
    folder: Path,
    name: str,
    lessons: Sequence[Lesson],
    subspace: Subspace | None,
    seed: int,
    done: int,
    total: int,
) -> Trained:
    """One pattern's adapter, trained or, when an earlier run of the night finished it, found."""
    place = hashlib.sha256("\x1e".join([name, str(seed), *(item.content_hash for item in lessons)]).encode())
    where = place.hexdigest()[:16]
    phase = 1 if subspace is None else 2
    made = examples(tools, lessons)
    checkpoint = folder / f"{where}.checkpoint"

    def told(progress: Progress) -> None:
        tools.say(f"train {name}", done * 100 + int(100 * progress.step / progress.steps), total * 100)

    began = time.monotonic()
    if not (folder / where / "adapter_config.json").exists():
        limit = tools.config.pattern_seconds
        torch.manual_seed(seed)
        if subspace is None:
            adapter = train_lora(
                tools.model.model, made, replace(LORA, seed=seed, seconds=limit), checkpoint=checkpoint, report=told
            )
        else:
            recipe = replace(PHASE_2, seed=seed, seconds=limit)
            adapter = train_coefficients(
                tools.model.model, subspace, name, made, recipe, checkpoint=checkpoint, report=told
            )
        write_peft(folder / where, adapter, tools.model.name)
    return Trained(name, phase, where, round(time.monotonic() - began, 2), len(made))


def _read(folder: Path, item: Trained) -> Adapter:
    return read_peft(folder / item.folder)
