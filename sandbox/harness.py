"""The file that is built beside a program: its hidden tests and a main that reports under a nonce.

Outside: the candidate is a crate of its own and the tests see its public items by name. Inside: the tests
stand in the candidate's own file, where they speak of private items. The nonce arrives on stdin
and is read before any line of the program runs, so the program cannot know it; a pass is the exact protocol and
exit code 0, never a text of libtest's. Our own lines name every function in full: a method call could be answered by
a trait of the program's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sleepy.sandbox import api
from sleepy.sandbox.api import Calls, Function
from sleepy.sandbox.suite import Suite

_PINS = "pub(crate) fn __sleepy_pins() {"
_NUMBER = re.compile(r"(-?\d+\.\d+(?:e-?\d+)?)")


@dataclass(frozen=True, slots=True)
class Part:
    """One program of a harness: its crate, the names and std's that the tests see, and what is asked of it."""

    crate: str
    names: tuple[str, ...]
    imports: tuple[str, ...]
    suite: Suite | None
    pins: tuple[Function, ...] = ()
    calls: tuple[Calls, ...] = ()

    @property
    def head(self) -> list[str]:
        """The `use` lines that tests start with."""
        own = [f"pub(crate) use {self.crate}::{{{', '.join(self.names)}}};"] if self.names else []
        return [*own, *(f"use {path};" for path in self.imports)]


@dataclass(frozen=True, slots=True)
class Harness:
    """A file to build. `places[i]` are the lines that belong to program i, `pins` those of the first one's pins."""

    source: str
    places: tuple[tuple[int, int], ...]
    pins: tuple[int, int] = (0, 0)


def outside(parts: Sequence[Part], runtime: str) -> Harness:
    """Tests of programs that are crates of their own, one module each; `runtime` is the runtime's crate name."""
    lines: list[str] = []
    places = []
    for i, part in enumerate(parts):
        first = len(lines) + 1
        lines.append(f"mod k{i} {{")
        lines += [*part.head, _PINS, *(f"let _: {pin.type} = {pin.name};" for pin in part.pins), "}"]
        if part.suite is not None:
            lines += part.suite.within(f"crate::k{i}").split("\n")
        lines.append("}")
        places.append((first, len(lines)))
    arms = []
    for i, part in enumerate(parts):
        asked = [*_tests(part.suite, f"k{i}::", runtime), *_calls(part.calls, f"k{i}::")]
        arms += [f"{i} => {{", *asked, *_again(part.suite, f"k{i}::", runtime), "}"]
    main = [
        "fn main() {",
        f"let ::std::option::Option::Some((report, which, calls)) = {runtime}::open() else {{ ::std::panic!() }};",
        "match which {",
        *arms,
        "_ => {}",
        "}",
        "}",
    ]
    pinned = lines.index(_PINS) + 2
    return Harness("\n".join([*lines, *main]) + "\n", tuple(places), (pinned, pinned + len(parts[0].pins) - 1))


def inside(source: str, suite: Suite, runtime: str, pins: Sequence[Function] = ()) -> Harness:
    """The program with its tests in one file. Its main, if it has one, is under another name."""
    program, again, place = source.rstrip("\n") + "\n", "::std::panic!();", api.main(source)
    if place is not None:
        data = program.encode()
        program = (data[: place[0]] + b"__sleepy_program_main" + data[place[1] :]).decode()
        again = "let _ = __sleepy_program_main();"
    main = [
        f"extern crate {runtime};",  # what edition 2015 needs
        suite.within(),
        _pinned(pins),
        "fn main() {",
        f"let ::std::option::Option::Some((report, _, _)) = {runtime}::open() else {{",
        f"{again} // called by a test: the program's own is meant",
        "return;",
        "};",
        *_tests(suite, "", runtime),
        *_again(suite, "", runtime),
        "}",
    ]
    return Harness(program + "\n".join(main) + "\n", ((1, program.count("\n")),))


def native(
    head: str, suite: Suite, runtime: str, pins: Sequence[Function] = (), calls: Sequence[Calls] = ()
) -> Harness:
    """Tests that only the compiler can name, found by its own test framework and run by ours.

    `head` is what they see: the imports of a crate, or the program itself, whose lines come first and unmoved.
    """
    features = "#![feature(custom_test_frameworks, test)] #![test_runner(crate::__sleepy_runner)] "
    asked = "\n".join(_calls(calls, "crate::"))
    runner = f"""
extern crate test;
extern crate {runtime};
fn __sleepy_runner(tests: &[&test::TestDescAndFn]) {{
    let ::std::option::Option::Some((report, _, calls)) = {runtime}::open() else {{ ::std::panic!() }};
    __sleepy_run(&report, ::std::iter::IntoIterator::into_iter(tests));
    {asked}
    if {runtime}::Report::again(&report) {{
        __sleepy_run(&report, ::std::iter::Iterator::rev(::std::iter::IntoIterator::into_iter(tests)));
    }}
}}
fn __sleepy_run<'a>(
    report: &{runtime}::Report,
    tests: impl ::std::iter::Iterator<Item = &'a &'a test::TestDescAndFn>,
) {{
    let mut count = 0;
    for item in tests {{
        let test::TestFn::StaticTestFn(run) = item.testfn else {{ continue }};
        if item.desc.ignore {{
            continue;
        }}
        let panics = match item.desc.should_panic {{
            test::ShouldPanic::No => ::std::option::Option::None,
            test::ShouldPanic::Yes => ::std::option::Option::Some(""),
            test::ShouldPanic::YesWithMessage(words) => ::std::option::Option::Some(words),
        }};
        let name = ::std::string::ToString::to_string(&item.desc.name);
        {runtime}::Report::named(report, count, &name, || ::std::result::Result::is_ok(&run()), panics);
        count += 1;
    }}
    {runtime}::Report::done(report, count);
}}
"""
    program = head.rstrip("\n") + "\n"
    return Harness(features + program + suite.text + runner + _pinned(pins), ((1, program.count("\n")),))


def _pinned(pins: Sequence[Function]) -> str:
    """A line that does not compile where a function has another type."""
    return f"fn __sleepy_pins() {{ {' '.join(f'let _: {pin.type} = {pin.name};' for pin in pins)} }}"


def _tests(suite: Suite | None, root: str, runtime: str, step: int = 1) -> list[str]:
    if suite is None:
        return []
    lines = []
    for i, test in list(enumerate(suite.tests))[::step]:
        panics = f"::std::option::Option::Some({test.panics})" if test.panics else "::std::option::Option::None"
        call = f"|| {runtime}::settled({root}{test.path}())"
        lines.append(f"{runtime}::Report::test(&report, {i}, {call}, {panics});")
    return [*lines, f"{runtime}::Report::done(&report, {len(suite.tests)});"]


def _again(suite: Suite | None, root: str, runtime: str) -> list[str]:
    """The tests once more, the last one first, behind all that was asked for."""
    if suite is None or not suite.tests:
        return []
    return [f"if {runtime}::Report::again(&report) {{", *_tests(suite, root, runtime, -1), "}"]


def _calls(found: Sequence[Calls], root: str) -> list[str]:
    """Every call twice over: what a call leaves behind must not show in the next."""
    lines, number = [], 0
    for _ in range(2):
        for item in found:
            names = [f"a{i}" for i in range(len(item.function.parameters))]
            rows = ", ".join(f"({', '.join(row)},)" for row in item.arguments)
            lines += [
                f"for (at, ({', '.join(names)},)) in ::std::iter::Iterator::enumerate("
                f"::std::iter::IntoIterator::into_iter([{rows}])) {{",
                f"report.call({number} + at, move || {root}{item.function.name}({', '.join(names)}));",
                "}",
            ]
            number += len(item.arguments)
    return ["if calls {", *lines, "}"] if lines else []


# what comes back


def results(stdout: bytes, nonce: str, suite: Suite) -> tuple[tuple[str, bool], ...] | None:
    """(test, passed) pairs when the protocol is complete to the letter; None when it is not."""
    lines = [line for line in _said(stdout, nonce) if line.split(" ")[0] not in ("call", "again")]
    if suite.native:
        return _named(lines)
    expected = len(suite.tests)
    if len(lines) != expected + 1 or lines[-1] != f"done {expected}":
        return None
    out = []
    for i, (test, line) in enumerate(zip(suite.tests, lines, strict=False)):
        if line not in (f"{i} ok", f"{i} failed"):
            return None
        out.append((test.name, line.endswith("ok")))
    return tuple(out)


def _named(lines: Sequence[str]) -> tuple[tuple[str, bool], ...] | None:
    """The results of tests that bring their own names; none at all is no result."""
    found = [re.fullmatch(r"(\d+) (ok|failed) (\S+)", line) for line in lines[:-1]]
    if not found or lines[-1] != f"done {len(found)}":
        return None
    out = []
    for i, match in enumerate(found):
        if match is None or match[1] != str(i):
            return None
        out.append((match[3].split("::", 1)[-1], match[2] == "ok"))
    return tuple(out)


def lost(stdout: bytes, nonce: str, first: Sequence[tuple[str, bool]], suite: Suite) -> str | None:
    """The first test that did not pass when all were run again, "" when all did; None when they were not run again.

    `first` are the results of the first time. A test without a word ended the process.
    """
    said = [line for line in _said(stdout, nonce) if line.split(" ")[0] == "again"]
    if not said:
        return None
    for i, (name, _) in enumerate(reversed(first)):
        number = i if suite.native else len(first) - 1 - i
        words = said[i + 1].split(" ") if i + 1 < len(said) else []
        named = [word.split("::", 1)[-1] for word in words[3:]]
        if words[:3] != ["again", str(number), "ok"] or named != ([name] if suite.native else []):
            return name
    return "" if said[len(first) + 1 :] == [f"again done {len(first)}"] else first[0][0]


def returned(stdout: bytes, nonce: str, count: int) -> list[str] | None:
    """What `count` calls returned, in order, "" for a panic; None when one is missing or reported twice."""
    lines = [line for line in _said(stdout, nonce) if line.startswith("call ")]
    out = []
    for i, line in enumerate(lines):
        head = f"call {i}"
        if line != head and not line.startswith(head + " "):
            return None
        out.append(line[len(head) + 1 :])
    return out if len(out) == count else None


def _said(stdout: bytes, nonce: str) -> list[str]:
    """The lines under the nonce, without it."""
    lines = stdout.decode(errors="replace").split("\n")
    return [line[len(nonce) + 1 :] for line in lines if line.startswith(nonce + " ")]


def difference(calls: Sequence[Calls], expected: Sequence[str], found: Sequence[str] | None) -> str:
    """Where a candidate's calls return something else than the reference's; "" where they agree."""
    if not expected:
        return ""
    if found is None:
        return "a call did not report"
    asked = [(item.function.name, row) for item in calls for row in item.arguments]
    for i, value in enumerate(found):
        right = expected[i % len(expected)]
        if right and not alike(value, right):
            name, row = asked[i % len(asked)]
            return f"{name}({', '.join(row)}) returns something else than the reference"
    return ""


def compared(calls: Sequence[Calls], expected: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """The functions whose results were compared, each with the number of its calls; a reference's panic is no result."""
    found, at = [], 0
    for item in calls:
        count = sum(bool(right) for right in expected[at : at + len(item.arguments)])
        at += len(item.arguments)
        found += [(item.function.name, count)] if count else []
    return tuple(found)


def alike(value: str, expected: str) -> bool:
    """Whether two results are the same for a caller: an error is an error in any words, and floats may round."""
    if value.startswith("Err(") and expected.startswith("Err("):
        return True
    if value == expected or '"' in value + expected:
        return value == expected
    words, others = _NUMBER.split(value), _NUMBER.split(expected)
    return len(words) == len(others) and all(
        one == other or (i % 2 == 1 and math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12))
        for i, (one, other) in enumerate(zip(words, others, strict=True))
    )


def first_panic(stderr: bytes) -> str:
    """The first panic's words, for a person to read; its place is in a harness nobody sees."""
    lines = stderr.decode(errors="replace").split("\n")
    at = next((i for i, line in enumerate(lines) if "panicked at" in line), None)
    return "" if at is None else " ".join(line.strip() for line in lines[at + 1 : at + 4])[:300]
