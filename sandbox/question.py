"""What a case asks of its program: whose tests, which calls, and whether the tests may be run twice.

Nothing here depends on the candidate but where it says so: a candidate must not choose what it is asked.

The tests are run a second time in the same process, the last first, since an answer that is right for its first
calls only is then found out without a right answer to compare it with. It is compared with its own first time. A task
may mean such state (a counter that hands out numbers, a lock that a panic poisons), and then a right answer fails the
second time: where a reference is known, it is asked before anything is held against an answer; where none is,
tests or a broken original with state of their own are run once.
"""

from __future__ import annotations

import hashlib

from sleepy.sandbox import api, suite, tree
from sleepy.sandbox.api import Calls, Function
from sleepy.sandbox.edit_policy import test_items
from sleepy.sandbox.lexer import lex
from sleepy.sandbox.suite import NO_SUITE, NoTestsError, Suite
from sleepy.sandbox.verdict import Case

_STATE = frozenset(["static", "thread_local", "lazy_static"])
_STRINGS = ("string_literal", "raw_string_literal")


def is_safe(case: Case) -> bool:
    """Whether unsafe code is forbidden: always, but where the right answer itself needs it."""
    return "unsafe" not in lex(case.reference or "")


def is_only_checked(case: Case) -> bool:
    """Whether a case only has to compile: it has no tests, not even in a program, and nothing to compare with."""
    return not case.tests.strip() and case.stdout is None and not test_holder(case) and not calls(case)


def test_holder(case: Case) -> str:
    """The program whose own tests count where the case has no others; "" where none does."""
    if case.tests.strip():
        return ""
    known = (case.reference, *((case.original, case.source) if case.own_tests else ()))
    return next((text for text in known if text is not None and _holds_tests(text)), "")


def suite_of(case: Case) -> Suite:
    """The tests that count. `NoTestsError` where the tests' text holds none; without any text there is none to run."""
    if case.tests.strip():
        return suite.parse(case.tests)
    holder = test_holder(case)
    return suite.embedded(holder) if holder else NO_SUITE


def changed_tests(case: Case) -> bool:
    """Whether tests that the candidate holds itself are not as they stood; those that were the mistake may change."""
    held = [text for text in (case.original, case.reference) if text is not None and _holds_tests(text)]
    if not test_holder(case) or not held:
        return False
    kept = set.intersection(*({_spelling(item) for item in test_items(text)} for text in held))
    return not kept <= {_spelling(item) for item in test_items(case.source)}


def pins(case: Case) -> list[Function]:
    """The functions whose type every answer must keep. Without an original the reference alone says which."""
    return api.pinned(case.original if case.original is not None else case.reference, case.reference)


def calls(case: Case) -> list[Calls]:
    """The calls in which the candidate is compared with the reference; none where it is the reference."""
    if case.reference is None or case.edition == "2015" or is_reference(case):
        return []
    return api.calls(pins(case), call_seed(case))


def is_reference(case: Case) -> bool:
    """Whether the candidate is the reference in another layout."""
    if case.reference is None:
        return False
    return lex(case.source) == lex(case.reference) and _spelling(case.source) == _spelling(case.reference)


def has_state(case: Case) -> bool:
    """Whether the tests or the broken original keep something between calls, so that a second time may differ."""
    tests = case.tests if case.tests.strip() else "\n".join(test_items(test_holder(case)))
    return any(_STATE & set(lex(text)) for text in (tests, case.original or ""))


def key(case: Case) -> str:
    """The key of a task: the same for every candidate."""
    return " ".join([case.edition, call_seed(case), _digest(case.tests, case.original)])


def call_seed(case: Case) -> str:
    """The seed of a task's calls: the same for every candidate, known to none of them."""
    return _digest(case.tests, case.reference)


def _digest(*texts: str | None) -> str:
    return hashlib.sha256("\x1e".join(text or "" for text in texts).encode()).hexdigest()


def _holds_tests(text: str) -> bool:
    if "test" not in text:
        return False
    try:
        suite.embedded(text)
    except NoTestsError:
        return False
    return True


def _spelling(text: str) -> tuple[str, ...]:
    """A text's tokens with what its strings say, which `lex` leaves out."""
    words, data = lex(text), text.encode()
    if not {'""', 'c""'} & set(words):
        return tuple(words)
    said = (tree.source_of(data, node) for node in tree.descendants(tree.parse(data)) if node.type in _STRINGS)
    return (*words, *(each.decode(errors="replace") for each in said))
