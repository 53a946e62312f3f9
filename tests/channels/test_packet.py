"""What an agent is told of a customer who was here before, and of what the bot has tried."""

from datetime import timedelta
from typing import Any

import pytest

from core.handoff import REASONS
from language.packet import NEXT_STEPS, Packet, PacketKind, packet_in
from store import identity
from tests.channels.stage import ORDER_ANSWER, Stage
from tests.channels.test_live import ANN


async def packet_of(stage: Stage, chat: str) -> Packet:
    return packet_in((await stage.handoff(chat)).packet or "[]")


def line_of(packet: Packet, kind: PacketKind) -> str:
    line = packet.line(kind)
    return line.text if line else ""


async def verify(stage: Stage, chat: str, turn: str) -> None:
    async with stage.room.database.writing() as session:
        await identity.record_verification(
            session, chat, "HP-10442", turn, now=stage.room.clock(), name="Rowan Sample"
        )


async def test_who_verified_is_named_and_the_turn_shown(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("HP-10442, BN1 4GH"))["conversation"]
        await stage.settle()
        await verify(stage, chat, "m1")
        await visitor.say("agent")
        await stage.settle()
        who = (await packet_of(stage, chat)).line(PacketKind.WHO)
    assert who is not None
    assert who.text == "Who: Rowan Sample, verified, order HP-10442"
    assert [one.turn for one in who.evidence] == ["m1"]


async def test_a_ticket_that_was_opened_and_why_a_person_is_wanted_are_told(stage: Stage) -> None:
    ended = {"parley": "survey", "about": "complain", "outcome": "resolved"}
    stage.bot.answers["the driver was rude"] = [
        {"text": "Your complaint is ticket T-20002.", "buttons": [], "custom": None},
        {"text": None, "buttons": [], "custom": ended},
    ]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("the driver was rude"))["conversation"]
        await stage.settle()
        await visitor.say("I want to speak to somebody about the price")
        await stage.settle()
        packet = await packet_of(stage, chat)
    assert "complain (resolved, ticket T-20002)" in line_of(packet, PacketKind.TRIED)
    assert "somebody about the price" in line_of(packet, PacketKind.SAID)


@pytest.mark.parametrize(
    ("hours", "who"),
    [
        (1, "Who: Rowan Sample, verified, order HP-10442"),
        (26, "Who: not verified"),  # another day of the house
    ],
)
async def test_who_verified_in_another_conversation_today_is_verified(
    stage: Stage, hours: float, who: str
) -> None:
    began = stage.room.clock().replace(hour=12)
    stage.room.clock = lambda: began
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        await verify(stage, first, "m1")
        await stage.command(first, "close", {"user": "ann"})
        stage.room.clock = lambda: began + timedelta(hours=hours)
        chat = (await visitor.say("it is about my lamp"))["conversation"]
        await stage.settle()
        await visitor.say("agent")
        await stage.settle()
        packet = await packet_of(stage, chat)
        summary = (await stage.handoff(chat)).summary or ""
    assert chat != first
    assert line_of(packet, PacketKind.WHO) == who
    assert ("(verified)" in summary) is (hours == 1)


def told(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"text": None, "buttons": [], "custom": message} for message in messages]


async def test_what_was_tried_names_the_turns_in_which_it_ended(stage: Stage) -> None:
    ended = {"parley": "survey", "about": "change_slot", "outcome": "refused"}
    stage.bot.answers["move it"] = [{"text": "Too late.", "buttons": []}, *told(ended)]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("move it"))["conversation"]
        await stage.settle()
        await visitor.say("agent")
        await stage.settle()
        tried = (await packet_of(stage, chat)).line(PacketKind.TRIED)
    assert tried is not None
    assert tried.text.startswith("Tried: change slot (refused)")
    assert "m1" in [one.turn for one in tried.evidence]


async def test_what_one_is_told_while_waiting_is_nothing_that_was_tried(stage: Stage) -> None:
    refused = "I am sorry, it is too late to change that."
    stage.bot.answers["move it"] = [{"text": refused, "buttons": []}]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("move it"))["conversation"]
        await stage.settle()
        for again in range(2):
            await visitor.say("agent")
            await stage.settle()
            tried = line_of(await packet_of(stage, chat), PacketKind.TRIED)
            assert tried == "Tried: “I am sorry, it is too late to change that.”", again
            await stage.command(chat, "take", ANN)
            await stage.command(chat, "return", {**ANN, "note": "done"})
            await stage.settle()


async def test_how_the_bot_keeps_its_place_is_not_told(stage: Stage) -> None:
    facts = {
        "order_number": "HP-10442", "task": "start_return", "confirm": "yes", "item": "*",
        "which": "2", "reason": "broken leg",
    }  # fmt: skip
    stage.bot.answers["help me"] = told(
        {"parley": "handoff", "reason": "order_change", "facts": facts}
    )
    async with stage.visitor() as visitor:
        chat = (await visitor.say("help me"))["conversation"]
        await stage.settle()
        gave = line_of(await packet_of(stage, chat), PacketKind.VALUES)
        summary = (await stage.handoff(chat)).summary or ""
    assert gave == "Gave: order number HP-10442; reason broken leg"
    assert summary.startswith(
        "Wants an order changed. Order HP-10442 (not verified). Task: start return. "
        "Reason: broken leg"
    )


def test_every_reason_has_a_name_and_those_with_a_step_are_sent() -> None:
    assert set(NEXT_STEPS) <= set(REASONS)
    assert set(REASONS) - set(NEXT_STEPS) == {"asked_for_person"}


async def test_scores_of_a_survey_are_no_last_words(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        chat = (await visitor.say("where is it"))["conversation"]
        question = await visitor.until("turn", id="bot:m1:1")
        await visitor.press(question["buttons"][1], id="p1")
        await visitor.until("turn", id="bot:p1:0")
        await visitor.ask("it took me ages to find the number")
        await visitor.ask("6")
        await visitor.say("agent")
        await stage.settle()
        handoff = await stage.handoff(chat)
    assert handoff.summary is not None
    assert handoff.summary.endswith("Last words: “it took me ages to find the number”")
    said = line_of(packet_in(handoff.packet or "[]"), PacketKind.SAID)
    assert "ages to find" in said
    assert "6" not in said
    assert "poor" not in said
