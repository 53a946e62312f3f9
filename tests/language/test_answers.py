"""Survey answers are read; what is no answer goes on to the bot."""

import time

import pytest

from core.survey import SCALES, SurveyKind
from language.answers import Answer, read_answer

SCORES = [
    ("csat", "4", 4),
    ("csat", "4/5", 4),
    ("csat", "4 out of 5", 4),
    ("csat", "four out of five", 4),
    ("csat", "five stars", 5),
    ("csat", "⭐⭐⭐⭐", 4),
    ("csat", "⭐⭐⭐⭐☆", 4),
    ("csat", "I'd say a 4", 4),
    ("csat", "I’d give it a 2.", 2),
    ("csat", "top marks", 5),
    ("csat", "4, it took 2 days", 4),
    ("csat", "4 because it was quick", 4),
    ("csat", "5 - very satisfied", 5),
    ("csat", "3 please", 3),
    ("csat", "one", 1),
    ("csat", "one star", 1),
    ("csat", "give it one", 1),
    ("csat", "4️⃣", 4),
    ("csat", "４", 4),
    ("csat", "5!!!", 5),
    ("csat", "2 it took ages", 2),
    ("csat", "5/5 thanks", 5),
    ("csat", "  3  ", 3),
    ("csat", "My rating is 5!", 5),
    ("csat", "4 stars but late", 4),
    ("nps", "10", 10),
    ("nps", "0", 0),
    ("nps", "ten", 10),
    ("nps", "10/10", 10),
    ("nps", "zero", 0),
    ("nps", "8 out of 10", 8),
    ("ces", "7", 7),
    ("ces", "6 - agree", 6),
    ("ces", "seven", 7),
]

NOT_SCORES = [
    ("csat", "4 or 5"),
    ("csat", "4-5"),
    ("csat", "between 3 and 4"),
    ("csat", "4, 5"),
    ("csat", "4 5"),
    ("csat", "10"),
    ("csat", "0"),
    ("csat", "6"),
    ("csat", "-1"),
    ("csat", "4.5"),
    ("csat", "6/10"),
    ("csat", "10/10"),
    ("nps", "11"),
    ("nps", "9 or 10"),
    ("nps", "7 out of 5"),
    ("ces", "4/5"),
    ("csat", "2 chairs were missing"),
    ("csat", "where is my order 10442"),
    ("csat", "10442"),
    ("csat", "at 5"),
    ("csat", "5pm"),
    ("csat", "10:30"),
    ("csat", "call me at 5"),
    ("csat", "£5"),
    ("csat", "I have 3 questions"),
    ("csat", "5 people"),
    ("csat", "3rd"),
    ("csat", "5%"),
    ("csat", "one more thing"),
    ("csat", "no one called"),
    ("csat", "BN1 4GH"),
    ("csat", "table 4"),
    ("csat", "can you give me 5 minutes?"),
    ("csat", "cancel order 5"),
    ("csat", "order 10442"),
    ("csat", ""),
    ("csat", "   "),
    ("csat", "yes"),
    ("csat", "⭐⭐⭐⭐⭐⭐"),
    ("csat", "thanks"),
    ("csat", "4?"),
    ("ces", "8"),
    ("ces", "3/10"),
    ("csat", "2 days late"),
    ("csat", "4 5 1"),
]

PERSON = [
    "I want to talk to a person",
    "agent",
    "agent please",
    "speak to someone please",
    "can I speak to a human?",
    "Transfer me to an operator",
    "put me through to somebody",
    "get me a manager",
    "human",
    "I'd like to speak with a real person",
    "Put me through to a member of staff",
    "let me talk to one of your team",
    "please get me your boss",
    "I would like to chat with a colleague",
]

DISMISSALS = ["no thanks", "No, thank you!", "skip", "not now", "later", "nope", "I'd rather not"]

WHYS = [
    "the driver was rude",
    "the agent was rude",
    "no one called me",
    "it was late",
    "2 chairs were missing",
    "I had to speak to a person twice",
    "I never got to talk to a human",
    "nobody could help me",
    "delivery was late and you did not call me",
    "I waited 3 hours",
    "They gave me the wrong chair",
    "my order came late",
    "the order was not what I wanted",
    "my chair arrived broken but you mended it",
    "I did not have to wait for my order",
    "the staff were kind",
    "your team was rude to me",
    "a member of staff was rude",
    "I needed to ring 3 times about it",
]

NOT_WHYS = [
    "where is my order?",
    "track my order",
    "cancel my order",
    "10442",
    "help",
    "thanks",
    "stop",
    "why would I tell you?",
    "can you check it",
    "bye",
    "hi",
    "?!",
    "your bot is bad, get me a manager",
    "My order HP-10442 has not arrived",
    "my order still hasn't arrived",
    "also my refund has not been received",
    "My table is broken",
    "order HP-10442 came broken",
    "I need to change my delivery",
    "I still haven't received my parcel",
    "I'm still waiting for my refund",
]


@pytest.mark.parametrize(("kind", "text", "score"), SCORES)
def test_read_answer_finds_the_score(kind: str, text: str, score: int) -> None:
    assert read_answer(SurveyKind(kind), text) == Answer(score=score)


@pytest.mark.parametrize(("kind", "text"), NOT_SCORES)
def test_read_answer_leaves_what_is_no_score(kind: str, text: str) -> None:
    assert read_answer(SurveyKind(kind), text) is None


@pytest.mark.parametrize("text", PERSON)
@pytest.mark.parametrize("kind", list(SurveyKind))
def test_read_answer_leaves_requests_for_a_person(kind: SurveyKind, text: str) -> None:
    assert read_answer(kind, text) is None


@pytest.mark.parametrize("text", DISMISSALS)
@pytest.mark.parametrize("kind", list(SurveyKind))
def test_read_answer_sees_a_dismissal(kind: SurveyKind, text: str) -> None:
    assert read_answer(kind, text) == Answer(is_dismissed=True)


@pytest.mark.parametrize("text", WHYS)
def test_read_answer_keeps_a_reason_as_it_was_written(text: str) -> None:
    assert read_answer(SurveyKind.WHY, f" {text} ") == Answer(text=text)


@pytest.mark.parametrize("text", NOT_WHYS)
def test_read_answer_leaves_what_is_no_reason(text: str) -> None:
    assert read_answer(SurveyKind.WHY, text) is None


@pytest.mark.parametrize("kind", list(SCALES))
def test_read_answer_takes_each_point_of_its_scale_and_no_other(kind: SurveyKind) -> None:
    low, high = SCALES[kind]
    for value in range(low, high + 1):
        assert read_answer(kind, str(value)) == Answer(score=value)
    assert read_answer(kind, str(high + 1)) is None


@pytest.mark.parametrize(
    "part",
    [
        "let me ", "i would like ", "i would ", "please, ", ", ", "no ", "how do i ", "a real ",
        "put me ", "my order ", "also ", "i want ", "1 or ", "9", "it ", "rather ", "9 out of ",
        "-", "\u0301", "not ", "get ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", list(SurveyKind))
def test_read_answer_takes_no_long_time_over_any_text(kind: SurveyKind, part: str) -> None:
    started = time.perf_counter()
    read_answer(kind, part * 5000)
    read_answer(kind, part * 40 + "x")
    assert time.perf_counter() - started < 1
