"""The model that answers: any causal LM by name or path (see `source`), the built-in one by default.

It is an `Answerer`, which is all the rest of the program knows of a model. Rows may be routed to a pattern of a
Share subspace; rows without a route run the untouched base.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import torch
from torch import Tensor
from transformers import LogitsProcessorList

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.model import adapter, capacity, opening, source
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.model.capacity import too_little
from sleepy.daemon.model.constrain import Constraint
from sleepy.daemon.model.decoding import Shrinking, may_shrink
from sleepy.daemon.model.prompt import MARKS
from sleepy.daemon.model.request import Format, Request
from sleepy.daemon.model.source import BUILT_IN, Kind
from sleepy.daemon.model.window import LIMIT
from sleepy.memory.parametric import share_linear
from sleepy.memory.parametric.shortage import free, is_shortage
from sleepy.memory.parametric.subspace import Subspace

T = TypeVar("T")
_PLAINLY = Compute()  # on the CPU in float32: what every machine does alike
_EDITS, _LINES = 96, 256  # new tokens of an answer at most; a whole file's are reckoned from the file


def architecture(name: str) -> Any:
    """The transformers configuration of a model by name or path; `UserError` where there is none."""
    found = source.find(name)
    with opening.loading(name):
        return adapter.architecture(found.place) if found.kind is Kind.ADAPTER else opening.configuration(found)


class LanguageModel:
    """A causal LM with its tokenizer, its answer format and, when served, a Share subspace."""

    def __init__(
        self,
        name: str,
        model: Any,
        tokenizer: Any,
        form: Format,
        *,
        batch: int | None = None,
        compute: Compute = _PLAINLY,
    ) -> None:
        self.name, self.model, self.tokenizer, self.format, self.compute = name, model, tokenizer, form, compute
        self.batch = batch or capacity.most_rows(self._device())  # rows at once at most
        self.positions = int(getattr(model.config, "max_position_embeddings", 2048))
        self.window = int(getattr(model.config, "sleepy_window", LIMIT))  # lines of a program it was taught to be shown

    @classmethod
    def load(
        cls, name: str = BUILT_IN, *, compute: Compute = _PLAINLY, dtype: str = "", form: str = ""
    ) -> LanguageModel:
        """Loads by name or path; `UserError` says what is wrong with a model that does not load.

        `dtype` is the weights' precision where it is not that of the answers: `STORED` is the files' own. `form` is the
        answer format where it is not the one that the model's config.json names.
        """
        torch.set_num_threads(compute.threads)
        found = source.find(name)
        config = architecture(name)
        with opening.loading(name):
            if found.kind is Kind.ADAPTER:
                model, tokenizer = adapter.load_adapted(found.place, dtype=dtype or compute.answers)
            else:
                model, tokenizer = opening.opened(found, dtype or compute.answers)
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        tokenizer.padding_side = "left"
        model.to(compute.device)
        model.eval()
        said = form or getattr(config, "sleepy_format", Format.WHOLE_FILE)
        where = "the answer format is" if form else f"config.json of {name!r} has sleepy_format"
        if said not in list(Format):
            raise UserError(f"{where} {said!r}", remedy=f"choose one of {', '.join(Format)}")
        if Format(said).is_edits and any(len(tokenizer.encode(mark, add_special_tokens=False)) != 1 for mark in MARKS):
            raise UserError(
                f"{where} {said!r}, and the tokenizer of {name!r} has no tokens for its marks",
                remedy=f"choose {Format.WHOLE_FILE} or {Format.NUMBERED_LINES}, or a model made by `sleepy pretrain`",
            )
        return cls(name, model, tokenizer, Format(said), compute=compute)

    def _device(self) -> torch.device:
        found = next(self.model.parameters(), None)
        return torch.device("cpu") if found is None else found.device

    def _at_once(self, tokens: int, has: int | None, *, said: int = 1, kept: bool = True) -> int:
        """How many rows of so many tokens fit into free memory, and no more than the batch."""
        dtype = next((each.dtype for each in self.model.parameters()), torch.float32)
        return capacity.rows(
            has, capacity.row_bytes(self.model.config, dtype, tokens, said=said, kept=kept), self.batch
        )

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

    def prompt_text(self, text: str) -> str:
        """A prompt as the model reads it: through the chat template where the format wants one."""
        return self.chat_text([{"role": "user", "content": text}]) if self.chats else text

    def chat_text(self, messages: Sequence[Mapping[str, str]]) -> str:
        """A chat as the model reads it, through its template."""
        return str(self.tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False))

    @property
    def chats(self) -> bool:
        """Whether prompts go through the tokenizer's chat template."""
        return not self.format.is_edits and self.tokenizer.chat_template is not None

    def prompt_ids(self, text: str) -> list[int]:
        """The token ids of a prompt as the model reads it."""
        return list(self.tokenizer(self.prompt_text(text), add_special_tokens=False)["input_ids"])

    def asked_ids(self, request: Request) -> list[int]:
        """The token ids of a request as the model reads it."""
        if request.whole:
            return list(self.tokenizer(request.text, add_special_tokens=False)["input_ids"])
        return self.prompt_ids(request.text)

    def room(self, request: Request) -> int:
        """New tokens that an answer may take: for a whole file a quarter more than the file has."""
        if request.room is not None:
            return request.room
        if self.format.is_edits:
            return _EDITS
        if self.format is Format.NUMBERED_LINES:
            return _LINES
        return len(self.tokenizer(request.source, add_special_tokens=False)["input_ids"]) * 5 // 4 + 64

    def misfit(self, request: Request) -> str | None:
        """Why a request cannot be asked: its prompt and an answer are more than the model can hold. Else None."""
        needed = len(self.asked_ids(request)) + self.room(request)
        return f"it needs {needed} tokens, the model holds {self.positions}" if needed > self.positions else None

    def answer(
        self,
        requests: Sequence[Request],
        routes: Sequence[str | None],
        *,
        temperature: float = 0.0,
        seed: int | None = None,
    ) -> list[Reply]:
        """One answer a request, in order, in batches of like length. A prompt too long gets '' (see `misfit`).

        With a seed, samples of the same requests in batches of the same size repeat, whatever other threads draw.
        Where memory does not suffice for a batch, batches are smaller from then on; `UserError` where it does not for one.
        """
        encoded = [self.asked_ids(request) for request in requests]
        answers = [Reply("")] * len(requests)
        rooms = [self.room(request) for request in requests]
        fits = [i for i in range(len(requests)) if len(encoded[i]) + rooms[i] <= self.positions]
        fits.sort(key=lambda i: len(encoded[i]))
        seeds = None if seed is None else random.Random(seed)
        for rows in self._batches(fits, encoded, rooms):

            def asked(some: Sequence[int]) -> list[Reply]:
                chosen = [requests[i] for i in some], [routes[i] for i in some]
                drawn = None if seeds is None else seeds.getrandbits(63)
                return self._generate([encoded[i] for i in some], *chosen, temperature, drawn)

            for i, reply in self._done(rows, asked, lambda i: len(encoded[i])):
                answers[i] = reply
        return answers

    def _done(
        self, rows: Sequence[int], act: Callable[[Sequence[int]], list[T]], tokens: Callable[[int], int]
    ) -> Iterator[tuple[int, T]]:
        """What is made of the rows: of all at once, or of fewer where memory does not suffice for them."""
        while rows:
            some = rows[: self.batch]
            try:
                made = act(some)
            except (MemoryError, RuntimeError) as error:
                if not is_shortage(error):
                    raise
                if len(some) == 1:
                    raise too_little(self.name, tokens(some[0])) from error
                self.batch = len(some) // 2
                continue
            yield from zip(some, made, strict=True)
            rows = rows[len(some) :]

    def _batches(
        self, fits: Sequence[int], encoded: Sequence[Sequence[int]], rooms: Sequence[int]
    ) -> Iterator[list[int]]:
        """Rows of like length, as many at once as free memory and the longest prompt and answer leave room for."""
        rows: list[int] = []
        has = free(self._device())
        for i in fits:
            room = max(rooms[row] for row in [*rows, i])
            width = len(encoded[i]) + room
            if rows and (width > self.positions or len(rows) >= self._at_once(width, has)):
                yield rows
                rows = []
            rows.append(i)
        if rows:
            yield rows

    @torch.inference_mode()
    def divergence(
        self, prompts: Sequence[str], answers: Sequence[str], routes: Sequence[str | None]
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
        lengths = [len(prompt) + len(answer) for prompt, answer in pairs]
        fits = sorted((i for i in range(len(pairs)) if lengths[i] <= self.positions), key=lengths.__getitem__)
        has = free(self._device()) if fits else 0

        def moved(some: Sequence[int]) -> list[list[float]]:
            return self._moved([pairs[i] for i in some], [routes[i] for i in some])

        while fits:
            longest = max(len(pairs[i][1]) for i in fits)
            some = fits[: self._at_once(lengths[fits[-1]], has, said=2 * longest, kept=False)]
            for i, found in self._done(some, moved, lengths.__getitem__):
                out[i] = found
            fits = fits[len(some) :]
        return out

    def _moved(
        self, pairs: Sequence[tuple[list[int], list[int]]], routes: Sequence[str | None]
    ) -> list[list[float]]:  # fmt: skip
        """The divergences of one batch of prompts and answers, from logits of the answers' tokens alone."""
        ids, mask = self._padded([[*prompt, *answer] for prompt, answer in pairs])
        said = max(len(answer) for _, answer in pairs)
        base = self._logits(ids, mask, said)
        with self._served.routed(routes):  # type: ignore[union-attr]
            routed = self._logits(ids, mask, said)
        out = []
        for row, (_, answer) in enumerate(pairs):
            new, old = (each[row, -len(answer) :].float().log_softmax(-1) for each in (routed, base))
            out.append((new.exp() * (new - old)).sum(-1).clamp_min(0.0).tolist())
        return out

    def _logits(self, ids: Tensor, mask: Tensor, said: int) -> Tensor:
        """What the model expects at the last `said` places: (rows, said, vocabulary)."""
        takes = inspect.signature(self.model.forward).parameters
        more: dict[str, Any] = {"logits_to_keep": said + 1} if "logits_to_keep" in takes else {}
        if "position_ids" in takes:
            more["position_ids"] = (mask.cumsum(1) - 1).clamp_min(0)
        found: Tensor = self.model(input_ids=ids, attention_mask=mask, use_cache=False, **more).logits
        return found[:, -said - 1 : -1]  # the place before a token says it

    def _padded(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Token ids (rows, longest), padded on the left, and their mask."""
        width, pad = max(map(len, rows)), self.tokenizer.pad_token_id
        ids = [[pad] * (width - len(row)) + list(row) for row in rows]
        mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
        device = self._device()
        return torch.tensor(ids, device=device), torch.tensor(mask, device=device)

    @torch.inference_mode()
    def _generate(
        self,
        batch: Sequence[Sequence[int]],
        requests: Sequence[Request],
        routes: Sequence[str | None],
        temperature: float,
        seed: int | None,
    ) -> list[Reply]:
        ids, mask = self._padded(batch)
        processors = LogitsProcessorList()
        if self.format.is_edits:
            windows, offers = [request.window for request in requests], [request.offers for request in requests]
            processors.append(Constraint(self.tokenizer, windows, offers, greedy=not temperature))
        served = self._served if any(route is not None for route in routes) else None
        settings = {
            "input_ids": ids,
            "attention_mask": mask,
            "max_new_tokens": max(map(self.room, requests)),
            "do_sample": temperature > 0,
            "temperature": temperature or None,
            "top_k": None,
            "top_p": None,
            "pad_token_id": self.tokenizer.pad_token_id,
            "eos_token_id": sorted(_ends(self.model, self.tokenizer)) or None,
            "logits_processor": processors,
        }
        if may_shrink(self.model):
            draws = None if seed is None else torch.Generator(ids.device).manual_seed(seed)
            settings["custom_generate"] = Shrinking(mask, served.keep if served is not None else lambda _: None, draws)
        elif seed is not None:
            torch.manual_seed(seed)  # `generate` draws from the state that all threads share
        with served.routed(routes) if served is not None else contextlib.nullcontext():
            out = self.model.generate(**settings)
        ends = _ends(self.model, self.tokenizer)
        replies = []
        for request, row in zip(requests, out[:, ids.shape[1] :].tolist(), strict=True):
            row = row[: request.room]  # the batch went on for as long as its longest answer might be
            length = next((i for i, token in enumerate(row) if token in ends), len(row))
            text = self.tokenizer.decode(row[:length], skip_special_tokens=False)
            replies.append(Reply(text, length, cut=length == len(row)))
        return replies


def _ends(model: Any, tokenizer: Any) -> set[int]:
    """The tokens that end an answer: the tokenizer's, and those that the model's generation settings name."""
    named = getattr(model.generation_config, "eos_token_id", None)
    found = {tokenizer.eos_token_id, *(named if isinstance(named, list) else [named])}
    return {int(token) for token in found if token is not None}


def twin(model: LanguageModel) -> LanguageModel:
    """A second model on the weights of one that serves nothing at the moment, for another thread.

    Serving puts layers into a model and takes them off again, so that no two threads can share one. A twin has modules
    of its own around the same tensors, which nobody changes: nights train in another process. What hooks in the first
    one's steps is not in its.
    """
    shared: dict[int, Any] = {id(each): each for each in chain(model.model.parameters(), model.model.buffers())}
    inner = copy.deepcopy(model.model, shared)
    inner._forward_pre_hooks.clear()
    tokenizer = copy.deepcopy(model.tokenizer)  # one is in use by one thread at a time
    return type(model)(model.name, inner, tokenizer, model.format, batch=model.batch)
