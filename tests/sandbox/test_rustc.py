"""rustc's JSON as diagnostics, from the real compiler."""

from __future__ import annotations

import json

from sleepy.daemon.model.prompt import replaced
from sleepy.sandbox import rustc
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Outcome


def _only(sandbox: Sandbox, source: str) -> Diagnostic:
    verdict = sandbox.check(source)
    assert verdict.outcome is Outcome.COMPILE_ERROR
    (found,) = verdict.diagnostics
    return found


def test_an_error_has_code_words_and_places(sandbox: Sandbox) -> None:
    source = 'pub fn f() {\n    let s = String::new();\n    drop(s);\n    println!("{s}");\n}\n'
    found = _only(sandbox, source)
    assert (found.code, found.level) == ("E0382", "error")
    assert found.message == "borrow of moved value: `s`"
    assert found.primary is not None
    assert found.primary.line_start == found.primary.line_end == 4
    assert source.split("\n")[3][found.primary.column_start - 1 : found.primary.column_end - 1] == "s"
    assert found.primary.label == "value borrowed here after move"
    assert found.primary.text == '    println!("{s}");'
    assert {(span.line_start, span.label) for span in found.spans if not span.is_primary} >= {(3, "value moved here")}
    assert "borrow of moved value" in found.rendered


def test_columns_count_characters(sandbox: Sandbox) -> None:
    source = 'pub fn f() -> u8 { let _ = "größer €"; missing }\n'
    primary = _only(sandbox, source).primary
    assert primary is not None
    assert source[primary.column_start - 1 : primary.column_end - 1] == "missing"


def test_a_suggestion_applied_mends_the_program(sandbox: Sandbox) -> None:
    source = "pub fn f() -> Vec<u8> {\n    let v = Vec::new();\n    v.push(1);\n    v\n}\n"
    (offer,) = _only(sandbox, source).suggestions
    assert offer.applicability == "MachineApplicable"
    mended = replaced(source, offer.replacements)
    assert "let mut v" in mended
    assert sandbox.check(mended).passed


def test_a_suggestion_of_several_parts_is_one_change(sandbox: Sandbox) -> None:
    source = "pub struct Held {\n    text: &str,\n}\n"
    (offer,) = _only(sandbox, source).suggestions
    assert len(offer.replacements) == 2
    assert sandbox.check(replaced(source, offer.replacements)).passed


def test_alternatives_are_suggestions_of_their_own(sandbox: Sandbox) -> None:
    source = "pub fn f() -> Range<u8> { 0..1 }\n"
    offers = _only(sandbox, source).suggestions
    assert len(offers) >= 2
    assert len({offer.replacements[0].text for offer in offers}) == len(offers)
    assert any(sandbox.check(replaced(source, offer.replacements)).passed for offer in offers)


def test_an_error_in_a_macro_of_stds_is_placed_in_the_program(sandbox: Sandbox) -> None:
    found = _only(sandbox, 'pub struct X;\npub fn f(x: X) -> String {\n    format!("{}", x)\n}\n')
    assert found.primary is not None
    assert found.primary.line_start == 3


def test_notes_are_kept_and_their_places_are_not_primary(sandbox: Sandbox) -> None:
    found = _only(sandbox, "pub trait T {\n    fn a(&self);\n}\npub struct S;\npub fn f(s: &dyn T) -> S {\n    s\n}\n")
    assert any("expected" in note for note in found.notes)
    assert sum(span.is_primary for span in found.spans) == 1


def test_warnings_are_not_diagnostics(sandbox: Sandbox) -> None:
    verdict = sandbox.check("fn unused() { let x = 1; }\n")
    assert verdict.outcome is Outcome.PASS
    assert verdict.diagnostics == ()


def test_several_errors_keep_the_compilers_order(sandbox: Sandbox) -> None:
    verdict = sandbox.check('pub fn a() -> u8 { "" }\npub fn b() -> u8 { "" }\npub fn c() -> u8 { "" }\n')
    assert [item.primary.line_start for item in verdict.diagnostics if item.primary] == [1, 2, 3]


def test_the_edition_counts(sandbox: Sandbox) -> None:
    source = "pub fn f() { let async = 1; let _ = async; }\n"
    assert sandbox.check(source, edition="2015").passed
    assert sandbox.check(source, edition="2021").outcome is Outcome.COMPILE_ERROR


def test_what_is_no_diagnostic_is_passed_over() -> None:
    error: dict[str, object] = {"level": "error", "message": "no", "code": None, "spans": [], "children": []}
    lines = [
        "warning: words", "{not json", json.dumps({"level": "warning", "message": "x", "spans": []}),
        json.dumps({**error, "message": "aborting due to 2 previous errors"}), json.dumps(error),
    ]  # fmt: skip
    assert [item.message for item in rustc.diagnostics("\n".join(lines).encode(), "main.rs")] == ["no"]
    assert rustc.diagnostics(b"\xff\xfe", "main.rs") == []
