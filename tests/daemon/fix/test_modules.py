"""Modules whose files lie there: declared where they belong to, spelled as they are, and nothing else let in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.sandbox.workspace.planting import plant, single, tree

from sleepy.daemon.fix.ladder import Problem
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.modules import declared
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.target import CrateTarget
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Span
from sleepy.sandbox.workspace import Workspace

LIB = Path("src/lib.rs")


def offered(files: Mapping[str, str], file: str, under: str, code: str, message: str = "") -> list[dict[str, str]]:
    """The files of each candidate for an error at the first place of some words."""
    text = files[file]
    line = text[: text.index(under)].count("\n") + 1
    column = text.split("\n")[line - 1].index(under) + 1
    said = Diagnostic(code, "error", message, (Span(line, line, column, column + len(under), True),))
    others = [(Path(name), other) for name, other in files.items() if name != file]
    problem = Problem(Path(file), text, (said,), code, lambda: iter(others))
    return [{str(e.file): e.new for e in each.edits(problem)} for each in declared(problem)]


def test_a_module_is_declared_where_its_file_belongs_and_as_visible_as_those_beside_it() -> None:
    files = {"src/lib.rs": "//! Wool.\n\npub mod yarn;\n", "src/yarn.rs": "use crate::dye::RED;\n", "src/dye.rs": ""}
    (public, private) = offered(files, "src/yarn.rs", "dye", "E0432")
    assert public == {"src/lib.rs": "//! Wool.\n\npub mod yarn;\npub mod dye;\n"}
    assert private == {"src/lib.rs": "//! Wool.\n\npub mod yarn;\nmod dye;\n"}
    deep = {
        "src/lib.rs": "mod yarn;\n",
        "src/yarn.rs": "//! Yarn.\nfn f() -> u8 {\n    knit::g()\n}\n",
        "src/yarn/knit.rs": "",
    }
    assert offered(deep, "src/yarn.rs", "knit", "E0433")[0]["src/yarn.rs"].startswith("//! Yarn.\nmod knit;\n\nfn f()")
    assert offered({**deep, "src/yarn.rs": "mod knit;\n" + deep["src/yarn.rs"]}, "src/yarn.rs", "knit", "E0433") == []
    assert offered({"src/lib.rs": "use felt::X;\n"}, "src/lib.rs", "felt", "E0432") == []  # no such file


def test_of_two_files_that_may_be_a_module_neither_is_certain() -> None:
    text = "use crate::dye::RED;\n"
    said = Diagnostic("E0432", "error", "unresolved import `crate::dye`", (Span(1, 1, 12, 15, True),))
    for more, doubtful in (({"src/silk/dye.rs": ""}, True), ({"src/silk/die.rs": ""}, False)):
        files = {"src/lib.rs": "mod silk;\n", "src/silk.rs": "mod yarn;\n", "src/dye.rs": "", **more}
        others = partial(iter, [(Path(name), other) for name, other in files.items()])
        problem = Problem(Path("src/silk/yarn.rs"), text, (said,), "E0432", others)
        found = list(declared(problem))
        assert found and {"may be any of" in each.doubt for each in found} == {doubtful}


def test_a_declaration_without_a_file_is_spelled_as_the_file_is_or_made_where_it_lies() -> None:
    message = "file not found for module `weaver`"
    slip = {"src/lib.rs": "pub mod weaver;\npub mod loom;\n", "src/weave.rs": "", "src/loom.rs": ""}
    assert offered(slip, "src/lib.rs", "pub mod weaver;", "E0583", message) == [
        {"src/lib.rs": "pub mod weave;\npub mod loom;\n"}
    ]
    apart = {"src/lib.rs": "pub mod weaver;\npub mod loom;\n", "src/loom.rs": "mod reed;\n", "src/loom/weaver.rs": ""}
    assert offered(apart, "src/lib.rs", "pub mod weaver;", "E0583", message) == [
        {"src/lib.rs": "pub use crate::loom::weaver;\npub mod loom;\n", "src/loom.rs": "mod reed;\npub mod weaver;\n"}
    ]


def test_modules_that_nothing_declares_are_found_in_a_crate(sandbox: Sandbox, tmp_path: Path) -> None:
    lib = "use crate::shelf::Book;\nmod parsr;\nmod lost;\n\n"
    lib += "pub fn f(b: &Book) -> u32 {\n    parser::p() + b.n + lost::z() + deep::x()\n}\n"
    sources = {
        "src/shelf.rs": "pub struct Book {\n    pub n: u32,\n}\n",
        "src/parser.rs": "pub fn p() -> u32 {\n    1\n}\n",
        "src/deep/mod.rs": "pub fn x() -> u32 {\n    inner::y()\n}\n",
        "src/deep/inner.rs": "pub fn y() -> u32 {\n    2\n}\n",
        "src/util/mod.rs": "pub fn u() {}\n",
        "src/util/lost.rs": "pub fn z() -> u32 {\n    3\n}\n",
    }
    folder = plant(single(tmp_path, lib), sources)
    before = tree(folder)
    (tmp_path / "cargo").mkdir()
    target = CrateTarget(Workspace.open(folder, sandbox.jail, tmp_path / "cache", cargo_home=tmp_path / "cargo"))
    mended = mend(target, [CompilerRung()])
    assert mended.fixed and tree(folder) == before
    declarations = [line for line in mended.edits[LIB].split("\n") if line.startswith(("mod", "use", "pub mod"))]
    wanted = "mod deep;|mod parser;|mod shelf;|mod util;|use crate::shelf::Book;|use crate::util::lost;".split("|")
    assert sorted(declarations) == wanted
    assert mended.edits[Path("src/deep/mod.rs")].startswith("mod inner;\n")
    assert mended.edits[Path("src/util/mod.rs")].startswith("pub(crate) mod lost;\n")
