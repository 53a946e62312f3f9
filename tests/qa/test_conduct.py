"""The service scorecard on twenty conversations, whole and with each behaviour edited out."""

from datetime import UTC, datetime

import pytest

from core.conversation import Conversation
from core.evaluation import Evaluation, Verdict
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.scoring import evaluate
from tests.build import call, chat
from tests.qa.talks import Talk, load_talks

PIPELINE = Pipeline()
CARD = load_scorecard("service")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
MARKED = sorted({question for talk in load_talks() for question in talk.questions})


def judge(conversation: Conversation, company: str = "Harbour & Pine") -> Evaluation:
    """The service scorecard's evaluation."""
    return evaluate(conversation, CARD, pipeline=PIPELINE, now=NOW, variables={"company": company})


def verdict(conversation: Conversation, question: str, company: str = "Harbour & Pine") -> str:
    """The answer to one question."""
    found = judge(conversation, company).finding(question)
    assert found is not None
    return found.verdict.value


@pytest.mark.parametrize("question", MARKED)
def test_service_scorecard_tells_talks_from_their_edited_twins(question: str) -> None:
    right, wrong = 0, []
    for number, talk in enumerate(talk for talk in load_talks() if question in talk.questions):
        whole = verdict(talk.without(), question, talk.company)
        edited = verdict(talk.without(question), question, talk.company)
        right += whole == "yes"
        wrong += [(number, whole, edited)] if whole != "yes" or edited == "yes" else []
    assert right >= 7
    assert len(wrong) <= 0.03 * 2 * right, wrong  # F1 of at least 0.97


@pytest.mark.parametrize("talk", load_talks(), ids=lambda talk: talk.company)
def test_service_scorecard_quotes_verbatim_and_is_the_same_each_time(talk: Talk) -> None:
    conversation = talk.without()
    first, second = judge(conversation, talk.company), judge(conversation, talk.company)
    assert first.findings == second.findings
    for finding in first.findings:
        if finding.verdict is not Verdict.NOT_APPLICABLE:
            assert finding.evidence, finding
        assert all(piece.quote(conversation).strip() for piece in finding.evidence)


# fmt: off
UNRELATED = (
    "Let me put you on hold for a minute.", "The blue one is out of stock until March.",
    "You can reset it by holding the power button.", "Which colour did you choose?",
    "It comes with a two year warranty.", "I'm just waiting for the page to load.",
    "Our engineers work between nine and five.", "The driver tried to reach you at noon.",
    "Could you spell that for me?", "That model has a bigger tank.",
    "Payment is taken on the first of each month.", "There's a small fee for changing the date.",
    "We close at six on Saturdays.", "The invoice was sent by email.", "I can see it on the map.",
    "Is that something we sold you last year?", "What was the name on the card?",
    "I think alpha is the one with the handle.", "Is there a car parked in front of the gate?",
    "Have you tried turning it off and on?", "The plumber's van broke down this morning.",
    "My colleague wrote a note about it.", "We don't have that in green.", "It's the second door.",
    "You told us the floor was wet.", "Was there a label on the box?", "It depends on the weather.",
    "The help page explains how to fit it.", "Nobody else has reported this fault.",
    "This is the cheapest tariff.", "I'm afraid the lift is not working.", "The system is slow.",
    "Anything over ten kilos goes by lorry.", "Somebody will ring before they come.",
    "The assistant in the shop may know.", "Half and half is fine for the deposit.",
    "I helped a lady with the same thing yesterday.", "He can do Thursday or Friday.",
    "We record the meter every quarter.", "The training starts in autumn.",
    "How many rooms are there?", "How can it be so cold in May?", "You need a longer screw.",
    "That was the old price.", "Thinking of it, the form is online.", "Else the light stays red.",
    "The day before that was a holiday.", "It takes care and patience to varnish it.",
    "Good wood does not warp.", "Please hold the line while I look.",
)
# fmt: on


def test_near_forms_do_not_fire_on_unrelated_turns() -> None:
    assert len(UNRELATED) == 50
    questions = ("greeting", "agent_name", "offer_help", "recording_notice", "further_help",
                 "courteous_close")  # fmt: skip
    for place, text in enumerate(UNRELATED):
        others = [UNRELATED[(place + step) % 50] for step in (1, 2)]
        talk = call(("agent", others[0]), ("customer", "right"), ("agent", text),
                    ("customer", "I see"), ("agent", others[1]))  # fmt: skip
        found = {question: verdict(talk, question) for question in questions}
        assert set(found.values()) == {"no"}, (text, found)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("is there anything else i could help you with", {"yes"}),
        ("is there any thing else a can help you with", {"yes"}),
        ("is their anything elsie can help you with today", {"yes", "unsure"}),
        ("if there any thing else i'm helping with", {"yes", "unsure"}),
        ("there are many things i could not see", {"no"}),
        ("i can not help you with anything else", {"no"}),
        ("is there anything else wrong with the car", {"no"}),
        ("we are unable to do anything else for you", {"no"}),
    ],
)
def test_further_help_hears_through_errors_but_not_everything(
    heard: str, expected: set[str]
) -> None:
    talk = call(("agent", "hello"), ("customer", "my car"), ("agent", heard), ("customer", "no"))
    assert verdict(talk, "further_help") in expected


@pytest.mark.parametrize(
    ("opening", "company", "expected"),
    [
        (
            "thank you for calling harbor valley national bank",
            "Harper Valley National Bank",
            {"yes"},
        ),
        ("thanks for calling harper valley how can i help", "Harper Valley National Bank", {"yes"}),
        ("thank you for calling harbour and pine", "Harbour & Pine", {"yes"}),
        ("thank you for calling acme brands", "AcmeBrands", {"yes"}),
        ("thank you for calling how can i help", "Harbour & Pine", {"no"}),
        ("hello how can i help you", "Harbour & Pine", {"no"}),
        ("hi this is northern rail", "Harbour & Pine", {"no"}),
        ("good morning e e see you later", "EE", {"no"}),
        ("good morning EE how can i help", "EE", {"yes"}),
        ("welcome to oakfield insurance", "Oakfield Insurance Ltd", {"yes"}),
        ("welcome to fable", "Fern and Fable|Fable", {"yes"}),
    ],
)
def test_greeting_hears_the_company(opening: str, company: str, expected: set[str]) -> None:
    talk = call(("agent", opening), ("customer", "hi"), ("agent", "ok"))
    assert verdict(talk, "greeting", company) in expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("this is fucking useless", "no"), ("Damn it.", "no"), ("that's not my problem", "no"),
        ("you are so stupid", "no"), ("shut up", "no"), ("what the hell", "no"),
        ("Hello, the class in Scunthorpe assists you", "yes"), ("Mr Dick Hancock", "yes"),
        ("we can calm down the noise", "yes"), ("whatever you prefer", "yes"),
        ("we cannot give a refund", "yes"), ("the shell is on the shelf", "yes"),
        ('you said "this damn chair" is broken', "unsure"),
    ],
)  # fmt: skip
def test_no_prohibited_is_fatal_and_knows_harmless_words(said: str, expected: str) -> None:
    talk = chat(("customer", "this damn chair is crap"), ("agent", said))
    assert verdict(talk, "no_prohibited") == expected
    assert (judge(talk).score == 0) is (expected == "no")


@pytest.mark.parametrize(
    ("customer", "agent", "expected"),
    [
        ("my kettle is broken", "I'm sorry to hear that", "yes"),
        ("my kettle is broken", "I'm sorry, could you repeat that?", "no"),
        ("my kettle is broken", "Sorry, but we can't take it back", "no"),
        ("my kettle is broken", "sorry for the wait", "no"),
        ("my kettle is broken", "ok, send it back", "no"),
        ("there is no problem, when do you open?", "at nine", "not_applicable"),
        ("what time do you open?", "at nine", "not_applicable"),
    ],
)
def test_empathy_is_asked_after_a_problem(customer: str, agent: str, expected: str) -> None:
    talk = chat(("agent", "hello"), ("customer", customer), ("agent", agent))
    assert verdict(talk, "empathy") == expected
