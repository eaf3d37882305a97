"""Decoding under constraint: every span-edit answer can be applied.

The grammar of an answer is a handful of states, and what may follow depends on the numbered lines (an answer
that takes a suggestion is its mark and its number, and no more):
a line mark must name a line that was shown, `old` must stand in it on token boundaries, the arrow
may come only once `old` names exactly one place, and the end only after a whole edit. Tokens are
tried in the model's own order and the impossible ones masked, so an answer that was already
possible is unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from transformers import LogitsProcessor, PreTrainedTokenizerBase

from sleepy.daemon.model import edits, prompt

_TRIES = 256  # tokens tried in the model's order before those that may come are looked up
_GREEDY = 16  # the same where only the likeliest is wanted
_KEPT = 8  # of those that may come: enough for sampling


class _AnswerState(Enum):
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
    state: _AnswerState = _AnswerState.START
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
        if self.state is _AnswerState.OFFER:
            return mark is not None and 1 <= mark <= self.offers
        if mark is not None:
            return self._may_start(mark)
        if piece == prompt.TRY:
            return self.state is _AnswerState.START and self.offers > 0
        if piece == edits.TO:
            return self.state is _AnswerState.OLD and self._names_one_place()
        if piece in (edits.INSERT, edits.DELETE):
            return self.state is _AnswerState.LINE and (
                piece == edits.INSERT or (self.line > 0 and self.line not in self.taken)
            )
        if piece[0] in "⟦⟪":
            return False
        if self.state in (_AnswerState.LINE, _AnswerState.OLD):
            return self.line > 0 and self.line not in self.taken and self._continues(self.old + piece)
        return self.state in (_AnswerState.NEW, _AnswerState.INSERTED) and "\n" not in piece

    def feed(self, piece: str) -> None:
        """Takes a token that was allowed."""
        mark = _line_number(piece)
        if self.state is _AnswerState.OFFER:
            self.state = _AnswerState.TAKEN
        elif piece == prompt.TRY:
            self.state = _AnswerState.OFFER
        elif mark is not None:
            self._close()
            self.state, self.line, self.old, self.new = _AnswerState.LINE, mark, "", ""
        elif piece == edits.TO:
            self.state = _AnswerState.NEW
        elif piece == edits.INSERT:
            self.state = _AnswerState.INSERTED
        elif piece == edits.DELETE:
            self.state = _AnswerState.DELETED
        elif self.state in (_AnswerState.LINE, _AnswerState.OLD):
            self.state, self.old = _AnswerState.OLD, self.old + piece
        else:
            self.new += piece

    def _close(self) -> None:
        if self.state in (_AnswerState.NEW, _AnswerState.DELETED):
            self.taken.add(self.line)
        self.written += self.state is not _AnswerState.START

    def _whole(self) -> bool:
        if self.state is _AnswerState.NEW:
            return self.new != self.old
        if self.state is _AnswerState.INSERTED:
            return bool(self.new.strip())
        return self.state in (_AnswerState.DELETED, _AnswerState.TAKEN)

    def _may_start(self, line: int) -> bool:
        return line <= len(self.lines) and (
            self.state is _AnswerState.START or (self.state is not _AnswerState.TAKEN and self._whole())
        )

    def _text(self) -> str:
        return self.lines[self.line - 1]

    def _names_one_place(self) -> bool:
        return len(edits.places(self._text(), self.old)) == 1

    def beginnings(self, longest: int) -> Iterator[str]:
        """Every text of at most so many characters with which `old` can go on, or begin."""
        if self.state not in (_AnswerState.LINE, _AnswerState.OLD) or self.line == 0:
            return
        text = self._text()
        for start in edits.boundaries(text)[0]:
            if text.startswith(self.old, start):
                at = start + len(self.old)
                for end in range(at + 1, min(at + longest, len(text)) + 1):
                    yield text[at:end]

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
    return int(piece[1:-1]) if piece[0] == "⟪" and piece[-1] == "⟫" and piece[1:-1].isdecimal() else None


@dataclass(frozen=True, slots=True)
class TokenTable:
    """A tokenizer's pieces by id, the ids by piece, and those of the grammar's own marks."""

    pieces: list[str]
    ids: Mapping[str, list[int]]
    marks: list[int]
    longest: int  # characters of a piece


class Constraint(LogitsProcessor):  # type: ignore[misc]
    """A logits processor for `generate`: one `Answer` a row; call it for one batch only.

    `greedy` says that nothing but the likeliest token of a row matters.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        windows: Sequence[Sequence[str]],
        offers: Sequence[int] | None = None,
        *,
        greedy: bool = False,
    ) -> None:
        self.table = table_of(tokenizer)
        self.end = int(tokenizer.eos_token_id)
        counts = offers or [0] * len(windows)
        self.answers = [Answer(window, count) for window, count in zip(windows, counts, strict=True)]
        self.ended = [False] * len(windows)
        self.started = False
        self.tries, self.kept = (_GREEDY, 1) if greedy else (_TRIES, _KEPT)

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # (rows, length), (rows, vocabulary)
        if self.started:
            for row, token in enumerate(input_ids[:, -1].tolist()):
                if token == self.end or self.ended[row]:
                    self.ended[row] = True
                else:
                    self.answers[row].feed(self.table.pieces[token])
        self.started = True
        masked = torch.full_like(scores, -torch.inf)
        best = scores.topk(min(self.tries, scores.shape[1]), dim=1)
        ranked = best.indices.tolist()
        if self.kept == 1:  # of equals the first, as `argmax` would have it: in bfloat16 many are
            ranked = [_ranked(*row) for row in zip(ranked, best.values.tolist(), strict=True)]
        rows: list[int] = []
        chosen: list[int] = []
        for row, likely in enumerate(ranked):
            if self.ended[row]:
                continue
            kept = self._able(row, likely) or self._named(row, scores[row]) or self._able(row, _order(scores[row]))
            kept = kept or [self.end]  # only an empty window leaves nothing to say
            rows += [row] * len(kept)
            chosen += kept
        over = [row for row, ended in enumerate(self.ended) if ended]
        masked[over, self.end] = 0.0
        masked[rows, chosen] = scores[rows, chosen]
        return masked

    def _able(self, row: int, order: Iterable[int]) -> list[int]:
        """The first few ids, in the model's order, that may come next."""
        answer, pieces = self.answers[row], self.table.pieces
        able = (t for t in order if answer.allows(pieces[t], end=t == self.end))
        return list(islice(able, self.kept))

    def _named(self, row: int, scores: Tensor) -> list[int]:
        """The same among marks and what goes on in the line: all there is, but for new text, where most may come."""
        answer, table = self.answers[row], self.table
        found = dict.fromkeys([*table.marks, self.end])
        for text in answer.beginnings(table.longest):
            found.update(dict.fromkeys(table.ids.get(text, ())))
        ids = list(found)
        return self._able(row, _ranked(ids, scores[ids].tolist()))


def _ranked(ids: Sequence[int], scores: Sequence[float]) -> list[int]:
    """The ids, the likeliest first, of equals the smaller one."""
    return [i for _, i in sorted(zip((-score for score in scores), ids, strict=True))]


def _order(scores: Tensor) -> list[int]:
    """All ids in the model's order."""
    order: list[int] = scores.argsort(descending=True).tolist()
    return order


_TABLES: WeakKeyDictionary[PreTrainedTokenizerBase, TokenTable] = WeakKeyDictionary()


def table_of(tokenizer: PreTrainedTokenizerBase) -> TokenTable:
    """The table of a tokenizer, made when it is first asked for; what is added to the tokenizer later is not in it."""
    known = _TABLES.get(tokenizer)
    if known is None:
        pieces = pieces_of(tokenizer)
        ids: dict[str, list[int]] = {}
        for i, piece in enumerate(pieces):
            ids.setdefault(piece, []).append(i)
        signs = (edits.TO, edits.INSERT, edits.DELETE, prompt.TRY)
        marks = [i for i, piece in enumerate(pieces) if piece in signs or (piece and _line_number(piece) is not None)]
        known = _TABLES[tokenizer] = TokenTable(pieces, ids, marks, max(map(len, pieces)))
    return known


def pieces_of(tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """The text of every id; pieces of broken UTF-8 come out as U+FFFD and never match a line."""
    return [tokenizer.decode([i]) for i in range(len(tokenizer))]
