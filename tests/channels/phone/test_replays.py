"""Every webhook twice, out of order, unsigned, with fields more and less, and far too large."""

from collections.abc import Mapping

import pytest

from core.handoff import Holder
from store import listing
from tests.channels.phone.line import (
    CALL,
    FORM,
    LEG,
    QUEUE,
    RECORDING,
    House,
    Phone,
    path_of,
    verbs,
)

DIAL = {"DialCallSid": LEG, "DialCallStatus": "no-answer"}
BODIES: dict[str, dict[str, str]] = {
    "/twilio/voice/incoming": {**FORM, "CallStatus": "ringing"},
    "/twilio/voice/heard?step=1": {**FORM, "SpeechResult": "hello", "Confidence": "0.9"},
    "/twilio/voice/wait?step=1&n=1": {**FORM},
    "/twilio/voice/whisper": {**FORM, "CallSid": LEG, "ParentCallSid": CALL, "To": QUEUE},
    "/twilio/voice/dialled?step=3": {**FORM, **DIAL},
    "/twilio/voice/recorded": {
        **FORM, "RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "9",
        "RecordingChannels": "2", "RecordingUrl": "https://api.twilio.com/x",
        "RecordingSource": "DialVerb",
    },
    "/twilio/voice/status": {**FORM, "CallStatus": "completed"},
}  # fmt: skip
NEEDED = dict.fromkeys(BODIES, ("CallSid",)) | {
    "/twilio/voice/whisper": ("CallSid", "ParentCallSid"),
    "/twilio/voice/recorded": ("CallSid", "RecordingSid"),
}


async def stored(house: House) -> int:
    async with house.stage.room.database.reading() as session:
        return (await listing.page(session, listing.Filter())).total


async def post(house: House, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
    return await house.caller.post(path, fields)


@pytest.mark.parametrize("path", BODIES)
async def test_what_is_not_signed_gets_403_and_nothing_is_stored(house: House, path: str) -> None:
    for signature in ("", "bm90IGl0"):
        status, _ = await house.caller.post(path, BODIES[path], signature=signature)
        assert status == 403
    status, _ = await house.caller.post(path, BODIES[path], more={"Body": "slipped in"})
    assert status == 403
    assert await stored(house) == 0


@pytest.mark.parametrize("path", BODIES)
async def test_fields_that_twilio_adds_tomorrow_change_nothing(house: House, path: str) -> None:
    more = {"StirVerstat": "TN-Validation-Passed-A", "NewField": "new", "CallToken": "{}"}
    status, text = await post(house, path, {**BODIES[path], **more})
    assert status == 200
    verbs(text)


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in NEEDED.items() for name in names]
)
async def test_a_missing_id_is_named_and_nothing_is_stored(
    house: House, path: str, name: str
) -> None:
    fields = {key: value for key, value in BODIES[path].items() if key != name}
    for given in (fields, {**fields, name: "../../etc"}):
        status, text = await post(house, path, given)
        assert status == 400
        assert f"{name}: an id of Twilio was expected" in text
    assert await stored(house) == 0


@pytest.mark.parametrize("step", ["", "-1", "x", "1e3", "99999999"])
async def test_a_step_that_we_never_gave_out_is_refused(house: House, step: str) -> None:
    status, _ = await post(house, f"/twilio/voice/heard?step={step}", FORM)
    assert status == 400


@pytest.mark.parametrize("path", BODIES)
async def test_a_megabyte_is_not_read(house: House, path: str) -> None:
    status, _ = await post(house, path, {**BODIES[path], "SpeechResult": "x" * 2**20})
    assert status == 413
    assert await stored(house) == 0


@pytest.mark.parametrize(
    "missing", ["From", "To", "SpeechResult", "Confidence", "Digits", "Direction"]
)
async def test_a_call_goes_on_without_any_other_field(house: House, missing: str) -> None:
    phone = house.phone()
    await phone.ring()
    fields = {**FORM, "SpeechResult": "hello", "Confidence": "0.9"}
    fields.pop(missing, None)
    status, text = await post(house, "/twilio/voice/heard?step=1", fields)
    assert status == 200
    assert [verb.tag for verb in verbs(text)] == ["Gather"]


async def test_a_whole_call_posted_twice_leaves_each_thing_once(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    await phone.say("hello")
    await phone.say("one oh four four two")
    await phone.say("yes")
    await phone.say("operator")
    await house.caller_leg()
    (dial,) = [verb for verb in verbs(phone.last) if verb.tag == "Dial"]
    action = path_of(dial.get("action", ""))
    await phone.post(action, {**DIAL, "DialCallStatus": "completed"})
    recorded = {"RecordingSid": RECORDING, "RecordingStatus": "completed"}
    await phone.post("/twilio/voice/recorded", recorded)
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    await house.stage.settle()
    before = await house.lines()
    events = await _events(house)
    last = phone.last
    asked = len(house.stage.bot.asked)
    for path, fields in [*phone.posted, *reversed(phone.posted)]:
        status, text = await post(house, path, fields)
        assert status == 200
        verbs(text)
    await house.stage.settle()
    assert await house.lines() == before
    assert await _events(house) == events
    assert len(house.stage.bot.asked) == asked
    assert await stored(house) == 1
    assert last == phone.last


async def test_a_repeated_step_gets_the_very_same_twiml(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    first = phone.last
    await phone.ring()
    assert phone.last == first
    path, body = "/twilio/voice/heard?step=1", BODIES["/twilio/voice/heard?step=1"]
    answers = {await post(house, path, body) for _ in range(3)}
    assert len(answers) == 1
    assert len(house.stage.bot.asked) == 1


async def test_the_end_and_the_recording_may_come_before_everything_else(house: House) -> None:
    phone = house.phone()
    assert await phone.post("/twilio/voice/status", {"CallStatus": "completed"}) == ""
    assert await phone.post("/twilio/voice/recorded", {"RecordingSid": RECORDING}) == ""
    assert await stored(house) == 0
    await phone.ring()
    await phone.post("/twilio/voice/status", {"CallStatus": "completed"})
    over = await _say_after_the_end(phone)
    call = await house.call()
    assert (await house.stage.handoff(call.conversation)).holder is Holder.CLOSED
    assert len(await house.lines()) == 2
    assert over == phone.last


async def _say_after_the_end(phone: Phone) -> str:
    await phone.post("/twilio/voice/heard?step=1", {"SpeechResult": "too late"})
    return phone.last


async def _events(house: House) -> list[str]:
    made = await house.stage.conversation((await house.call()).conversation)
    return [event.kind.value for event in made.events]
