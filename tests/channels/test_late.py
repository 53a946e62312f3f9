"""Answers to the survey of a conversation that another has followed."""

from datetime import timedelta

import pytest

from core.handoff import Holder
from tests.channels.stage import MENU, ORDER_ANSWER, Json, Stage, Visitor

STATEMENT: list[Json] = [{"text": "It is open until six.", "buttons": []}]
QUESTION: list[Json] = [{"text": "How many are there?", "buttons": []}]


async def asked_and_followed(
    stage: Stage, visitor: Visitor, answer: list[Json], *, days: int = 2
) -> tuple[str, Json, str]:
    """A conversation that closed with its question open, and one that followed `days` later."""
    stage.bot.answers["where is it"] = ORDER_ANSWER
    stage.bot.answers["something else"] = answer
    first = (await visitor.say("where is it"))["conversation"]
    question = await visitor.until("turn", scale="csat")
    await stage.settle()
    await stage.command(first, "close", {"user": "ann"})
    now = stage.room.clock()
    stage.room.clock = lambda: now + timedelta(days=days)
    second = (await visitor.say("something else"))["conversation"]
    await stage.settle()
    assert second != first
    return first, question, second


async def scores(stage: Stage, conversation: str) -> list[int | None]:
    return [given.score for given in await stage.responses(conversation)]


@pytest.mark.parametrize(
    ("answer", "text", "counts"),
    [
        (STATEMENT, "5", True),
        (STATEMENT, "five stars", True),
        (STATEMENT, "5/5", True),
        (STATEMENT, "no thanks", False),  # said to what was read last
        (STATEMENT, "pretty good", False),  # to be read back, and there is nothing to read back to
        (STATEMENT, "9", False),
        (STATEMENT, "agent", False),
        (QUESTION, "5", False),  # that is how many there are
        (MENU, "2", False),  # a choice of what is shown
    ],
)
async def test_a_sure_score_counts_where_nothing_else_is_asked(
    stage: Stage, answer: list[Json], text: str, counts: bool
) -> None:
    async with stage.visitor() as visitor:
        first, _, second = await asked_and_followed(stage, visitor, answer)
        ack = await visitor.say(text)
        await stage.settle()
        assert ack["conversation"] == (first if counts else second)
        assert await scores(stage, first) == ([5] if counts else [])
        assert (await stage.handoff(first)).holder is Holder.CLOSED
        assert (await stage.handoff(second)).holder is not Holder.CLOSED


async def test_a_button_counts_whatever_is_asked_and_once(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        first, question, second = await asked_and_followed(stage, visitor, QUESTION)
        four, five = question["buttons"][3:5]
        assert (await visitor.press(four, id="p1"))["conversation"] == first
        await stage.settle()
        assert (await visitor.press(four, id="p1"))["conversation"] == first  # sent once more
        assert (await visitor.press(five, id="p2"))["conversation"] == first
        await stage.settle()
        assert await scores(stage, first) == [4]
        turns = (await stage.conversation(first)).turns
        assert [turn.id for turn in turns].count("p1") == 1
        asked = [turn.text for turn in (await stage.conversation(second)).turns]
        assert asked == ["something else", "How many are there?"]


async def test_a_low_score_that_comes_late_still_makes_an_offer(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        first, question, _ = await asked_and_followed(stage, visitor, QUESTION)
        await visitor.press(question["buttons"][0], id="p1")
        await stage.settle()
        said = [turn.text for turn in (await stage.conversation(first)).turns]
    assert any("get a person for you" in text for text in said)


@pytest.mark.parametrize("days", [3, 4])
async def test_after_the_time_of_the_rules_nothing_counts(stage: Stage, days: int) -> None:
    async with stage.visitor() as visitor:
        first, _, second = await asked_and_followed(stage, visitor, STATEMENT, days=days)
        assert (await visitor.say("5"))["conversation"] == second
        await stage.settle()
    assert await scores(stage, first) == []


async def test_what_a_person_reads_is_said_to_them(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        first, _, second = await asked_and_followed(stage, visitor, STATEMENT)
        await stage.command(second, "take", {"user": "ann", "name": "Ann"})
        assert (await visitor.say("5"))["conversation"] == second
        await stage.settle()
    assert await scores(stage, first) == []


async def test_it_counts_after_the_second_has_ended_as_well(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        first, _, second = await asked_and_followed(stage, visitor, STATEMENT)
        await stage.command(second, "close", {"user": "ann"})
        assert (await visitor.say("4"))["conversation"] == first
        await stage.settle()
    assert await scores(stage, first) == [4]


async def test_the_question_that_was_asked_last_is_the_one_that_is_answered(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        first, _, second = await asked_and_followed(stage, visitor, ORDER_ANSWER)
        assert (await visitor.say("3"))["conversation"] == second
        await stage.settle()
        assert (await scores(stage, first), await scores(stage, second)) == ([], [3])
