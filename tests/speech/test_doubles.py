"""Words that stand on both channels are told; what both say of their own accord is not."""

from core.conversation import Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.doubles import doubled_share, note_of

SAID = (
    "hello this is northwind what can I help with today my chair arrived broken yesterday morning"
)
OTHER = "please send another one quickly because people come here for dinner tomorrow evening again"


def said(channel: int, words: str, *, start: float = 0.0) -> Segment:
    """A word every third of a second."""
    times = [TimeSpan(start + n / 3, start + n / 3 + 0.3) for n in range(len(words.split()))]
    spoken = tuple(Word(word, time) for word, time in zip(words.split(), times, strict=True))
    return Segment(channel, TimeSpan(times[0].start, times[-1].end), words, spoken)


def test_a_leak_is_seen_on_the_channel_it_leaked_into() -> None:
    leaked = [said(0, SAID), said(1, SAID, start=0.3), said(1, OTHER, start=20.0)]
    assert 0.4 < (doubled_share(leaked, 1) or 0) < 0.6
    assert doubled_share(leaked, 0) == 0.0
    (note,) = note_of(leaked, 2)
    assert "of channel 2 stand on the other as well" in note


def test_two_who_talk_by_turns_or_at_once_double_nothing() -> None:
    by_turns = [said(0, SAID), said(1, SAID, start=6.0)]  # repeated, but later
    at_once = [said(0, SAID), said(1, OTHER)]
    assert note_of(by_turns, 2) == note_of(at_once, 2) == ()


def test_short_words_and_few_words_say_nothing() -> None:
    signs = "yes okay yes mm no yes"
    assert note_of([said(0, signs), said(1, signs)], 2) == ()
    assert doubled_share([said(0, SAID), said(1, "hello this")], 1) is None


def test_one_channel_has_no_other() -> None:
    assert note_of([said(0, SAID)], 1) == ()
