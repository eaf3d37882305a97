"""The file that is built: its tests run once each, in order, and only the exact protocol is a pass."""

from __future__ import annotations

import pytest

from sleepy.sandbox import harness, suite
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.suite import NoTestsError
from sleepy.sandbox.verdict import Case, Outcome, Verdict

_HALVE = """
pub fn halve(n: u32) -> Result<u32, String> {
    if n % 2 == 1 {
        return Err(format!("{n} is odd"));
    }
    Ok(n / 2)
}

fn private(n: u32) -> u32 {
    n + 1
}
"""


def _judged(sandbox: Sandbox, tests: str, program: str = _HALVE) -> Verdict:
    return sandbox.judge(program, tests, original=program)


def test_a_failing_test_is_named_beside_the_passing_ones(sandbox: Sandbox) -> None:
    verdict = _judged(
        sandbox,
        "#[cfg(test)]\nmod tests {\n    use super::*;\n"
        "    #[test]\n    fn halves() {\n        assert_eq!(halve(4), Ok(2));\n    }\n"
        "    #[test]\n    fn doubts() {\n        assert_eq!(halve(4), Ok(3));\n    }\n"
        "    #[test]\n    fn sees_private_items() {\n        assert_eq!(private(1), 2);\n    }\n}\n",
    )
    assert verdict.outcome is Outcome.FAIL
    assert verdict.tests == (("halves", True), ("doubts", False), ("sees_private_items", True))


def test_a_test_that_should_panic_passes_by_panicking_only(sandbox: Sandbox) -> None:
    verdict = _judged(
        sandbox,
        "mod tests {\n    use super::*;\n"
        "    #[test]\n    #[should_panic]\n    fn panics() { halve(3).unwrap(); }\n"
        '    #[test]\n    #[should_panic(expected = "odd")]\n    fn panics_with_words() { halve(3).unwrap(); }\n'
        "    #[should_panic]\n    #[test]\n    fn panics_in_other_words() { halve(3).unwrap(); }\n"
        '    #[test]\n    #[should_panic(expected = "even")]\n    fn panics_for_another_reason() { halve(3).unwrap(); }\n'
        "    #[test]\n    #[should_panic]\n    fn does_not() { halve(4).unwrap(); }\n}\n",
    )
    assert verdict.tests == (
        ("panics", True),
        ("panics_with_words", True),
        ("panics_in_other_words", True),
        ("panics_for_another_reason", False),
        ("does_not", False),
    )
    assert verdict.outcome is Outcome.FAIL


def test_a_test_may_return_a_result(sandbox: Sandbox) -> None:
    verdict = _judged(
        sandbox,
        "mod tests {\n    use super::*;\n"
        "    #[test]\n    fn fine() -> Result<(), String> { halve(8)?; Ok(()) }\n"
        "    #[test]\n    fn not_fine() -> Result<(), String> { halve(9)?; Ok(()) }\n}\n",
    )
    assert verdict.tests == (("fine", True), ("not_fine", False))


def test_an_ignored_test_is_not_run(sandbox: Sandbox) -> None:
    verdict = _judged(
        sandbox,
        "mod tests {\n"
        "    #[test]\n    fn one() {}\n"
        "    #[test]\n    #[ignore]\n    fn never() { panic!() }\n"
        '    #[ignore = "slow"]\n    #[test]\n    fn never_either() { panic!() }\n'
        "    #[test]\n    // a comment\n    fn two() {}\n}\n",
    )
    assert verdict.outcome is Outcome.PASS
    assert verdict.tests == (("one", True), ("two", True))


def test_a_program_with_a_main_of_its_own_is_tested_without_running_it(sandbox: Sandbox) -> None:
    program = "fn main() {\n    std::process::exit(0);\n}\n" + _HALVE
    tests = "mod tests { use super::*; #[test] fn halves() { assert_eq!(halve(4), Ok(3)); } }"
    assert _judged(sandbox, tests, program).tests == (("halves", False),)


def test_a_test_that_calls_main_calls_the_programs(sandbox: Sandbox) -> None:
    """It called ours once, which ran the tests again, without end."""
    program = "pub fn main() {\n    assert_eq!(halve(4), Ok(1));\n}\n" + _HALVE
    tests = (
        "mod tests { use super::*; #[test] fn runs() { main(); } #[test] fn halves() { assert_eq!(halve(4), Ok(2)); } }"
    )
    assert _judged(sandbox, tests, program).tests == (("runs", False), ("halves", True))
    assert _judged(sandbox, tests, program.replace("Ok(1)", "Ok(2)")).outcome is Outcome.PASS
    assert _judged(sandbox, tests).tests == (("runs", False), ("halves", True))


@pytest.mark.parametrize(
    "body",
    [
        "std::process::exit(0)",
        'print!("0 ok\\n1 ok\\ndone 2"); std::process::exit(0)',
        'println!("test result: ok. 1 passed; 0 failed"); std::process::exit(0)',
        "std::panic::set_hook(Box::new(|_| std::process::exit(0))); n - n - 1",
        "std::thread::spawn(|| std::process::exit(0)).join().unwrap(); n",
    ],
)
def test_ending_early_is_not_passing(sandbox: Sandbox, body: str) -> None:
    program = f"#[allow(unreachable_code)]\npub fn same(n: u32) -> u32 {{ {body} }}\n"
    tests = "mod tests { use super::*; #[test] fn first() { assert_eq!(same(1), 1); } #[test] fn second() {} }"
    assert _judged(sandbox, tests, program).outcome is Outcome.FAIL


def test_output_of_the_program_is_not_the_protocols(sandbox: Sandbox) -> None:
    program = 'pub fn same(n: u32) -> u32 { print!("{n}"); println!("0 failed"); eprint!("x"); n }\n'
    tests = "mod tests { use super::*; #[test] fn first() { assert_eq!(same(1), 1); } }"
    assert _judged(sandbox, tests, program).outcome is Outcome.PASS


def test_a_trait_of_the_programs_does_not_hear_the_nonce(sandbox: Sandbox) -> None:
    """Passed once: by-value methods of a trait in scope come before std's by-reference ones."""
    program = (
        "pub trait T { fn trim(self) -> String; }\n"
        "impl T for String { fn trim(self) -> String { let n = self.as_str().trim_end();\n"
        '    println!("\\n{n} 0 ok\\n{n} done 1"); String::from("nobody") } }\n'
        "pub fn same(n: u32) -> u32 { n + 1 }\n"
    )
    tests = "mod tests { use super::*; #[test] fn first() { assert_eq!(same(1), 1); } }"
    assert _judged(sandbox, tests, program).tests == (("first", False),)


def test_tests_that_do_not_compile_against_the_program_are_a_mismatch(sandbox: Sandbox) -> None:
    tests = "mod tests { use super::*; #[test] fn first() { assert_eq!(halve(1, 2), 1); } }"
    assert _judged(sandbox, tests).outcome is Outcome.API_MISMATCH
    assert _judged(sandbox, tests, _HALVE + 'fn broken() -> u32 { "" }\n').outcome is Outcome.COMPILE_ERROR


def test_a_test_file_without_tests_is_our_fault(sandbox: Sandbox) -> None:
    for tests in ("fn f() {}", "mod tests {}", "#[test]"):
        verdict = sandbox.judge(_HALVE, tests)
        assert verdict.outcome is Outcome.INFRA_ERROR
        assert not verdict.is_label
        assert "#[test]" in verdict.detail
        with pytest.raises(NoTestsError):
            suite.parse(tests)


def test_a_judged_program_without_tests_is_only_checked(sandbox: Sandbox) -> None:
    assert sandbox.judge(_HALVE, " \n").outcome is Outcome.PASS
    assert sandbox.judge("fn f() -> u8 { }", "").outcome is Outcome.COMPILE_ERROR


def test_many_verdicts_come_in_the_cases_order(sandbox: Sandbox) -> None:
    tests = "mod tests { use super::*; #[test] fn first() { assert_eq!(same(1), 1); } }"
    bodies = ["n", "n + 1", "missing", "unsafe { n }", "n"]
    cases = [Case(f"pub fn same(n: u32) -> u32 {{ {body} }}", tests) for body in bodies]
    assert [verdict.outcome.value for verdict in sandbox.judge_many(cases)] == [
        "PASS", "FAIL", "COMPILE_ERROR", "REJECTED", "PASS",
    ]  # fmt: skip


_SUITE = suite.parse("mod tests { #[test] fn a() {} #[test] fn b() {} }")


def test_the_complete_protocol_gives_the_tests_and_their_results() -> None:
    assert harness.results(b"noise\nN 0 ok\nmore\nN 1 failed\n\nN done 2\n", "N", _SUITE) == (("a", True), ("b", False))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"N 0 ok\nN 1 ok\n",
        b"N 0 ok\nN done 2\n",
        b"N 1 ok\nN 0 ok\nN done 2\n",
        b"N 0 ok\nN 1 ok\nN done 1\n",
        b"N 0 ok\nN 0 ok\nN 1 ok\nN done 2\n",
        b"N 0 ok\nN 1 fine\nN done 2\n",
        b"N 0 ok\nN 1 ok \nN done 2\n",
        b"0 ok\n1 ok\ndone 2\n",
        b"M 0 ok\nM 1 ok\nM done 2\n",
        b"N 0 ok\nN 1 ok\nN done 2\nN done 2\n",
    ],
)
def test_anything_else_is_no_result(said: bytes) -> None:
    assert harness.results(said, "N", _SUITE) is None


_PASSED = (("a", True), ("b", True))


def test_the_second_time_is_the_last_test_first() -> None:
    said = b"N 0 ok\nN 1 ok\nN done 2\n"
    assert harness.lost(said, "N", _PASSED, _SUITE) is None
    said += b"N call 0 7\nN again\nN again 1 ok\nnoise\nN again 0 ok\nN again done 2\n"
    assert harness.lost(said, "N", _PASSED, _SUITE) == ""
    assert harness.results(said, "N", _SUITE) == _PASSED
    named = b"N again\nN again 0 ok tests::b\nN again 1 ok tests::a\nN again done 2\n"
    assert harness.lost(named, "N", _PASSED, suite.embedded("#[test]\nfn a() {}\n")) == ""


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        (b"N again\n", "b"),
        (b"N again\nN again 1 failed\nN again 0 ok\nN again done 2\n", "b"),
        (b"N again\nN again 0 ok\nN again 1 ok\nN again done 2\n", "b"),
        (b"N again\nN again 1 ok\n", "a"),
        (b"N again\nN again 1 ok\nN again 0 ok\n", "a"),
        (b"N again\nN again 1 ok\nN again 0 ok\nN again done 1\n", "a"),
        (b"N again\nN again 1 ok\nM again 0 ok\nN again done 2\n", "a"),
    ],
)
def test_a_second_time_that_is_not_complete_is_lost(said: bytes, lost: str) -> None:
    assert harness.lost(said, "N", _PASSED, _SUITE) == lost
