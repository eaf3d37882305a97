"""`sleepy pretrain`: from base programs to a model folder that any Hugging Face loader takes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

from sleepy.daemon.agent import prompt
from sleepy.daemon.agent.request import Format
from sleepy.daemon.pretrain.corpus import Sample, balanced, plain
from sleepy.koans.forge.programs import Program
from sleepy.koans.forge.variation import renamed, renaming
from sleepy.memory.parametric.base.architecture import Shape, new_model
from sleepy.memory.parametric.base.pretrain import Document, Progress, Recipe, train
from sleepy.memory.parametric.base.tokenizer import train_tokenizer

VOCABULARY = 2048


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make: the network's shape, the training recipe, and the share of plain Rust beside the repairs."""

    shape: Shape = Shape()  # noqa: RUF009 - frozen
    recipe: Recipe = Recipe()  # noqa: RUF009 - frozen
    plain_share: float = 0.07
    answer_weight: float = 4.0  # weight of an answer's tokens against a prompt's 1


def documents(
    samples: Sequence[Sample],
    programs: Sequence[Program],
    tokenizer: PreTrainedTokenizerFast,
    plan: Plan,
    *,
    longest: int = 1024,
) -> list[Document]:
    """Token documents: prompt, answer, end; and plain windows, renamed anew each time. Longer ones are left out."""
    rng = random.Random(plan.recipe.seed)
    end = int(tokenizer.eos_token_id)
    out = []
    texts = [item.prompt for item in samples] + [item.answer for item in samples]
    encoded = tokenizer(texts, add_special_tokens=False)["input_ids"]
    for asked, answer in zip(encoded[: len(samples)], encoded[len(samples) :], strict=True):
        if len(asked) + len(answer) < longest:
            out.append(Document((*asked, *answer, end), len(asked)))
    beside: list[str] = []
    while programs and len(beside) < plan.plain_share * len(samples):
        others = [Program(p.name, renamed(p.source, renaming(p.source, rng)), "") for p in programs]
        beside += plain(others, rng)
    shown = beside[: int(plan.plain_share * len(samples))]
    plain_ids = tokenizer(shown, add_special_tokens=False)["input_ids"] if shown else []
    out += [Document((*ids[: longest - 1], end), len(ids)) for ids in plain_ids]
    rng.shuffle(out)
    return out


def make_tokenizer(samples: Sequence[Sample], programs: Sequence[Program], seed: int) -> PreTrainedTokenizerFast:
    """The tokenizer, trained on prompts, answers and the programs themselves."""
    rng = random.Random(seed)
    picked = rng.sample(list(samples), min(len(samples), 8000))
    texts = [text for item in picked for text in (_unmarked(item.prompt), _unmarked(item.answer))]
    texts += [program.source for program in programs]
    return train_tokenizer(texts, vocabulary=VOCABULARY, marks=prompt.MARKS)


def pretrain(
    samples: Sequence[Sample],
    programs: Sequence[Program],
    out: Path,
    plan: Plan,
    *,
    checkpoint: Path | None = None,
    report: Callable[[Progress], None] | None = None,
    device: str = "cpu",
) -> None:
    """Trains tokenizer and model and writes the folder. An interrupted run goes on from its checkpoint."""
    mixed = balanced(samples, random.Random(plan.recipe.seed))
    tokenizer = make_tokenizer(mixed, programs, plan.recipe.seed)
    pad, end = int(tokenizer.pad_token_id), int(tokenizer.eos_token_id)
    model = new_model(plan.shape, vocabulary=len(tokenizer), end=end, pad=pad, seed=plan.recipe.seed)
    model.to(device)
    train(
        model,
        documents(mixed, programs, tokenizer, plan),
        plan.recipe,
        pad=pad,
        answer_weight=plan.answer_weight,
        checkpoint=checkpoint,
        report=report,
    )
    model.config.sleepy_format = Format.SPAN_EDITS.value
    save(model.to("cpu", torch.bfloat16), tokenizer, out)
    (out / "pretraining.json").write_text(
        json.dumps({"plan": asdict(plan), "samples": len(mixed)}, indent=1) + "\n", encoding="utf-8"
    )


def save(model, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:  # type: ignore[no-untyped-def]
    """Writes model and tokenizer; safetensors files are made readable for everybody (they come as 0600)."""
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    for path in out.iterdir():
        path.chmod(0o644)


def _unmarked(text: str) -> str:
    for mark in prompt.MARKS:
        text = text.replace(mark, "\n")
    return text
