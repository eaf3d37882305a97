"""The file that is built and run: the program, its hidden tests, and a main that reports under a nonce.

The nonce arrives on stdin and is read before any line of the program runs, so the program cannot
know it; a pass is the exact protocol and exit code 0, never a text of libtest's. `-F unsafe_code`
keeps the program from searching memory for it. Our own lines name every function in full: a method
call could be answered by a trait of the program's. Tests are the functions marked `#[test]` in the
appended modules; they may use private items, return a Result, and carry #[should_panic].
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEST = re.compile(
    r"(?P<before>(?:#\[(?:ignore|should_panic)[^\]]*\]\s*)*)#\[test\]"
    r"(?P<after>(?:\s*(?://[^\n]*\n|#\[[^\]]*\]))*)\s*(?:pub\s+)?fn\s+(?P<name>\w+)",
    re.DOTALL,
)
_CFG = re.compile(r"#\[cfg\(test\)\]")
_MODULE = re.compile(r"^\s*(?:pub\s+)?mod\s+(\w+)\s*\{", re.MULTILINE)
_MAIN = re.compile(r"^(\s*(?:pub\s+)?(?:async\s+)?fn\s+)main(\s*\()", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Harness:
    """A program with its tests. `names` are the tests in the order they report."""

    source: str
    names: tuple[str, ...]
    program_lines: int  # the program's own lines come first


class NoTestsError(ValueError):
    """The tests text holds no `#[test]` function in a module."""


def assemble(source: str, tests: str) -> Harness:
    """The source to build. `NoTestsError` when the text has none: that is the koan's fault, never the model's."""
    module = _MODULE.search(tests)
    found = list(_TEST.finditer(tests))
    if module is None or not found:
        raise NoTestsError("the tests hold no `mod` with `#[test]` functions: write `mod tests { use super::*; ... }`")
    name = module.group(1)
    ran = [match for match in found if "#[ignore" not in _attributes(match)]
    body = _TEST.sub(lambda match: f"pub(crate) fn {match['name']}", _CFG.sub("", tests))
    calls = "\n".join(
        f"    __sleepy_one(&nonce, {i}, || __sleepy_settled({name}::{match['name']}()), "
        f"{str('should_panic' in _attributes(match)).lower()});"
        for i, match in enumerate(ran)
    )
    program, mains = _MAIN.subn(r"\1__sleepy_program_main\2", source)
    again = "let _ = __sleepy_program_main();" if mains else "::core::panic!();"
    main = f"""
fn __sleepy_settled<T: ::std::process::Termination>(value: T) -> bool {{
    ::std::process::Termination::report(value) == ::std::process::ExitCode::SUCCESS
}}
fn __sleepy_one(nonce: &str, number: usize, test: fn() -> bool, panics: bool) {{
    let ok = match ::std::panic::catch_unwind(test) {{
        ::core::result::Result::Ok(settled) => settled && !panics,
        ::core::result::Result::Err(_) => panics,
    }};
    ::std::println!("\\n{{}} {{}} {{}}", nonce, number, if ok {{ "ok" }} else {{ "failed" }});
}}
fn main() {{
    static RUNNING: ::std::sync::atomic::AtomicBool = ::std::sync::atomic::AtomicBool::new(false);
    if ::std::sync::atomic::AtomicBool::swap(&RUNNING, true, ::std::sync::atomic::Ordering::SeqCst) {{
        {again} // called by a test: the program's own is meant
        return;
    }}
    let mut nonce = ::std::string::String::new();
    let _ = ::std::io::Stdin::read_line(&::std::io::stdin(), &mut nonce);
    let nonce = ::std::string::String::from(::std::primitive::str::trim(&nonce));
{calls}
    ::std::println!("\\n{{}} done {len(ran)}", nonce);
}}
"""
    program = program.rstrip("\n") + "\n"
    return Harness(program + body + "\n" + main, tuple(match["name"] for match in ran), program.count("\n"))


def _attributes(test: re.Match[str]) -> str:
    """The attributes of a test function beside #[test]."""
    return f"{test['before']}{test['after']}"


def results(stdout: bytes, nonce: str, harness: Harness) -> tuple[tuple[str, bool], ...] | None:
    """(test, passed) pairs when the protocol is complete to the letter; None when it is not."""
    lines = [line for line in stdout.decode(errors="replace").split("\n") if line.startswith(nonce)]
    expected = len(harness.names)
    if len(lines) != expected + 1 or lines[-1] != f"{nonce} done {expected}":
        return None
    out = []
    for i, (name, line) in enumerate(zip(harness.names, lines, strict=False)):
        if line not in (f"{nonce} {i} ok", f"{nonce} {i} failed"):
            return None
        out.append((name, line.endswith("ok")))
    return tuple(out)
