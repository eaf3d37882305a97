"""`sleepy export`: writes one pattern of the champion as a folder that other programs can load.

The folder is built beside OUT, read back and compared with what is served, and only then moved into place: OUT is
complete and checked, or as it was before. Logits are compared in float32, on prompts of attempted koans, the
pattern's own first. A merged model keeps the base's dtype, so in half precision the rounding of W + dW has a cost;
it is refused where that is more than `ROUNDING` of the pattern's effect.

No export constrains answers or routes them, as sleepy does. A merged model answers every mistake with the one
pattern. For llama.cpp's formats see memory/parametric/gguf.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import math
import os
import shlex
import shutil
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.pattern import named, spoken
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.model import opening, source
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.opening import STORED
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.versions.modelfile import modelfile
from sleepy.koans import library
from sleepy.memory.episodic import episodes
from sleepy.memory.episodic.database import Database
from sleepy.memory.parametric import share_linear
from sleepy.memory.parametric.adapter import write_peft
from sleepy.memory.parametric.gguf import vocabulary
from sleepy.memory.parametric.gguf.file import read_adapter, unsupported, write_adapter, write_model
from sleepy.memory.parametric.merged import merged
from sleepy.memory.parametric.router import distance
from sleepy.memory.parametric.subspace import Subspace

CANARIES = 8  # prompts compared
POSITIONS = 64  # of each, the last: the logits of whole prompts of a large vocabulary are gigabytes
EXACT = 1e-5  # allowed difference of logits, as a share of the largest: the noise of float32
ROUNDING = 0.05  # the same in half precision, as a share of the pattern's effect; measured 0.7 to 1.2 % in bfloat16


MODEL, ADAPTER, MODELFILE = "model.gguf", "adapter.gguf", "Modelfile"


class ExportFormat(StrEnum):
    PEFT = "peft"  # a stock PEFT LoRA, to be put on the base
    HF = "hf"  # a whole model with the pattern in its weights
    GGUF = "gguf"  # the same for llama.cpp, with a Modelfile for Ollama
    GGUF_ADAPTER = "gguf-adapter"  # a LoRA for llama.cpp, to be put on the base

    @property
    def merged(self) -> bool:
        """Whether it is a whole model."""
        return self in (ExportFormat.HF, ExportFormat.GGUF)

    @property
    def beside(self) -> ExportFormat:
        """The adapter for whoever reads this format."""
        return ExportFormat.PEFT if self in (ExportFormat.PEFT, ExportFormat.HF) else ExportFormat.GGUF_ADAPTER


class Unequal(UserError):
    """What was written differs from what is served."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and how far its logits are from those served; `effect` is how far the pattern moves them."""

    out: Path
    form: ExportFormat
    pattern: str
    base: str
    dtype: str  # of what was written
    difference: float
    effect: float
    prompts: int
    exact: bool = True  # other programs split text into tokens as the model's own tokenizer does


def chosen(form: str | None, *, merged: bool) -> ExportFormat:
    """The format that `--format` and `--merged` ask for. Raises `UserError` if they contradict each other."""
    if merged and form is not None and not ExportFormat(form).merged:
        raise UserError(f"--merged contradicts --format {form}", remedy="give one of them")
    return ExportFormat(form or (ExportFormat.HF if merged else ExportFormat.PEFT))


def export(config: Config, home: Home, signature: str, out: Path, form: ExportFormat = ExportFormat.PEFT) -> Exported:
    """Writes the pattern that answers for `signature` (or its beginning, if of one only) into the folder `out`.

    `UserError` before anything is loaded: OUT is not empty, nothing is served, no such pattern, a model that the format
    has no place for. `SubspaceError` before anything is written: a tokenizer that llama.cpp does not know.
    `Unequal` (exit code 1) where what was read back is not what is served; OUT is left as it was.
    """
    out = _fresh(out)
    gguf = form.beside is ExportFormat.GGUF_ADAPTER
    if gguf and (misfit := unsupported(architecture(config.model))):
        raise UserError(f"--format {form} cannot be written for {misfit}", remedy="use --format peft or hf")
    with Database.open(home.database, read_only=True) as db:
        served = serve.champion(db, home, base=config.model)
        if served.fallback:
            raise UserError(
                f"what serves now is not the champion: {served.fallback}",
                remedy="make an intact version the champion with `sleepy rollback`, then export from that",
            )
        subspace, pattern = _pattern(served, signature)
        texts = _canaries(db, pattern)
    compute = choose(config, architecture(config.model), home)
    model = LanguageModel.load(config.model, compute=compute, dtype=STORED, form=config.format)
    dtype = model.model.dtype if form.merged else torch.float32
    with _building(out) as folder:
        _WRITERS[form](folder, model, subspace, pattern)
        difference, effect, scale = _compared(folder, form, model, subspace, pattern, texts)
        rounded = dtype != torch.float32
        allowed = max(EXACT * scale, ROUNDING * effect if rounded else 0.0)
        if not difference <= allowed:
            raise _unequal(form, difference, allowed, rounded)
    told = str(dtype).removeprefix("torch.")
    exact = not gguf or vocabulary.exact(model.tokenizer)
    return Exported(out, form, pattern, config.model, told, difference, effect, len(texts), exact)


def view(done: Exported) -> str:
    """The export for a person."""
    place = shlex.quote(str(done.out))
    how = {
        ExportFormat.PEFT: f"`PeftModel.from_pretrained(model, {str(done.out)!r})` puts it on the model {done.base}",
        ExportFormat.HF: f"`sleepy exam --model {place}` examines it",
        ExportFormat.GGUF: f"`llama-server -m {place}/{MODEL}` serves it, `ollama create NAME -f {place}/{MODELFILE}` too",
        ExportFormat.GGUF_ADAPTER: f"`llama-server -m BASE.gguf --lora {place}/{ADAPTER}` puts it on the model {done.base}",
    }[done.form]
    split = (
        ""
        if done.exact
        else "\nllama.cpp does not split text exactly as the model's tokenizer does: send token ids for the best answers."
    )
    return (
        f"Wrote {spoken(done.pattern)}\nto {done.out} ({done.form}): {how}.\n"
        f"Read back, its {done.dtype} weights give logits within {done.difference:.2g} of those served, on "
        f"{done.prompts} prompts; the pattern itself changes them by {done.effect:.2g}.{split}"
    )


def line(done: Exported) -> str:
    """The export as one line of JSON."""
    told = {
        "out": str(done.out),
        "format": done.form.value,
        "pattern": done.pattern,
        "max_logit_difference": done.difference,
    }
    return json.dumps(told, ensure_ascii=False)


def _fresh(out: Path) -> Path:
    """The folder's whole path, if nothing is in it."""
    out = out.expanduser().resolve()
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise UserError(f"{out} exists already", remedy="name a folder that does not exist, or an empty one")
    return out


def _pattern(served: Served, name: str) -> tuple[Subspace, str]:
    """The champion's subspace and the accepted pattern that a text names."""
    accepted = served.router.accepted
    if served.subspace is None or not accepted:
        raise UserError(
            "the base model serves: there is no pattern to export",
            remedy="`sleepy day` and `sleepy night` make a champion; `sleepy rollback VERSION` serves an earlier one",
        )
    begun = named(name, accepted)
    if len(begun) == 1:
        return served.subspace, accepted[begun[0]]

    def apart(known: str) -> tuple[float, float]:
        return distance(known, name), -difflib.SequenceMatcher(None, known, name).ratio()

    near = sorted(begun or accepted, key=apart)[:3]
    raise UserError(
        f"several patterns begin with {name!r}" if begun else f"{name!r} is not a pattern of the champion",
        remedy=f"of its {len(accepted)}, the nearest are {', '.join(map(shlex.quote, near))}",
    )


def _canaries(db: Database, pattern: str) -> list[str]:
    """Prompts as they were asked: the pattern's, then others; koans as they stand where none is remembered."""
    known = [
        *episodes.of_pattern(db, pattern, passed=True, limit=CANARIES // 2),
        *episodes.of_pattern(db, pattern, passed=False, limit=CANARIES // 4),
        *episodes.latest(db, limit=CANARIES),
    ]
    texts = dict.fromkeys(text for item in known if (text := item.episode.attempts[0].prompt))
    return list(islice(texts, CANARIES)) or [koan.broken for koan in library.classics()[:CANARIES]]


@contextlib.contextmanager
def _building(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place at the end, or goes."""
    folder = out.with_name(f".{out.name}.{os.getpid()}.partial")
    folder.mkdir(parents=True)
    try:
        yield folder
        folder.rename(out)  # also over an empty folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_peft(folder: Path, model: LanguageModel, subspace: Subspace, pattern: str) -> None:
    name = str(model.model.config.name_or_path)
    base = str(Path(name).resolve()) if Path(name).exists() else name
    write_peft(folder, subspace.reconstruct(pattern), base)


def _write_merged(folder: Path, model: LanguageModel, subspace: Subspace, pattern: str) -> None:
    whole = merged(model.model, subspace.reconstruct(pattern))
    whole.config.sleepy_format = model.format.value
    whole.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    mode = (folder / "config.json").stat().st_mode
    for path in folder.iterdir():  # safetensors closes its files to other users
        path.chmod(mode)


def _write_gguf(folder: Path, model: LanguageModel, subspace: Subspace, pattern: str) -> None:
    whole = merged(model.model, subspace.reconstruct(pattern))
    write_model(folder / MODEL, whole, model.tokenizer, chat=model.chats, **_told(model, pattern))
    text = modelfile(MODEL, f"{spoken(pattern)}, learnt by sleepy", model)
    (folder / MODELFILE).write_text(text, encoding="utf-8")


def _write_gguf_adapter(folder: Path, model: LanguageModel, subspace: Subspace, pattern: str) -> None:
    adapter = subspace.reconstruct(pattern)
    write_adapter(folder / ADAPTER, adapter, model.model.config, **_told(model, pattern))


def _told(model: LanguageModel, pattern: str) -> dict[str, str]:
    return {"name": Path(model.name).name, "about": pattern}


_WRITERS = {
    ExportFormat.PEFT: _write_peft,
    ExportFormat.HF: _write_merged,
    ExportFormat.GGUF: _write_gguf,
    ExportFormat.GGUF_ADAPTER: _write_gguf_adapter,
}


def _compared(
    folder: Path, form: ExportFormat, model: LanguageModel, subspace: Subspace, pattern: str, texts: Sequence[str]
) -> tuple[float, float, float]:
    """Greatest difference of what was written to what is served, of the base to it, and the largest logit.

    Infinite where the tokenizer that was written reads the prompts otherwise. The model is float32 afterwards.
    """
    prompts = [model.prompt_ids(text)[-model.positions :] for text in texts]
    exact = model.model.float()
    bare = [_logits(exact, ids) for ids in prompts]
    attached = share_linear.attach(exact, subspace)
    with attached.routed([pattern]):
        wanted = [_logits(exact, ids) for ids in prompts]
    attached.detach()
    again = _read(folder, form, model, texts)
    if again is None:
        return math.inf, 0.0, 0.0
    found = [_logits(again, ids) for ids in prompts]
    return _apart(found, wanted), _apart(bare, wanted), max(float(item.abs().max()) for item in wanted)


def _read(folder: Path, form: ExportFormat, model: LanguageModel, texts: Sequence[str]) -> Any:
    """What was written as a model in float32; None if its tokenizer reads the prompts otherwise than the model's."""
    if form is ExportFormat.PEFT:
        return _with_lora(model.model, folder)
    if form is ExportFormat.GGUF_ADAPTER:
        return merged(model.model, read_adapter(folder / ADAPTER, model.model))
    prompts = [model.prompt_ids(text) for text in texts]
    if form is ExportFormat.HF:
        loaded = LanguageModel.load(str(folder), compute=model.compute, dtype="float32")
        return loaded.model.float() if prompts == [loaded.prompt_ids(text) for text in texts] else None
    tokenizer = vocabulary.read(folder / MODEL)
    if prompts != [tokenizer.encode(model.prompt_text(text)).ids for text in texts]:
        return None
    whole, _ = opening.opened(source.find(str(folder / MODEL)), "float32")
    return whole.to(model.model.device).eval()


def _with_lora(model: Any, folder: Path) -> Any:
    from peft import PeftModel

    with warnings.catch_warnings():  # PEFT 0.21 reads a property that transformers 5.23 deprecates
        warnings.simplefilter("ignore", FutureWarning)
        return PeftModel.from_pretrained(model, str(folder)).eval()


@torch.inference_mode()
def _logits(model: Any, ids: Sequence[int]) -> Tensor:
    """Of the last positions of one prompt: (positions, vocabulary) in float32."""
    rows = torch.tensor([list(ids)], device=model.device)
    found: Tensor = model(input_ids=rows, use_cache=False).logits[0, -POSITIONS:]
    return found.float().cpu()


def _apart(some: Sequence[Tensor], others: Sequence[Tensor]) -> float:
    return max(float((one - other).abs().max()) for one, other in zip(some, others, strict=True))


def _unequal(form: ExportFormat, difference: float, allowed: float, rounded: bool) -> Unequal:
    remedy = "export it again; if that fails as well, run `sleepy doctor` and report this"
    if rounded:
        remedy = f"use --format {form.beside}, which keeps the pattern in float32; rounding to the base's dtype loses too much"
    return Unequal(
        f"what was written differs from what is served: logits differ by {difference:.2g}, {allowed:.2g} is allowed; "
        "it was deleted again",
        remedy=remedy,
    )
