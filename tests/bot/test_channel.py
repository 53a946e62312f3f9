"""The contract of bot/channel.py over HTTP, failures included."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from core.ids import new_id
from store import identity
from store.database import Database
from tests.bot.conftest import Visitor
from tests.servers import RasaServer

pytestmark = pytest.mark.rasa

CANARY = "wombat"


async def test_health(visitor: Visitor) -> None:
    async with visitor.http.get(f"{visitor.url}/") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_messages_have_text_buttons_and_custom(visitor: Visitor) -> None:
    (greeting,) = await visitor.say("hello")
    assert set(greeting) == {"text", "buttons", "custom"}
    assert greeting["buttons"][0] == {"title": "Where is my order?", "payload": "/order_status"}
    assert greeting["custom"] is None
    (handoff,) = await visitor.press("/ask_person")
    assert (handoff["text"], handoff["buttons"]) == (None, [])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": CANARY * 1000},
        {"text": CANARY, "button": "/help"},
        {"button": "/restart"},
        {"button": f"/{CANARY}"},
        {"button": CANARY},
        {"text": "hi", "slots": {CANARY: 1}},
        {"text": "hi", "conversation": CANARY + "/.."},
        {"text": "hi", "replies_to": [CANARY]},
    ],
    ids=range(10),
)
async def test_a_bad_request_is_400(visitor: Visitor, body: dict[str, object]) -> None:
    status, answer = await visitor.post(**body)
    assert (status, answer["error"]["code"]) == (400, "bad_request")
    assert CANARY not in str(answer)


async def test_broken_json_and_unknown_routes_are_statuses(visitor: Visitor) -> None:
    async with visitor.http.post(f"{visitor.url}/turns", data=f'{{"text": "{CANARY}') as answer:
        assert answer.status == 400
        assert CANARY not in await answer.text()
    async with visitor.http.get(f"{visitor.url}/turns") as answer:
        assert answer.status == 405


async def test_a_repeated_turn_gets_the_stored_answer(visitor: Visitor) -> None:
    turn = new_id()
    (first,) = await visitor.say("asdkjh qwlekj", turn=turn)
    assert "the things I can do" in first["text"] or "what you mean" in first["text"]
    # had it run again, it would be the second in a row, and a person offered
    assert await visitor.say("asdkjh qwlekj", turn=turn) == [first]
    assert "Shall I get a person" in (await visitor.say("play some music"))[0]["text"]


async def test_a_turn_id_used_for_other_words_is_409(visitor: Visitor) -> None:
    turn = new_id()
    await visitor.say("hello", turn=turn)
    status, answer = await visitor.post(text=CANARY, turn=turn)
    assert (status, answer["error"]["code"]) == (409, "turn_conflict")
    status, _ = await replace(visitor, conversation=new_id()).post(text="hello", turn=turn)
    assert status == 200  # turn ids count within their conversation


async def test_the_same_turn_at_once_runs_once(visitor: Visitor, shop_database: Database) -> None:
    turn = new_id()
    answers = await asyncio.gather(
        *(visitor.say("10442 LS6 2AB", turn=turn) for _ in range(4)),
    )
    assert all(answer == answers[0] for answer in answers)
    # one failed lookup was counted, so two more are answered plainly until the third offers
    assert "I cannot find" in (await visitor.say("10442 LS6 2AC"))[0]["text"]
    assert "Shall I get a person" in (await visitor.say("10442 LS6 2AD"))[0]["text"]


async def test_slots_are_set_before_the_message(visitor: Visitor) -> None:
    (handoff,) = await visitor.say("a person please", slots={"last_order": "HP-10517"})
    assert handoff["custom"]["facts"] == {"order_number": "HP-10517"}


async def test_a_reply_is_about_the_order_in_what_it_replies_to(visitor: Visitor) -> None:
    told = "Order HP-10442 is on its way."
    taken, asked = await visitor.say("where is this one?", replies_to=told)
    assert "about order HP-10442, as in the message you replied to" in taken["text"]
    assert "postcode" in asked["text"]


async def test_delete_forgets_the_conversation(visitor: Visitor) -> None:
    turn = new_id()
    await visitor.say("where is my order", turn=turn)
    assert await visitor.leave() == 204
    assert await visitor.leave() == 204
    # the form is gone, and the turn id is free again
    (answer,) = await visitor.say("when are you open?", turn=turn)
    assert "open Monday" in answer["text"]


async def test_a_dead_action_server_is_503_and_the_retry_is_clean(
    visitor: Visitor, rasa_server: RasaServer, shop_database: Database
) -> None:
    await visitor.say("where is HP-10442?")
    turn = new_id()
    rasa_server.actions.stop()
    try:
        status, answer = await visitor.post(text="BN1 4GH", turn=turn)
    finally:
        rasa_server.actions.start()
    assert (status, answer["error"]["code"]) == (503, "actions_away")
    sentence, survey = await visitor.say("BN1 4GH", turn=turn)
    assert "It is on its way" in sentence["text"]
    assert survey["custom"]["parley"] == "survey"
    async with shop_database.reading() as session:
        assert await identity.shown_in(session, visitor.conversation) == ("HP-10442",)


async def test_a_first_turn_that_fails_leaves_no_conversation(
    visitor: Visitor, rasa_server: RasaServer
) -> None:
    rasa_server.actions.stop()
    try:
        for _ in range(2):
            assert (await visitor.post(text="hello"))[0] == 503
    finally:
        rasa_server.actions.start()
    (greeting,) = await visitor.say("hello")
    assert "I am a bot" in greeting["text"]


async def test_an_action_that_fails_is_503(visitor: Visitor) -> None:
    """The store knows no such conversation, so its verification cannot be recorded."""
    stranger = replace(visitor, conversation=new_id())
    status, answer = await stranger.post(text=f"please track my parcel {CANARY} HP-10442 BN1 4GH")
    assert (status, answer["error"]["code"]) == (503, "action_failed")
    assert CANARY not in str(answer)


async def test_answers_survive_a_restart_of_rasa(visitor: Visitor, rasa_server: RasaServer) -> None:
    turn = new_id()
    first = await visitor.say("where is HP-10442?", turn=turn)
    rasa_server.rasa.stop()
    with pytest.raises(aiohttp.ClientError):
        await visitor.post(text="hello")
    rasa_server.rasa.start()
    assert await visitor.say("where is HP-10442?", turn=turn) == first
    assert "It is on its way" in (await visitor.say("BN1 4GH"))[0]["text"]


async def test_logs_at_debug_carry_no_words(visitor: Visitor, rasa_server: RasaServer) -> None:
    """Words, slots, a command, and a failure: none of them is in a log."""
    stranger = replace(visitor, conversation=new_id())
    await visitor.say(f"{CANARY}, where is HP-98761?")
    await visitor.say(f"{CANARY} ZE9 7QQ")
    await visitor.say(f'/order_status{{"order_number": "{CANARY}"}}')
    await visitor.press(f'/order_status{{"order_number": "{CANARY}"}}')
    await visitor.say("hello", slots={"last_order": CANARY})
    await visitor.post(text=CANARY, button=CANARY)
    assert (await stranger.post(text=f"please track my parcel {CANARY} HP-10442 BN1 4GH"))[0] == 503
    for log in (rasa_server.rasa.log, rasa_server.actions.log):
        lines = log.read_text(errors="replace")
        assert visitor.conversation in lines or stranger.conversation in lines  # ids are there
        for word in (CANARY, "98761", "ZE9", "7QQ"):
            assert word not in lines
