"""The agent found by what is said: sure where the words are plain, unknown where they are not."""

import re

import pytest

from core.conversation import Role, Speech, Turn
from core.recording import ChannelLayout
from core.spans import TimeSpan
from speech.channel_cues import CUES, compiled
from speech.channel_notes import tell_channels
from speech.channel_roles import FoundAgent, find_agent, plain, with_roles

ONE, TWO = "channel 1", "channel 2"


def talk(*lines: tuple[str, str]) -> tuple[Turn, ...]:
    """A call of unknown voices from (voice, text) pairs."""
    return tuple(
        Turn(f"t{n}", Role.UNKNOWN, text, None, Speech(TimeSpan(n, n + 1), speaker))
        for n, (speaker, text) in enumerate(lines)
    )


INBOUND = talk(
    (TWO, "Thank you for calling Harbour & Pine, this is Anna, how can I help you?"),
    (ONE, "Hi, I'm calling about my sofa, it hasn't arrived."),
    (TWO, "I am sorry to hear that. Can I take your order number, please?"),
    (ONE, "Four one oh seven."),
)
OUTBOUND = talk(
    (ONE, "Hello?"),
    (TWO, "Hello, this is Ben from Harbour and Pine. Could you confirm your postcode for me?"),
    (ONE, "Oh yes, it is B S one."),
    (TWO, "Lovely. Is there anything else I can do?"),
)
NOBODY = talk((ONE, "Hello."), (TWO, "Hello."), (ONE, "It rains again."), (TWO, "So it does."))


@pytest.mark.parametrize("company", ["Harbour & Pine", ""])
@pytest.mark.parametrize("turns", [INBOUND, OUTBOUND])
def test_the_agent_is_found_on_whichever_channel(turns: tuple[Turn, ...], company: str) -> None:
    found = find_agent(turns, company=company)
    assert found is not None and found.is_sure
    assert found.speaker == TWO
    other = {ONE: TWO, TWO: ONE}
    swapped = talk(*((other[t.speech.speaker or ""], t.text) for t in turns if t.speech))
    mirrored = find_agent(swapped, company=company)
    assert mirrored is not None
    assert (mirrored.speaker, mirrored.confidence) == (ONE, found.confidence)


@pytest.mark.parametrize(
    "turns",
    [
        NOBODY,
        (),
        talk((ONE, "Thank you for calling, how can I help you?")),  # nobody answers
        talk((ONE, "Hello?"), (TWO, "Can you help me?"), (ONE, "Do you have any lamps?")),
        talk((ONE, "How can I help you?"), (TWO, "How can I help you?")),
        talk((ONE, "How can I help?"), (TWO, "My order"), ("channel 3", "Hello")),
        tuple(Turn("t", Role.UNKNOWN, "How can I help you?") for _ in range(2)),  # typed
    ],
)
def test_who_gives_no_sign_stays_unknown(turns: tuple[Turn, ...]) -> None:
    found = find_agent(turns, company="Harbour & Pine")
    assert found is None or not found.is_sure


def test_a_repeated_sign_counts_once() -> None:
    once = find_agent(talk((ONE, "How can I help you?"), (TWO, "Hello")))
    often = find_agent(talk(*[(ONE, "How can I help you?")] * 9, (TWO, "Hello")))
    assert once is not None and often is not None
    assert once.confidence == often.confidence


def test_a_greeting_counts_at_the_beginning_alone() -> None:
    small = [(ONE, "mm")] * 3
    late = talk(*small, (ONE, "this is what Acme sent me"), (TWO, "I see"))
    assert find_agent(late, company="Acme") is None
    early = find_agent(talk((ONE, "This is Ann at Acme"), (TWO, "Hi")), company="Acme")
    assert early is not None and early.is_sure


CASES = [
    ("thanks for the call", "thank you so much for holding", True),
    ("thanks for the call", "thank you for the lamp", False),
    ("speaks of the recording", "This call may be recorded for training purposes", True),
    ("speaks of the recording", "I recorded my favourite song", False),
    ("gives their name and asks", "My name is Ann, how can I help", True),
    ("gives their name and asks", "my name is Ann Miller", False),
    ("offers help", "What can we do for you today?", True),
    ("offers help", "how can I get my money back", False),
    ("offers more help", "Is there anything else I can help you with?", True),
    ("offers more help", "I bought something else", False),
    ("asks for a particular", "Could I have your first name, please?", True),
    ("asks for a particular", "could I have a sofa in green", False),
    ("asks for a particular", "can you please verify the e-mail on file", True),
    ("asks what a particular is", "What's the best phone number?", True),
    ("asks what a particular is", "what is the matter", False),
    ("says sorry for the trouble", "I apologize for the inconvenience", True),
    ("says sorry for the trouble", "sorry, what?", False),
    ("looks it up", "Let me just check that for you", True),
    ("looks it up", "let me tell you something", False),
    ("speaks for the house", "We currently open at nine", True),
    ("speaks for the house", "we bought it in May", False),
    ("says why they ring", "Hi, I’m calling about a leak", True),
    ("says why they ring", "thank you for calling", False),
    ("speaks of their own things", "where is my parcel", True),
    ("speaks of their own things", "in my opinion", False),
    ("tells what went wrong", "it doesn't switch on", True),
    ("tells what went wrong", "it works", False),
    ("asks whether the other can", "can you send me a new one", True),
    ("asks whether the other can", "can you hear me", False),
]


@pytest.mark.parametrize(("name", "text", "given"), CASES)
def test_each_cue_knows_its_own_words(name: str, text: str, given: bool) -> None:
    patterns = {cue.name: pattern for cue, pattern in compiled("Acme")}
    assert bool(patterns[name].search(plain(text))) is given


def test_every_cue_has_a_case_on_either_side() -> None:
    own = {"greets with the company"}
    for given in (True, False):
        assert {name for name, _, is_it in CASES if is_it is given} | own == {c.name for c in CUES}


@pytest.mark.parametrize(
    ("company", "text", "greets"),
    [
        ("Harbour & Pine", "thank you for calling harbour and pine", True),
        ("Harbour and Pine", "welcome to harbour pine", True),
        ("Harbour & Pine", "welcome to the harbour, mr pine", False),
        ("A.B.C. (UK)", "thanks for calling a b c uk", True),
        ("A.B.C. (UK)", "thanks for calling axbxc uk", False),
        ("", "thank you for calling us", False),
        (".*", "thank you for calling us", False),
    ],
)
def test_the_company_is_words_and_no_pattern(company: str, text: str, greets: bool) -> None:
    found = {cue.name for cue, pattern in compiled(company) if pattern.search(text)}
    assert ("greets with the company" in found) is greets


def test_patterns_do_not_hang_on_long_texts() -> None:
    text = plain("can you please have a my name is " * 3_000)
    for _, pattern in compiled("Acme"):
        assert isinstance(pattern, re.Pattern)
        pattern.search(text)


def test_find_gives_roles_and_says_on_what() -> None:
    told = tell_channels(INBOUND, ChannelLayout.FIND, "Harbour & Pine")
    assert told.layout is ChannelLayout.CUSTOMER_AGENT
    assert [t.role for t in told.turns] == [Role.AGENT, Role.CUSTOMER] * 2
    (note,) = told.notes
    assert "found on channel 2" in note and "% sure" in note and "channel 2 greets with" in note


def test_below_the_confidence_roles_stay_unknown_and_it_is_said() -> None:
    told = tell_channels(NOBODY, ChannelLayout.FIND, "Harbour & Pine")
    assert told.layout is ChannelLayout.FIND
    assert {t.role for t in told.turns} == {Role.UNKNOWN}
    assert "both stay unknown" in told.notes[0]


def test_words_that_contradict_the_setting_are_told_and_change_nothing() -> None:
    named = with_roles(INBOUND, ONE)
    told = tell_channels(named, ChannelLayout.AGENT_CUSTOMER, "Harbour & Pine")
    assert (told.turns, told.layout) == (named, ChannelLayout.AGENT_CUSTOMER)
    assert "rather on channel 2" in told.notes[0]
    assert tell_channels(named, ChannelLayout.CUSTOMER_AGENT, "Harbour & Pine").notes == ()
    assert tell_channels(INBOUND, ChannelLayout.MONO, "Harbour & Pine").notes == ()


@pytest.mark.parametrize(("confidence", "sure"), [(0.5, False), (0.899, False), (0.9, True)])
def test_the_threshold_is_a_threshold(confidence: float, sure: bool) -> None:
    assert FoundAgent(ONE, confidence, ()).is_sure is sure
