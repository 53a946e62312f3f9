"""The fatal question: no prohibited word passes, and no harmless one is taken for it."""

import pytest

from language.disguise import undisguise
from language.phrases import parse_phrase, single_words
from qa.rules.base import texts
from tests.build import chat
from tests.qa.judging import card, find, verdict

QUESTION = next(question for question in card().questions if question.id == "no_prohibited")
WORDS = sorted(single_words(texts(QUESTION, "phrases")[0]))


def test_every_prohibited_word_said_alone_is_seen() -> None:
    assert len(WORDS) > 70
    assert [word for word in WORDS if verdict(f"Oh {word}.", QUESTION.id) != "no"] == []
    assert [word for word in WORDS if verdict(f"{word}!", QUESTION.id) != "no"] == []


def test_no_excuse_is_a_prohibited_word_alone() -> None:
    prohibited = {word for phrase in texts(QUESTION, "phrases") for word in single_words(phrase)}
    for excuse in texts(QUESTION, "unless"):
        for form in parse_phrase(excuse).forms:
            needed = [token for token in form if token.get("OP") != "?"]
            assert len(needed) > 1, excuse
            assert any(not _words(token) & prohibited for token in needed), excuse


def _words(token: dict[str, object]) -> set[str]:
    word = token.get("ORTH", "")
    return set(word["IN"]) if isinstance(word, dict) else {str(word)}


def test_every_place_of_a_prohibited_word_is_quoted() -> None:
    found = find(
        chat(("agent", "Oh shit."), ("customer", "Hm."), ("agent", "Damn, shit.")), QUESTION.id
    )
    places = [(piece.turn, piece.span.start) for piece in found.evidence]
    assert places == [("t0", 3), ("t2", 0), ("t2", 6)]
    assert found.reason == "a prohibited word was said, 3 times"


@pytest.mark.parametrize(
    "said",
    [
        "Oh shit.", "f**k off", "Sh*t.", "What the F*CK", "fuuuuck", "Fuuuck you!", "sh!t happens",
        "You a$$hole", "F*** you", "oh f***!", "b*tch", "this is bullsh*t", "daaaamn", "Bugger.",
        "pain in the ass", "Get stuffed", "get stuffed then", "Bugger off", "piss off", "wanker",
        "Shut up.", "Will you shut up", "shut the hell up", "Please shut up for a minute",
        "Oh screw it", "Screw you", "just screw it", "stuff this", "sod off",
        "We don't care about your problem", "I don't care", "We don't care about you",
        "I don't care how you feel", "We couldn't care less", "I don't give a damn",
        "You need to calm down", "Calm down!", "get lost", "just get lost", "Whatever.",
        "yeah whatever", "you dick", "that is your problem", "you are crazy", "you prick",
    ],
)  # fmt: skip
def test_prohibited_words_are_seen(said: str) -> None:
    assert verdict(said, QUESTION.id) == "no"


@pytest.mark.parametrize(
    "said",
    [
        "Please shut up shop before you leave", "We shut up shop at six",
        "We'll screw it to the wall", "We shut up for the winter",
        "Screw it in tightly", "then you screw them together", "I'll screw it on for you",
        "We don't care about the colour, either is fine", "We don't care which one you send",
        "I don't care whether it's blue or red", "We don't care how you pay",
        "Parcels sometimes get lost in the post", "Letters do get lost", "so it may get lost",
        "Let the oven cool down for an hour", "Wait until it cools", "once things calm down",
        "Whatever happened there, I'll sort it", "whatever the reason",
        "prick the film with a fork",
        "It is idiot proof", "I understand you are mad about the delay",
        "It sounds like your problem is the router", "Sooo good", "Hmmmm, let me see",
        "J*** S*** is the name I have", "the card ending ****1234", "2*3*4", "C# and C++",
        "me@shitake.example", "please email ann@example.com", "Mr Dick Hancock", "Mr Prickett",
        "*** waiting ***", "the password is a*b*c*d", "Scunthorpe", "blow it dry", "Yessss!",
    ],
)  # fmt: skip
def test_harmless_words_are_not_taken_for_prohibited_ones(said: str) -> None:
    assert verdict(said, QUESTION.id) == "yes"


@pytest.mark.parametrize(
    ("said", "quote"),
    [("Oh fuuuuck, wait", "fuuuuck"), ("well sh*t!", "sh*t"), ("f**king hell", "f**king")],
)
def test_disguised_word_is_quoted_as_written(said: str, quote: str) -> None:
    talk = chat(("agent", said))
    found = find(talk, QUESTION.id)
    assert found.evidence[0].quote(talk).startswith(quote)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a cr*p day", "a crap day"), ("craaaap day", "crap    day"), ("crap", "crap"),
        ("cr-p", "cr-p"), ("cr--", "cr--"), ("c***", "crap"), ("say C*** here", "say C*** here"),
        ("carp", "carp"), ("creep", "creep"), ("creeeep", "creeeep"), ("", ""),
    ],
)  # fmt: skip
def test_undisguise_keeps_every_place(text: str, plain: str) -> None:
    assert undisguise(text, {"crap", "crappy"}) == plain
    assert len(undisguise(text, {"crap"})) == len(text)
