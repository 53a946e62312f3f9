"""The live part: commands go to the chat service, its refusals come back in words."""

import json

import pytest

from console.live import AWAY, LiveCommands
from core.conversation import Channel, Event, EventKind, Role, Turn
from core.errors import Unavailable
from core.handoff import Holder
from core.inbox import WorkQueue
from store import audit, conversations, handoffs, outbox, work_queues
from tests.console.conftest import START, House, store_chat
from tests.console.test_scorecards import FORM


async def test_the_page_of_a_waiting_chat_begins_with_the_summary(house: House) -> None:
    waiting = await store_chat(house)
    house.clock.pass_seconds(125)
    _, text = await house.get("ann", f"/conversations/{waiting}")
    top = text.split('class="handoff"', 1)[1].split("</section>", 1)[0]
    assert 'A customer has been waiting for <span id="since">2 min</span>' in top
    assert "Wants to know where order HP-10442 is." in top
    assert "Take it" in top
    assert text.index('class="handoff"') < text.index('id="turns"')
    assert 'id="answer"' not in text


async def test_who_holds_it_can_answer_transfer_hand_back_and_close(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    _, mine = await house.get("ann", f"/conversations/{held}")
    for action in ("say", "transfer", "return", "close"):
        assert f'action="/conversations/{held}/{action}"' in mine
    assert "Ben – away</option>" in mine
    assert "Ann – away</option>" not in mine
    assert "Sam – away</option>" not in mine  # a supervisor who is no agent answers nobody
    _, other = await house.get("sam", f"/conversations/{held}")
    assert "Ann has this conversation" in other
    assert 'id="answer"' not in other


@pytest.mark.parametrize("who", ["sam", "olga"])
async def test_what_a_colleague_holds_can_be_freed_by_who_sees_all(house: House, who: str) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    _, page = await house.get(who, f"/conversations/{held}")
    assert "Take it from Ann" in page
    for command in ("take", "transfer", "return", "close"):
        assert f'action="/conversations/{held}/{command}"' in page
        form = {"note": "all is done"} if command == "return" else {}
        status, _, _ = await house.post(who, f"/conversations/{held}/{command}", form)
        assert status == 303
        told, body = house.chat.told[-1]
        assert (told, body["user"]) == (command, house.people[who].id)
    assert "Ben – away</option>" in page
    assert "Ann – away</option>" not in page  # she has it already
    assert f'action="/conversations/{held}/say"' not in page
    assert (await house.get("ben", f"/conversations/{held}"))[0] == 409


async def test_an_answer_that_was_not_sent_is_not_lost_by_closing(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="sam")
    path = f"/conversations/{held}"
    assert 'id="drop" hidden' in (await house.get("sam", path))[1]
    await house.post("sam", f"{path}/draft", {"text": "Your lamp is on"})
    _, page = await house.get("sam", path)
    assert 'id="drop" ><input type="checkbox" name="drop" value="yes" required>' in page
    status, text, _ = await house.post("sam", f"{path}/close", script=True)
    assert (status, "You have written an answer that is not sent" in text) == (400, True)
    assert house.chat.told == []
    assert "Your lamp is on</textarea>" in (await house.get("sam", path))[1]
    assert (await house.post("sam", f"{path}/close", {"drop": "yes"}))[0] == 303
    assert [command for command, _ in house.chat.told] == ["close"]
    assert "Your lamp is on" not in (await house.get("sam", path))[1]


async def test_an_old_draft_of_who_has_it_no_more_stops_nobody(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    await house.post("sam", f"/conversations/{held}/draft", {"text": "from before"})
    assert (await house.post("sam", f"/conversations/{held}/close"))[0] == 303


def asks(page: str, action: str) -> bool:
    """Whether the form stands behind a question: folded in, with words beside its button."""
    (found,) = [one for one in page.split("<details") if f'action="{action}"' in one]
    return found.startswith(' class="ask"') and "</details>" in found and "<p>" in found


async def test_what_cannot_be_had_back_is_asked_first(house: House, call_id: str) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    ann = house.people["ann"].id
    async with house.database.writing() as session:
        await work_queues.add(session, WorkQueue("Billing"))
    assert (await house.post("sam", "/scorecards/import", {"text": FORM}))[0] == 303
    for who, path, action in (
        ("ann", f"/conversations/{held}", f"/conversations/{held}/close"),
        ("sam", f"/conversations/{call_id}", f"/conversations/{call_id}/swap"),
        ("olga", "/users", f"/users/{ann}/active"),
        ("sam", "/inbox/people", "/inbox/queues/delete"),
        ("sam", "/scorecards/small/1", "/scorecards/small/1/delete"),
    ):
        _, page = await house.get(who, path)
        assert asks(page, action), path
    assert "the 1 conversation they hold goes back" in (await house.get("olga", "/users"))[1]


@pytest.mark.parametrize(
    "command, form, sent",
    [
        ("take", {}, {"name": "Ann"}),
        ("say", {"turn": "t9", "text": " Hello\r\nthere "},
         {"name": "Ann", "turn": "t9", "text": "Hello\nthere"}),
        ("transfer", {"to": ""}, {"to": None, "queue": None, "note": None}),
        ("transfer", {"to": "queue:Billing", "note": " knows it "},
         {"to": None, "queue": "Billing", "note": "knows it"}),
        ("return", {"note": "refund is on its way"}, {"note": "refund is on its way"}),
        ("close", {}, {}),
        ("pause-recording", {}, {}),
        ("resume-recording", {}, {}),
    ],
)  # fmt: skip
async def test_commands_reach_the_chat_service(
    house: House, command: str, form: dict[str, str], sent: dict[str, str | None]
) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    async with house.database.writing() as session:
        await work_queues.add(session, WorkQueue("Billing"))
    status, text, _ = await house.post("ann", f"/conversations/{held}/{command}", form, script=True)
    assert status == 200
    assert house.chat.told == [(command, {"user": house.people["ann"].id, **sent})]
    answer = json.loads(text)
    assert (answer["holder"], answer["is_mine"]) == ("person", True)
    assert len(answer["next_turn"]) == 30
    status, _, location = await house.post("ann", f"/conversations/{held}/{command}", form)
    assert (status, location) == (303, f"/conversations/{held}")


async def test_who_comes_second_is_told_who_was_first(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    for command in ("take", "close"):
        path = f"/conversations/{held}/{command}"
        status, text, _ = await house.post("ben", path, script=True)
        message = json.loads(text)["error"]["message"]
        assert (status, message) == (409, "Ann has this conversation.")
    assert house.chat.told == []


async def test_what_was_passed_on_leads_back_to_the_list(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    ben = house.people["ben"].id

    async def pass_on() -> None:
        async with house.database.writing() as session:
            state = await handoffs.get(session, held)
            await handoffs.move(session, state, Holder.PERSON, now=START, agent=ben)

    house.chat.then = pass_on
    status, _, location = await house.post("ann", f"/conversations/{held}/transfer", {"to": ben})
    assert (status, location) == (303, "/inbox")


async def test_a_transfer_goes_to_a_colleague_who_is_there(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    ben = house.people["ben"].id
    path = f"/conversations/{held}/transfer"
    assert (await house.post("ann", path, {"to": ben}))[0] == 303
    sent = {"user": house.people["ann"].id, "to": ben, "queue": None, "note": None}
    assert house.chat.told == [("transfer", sent)]
    assert (await house.post("ann", path, {"to": "queue:Nowhere"}))[0] == 404
    assert (await house.post("ann", path, {"to": "nobody"}))[0] == 404
    await house.post("olga", f"/users/{ben}/active", {"active": "no"})
    status, text, _ = await house.post("ann", path, {"to": ben})
    assert (status, "does not work here" in text) == (400, True)


@pytest.mark.parametrize(
    "text, turn, error",
    [
        ("", "t", "Write something"),
        (" \n ", "t", "Write something"),
        ("x" * 2001, "t", "longer than 2000"),
        ("hello", "", "an id is"),
        ("hello", "../x", "an id is"),
    ],
)
async def test_an_answer_that_cannot_be_sent_is_refused_here(
    house: House, text: str, turn: str, error: str
) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    path = f"/conversations/{held}/say"
    status, answer, _ = await house.post("ann", path, {"text": text, "turn": turn}, script=True)
    assert status == 400
    assert error in json.loads(answer)["error"]["message"]
    assert house.chat.told == []


@pytest.mark.parametrize(
    "status, message, shown, got",
    [
        (409, "Ben has this conversation", "Ben has this conversation", 409),
        (404, "no such conversation", "no such conversation", 404),
        (400, "too long", "too long", 400),
        (500, "traceback", AWAY, 503),
    ],
)
async def test_a_refusal_comes_back_in_words(
    house: House, status: int, message: str, shown: str, got: int
) -> None:
    waiting = await store_chat(house)
    house.chat.status, house.chat.message = status, message
    path = f"/conversations/{waiting}/take"
    answered, text, _ = await house.post("ann", path, script=True)
    assert (answered, json.loads(text)["error"]["message"]) == (got, shown)
    answered, text, _ = await house.post("ann", path)
    assert (answered, shown in text) == (got, True)


@pytest.mark.parametrize(
    ("code", "heading"),
    [("overtaken", "Somebody was first"), ("conflict", "This cannot be done")],
)
async def test_the_heading_of_a_refusal_fits_its_cause(
    house: House, code: str, heading: str
) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    house.chat.status, house.chat.code, house.chat.message = 409, code, "not now"
    status, text, _ = await house.post("ann", f"/conversations/{held}/close")
    assert (status, f"<h1>{heading}</h1>" in text, "not now" in text) == (409, True, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://nowhere.invalid"])
async def test_a_chat_service_that_is_away_is_told_in_words(url: str) -> None:
    live = LiveCommands(url, "x")
    with pytest.raises(Unavailable, match="did not answer") as caught:
        await live.take("c", user="u", name="Ann")
    assert caught.value.retryable
    await live.close()


async def test_a_wrong_secret_is_told_in_words(house: House) -> None:
    waiting = await store_chat(house)
    house.chat.secret = "another"
    status, text, _ = await house.post("ann", f"/conversations/{waiting}/take", script=True)
    assert status == 503
    assert "PARLEY_LIVE_SECRET" in json.loads(text)["error"]["message"]


async def test_new_turns_come_with_their_delivery_and_the_holder(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    ann = house.people["ann"]
    async with house.database.writing() as session:
        said = Turn("t9", Role.AGENT, "Hello <b>", START, author="Ann")
        await conversations.append_turn(session, held, said, now=START, agent_id=ann.id)
        await outbox.enqueue(session, held, "t9", now=START)
        await outbox.mark_sent(session, held, "t9", now=START)
    status, text = await house.get("ann", f"/conversations/{held}/turns?after=1")
    answer = json.loads(text)
    assert status == 200
    assert answer["turns"] == [
        {"position": 2, "id": "t9", "role": "agent", "who": "Ann", "quote": None,
         "text": "Hello <b>", "time": "19:43", "at": "2026-11-21T19:43:00+00:00"}
    ]  # fmt: skip
    assert answer["since"] == "0 s"
    assert answer["deliveries"] == {"t9": "sent"}
    assert (answer["holder"], answer["held_by"], answer["version"]) == ("person", "Ann", 3)
    _, page = await house.get("ann", f"/conversations/{held}")
    assert '<p class="delivery" >sent</p>' in page
    _, text = await house.get("ann", f"/conversations/{held}/turns?after=2")
    assert json.loads(text)["turns"] == []
    assert (await house.get("ann", f"/conversations/{held}/turns?after=x"))[0] == 400


async def test_reading_along_is_audited_once_not_every_two_seconds(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    for _ in range(3):
        await house.get("sam", f"/conversations/{held}/turns")
    house.clock.pass_seconds(1801)
    await house.get("sam", f"/conversations/{held}/turns")
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, held)
        assert [row.action for row in rows] == ["conversation.read"] * 2
        assert (await handoffs.get(session, held)).holder is Holder.PERSON


async def test_a_call_is_paused_from_its_page_and_nothing_is_written_there(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann", channel=Channel.VOICE)
    pause = f'action="/conversations/{held}/pause-recording"'
    _, mine = await house.get("ann", f"/conversations/{held}")
    assert "This call is being recorded" in mine
    assert pause in mine
    assert f'action="/conversations/{held}/say"' not in mine
    async with house.database.writing() as session:
        paused = Event(EventKind.RECORDING_PAUSED, START, "Ann")
        await conversations.add_event(session, held, paused)
    _, mine = await house.get("ann", f"/conversations/{held}")
    assert "The recording is paused" in mine
    assert f'action="/conversations/{held}/resume-recording"' in mine
    assert pause not in mine


async def test_a_chat_has_nothing_to_pause(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON, agent="ann")
    _, mine = await house.get("ann", f"/conversations/{held}")
    assert "pause-recording" not in mine
