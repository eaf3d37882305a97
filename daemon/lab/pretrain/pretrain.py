"""`sleepy pretrain`: from base programs to a model folder that any Hugging Face loader takes."""

from __future__ import annotations

import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from sleepy.daemon.base.config import AUTO, Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.lab.pretrain.corpus import Sample, balanced, plain
from sleepy.daemon.model import prompt
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format
from sleepy.koans.forge.variation import renamed, renaming
from sleepy.koans.program import Program
from sleepy.memory.parametric.base.architecture import Shape, configuration, deepened, new_model
from sleepy.memory.parametric.base.pretrain import PretrainProgress, Recipe, TokenDocument, train
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
) -> list[TokenDocument]:
    """Token documents: prompt, answer, end; and plain windows, renamed anew each time. Longer ones are left out."""
    rng = random.Random(plan.recipe.seed)
    end = int(tokenizer.eos_token_id)
    out = []
    texts = [item.prompt for item in samples] + [prompt.chosen(item.prompt, item.answer) for item in samples]
    encoded: list[list[int]] = []
    for start in range(0, len(texts), 4096):  # the tokenizer's own records take 30 times an id's room
        encoded += tokenizer(texts[start : start + 4096], add_special_tokens=False)["input_ids"]
    for asked, answer in zip(encoded[: len(samples)], encoded[len(samples) :], strict=True):
        if len(asked) + len(answer) < longest:
            out.append(TokenDocument((*asked, *answer, end), len(asked)))
    beside: list[str] = []
    while programs and len(beside) < plan.plain_share * len(samples):
        others = [Program(p.name, renamed(p.source, renaming(p.source, rng)), "") for p in programs]
        beside += plain(others, rng)
    shown = beside[: int(plan.plain_share * len(samples))]
    plain_ids = tokenizer(shown, add_special_tokens=False)["input_ids"] if shown else []
    out += [TokenDocument((*ids[: longest - 1], end), len(ids)) for ids in plain_ids]
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
    report: Callable[[PretrainProgress], None] | None = None,
    device: str = AUTO,
    processes: int = 1,
    start: str | None = None,
    layers: int | None = None,
) -> None:
    """Trains tokenizer and model and writes the folder. An interrupted run goes on from its checkpoint.

    With `start`, a model's name or folder, that model is trained further and keeps its tokenizer. `layers` is how
    many layers the network is to have: more than the started model's are added to it (see `deepened`).

    On a CPU each of `processes` trains on batches of its own and the gradients are averaged: two cores are
    1.6 times as fast as one. Another number of processes is another order of batches, and another model. The precision
    is what is fastest here; a training that is gone on with keeps the one it was begun in.
    """
    if not samples:
        raise UserError("there are no samples to train on", remedy="name a corpus.jsonl that has some")
    sizes = configuration(plan.shape, vocabulary=VOCABULARY, end=0, pad=0)
    if start is not None:
        begun = _loaded(start).model  # says what is wrong with it before there are processes
        sizes = begun.config
        if layers is not None and layers < begun.config.num_hidden_layers:
            raise UserError(
                f"{start}: the model has {begun.config.num_hidden_layers} layers, more than {layers}",
                remedy="give as many or more: layers are added, never removed",
            )
    compute = choose(Config(device=device), sizes)
    job = _Job(tuple(samples), tuple(programs), out, plan, checkpoint, compute, start, layers)
    if processes == 1:
        _trained(job, report)
        return
    context = mp.get_context("spawn")
    heard: mp.SimpleQueue[PretrainProgress | None] = context.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(heard, report))
    listener.start()
    with tempfile.TemporaryDirectory() as meeting:
        try:
            mp.spawn(_ranked, args=(processes, f"{meeting}/meet", job, heard, os.getpid()), nprocs=processes)  # type: ignore[attr-defined,no-untyped-call]
        finally:
            heard.put(None)
            listener.join()


@dataclass(frozen=True, slots=True)
class _Job:
    """What every process is given."""

    samples: tuple[Sample, ...]
    programs: tuple[Program, ...]
    out: Path
    plan: Plan
    checkpoint: Path | None
    compute: Compute
    start: str | None
    layers: int | None


def _listen(heard: mp.SimpleQueue[PretrainProgress | None], report: Callable[[PretrainProgress], None] | None) -> None:
    while (progress := heard.get()) is not None:
        if report is not None:
            report(progress)


def _ranked(
    rank: int, processes: int, meeting: str, job: _Job, heard: mp.SimpleQueue[PretrainProgress | None], parent: int
) -> None:
    """One of several processes; they find each other over a file, so that no port is open, and die with their parent."""
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=processes)
    try:
        _trained(job, heard.put if rank == 0 else None)
    finally:
        dist.destroy_process_group()


def _follow(parent: int) -> None:
    """Ends this process when its parent is gone: a killed training must not train on and write checkpoints."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _trained(job: _Job, report: Callable[[PretrainProgress], None] | None) -> None:
    plan, seed = job.plan, job.plan.recipe.seed
    mixed = balanced(job.samples, random.Random(seed))
    model, tokenizer = _begun(job, mixed)
    pad = int(tokenizer.pad_token_id)
    model.to(job.compute.device)
    train(
        model,
        documents(mixed, job.programs, tokenizer, plan),
        plan.recipe,
        pad=pad,
        answer_weight=plan.answer_weight,
        checkpoint=job.checkpoint,
        report=report,
        origin=f"{job.start or ''} {job.layers or ''}".strip(),
        dtype=getattr(torch, job.compute.trains),
    )
    if dist.is_initialized() and dist.get_rank() > 0:
        return
    model.config.sleepy_format = Format.CHOICE.value
    save(model.to("cpu", torch.bfloat16), tokenizer, job.out)
    (job.out / "pretraining.json").write_text(
        json.dumps({"plan": asdict(plan), "samples": len(mixed), "layers": model.config.num_hidden_layers}, indent=1)
        + "\n",
        encoding="utf-8",
    )


def _begun(job: _Job, mixed: Sequence[Sample]) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """The network and the tokenizer that training begins with."""
    if job.start is not None:
        loaded = _loaded(job.start)
        model = loaded.model.float()
        return (deepened(model, job.layers) if job.layers else model), loaded.tokenizer
    tokenizer = make_tokenizer(mixed, job.programs, job.plan.recipe.seed)
    pad, end = int(tokenizer.pad_token_id), int(tokenizer.eos_token_id)
    shape = replace(job.plan.shape, layers=job.layers) if job.layers else job.plan.shape
    return new_model(shape, vocabulary=len(tokenizer), end=end, pad=pad, seed=job.plan.recipe.seed), tokenizer


def _loaded(start: str) -> LanguageModel:
    """The model to go on with. `UserError` when its tokenizer does not know the marks of prompts."""
    return LanguageModel.load(start, form=Format.CHOICE)


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
