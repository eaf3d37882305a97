"""Decoding under constraint: every span-edit answer can be applied.

The grammar of an answer is a handful of states, and what may follow depends on the numbered lines (an answer
that takes a suggestion is its mark and its number, and no more):
a line mark must name a line that was shown, `old` must stand in it on token boundaries, the arrow
may come only once `old` names exactly one place, and the end only after a whole edit. Tokens are
tried in the model's own order and the impossible ones masked, so an answer that was already
possible is unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice

import torch
from torch import Tensor
from transformers import LogitsProcessor, PreTrainedTokenizerBase

from sleepy.daemon.agent import edits, prompt

_TRIES = 256  # tokens tried in the model's order before the whole vocabulary is
_KEPT = 8  # of those that may come: enough for greedy and for sampling


class _State(Enum):
    START = auto()  # a line mark, or the end after a whole edit
    LINE = auto()  # after a line mark
    OLD = auto()
    NEW = auto()
    INSERTED = auto()
    DELETED = auto()
    OFFER = auto()  # after the mark of a suggestion
    TAKEN = auto()  # a suggestion is named: nothing more


@dataclass(slots=True)
class Answer:
    """One answer as far as it is written, and what may come next."""

    lines: Sequence[str]  # the window's lines as shown, stripped
    offers: int = 0  # suggestions that may be taken by number
    state: _State = _State.START
    line: int = 0
    old: str = ""
    new: str = ""
    written: int = 0  # whole edits
    taken: set[int] = field(default_factory=set)  # lines already replaced or removed

    def allows(self, piece: str, *, end: bool) -> bool:
        """Whether the token with this text (or the end mark) may come next."""
        if end:
            return self._whole()
        if not piece:
            return False
        mark = _line_number(piece)
        if self.state is _State.OFFER:
            return mark is not None and 1 <= mark <= self.offers
        if mark is not None:
            return self._may_start(mark)
        if piece == prompt.TRY:
            return self.state is _State.START and self.offers > 0
        if piece == edits.TO:
            return self.state is _State.OLD and self._names_one_place()
        if piece in (edits.INSERT, edits.DELETE):
            return self.state is _State.LINE and (
                piece == edits.INSERT or (self.line > 0 and self.line not in self.taken)
            )
        if piece[0] in "⟦⟪":
            return False
        if self.state in (_State.LINE, _State.OLD):
            return self.line > 0 and self.line not in self.taken and self._continues(self.old + piece)
        return self.state in (_State.NEW, _State.INSERTED) and "\n" not in piece

    def feed(self, piece: str) -> None:
        """Takes a token that was allowed."""
        mark = _line_number(piece)
        if self.state is _State.OFFER:
            self.state = _State.TAKEN
        elif piece == prompt.TRY:
            self.state = _State.OFFER
        elif mark is not None:
            self._close()
            self.state, self.line, self.old, self.new = _State.LINE, mark, "", ""
        elif piece == edits.TO:
            self.state = _State.NEW
        elif piece == edits.INSERT:
            self.state = _State.INSERTED
        elif piece == edits.DELETE:
            self.state = _State.DELETED
        elif self.state in (_State.LINE, _State.OLD):
            self.state, self.old = _State.OLD, self.old + piece
        else:
            self.new += piece

    def _close(self) -> None:
        if self.state in (_State.NEW, _State.DELETED):
            self.taken.add(self.line)
        self.written += self.state is not _State.START

    def _whole(self) -> bool:
        if self.state is _State.NEW:
            return self.new != self.old
        if self.state is _State.INSERTED:
            return bool(self.new.strip())
        return self.state in (_State.DELETED, _State.TAKEN)

    def _may_start(self, line: int) -> bool:
        return line <= len(self.lines) and (
            self.state is _State.START or (self.state is not _State.TAKEN and self._whole())
        )

    def _text(self) -> str:
        return self.lines[self.line - 1]

    def _names_one_place(self) -> bool:
        return len(edits.places(self._text(), self.old)) == 1

    def _continues(self, old: str) -> bool:
        """Whether `old` is the beginning of some text that could stand before the arrow."""
        text = self._text()
        starts, _ = edits.boundaries(text)
        at = text.find(old)
        while at >= 0:
            if at in starts:
                return True
            at = text.find(old, at + 1)
        return False


def _line_number(piece: str) -> int | None:
    return int(piece[1:-1]) if piece[0] == "⟪" and piece[-1] == "⟫" else None


class Constraint(LogitsProcessor):  # type: ignore[misc]
    """A logits processor for `generate`: one `Answer` a row; call it for one batch only."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        windows: Sequence[Sequence[str]],
        offers: Sequence[int] | None = None,
    ) -> None:
        self.pieces = pieces_of(tokenizer)
        self.end = int(tokenizer.eos_token_id)
        counts = offers or [0] * len(windows)
        self.answers = [Answer(window, count) for window, count in zip(windows, counts, strict=True)]
        self.ended = [False] * len(windows)
        self.started = False

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # (rows, length), (rows, vocabulary)
        if self.started:
            for row, token in enumerate(input_ids[:, -1].tolist()):
                if token == self.end or self.ended[row]:
                    self.ended[row] = True
                else:
                    self.answers[row].feed(self.pieces[token])
        self.started = True
        masked = torch.full_like(scores, -torch.inf)
        ranked = scores.topk(min(_TRIES, scores.shape[1]), dim=1).indices.tolist()
        for row, likely in enumerate(ranked):
            if self.ended[row]:
                masked[row, self.end] = 0.0
                continue
            kept = self._able(row, likely) or self._able(row, scores[row].argsort(descending=True).tolist())
            for token in kept or [self.end]:  # only an empty window leaves nothing to say
                masked[row, token] = scores[row, token]
        return masked

    def _able(self, row: int, order: Sequence[int]) -> list[int]:
        """The first few ids, in the model's order, that may come next."""
        answer = self.answers[row]
        able = (t for t in order if answer.allows(self.pieces[t], end=t == self.end))
        return list(islice(able, _KEPT))


def pieces_of(tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """The text of every id; pieces of broken UTF-8 come out as U+FFFD and never match a line."""
    return [tokenizer.decode([i]) for i in range(len(tokenizer))]
