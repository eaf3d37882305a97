"""`sleepy model check`: what a model is and what it costs here, all of it measured.

A few koans of the sealed exam are answered and judged, which is recorded nowhere; a few steps of a night's training are
taken in a process of their own, whose adapter is thrown away. Peaks are what the system says of the whole process.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace

from sleepy.daemon.attempt.attempt import EXAM, Attempt, Diagnosis, Judge, attempt, diagnose, fitting
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Say
from sleepy.daemon.base.text import plural
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.compute.peak import peak_mib
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.koans import library

KOANS = 5
STEPS = 3  # of training; the first is not timed
TOKENS = 1024  # a step of a night


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal of training: its process's peak in MiB, and tokens a second."""

    peak: int
    speed: float


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What was found. `asked` koans took `seconds`, verdicts included; `night` is None where it cannot train."""

    name: str
    architecture: str
    parameters: int
    vocabulary: int
    positions: int
    format: str
    window: int  # lines
    answers: str  # precision
    trains: str
    device: str
    load_seconds: float
    passed: int
    asked: int
    applied: int
    prompt_tokens: int
    answer_tokens: int
    seconds: float
    peak: int  # MiB of this process
    night: Rehearsal | None
    no_night: str = ""  # why


def check(name: str, config: Config, home: Home, judge: Judge, say: Say) -> ModelCheck:
    """Loads the model, has it answer, and rehearses a night's training. `UserError` where it does not load."""
    compute = choose(config, architecture(name), home)
    began = time.monotonic()
    model = LanguageModel.load(name, compute=compute, form=config.format)
    loaded = time.monotonic() - began
    asked = _koans(model, judge)
    began = time.monotonic()
    done: list[Attempt] = []
    for item in attempt(asked, model, judge, chunk=EXAM):
        done.append(item)
        say("answer", len(done), len(asked))
    seconds = time.monotonic() - began
    prompts = [len(model.prompt_ids(_request(item, model).text)) for item in asked]
    config_of = model.model.config
    found = ModelCheck(
        name=name,
        architecture=str(config_of.model_type),
        parameters=sum(p.numel() for p in model.model.parameters()),
        vocabulary=len(model.tokenizer),
        positions=model.positions,
        format=model.format.value,
        window=model.window,
        answers=str(model.model.dtype).removeprefix("torch."),
        trains=compute.trains,
        device=compute.device,
        load_seconds=loaded,
        passed=sum(item.passed for item in done),
        asked=len(done),
        applied=sum(bool(item.source) for item in done),
        prompt_tokens=sum(prompts),
        answer_tokens=sum(item.tokens for item in done),
        seconds=seconds,
        peak=peak_mib(),
        night=None,
    )
    say("rehearse a night", 0, 1)
    try:
        night = rehearsed(name, compute, config.format, _lessons(asked, model))
    except UserError as error:
        return replace(found, no_night=str(error))
    say("rehearse a night", 1, 1)
    return replace(found, night=night)


def _koans(model: LanguageModel, judge: Judge) -> list[Diagnosis]:
    """A few koans of the exam that fit the model, spread over it."""
    exam = library.exam()
    some = exam[:: max(1, len(exam) // (2 * KOANS))]
    asked, _ = diagnose(some, judge)
    able, unfit = fitting(asked, model)
    if not able:
        raise UserError(
            f"no koan fits the model: {unfit[0][1] if unfit else 'none was diagnosed'}", remedy="choose another"
        )
    return list(able[:: max(1, len(able) // KOANS)][:KOANS])


def _request(item: Diagnosis, model: LanguageModel) -> Request:
    return ask(item.koan.broken, item.diagnostics, model.format, window=model.window)


def _lessons(asked: Sequence[Diagnosis], model: LanguageModel) -> list[tuple[str, str]]:
    """Prompts with a right answer, or one of its length where the format cannot say the right one."""
    out = []
    for item in asked:
        request = _request(item, model)
        try:
            out.append((request.text, request.taught(item.koan.fixed)))
        except ValueError:
            out.append((request.text, item.koan.fixed[:40]))
    return out


def rehearsed(name: str, compute: Compute, form: str, lessons: Sequence[tuple[str, str]]) -> Rehearsal:
    """A few training steps as a night takes them, in a process of its own. `UserError` where they fail."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(_train, name, replace(compute, measured=None), form, list(lessons)).result()
        except UserError:
            raise
        except (RuntimeError, MemoryError, OSError, ValueError) as error:
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise UserError(f"it cannot be trained here: {reason}", remedy="choose a smaller model") from error


def _train(name: str, compute: Compute, form: str, lessons: list[tuple[str, str]]) -> Rehearsal:
    from sleepy.daemon.night.train import LORA
    from sleepy.memory.parametric.examples import Example
    from sleepy.memory.parametric.fit import FitProgress
    from sleepy.memory.parametric.lora import train_lora

    model = LanguageModel.load(name, compute=compute, dtype=compute.trains, form=form)
    made = [Example.completion(model.prompt_ids(prompt), model.answer_ids(answer)) for prompt, answer in lessons]
    fits = [item for item in made if len(item.ids) <= model.positions]
    if not fits:
        raise UserError(f"no lesson fits into the {model.positions} tokens of {name!r}", remedy="choose another model")
    each = sum(len(item.ids) for item in fits) / max(1, len(fits))
    many = [fits[i % len(fits)] for i in range(max(2, int(STEPS * TOKENS / each)))]
    times: list[float] = []
    tokens: list[int] = []

    def report(progress: FitProgress) -> None:
        times.append(time.monotonic())
        tokens.append(progress.tokens)

    recipe = replace(LORA, steps=STEPS, batch_tokens=TOKENS, examine_every=STEPS + 1)
    train_lora(model.model, many, recipe, held_out=fits[:1], report=report)
    spent = times[-1] - times[0]
    return Rehearsal(peak_mib(), (tokens[-1] - tokens[0]) / spent if spent else 0.0)


def view(found: ModelCheck) -> str:
    """The check for a person."""
    answered = f"{found.passed} of {plural(found.asked, 'koan')} repaired, {found.applied} answers applied"
    each = found.seconds / max(1, found.asked)
    lines = [
        f"{found.name}: {found.architecture}, {found.parameters / 1e6:.1f} M parameters, vocabulary {found.vocabulary:,}, "
        f"{found.positions:,} tokens at most",
        f"format     {found.format}" + (f", windows of {found.window} lines" if Format(found.format).is_edits else ""),
        f"precision  answers in {found.answers}, trains in {found.trains}, on {found.device}",
        f"answers    {answered}",
        f"speed      {each:.1f} s a koan ({found.prompt_tokens} tokens read, {found.answer_tokens} written in "
        f"{found.seconds:.1f} s): a day of 60 takes {each:.1f} minutes; loading {found.load_seconds:.0f} s",
        f"by day     {found.peak:,} MiB at most",
    ]
    if found.night is None:
        return "\n".join([*lines, f"by night   {found.no_night}"])
    lines.append(
        f"by night   {found.peak + found.night.peak:,} MiB: {found.night.peak:,} for each pattern in training, at "
        f"{found.night.speed:,.0f} tokens a second, beside the day's"
    )
    return "\n".join(lines)


def line(found: ModelCheck) -> str:
    """The check as one line of JSON."""
    return json.dumps(asdict(found), ensure_ascii=False)
