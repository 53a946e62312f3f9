"""Words to voices: nothing lost, nothing doubled, order kept, whatever the words and voices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation import Word
from core.errors import BadInput
from core.recording import Segment
from core.spans import TimeSpan
from speech.voices.attribution import attribute
from speech.voices.changes import changes_of_voice
from speech.voices.diarization import Voices, VoiceSpan
from speech.voices.mono import MonoSetup, mono_turns
from tests.speech.voices.build import voices

seconds = st.floats(0, 50, allow_nan=False)
lengths = st.floats(0, 5, allow_nan=False)
texts = st.sampled_from(["yes", "no.", "well,", "four", "2", "why?", "mm"])


@st.composite
def some_words(draw: st.DrawFn) -> list[Word]:
    starts = sorted(draw(st.lists(seconds, max_size=30)))
    return [Word(draw(texts), TimeSpan(start, start + draw(lengths))) for start in starts]


@st.composite
def some_spans(draw: st.DrawFn) -> tuple[VoiceSpan, ...]:
    starts = draw(st.lists(seconds, max_size=12))
    made = (VoiceSpan(TimeSpan(s, s + draw(lengths)), draw(st.integers(0, 3))) for s in starts)
    return tuple(sorted(made))


@given(some_words(), some_spans())
def test_every_word_gets_one_voice_that_exists(
    words: list[Word], spans: tuple[VoiceSpan, ...]
) -> None:
    found = attribute(words, spans)
    assert len(found) == len(words)
    assert set(found) <= ({each.voice for each in spans} or {0})


@given(some_words(), some_spans())
def test_turns_hold_every_word_once_and_each_voices_in_order(
    words: list[Word], spans: tuple[VoiceSpan, ...]
) -> None:
    segments = [Segment(0, word.span, word.text, (word,)) for word in words]
    found = Voices(spans, voices(4))
    turns, _ = mono_turns(segments, found, "made", MonoSetup(), language="en")
    spoken = [word for turn in turns if turn.speech for word in turn.speech.words]
    assert sorted(map(id, spoken)) == sorted(map(id, words))
    assert [turn.speech.span.start for turn in turns if turn.speech] == sorted(
        turn.speech.span.start for turn in turns if turn.speech
    )
    for turn in turns:
        assert turn.speech is not None
        assert turn.text == " ".join(word.text for word in turn.speech.words)
    labels = dict(zip(map(id, words), attribute(words, spans), strict=True))
    for turn in turns:
        assert turn.speech is not None
        assert {f"voice {labels[id(word)] + 1}" for word in turn.speech.words} == {
            turn.speech.speaker
        }


@given(some_words(), some_spans())
def test_a_word_inside_one_voice_alone_among_its_own_is_never_moved(
    words: list[Word], spans: tuple[VoiceSpan, ...]
) -> None:
    mine = tuple(VoiceSpan(each.span, 1) for each in spans)
    assert set(attribute(words, mine)) <= ({1} if mine else {0})


def said(*words: tuple[str, float, float]) -> list[Word]:
    return [Word(text, TimeSpan(start, end)) for text, start, end in words]


def of(*spans: tuple[float, float, int]) -> tuple[VoiceSpan, ...]:
    return tuple(VoiceSpan(TimeSpan(start, end), voice) for start, end, voice in spans)


@pytest.mark.parametrize(
    ("words", "spans", "expected"),
    [
        # the longer overlap
        (said(("hello", 0.0, 1.0)), of((0.0, 0.4, 0), (0.4, 2.0, 1)), (1,)),
        # nothing overlaps: the nearest, before or behind
        (said(("one", 1.0, 1.2)), of((0.0, 0.9, 0), (2.0, 3.0, 1)), (0,)),
        (said(("one", 1.7, 1.8)), of((0.0, 0.9, 0), (2.0, 3.0, 1)), (1,)),
        # a word of no length
        (said(("one", 2.5, 2.5)), of((0.0, 0.9, 0), (2.0, 3.0, 1)), (1,)),
        # both speak: the voice that was speaking goes on
        (
            said(("and", 0.0, 0.5), ("so", 0.5, 0.9)),
            of((0.0, 1.0, 1), (0.5, 1.0, 0)),
            (1, 1),
        ),
        # a long span of long ago does not hide the one that holds the word
        (said(("so", 60.0, 60.5)), of((0.0, 59.0, 0), (60.0, 61.0, 1)), (1,)),
    ],
)
def test_words_take_the_voice_they_overlap(
    words: list[Word], spans: tuple[VoiceSpan, ...], expected: tuple[int, ...]
) -> None:
    assert attribute(words, spans) == expected


@pytest.mark.parametrize(
    ("middle", "spans", "expected"),
    [
        # times are a little off: the word belongs to the sentence
        (("the", 1.0, 1.2), of((0.0, 1.0, 0), (1.0, 1.2, 1), (1.2, 3.0, 0)), (0, 0, 0)),
        # surely another voice, and long: believed
        (("right", 1.0, 1.6), of((0.0, 1.0, 0), (1.0, 1.6, 1), (1.6, 3.0, 0)), (0, 1, 0)),
        # pauses around it: believed
        (("mm", 1.4, 1.6), of((0.0, 1.0, 0), (1.4, 1.6, 1), (2.0, 3.0, 0)), (0, 1, 0)),
    ],
)
def test_a_lone_word_joins_the_sentence_around_it(
    middle: tuple[str, float, float], spans: tuple[VoiceSpan, ...], expected: tuple[int, ...]
) -> None:
    after = spans[-1].span.start
    words = said(("and", 0.5, 1.0), middle, ("then", after, after + 0.4))
    assert attribute(words, spans) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # the question's last word fell on the other side
        (said(("are", 0.2, 0.6), ("you?", 1.0, 1.3), ("Yes", 1.4, 1.8), ("I", 1.8, 2.2)), "0011"),
        # the answer's first word did
        (said(("fine.", 0.2, 0.5), ("Good", 0.6, 0.8), ("to", 1.0, 1.3), ("know", 1.3, 2)), "0111"),
        # no sentence ends near: the sound decides
        (said(("are", 0.2, 0.6), ("you", 1.0, 1.3), ("yes", 1.4, 1.8), ("I", 1.8, 2.2)), "0111"),
        # the end is too long ago
        (said(("no.", 0.0, 0.2), ("It", 0.3, 0.5), ("is", 0.6, 0.8), ("so", 2.0, 2.5)), "0001"),
    ],
)
def test_a_change_of_voice_falls_behind_a_sentence_close_by(
    words: list[Word], expected: str
) -> None:
    found = attribute(words, of((0.0, 0.95, 0), (0.95, 3.0, 1)))
    assert "".join(map(str, found)) == expected


def test_words_out_of_order_are_refused() -> None:
    with pytest.raises(BadInput, match="time order"):
        attribute(said(("b", 2.0, 2.5), ("a", 1.0, 1.5)), ())


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        (of(), ()),
        (of((0.0, 1.0, 0), (1.5, 2.0, 0)), ()),
        (of((0.0, 1.0, 0), (2.0, 3.0, 1)), (1.5,)),  # half-way in the pause
        (of((0.0, 2.0, 0), (1.0, 3.0, 1)), (1.5,)),  # half-way where both speak
        (of((0.0, 4.0, 0), (1.0, 1.6, 1), (5.0, 6.0, 0)), ()),  # said into the other's turn
        (of((0.0, 1.0, 0), (1.1, 1.2, 1), (1.3, 2.0, 0)), ()),  # too short to be decoded alone
    ],
)
def test_changes_of_voice(spans: tuple[VoiceSpan, ...], expected: tuple[float, ...]) -> None:
    assert changes_of_voice(spans) == pytest.approx(expected)
