"""Talk-over, interruptions and dead air on spans made by hand; near misses beside each."""

import pytest

from core.spans import TimeSpan
from speech.floor import dead_air, interruptions, stretches, talk_over

Pairs = list[tuple[float, float]]


def spans(*pairs: tuple[float, float]) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(*pair) for pair in pairs)


@pytest.mark.parametrize(
    ("own", "other", "taken"),
    [
        ([(3, 8)], [(0, 4)], [(3, 4)]),  # comes in, both go on, the other stops
        ([(3.6, 8)], [(0, 4)], []),  # 0.4 s: an ordinary change of turn
        ([(3.5, 8)], [(0, 4)], [(3.5, 4)]),  # 0.5 s is enough
        ([(1, 2)], [(0, 4)], []),  # a sign of listening inside the other's sentence
        ([(3, 4.5)], [(0, 4)], []),  # it stops half a second later: it took nothing
        ([(4, 8)], [(0, 4)], []),  # waits its turn
        ([(0, 8)], [(1, 4)], []),  # it was speaking first
        ([(2, 6), (9, 12)], [(0, 3), (8, 10)], [(2, 3), (9, 10)]),
        ([(2.5, 2.8), (3.1, 8)], [(0, 2.2), (2.6, 3.5)], [(2.5, 3.5)]),  # breath bridged
        ([], [(0, 4)], []),
    ],
)
def test_who_takes_the_word_from_whom(own: Pairs, other: Pairs, taken: Pairs) -> None:
    assert interruptions(spans(*own), spans(*other)) == spans(*taken)


@pytest.mark.parametrize(
    ("spoken", "excluded", "gaps"),
    [
        ([(0, 5), (9, 20)], [], [(5, 9)]),
        ([(0, 5), (8, 20)], [], []),  # 3 s sharp is not over 3 s
        ([(0, 5), (8.01, 20)], [], [(5, 8.01)]),
        ([(4, 20)], [], [(0, 4)]),  # before anybody speaks
        ([(0, 10)], [], [(10, 20)]),  # after everybody has spoken
        ([(0, 5), (15, 20)], [(5, 15)], []),  # a hold
        ([(0, 5), (15, 20)], [(4, 12)], []),  # what the hold leaves is 3 s
        ([(0, 5), (16, 20)], [(4, 12)], [(12, 16)]),
        ([(0, 5), (18, 20)], [(8, 10)], [(10, 18)]),  # 3 s before it, 8 s after it
        ([], [], [(0, 20)]),
        ([], [(0, 20)], []),
    ],
)
def test_dead_air_is_a_gap_over_three_seconds(spoken: Pairs, excluded: Pairs, gaps: Pairs) -> None:
    assert dead_air([spans(*spoken)], 20.0, spans(*excluded)) == spans(*gaps)


def test_dead_air_needs_everybody_silent() -> None:
    assert dead_air([spans((0, 4)), spans((6, 9))], 12.0, ()) == ()
    assert dead_air([spans((0, 4)), spans((8, 9))], 12.0, ()) == spans((4, 8))


def test_talk_over_is_where_two_speak() -> None:
    assert talk_over([spans((0, 4), (6, 9)), spans((3, 7))]) == spans((3, 4), (6, 7))
    assert talk_over([spans((0, 4))]) == ()
    three = [spans((0, 4)), spans((1, 3)), spans((2, 5))]
    assert talk_over(three) == spans((1, 4))  # counted once where all three speak


def test_stretches_bridge_a_breath() -> None:
    assert stretches(spans((0, 1), (1.6, 2), (2.8, 3))) == spans((0, 2), (2.8, 3))
