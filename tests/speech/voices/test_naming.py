"""Which voice is the agent: from what is said, near misses included, and never by a guess."""

import numpy as np
import pytest

from core.conversation import Role
from speech.voices.clues import clues_in, plain_words
from speech.voices.naming import KnownVoice, name_voices
from tests.speech.voices.build import voices

AGENT, CUSTOMER, UNKNOWN = Role.AGENT, Role.CUSTOMER, Role.UNKNOWN
NOBODY = np.zeros((2, 256), dtype=np.float32)


def roles(*lines: list[str], company: str = "", language: str = "en") -> list[Role]:
    naming = name_voices(list(lines), NOBODY[: len(lines)], company=company, language=language)
    assert len(naming.notes) == 1
    return [speaker.role for speaker in naming.speakers]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Thank you for calling Harbour & Pine.", "greets for a house"),
        ("Thanks for calling me back.", "says why they call"),
        ("Good morning, you're through to Sam.", "greets for a house"),
        ("This is Sam from the returns team.", "greets for a house"),
        ("How can I help you today?", "offers help"),
        ("How may we assist?", "offers help"),
        ("Is there anything else I can help you with?", "offers help"),
        ("Could I take your order number, please?", "asks for particulars"),
        ("What's the account number? Can I have your postcode?", "asks for particulars"),
        ("Bear with me one moment.", "looks into a system"),
        ("I'm so sorry for the inconvenience.", "speaks for the house"),
        ("I'm calling about my sofa.", "says why they call"),
        ("I'd like to return a lamp.", "wants something"),
        ("I ordered it two weeks ago.", "tells of their own matter"),
    ],
)
def test_clues_are_found(line: str, name: str) -> None:
    assert name in [clue.name for clue in clues_in([line])]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("How can I help my mother set it up?", "offers help"),
        ("And then she said how can I help you and hung up.", "offers help"),
        ("How can you help me?", "offers help"),
        ("Thanks for calling me back.", "greets for a house"),
        ("Thank you for calling back so soon.", "greets for a house"),
        ("I'm calling from home.", "greets for a house"),
        ("Can I have your manager?", "asks for particulars"),
        ("You may have my order number.", "asks for particulars"),
        ("He asked can I take your name.", "asks for particulars"),
        ("I see.", "looks into a system"),
        ("I'd like you to know I'm calling it a day.", "says why they call"),
    ],
)
def test_near_misses_are_no_clues(line: str, name: str) -> None:
    assert name not in [clue.name for clue in clues_in([line])]


def test_the_agent_is_named_whichever_voice_it_is() -> None:
    agent = ["Thank you for calling Harbour & Pine, how can I help?", "Could I take your name?"]
    customer = ["Hi, I'm calling about my sofa.", "It's Jack."]
    assert roles(agent, customer) == [AGENT, CUSTOMER]
    assert roles(customer, agent) == [CUSTOMER, AGENT]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([], []),
        (["Hello?"], ["Hello?"]),
        (["Oh, hello. I didn't know you were there."], ["Neither did I."]),
        (["How can I help you?"], ["No, how can I help you?"]),  # both say it
        (["Your order is late."], ["Is it?"]),  # a slight clue alone
    ],
)
def test_what_is_not_clear_stays_unknown(one: list[str], other: list[str]) -> None:
    assert roles(one, other) == [UNKNOWN, UNKNOWN]


def test_a_customer_who_says_how_can_i_help_is_still_the_customer() -> None:
    customer = ["I'm calling because I ordered a lamp and it's broken.", "So how can I help you?"]
    agent = ["Thanks for contacting us.", "May I have your order number?", "Bear with me."]
    assert roles(customer, agent) == [CUSTOMER, AGENT]


def test_words_tell_nothing_in_another_language() -> None:
    agent = ["Thank you for calling, how can I help you?"]
    assert roles(agent, ["ja"], language="de") == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    ("opening", "is_named"),
    [
        ("Hello, Harbour and Pine, Sam here.", True),
        ("Hello, harbor and pine, Sam here.", True),  # misheard
        ("Hello, is that the garden centre?", False),
        (" ".join(["well"] * 40) + " Harbour and Pine", False),  # not how one introduces oneself
    ],
)
def test_the_company_counts_in_the_opening(opening: str, is_named: bool) -> None:
    names = [clue.name for clue in clues_in([opening], company="Harbour & Pine")]
    assert ("names the house as their own" in names) is is_named


def test_one_voice_alone_needs_plain_words() -> None:
    assert roles(["Thank you for calling, how can I help?"]) == [AGENT]
    assert roles(["I'm calling about my order."]) == [CUSTOMER]
    assert roles(["Hello?"]) == [UNKNOWN]


def test_of_three_voices_the_one_between_stays_unknown() -> None:
    agent = ["Thank you for calling, how can I help?", "Can I have your name?"]
    customer = ["I'm calling about my order.", "I ordered a lamp."]
    assert roles(agent, customer, ["Hm."])[:2] == [AGENT, CUSTOMER]
    assert roles(agent, customer, ["Hm."])[2] is UNKNOWN
    assert roles(agent, customer, ["Bear with me, could I take your postcode?"])[2] is AGENT


def test_a_note_says_why_and_how_sure() -> None:
    naming = name_voices([["How can I help you?"], ["I'd like to return it."]], NOBODY)
    assert naming.notes == (
        "Voice 1 is the agent's (0.95 sure), from what was said: it offers help.",
    )
    unclear = name_voices([["Hello."], ["Hello."]], NOBODY)
    assert "roles are unknown" in unclear.notes[0]


def test_no_voice_has_no_role() -> None:
    assert name_voices([], NOBODY[:0]).speakers == ()


def test_an_enrolled_voice_is_recognised_whatever_it_says() -> None:
    heard = voices(2)
    known = KnownVoice("Sam", heard[1], "made")
    naming = name_voices([["How can I help?"], ["Hi."]], heard, known=[known])
    assert [speaker.role for speaker in naming.speakers] == [CUSTOMER, AGENT]
    assert [speaker.name for speaker in naming.speakers] == [None, "Sam"]
    assert "Sam's, as enrolled (1.00 alike)" in naming.notes[0]


@pytest.mark.parametrize("apart", [0.05, 3.0])
def test_a_voice_like_both_or_neither_is_not_recognised(apart: float) -> None:
    three = voices(3, apart=apart)
    known = KnownVoice("Sam", three[2], "made")
    naming = name_voices([["Hello."], ["Hi."]], three[:2], known=[known])
    assert [speaker.role for speaker in naming.speakers] == [UNKNOWN, UNKNOWN]


def test_of_two_enrolled_voices_the_nearer_gives_the_name() -> None:
    heard = voices(2)
    near = heard[0] + 0.2 * heard[1]
    known = [
        KnownVoice("Alex", near / np.linalg.norm(near), "made"),
        KnownVoice("Sam", heard[0], "made"),
    ]
    for order in (known, known[::-1]):
        naming = name_voices([["Hello."], ["Hi."]], heard, known=order)
        assert naming.speakers[0].name == "Sam"
        assert naming.speakers[0].role is AGENT


def test_plain_words_drop_marks_and_case() -> None:
    assert plain_words("You’re  THROUGH to Harbour & Pine!") == "you're through to harbour and pine"
