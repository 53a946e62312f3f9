"""A caller and the people: put through, whispered, unanswered, rung back, recorded, paused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.call import CallRecordingState, CallStage
from core.conversation import Channel, EventKind
from core.handoff import Holder
from core.recording import ChannelLayout, RecordingState
from core.survey import SurveyKind
from core.survey_rules import AskRule, SurveyRules, Trigger
from store import call_backs, calls, recordings
from tests.channels.phone.line import (
    CALL,
    CUSTOMER,
    HOUSE,
    LEG,
    QUEUE,
    RECORDING,
    House,
    Phone,
    path_of,
    verbs,
    words,
)
from tests.channels.twilio.stand_in import Fault

DIALLED = {"DialCallSid": LEG, "DialCallDuration": "40"}


async def put_through(house: House) -> Phone:
    """A caller who has asked for a person and hears the people ring."""
    phone = house.phone()
    await phone.ring()
    await phone.say("my table is broken")
    await phone.say("operator")
    return phone


async def answered(house: House) -> Phone:
    """The same, and somebody has answered."""
    phone = await put_through(house)
    await house.caller_leg()
    return phone


async def test_operator_dials_the_queue_and_records_both_legs(house: House) -> None:
    phone = await put_through(house)
    say, dial = verbs(phone.last)
    assert "putting you through" in words(phone.last)
    assert say.tag == "Say"
    assert (dial.get("record"), dial.get("callerId")) == ("record-from-answer-dual", HOUSE)
    (number,) = dial
    assert (number.text, path_of(number.get("url", ""))) == (QUEUE, "/twilio/voice/whisper")
    call = await house.call()
    assert call.stage is CallStage.RINGING
    assert (await house.stage.handoff(call.conversation)).holder is Holder.WAITING


async def test_nought_gets_a_person_as_well(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    await phone.key("0")
    assert verbs(phone.last)[-1].tag == "Dial"


async def test_the_agent_hears_the_summary_before_the_legs_are_joined(house: House) -> None:
    await put_through(house)
    twiml = await house.caller_leg()
    assert words(twiml) == (
        "A call for Harbour & Pine. Asked for a person. Last words: my table is broken"
    )
    assert [verb.tag for verb in verbs(twiml)] == ["Say"]
    call = await house.call()
    assert (call.stage, call.leg) == (CallStage.PERSON, LEG)
    handoff = await house.stage.handoff(call.conversation)
    assert (handoff.holder, handoff.agent) == (Holder.PERSON, None)
    assert await house.caller_leg() == twiml  # once more: nothing changes
    assert (await house.stage.handoff(call.conversation)).version == handoff.version


async def test_an_agent_makes_an_answered_call_theirs_in_the_console(house: House) -> None:
    await answered(house)
    conversation = (await house.call()).conversation
    status, body = await house.stage.command(conversation, "take", {"user": "u1", "name": "Ann"})
    assert (status, body["held_by"]) == (200, "u1")
    status, body = await house.stage.command(conversation, "take", {"user": "u2", "name": "Bob"})
    assert status == 409


async def test_when_nobody_answers_a_call_back_is_offered_and_promised(house: House) -> None:
    phone = await put_through(house)
    (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
    path = path_of(dial.get("action", ""))
    said = await phone.post(path, {**DIALLED, "DialCallStatus": "no-answer"})
    assert said.startswith("I am sorry, nobody could answer just now.")
    assert await phone.post(path, {**DIALLED, "DialCallStatus": "no-answer"}) == said
    asked = await phone.key("1")
    assert "When suits you?" in asked
    assert "We will ring 0 7 7 0 0, 9 0 0 1 2 3, on " in await phone.say("tomorrow after four")
    promised = await phone.say("yes")
    assert "All right: we ring" in promised
    conversation = (await house.call()).conversation
    async with house.stage.room.database.reading() as session:
        (rung,) = await call_backs.open_of(session, conversation)
    assert rung.phone == CUSTOMER
    assert (await house.stage.handoff(conversation)).holder is Holder.BOT


async def test_who_took_a_call_and_does_not_pick_up_leaves_it_to_the_others(house: House) -> None:
    phone = await put_through(house)
    conversation = (await house.call()).conversation
    await house.stage.command(conversation, "take", {"user": "u1", "name": "Ann"})
    (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
    said = await phone.post(path_of(dial.get("action", "")), {**DIALLED, "DialCallStatus": "busy"})
    assert said.startswith("I am sorry, nobody could answer just now.")
    assert (await house.stage.handoff(conversation)).holder is Holder.WAITING


async def test_nothing_can_be_written_to_a_caller(house: House) -> None:
    await answered(house)
    conversation = (await house.call()).conversation
    who = {"user": "u1", "name": "Ann"}
    await house.stage.command(conversation, "take", who)
    status, body = await house.stage.command(
        conversation, "say", {**who, "turn": "t1", "text": "Hello"}
    )
    assert (status, body["error"]["message"]) == (
        409, "This is a call: what is written here would not be heard.",
    )  # fmt: skip


async def test_when_nobody_answers_the_people_can_be_rung_again(house: House) -> None:
    phone = await put_through(house)
    (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
    await phone.post(path_of(dial.get("action", "")), {**DIALLED, "DialCallStatus": "busy"})
    await phone.say("try again")
    assert verbs(phone.last)[-1].tag == "Dial"


async def test_a_long_queue_offers_a_call_back_before_the_line_rings(house: House) -> None:
    for number in range(3):
        one = house.phone("CA" + f"{number + 5:032x}", f"+44770090090{number}")
        await one.ring()
        await one.key("0")
    phone = house.phone()
    await phone.ring()
    said = await phone.say("operator")
    assert said.startswith("You are number 4 in line. I can have somebody call you back")
    assert [verb.tag for verb in verbs(phone.last)] == ["Gather"]
    await phone.say("wait on the line")
    assert verbs(phone.last)[-1].tag == "Dial"


def asks_after_calls(house: House) -> None:
    rule = AskRule(Trigger.CALL, (SurveyKind.CSAT,), {Channel.VOICE: 1.0})
    house.stage.room.rules = SurveyRules(ask=(rule,), cap_days=0)


async def hang_up_agent(phone: Phone) -> str:
    (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
    path = path_of(dial.get("action", ""))
    return await phone.post(path, {**DIALLED, "DialCallStatus": "completed"})


async def test_after_the_talk_the_caller_is_asked_how_it_was_by_key(house: House) -> None:
    asks_after_calls(house)
    phone = await answered(house)
    asked = await hang_up_agent(phone)
    assert asked.startswith("How was this for you, from 1, very poor, to 5, very good?")
    assert "Thank you, that helps us" in await phone.key("5")
    conversation = (await house.call()).conversation
    (response,) = await house.stage.responses(conversation)
    assert (response.kind, response.score) == (SurveyKind.CSAT, 5)
    assert await phone.say("when are you open") == "bot: when are you open"


async def test_who_does_not_say_how_it_was_is_let_go(house: House) -> None:
    asks_after_calls(house)
    phone = await answered(house)
    await hang_up_agent(phone)
    for _ in range(3):
        assert "did not hear anything" in await phone.keep_silent()
    assert await phone.keep_silent() == "Thank you for calling. Goodbye."
    assert verbs(phone.last)[-1].tag == "Hangup"


async def test_without_a_survey_the_call_ends_with_thanks(house: House) -> None:
    house.stage.room.rules = SurveyRules()
    phone = await answered(house)
    assert await hang_up_agent(phone) == "Thank you for calling. Goodbye."
    assert verbs(phone.last)[-1].tag == "Hangup"


async def test_a_caller_who_hangs_up_while_waiting_has_abandoned_it(house: House) -> None:
    phone = await put_through(house)
    for _ in range(2):
        await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    conversation = (await house.call()).conversation
    made = await house.stage.conversation(conversation)
    kinds = [event.kind for event in made.events]
    assert kinds.count(EventKind.ABANDONED) == kinds.count(EventKind.CLOSED) == 1
    assert (await house.stage.handoff(conversation)).holder is Holder.CLOSED
    await house.stage.settle()
    assert house.stage.bot.forgotten == [conversation]


def recorded(**more: str) -> dict[str, str]:
    return {
        "RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "40",
        "RecordingChannels": "2", "RecordingSource": "DialVerb",
        "RecordingUrl": "https://evil.example/a", "RecordingStartTime":
        "Mon, 23 Nov 2026 10:00:00 +0000", **more,
    }  # fmt: skip


async def finish(house: House, phone: Phone, **more: str) -> None:
    await phone.post("/twilio/voice/recorded", recorded(**more))
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await house.stage.settle()


async def test_a_recording_is_fetched_from_twilio_alone_and_belongs_to_the_call(
    house: House,
) -> None:
    house.twilio.files[f"{RECORDING}.wav"] = ("audio/wav", b"sound of a call")
    phone = await answered(house)
    await phone.post("/twilio/voice/recorded", recorded())
    await house.stage.settle()
    assert house.twilio.fetched == []  # the talk may go on, and its turns come first
    await phone.post("/twilio/voice/recorded", recorded())
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await house.stage.settle()
    assert house.twilio.fetched == [(f"{RECORDING}.wav", True)]
    conversation = (await house.call()).conversation
    async with house.stage.room.database.reading() as session:
        told = await calls.find_recording(session, RECORDING)
        assert told is not None and told.recording is not None
        kept = await recordings.get(session, told.recording)
    assert told.state is CallRecordingState.FETCHED
    assert told.started_at == (await house.call()).answered_at  # Twilio's own is before it
    assert (kept.state, kept.conversation) == (RecordingState.RECEIVED, conversation)
    assert kept.layout is ChannelLayout.CUSTOMER_AGENT
    sound = Path(house.stage.settings.recordings) / kept.id
    assert sound.read_bytes() == b"sound of a call"


async def test_a_recording_that_cannot_be_fetched_now_is_fetched_later(house: House) -> None:
    house.twilio.files[f"{RECORDING}.wav"] = ("audio/wav", b"sound of a call")
    house.twilio.faults += [Fault(429), Fault(500)]
    phone = await answered(house)
    await finish(house, phone)
    async with house.stage.room.database.reading() as session:
        told = await calls.find_recording(session, RECORDING)
    assert told is not None and told.state is CallRecordingState.DUE
    assert told.error == "Twilio answered 429"
    for minutes in (2, 10):
        later = datetime.now(UTC) + timedelta(minutes=minutes)
        house.stage.room.clock = lambda later=later: later  # type: ignore[misc]
        await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
        await house.stage.settle()
    async with house.stage.room.database.reading() as session:
        told = await calls.find_recording(session, RECORDING)
    assert told is not None and told.state is CallRecordingState.FETCHED
    assert told.error is None
    assert len(house.twilio.fetched) == 1


async def test_a_recording_that_is_not_there_has_failed_with_a_reason(house: House) -> None:
    phone = await answered(house)
    await finish(house, phone)
    async with house.stage.room.database.reading() as session:
        told = await calls.find_recording(session, RECORDING)
    assert told is not None and told.state is CallRecordingState.FAILED
    assert told.error == "Twilio answered 404 for what it pointed to"


async def test_a_recording_larger_than_allowed_is_not_kept(
    house: House,
) -> None:
    house.twilio.files[f"{RECORDING}.wav"] = ("audio/wav", bytes(2 * 2**20))
    settings = house.stage.settings.model_copy(update={"max_upload_mib": 1})
    house.stage.room.settings = settings
    phone = await answered(house)
    await finish(house, phone)
    async with house.stage.room.database.reading() as session:
        told = await calls.find_recording(session, RECORDING)
    assert told is not None and told.error == "it is larger than 1 MiB"
    folder = Path(settings.recordings)
    assert not folder.exists() or list(folder.iterdir()) == []


async def test_the_recording_is_paused_around_a_payment_as_events(house: House) -> None:
    await answered(house)
    conversation = (await house.call()).conversation

    async def command(name: str) -> tuple[int, Any]:
        return await house.stage.command(conversation, name, {"user": "payment"})

    for _ in range(2):
        assert (await command("pause-recording"))[0] == 200
    assert (await command("resume-recording"))[0] == 200
    path = f"Calls/{CALL}/Recordings/Twilio.CURRENT.json"
    assert house.twilio.asked == [
        (path, {"Status": "paused", "PauseBehavior": "silence"}),
        (path, {"Status": "in-progress"}),
    ]
    made = await house.stage.conversation(conversation)
    paused, resumed = made.events[-2:]
    assert (paused.kind, paused.actor) == (EventKind.RECORDING_PAUSED, "payment")
    assert resumed.kind is EventKind.RECORDING_RESUMED
    assert paused.at is not None and resumed.at is not None and paused.at <= resumed.at


async def test_a_pause_that_twilio_did_not_make_is_no_event_and_is_told(house: House) -> None:
    await answered(house)
    conversation = (await house.call()).conversation
    house.twilio.faults.append(Fault(500))
    status, body = await house.stage.command(conversation, "pause-recording", {"user": "u1"})
    assert (status, body["error"]["code"]) == (503, "unavailable")
    made = await house.stage.conversation(conversation)
    assert EventKind.RECORDING_PAUSED not in [event.kind for event in made.events]


async def test_only_a_call_that_is_recorded_can_be_paused(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    conversation = (await house.call()).conversation
    status, body = await house.stage.command(conversation, "pause-recording", {"user": "u1"})
    assert (status, body["error"]["code"]) == (409, "conflict")
    assert house.twilio.asked == []
