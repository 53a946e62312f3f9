"""What the articles answered is kept once a turn, rated by the customer, and counted."""

from datetime import UTC, datetime, timedelta

import pytest

from core.conversation import Channel
from core.intervals import share_interval
from core.knowledge import ArticleAnswer, ArticleUse
from core.people import Address, AddressKind
from store import conversations, knowledge
from store.database import Database
from store.erasure import erase_conversation

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)


def answer(
    conversation: str, turn: str, slug: str | None, *, at: datetime = NOW, score: float = 0.7
) -> ArticleAnswer:
    return ArticleAnswer(conversation, turn, slug, "Oiling" if slug else None, score, at)


@pytest.fixture
async def chat(database: Database) -> str:
    async with database.writing() as session:
        address = Address(AddressKind.WEB, "visitor-1")
        return (await conversations.open_chat(session, Channel.WEB, address, now=NOW)).id


async def test_a_turn_is_kept_once(database: Database, chat: str) -> None:
    async with database.writing() as session:
        assert await knowledge.record_answer(session, answer(chat, "t1", "care-oak"))
        assert not await knowledge.record_answer(session, answer(chat, "t1", "care-pine"))
        assert await knowledge.article_uses(session, since=LONG_AGO) == (
            ArticleUse("care-oak", 1, 0, 0),
        )


async def test_the_latest_answer_is_the_one_that_is_rated(database: Database, chat: str) -> None:
    async with database.writing() as session:
        assert await knowledge.rate_answer(session, chat, helpful=True) is None
        await knowledge.record_answer(session, answer(chat, "t1", "care-oak"))
        await knowledge.record_answer(session, answer(chat, "t2", "care-pine", score=0.9))
        await knowledge.record_answer(session, answer(chat, "t3", None, score=0.1))
        assert await knowledge.rate_answer(session, chat, helpful=True) == "care-pine"
        assert await knowledge.article_uses(session, since=LONG_AGO) == (
            ArticleUse("care-oak", 1, 0, 0),
            ArticleUse("care-pine", 1, 1, 0),
        )
        scores = await knowledge.scores_of(session, since=LONG_AGO)
        assert scores == ((0.7, None), (0.9, True))
        assert await knowledge.rate_answer(session, chat, helpful=False) == "care-pine"
        uses = await knowledge.article_uses(session, since=LONG_AGO)
        assert uses[1] == ArticleUse("care-pine", 1, 0, 1)


async def test_nobody_rates_another_conversation(database: Database, chat: str) -> None:
    async with database.writing() as session:
        await knowledge.record_answer(session, answer(chat, "t1", "care-oak"))
        assert await knowledge.rate_answer(session, "another", helpful=True) is None


async def test_counts_begin_where_they_are_asked_to(database: Database, chat: str) -> None:
    async with database.writing() as session:
        await knowledge.record_answer(session, answer(chat, "t1", "care-oak", at=LONG_AGO))
        await knowledge.record_answer(session, answer(chat, "t2", "care-oak"))
        await knowledge.record_answer(session, answer(chat, "t3", None, at=LONG_AGO))
        await knowledge.record_answer(session, answer(chat, "t4", None))
        since = NOW - timedelta(days=1)
        assert await knowledge.article_uses(session, since=since) == (
            ArticleUse("care-oak", 1, 0, 0),
        )
        assert await knowledge.unanswered(session, since=since) == 1
        assert await knowledge.unanswered(session, since=LONG_AGO) == 2


async def test_it_goes_with_its_conversation(database: Database, chat: str) -> None:
    async with database.writing() as session:
        await knowledge.record_answer(session, answer(chat, "t1", "care-oak"))
        await erase_conversation(session, chat, actor="test", now=NOW)
        assert await knowledge.article_uses(session, since=LONG_AGO) == ()


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # Brown, Cai and DasGupta's interval, worked by hand
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (80, 100, 0.7112, 0.8666),
    ],
)
def test_a_share_carries_its_interval(part: int, whole: int, low: float, high: float) -> None:
    found = share_interval(part, whole)
    assert found is not None
    assert found == pytest.approx((low, high), abs=0.0001)


def test_a_share_of_nothing_has_none() -> None:
    assert share_interval(0, 0) is None
