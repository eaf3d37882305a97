"""The R matrix's figures, on matrices worked by hand."""

from __future__ import annotations

import pytest

from sleepy.daemon.lab.experiment.sequential import transfer

# rows: before, after night 1, 2, 3; columns: patterns learnt in that order
RATES = [
    [0.1, 0.2, 0.0],
    [0.9, 0.3, 0.0],
    [0.8, 0.7, 0.2],
    [0.6, 0.7, 1.0],
]


def test_the_four_figures_are_those_of_the_papers() -> None:
    found = transfer(RATES)
    assert found.average == pytest.approx((0.6 + 0.7 + 1.0) / 3)
    assert found.backward == pytest.approx(((0.6 - 0.9) + (0.7 - 0.7)) / 2)
    assert found.forgetting == pytest.approx(((0.9 - 0.6) + (0.7 - 0.7)) / 2)
    assert found.forward == pytest.approx(((0.3 - 0.2) + (0.2 - 0.0)) / 2)


def test_one_pattern_has_nothing_to_forget() -> None:
    found = transfer([[0.0], [0.5]])
    assert (found.average, found.backward, found.forgetting, found.forward) == (0.5, 0.0, 0.0, 0.0)


def test_a_matrix_without_the_row_before_is_refused() -> None:
    with pytest.raises(ValueError, match="one row before"):
        transfer(RATES[1:])
