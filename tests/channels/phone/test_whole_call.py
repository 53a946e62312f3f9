"""A whole call, from the notice to the page in the console that shows it as one conversation."""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from console.access import SESSION
from console.app import make_app
from console.live import LiveCommands
from core.conversation import Channel, Conversation, EventKind, Role
from core.people import UserRole
from core.survey import SurveyKind
from core.survey_rules import AskRule, SurveyRules, Trigger
from jobs import steps
from jobs.place import Ears, opened
from jobs.running import Ending
from store import calls, conversations, evaluations, recordings, users
from tests.channels.phone.line import RECORDING, House, Phone, answering, path_of, verbs
from tests.channels.stage import Json, StandInBot
from tests.jobs import parrot
from tests.jobs.sound import call_file

CUSTOMER_SAYS, AGENT_SAYS = parrot.SAYS[1], parrot.SAYS[0]
ASKS: Json = {"text": None, "buttons": [], "custom": {"parley": "asks"}}
ANSWERS: dict[str, list[Json]] = {
    "/order_status": [
        {
            "text": "What is your order number? It starts with HP and has five digits, such as "
            "HP-10442.",
            "buttons": [],
            "custom": None,
        },
        ASKS,
    ],
    "HP-10442": [
        {
            "text": "And what is the postcode of the delivery address?",
            "buttons": [],
            "custom": None,
        },
        ASKS,
    ],
    "BN1 4GH": [
        {"text": "Order HP-10442: oak table. It is on its way.", "buttons": [], "custom": None},
        {
            "text": None,
            "buttons": [],
            "custom": {"parley": "survey", "about": "order_status", "outcome": "resolved"},
        },
    ],
}


@pytest.fixture
async def house(tmp_path: Path, empty_database: Path) -> AsyncIterator[House]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with answering(tmp_path, StandInBot(answers=ANSWERS)) as made:
        everyone = {Channel.VOICE: 1.0}
        ask = AskRule(Trigger.TASK, (SurveyKind.CSAT,), everyone)
        made.stage.room.rules = SurveyRules(ask=(ask,), cap_days=0)
        yield made


@pytest.fixture(autouse=True)
def customer_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is on the first channel, as Twilio records a call that came in."""
    monkeypatch.setattr(parrot, "SAYS", (CUSTOMER_SAYS, AGENT_SAYS))


async def talk(house: House, sound: bytes) -> Phone:
    """The caller's side of it, up to the end of the call."""
    phone = house.phone()
    assert "This call is recorded" in await phone.ring()
    assert "order number" in await phone.say("where is my order")
    assert "1 0 4 4 2" in await phone.say("one oh four four two")
    assert "postcode" in await phone.say("yes that's right")
    assert "B N 1, 4 G H" in await phone.say("b n one four g h")
    assert "How was this for you" in await phone.key("1")
    assert "Thank you" in await phone.key("4")
    await phone.say("operator")
    (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
    assert "Asked for a person" in await house.caller_leg()
    house.twilio.files[f"{RECORDING}.wav"] = ("audio/wav", sound)
    ended = {"DialCallStatus": "completed", "DialCallSid": "CA" + "0" * 31 + "2"}
    await phone.post(path_of(dial.get("action", "")), ended)
    await phone.post(
        path_of(dial.get("recordingStatusCallback", "")),
        {
            "RecordingSid": RECORDING,
            "RecordingStatus": "completed",
            "RecordingDuration": "6",
            "RecordingChannels": "2",
            "RecordingStartTime": format_datetime(datetime.now(UTC)),
        },
    )
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await house.stage.settle()
    return phone


async def hear_and_score(house: House) -> Conversation:
    """The worker's two steps, with a recogniser that always says the same."""
    conversation = (await house.call()).conversation
    async with house.stage.room.database.reading() as session:
        told = await calls.find_recording(session, RECORDING)
    assert told is not None and told.recording is not None
    async with opened(house.stage.settings, Ears(parrot.Parrot)) as place:
        assert await steps.transcribe(place, told.recording, worker="w/1") is Ending.DONE
        assert await steps.score(place, conversation, worker="w/1") is Ending.DONE
    return await house.stage.conversation(conversation)


async def page_of(house: House, conversation: str) -> str:
    """The conversation's page, as a supervisor reads it."""
    database, now = house.stage.room.database, datetime.now(UTC)
    async with database.writing() as session:
        user = await users.create(
            session, email="s@example.org", name="Sam", roles=frozenset({UserRole.SUPERVISOR})
        )
        token, _ = await users.start_session(session, user.id, now=now, hours=1)
    live = LiveCommands(str(house.stage.live.make_url("/")), "secret")
    server = TestServer(make_app(house.stage.settings, database, live=live))
    async with TestClient(server) as client:
        client.session.cookie_jar.update_cookies({SESSION: token}, server.make_url("/"))
        async with client.get(f"/conversations/{conversation}") as response:
            assert response.status == 200
            text = await response.text()
    await live.close()
    return text


async def test_a_whole_call_is_one_conversation(house: House, tmp_path: Path) -> None:
    sound = call_file(tmp_path / "call.wav", (0, 0.3, 3.0), (1, 3.2, 5.7)).read_bytes()
    await talk(house, sound)
    made = await hear_and_score(house)
    said = [(turn.role, turn.text) for turn in made.turns if turn.role is not Role.BOT]
    assert said == [
        (Role.CUSTOMER, "Where is my order?"),
        (Role.CUSTOMER, "HP-10442"),
        (Role.CUSTOMER, "BN1 4GH"),
        (Role.CUSTOMER, "4 – good"),
        (Role.CUSTOMER, "Talk to a person"),
        (Role.CUSTOMER, CUSTOMER_SAYS),
        (Role.AGENT, AGENT_SAYS),
    ]
    spoken = [turn for turn in made.turns if turn.speech is not None]
    assert [turn.role for turn in spoken] == [Role.CUSTOMER, Role.AGENT]
    moments = [turn.said_at for turn in made.turns if turn.said_at]
    assert len(moments) == len(made.turns)
    assert made.measures is not None
    (response,) = await house.stage.responses(made.id)
    assert response.score == 4
    async with house.stage.room.database.reading() as session:
        judged = await evaluations.latest(session, made.id)
        (recording,) = [await recordings.get(session, made.recording or "")]
    assert judged is not None
    cited = {evidence.turn for finding in judged.findings for evidence in finding.evidence}
    assert cited & {turn.id for turn in spoken}
    assert recording.state == "scored"
    html = re.sub(r"<[^>]+>", "", await page_of(house, made.id))
    for words in ("Where is my order?", "BN1 4GH", CUSTOMER_SAYS, AGENT_SAYS, "A person was asked"):
        assert words in html
    assert "4" in html and "CSAT" in html.upper()


async def test_hearing_it_again_puts_nothing_in_twice(house: House, tmp_path: Path) -> None:
    sound = call_file(tmp_path / "call.wav", (0, 0.3, 3.0), (1, 3.2, 5.7)).read_bytes()
    await talk(house, sound)
    first = await hear_and_score(house)
    async with house.stage.room.database.writing() as session:
        await recordings.hear_again(session, first.recording or "", ())
    second = await hear_and_score(house)
    assert [turn.text for turn in second.turns] == [turn.text for turn in first.turns]
    written = [turn.id for turn in first.turns if turn.speech is None]
    assert [turn.id for turn in second.turns if turn.speech is None] == written


async def test_swapping_the_voices_leaves_what_was_said_to_the_bot(
    house: House, tmp_path: Path
) -> None:
    sound = call_file(tmp_path / "call.wav", (0, 0.3, 3.0), (1, 3.2, 5.7)).read_bytes()
    await talk(house, sound)
    before = await hear_and_score(house)
    async with house.stage.room.database.writing() as session:
        await conversations.swap_roles(session, before.id, actor="u1", now=datetime.now(UTC))
    after = await house.stage.conversation(before.id)
    for one, other in zip(before.turns, after.turns, strict=True):
        assert (one.role == other.role) is (one.speech is None)


async def test_a_pause_of_the_recording_gets_its_seconds(house: House, tmp_path: Path) -> None:
    phone = house.phone()
    await phone.ring()
    await phone.say("operator")
    await house.caller_leg()
    conversation = (await house.call()).conversation
    start = datetime.now(UTC)
    for seconds, name in ((1, "pause-recording"), (4, "resume-recording")):
        at = start + timedelta(seconds=seconds)
        house.stage.room.clock = lambda at=at: at  # type: ignore[misc]
        status, _ = await house.stage.command(conversation, name, {"user": "payment"})
        assert status == 200
    sound = call_file(tmp_path / "call.wav", (0, 0.2, 1.0), (1, 4.2, 5.7)).read_bytes()
    house.twilio.files[f"{RECORDING}.wav"] = ("audio/wav", sound)
    told = {
        "RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "6",
        "RecordingChannels": "2", "RecordingStartTime": format_datetime(start),
    }  # fmt: skip
    await phone.post("/twilio/voice/recorded", told)
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await house.stage.settle()
    made = await hear_and_score(house)
    (pause,) = [e for e in made.events if e.kind is EventKind.RECORDING_PAUSED]
    assert pause.span is not None
    answered_at = (await house.call()).answered_at
    assert answered_at is not None
    begins = 1 + (start - answered_at).total_seconds()
    assert pause.span.start == pytest.approx(begins, abs=0.01)
    assert pause.span.end == pytest.approx(begins + 3, abs=0.01)
    assert made.measures is not None and made.measures.dead_air == ()


async def test_a_second_recording_of_a_call_is_a_conversation_of_its_own(
    house: House, tmp_path: Path
) -> None:
    one = call_file(tmp_path / "one.wav", (0, 0.3, 3.0), (1, 3.2, 5.7)).read_bytes()
    two = call_file(tmp_path / "two.wav", (0, 0.5, 2.0), (1, 3.2, 5.0)).read_bytes()
    other = "RE" + "c" * 32
    phone = house.phone()
    await phone.ring()
    await phone.say("operator")
    await house.caller_leg()
    house.twilio.files |= {
        f"{RECORDING}.wav": ("audio/wav", one),
        f"{other}.wav": ("audio/wav", two),
    }
    for name in (RECORDING, other):
        await phone.post(
            "/twilio/voice/recorded",
            {"RecordingSid": name, "RecordingStatus": "completed", "RecordingChannels": "2"},
        )
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await house.stage.settle()
    async with house.stage.room.database.reading() as session:
        found = [await calls.find_recording(session, name) for name in (RECORDING, other)]
        kept = [await recordings.get(session, told.recording or "") for told in found if told]
    call = await house.call()
    assert {one.conversation for one in kept} == {call.conversation, None}
    assert {one.external_id for one in kept} == {call.sid}
