"""Spans as people write them, and sets of spans as sets of seconds."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.spans import TimeSpan, joined, less, parse_spans, shared


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("12.5-18", [(12.5, 18.0)]),
        ("12.5-18,40-44.2", [(12.5, 18.0), (40.0, 44.2)]),
        (" 40 - 44.2 , 1-2 ", [(40.0, 44.2), (1.0, 2.0)]),
        ("1:02-1:10.5", [(62.0, 70.5)]),
        ("1:00:02-1:00:03", [(3602.0, 3603.0)]),
        ("0-0.01", [(0.0, 0.01)]),
        ("59–61", [(59.0, 61.0)]),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, spans: list[tuple[float, float]]) -> None:
    assert [(span.start, span.end) for span in parse_spans(text)] == spans


@pytest.mark.parametrize(
    "text",
    ["", ",", "1-2,", "5", "5-", "-5", "-5-2", "5-5", "6-5", "1-2-3", "a-b", "1e3-2e3", "nan-inf",
     "1,5-2,5", "1..2-3", "1:2:3:4-9:9:9:9", "٣-٥", "1-2;3-4", "12.5s-18s", "1-9999999"],
)  # fmt: skip
def test_what_is_no_span_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        parse_spans(text)


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: TimeSpan(p[0], p[0] + p[1])),
    max_size=8,
)


def ticks(spans: Iterable[TimeSpan]) -> set[int]:
    """The whole seconds that spans cover."""
    return {second for span in spans for second in range(int(span.start), int(span.end))}


@given(some=SPANS, others=SPANS)
def test_sets_of_spans_behave_as_sets_of_seconds(
    some: list[TimeSpan], others: list[TimeSpan]
) -> None:
    for made, wanted in (
        (joined(some), ticks(some)),
        (less(some, others), ticks(some) - ticks(others)),
        (shared(some, others), ticks(some) & ticks(others)),
    ):
        assert ticks(made) == wanted
        assert all(one.end <= other.start for one, other in pairwise(made))
        assert all(span.duration > 0 for span in made)
    assert all(one.end < other.start for one, other in pairwise(joined(some)))
