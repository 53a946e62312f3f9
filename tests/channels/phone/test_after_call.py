"""A caller who hangs up on a person is asked by SMS how it was, where a rule says so."""

import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from channels.twilio.routes import MESSAGING
from core.conversation import Channel
from core.handoff import Holder
from core.people import Address, AddressKind
from core.survey import SurveyInvitation, SurveyKind
from store import conversations, surveys
from tests.channels.phone.line import CUSTOMER, HOUSE, House, Phone, answering
from tests.channels.twilio.post import message

RULE = "ask:\n  - after: hung_up\n    questions: [csat, nps]\n    share: {sms: 1}\n"
TASK = "  - after: task\n    questions: [csat]\n"


@pytest.fixture
def rules() -> str:
    return f"cap_days: 0\n{RULE}"


@pytest.fixture
async def asking(tmp_path: Path, empty_database: Path, rules: str) -> AsyncIterator[House]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    file = tmp_path / "surveys.yml"
    file.write_text(rules)
    async with answering(tmp_path, surveys=str(file)) as made:
        yield made


async def settle(house: House) -> None:
    for _ in range(3):
        await house.stage.settle()
        await house.stage.chat.app[MESSAGING].carrier.tasks.finish()


async def talk(house: House, *, answers: bool = True, number: str = CUSTOMER) -> Phone:
    """A caller who talks with a person, and hangs up."""
    phone = house.phone(number=number)
    await phone.ring()
    await phone.say("operator")
    if answers:
        await house.caller_leg()
    await hang_up(house, phone)
    return phone


async def hang_up(house: House, phone: Phone) -> None:
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await settle(house)


async def text(house: House, words: str, number: int = 1) -> None:
    fields = message(words, sid=f"SM-after-{number}", door="", From=CUSTOMER, To=HOUSE)
    status, _ = await house.caller.post("/twilio/messages", fields)
    assert status == 200
    await settle(house)


def sent(house: House) -> Sequence[Mapping[str, Any]]:
    return house.twilio.sent


async def asked_in(house: House) -> str:
    address = Address(AddressKind.PHONE, CUSTOMER)
    async with house.stage.room.database.reading() as session:
        found = await conversations.find_last_chat(session, address, Channel.SMS)
    assert found is not None
    return found


async def test_who_hangs_up_is_asked_and_answers(asking: House) -> None:
    phone = await talk(asking)
    (question,) = sent(asking)
    assert (question["From"], question["To"]) == (HOUSE, CUSTOMER)
    assert question["Body"].startswith("Harbour & Pine: thank you for your call.")
    assert "Reply STOP to get no more messages." in question["Body"]
    await hang_up(asking, phone)  # Twilio tells it twice
    assert len(sent(asking)) == 1
    await text(asking, "4")
    assert "from 0 to 10" in sent(asking)[-1]["Body"]
    await text(asking, "9", 2)
    chat = await asked_in(asking)
    given = await asking.stage.responses(chat)
    assert [(one.kind, one.score) for one in given] == [(SurveyKind.CSAT, 4), (SurveyKind.NPS, 9)]
    made = await asking.stage.conversation(chat)
    assert made.previous == (await asking.call()).conversation
    assert (await asking.stage.handoff(chat)).holder is Holder.CLOSED


async def test_another_matter_by_sms_is_a_conversation_of_its_own(asking: House) -> None:
    await talk(asking)
    before = await asked_in(asking)
    await text(asking, "where is my order?")
    assert await asked_in(asking) != before
    assert await asking.stage.responses(before) == ()


async def test_who_wrote_stop_is_not_asked(asking: House) -> None:
    await text(asking, "STOP")
    await talk(asking)
    assert sent(asking) == []


async def test_stop_in_answer_to_it_counts(asking: House) -> None:
    await talk(asking)
    await text(asking, "STOP")
    await text(asking, "5", 2)
    assert len(sent(asking)) == 1


async def test_who_talked_with_the_bot_alone_is_not_asked(asking: House) -> None:
    await talk(asking, answers=False)
    assert sent(asking) == []


async def test_a_withheld_number_is_not_asked(asking: House) -> None:
    await talk(asking, number="anonymous")
    assert sent(asking) == []


async def test_who_is_writing_just_now_is_not_asked(asking: House) -> None:
    await text(asking, "hello")
    await talk(asking)
    assert ["thank you for your call" in one["Body"] for one in sent(asking)] == [False]


@pytest.mark.parametrize("rules", [RULE])
async def test_within_the_cap_nobody_is_asked_twice(asking: House) -> None:
    await talk(asking)
    again = asking.phone("CA" + "7" * 32)
    await again.ring()
    await again.say("operator")
    leg = {"CallSid": "CA" + "8" * 32, "ParentCallSid": again.sid, "AccountSid": "x"}
    status, _ = await asking.caller.post("/twilio/voice/whisper", leg)
    assert status == 200
    await hang_up(asking, again)
    assert len(sent(asking)) == 1


@pytest.mark.parametrize(
    "rules", ["ask:\n  - after: call\n    questions: [csat]\n", f"cap_days: 0\nask:\n{TASK}"]
)
async def test_without_a_rule_nobody_is_written_to(asking: House) -> None:
    await talk(asking)
    assert sent(asking) == []


@pytest.mark.parametrize("rules", [RULE.replace("sms: 1", "voice: 1")])
async def test_a_share_for_another_channel_asks_nobody(asking: House) -> None:
    await talk(asking)
    assert sent(asking) == []


async def test_who_was_asked_in_the_call_is_not_asked_again(asking: House) -> None:
    phone = asking.phone()
    await phone.ring()
    call = await asking.call()
    async with asking.stage.room.database.writing() as session:
        now = asking.stage.room.clock()
        made = SurveyInvitation("i-1", call.conversation, (SurveyKind.CSAT,), "call", now)
        assert await surveys.invite(session, made, cap_days=0)
    await phone.say("operator")
    await asking.caller_leg()
    await hang_up(asking, phone)
    assert sent(asking) == []
