"""Whole lines by number: what instruct models may answer in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleepy.daemon.model import numbered_lines
from sleepy.daemon.model.edits import EditError

SOURCE = "fn main() {\n    let a = 1;\n    drop(b);\n}\n"


def test_a_file_is_shown_with_its_lines_numbered() -> None:
    assert numbered_lines.shown(SOURCE) == "1| fn main() {\n2|     let a = 1;\n3|     drop(b);\n4| }"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("3|     drop(a);", SOURCE.replace("drop(b)", "drop(a)")),
        ("Here it is:\n```rust\n3|     drop(a);\n```\nLine 3| was wrong.", SOURCE.replace("drop(b)", "drop(a)")),
        ("0+| use a::b;\n0+| use c::d;\n2-|", "use a::b;\nuse c::d;\nfn main() {\n    drop(b);\n}\n"),
        ("2+|     let b = a;\n2|     let a = 2;", "fn main() {\n    let a = 2;\n    let b = a;\n    drop(b);\n}\n"),
        ("```\n    drop(b);\n```\nbecomes\n```rust\n3|     drop(a);\n```", SOURCE.replace("drop(b)", "drop(a)")),
        ("```rust\n3|     drop(a); // ```", SOURCE.replace("drop(b);", "drop(a); // ```")),
        ("```rust\n1| /// ```\n3|     drop(a);\n```\n", "/// ```\n    let a = 1;\n    drop(a);\n}\n"),
        (" 3|", "fn main() {\n    let a = 1;\n\n}\n"),
    ],
)
def test_changes_are_applied(answer: str, expected: str) -> None:
    assert numbered_lines.apply(SOURCE, answer) == expected


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("", "changes no line"),
        ("I would change line 3.", "changes no line"),
        ("9| x", "line 9 does not exist: the file has 4 lines"),
        ("0| x", "line 0 does not exist"),
        ("3| x\n3-|", "line 3 is changed twice"),
    ],
)
def test_what_cannot_be_applied_says_why(answer: str, why: str) -> None:
    with pytest.raises(EditError, match=why):
        numbered_lines.apply(SOURCE, answer)


_TEXT = st.lists(st.text("ab{} ;", max_size=6), min_size=1, max_size=8)


@given(_TEXT, _TEXT)
def test_the_answer_between_two_files_turns_one_into_the_other(one: list[str], other: list[str]) -> None:
    source, fixed = "\n".join([*one, "}"]) + "\n", "\n".join([*other, "}"]) + "\n"
    answer = numbered_lines.between(source, fixed)
    bare = "\n".join(line.rstrip() for line in fixed.split("\n"))
    if answer:
        found = numbered_lines.apply(source, answer)
        assert "\n".join(line.rstrip() for line in found.split("\n")) == bare
    else:
        assert source == fixed
