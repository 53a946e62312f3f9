"""Numbers that come in blocks stand in one row, whatever the blocks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from speech.series import Series


@given(st.lists(st.lists(st.floats(-1e6, 1e6, width=32), max_size=9), max_size=9))
def test_a_series_holds_what_was_added_in_order(blocks: list[list[float]]) -> None:
    series = Series()
    for block in blocks:
        series.add(np.array(block, dtype=np.float32))
    expected = np.array([number for block in blocks for number in block], dtype=np.float32)
    np.testing.assert_array_equal(series.numbers, expected)
    assert series.numbers.dtype == np.float32


def test_what_a_series_shows_is_no_copy() -> None:
    series = Series()
    series.add(np.arange(1000, dtype=np.float32)[::2])  # not in one piece
    shown = series.numbers
    assert np.shares_memory(shown, series.numbers)
    assert shown[-1] == 998
