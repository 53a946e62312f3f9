"""Signs become words, and words stay as they are."""

import pytest

from language.plain_words import plain_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my parcel is late", "my parcel is late"),
        ("my parcel is late :(", "my parcel is late sad"),
        ("thanks :)", "thanks smile"),
        ("at 10:30, gate 8)", "at 10:30, gate 8)"),  # no face
        ("#neverAgain @somebody", "never Again"),
        ("mail me at me@example.org", "mail me at me@example.org"),
        ("see https://example.org/x?y=1 please", "see please"),
        ("sooooo late", "soo late"),
        ("12000 pounds", "12000 pounds"),
        ("it&#39;s &amp; that\u2019s", "it's & that's"),
        ("love it \U0001f60d\U0001f60d", "love it smiling heart-shaped eyes"),
        ("\U0001f44d\U0001f3fd", "thumbs up"),
        ("caf\u00e9 cr\u00e8me", "caf\u00e9 cr\u00e8me"),
        ("  two\n lines ", "two lines"),
        ("", ""),
    ],
)
def test_signs_are_told_as_words(text: str, words: str) -> None:
    assert plain_words(text) == words
