"""The model that answers: any Hugging Face causal LM by name or path, the built-in one by default.

`Answerer` is all the rest of the program knows of a model. Rows may be routed to a pattern of a
Share subspace; rows without a route run the untouched base.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, LogitsProcessorList
from transformers.utils import logging as transformers_logging

from sleepy.daemon.agent import adapted
from sleepy.daemon.agent.constrain import Constraint
from sleepy.daemon.agent.prompt import MARKS
from sleepy.daemon.agent.request import Format, Request
from sleepy.daemon.agent.shortage import is_shortage, too_little
from sleepy.daemon.agent.window import LIMIT
from sleepy.daemon.errors import UserError
from sleepy.memory.parametric import share_linear
from sleepy.memory.parametric.subspace import Subspace

BUILT_IN = "built-in"
NOVICE = "novice"  # the built-in model before it saw templates and real crates: it has more left to learn
_EDITS, _LINES = 96, 256  # new tokens of an answer at most; a whole file's are reckoned from the file


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, how many tokens it took to write, and whether it was cut off before its end."""

    text: str
    tokens: int = 0
    cut: bool = False


class Answerer(Protocol):
    """Answers requests; one answer a request, in order."""

    @property
    def name(self) -> str: ...

    @property
    def format(self) -> Format: ...

    @property
    def window(self) -> int: ...

    def misfit(self, request: Request) -> str | None: ...

    def answer(
        self, requests: Sequence[Request], routes: Sequence[str | None], *, temperature: float = 0.0
    ) -> list[Reply]: ...


def _shipped() -> dict[str, Path]:
    """The folders of the models that come with the package, by name."""
    return {BUILT_IN: built_in_path(), NOVICE: built_in_path().with_name("novice")}


def built_in_path() -> Path:
    """The folder of the weights shipped with the program."""
    import sleepy.memory.parametric.base as base

    return Path(str(base.__file__)).parent / "weights"


class LanguageModel:
    """A causal LM with its tokenizer, its answer format and, when served, a Share subspace."""

    def __init__(self, name: str, model: Any, tokenizer: Any, form: Format, *, batch: int = 32) -> None:
        self.name, self.model, self.tokenizer, self.format, self.batch = name, model, tokenizer, form, batch
        self.positions = int(getattr(model.config, "max_position_embeddings", 2048))
        self.window = int(getattr(model.config, "sleepy_window", LIMIT))  # lines of a program it was taught to be shown

    @classmethod
    def load(
        cls, name: str = BUILT_IN, *, device: str = "cpu", threads: int | None = None, form: str = ""
    ) -> LanguageModel:
        """Loads by name or path; `UserError` says what is wrong with a model that does not load.

        `form` is the answer format where it is not the one that the model's config.json names.
        """
        if threads is not None:
            torch.set_num_threads(threads)
        transformers_logging.set_verbosity_error()
        transformers_logging.disable_progress_bar()
        path = str(_shipped().get(name, name))
        local = Path(path).expanduser()
        adapter = adapted.is_adapter(local)
        if (
            not adapter
            and (local.exists() or path.startswith((".", "/", "~")))
            and not (local / "config.json").is_file()
        ):
            raise UserError(
                f"{name!r} is no model folder: it has no config.json",
                remedy="give the folder of a Hugging Face causal LM, a hub name, `built-in` or `novice`",
            )
        try:
            if adapter:
                model, tokenizer = adapted.load(local)
                config = model.config
            else:
                config = AutoConfig.from_pretrained(path)
                tokenizer = AutoTokenizer.from_pretrained(path)
                model = AutoModelForCausalLM.from_pretrained(path, dtype="auto")
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
            reason = str(error).strip().split("\n")[0]
            raise UserError(
                f"the model {name!r} cannot be loaded: {reason}",
                remedy="check the folder's files, or the network for a hub name; `--model built-in` needs neither",
            ) from error
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        tokenizer.padding_side = "left"
        model.to(device)
        model.eval()
        said = form or getattr(config, "sleepy_format", Format.WHOLE_FILE)
        where = "the answer format is" if form else f"config.json of {name!r} has sleepy_format"
        if said not in list(Format):
            raise UserError(f"{where} {said!r}", remedy=f"one of {', '.join(Format)}")
        if Format(said).is_edits and any(len(tokenizer.encode(mark, add_special_tokens=False)) != 1 for mark in MARKS):
            raise UserError(
                f"{where} {said!r}, and the tokenizer of {name!r} has no tokens for its marks",
                remedy=f"{Format.WHOLE_FILE} or {Format.NUMBERED_LINES}, or a model made by `sleepy pretrain`",
            )
        return cls(name, model, tokenizer, Format(said))

    @contextlib.contextmanager
    def serving(self, subspace: Subspace | None) -> Iterator[LanguageModel]:
        """Serves the subspace's patterns for the routed rows of `answer`, then takes it off again."""
        if subspace is None:
            yield self
            return
        served = share_linear.attach(self.model, subspace)
        self._served = served
        try:
            yield self
        finally:
            self._served = None
            served.detach()

    _served: share_linear.ServedModel | None = None

    def answer_ids(self, answer: str) -> list[int]:
        """The token ids of an answer, its end mark included: what training predicts."""
        return [*self.tokenizer(answer, add_special_tokens=False)["input_ids"], int(self.tokenizer.eos_token_id)]

    def prompt_ids(self, text: str) -> list[int]:
        """The token ids of a prompt, through the chat template where the format wants one."""
        if self.format.is_edits or self.tokenizer.chat_template is None:
            return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])
        message = [{"role": "user", "content": text}]
        return list(
            self.tokenizer.apply_chat_template(message, add_generation_prompt=True, tokenize=True, return_dict=False)
        )

    def room(self, request: Request) -> int:
        """New tokens that an answer may take: for a whole file a quarter more than the file has."""
        if self.format.is_edits:
            return _EDITS
        if self.format is Format.NUMBERED_LINES:
            return _LINES
        return len(self.tokenizer(request.source, add_special_tokens=False)["input_ids"]) * 5 // 4 + 64

    def misfit(self, request: Request) -> str | None:
        """Why a request cannot be asked: its prompt and an answer are more than the model can hold. Else None."""
        needed = len(self.prompt_ids(request.text)) + self.room(request)
        return f"it needs {needed} tokens, the model holds {self.positions}" if needed > self.positions else None

    def answer(
        self, requests: Sequence[Request], routes: Sequence[str | None], *, temperature: float = 0.0
    ) -> list[Reply]:
        """One answer a request, in order, in batches of like length. A prompt too long gets '' (see `misfit`).

        Where memory does not suffice for a batch, batches are smaller from then on; `UserError` where it does not for one.
        """
        encoded = [self.prompt_ids(request.text) for request in requests]
        answers = [Reply("")] * len(requests)
        rooms = [self.room(request) for request in requests]
        fits = [i for i in range(len(requests)) if len(encoded[i]) + rooms[i] <= self.positions]
        fits.sort(key=lambda i: len(encoded[i]))
        for rows in self._batches(fits, encoded, rooms):
            while rows:
                some = rows[: self.batch]
                asked, chosen = [requests[i] for i in some], [routes[i] for i in some]
                try:
                    replies = self._generate([encoded[i] for i in some], asked, chosen, temperature)
                except (MemoryError, RuntimeError) as error:
                    if not is_shortage(error):
                        raise
                    if len(some) == 1:
                        raise too_little(self.name, len(encoded[some[0]])) from error
                    self.batch = len(some) // 2
                    continue
                for i, reply in zip(some, replies, strict=True):
                    answers[i] = reply
                rows = rows[len(some) :]
        return answers

    def _batches(
        self, fits: Sequence[int], encoded: Sequence[Sequence[int]], rooms: Sequence[int]
    ) -> Iterator[list[int]]:
        """Rows of like length, as many at once as the longest prompt and the longest answer leave room for."""
        rows: list[int] = []
        for i in fits:
            room = max(rooms[row] for row in [*rows, i])
            if rows and (len(rows) == self.batch or len(encoded[i]) + room > self.positions):
                yield rows
                rows = []
            rows.append(i)
        if rows:
            yield rows

    @torch.inference_mode()
    def divergence(
        self, prompts: Sequence[str], answers: Sequence[str], routes: Sequence[str | None], *, rows: int = 8
    ) -> list[list[float]]:
        """KL(routed || base) in nats at every token of each answer, given the prompt and the answer before it.

        The subspace must be served. A prompt that does not fit with its answer gets no numbers.
        """
        assert self._served is not None or not prompts, "a divergence is that of something served"
        out: list[list[float]] = [[] for _ in prompts]
        pairs = [
            (self.prompt_ids(prompt), self.answer_ids(answer))
            for prompt, answer in zip(prompts, answers, strict=True)
        ]  # fmt: skip
        fits = [i for i, (prompt, answer) in enumerate(pairs) if len(prompt) + len(answer) <= self.positions]
        fits.sort(key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
        device = next(self.model.parameters()).device
        for start in range(0, len(fits), rows):
            some = fits[start : start + rows]
            width = max(len(pairs[i][0]) + len(pairs[i][1]) for i in some)
            pad = self.tokenizer.pad_token_id
            ids = [[*pairs[i][0], *pairs[i][1]] for i in some]  # causal: no token sees the padding after it
            batch = torch.tensor([[*row, *[pad] * (width - len(row))] for row in ids], device=device)
            base = self.model(input_ids=batch, use_cache=False).logits
            with self._served.routed([routes[i] for i in some]):  # type: ignore[union-attr]
                moved = self.model(input_ids=batch, use_cache=False).logits
            for row, i in enumerate(some):
                prompt, answer = pairs[i]
                at = slice(len(prompt) - 1, len(prompt) + len(answer) - 1)  # position t says token t + 1
                new, old = (each[row, at].float().log_softmax(-1) for each in (moved, base))
                out[i] = (new.exp() * (new - old)).sum(-1).clamp_min(0.0).tolist()
        return out

    @torch.inference_mode()
    def _generate(
        self,
        batch: Sequence[Sequence[int]],
        requests: Sequence[Request],
        routes: Sequence[str | None],
        temperature: float,
    ) -> list[Reply]:
        width = max(len(row) for row in batch)
        pad = self.tokenizer.pad_token_id
        device = next(self.model.parameters()).device
        ids = torch.tensor([[pad] * (width - len(row)) + list(row) for row in batch], device=device)
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in batch], device=device)
        processors = LogitsProcessorList()
        if self.format.is_edits:
            windows, offers = [request.window for request in requests], [request.offers for request in requests]
            processors.append(Constraint(self.tokenizer, windows, offers))
        routed = (
            self._served.routed(routes)
            if self._served is not None and any(route is not None for route in routes)
            else contextlib.nullcontext()
        )
        with routed:
            out = self.model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=max(map(self.room, requests)),
                do_sample=temperature > 0,
                temperature=temperature or None,
                top_k=None,
                top_p=None,
                pad_token_id=pad,
                eos_token_id=sorted(_ends(self.model, self.tokenizer)) or None,
                logits_processor=processors,
            )
        ends = _ends(self.model, self.tokenizer)
        replies = []
        for row in out[:, width:].tolist():
            length = next((i for i, token in enumerate(row) if token in ends), len(row))
            text = self.tokenizer.decode(row[:length], skip_special_tokens=False)
            replies.append(Reply(text, length, cut=length == len(row)))
        return replies


def _ends(model: Any, tokenizer: Any) -> set[int]:
    """The tokens that end an answer: the tokenizer's, and those that the model's generation settings name."""
    named = getattr(model.generation_config, "eos_token_id", None)
    found = {tokenizer.eos_token_id, *(named if isinstance(named, list) else [named])}
    return {int(token) for token in found if token is not None}
