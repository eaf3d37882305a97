"""What was changed where it is defined, written at its uses as it is now: only where there is no choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import manifest, plant

from sleepy.daemon.fix.doubt import doubts
from sleepy.daemon.fix.filled import filled
from sleepy.daemon.fix.ladder import Candidate, Problem
from sleepy.daemon.fix.mend import mend
from sleepy.daemon.fix.reshaped import reshaped
from sleepy.daemon.fix.rungs import CompilerRung
from sleepy.daemon.fix.successor import succeeded
from sleepy.daemon.fix.target import CrateTarget
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion
from sleepy.sandbox.workspace import Workspace

Rule = Callable[[Problem], Iterator[Candidate]]


def made(
    rule: Rule, text: str, under: str, code: str, message: str, others: Mapping[str, str] = {}, offer: str = ""
) -> list[str]:
    """The candidates for an error at the first place of some words; `offer` is what the compiler would put there."""
    line = text[: text.index(under)].count("\n") + 1
    column = text.split("\n")[line - 1].index(under) + 1
    offers = (
        (Suggestion("", "HasPlaceholders", (Replacement(line, column, line, column + len(under), offer),)),)
        if offer
        else ()
    )
    said = Diagnostic(code, "error", message, (Span(line, line, column, column + len(under), True),), offers)
    files = [(Path(name), other) for name, other in others.items()]
    return [each.source for each in rule(Problem(Path("src/a.rs"), text, (said,), code, lambda: iter(files)))]


_KEG = (
    "pub struct Keg {\n    pub id: u8,\n    pub net_volume: u32,\n}\n\n"
    "impl Keg {\n    pub fn full_name(&self) -> u8 {\n        self.id\n    }\n}\n"
)
_READ, _CALLED = (
    "no field `volume` on type `&Keg`",
    "no method named `name` found for reference `&Keg` in the current scope",
)


def test_a_renamed_member_is_the_only_one_that_nothing_uses() -> None:
    use = "fn f(keg: &Keg) -> u32 {\n    keg.volume\n}\n"
    assert made(succeeded, use, "volume", "E0609", _READ, {"keg.rs": _KEG}) == [use.replace("volume", "net_volume")]
    used = {"keg.rs": _KEG, "b.rs": "fn g(keg: &Keg) -> u32 {\n    keg.net_volume\n}\n"}
    assert made(succeeded, use, "volume", "E0609", _READ, used) == []  # it is used: nothing was renamed
    assert (
        made(succeeded, use, "volume", "E0609", _READ, {"keg.rs": _KEG.replace("self.id", "1")}) == []
    )  # two are free
    assert made(succeeded, use, "volume", "E0609", _READ, {"keg.rs": _KEG, "other.rs": _KEG}) == []  # which Keg?
    call = "fn f(keg: &Keg) -> u8 {\n    keg.name()\n}\n"
    assert made(succeeded, call, "name", "E0599", _CALLED, {"keg.rs": _KEG}) == [call.replace("name", "full_name")]
    more = call.replace("name()", "name(2)")
    assert made(succeeded, more, "name", "E0599", _CALLED, {"keg.rs": _KEG}) == []  # it takes none


@pytest.mark.parametrize(
    ("new", "is_it"), [("litres", False), ("volumes", True), ("volume_of", True), ("value", False), ("of_it", False)]
)
def test_what_is_named_otherwise_is_another_thing(new: str, is_it: bool) -> None:
    use = "fn f(keg: &Keg) -> u32 {\n    keg.volume\n}\n"
    found = made(succeeded, use, "volume", "E0609", _READ, {"keg.rs": _KEG.replace("net_volume", new)})
    assert found == ([use.replace("volume", new)] if is_it else [])


def test_small_words_make_no_names_alike() -> None:
    call = "fn f(keg: &Keg) -> u8 {\n    keg.is_full()\n}\n"
    said = _CALLED.replace("`name`", "`is_full`")
    assert made(succeeded, call, "is_full", "E0599", said, {"keg.rs": _KEG.replace("full_name", "is_old")}) == []
    assert len(made(succeeded, call, "is_full", "E0599", said, {"keg.rs": _KEG})) == 1


def test_what_a_library_offers_may_be_used_by_others() -> None:
    use = "fn f(keg: &Keg) -> u32 {\n    keg.volume\n}\n"
    closed = _KEG.replace("pub net_volume", "pub(crate) net_volume")
    for text, others, count in (
        (_KEG, {"lib.rs": "mod a;\n"}, 0),
        (_KEG.replace("pub struct", "pub(crate) struct"), {"lib.rs": "mod a;\n"}, 1),
        (closed, {"lib.rs": "mod a;\n"}, 1),
        (closed.replace("self.id", "1"), {"lib.rs": "mod a;\n"}, 1),  # `id` is no sign of a new name
        (closed.replace("self.id", "1").replace("pub id", "pub volume_id"), {"lib.rs": "mod a;\n"}, 0),  # it is one
        (_KEG, {"main.rs": "mod a;\n"}, 1),
    ):
        assert len(made(succeeded, use, "volume", "E0609", _READ, {"keg.rs": text, **others})) == count, text
    method = "fn f(keg: &Keg) -> u8 {\n    keg.name()\n}\n"
    assert made(succeeded, method, "name", "E0599", _CALLED, {"keg.rs": _KEG, "lib.rs": "mod a;\n"}) == []


def test_an_assignment_to_a_field_that_does_not_exist_may_go_to_its_new_name_and_not_away() -> None:
    text = "fn fill(keg: &mut Keg) {\n    keg.volume += 2;\n    keg.id = 1;\n}\n"
    said = Diagnostic("E0609", "error", "no field `volume` on type `&mut Keg`")
    assert doubts(text, text.replace("volume", "litres"), errors=[said]) == ()
    assert doubts(text, text.replace("    keg.volume += 2;\n", ""), errors=[said]) != ()


@pytest.mark.parametrize(
    ("use", "under", "code", "wanted"),
    [
        ("match s {\n    Shape::Rect(w, _) => w,\n}", "Shape::Rect(w, _)", "E0164", ""),  # w may be either
        (
            "match s {\n    Shape::Rect(w, high) => w,\n}",
            "Shape::Rect(w, high)",
            "E0164",
            "Shape::Rect { wide: w, high }",
        ),
        ("match s {\n    Shape::Rect(_, _) => 1,\n}", "Shape::Rect(_, _)", "E0164", "Shape::Rect { wide: _, high: _ }"),
        (
            "match s {\n    Shape::Rect(wide, ..) => wide,\n}",
            "Shape::Rect(wide, ..)",
            "E0164",
            "Shape::Rect { wide, .. }",
        ),
        ("match s {\n    Shape::Rect(w, ..) => w,\n}", "Shape::Rect(w, ..)", "E0164", ""),
        ("fn f() -> Shape {\n    Shape::Rect(1.0, g())\n}", "Shape::Rect", "E0533", ""),  # two of one type
        (
            "fn f(high: f64, wide: &f64) -> Shape {\n    Shape::Rect(high, wide.clone())\n}",
            "Shape::Rect",
            "E0533",
            "Shape::Rect { high, wide: wide.clone() }",
        ),
        (
            "fn f(high: f64) -> Shape {\n    Shape::Rect(high, 2.0)\n}",
            "Shape::Rect",
            "E0533",
            "Shape::Rect { high, wide: 2.0 }",
        ),
        ("fn f(high: f64) -> Shape {\n    Shape::Rect(high, high)\n}", "Shape::Rect", "E0533", ""),
        (
            'fn f() -> Shape {\n    Shape::Text(g(), "a")\n}',
            "Shape::Text",
            "E0533",
            'Shape::Text { size: g(), words: "a" }',
        ),
        ("fn f() -> Shape {\n    Shape::Rect(1.0)\n}", "Shape::Rect", "E0533", ""),
        ("fn f() -> Other {\n    Other::Rect(1.0, 2.0)\n}", "Other::Rect", "E0533", ""),
    ],
)
def test_a_variant_that_has_named_fields_now(use: str, under: str, code: str, wanted: str) -> None:
    shape = {
        "shape.rs": "pub enum Shape {\n    Rect { wide: f64, high: f64 },\n    Text { size: u8, words: &'static str },\n    Dot,\n}\n"
    }
    found = made(reshaped, use, under, code, "", shape)
    assert len(found) == bool(wanted) and all(wanted in text for text in found)


_SCALES = {"scales.rs": "pub struct Scale(pub f64);\n"}


def test_an_argument_more_is_what_alone_has_its_type() -> None:
    def call(parameters: str, given: str = "(2.0", kind: str = "&Scale") -> list[str]:
        text = f"fn f({parameters}) -> f64 {{\n    grown{given})\n}}\n"
        return made(filled, text, f"{given})", "E0061", "", _SCALES, offer=f"{given}, /* {kind} */)")

    assert "grown(2.0, scale)" in call("scale: &'a scales::Scale, n: u8")[0]
    assert "grown(2.0, &scale)" in call("scale: Scale")[0]
    assert call("one: &Scale, two: &Scale") == [] and call("n: u8") == []
    assert call("scale: &Scale", "(scale") == [] and call("scale: Scale", "(&scale") == []  # it is passed already
    assert call("scale: &Scale", "(2.0, /* &Scale */") == []  # nor is it twice
    assert call("scales: &Vec<f64>", kind="&Vec<f64>") == []  # no type of the crate
    held = (
        "struct Scene {\n    scale: Scale,\n}\nimpl Scene {\n    fn f(&self) -> f64 {\n        grown(2.0)\n    }\n}\n"
    )
    (text,) = made(filled, held, "(2.0)", "E0061", "", _SCALES, offer="(2.0, /* &Scale */)")
    assert "grown(2.0, &self.scale)" in text
    off = "fn f(one: &Scale) -> f64 {\n    one.off(2.0)\n}\n"
    assert made(filled, off, "(2.0)", "E0061", "", _SCALES, offer="(2.0, /* &Scale */)") == []


@pytest.mark.parametrize(
    ("parameters", "kind", "wanted"),
    [
        ("steep: bool", "bool", "steep"),
        ("is_steep: bool", "bool", "is_steep"),
        ("told: bool", "bool", ""),
        ("told: bool, steep: bool", "bool", ""),  # more than one has its type
        ("steep: &str", "&str", "steep"),
        ("steep: String", "String", "steep"),
        ("told: String", "String", ""),
        ("told: u32", "&u32", ""),
    ],
)
def test_a_number_a_truth_or_a_text_more_has_the_name_of_its_parameter(parameters: str, kind: str, wanted: str) -> None:
    text = f"fn f({parameters}) -> f64 {{\n    roof(2.0)\n}}\n"
    defined = {"roof.rs": f"pub fn roof(wide: f64, steep: {kind}) -> f64 {{\n    wide\n}}\n"}
    found = made(filled, text, "(2.0)", "E0061", "", defined, offer=f"(2.0, /* {kind} */)")
    assert found == ([text.replace("(2.0)", f"(2.0, {wanted})")] if wanted else [])
    several = defined | {"hut.rs": f"impl Hut {{\n    fn roof(wide: f64, told: {kind}) {{}}\n}}\n"}
    assert made(filled, text, "(2.0)", "E0061", "", several, offer=f"(2.0, /* {kind} */)") == []  # which roof?


_SHAPE = (
    "pub enum Shape {\n    Ring { radius: f64 },\n    Rect { wide: f64, high: f64 },\n}\n\n"
    "pub struct Scale(pub f64);\n\n"
    "pub fn grown(length: f64, scale: &Scale) -> f64 {\n    length * scale.0\n}\n\nimpl Shape {\n"
    '    pub(crate) fn short_name(&self) -> &str {\n        match self {\n            Shape::Ring(_) => "ring",\n'
    '            Shape::Rect(_, _) => "rect",\n        }\n    }\n}\n'
)
_AREA = (
    "use crate::shape::{grown, Scale, Shape};\n\npub fn area(shape: &Shape) -> f64 {\n    match shape {\n"
    "        Shape::Ring(radius) => 3.0 * radius * radius,\n"
    "        Shape::Rect(wide, high) => wide * high,\n    }\n}\n\n"
    "pub fn widest(shapes: &[Shape], scale: &Scale) -> f64 {\n    let widest = 0.0;\n    for shape in shapes {\n"
    "        let wide = match shape {\n            Shape::Ring(radius) => grown(2.0 * radius),\n"
    "            Shape::Rect(wide, _) => grown(*wide),\n        };\n        if wide > widest {\n"
    "            widest = wide;\n"
    "        }\n    }\n    widest\n}\n\npub fn names(shapes: &[Shape]) -> Vec<&str> {\n"
    "    shapes.iter().map(|shape| shape.name()).collect()\n}\n"
)
_TEST = (
    "use scenery::shape::{Scale, Shape};\n\n#[test]\nfn whole() {\n"
    "    let all = [Shape::Rect { wide: 2.0, high: 3.0 }];\n"
    "    assert_eq!(scenery::area::area(&all[0]), 6.0);\n"
    "    assert_eq!(scenery::area::widest(&all, &Scale(2.0)), 4.0);\n"
    '    assert_eq!(scenery::area::names(&all), ["rect"]);\n}\n'
)


def test_a_crate_whose_definitions_changed_is_repaired_at_all_their_uses_and_then_its_borrows(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sources = {"Cargo.toml": manifest("scenery"), "src/lib.rs": "pub mod area;\npub mod shape;\n"}
    more = {"src/shape.rs": _SHAPE, "src/area.rs": _AREA, "tests/whole.rs": _TEST}
    folder = plant(tmp_path / "scenery", sources | more)
    (tmp_path / "cargo").mkdir()
    target = CrateTarget(Workspace.open(folder, sandbox.jail, tmp_path / "cache", cargo_home=tmp_path / "cargo"))
    mended = mend(target, [CompilerRung()])
    assert mended.fixed and len(mended.met) == 10 and mended.doubts == ()
    area = mended.edits[Path("src/area.rs")]
    assert area.count("Shape::Ring { ") == 2 and area.count(", scale)") == 2 and "shape.short_name()" in area
    assert "let mut widest" in area and mended.climbs[-1].problem.error.code == "E0384"
