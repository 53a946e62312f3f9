"""Questions answered out of articles, and what the customer thinks of the answer."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from actions.knowledge import Library, Questions, link_to, open_library
from actions.vectors import KeptVectors
from core.knowledge import ArticleUse
from core.settings import Settings
from language.articles import load_articles
from language.retrieval import ArticleIndex, Method, Vectors
from store import knowledge
from store.database import Database
from tests.actions.build import bot, customer, dispatcher, said, tracker

OAK = "how do I remove a white ring from an oak table"
JOKE = "tell me a joke"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(ArticleIndex(load_articles()), "https://chat.example.org/")


@pytest.fixture
def questions(database: Database, library: Library) -> Questions:
    return Questions(database, library)


async def uses(database: Database) -> tuple[tuple[ArticleUse, ...], int]:
    since = datetime.now(UTC) - timedelta(days=1)
    async with database.reading() as session:
        found = await knowledge.article_uses(session, since=since)
        return found, await knowledge.unanswered(session, since=since)


async def test_the_library_finds_a_passage_with_title_and_link(library: Library) -> None:
    found = await library.find(OAK)
    assert found is not None
    assert found.slug == "care-oak"
    assert found.title == "Looking after oak"
    assert found.link == "https://chat.example.org/help/care-oak"
    assert "fine sandpaper (240)" in found.text
    assert len(found.text.split()) <= 60
    assert 0 < found.score <= 1


@pytest.mark.parametrize("question", ["", " ", JOKE, "{passage}", "/affirm", "💥"])
async def test_the_library_is_silent_on_the_rest(library: Library, question: str) -> None:
    assert await library.find(question) is None


async def test_an_answer_asks_whether_it_helped(
    questions: Questions, database: Database, chat: str
) -> None:
    spoken = dispatcher()
    asked = tracker(customer(OAK, "ask_article"), sender_id=chat)
    assert await questions.answer_question(spoken, asked, {}) == []
    (message,) = spoken.messages
    assert message["response"] == "utter_article"
    assert message["title"] == "Looking after oak"
    assert message["link"].endswith("/help/care-oak")
    assert message["custom"] == {"parley": "article", "slug": "care-oak"}
    assert await questions.answer_question(dispatcher(), asked, {}) == []  # the turn is repeated
    assert await uses(database) == ((ArticleUse("care-oak", 1, 0, 0),), 0)


@pytest.mark.parametrize(
    ("text", "response"),
    [(OAK, "utter_article_in_between"), (JOKE, "utter_no_article_in_between")],
)
async def test_an_answer_inside_a_task_leaves_yes_and_no_to_the_task(
    questions: Questions, chat: str, text: str, response: str
) -> None:
    spoken = dispatcher()
    asked = tracker(customer(text, "ask_article"), sender_id=chat)
    asked.active_loop = {"name": "task_form"}
    await questions.answer_question(spoken, asked, {})
    (message,) = spoken.messages
    assert message["response"] == response
    assert message["custom"].get("parley") == ("article" if text == OAK else None)


async def test_articles_that_may_answer_are_named(
    questions: Questions, database: Database, chat: str
) -> None:
    spoken = dispatcher()
    asked = tracker(customer("is leather warm", "ask_article"), sender_id=chat)
    await questions.answer_question(spoken, asked, {})
    (message,) = spoken.messages
    assert message["response"] == "utter_perhaps_articles"
    assert "Caring for leather: https://chat.example.org/help/care-leather" in message["articles"]
    assert await uses(database) == ((), 1)  # named is not answered


@pytest.mark.parametrize(("intent", "unanswered"), [("ask_article", 1), ("nlu_fallback", 0)])
async def test_no_answer_is_counted_only_for_questions(
    questions: Questions, database: Database, chat: str, intent: str, unanswered: int
) -> None:
    spoken = dispatcher()
    assert not await questions.try_answer(spoken, tracker(customer(JOKE, intent), sender_id=chat))
    assert said(spoken) == []
    assert await uses(database) == ((), unanswered)


async def test_without_an_article_a_person_is_offered(questions: Questions, chat: str) -> None:
    spoken = dispatcher()
    await questions.answer_question(
        spoken, tracker(customer(JOKE, "ask_article"), sender_id=chat), {}
    )
    assert said(spoken) == ["utter_no_article"]


@pytest.mark.parametrize(
    ("text", "response"), [(OAK, "utter_article"), ("xyzzy", "utter_rephrase")]
)
async def test_what_was_not_understood_may_be_a_question(
    questions: Questions, chat: str, text: str, response: str
) -> None:
    spoken = dispatcher()
    await questions.fall_back(spoken, tracker(customer(text, "nlu_fallback"), sender_id=chat), {})
    assert [message["response"] for message in spoken.messages] == [response]


@pytest.mark.parametrize(
    ("helpful", "response", "use"),
    [
        (True, "utter_article_helped", ArticleUse("care-oak", 1, 1, 0)),
        (False, "utter_article_missed", ArticleUse("care-oak", 1, 0, 1)),
    ],
)
async def test_the_customers_verdict_is_kept(
    questions: Questions,
    database: Database,
    chat: str,
    *,
    helpful: bool,
    response: str,
    use: ArticleUse,
) -> None:
    question = customer(OAK, "ask_article")
    await questions.answer_question(dispatcher(), tracker(question, sender_id=chat), {})
    verdict = customer("/affirm" if helpful else "/deny", "affirm" if helpful else "deny", "turn-2")
    told = tracker(question, bot("utter_article"), verdict, sender_id=chat)
    spoken = dispatcher()
    answer = questions.answer_yes if helpful else questions.answer_no
    assert await answer(spoken, told, {}) == []
    assert said(spoken) == [response]
    assert await uses(database) == ((use,), 0)


@pytest.mark.parametrize("after", ["utter_greet", "utter_article_in_between", None])
async def test_a_yes_to_something_else_rates_nothing(
    questions: Questions, database: Database, chat: str, after: str | None
) -> None:
    question = customer(OAK, "ask_article")
    await questions.answer_question(dispatcher(), tracker(question, sender_id=chat), {})
    told = tracker(question, bot(after), customer("yes", "affirm", "turn-2"), sender_id=chat)
    for answer in (questions.answer_yes, questions.answer_no):
        spoken = dispatcher()
        await answer(spoken, told, {})
        assert said(spoken) == ["utter_what_else"]
    assert (await uses(database))[0] == (ArticleUse("care-oak", 1, 0, 0),)


def test_a_link_is_relative_without_an_address_and_leads_elsewhere_when_it_must() -> None:
    article = load_articles()[0]
    assert link_to(article, "") == f"/help/{article.slug}"
    away = replace(article, link="https://example.org/x")
    assert link_to(away, "https://chat.example.org") == "https://example.org/x"


def test_without_weights_the_log_says_that_words_decide_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        library = open_library(Settings(var=tmp_path, models=tmp_path))
    assert library.index.method is Method.WORDS
    assert "by shared words alone" in caplog.text
    assert "parley models pull encoder" in caplog.text


# vectors


class CountingEncoder:
    """A stand-in: the length and the first letter of each text; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


def test_vectors_are_made_once_for_each_text_and_model(tmp_path: Path) -> None:
    encode, path = CountingEncoder(), tmp_path / "deep" / "vectors.npz"
    first = KeptVectors(path, encode, "m1")(["oak", "pine"])
    again = KeptVectors(path, encode, "m1")(["marble", "oak"])
    assert encode.asked == ["oak", "pine", "marble"]
    assert again.tolist() == [[6.0, float(ord("m"))], first[0].tolist()]
    KeptVectors(path, encode, "m2")(["oak"])
    assert encode.asked[3:] == ["oak"]
    KeptVectors(path, encode, "m1")(["pine"])  # what no article says any more is forgotten
    assert encode.asked[4:] == ["pine"]
    assert [file.name for file in path.parent.iterdir()] == ["vectors.npz"]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_made_anew_and_the_log_says_so(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        made = KeptVectors(path, CountingEncoder(), "m")(["oak"])
    assert made.shape == (1, 2)
    assert "is made anew" in caplog.text
    assert KeptVectors(path, CountingEncoder(), "m")(["oak"]).tolist() == made.tolist()


async def test_a_short_question_about_it_is_read_with_the_one_before(
    questions: Questions, chat: str
) -> None:
    spoken, before = dispatcher(), customer("do you take old furniture away?", turn="1")
    talk = tracker(
        before, bot("utter_article"), customer("how much is that", turn="2"), sender_id=chat
    )
    await questions.answer_question(spoken, talk, {})
    assert "costs £25 for a mattress" in spoken.messages[0].get("passage", str(spoken.messages))


async def test_a_short_question_about_nothing_before_stands_alone(
    questions: Questions, chat: str
) -> None:
    spoken = dispatcher()
    talk = tracker(customer("how much is that", turn="2"), sender_id=chat)
    assert not await questions.try_answer(spoken, talk)


@pytest.mark.parametrize(
    ("subject", "slug"), [("return", "returning-large-items"), (None, "pre-orders")]
)
async def test_a_question_that_leans_on_a_matter_is_read_with_it(
    questions: Questions, chat: str, subject: str | None, slug: str
) -> None:
    asked = customer("and do I have to pay for collection?", "ask_article", turn="1")
    spoken = dispatcher()
    talk = tracker(asked, sender_id=chat, last_subject=subject)
    await questions.answer_question(spoken, talk, {})
    assert spoken.messages[0]["custom"] == {"parley": "article", "slug": slug}
