"""What is laid on a shelf is taken from it as it was, and needs less than half the memory there."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from core.conversation import Timing, Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.shelf import Shelf

SPANS = st.builds(
    lambda start, length: TimeSpan(start, start + length), st.floats(0, 9e3), st.floats(0, 9)
)
WORDS = st.builds(
    Word,
    text=st.text(min_size=1, max_size=9).filter(str.strip),
    span=SPANS,
    probability=st.none() | st.floats(0, 1),
    timing=st.sampled_from(Timing),
    heard=st.none() | st.text(max_size=9),
)
SEGMENTS = st.builds(
    Segment,
    channel=st.integers(0, 1),
    span=SPANS,
    text=st.text(max_size=20),
    words=st.lists(WORDS, max_size=4).map(tuple),
)


@given(st.lists(SEGMENTS, max_size=6))
def test_segments_come_back_in_order_and_only_once(segments: list[Segment]) -> None:
    shelf = Shelf()
    for each in segments:
        shelf.lay(each)
    assert list(shelf.taken()) == segments
    assert list(shelf.taken()) == []


def test_a_shelf_goes_on_after_it_was_emptied() -> None:
    shelf = Shelf()
    shelf.lay(_segment(1))
    list(shelf.taken())
    shelf.lay(_segment(2))
    assert list(shelf.taken()) == [_segment(2)]


def test_words_need_less_than_half_as_bytes() -> None:
    tracemalloc.start()
    segments = [_segment(number) for number in range(200)]
    as_objects, _ = tracemalloc.get_traced_memory()
    shelf = Shelf()
    for each in segments:
        shelf.lay(each)
    total, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total - as_objects < as_objects / 2


def _segment(number: int) -> Segment:
    """Twenty words that no other segment shares."""
    times = [TimeSpan(number * 5 + n / 4, number * 5 + n / 4 + 0.2) for n in range(20)]
    words = tuple(
        Word(f"w{number}x{n}", span, 1 / (n + 1.5), Timing.ALIGNED) for n, span in enumerate(times)
    )
    return Segment(0, TimeSpan(times[0].start, times[-1].end), "", words)
