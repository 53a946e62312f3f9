"""Which voice is the agent: from what is said, near misses included, and never by a guess."""

import numpy as np
import pytest

from core.conversation import Role, Speech, Turn
from core.spans import TimeSpan
from speech.voices.naming import KnownVoice, Naming, label_of, name_voices, named
from tests.speech.voices.build import Array, voices

AGENT, CUSTOMER, UNKNOWN = Role.AGENT, Role.CUSTOMER, Role.UNKNOWN
NOBODY = np.zeros((3, 256), dtype=np.float32)
OPENING = "Thank you for calling Harbour & Pine, how can I help you?"
DETAILS = "Could I take your order number, please?"
MATTER = "Hi, I'm calling about a lamp. I'd like to return it."


def talk(*said: tuple[int, str]) -> list[Turn]:
    """Turns of voices, a second each."""
    return [
        Turn(str(n), UNKNOWN, text, speech=Speech(TimeSpan(n, n + 1), label_of(voice)))
        for n, (voice, text) in enumerate(said)
    ]


def naming(*said: tuple[int, str], vectors: Array = NOBODY, **more: object) -> Naming:
    count = 1 + max(voice for voice, _ in said)
    return name_voices(talk(*said), vectors[:count], count=count, **more)  # type: ignore[arg-type]


def roles(*said: tuple[int, str], **more: object) -> list[Role]:
    found = naming(*said, **more)  # type: ignore[arg-type]
    assert len(found.notes) == 1
    return [speaker.role for speaker in found.speakers]


def test_the_agent_is_named_whichever_voice_it_is() -> None:
    assert roles((0, OPENING), (1, MATTER), (0, DETAILS)) == [AGENT, CUSTOMER]
    assert roles((0, MATTER), (1, OPENING), (1, DETAILS)) == [CUSTOMER, AGENT]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello?", "Hello?"),
        ("Oh, hello. I didn't know you were there.", "Neither did I."),
        ("How can I help you?", "No, how can I help you?"),  # both say it
        ("Thank you for calling me back.", "You're welcome."),  # not an agent's thanks
        ("How can I help my mother set it up?", "Turn it on."),
        ("And then she said how can I help you.", "Really?"),
        ("He asked what can I do for you.", "Did he?"),
    ],
)
def test_what_is_not_clear_stays_unknown(one: str, other: str) -> None:
    assert roles((0, one), (1, other)) == [UNKNOWN, UNKNOWN]


def test_a_customer_who_says_how_can_i_help_is_still_the_customer() -> None:
    said = [
        (0, "I'm calling because my lamp is broken."),
        (0, "So how can I help you find the order?"),
        (1, "Thanks for contacting us."),
        (1, DETAILS),
        (1, "Bear with me, let me check."),
    ]
    assert roles(*said) == [CUSTOMER, AGENT]


def test_words_tell_nothing_in_another_language() -> None:
    assert roles((0, OPENING), (1, MATTER), language="de") == [UNKNOWN, UNKNOWN]


def test_one_voice_alone_stays_unknown() -> None:
    assert roles((0, OPENING)) == [UNKNOWN]


def test_of_three_voices_the_one_that_says_least_stays_unknown() -> None:
    said = [(0, "Hold on."), (1, OPENING), (2, MATTER), (1, DETAILS)]
    assert roles(*said) == [UNKNOWN, AGENT, CUSTOMER]


def test_the_companys_name_helps() -> None:
    said = [(0, "Harbour and Pine, Sam here, how are you?"), (1, "It broke.")]
    assert roles(*said, company="Harbour & Pine") == [AGENT, CUSTOMER]
    assert roles(*said, company="") == [UNKNOWN, UNKNOWN]


def test_a_note_says_why_and_how_sure() -> None:
    (note,) = naming((0, OPENING), (1, MATTER)).notes
    assert note.startswith("The agent is voice 1 by what is said (99 % sure; ")
    assert "offers help" in note
    (note,) = naming((0, "Hello."), (1, "Hello.")).notes
    assert note == "What is said does not tell which voice is the agent's, so both stay unknown."


def test_an_enrolled_voice_is_recognised_whatever_it_says() -> None:
    heard = voices(2)
    known = KnownVoice("Sam", heard[1], "made")
    found = naming((0, OPENING), (1, "Hi."), vectors=heard, known=[known])
    assert [speaker.role for speaker in found.speakers] == [CUSTOMER, AGENT]
    assert [speaker.name for speaker in found.speakers] == [None, "Sam"]
    assert "Sam's, as enrolled (1.00 alike)" in found.notes[0]
    turns = named(talk((0, "Hello."), (1, "Hi.")), found)
    assert [(turn.role, turn.author) for turn in turns] == [(CUSTOMER, None), (AGENT, "Sam")]


def test_beside_a_known_agent_two_others_stay_unknown() -> None:
    heard = voices(3)
    known = [KnownVoice("Sam", heard[0], "made")]
    said = [(0, OPENING), (1, MATTER), (2, "Me too.")]
    assert roles(*said, vectors=heard, known=known) == [AGENT, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("apart", [0.05, 3.0])
def test_a_voice_like_both_or_neither_is_not_recognised(apart: float) -> None:
    three = voices(3, apart=apart)
    known = [KnownVoice("Sam", three[2], "made")]
    assert roles((0, "Hello."), (1, "Hi."), vectors=three, known=known) == [UNKNOWN, UNKNOWN]


def test_of_two_enrolled_voices_the_nearer_gives_the_name() -> None:
    heard = voices(2)
    near = heard[0] + 0.2 * heard[1]
    known = [
        KnownVoice("Alex", near / np.linalg.norm(near), "made"),
        KnownVoice("Sam", heard[0], "made"),
    ]
    for order in (known, known[::-1]):
        found = naming((0, "Hello."), (1, "Hi."), vectors=heard, known=order)
        assert found.speakers[0].name == "Sam"
        assert found.speakers[0].role is AGENT
