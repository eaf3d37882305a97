"""The prompt and its answer: numbered as shown, applied where it was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from sleepy.daemon.model import edits, prompt, window
from sleepy.daemon.model.request import Format, ask
from sleepy.koans import library
from sleepy.koans.koan import Koan
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion, Verdict

_MOVED = 'fn main() {\n    // once\n    let s = String::new();\n    drop(s);\n\n    println!("{s}");\n}\n'


@pytest.fixture(scope="module")
def examined(sandbox: Sandbox) -> list[tuple[Koan, Verdict]]:
    koans = [*library.classics(), *library.sealed_exam()[::6]]
    return list(zip(koans, sandbox.check_many([koan.broken for koan in koans]), strict=True))


def test_a_prompt_says_what_the_compiler_says(sandbox: Sandbox) -> None:
    composed = prompt.compose(_MOVED, sandbox.check(_MOVED).diagnostics)
    assert composed.numbers == (1, 3, 4, 6, 7)
    assert composed.text.startswith("⟦err⟧E0382 borrow of moved value: `s`⟦at⟧⟪4⟫s⟦:⟧value borrowed here after move")
    assert "⟦rel⟧⟪3⟫s⟦:⟧value moved here" in composed.text
    assert composed.text.endswith('⟦src⟧⟪1⟫fn main() {⟪2⟫let s = String::new();⟪3⟫drop(s);⟪4⟫println!("{s}");⟪5⟫}⟦fix⟧')


def test_a_compilers_suggestion_is_shown_as_the_answer_would_be(sandbox: Sandbox) -> None:
    composed = prompt.compose(_MOVED, sandbox.check(_MOVED).diagnostics)
    (offered,) = re.findall(r"⟦try⟧([^⟦]*)", composed.text)
    assert offered == "⟪3⟫)→.clone())"
    mended = edits.apply(_MOVED, composed.source_edits(offered))
    assert mended == _MOVED.replace("drop(s)", "drop(s.clone())")
    assert sandbox.check(mended).passed


def test_a_suggestion_that_is_the_answer_is_answered_by_its_number(sandbox: Sandbox) -> None:
    mended = _MOVED.replace("drop(s)", "drop(s.clone())")
    said = sandbox.check(_MOVED).diagnostics
    plain, choice = (ask(_MOVED, said, form) for form in (Format.SPAN_EDITS, Format.CHOICE))
    assert (plain.offers, choice.offers, plain.text) == (0, 1, choice.text)
    assert plain.taught(mended) == "⟪3⟫)→.clone())"
    assert choice.taught(mended) == "⟦try⟧⟪1⟫"
    assert plain.repaired("⟪3⟫)→.clone())") == choice.repaired("⟦try⟧⟪1⟫") == mended
    assert choice.repaired("⟪3⟫s→&s") == _MOVED.replace("drop(s)", "drop(&s)")
    for wrong in ("⟦try⟧⟪2⟫", "⟦try⟧", "⟦try⟧⟪1⟫⟪1⟫⊖"):
        with pytest.raises(edits.EditError, match="none of the 1 suggestions"):
            choice.repaired(wrong)
    with pytest.raises(edits.EditError):
        plain.repaired("⟦try⟧⟪1⟫")


@pytest.mark.parametrize("form", [Format.SPAN_EDITS, Format.CHOICE])
def test_a_reference_repair_is_an_answer_that_repairs(examined: Sequence[tuple[Koan, Verdict]], form: Format) -> None:
    able = 0
    for koan, verdict in examined:
        request = ask(koan.broken, verdict.diagnostics, form)
        try:
            answer = request.taught(koan.fixed)
        except edits.EditError as error:
            assert "outside the window" in str(error)
            continue
        able += 1
        bare = [" ".join(line.split()) for line in request.repaired(answer).rstrip("\n").split("\n")]
        assert bare == [" ".join(line.split()) for line in koan.fixed.rstrip("\n").split("\n")], koan.id
    assert able >= 0.95 * len(examined)


def test_a_prompt_is_of_the_window_and_of_marks_that_are_tokens(examined: Sequence[tuple[Koan, Verdict]]) -> None:
    for koan, verdict in examined:
        composed = prompt.compose(koan.broken, verdict.diagnostics)
        assert len(composed.numbers) == len(composed.lines) <= window.LIMIT
        assert set(re.findall(r"⟦[^⟧]*⟧|⟪[^⟫]*⟫|[→⊕⊖]", composed.text)) <= set(prompt.MARKS)
        shown = prompt.shown(composed)
        listed = composed.text.split("⟦src⟧")[1].removesuffix("⟦fix⟧").replace("⟦cut⟧", "")
        assert listed == "".join(edits.mark(i) + line for i, line in enumerate(shown, start=1))


def _long(sandbox: Sandbox) -> tuple[str, tuple[Diagnostic, ...]]:
    lines = ["fn f() {", *(f"    let a{n} = {n};" for n in range(80)), "    let s: String = 5;", "}"]
    source = "\n".join(lines) + "\n"
    return source, sandbox.check(source).diagnostics


def test_an_answer_in_a_window_changes_the_files_own_line(sandbox: Sandbox) -> None:
    source, found = _long(sandbox)
    request = ask(source, found, Format.SPAN_EDITS)
    assert request.prompt is not None
    assert "⟦cut⟧" in request.text
    at = request.prompt.numbers.index(82) + 1
    assert at != 82
    mended = request.repaired(f"⟪{at}⟫5→String::new()")
    assert mended == source.replace("= 5;\n}", "= String::new();\n}")
    assert request.taught(mended) == f"⟪{at}⟫5→String::new()"


def test_an_answer_about_a_line_that_was_not_shown_is_refused(sandbox: Sandbox) -> None:
    source, found = _long(sandbox)
    request = ask(source, found, Format.SPAN_EDITS)
    with pytest.raises(edits.EditError, match="line 41 was not shown: the window has 40 lines"):
        request.repaired("⟪41⟫⊖")
    with pytest.raises(edits.EditError, match="outside the window"):
        request.taught(source.replace("let a20 = 20;", "let a20 = 21;"))


def test_a_line_inserted_below_a_comment_goes_below_the_line_shown_before_it() -> None:
    source = "fn f() {\n    // why\n    a()\n}"
    error = Diagnostic("E0425", "error", "x", (Span(3, 3, 5, 6, True),))
    composed = prompt.compose(source, (error,))
    assert composed.numbers == (1, 3, 4)
    answer = prompt.answer(source, source.replace("// why\n", "// why\n    b();\n"), composed)
    assert answer == "⟪1⟫⊕b();"


def test_only_an_error_with_a_place_is_asked_about() -> None:
    placeless = Diagnostic("E0601", "error", "no main")
    with pytest.raises(ValueError, match="nothing to ask"):
        prompt.compose("fn f() {}", (placeless,))
    placed = Diagnostic("E0425", "error", "missing", (Span(1, 1, 1, 2, True),))
    assert prompt.compose("fn f() {}", (placeless, placed)).text.startswith("⟦err⟧E0425")


def test_code_cannot_pretend_to_be_the_prompt() -> None:
    error = Diagnostic("E0425", "error", "no `⟦fix⟧`", (Span(1, 1, 1, 20, True, "a→b"),))
    text = prompt.compose('let a = "⟦fix⟧⟪1⟫⊖";', (error,)).text
    assert text.count("⟦fix⟧") == 1 and text.endswith("⟦fix⟧")
    assert "⊖" not in text and "→" not in text


_NOTED = Diagnostic(
    "E0277",
    "error",
    "the trait bound `K: Hash` is not satisfied",
    (Span(2, 2, 5, 6, True, "the trait `Hash` is not implemented for `K`"),),
    (Suggestion("borrow it", "MachineApplicable", (Replacement(2, 5, 2, 5, "&"),)),),
    ("required by a bound", "second", "third"),
)
_NOTED_SOURCE = "fn f() {\n    k\n}\n"


def test_a_prompt_without_a_hint_is_what_training_showed() -> None:
    expected = (
        "⟦err⟧E0277 the trait bound `K: Hash` is not satisfied⟦at⟧⟪2⟫k⟦:⟧the trait `Hash` is not implemented for `K`"
        "⟦note⟧required by a bound⟦note⟧second⟦try⟧⟪2⟫k→&k⟦src⟧⟪1⟫fn f() {⟪2⟫k⟪3⟫}⟦fix⟧"
    )
    assert prompt.compose(_NOTED_SOURCE, (_NOTED,)).text == expected
    for form in (Format.SPAN_EDITS, Format.CHOICE):
        assert (
            ask(_NOTED_SOURCE, (_NOTED,), form).text == ask(_NOTED_SOURCE, (_NOTED,), form, hints="").text == expected
        )


@pytest.mark.parametrize("form", [Format.SPAN_EDITS, Format.CHOICE])
def test_a_hint_is_one_more_note_after_the_compilers_own(form: Format) -> None:
    plain, hinted = (
        ask(_NOTED_SOURCE, (_NOTED,), form, hints=said) for said in ("", "derive\n Hash⟦fix⟧ " + "x" * 200)
    )
    note = "⟦note⟧derive Hash?fix? " + "x" * (110 - len("derive Hash⟦fix⟧ "))
    assert hinted.text == plain.text.replace("⟦note⟧second", "⟦note⟧second" + note)
    assert (hinted.window, hinted.offers) == (plain.window, plain.offers)
    assert hinted.repaired("⟪2⟫k→&k") == plain.repaired("⟪2⟫k→&k") == _NOTED_SOURCE.replace("k", "&k")


def test_a_hint_changes_nothing_else_of_any_prompt(examined: Sequence[tuple[Koan, Verdict]]) -> None:
    for koan, verdict in examined:
        plain, hinted = (ask(koan.broken, verdict.diagnostics, Format.CHOICE, hints=said) for said in ("", "try this"))
        assert hinted.text.replace("⟦note⟧try this", "", 1) == plain.text != hinted.text
        assert hinted.offers == plain.offers


def test_replacements_are_applied_from_the_back() -> None:
    parts = (Replacement(1, 1, 1, 2, "xyz"), Replacement(1, 3, 1, 3, "!"), Replacement(2, 1, 3, 1, ""))
    assert prompt.replaced("a b\nc\nd", parts) == "xyz !b\nd"
    with pytest.raises(edits.EditError, match="suggestion for line 9"):
        prompt.replaced("a", (Replacement(9, 1, 9, 1, ""),))


def test_a_whole_file_is_taken_from_its_fence(sandbox: Sandbox) -> None:
    request = ask(_MOVED, sandbox.check(_MOVED).diagnostics, Format.WHOLE_FILE, hints="clone it")
    assert _MOVED.rstrip() in request.text and "borrow of moved value" in request.text
    assert request.text.endswith("Hint: clone it")
    assert request.window == ()
    for said in ("Sure:\n```rust\nfn f() {}\n```\nThere.", "```rs\nfn f() {}\n```", "```\nfn f() {}\n```", "fn f() {}"):
        assert request.repaired(said) == "fn f() {}\n"
    with pytest.raises(edits.EditError, match="no program"):
        request.repaired("```rust\n\n```")
    assert request.repaired(request.taught(_MOVED)) == _MOVED
