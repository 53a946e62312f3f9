"""How words are said: the dictionary, numbers, letters, and names by rule."""

import pytest

from speech.letters import sound_out
from speech.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Hello,", "HH AH L OW"),
        ("it’s", "IH T S"),
        ("8", "EY T"),
        ("$45", "F AO R T IY F AY V D AA L ER Z"),
        ("10:30", "T EH N TH ER D IY"),
        ("500", "F AY V HH AH N D R AH D"),
        ("1999", "N AY N T IY N N AY N T IY N AY N"),
        ("1999", "W AH N N AY N N AY N N AY N"),  # an order's number, digit by digit
        ("007", "Z IH R OW Z IH R OW S EH V AH N"),
        ("a.m.", "EY EH M"),
        ("Toyota-branded", "T OW Y OW T AH B R AE N D IH D"),
        ("the", "DH IY"),
        ("read", "R EH D"),
    ],
)
def test_ways_of_saying_a_word(word: str, expected: str) -> None:
    assert expected.split() in [list(way) for way in load_lexicon().ways(word)]


@pytest.mark.parametrize("word", ["", "...", "—", "'", "!"])
def test_marks_have_no_sound(word: str) -> None:
    assert load_lexicon().ways(word) == ()


def test_a_long_number_has_few_ways() -> None:
    assert 1 <= len(load_lexicon().ways("4111-1111-1111-1111")) <= 6


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("parley", "P AA R L IY"),
        ("knightley", "N AY T L IY"),
        ("zendesk", "Z EH N D EH S K"),
        ("lakeshore", "L AE K EH SH AO R"),  # rules do not see 'lake' in the middle
        ("pines", "P AY N Z"),
        ("grace", "G R EY S"),
        ("fjord", "F Y AO R D"),
        ("schmidt", "SH M IH D T"),
        ("x7", "Z"),
        ("", ""),
    ],
)
def test_sound_out(name: str, expected: str) -> None:
    assert " ".join(sound_out(name)) == expected
