"""A prompt is read back: by it alone an error gets the route that its program would have had."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sleepy.daemon.attempt.attempt import Diagnosis
from sleepy.daemon.endpoint.question import shown, written
from sleepy.daemon.model.prompt import Prompt, window_of
from sleepy.daemon.model.prompt import shown as lines_of
from sleepy.daemon.model.request import Format, Request, ask
from sleepy.sandbox.pattern import signature


def test_span_edits_lead_to_the_signature_and_to_the_lines_that_may_be_edited(
    diagnoses: Sequence[Diagnosis], requests: Sequence[Request]
) -> None:
    for item, request in zip(diagnoses, requests, strict=True):
        found = shown(request.text)
        assert found is not None, request.text
        lines, error = found
        assert signature(error, "\n".join(lines)) == item.signature
        frame = Prompt(request.text, tuple(range(1, len(lines) + 1)), lines)
        assert tuple(lines_of(frame)) == tuple(request.window)
        assert window_of(request.text).split("\n")[-1] == lines[-1]


@pytest.mark.parametrize("form", [Format.WHOLE_FILE, Format.NUMBERED_LINES])
def test_a_hub_models_prompt_leads_to_the_program_and_the_signature(
    form: Format, diagnoses: Sequence[Diagnosis]
) -> None:
    for item in diagnoses:
        text = ask(item.koan.broken, item.diagnostics, form, hints="A hint.").text
        for around in (text, f"<|user|>\n{text}\n<|assistant|>\n"):
            found = written(around, numbered=form is Format.NUMBERED_LINES)
            assert found == (item.koan.broken.rstrip() + "\n", item.signature)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "⟦err⟧E0425 x⟦at⟧⟪1⟫x⟦fix⟧",
        "⟦err⟧E0425 x⟦src⟧⟪1⟫x⟦fix⟧",
        "⟦err⟧E0425 x⟦at⟧⟪1⟫x⟦src⟧⟪2⟫x⟦fix⟧",
        "⟦err⟧E0425 x⟦at⟧⟪1⟫x⟦src⟧⟪1⟫x⟪1⟫y⟦fix⟧",
        "⟦err⟧E0425 x⟦at⟧⟪1⟫x⟦src⟧⟪1⟫x⟦fix⟧ and more",
        "⟦err⟧E0425 x⟦at⟧⟪1⟫x⟦src⟧" + "".join(f"⟪{n}⟫x" for n in range(1, 60)) + "⟦fix⟧",
    ],
)
def test_what_is_no_prompt_is_not_read_as_one(text: str) -> None:
    assert shown(text) is None and written(text, numbered=False) is None
