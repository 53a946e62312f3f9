"""What is said goes out once, in order, tried again where that may help, and reported in words."""

import asyncio
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from channels.twilio import carrier
from channels.twilio.carrier import PAUSES
from core.conversation import EventKind
from store import erasure
from store.outbox import Delivery
from tests.channels.stage import MENU, StandInBot
from tests.channels.twilio.post import CUSTOMER, Post, later, message, posting
from tests.channels.twilio.stand_in import APPROVED, PUBLIC_URL, Fault, StandInTwilio

DAY = timedelta(hours=24)


async def test_a_message_asks_for_reports_at_an_address_of_its_own(post: Post) -> None:
    await post.say("hello")
    await post.say("again")
    addresses = [sent["StatusCallback"] for sent in post.twilio.sent]
    assert len(set(addresses)) == 2
    assert all(one.startswith(f"{PUBLIC_URL}/twilio/status/") for one in addresses)
    assert [one.state for one in await post.reports()] == [Delivery.SENT] * 2


@pytest.mark.parametrize("fault", [Fault(429, 20429), Fault(500), Fault(503, retry_after=0)])
async def test_what_passes_is_tried_again(post: Post, fault: Fault) -> None:
    post.twilio.faults += [fault] * 3
    assert await post.say("hello") == ["bot: hello"]
    assert len(post.twilio.asked) == 4
    assert [one.state for one in await post.reports()] == [Delivery.SENT]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (21211, "no number that can be written to"),
        (21610, "written STOP"),
        (63024, "cannot be reached by WhatsApp"),
        (99999, "Twilio did not deliver it"),
    ],
)
async def test_what_is_refused_is_not_tried_again_and_says_why(
    post: Post, code: int, words: str
) -> None:
    post.twilio.refuses[f"whatsapp:{CUSTOMER}"] = code
    await post.say("hello")
    assert len(post.twilio.asked) == 1
    (told,) = await post.reports()
    assert told.state is Delivery.FAILED
    assert words in (told.reason or "")
    assert str(code) in (told.reason or "")
    (event,) = [e for e in (await post.conversation()).events
                if e.kind is EventKind.DELIVERY_FAILED]  # fmt: skip
    assert event.note == told.reason
    post.twilio.refuses.clear()
    assert await post.say("again") == ["bot: again"], "what comes behind goes out"


async def test_a_twilio_that_stays_away_is_given_up_after_an_hour(post: Post) -> None:
    post.twilio.faults += [Fault(500)] * (len(PAUSES) + 1)
    await post.say("hello")
    assert len(post.twilio.asked) == len(PAUSES) + 1
    (told,) = await post.reports()
    assert (told.state, "an hour" in (told.reason or "")) == (Delivery.FAILED, True)


def test_the_pauses_are_an_hour() -> None:
    assert sum(PAUSES) in (0, 3710)  # without pauses in tests
    assert len(PAUSES) == 7


async def test_turns_go_out_in_order_however_one_fails(post: Post) -> None:
    post.twilio.faults += [Fault(500), Fault(429, 20429)]
    await post.caller.post("/twilio/messages", message("one", sid="A"))
    await post.caller.post("/twilio/messages", message("two", sid="B"))
    await post.settle()
    assert [sent["Body"] for sent in post.twilio.sent] == ["bot: one", "bot: two"]


async def test_an_answer_that_is_lost_is_sent_again_unless_it_is_reported(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "PAUSES", (1.0,) * 7)
    post.twilio.faults.append(Fault(late=3.0, does_it=True))
    await post.caller.post("/twilio/messages", message("hello"))
    await post.stage.settle()
    async with asyncio.timeout(10):
        while not post.twilio.sent:
            await asyncio.sleep(0.05)
    assert await post.report(0, "queued") == 200
    await post.settle()
    assert len(post.twilio.asked) == 1, "Twilio has it, so it is not sent twice"
    assert [one.state for one in await post.reports()] == [Delivery.SENT]
    await post.report(0, "delivered")
    assert [one.state for one in await post.reports()] == [Delivery.DELIVERED]


async def test_an_answer_that_is_lost_and_never_heard_of_is_sent_again(post: Post) -> None:
    post.twilio.faults.append(Fault(late=3.0, status=500))
    assert await post.say("hello") == ["bot: hello"]
    assert len(post.twilio.asked) == 2


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        (["queued", "sent"], Delivery.SENT),
        (["sent", "delivered"], Delivery.DELIVERED),
        (["delivered", "sent", "queued"], Delivery.DELIVERED),
        (["read", "delivered", "sent"], Delivery.READ),
        (["sent", "sent", "delivered", "delivered"], Delivery.DELIVERED),
        (["failed", "sent"], Delivery.FAILED),
        (["delivered", "undelivered"], Delivery.DELIVERED),
        (["undelivered", "delivered"], Delivery.DELIVERED),
        (["a-new-one"], Delivery.SENT),
        ([""], Delivery.SENT),
    ],
)
async def test_reports_never_go_backwards(post: Post, statuses: list[str], shown: Delivery) -> None:
    await post.say("hello")
    for status in statuses:
        assert await post.report(0, status) == 200
    assert [one.state for one in await post.reports()] == [shown]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (63016, "more than 24 hours ago"),
        (30003, "switched off"),
        (30005, "does not exist"),
        (30006, "landline"),
        (21610, "STOP"),
        (None, "does not say why"),
    ],
)
async def test_a_failure_that_is_reported_later_is_told_in_words(
    post: Post, code: int | None, words: str
) -> None:
    await post.say("hello")
    await post.report(0, "undelivered", code=code)
    await post.report(0, "undelivered", code=code)
    (told,) = await post.reports()
    assert words in (told.reason or "")
    events = [event.kind for event in (await post.conversation()).events]
    assert events.count(EventKind.DELIVERY_FAILED) == 1
    assert len(post.twilio.asked) == 1


@pytest.mark.parametrize(
    "changed",
    [{"ErrorCode": "x"}, {"ErrorCode": "9" * 40}, {"MessageSid": ""}, {"New": "field"}],
)
async def test_odd_reports_break_nothing(post: Post, changed: dict[str, str]) -> None:
    await post.say("hello")
    assert await post.report(0, "delivered", changed=changed) == 200
    assert [one.state for one in await post.reports()] == [Delivery.DELIVERED]


async def test_a_report_on_nothing_we_know_is_left_alone(post: Post) -> None:
    for name in ("unknown", "x" * 99):
        status, _ = await post.caller.post(f"/twilio/status/{name}", {"MessageStatus": "sent"})
        assert status == 200
    status, _ = await post.caller.post("/twilio/status/%20", {"MessageStatus": "sent"})
    assert status == 400
    status, _ = await post.caller.post("/twilio/status/x", {"MessageStatus": "x" * 2**20})
    assert status == 413


async def test_a_long_answer_goes_out_in_parts_and_counts_as_one(post: Post) -> None:
    words = ". ".join(f"sentence {number} of a long story" for number in range(60))
    post.stage.bot.answers["hello"] = [{"text": words, "buttons": [], "custom": None}]
    told = await post.say("hello")
    assert len(told) == 2
    assert " ".join(told) == words
    assert all(part.endswith(".") for part in told[:-1])
    await post.report(0, "delivered")
    assert [one.state for one in await post.reports()] == [Delivery.SENT]
    await post.report(1, "delivered")
    assert [one.state for one in await post.reports()] == [Delivery.DELIVERED]


async def test_a_part_that_fails_for_now_leaves_the_others_sent_once(post: Post) -> None:
    words = "word " * 600
    post.stage.bot.answers["hello"] = [{"text": words, "buttons": [], "custom": None}]
    post.twilio.faults += [Fault(), Fault(500)]
    told = await post.say("hello")
    assert [len(part) for part in told] == [1599, 1399]
    assert len(post.twilio.asked) == 3


def menu(*titles: str, text: str = "Which?") -> list[dict[str, object]]:
    buttons = [{"title": title, "payload": f"/choose_{n}"} for n, title in enumerate(titles)]
    return [{"text": text, "buttons": buttons, "custom": None}]


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        (("Yes", "No"), "twilio/quick-reply"),
        (("a", "b", "c"), "twilio/quick-reply"),
        (("a", "b", "c", "d"), "twilio/list-picker"),
        (tuple("abcdefghij"), "twilio/list-picker"),
        (("just over twenty letters",), "twilio/list-picker"),
    ],
)
async def test_choices_are_tapped_on_whatsapp(
    post: Post, titles: tuple[str, ...], kind: str
) -> None:
    post.stage.bot.answers["hello"] = menu(*titles)
    await post.say("hello")
    await post.say("hello")
    assert len(post.twilio.contents) == 1, "a template serves every message of its shape"
    sid, made = next(iter(post.twilio.contents.items()))
    shape = made["types"][kind]
    items = shape.get("actions") or shape["items"]
    assert (shape["body"], len(items)) == ("{{1}}", len(titles))
    sent = post.twilio.sent[0]
    assert sent["ContentSid"] == sid
    assert "Body" not in sent
    variables = json.loads(sent["ContentVariables"])
    assert variables["1"] == "Which?"
    names = [item.get("title") or item["item"] for item in items]
    assert [variables[name.strip("{}")] for name in names] == list(titles)
    assert set(made["variables"]) == set(variables)
    assert not set(titles) & set(made["variables"].values()), "no words of ours stay at Twilio"
    await post.say("x", ButtonPayload=variables[items[1 % len(items)]["id"].strip("{}")])
    assert post.stage.bot.asked[-1]["button"] == f"/choose_{1 % len(items)}"


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (tuple("abcdefghijk"), "Which?"),
        (("x" * 25, "y"), "Which?"),
        (("a", "b"), "Two\nlines"),
        (("a", "b"), "x" * 1100),
    ],
)
async def test_what_cannot_be_tapped_is_numbered(
    post: Post, titles: tuple[str, ...], text: str
) -> None:
    post.stage.bot.answers["hello"] = menu(*titles, text=text)
    (told,) = await post.say("hello")
    assert told.startswith(f"{text}\n\nReply 1 for {titles[0]}")
    assert await post.say("2") == ["bot: /choose_1"]


async def test_what_is_numbered_already_stands_one_a_line(post: Post) -> None:
    titles = ("1. Thursday 3 December, 8 to 12", "2. Friday 4 December, 8 to 12", "Later days")
    post.stage.bot.answers["hello"] = menu(*titles, text="Which?")
    (told,) = await post.say("hello")
    lines = ("Reply with a number:", *titles[:2], "3. Later days")
    assert told == "Which?\n\n" + "\n".join(lines)
    assert await post.say("3") == ["bot: /choose_2"]


async def test_choices_that_twilio_refuses_go_out_as_numbers(post: Post) -> None:
    post.stage.bot.answers["hello"] = MENU
    post.twilio.faults.append(Fault(400, 21656))
    (told,) = await post.say("hello")
    assert told.endswith("Reply 1 for Opening hours or 2 for Yes, get someone.")
    assert await post.say("1") == ["bot: /opening_hours"]


async def test_what_waited_goes_out_after_a_restart(tmp_path: Path, empty_database: Path) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    stand_in = StandInTwilio(faults=[Fault(500)])
    async with posting(tmp_path, twilio=stand_in) as post:  # killed before it could be sent
        post.stage.room.carriers.clear()
        await post.say("hello")
        assert stand_in.asked == []
    async with posting(tmp_path, StandInBot(), stand_in) as post:
        async with asyncio.timeout(10):
            while not stand_in.sent:
                await asyncio.sleep(0.05)
                await post.settle()
    assert [sent["Body"] for sent in stand_in.sent] == ["bot: hello"]


async def test_outside_the_window_an_agent_is_told_why_not(post: Post) -> None:
    await post.say("agent")
    await post.command("take")
    later(post, DAY)
    asked = len(post.twilio.asked)
    await post.command("say", turn="t1", text="It is here.")
    assert len(post.twilio.asked) == asked
    told = (await post.reports())[-1]
    assert told.state is Delivery.FAILED
    assert "PARLEY_TWILIO_TEMPLATE" in (told.reason or "")
    await post.say("still there?")
    await post.command("say", turn="t2", text="Yes.")
    assert post.twilio.sent[-1]["Body"] == "Ann: Yes."


async def test_just_inside_the_window_words_are_free(post: Post) -> None:
    await post.say("agent")
    await post.command("take")
    later(post, DAY - timedelta(seconds=30))
    await post.command("say", turn="t1", text="It is here.")
    assert post.twilio.sent[-1]["Body"] == "Ann: It is here."


async def test_outside_the_window_the_template_goes_out(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    variables = {"1": "{agent} of {company}", "2": "says: {text}"}
    async with posting(
        tmp_path, twilio_template=APPROVED, twilio_template_variables=variables
    ) as post:
        await post.say("agent")
        await post.command("take")
        later(post, DAY)
        await post.command("say", turn="t1", text="It is {company}'s,\n  at   last.")
        sent = post.twilio.sent[-1]
        assert sent["ContentSid"] == APPROVED
        assert json.loads(sent["ContentVariables"]) == {
            "1": "Ann of Harbour & Pine",
            "2": "says: It is {company}'s, at last.",
        }
        assert (await post.reports())[-1].state is Delivery.SENT


async def test_sms_have_no_window(post: Post) -> None:
    await post.say("hello", door="")
    later(post, DAY * 3)
    assert await post.say("hello", door="") == ["bot: hello"]


async def test_a_conversation_deleted_meanwhile_is_left(post: Post) -> None:
    await post.say("hello")
    sent = post.twilio.sent[0]
    chat = await post.find()
    async with post.stage.room.database.writing() as session:
        await erasure.erase_conversation(session, chat, actor="ann", now=post.stage.room.clock())
    path = sent["StatusCallback"].removeprefix(PUBLIC_URL)
    assert (await post.caller.post(path, {"MessageStatus": "delivered"}))[0] == 200
    await post.messaging.carrier.carry(chat)
    assert len(post.twilio.asked) == 1
