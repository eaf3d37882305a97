"""Decoding under constraint: whatever the model would say, what it says can be applied."""

from __future__ import annotations

import copy

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.model import edits, prompt
from sleepy.daemon.model.constrain import Answer, Constraint, pieces_of, table_of
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Request
from sleepy.memory.parametric.base.architecture import Shape, new_model

_LIMIT = 96  # new tokens of an answer


@pytest.mark.parametrize("seed", range(6))
def test_every_finished_answer_of_an_untrained_model_can_be_applied(
    tokenizer: PreTrainedTokenizerFast, requests: list[Request], seed: int
) -> None:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    weights = new_model(
        Shape(32, 1, 1, 64),
        vocabulary=len(tokenizer),
        end=tokenizer.eos_token_id,
        pad=tokenizer.pad_token_id,
        seed=seed,
    )
    speaker = LanguageModel("untrained", weights.eval(), tokenizer, requests[0].format)
    replies = speaker.answer(requests, [None] * len(requests), temperature=1.0 + seed / 2)
    assert len(replies) == len(requests)
    for request, reply in zip(requests, replies, strict=True):
        assert reply.text.startswith("⟪")
        if reply.tokens < _LIMIT:
            assert request.repaired(reply.text) != ""


@pytest.mark.parametrize("seed", range(4))
def test_any_walk_through_the_grammar_ends_in_an_answer(
    tokenizer: PreTrainedTokenizerFast, requests: list[Request], seed: int
) -> None:
    """Random scores instead of a model's, with a growing wish to end: all kinds of edits, all rows at once."""
    found = _walked(tokenizer, requests, seed)
    assert {edit.kind for answer in found for edit in edits.parse(answer)} == set(edits.EditKind)


@pytest.mark.parametrize("seed", range(2))
def test_a_walk_may_end_in_a_suggestion_where_there_is_one(
    tokenizer: PreTrainedTokenizerFast, choices: list[Request], seed: int
) -> None:
    found = _walked(tokenizer, choices, seed)
    taken = [answer.startswith(prompt.TRY) for answer in found]
    assert all(request.offers for request, took in zip(choices, taken, strict=True) if took)
    assert 0 < sum(taken) < len(taken)


def _walked(tokenizer: PreTrainedTokenizerFast, requests: list[Request], seed: int) -> list[str]:
    """One answer a request, each of which could be applied."""
    generator = torch.Generator().manual_seed(seed)
    constraint = Constraint(
        tokenizer, [request.window for request in requests], [request.offers for request in requests]
    )
    end = int(tokenizer.eos_token_id)
    arrows = [tokenizer.convert_tokens_to_ids(mark) for mark in (edits.TO, edits.INSERT, edits.DELETE)]
    rows = torch.full((len(requests), 1), end)
    for step in range(300):
        scores = torch.randn(len(requests), len(tokenizer), generator=generator) * 3
        scores[:, arrows] += 4
        scores[:, end] += step / 4
        allowed = constraint(rows, scores)
        assert bool(torch.isfinite(allowed).any(dim=1).all())
        chances = allowed.softmax(dim=1)
        rows = torch.cat([rows, torch.multinomial(chances, 1, generator=generator)], dim=1)
        if all(bool((row[1:] == end).any()) for row in rows):
            break
    answers = []
    for request, row in zip(requests, rows[:, 1:].tolist(), strict=True):
        assert end in row
        answer = tokenizer.decode(row[: row.index(end)])
        found = edits.parse(prompt.written_out(request.text, answer))
        assert all(edit.old != edit.new or edit.kind is not edits.EditKind.REPLACE for edit in found)
        request.repaired(answer)
        answers.append(answer)
    return answers


def test_a_right_answer_is_never_forbidden(
    tokenizer: PreTrainedTokenizerFast, requests: list[Request], choices: list[Request], diagnoses: list[Diagnosis]
) -> None:
    pieces = pieces_of(tokenizer)
    said = 0
    for request, item in zip([*requests, *choices], diagnoses * 2, strict=True):
        taught = request.taught(item.koan.fixed)
        answer = Answer(request.window, request.offers)
        for token in tokenizer(taught, add_special_tokens=False)["input_ids"]:
            if "\ufffd" not in pieces[token]:
                assert answer.allows(pieces[token], end=False), (item.koan.id, taught, pieces[token])
            answer.feed(pieces[token])
            said += 1
        assert answer.allows("", end=True), (item.koan.id, taught)
    assert said > 100


def _after(*pieces: str) -> Answer:
    answer = Answer(["let a = a;", "drop(a);", "}"])
    for piece in pieces:
        assert answer.allows(piece, end=False), piece
        answer.feed(piece)
    return answer


@pytest.mark.parametrize(
    ("pieces", "allowed", "forbidden"),
    [
        ((), ["⟪1⟫", "⟪3⟫", "⟪0⟫"], ["⟪4⟫", "→", "⊕", "⊖", "let", "⟦fix⟧", prompt.TRY, None]),
        (("⟪1⟫",), ["let", "a", "=", "⊕", "⊖"], ["→", "⟪2⟫", "drop", "et", "x", None]),
        (("⟪0⟫",), ["⊕"], ["⊖", "let", "→", None]),
        (("⟪1⟫", "a"), [" =", ";"], ["→", "⟪2⟫", "⊕", None]),  # `a` stands there twice
        (("⟪1⟫", "a", ";"), ["→"], ["x", None]),
        (("⟪2⟫", "dro"), ["p"], ["→", "(", None]),  # not a whole token yet
        (("⟪2⟫", "drop"), ["→", "("], ["⟪1⟫", None]),
        (("⟪2⟫", "drop", "→"), ["keep", "drop", None], ["\n", "⟦err⟧", "→"]),
        (("⟪2⟫", "drop", "→", "drop"), ["x"], [None, "⟪1⟫"]),  # changes nothing so far
        (("⟪2⟫", "drop", "→", "keep"), [None, "⟪1⟫", "⟪3⟫", "("], ["→", "\n"]),
        (("⟪2⟫", "drop", "→", "keep", "⟪2⟫"), ["⊕"], ["a", "⊖"]),  # the line is changed already
        (("⟪3⟫", "⊖"), [None, "⟪1⟫"], ["x", "→"]),
        (("⟪3⟫", "⊖", "⟪3⟫"), ["⊕"], ["⊖", "}"]),
        (("⟪3⟫", "⊕"), ["x", " "], [None, "⟪1⟫", "\n"]),
        (("⟪3⟫", "⊕", " "), ["x"], [None, "⟪1⟫"]),
        (("⟪3⟫", "⊕", "x"), [None, "⟪1⟫", "y"], ["⊖"]),
    ],
)
def test_what_may_come_next(pieces: tuple[str, ...], allowed: list[str | None], forbidden: list[str | None]) -> None:
    answer = _after(*pieces)
    for piece in allowed:
        assert answer.allows(piece or "", end=piece is None), piece
    for piece in forbidden:
        assert not answer.allows(piece or "", end=piece is None), piece


@pytest.mark.parametrize(
    ("pieces", "allowed", "forbidden"),
    [
        ((), [prompt.TRY, "⟪1⟫"], [None]),
        ((prompt.TRY,), ["⟪1⟫", "⟪2⟫"], ["⟪0⟫", "⟪3⟫", "⊕", prompt.TRY, "x", None]),
        ((prompt.TRY, "⟪2⟫"), [None], ["⟪1⟫", prompt.TRY, "→", "⊕", "x"]),
        (("⟪3⟫", "⊖"), [None, "⟪1⟫"], [prompt.TRY]),
    ],
)
def test_a_suggestion_is_taken_whole_or_not_at_all(
    pieces: tuple[str, ...], allowed: list[str | None], forbidden: list[str | None]
) -> None:
    answer = Answer(["let a = a;", "drop(a);", "}"], offers=2)
    for piece in pieces:
        answer.feed(piece)
    for said in [*allowed, *forbidden]:
        assert answer.allows(said or "", end=said is None) == (said in allowed), said


def test_the_models_own_order_is_kept_among_what_may_come(tokenizer: PreTrainedTokenizerFast) -> None:
    constraint = Constraint(tokenizer, [["drop(a);"]])
    scores = torch.randn(1, len(tokenizer), generator=torch.Generator().manual_seed(1))
    masked = constraint(torch.zeros(1, 1, dtype=torch.long), scores)
    kept = torch.isfinite(masked[0])
    assert torch.equal(masked[0][kept], scores[0][kept])
    marks = [tokenizer.convert_tokens_to_ids(edits.mark(n)) for n in (0, 1)]
    assert {i for i, is_kept in enumerate(kept.tolist()) if is_kept} <= set(marks)
    assert int(masked[0].argmax()) == max(marks, key=lambda mark: float(scores[0, mark]))


def test_an_empty_window_is_answered_by_the_end_or_a_line_at_the_top(tokenizer: PreTrainedTokenizerFast) -> None:
    constraint = Constraint(tokenizer, [[]])
    masked = constraint(torch.zeros(1, 1, dtype=torch.long), torch.zeros(1, len(tokenizer)))
    assert bool(torch.isfinite(masked).any())


@pytest.mark.parametrize("greedy", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_where_no_likely_token_may_come_those_that_may_are_found_as_if_all_were_tried(
    tokenizer: PreTrainedTokenizerFast, choices: list[Request], seed: int, greedy: bool
) -> None:
    """The model says nothing but foreign words; along whole answers the tokens that are left are the best of all."""
    wider = copy.deepcopy(tokenizer)
    wider.add_tokens([f"zq{i}" for i in range(400)])
    windows, offers = [item.window for item in choices], [item.offers for item in choices]
    constraint = Constraint(wider, windows, offers, greedy=greedy)
    tried = [Answer(window, count) for window, count in zip(windows, offers, strict=True)]
    pieces, end = pieces_of(wider), int(wider.eos_token_id)
    generator = torch.Generator().manual_seed(seed)
    rows, over = torch.full((len(choices), 1), end), [False] * len(choices)
    for _ in range(6):
        scores = torch.randn(len(choices), len(wider), generator=generator)
        scores[:, len(tokenizer) :] += 20
        masked = constraint(rows, scores)
        rows = torch.cat([rows, masked.argmax(-1)[:, None]], dim=1)
        for i, answer in enumerate(tried):
            token = int(rows[i, -1])
            if not over[i]:
                order = scores[i].argsort(descending=True).tolist()
                best = next(t for t in order if answer.allows(pieces[t], end=t == end))
                assert token == best
                answer.feed(pieces[token])
            over[i] = over[i] or token == end


def test_of_equally_likely_tokens_a_greedy_answer_takes_the_first(tokenizer: PreTrainedTokenizerFast) -> None:
    window, scores = [["drop(a);", "drop(b);"]], torch.zeros(1, len(tokenizer))
    (one, other) = (Constraint(tokenizer, window, greedy=greedy) for greedy in (True, False))
    rows = torch.zeros(1, 1, dtype=torch.long)
    marks = [tokenizer.convert_tokens_to_ids(edits.mark(n)) for n in (0, 1, 2)]
    scores[0, marks[1:]] = 5.0
    assert int(one(rows, scores).argmax()) == int(other(rows, scores).argmax()) == min(marks[1:])


def test_a_tokenizers_table_is_made_once(tokenizer: PreTrainedTokenizerFast) -> None:
    assert table_of(tokenizer) is table_of(tokenizer)
    assert table_of(tokenizer).pieces == pieces_of(tokenizer)
    assert Constraint(tokenizer, [[]]).table is table_of(tokenizer)
    assert table_of(copy.deepcopy(tokenizer)) is not table_of(tokenizer)
