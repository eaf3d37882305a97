"""What makes a repair doubtful, and what does not: texts and warnings, no compiler."""

from __future__ import annotations

import pytest

from sleepy.daemon.fix.doubt import doubts
from sleepy.koans import library
from sleepy.sandbox.verdict import Diagnostic, Span

_TILL = """
use std::collections::BTreeMap;

pub struct Till {
    pub name: String,
    open: BTreeMap<u32, Vec<u32>>,
    waiting: Vec<u32>,
    paid: u32,
}

impl Till {
    pub fn slip(&mut self, table: u32) -> &mut Vec<u32> {
        if let Some(slip) = self.open.get_mut(&table) {
            return slip;
        }
        self.open.insert(table, Vec::new());
        self.open.get_mut(&table).unwrap()
    }

    pub async fn close(&mut self, table: u32) -> Result<u32, String> {
        let sum = self.sum_of(table, 19)?;
        self.paid += sum;
        self.announce(&sum.to_string()).await;
        for each in self.waiting.iter() {
            self.call(*each);
        }
        Ok(sum)
    }

    pub fn label(&self, of: impl Into<String>) -> String {
        format!("{} {nme}", of.into().trim())
    }
}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (".await", "", "deletes an `.await`"),
        ("            self.call(*each);\n", "", "deletes a call of `call`"),
        (".trim()", "", "deletes a call of `trim`"),
        ("self.sum_of(table, 19)?", "0", "replaces `sum_of` by the literal 0"),
        ("self.sum_of(table, 19)?", "Default::default()", "deletes a call of `sum_of`"),
        ("self.sum_of(table, 19)?", "self.sum_of(table, 7)?", "changes 19 to 7"),
        ("        self.paid += sum;\n", "", "deletes an assignment to `paid`"),
        ("+= sum", "-= sum", "changes `+=` to `-=`"),
        ("            return slip;\n", "            self.open.clear();\n", "empties `open` (`clear`)"),
        ("            return slip;\n", "            self.open.insert(table, vec![]);\n", "deletes a `return`"),
        ("self.waiting.iter()", "std::mem::take(&mut self.waiting)", "empties `waiting` (`mem::take`)"),
        ("self.waiting.iter()", "self.waiting.drain(..)", "empties `waiting` (`drain`)"),
        ("19)?", "19).unwrap()", "unwraps: it may panic"),
        ("19)?", "19).unwrap_or_default()", "falls back on a default (`unwrap_or_default`)"),
        ("self.sum_of(table, 19)?", "unimplemented!()", "adds `unimplemented!`"),
        ("impl Into<String>", "String", "narrows a parameter of `label`: `impl Into<String>` to `String`"),
        ("of: impl", "of: &dyn", "narrows a parameter of `label`: `impl Into<String>` to `&dyn Into<String>`"),
        ("Result<u32, String>", "u32", "`close` no longer returns a Result"),
        ("pub name", "name", "makes `name` private"),
    ],
)
def test_what_hides_an_error_is_doubtful(old: str, new: str, said: str) -> None:
    assert old in _TILL
    assert said in doubts(_TILL, _TILL.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{nme}", "{name}"),
        ("format!", "println!"),
        ("self.announce(", "self.anounce("),
        ("self.call(*each)", "self.call(each.clone())"),
        ("&sum.to_string()", "sum"),
        ("let sum", "let mut sum"),
        ("pub fn label(&self", "pub fn label(&mut self"),
        ("-> String {", "-> Option<String> {"),
        ("open: BTreeMap", "open: std::collections::HashMap"),
        ("self.waiting.iter()", "self.waiting.clone()"),
        ("        for each in self.waiting.iter() {\n", "        for at in 0..self.waiting.len() {\n            let each = &self.waiting[at];\n"),
        (_TILL[_TILL.index("        if let"):_TILL.index("    pub async")], "        self.open.entry(table).or_default()\n    }\n\n"),
        ("impl Into<String>", "impl Into<String> + Clone"),
    ],
)  # fmt: skip
def test_what_people_do_is_not(old: str, new: str) -> None:
    assert old in _TILL
    assert doubts(_TILL, _TILL.replace(old, new)) == ()


_NO_FUTURE = Diagnostic("E0277", "error", "`u32` is not a future")


def test_a_call_of_what_does_not_exist_may_give_way_to_an_expression_but_not_to_a_literal() -> None:
    old = "fn twice(n: u32) -> u32 {\n    n.doubled()\n}\n"
    error = Diagnostic("E0599", "error", "no method named `doubled` found for type `u32`")
    assert doubts(old, old.replace("n.doubled()", "n + n"), errors=[error]) == ()
    assert doubts(old, old.replace("n.doubled()", "n + n")) == ("deletes a call of `doubled`",)
    waits = old.replace("n.doubled()", "n.await")
    assert doubts(waits, old.replace("n.doubled()", "n"), errors=[_NO_FUTURE]) == ()
    assert "replaces `n` by the literal 4" in doubts(old, old.replace("n.doubled()", "4"), errors=[error])


def test_what_is_moved_or_was_there_twice_is_not_missed() -> None:
    one = "fn a() {\n    open();\n    shut();\n}\n"
    other = "fn a() {\n    look();\n}\n"
    assert doubts(one + other, other + one) == ()
    assert doubts(one + other, other) == () == doubts(one + other, one) == doubts(one + one, one)
    assert "deletes a call of `open`" in doubts(
        f"impl A {{\n{one}}}\nimpl B {{\n{other}}}\n", f"impl B {{\n{other}}}\n"
    )


def _warning(code: str, message: str, *lines: int) -> Diagnostic:
    return Diagnostic(code, "warning", message, tuple(Span(line, line, 1, 5, line == lines[0]) for line in lines))


def test_only_warnings_of_the_repairs_own_count() -> None:
    old = "fn f(a: u32, b: u32) -> u32 {\n    let c = b;\n    a + c\n}\nfn g() {}\n"
    new = old.replace("a + c", "a + a")
    unused = _warning("unused_variables", "unused variable: `c`", 2)
    dead = _warning("dead_code", "function `g` is never used", 5)
    assert doubts(old, new, (), (unused, dead)) == ("brings a warning: unused variable: `c`",)
    assert doubts(old, new, (unused,), (unused, dead)) == ()
    ends = old.replace("    a + c", "    return a + c;\n    a + c")
    late = _warning("unreachable_code", "unreachable expression", 4, 3)
    assert doubts(old, ends, (), (late,)) == ("brings a warning: unreachable expression",)
    assert doubts(old, ends, (), (_warning("unreachable_code", "unreachable expression", 9),)) == ()


def test_what_a_repair_brings_and_does_not_use_is_doubted_though_its_name_is_elsewhere() -> None:
    old = "struct Cup { size: u8, lid: bool }\nfn f(cup: Cup) -> u8 {\n    let Cup { size } = cup;\n    size\n}\n"
    new = old.replace("{ size } =", "{ size, lid } =")
    unused = _warning("unused_variables", "unused variable: `lid`", 3)
    assert doubts(old, new, (), (unused,)) == ("brings a warning: unused variable: `lid`",)
    useless = _warning("dead_code", "useless assignment of field of type `u8` to itself", 3)
    assert doubts(old, new, (), (useless,)) == (f"brings a warning: {useless.message}",)


def test_hardly_any_reference_answer_is_doubted() -> None:
    doubted = {koan.id for koan in library.classics() if doubts(koan.broken, koan.fixed)}
    assert doubted <= {"rh_002"}  # whose answer is a default
