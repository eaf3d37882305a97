"""The same koan under other names: nothing but the names is another."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from sleepy.koans import library
from sleepy.koans.forge.variation import defined_names, renamed, renaming, variant
from sleepy.koans.koan import Koan
from sleepy.koans.syntax import ParsedSource
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.verdict import Case

_RESERVED = frozenset(
    "as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return "
    "self Self static struct super trait true type unsafe use where while async await dyn abstract become box do final "
    "macro override priv typeof unsized virtual yield try gen".split()
)


def test_variants_fail_alike_and_their_repairs_pass_their_tests(sandbox: Sandbox) -> None:
    koans = random.Random(9).sample(library.exam(), 32)
    pairs = [(koan, other) for koan in koans if (other := variant(koan, random.Random(koan.id))) is not None]
    assert len(pairs) >= 28
    before = sandbox.check_many([koan.broken for koan, _ in pairs])
    after = sandbox.check_many([other.broken for _, other in pairs])
    judged = sandbox.judge_many([Case(other.fixed, other.tests, other.broken, other.edition) for _, other in pairs])
    sound = 0
    for (koan, other), one, two, three in zip(pairs, before, after, judged, strict=True):
        assert not two.passed
        alike = signature(one.diagnostics[0], koan.broken) == signature(two.diagnostics[0], other.broken)
        sound += alike and three.passed
    # tests that spell a name out in text (a Debug print) do not survive; whoever teaches variants checks them
    assert sound >= 0.9 * len(pairs)


def test_a_variant_keeps_what_it_is_counted_by() -> None:
    koan = library.classics()[0]
    other = variant(koan, random.Random(1))
    assert other is not None
    assert other.id.startswith(f"{koan.id}-") and other.digest != koan.digest
    assert replace(other, id=koan.id, broken=koan.broken, fixed=koan.fixed, tests=koan.tests) == koan
    assert variant(koan, random.Random(1)) == other
    assert variant(koan, random.Random(2)) != other


def test_a_koan_without_names_of_its_own_has_no_variant() -> None:
    assert variant(Koan("x", "syntax", "t", "fn main() { 1 }", "fn main() {}"), random.Random(1)) is None


def test_text_is_left_alone_except_for_the_names_in_its_braces() -> None:
    names = {"total": "sum", "Total": "Sum"}
    for text, after in {
        'let total = "total";': 'let sum = "total";',
        'format!("total {total}")': 'format!("total {sum}")',
        'format!("{total:>4} {{total}}", total)': 'format!("{sum:>4} {{total}}", sum)',
        '"a \\" total" + total': '"a \\" total" + sum',
        'r"\\" + total + "total"': 'r"\\" + sum + "total"',
        'r#"total " total"# + total': 'r#"total " total"# + sum',
        "'\"' + total + '\"' + \"total\"": "'\"' + sum + '\"' + \"total\"",
        "b'\"' + total": "b'\"' + sum",
        '// a " of total\ntotal "total"': '// a " of sum\nsum "total"',
        '/* " */ total': '/* " */ sum',
        "&'a total": "&'a sum",
        "subtotal total_1 Total::total(total)": "subtotal total_1 Sum::sum(sum)",
    }.items():
        assert renamed(text, names) == after


def test_names_of_std_and_of_foreign_traits_are_not_the_programs() -> None:
    source = """
pub trait Shape { fn area(&self) -> f64; }
pub struct Square { side: f64 }
impl Shape for Square { fn area(&self) -> f64 { self.side } }
impl std::fmt::Display for Square { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }
impl Iterator for Square { type Item = u8; fn next(&mut self) -> Option<u8> { None } }
const LARGEST: usize = 3;
pub fn push(values: &[u8]) -> usize { let count_of = values.len(); count_of }
#[cfg(test)]
mod tests { fn helper() {} }
"""
    found = defined_names(ParsedSource(source))
    assert found == {
        "Shape": "type", "Square": "type", "area": "function", "side": "value", "LARGEST": "constant",
        "count_of": "value",
    } | ({"values": "value"} if "values" in found else {})  # fmt: skip
    assert not {"fmt", "next", "push", "len", "helper", "Item"} & found.keys()


def test_new_names_are_fresh_words_and_never_meet() -> None:
    for seed in range(40):
        koan = random.Random(seed).choice(library.exam())
        names = renaming(koan.fixed, random.Random(seed))
        used = set(re.findall(r"\w+", koan.fixed))
        assert len(set(names.values())) == len(names)
        assert not used & set(names.values())
        assert not _RESERVED & set(names.values())
