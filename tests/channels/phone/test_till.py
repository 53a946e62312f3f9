"""Paying by card on the telephone: keyed, never kept, never told to the bot."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.phone import till
from channels.phone.card_keys import CardField
from channels.phone.payment_service import DemoPayments, HttpPayments
from channels.phone.webhooks import LEGS
from core.call import CallStage
from core.conversation import EventKind
from core.errors import PaymentUnavailable
from core.handoff import Holder
from core.payment import Card, CardCharge, Charge, ChargeState
from tests.channels.phone.line import CALL, House, Phone, answering, path_of, verbs, words
from tests.channels.stage import StandInBot
from tests.channels.twilio.stand_in import Fault

NUMBER, DECLINED, EXPIRY, CODE = "4242424242424242", "4000000000000002", "1299", "737"
WHAT = CardCharge("HP-10517", 129900)
TO_KEYPAD: list[dict[str, Any]] = [
    {"text": "Nobody hears what you key.", "custom": None,
     "buttons": [{"title": "Pay by card", "payload": "payment:HP-10517:129900"}]},
    {"text": None, "buttons": [],
     "custom": {"parley": "survey", "about": "pay_order", "outcome": "pending"}},
]  # fmt: skip


class PaidBot(StandInBot):
    """Knows what was paid by the button that the telephone presses."""

    def _answer(self, body: dict[str, Any]) -> web.Response:
        if (body.get("button") or "").startswith("/pay_order{"):
            self.answers[body["button"]] = [
                {"text": "Thank you. Order HP-10517 is paid.", "buttons": [], "custom": None}
            ]
        return super()._answer(body)


@pytest.fixture
async def shop(tmp_path: Path, empty_database: Path) -> AsyncIterator[House]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    bot = PaidBot(answers={"yes take it": TO_KEYPAD})
    async with answering(tmp_path, bot, payment_url="demo") as made:
        yield made


async def at_the_keypad(house: House) -> Phone:
    phone = house.phone()
    await phone.ring()
    await phone.say("yes take it")
    return phone


async def key(phone: Phone, digits: str) -> str:
    """Keys up to hash."""
    (gather,) = [verb for verb in verbs(phone.last) if verb.tag == "Gather"]
    await phone.post(path_of(gather.get("action", "")), {"Digits": digits, "FinishedOnKey": "#"})
    return await phone.follow()


async def kinds(house: House) -> list[EventKind]:
    made = await house.stage.conversation((await house.call()).conversation)
    pauses = (EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED)
    return [event.kind for event in made.events if event.kind in pauses]


BOTH = [EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED]


async def test_a_card_is_keyed_and_the_bot_hears_what_came_of_it(shop: House) -> None:
    phone = await at_the_keypad(shop)
    assert "Nobody hears what you key. To stop" in words(phone.last), "no button is offered here"
    assert "long number of your card" in words(phone.last)
    (gather,) = verbs(phone.last)
    assert (gather.get("input"), gather.get("finishOnKey"), gather.get("actionOnEmptyResult")) == (
        "dtmf", "#", "true",
    )  # fmt: skip
    assert (await shop.call()).stage is CallStage.PAYING
    assert "its expiry" in await key(phone, NUMBER)
    assert "security code" in await key(phone, EXPIRY)
    said = await key(phone, CODE)
    assert said.startswith("Your card was accepted. Thank you. Order H P, 1 0 5 1 7 is paid.")
    assert await kinds(shop) == BOTH
    call = await shop.call()
    assert (call.stage, call.pending) == (CallStage.BOT, None)
    pressed = shop.stage.bot.asked[-1]["button"]
    assert '"order": "HP-10517", "amount": 129900, "reference": "DEMO-' in pressed
    paused = [fields for name, fields in shop.twilio.asked if "Recordings/Twilio.CURRENT" in name]
    assert [fields["Status"] for fields in paused] == ["paused", "in-progress"]


async def test_no_digit_is_stored_logged_or_told(
    shop: House, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    phone = await at_the_keypad(shop)
    heard = [await key(phone, digits) for digits in (NUMBER, EXPIRY, "99", CODE)]
    assert "accepted" in heard[-1]
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    shown = capsys.readouterr()
    places = [repr(shop.stage.bot.asked), repr(heard), caplog.text, shown.out, shown.err]
    for digits in (NUMBER, NUMBER[:8], NUMBER[-8:]):
        assert digits.encode() not in stored
    for digits in (NUMBER, NUMBER[:8], " ".join(NUMBER[:6])):
        assert [place for place in places if digits in place] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("4242424242424241", "1234", "4242"), "not the number of a card"),
        ((NUMBER, "1320", "0120", "99"), "no month and year"),
        ((NUMBER, EXPIRY, "1", "12345", "12"), "not a security code"),
        ((DECLINED, EXPIRY, CODE, "4242", "1"), "not the number of a card"),
    ],
)
async def test_the_third_wrong_try_leads_to_a_person(
    shop: House, wrong: tuple[str, ...], said: str
) -> None:
    phone = await at_the_keypad(shop)
    heard = [await key(phone, digits) for digits in wrong]
    assert said in heard[-2]
    assert "nothing was taken" in heard[-1]
    assert verbs(phone.last)[-1].tag == "Dial"
    handoff = await shop.stage.handoff((await shop.call()).conversation)
    assert (handoff.holder, handoff.reason) == (Holder.WAITING, "payment_failed")
    assert await kinds(shop) == BOTH


async def test_two_wrong_tries_and_a_right_one_pay(shop: House) -> None:
    phone = await at_the_keypad(shop)
    for digits in ("1234", NUMBER, "0101", EXPIRY):
        await key(phone, digits)
    assert "accepted" in await key(phone, CODE)


async def test_a_declined_card_can_be_followed_by_another(shop: House) -> None:
    phone = await at_the_keypad(shop)
    for digits in (DECLINED, EXPIRY):
        await key(phone, digits)
    assert "was not accepted, and nothing was taken" in await key(phone, CODE)
    for digits in (NUMBER, EXPIRY):
        await key(phone, digits)
    assert "accepted" in await key(phone, CODE)


async def test_star_stops_it(shop: House) -> None:
    phone = await at_the_keypad(shop)
    await key(phone, NUMBER)
    assert "nothing was taken from your card" in await key(phone, "*")
    assert await kinds(shop) == BOTH
    assert (await shop.call()).stage is CallStage.BOT
    assert "bot: hello" in await phone.say("hello")


async def test_silence_is_asked_again_then_a_person(shop: House) -> None:
    phone = await at_the_keypad(shop)
    assert "did not get any keys" in await key(phone, "")
    assert "its expiry" in await key(phone, NUMBER)
    for _ in range(2):
        assert "did not get any keys" in await key(phone, "")
    assert "nothing was taken" in await key(phone, "")
    assert verbs(phone.last)[-1].tag == "Dial"


async def test_who_hangs_up_in_the_middle_leaves_nothing_behind(shop: House) -> None:
    phone = await at_the_keypad(shop)
    await key(phone, NUMBER)
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    made = await shop.stage.conversation((await shop.call()).conversation)
    paused, resumed = [event for event in made.events if event.kind in BOTH]
    assert (paused.actor, resumed.actor, resumed.note) == ("payment", "payment", "hung_up")
    assert paused.at is not None and resumed.at is not None and paused.at <= resumed.at
    assert (await shop.stage.handoff(made.id)).holder is Holder.CLOSED


async def test_who_hangs_up_elsewhere_has_no_pause(shop: House) -> None:
    phone = shop.phone()
    await phone.ring()
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    assert await kinds(shop) == []


async def test_a_repeated_webhook_counts_once(shop: House) -> None:
    phone = await at_the_keypad(shop)
    (gather,) = verbs(phone.last)
    fields = {"Digits": "1234", "FinishedOnKey": "#"}
    first = await phone.post(path_of(gather.get("action", "")), fields)
    assert await phone.post(path_of(gather.get("action", "")), fields) == first
    assert (await shop.call()).pending == "HP-10517:129900:number:1"


async def test_without_a_pause_no_card_is_asked_for(shop: House) -> None:
    shop.twilio.faults = [Fault(status=503)]
    phone = await at_the_keypad(shop)
    assert "cannot take a card just now" in words(phone.last)
    assert verbs(phone.last)[-1].tag == "Dial"
    assert await kinds(shop) == []


async def test_a_call_that_nothing_records_needs_no_pause(shop: House) -> None:
    shop.twilio.faults = [Fault(status=404, code=20404)]
    phone = await at_the_keypad(shop)
    assert "long number of your card" in words(phone.last)
    assert await kinds(shop) == BOTH[:1]


async def test_a_restart_in_the_middle_asks_from_the_start(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await at_the_keypad(shop)
    await key(phone, NUMBER)
    monkeypatch.setattr("channels.phone.card_keys.KEPT_SECONDS", -1.0)
    assert "once more from the start" in await key(phone, EXPIRY)
    assert "long number" in words(phone.last)


class Slow:
    """A payment service that takes its time."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.keys: list[str] = []

    async def charge(self, card: Card, what: CardCharge, *, key: str) -> Charge:
        self.keys.append(key)
        await self.gate.wait()
        return Charge(ChargeState.TAKEN, "REF-1")


@pytest.fixture
def slow(shop: House, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """The shop's payment service, as slow as the test likes."""
    service = Slow()
    monkeypatch.setattr(DemoPayments, "charge", service.charge)
    monkeypatch.setattr(till, "PATIENCE_SECONDS", 0.05)
    return service


async def key_whole(phone: Phone) -> str:
    """Key a card in; what is said at once, without following what Twilio is told to ask next."""
    await key(phone, NUMBER)
    await key(phone, EXPIRY)
    (gather,) = [verb for verb in verbs(phone.last) if verb.tag == "Gather"]
    return await phone.post(path_of(gather.get("action", "")), {"Digits": CODE})


async def test_a_slow_payment_service_is_bridged_and_charges_once(shop: House, slow: Slow) -> None:
    phone = await at_the_keypad(shop)
    assert await key_whole(phone) == "One moment, please."
    for _ in range(2):
        path = path_of(verbs(phone.last)[-1].text or "")
        await phone.post(path, {})
        assert [verb.tag for verb in verbs(phone.last)] == ["Pause", "Redirect"]
    slow.gate.set()
    assert (await phone.follow()).startswith("Your card was accepted.")
    assert len(slow.keys) == 1
    assert await kinds(shop) == BOTH


async def test_who_hangs_up_while_a_card_is_charged_has_paid(shop: House, slow: Slow) -> None:
    phone = await at_the_keypad(shop)
    await key_whole(phone)
    ending = asyncio.create_task(phone.post("/twilio/voice/status", {"CallStatus": "completed"}))
    await asyncio.sleep(0.1)
    assert not ending.done(), "the conversation does not end before the bot knows"
    slow.gate.set()
    await ending
    await shop.stage.settle()
    assert '"reference": "REF-1"' in shop.stage.bot.asked[-1]["button"]
    assert (await shop.stage.handoff((await shop.call()).conversation)).holder is Holder.CLOSED
    assert await kinds(shop) == BOTH


async def test_a_restart_while_a_card_is_charged_is_for_a_person(shop: House, slow: Slow) -> None:
    phone = await at_the_keypad(shop)
    await key_whole(phone)
    till_of_ours = shop.stage.chat.app[LEGS].board.till
    assert till_of_ours is not None
    till_of_ours.charging.clear()
    assert "do not pay again" in await phone.follow()
    assert verbs(phone.last)[-1].tag == "Dial"


class Broken:
    """A payment service that does not answer."""

    def __init__(self, *, is_unsure: bool) -> None:
        self.error = PaymentUnavailable("away", is_unsure=is_unsure)

    async def charge(self, card: Card, what: CardCharge, *, key: str) -> Charge:
        raise self.error


@pytest.mark.parametrize(
    ("is_unsure", "said"), [(True, "do not pay again"), (False, "Nothing was taken")]
)
async def test_a_payment_service_that_is_away(
    shop: House, monkeypatch: pytest.MonkeyPatch, is_unsure: bool, said: str
) -> None:
    broken = Broken(is_unsure=is_unsure)
    monkeypatch.setattr(DemoPayments, "charge", broken.charge)
    phone = await at_the_keypad(shop)
    for digits in (NUMBER, EXPIRY):
        await key(phone, digits)
    assert said in await key(phone, CODE)
    assert verbs(phone.last)[-1].tag == "Dial"
    assert await kinds(shop) == BOTH


async def test_without_a_payment_service_there_is_no_keypad(house: House) -> None:
    house.stage.bot.answers["yes take it"] = TO_KEYPAD
    phone = await at_the_keypad(house)
    assert "long number" not in words(phone.last)
    assert (await house.call()).stage is CallStage.BOT
    status, _ = await house.caller.post(
        "/twilio/voice/card?step=1", {"CallSid": CALL, "Digits": NUMBER}
    )
    assert status == 200
    assert NUMBER not in repr(await house.lines())


@pytest.fixture
async def service() -> AsyncIterator[tuple[list[Any], HttpPayments]]:
    """A payment service over HTTP: requests as they came, and its client."""
    seen: list[Any] = []

    async def charge(request: web.Request) -> web.Response:
        body = await request.json()
        seen.append((dict(request.headers), body))
        end = body["card"]["number"][-4:]
        answers = {
            "0002": web.json_response({"state": "declined"}),
            "9999": web.Response(status=503),
            "8888": web.json_response({"state": "taken"}),
            "7777": web.Response(text="<html>"),
            "6666": web.Response(status=400, text=str(body)),
        }
        taken = {"state": "taken", "reference": "PAY-1"}
        return answers.get(end, web.json_response(taken))

    app = web.Application()
    app.router.add_post("/charges", charge)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        yield seen, HttpPayments(session, str(server.make_url("")).rstrip("/"), "secret")
    await server.close()


async def test_the_service_is_asked_with_key_and_token(
    service: tuple[list[Any], HttpPayments],
) -> None:
    seen, payments = service
    charge = await payments.charge(Card(NUMBER, 12, 2099, CODE), WHAT, key="k-1")
    assert charge == Charge(ChargeState.TAKEN, "PAY-1")
    ((headers, body),) = seen
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("k-1", "Bearer secret")
    assert body == {
        "card": {"number": NUMBER, "expiry_month": 12, "expiry_year": 2099, "security_code": CODE},
        "amount": {"pence": 129900, "currency": "GBP"},
        "order": "HP-10517",
    }
    declined = await payments.charge(Card(DECLINED, 12, 2099, CODE), WHAT, key="k-2")
    assert declined == Charge(ChargeState.DECLINED)


@pytest.mark.parametrize(
    ("number", "is_unsure"),
    [("4242424242429999", True), ("4242424242428888", True), ("4242424242427777", True),
     ("4242424242426666", False)],
)  # fmt: skip
async def test_what_it_cannot_answer_is_unavailable_and_quotes_nothing(
    service: tuple[list[Any], HttpPayments], number: str, is_unsure: bool
) -> None:
    with pytest.raises(PaymentUnavailable) as caught:
        await service[1].charge(Card(number, 12, 2099, CODE), WHAT, key="k")
    assert caught.value.is_unsure is is_unsure
    assert number not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_nobody_there_is_not_unsure() -> None:
    async with aiohttp.ClientSession() as session:
        nobody = HttpPayments(session, "http://127.0.0.1:1")
        with pytest.raises(PaymentUnavailable) as caught:
            await nobody.charge(Card(NUMBER, 12, 2099, CODE), WHAT, key="k")
    assert not caught.value.is_unsure


def test_what_is_kept_with_the_call_is_read_again() -> None:
    paid = till.Open(WHAT, CardField.CODE, 2)
    assert till.open_in(paid.text) == paid
