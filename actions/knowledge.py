"""Answering questions out of the help articles."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    intent,
    last_responses,
    said_before,
    said_well,
    turn_id,
)
from actions.following import is_more_of_it, leans_on, speaks_of_it
from actions.meaning import begins_task
from actions.person import answer_no, answer_yes
from actions.small_talk import SmallTalk, fall_back
from actions.state import read_state
from actions.subjects import FITTING, ORDER, RETURN
from actions.tasks import ALL
from actions.vectors import KeptVectors, name_weights
from core.errors import ModelUnavailable
from core.knowledge import ArticleAnswer
from core.settings import Settings
from language.articles import Article, load_articles
from language.encoder import Encoder, find_folder
from language.retrieval import WORTH_NAMING, ArticleIndex, Match, texts_to_encode
from store.database import Database
from store.knowledge import rate_answer, record_answer

Events = list[dict[str, Any]]

ANSWER = "utter_article"  # asks whether that was what was needed
ANSWER_IN_BETWEEN = "utter_article_in_between"  # asks nothing: a task goes on, and a yes is its
ASKED = "ask_article"
NOTHING = "utter_no_article"
NOTHING_IN_BETWEEN = "utter_no_article_in_between"
PERHAPS = "utter_perhaps_articles"  # names articles, and offers a person
HELPED = "utter_article_helped"
MISSED = "utter_article_missed"

# What a short question leans on, in words of the articles, by the thing that is spoken of
ABOUT = {RETURN: "about my return", ORDER: "about my delivery", FITTING: "about the fitting"}
# The same by the task, where it says more than its thing
ABOUT_TASK = {"cancel_order": "about my refund", "start_return": "about my return"}
# Of a question read so: of the benchmark's unanswered ones, read as about a return, 21 % were above
# the articles' own threshold (14 % as they stand); only what leans on something is read so.
SURE_WITHIN = 0.6

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a passage of an article, and where the whole of it stands."""

    slug: str
    title: str
    heading: str
    text: str
    link: str
    score: float

    def said_in(self, response: str) -> dict[str, Any]:
        """What is uttered to tell it, and the mark by which channels know it for an article's."""
        return {
            "response": response,
            "passage": self.text,
            "title": self.title,
            "link": self.link,
            "json_message": {"parley": "article", "slug": self.slug},
        }


FindArticle = Callable[[str], Awaitable[Found | None]]


@dataclass(frozen=True, slots=True)
class Library:
    """The articles, searched; `chat_url` is where customers find their pages."""

    index: ArticleIndex
    chat_url: str = ""

    async def find(self, question: str) -> Found | None:
        """The answer, or None when no article is likely enough to have it."""
        found = await self.nearest(question, count=1)
        return found[0] if found and found[0].score >= self.index.model.threshold else None

    async def nearest(self, question: str, *, count: int = 3) -> tuple[Found, ...]:
        """The likeliest articles, however unlikely, best first; none for an empty question."""
        matches = await asyncio.to_thread(self.index.find, question, count=count)
        return tuple(self._found(match) for match in matches)

    def _found(self, match: Match) -> Found:
        return Found(
            slug=match.article.slug,
            title=match.article.title,
            heading=match.section.heading,
            text=match.passage,
            link=link_to(match.article, self.chat_url),
            score=match.probability,
        )


@dataclass(frozen=True, slots=True)
class Questions:
    """What Rasa calls when a customer asks something general, and says whether it helped."""

    database: Database
    library: Library
    talk: SmallTalk | None = None  # tells the hours of a day that is named after those of another

    async def answer_question(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Answer out of an article; else name those that may, or say that none does.

        What only names another order or place asks for the last task once more.
        """
        if not _is_in_between(tracker) and begins_task(tracker, ALL):
            return [FollowupAction("task_form")]
        if self._tell_hours(dispatcher, tracker) or await self.try_answer(dispatcher, tracker):
            return []
        if _is_in_between(tracker):
            dispatcher.utter_message(response=NOTHING_IN_BETWEEN)
            return []
        nearest = await self.library.nearest(said_well(tracker))
        named = [f"{one.title}: {one.link}" for one in nearest if one.score >= WORTH_NAMING]
        if named:
            dispatcher.utter_message(response=PERHAPS, articles="\n".join(named))
        else:
            dispatcher.utter_message(response=NOTHING)
        return []

    def _tell_hours(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
        told = self.talk.hours_again(tracker) if self.talk else None
        if told is not None:
            dispatcher.utter_message(**told)
        return told is not None

    async def try_answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
        """Answer out of an article; False, and nothing said, when none is likely enough."""
        nearest = await self._nearest(tracker)
        if not nearest:
            return False
        found, is_likely = nearest[0], nearest[0].score >= self.library.index.model.threshold
        if is_likely or intent(tracker) == ASKED:  # what was not understood may be no question
            await self._keep(tracker, found, is_answer=is_likely)
        if is_likely:
            response = ANSWER_IN_BETWEEN if _is_in_between(tracker) else ANSWER
            dispatcher.utter_message(**found.said_in(response))
        return is_likely

    async def _nearest(self, tracker: Tracker) -> tuple[Found, ...]:
        """The likeliest article; 'and on Sundays?', 'how much is that' with the question before."""
        question = said_well(tracker)
        own = await self.library.nearest(question, count=1)
        state = read_state(tracker.slots)
        task = state.task or state.last_task or ""
        about = ABOUT_TASK.get(task) or ABOUT.get(state.subject or "")
        if about is not None and leans_on(question):
            within = await self.library.nearest(f"{about}: {question}", count=1)
            if within and within[0].score >= max(SURE_WITHIN, own[0].score if own else 0.0):
                return within
        if ANSWER not in last_responses(tracker):
            return own
        is_answered = bool(own) and own[0].score >= self.library.index.model.threshold
        if is_more_of_it(question) or (speaks_of_it(question) and not is_answered):
            both = await self.library.nearest(f"{said_before(tracker)} {question}", count=1)
            if both and both[0].score >= self.library.index.model.threshold:
                return both
        return own

    async def fall_back(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """What was not understood may still be a question that an article answers."""
        if self._tell_hours(dispatcher, tracker) or await self.try_answer(dispatcher, tracker):
            return []
        return await fall_back(dispatcher, tracker, domain)

    async def answer_yes(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """A yes to "was this what you needed?" is kept; others go their way."""
        if await self._take_feedback(dispatcher, tracker, helpful=True):
            return []
        return await answer_yes(dispatcher, tracker, domain)

    async def answer_no(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """A no to it is kept too."""
        if await self._take_feedback(dispatcher, tracker, helpful=False):
            return []
        return await answer_no(dispatcher, tracker, domain)

    async def _take_feedback(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, *, helpful: bool
    ) -> bool:
        """Keep whether the answer helped, when the bot has just asked that; else False."""
        if ANSWER not in last_responses(tracker):
            return False
        async with self.database.writing() as session:
            slug = await rate_answer(session, tracker.sender_id, helpful=helpful)
        if slug is None:
            return False
        dispatcher.utter_message(response=HELPED if helpful else MISSED)
        return True

    async def _keep(self, tracker: Tracker, found: Found, *, is_answer: bool) -> None:
        answer = ArticleAnswer(
            conversation=tracker.sender_id,
            turn=turn_id(tracker),
            slug=found.slug if is_answer else None,
            passage=found.heading if is_answer else None,
            score=found.score,
            at=datetime.now(UTC),
        )
        async with self.database.writing() as session:
            await record_answer(session, answer)


def open_library(settings: Settings) -> Library:
    """Read and index the articles; without the encoder's weights, by words alone, and say so.

    Raises:
        BadArticle: naming file and line.
    """
    articles = load_articles(settings.knowledge)
    return Library(_index(settings, articles), settings.chat_url)


def link_to(article: Article, chat_url: str) -> str:
    """Where a customer reads the whole article."""
    return article.link or f"{chat_url.rstrip('/')}/help/{article.slug}"


def _is_in_between(tracker: Tracker) -> bool:
    return bool((tracker.active_loop or {}).get("name"))


def _index(settings: Settings, articles: Sequence[Article]) -> ArticleIndex:
    folder = find_folder(settings.models, settings.encoder_model)
    try:
        encode = Encoder(folder)
    except ModelUnavailable as error:
        logger.warning("articles are found by shared words alone: %s", error)
        return ArticleIndex(articles)
    kept = KeptVectors(settings.var / "article_vectors.npz", encode, name_weights(folder))
    return ArticleIndex(articles, encode, vectors=kept(texts_to_encode(articles)))
