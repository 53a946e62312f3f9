"""Numbers, letters and titles typed back: what they mean where several things are asked at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.twilio.letter import split
from core.conversation import Channel
from core.handoff import Holder
from tests.channels.stage import ORDER_ANSWER
from tests.channels.twilio.post import Post, posting


async def surveyed(var: Path, questions: str, why: str = "") -> AsyncIterator[Post]:
    rules = var / "surveys.yml"
    rules.write_text(
        f"ask:\n  - after: task\n    questions: {questions}\n    share: {{sms: 1}}\n{why}"
    )
    async with posting(var, surveys=str(rules)) as post:
        post.stage.bot.answers["where"] = ORDER_ANSWER
        await post.say("where", door="")
        yield post


@pytest.fixture
async def asks_why(tmp_path: Path) -> AsyncIterator[Post]:
    async for post in surveyed(tmp_path, "[csat]", "why: {csat: 2}\n"):
        yield post


@pytest.fixture
async def asks_twice(tmp_path: Path) -> AsyncIterator[Post]:
    async for post in surveyed(tmp_path, "[csat, nps]"):
        yield post


async def test_an_offer_beside_a_question_in_words_has_numbers(asks_why: Post) -> None:
    why, offer = await asks_why.say("1", door="")
    assert why.endswith("Or reply SKIP.")
    assert offer.endswith(
        "Reply 1 for Talk to a person, 2 for Call me back or 3 for No, thank you."
    )
    await asks_why.say("1", door="")
    chat = await asks_why.find(Channel.SMS)
    assert (await asks_why.stage.handoff(chat)).holder is Holder.WAITING
    told = await asks_why.say("it came late", door="")
    given = await asks_why.stage.responses(chat)
    assert [one.score for one in given][:1] == [1], told


async def test_an_offer_beside_a_scale_has_letters(asks_twice: Post) -> None:
    scale, offer = await asks_twice.say("2", door="")
    assert scale.endswith("Reply with a number from 0 to 10, or SKIP.")
    assert offer.endswith(
        "Reply A for Talk to a person, B for Call me back or C for No, thank you."
    )
    await asks_twice.say("2", door="")
    given = await asks_twice.stage.responses(await asks_twice.find(Channel.SMS))
    assert [(one.kind.value, one.score) for one in given] == [("csat", 2), ("nps", 2)]


@pytest.mark.parametrize("typed", ["a", "A.", "talk to a person"])
async def test_a_letter_is_the_choice_beside_a_scale(asks_twice: Post, typed: str) -> None:
    await asks_twice.say("2", door="")
    await asks_twice.say(typed, door="")
    chat = await asks_twice.find(Channel.SMS)
    assert (await asks_twice.stage.handoff(chat)).holder is Holder.WAITING


@pytest.mark.parametrize("typed", ["skip", "SKIP", "Skip."])
async def test_a_question_is_skipped_by_the_word(asks_twice: Post, typed: str) -> None:
    await asks_twice.say(typed, door="")
    given = await asks_twice.stage.responses(await asks_twice.find(Channel.SMS))
    assert [(one.kind.value, one.is_dismissed) for one in given] == [("csat", True)]


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("short", 10, ("short",)),
        ("", 10, ()),
        ("one two three", 8, ("one two", "three")),
        ("One. Two three", 9, ("One.", "Two three")),
        ("A. bbb ccc ddd", 10, ("A. bbb", "ccc ddd")),
        ("One two. Three", 9, ("One two.", "Three")),
        ("line one\nline two", 12, ("line one", "line two")),
        ("x" * 25, 10, ("x" * 10, "x" * 10, "x" * 5)),
        ("a " + "x" * 12, 10, ("a xxxxxxxx", "xxxx")),
    ],
)
def test_long_words_are_cut_where_it_hurts_least(
    text: str, longest: int, parts: tuple[str, ...]
) -> None:
    assert split(text, longest) == parts
