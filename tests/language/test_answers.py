"""Survey answers are read; what is no answer goes on to the bot."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.survey import LABELS, SCALES, SurveyKind
from language.answers import (
    Answer,
    Miss,
    puts_off,
    read_answer,
    read_confirmation,
    read_miss,
    tells_why,
    without_yes_or_no,
)

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
    ("csat", "one.", 1),
    ("csat", "four stars", 4),
    ("csat", "4 of 5", 4),
    ("csat", "👍", 5),
    ("csat", "👍🏽", 5),
    ("csat", "👍👍", 5),
    ("csat", "👎", 1),
    ("csat", "very good", 5),
    ("csat", "Poor.", 2),
    ("ces", "strongly disagree", 1),
    ("nps", "ten out of ten", 10),
    ("nps", "zero out of ten", 0),
    ("nps", "extremely likely", 10),
    ("nps", "not at all", 0),
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

BACKED = [  # a number beside an opinion, sure where the two agree
    ("csat", "perfect, 5", 5, False),
    ("csat", "great! 5", 5, False),
    ("csat", "brilliant 5 stars", 5, False),
    ("csat", "5 great", 5, False),
    ("csat", "awful, 1 please", 1, False),
    ("nps", "excellent 10", 10, False),
    ("ces", "really easy, 7", 7, False),
    ("csat", "awful, 5", 5, True),
    ("ces", "easy 2", 2, True),
    ("nps", "perfect 5", 5, True),
    ("csat", "nice one", None, False),
    ("csat", "perfect, 5/10", None, False),
    ("csat", "great, 5 chairs", None, False),
    ("csat", "great 5 minutes", None, False),
    ("csat", "not bad, 4 or 5", None, False),
]

GUESSES = [
    ("csat", "it was awful", 1),
    ("csat", "not great", 2),
    ("csat", "wasn't great", 2),
    ("csat", "it was not very helpful", 2),
    ("csat", "no good", 2),
    ("csat", "ok I guess", 3),
    ("csat", "could be better", 3),
    ("csat", "not terrible", 3),
    ("csat", "it was good", 4),
    ("csat", "not bad", 4),
    ("csat", "pretty good, thanks", 4),
    ("csat", "really good", 5),
    ("csat", "great, thank you!", 5),
    ("csat", "Couldn’t be better", 5),
    ("csat", "really bad", 1),
    ("csat", "awful, nobody called me", 1),
    ("csat", "great because it was quick", None),  # great and quick are two opinions
    ("csat", "😡", 1),
    ("csat", "👍 thanks", 5),
    ("ces", "pretty easy", 6),
    ("ces", "very easy", 7),
    ("ces", "not that easy", 2),
    ("ces", "yes it was easy", 6),
    ("ces", "it was a nightmare", 1),
    ("ces", "piece of cake", 7),
    ("ces", "👍", 6),
    ("nps", "very likely", 9),
    ("nps", "never", 0),
    ("nps", "definitely", 10),
    ("csat", "good but slow", None),
    ("csat", "the chair is good", None),
    ("csat", "fine, where is my order", None),
    ("csat", "ok, cancel my order", None),
    ("csat", "good morning", None),
    ("csat", "was it good?", None),
    ("csat", "I like turtles", None),
    ("csat", "the great escape is a film", None),
    ("csat", "I had a bad day and my dog ate a great shoe", None),
    ("csat", "not", None),
]

MISSES = [
    ("csat", "oh and the shelf has a scratch too", None),
    ("csat", "the box was wet as well", None),
    ("csat", "also my vase", "chatter"),
    ("csat", "me too", "chatter"),
    ("csat", "10/10 would not recommend", "number"),
    ("csat", "4 stars would buy again", "number"),
    ("csat", "10/10 where is my refund", None),
    ("csat", "3 out of 4 chairs arrived", None),
    ("csat", "11", "number"),
    ("csat", "0/5", "number"),
    ("csat", "4.5", "number"),
    ("csat", "four and a half", "number"),
    ("csat", "4 or 5", "number"),
    ("csat", "-1", "number"),
    ("csat", "4?", "number"),
    ("nps", "11", "number"),
    ("nps", "seven or eight", "number"),
    ("csat", "haha", "chatter"),
    ("csat", "whatever", "chatter"),
    ("csat", "yes", "chatter"),
    ("csat", "good but slow", "chatter"),
    ("csat", "4", None),
    ("csat", "not great", None),
    ("csat", "no thanks", None),
    ("csat", "where is my order", None),
    ("csat", "my chair is broken", None),
    ("csat", "I want a refund", None),
    ("csat", "change my address", None),
    ("csat", "thanks", None),
    ("csat", "call me at 5", None),
    ("csat", "5pm", None),
    ("csat", "10442", None),
    ("csat", "BN1 4GH", None),
    ("csat", "agent please", None),
    ("csat", "one two three four five six seven eight nine and so on and on", None),
    ("csat", "I met my neighbour in the park this morning and we talked", None),
    ("why", "?!", None),
    ("csat", "", None),
]


@pytest.mark.parametrize(("kind", "text", "score"), GUESSES)
def test_read_answer_guesses_opinions_and_says_that_it_does(
    kind: str, text: str, score: int | None
) -> None:
    expected = None if score is None else Answer(score=score, is_guess=True)
    assert read_answer(SurveyKind(kind), text) == expected


@pytest.mark.parametrize(("kind", "text", "score", "is_guess"), BACKED)
def test_read_answer_takes_a_number_that_an_opinion_backs(
    kind: str, text: str, score: int | None, is_guess: bool
) -> None:
    found = read_answer(SurveyKind(kind), text)
    if score is None:
        assert found is None or found.is_guess
    else:
        assert found == Answer(score=score, is_guess=is_guess)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("2, took ages to find you", True),
        ("1 because it took forever", True),
        ("3 - nobody rang me back", True),
        ("2", False),
        ("2 out of 5 please", False),
        ("I would say it was a 2", False),
        ("2 – poor", False),
    ],
)
def test_a_reason_beside_a_score_is_seen(text: str, *, is_told: bool) -> None:
    assert tells_why(text) is is_told


@pytest.mark.parametrize(("kind", "text", "miss"), MISSES)
def test_read_miss_tells_what_is_worth_asking_again(kind: str, text: str, miss: str | None) -> None:
    assert read_miss(SurveyKind(kind), text) == (Miss(miss) if miss else None)


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [
        ("yes", True), ("Yep, that's right!", True), ("ok", True), ("👍", True), ("go ahead", True),
        ("no", False), ("Nope.", False), ("not really", False), ("that's wrong", False),
        ("no thanks", None), ("no, make it 3", None), ("yes but where is my order", None),
        ("3", None), ("", None),
    ],
)  # fmt: skip
def test_read_confirmation_knows_yes_and_no(text: str, *, confirmed: bool | None) -> None:
    assert read_confirmation(text) is confirmed


def test_what_follows_a_no_is_read_by_itself() -> None:
    assert read_answer(SurveyKind.CSAT, without_yes_or_no("no, make it 3")) == Answer(score=3)
    assert without_yes_or_no("nothing at all") == "nothing at all"


WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FORMS = (
    "{n}", " {n} ", "{n}.", "{n}!", "{n}/{top}", "{n} / {top}", "{n} out of {top}",
    "{n} of {top}", "I'd say {n}", "I would give it a {n}", "a {n}", "{n} please",
    "make it {n}", "my score is {n}", "{n}, thanks", "{n} because it was what I wanted",
)  # fmt: skip


@given(data=st.data())
def test_any_score_said_in_any_form_reads_as_itself(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(SCALES)))
    low, high = SCALES[kind]
    score = data.draw(st.integers(low, high))
    form = data.draw(st.sampled_from(FORMS))
    is_bare_one = score == 1 and form not in ("{n}", " {n} ", "{n}.", "{n}!", "{n}/{top}")
    in_words = data.draw(st.booleans()) and not is_bare_one  # 'a one' may begin 'a one-way trip'
    names = (WORDS[score], WORDS[high]) if in_words else (str(score), str(high))
    said = form.format(n=names[0], top=names[1])
    said = data.draw(st.sampled_from((said, said.upper(), said.capitalize())))
    assert read_answer(kind, said) == Answer(score=score)


@given(kind=st.sampled_from(list(SCALES)), data=st.data())
def test_the_label_of_a_point_reads_as_that_point(kind: SurveyKind, data: st.DataObject) -> None:
    score, label = data.draw(st.sampled_from(sorted(LABELS[kind].items())))
    assert read_answer(kind, label) == Answer(score=score)
    assert read_answer(kind, f"{score} – {label}") == Answer(score=score)


ANYTHING = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["4", "11", "-", "/", "five", "not", "very", "good", "awful", "ok", "stars", "👍", "🏽",
             ".", ",", "because", "out of", "10", "half", "no", "yes", "?", "\u0301", "one", "½",
             "٣", "²", "easy"]
        ),
        max_size=8,
    ).map(" ".join),
)  # fmt: skip


@settings(max_examples=400)
@given(kind=st.sampled_from(list(SurveyKind)), text=ANYTHING)
def test_no_text_raises_or_gives_a_score_off_the_scale(kind: SurveyKind, text: str) -> None:
    answer = read_answer(kind, text)
    read_miss(kind, text)
    read_confirmation(text)
    if answer is not None and answer.score is not None:
        low, high = SCALES[kind]
        assert low <= answer.score <= high
    if answer is not None:
        assert read_miss(kind, text) is None


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

DISMISSALS = ["no thanks", "No, thank you!", "skip", "not today", "nope", "I'd rather not"]
PUT_OFF = ["not now", "Later", "maybe later, thanks", "ask me later", "not right now"]

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
    "I wanted to change my mind and could not",
    "you could not move it",
    "nobody said where my refund was",
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
    "changed my mind, can you un-cancel it",
    "I've changed my mind",
    "where is my refund",
    "it was late, please refund me",
    "not good. Could you call me?",
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


@pytest.mark.parametrize("text", PUT_OFF)
@pytest.mark.parametrize("kind", list(SurveyKind))
def test_not_now_is_no_answer_and_no_dismissal(kind: SurveyKind, text: str) -> None:
    assert puts_off(text)
    assert read_answer(kind, text) is None
    assert not puts_off(f"it came {text} than promised")


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
