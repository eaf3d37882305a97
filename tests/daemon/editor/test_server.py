"""`sleepy lsp` as an editor meets it: a real client, a real crate, a real compiler."""

from __future__ import annotations

from pathlib import Path

import psutil
from lsprotocol import types
from tests.daemon.editor.client import FULL, PLAIN, Editor, edited
from tests.sandbox.workspace.planting import manifest, plant, tree

_LIB = (
    "pub mod basket;\n\npub fn count(names: &[&str]) -> usize {\n    let n = 0;\n    for name in names {\n"
    "        /* 🦀 */ n += name.len();\n    }\n    n\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n"
    '    fn counts() {\n        assert_eq!(count(&["a", "bc"]), 3);\n    }\n}\n'
)
_LIB_RIGHT = _LIB.replace("let n", "let mut n")
_BASKET = "pub fn total(prices: &[u64]) -> u64 {\n    let sum = 0;\n    prices.iter().for_each(|price| sum += price);\n    sum\n}"
_BASKET_RIGHT = _BASKET.replace("let sum", "let mut sum")


def _gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=10)[1]


def test_a_crate_is_repaired_on_opening_and_its_repair_is_offered_while_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "a wörkspace"
    root = plant(
        folder / "shop",
        {
            "Cargo.toml": manifest("shop"),
            "src/lib.rs": _LIB,
            "src/basket.rs": _BASKET,
            "target/debug/made.rs": _BASKET,
        },
    )
    outside = plant(tmp_path / "elsewhere", {"lone.rs": _BASKET}) / "lone.rs"
    lib, basket = root / "src/lib.rs", root / "src/basket.rs"
    before = tree(folder)
    editor = Editor(folder, tmp_path / "home", FULL)
    for file in (outside, root / "target/debug/made.rs"):
        editor.open(file)
    editor.open(lib, version=7)
    editor.until(lambda: bool(editor.seen(lib) and editor.seen(basket)))

    (met,) = editor.seen(lib)
    assert (met.source, met.code, met.severity) == ("sleepy", "E0384", types.DiagnosticSeverity.Information)
    assert met.range == types.Range(types.Position(5, 17), types.Position(5, 32)), "in UTF-16"
    assert "by the compiler's suggestion (it compiles, 1 test passes): cannot assign twice" in met.message
    assert editor.progress[:2] == ["created", "begin"]
    editor.until(lambda: editor.progress[-1] == "end")

    (action,) = editor.actions(lib, 5)
    assert (
        isinstance(action, types.CodeAction)
        and action.kind == types.CodeActionKind.QuickFix
        and "E0384 and 1 other error in 2 files" in action.title
    )
    assert (
        list(action.diagnostics or []) == [met]
        and action.edit is not None
        and action.edit.change_annotations is not None
    )
    assert [each.needs_confirmation for each in action.edit.change_annotations.values()] == [True]
    parts = [each for each in action.edit.document_changes or [] if isinstance(each, types.TextDocumentEdit)]
    assert [(each.text_document.uri, each.text_document.version) for each in parts] == [
        (basket.as_uri(), None),
        (lib.as_uri(), 7),
    ]
    assert all(isinstance(each, types.AnnotatedTextEdit) for part in parts for each in part.edits)
    assert edited(_BASKET, parts[0].edits) == _BASKET_RIGHT and edited(_LIB, parts[1].edits) == _LIB_RIGHT
    assert action.data == {"diff": editor.command("sleepy.preview", lib.as_uri())}
    assert "+    let mut sum = 0;" in action.data["diff"] and editor.messages == [action.data["diff"]]
    assert editor.actions(lib, 0) == [], "only where the error is"
    assert editor.actions(lib, 5, types.CodeActionKind.Refactor) == []

    editor.type(lib, 8, 0, "// typing\n")
    editor.until(lambda: not editor.seen(lib) and not editor.seen(basket))
    assert editor.actions(lib, 6) == [] and editor.actions(basket, 2) == [], "it is of what is on disk"
    editor.client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(9, lib.as_uri()), [types.TextDocumentContentChangeWholeDocument(_LIB)]
        )
    )
    editor.until(lambda: bool(editor.seen(lib) and editor.seen(basket)))
    assert tree(folder) == before, "nothing was written"

    basket.write_text(_BASKET_RIGHT)  # by another program: the server sees it when it is asked
    assert editor.actions(lib, 5) == []
    editor.until(lambda: bool(editor.seen(lib)) and not editor.seen(basket))
    (action,) = editor.actions(lib, 5)
    assert isinstance(action, types.CodeAction) and "E0384 (" in action.title

    lib.write_text(_LIB_RIGHT)
    editor.type(lib, 10, 3, "    let mut n", over=9)
    editor.save(lib)
    editor.until(lambda: not editor.seen(lib))
    assert editor.actions(lib, 5) == []
    assert not editor.diagnostics.keys() - {lib.as_uri(), basket.as_uri()}, "neither builds nor what lies outside"
    alive = editor.processes()
    assert editor.leave() == 0 and _gone(alive)
    assert {
        name: data for name, data in tree(folder).items() if name not in ("shop/src/lib.rs", "shop/src/basket.rs")
    } == {name: data for name, data in before.items() if name not in ("shop/src/lib.rs", "shop/src/basket.rs")}


def test_a_lone_file_and_a_plain_editor_that_goes_away_in_the_middle(tmp_path: Path) -> None:
    folder = plant(tmp_path / "lone", {"total.rs": _BASKET, "hard.rs": "fn f() { missing() }\n"})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    file = folder / "total.rs"
    editor = Editor(folder, tmp_path / "home", PLAIN, TMPDIR=str(scratch))
    editor.open(file)
    editor.until(lambda: bool(editor.seen(file)))
    repair, preview = editor.actions(file, 2)
    assert isinstance(preview, types.Command) and list(preview.arguments or []) == [file.as_uri()]
    assert "+    let mut sum = 0;" in str(editor.command(preview.command, file.as_uri())) == editor.messages[0]
    assert isinstance(repair, types.CodeAction) and repair.edit is not None and repair.edit.change_annotations is None
    (part,) = repair.edit.document_changes or []
    assert isinstance(part, types.TextDocumentEdit) and edited(_BASKET, part.edits) == _BASKET_RIGHT
    assert editor.progress == []

    editor.open(folder / "hard.rs")
    editor.save(file)

    def at_work() -> bool:
        if len(editor.processes()) == 1:
            editor.save(file)  # the one before was over already
        return bool(list(scratch.iterdir())) and len(editor.processes()) > 1

    editor.until(at_work)
    alive = editor.processes()
    assert editor.vanish() == 0
    assert _gone(alive) and list(scratch.iterdir()) == [], "no process and no folder is left"
    assert editor.seen(folder / "hard.rs") == [] and file.read_text() == _BASKET
