"""Turns: what each voice said, in one order."""

import pytest

from core.conversation import Role
from core.recording import ChannelLayout, Segment
from speech.turns import spoken_turns
from tests.speech.build import segment

AC = ChannelLayout.AGENT_CUSTOMER


def _lines(*segments: Segment, layout: ChannelLayout = AC) -> list[tuple[str, str]]:
    return [(turn.role.value, turn.text) for turn in spoken_turns(segments, layout)]


def test_turns_change_with_the_voice() -> None:
    assert _lines(
        segment("how can I help", 0, 0),
        segment("my order is late", 1, 2),
        segment("let me look", 0, 4),
    ) == [
        ("agent", "how can I help"),
        ("customer", "my order is late"),
        ("agent", "let me look"),
    ]


@pytest.mark.parametrize(
    ("layout", "role"),
    [
        (AC, Role.AGENT),
        (ChannelLayout.CUSTOMER_AGENT, Role.CUSTOMER),
        (ChannelLayout.MONO, Role.UNKNOWN),
    ],
)
def test_roles_come_from_the_layout(layout: ChannelLayout, role: Role) -> None:
    (turn,) = spoken_turns([segment("hello", 0, 0)], layout)
    assert turn.role is role
    assert turn.speech is not None
    assert turn.speech.speaker == "channel 1"


@pytest.mark.parametrize(("pause", "turns"), [(0.3, 1), (1.9, 1), (2.1, 2), (30, 2)])
def test_a_long_pause_ends_a_turn(pause: float, turns: int) -> None:
    said = _lines(segment("one moment", 0, 0), segment("here it is", 0, 0.8 + pause))
    assert len(said) == turns


def test_a_sign_of_listening_does_not_break_a_turn() -> None:
    assert _lines(
        segment("the sofa is in our warehouse", 0, 0),
        segment("mm-hm", 1, 2.3),
        segment("and comes on Friday", 0, 2.7),
    ) == [
        ("agent", "the sofa is in our warehouse and comes on Friday"),
        ("customer", "mm-hm"),
    ]


@pytest.mark.parametrize(
    ("before", "reply", "gap"),
    [
        ("is this your number?", "yes", 0.1),  # an answer
        ("the sofa is on its way", "the red one", 0.1),  # more than a sign
        ("the sofa is on its way", "okay", 3.0),  # nobody was talking then
    ],
)
def test_a_real_reply_takes_the_turn(before: str, reply: str, gap: float) -> None:
    first = segment(before, 0, 0)
    second = segment(reply, 1, first.span.end + gap)
    said = _lines(first, second, segment("very well then", 0, second.span.end + gap))
    assert [role for role, _ in said] == ["agent", "customer", "agent"]


def test_talking_over_each_other_keeps_every_word_once_and_the_order_of_starts() -> None:
    turns = spoken_turns(
        [segment("I want to finish my sentence now", 0, 0), segment("but I have a point", 1, 1)], AC
    )
    assert [turn.text for turn in turns] == [
        "I want to finish my sentence now",
        "but I have a point",
    ]
    assert turns[0].speech and turns[1].speech
    assert turns[0].speech.span.overlap(turns[1].speech.span) > 0


def test_words_stand_verbatim_in_the_text_of_their_turn() -> None:
    (turn,) = spoken_turns([segment("8 a.m. is fine", 0, 0), segment("for me.", 0, 2)], AC)
    assert None not in turn.word_spans()
    assert turn.text == "8 a.m. is fine for me."


def test_no_segments_no_turns() -> None:
    assert spoken_turns([], AC) == ()
