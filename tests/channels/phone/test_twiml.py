"""TwiML, verb by verb."""

from xml.etree import ElementTree

from channels.phone.prompt import Prompt
from channels.phone.twiml import Through, Voice, goodbye, hold_on, listen, put_through, whisper
from tests.channels.phone.test_menu import NPS, START

VOICE = Voice("Polly.Amy", "en-GB")


def verbs(xml: str) -> list[ElementTree.Element]:
    top = ElementTree.fromstring(xml)
    assert top.tag == "Response"
    return list(top)


def test_listen_says_the_notice_and_gathers_keys_and_speech() -> None:
    xml = listen(
        VOICE, Prompt("How can I help?", START), action="/heard?step=1", hints="a,b", first="Hear!"
    )
    say, gather = verbs(xml)
    assert (say.tag, say.text, say.get("voice")) == ("Say", "Hear!", "Polly.Amy")
    assert gather.tag == "Gather"
    assert gather.attrib == {
        "input": "dtmf speech", "action": "/heard?step=1", "method": "POST",
        "actionOnEmptyResult": "true", "bargeIn": "true", "speechTimeout": "auto",
        "timeout": "6", "language": "en-GB", "hints": "a,b", "profanityFilter": "false",
        "numDigits": "1",
    }  # fmt: skip
    assert [(child.tag, child.text) for child in gather] == [("Say", "How can I help?")]


def test_as_many_keys_as_are_awaited() -> None:
    def keys(prompt: Prompt) -> str | None:
        return verbs(listen(VOICE, prompt, action="/", hints=""))[0].get("numDigits")

    assert keys(Prompt("Which order?", START, digits=5)) == "5"
    assert keys(Prompt("How likely?", NPS)) is None  # 1 or 10: ended by hash or a pause
    assert keys(Prompt("What is it about?")) is None


def test_slower_is_slower_and_waits_longer() -> None:
    (gather,) = verbs(
        listen(Voice("Polly.Amy", "en-GB", is_slow=True), Prompt("Yes?"), action="/", hints="")
    )
    assert gather.get("timeout") == "10"
    (prosody,) = gather[0]
    assert (prosody.tag, prosody.get("rate"), prosody.text) == ("prosody", "75%", "Yes?")


def test_hold_on_asks_again_and_never_hangs_up() -> None:
    assert [v.tag for v in verbs(hold_on(VOICE, "One moment.", then="/wait?n=1"))] == [
        "Say", "Redirect",
    ]  # fmt: skip
    pause, redirect = verbs(hold_on(VOICE, "", then="/wait?n=2"))
    assert (pause.tag, pause.get("length")) == ("Pause", "1")
    assert (redirect.text, redirect.get("method")) == ("/wait?n=2", "POST")


def test_put_through_records_both_legs_from_the_answer_and_whispers() -> None:
    through = Through("+441632960100", "+441632960000", 25, "/w", "/d", "/r")
    say, dial = verbs(put_through(VOICE, "One moment.", through))
    assert say.text == "One moment."
    assert dial.attrib == {
        "action": "/d", "method": "POST", "timeout": "25", "callerId": "+441632960000",
        "record": "record-from-answer-dual", "recordingStatusCallback": "/r",
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
    }  # fmt: skip
    (number,) = dial
    assert (number.tag, number.text, number.get("url")) == ("Number", "+441632960100", "/w")


def test_whisper_and_goodbye() -> None:
    assert [v.tag for v in verbs(whisper(VOICE, "Order & more"))] == ["Say"]
    assert [v.tag for v in verbs(goodbye(VOICE, "Bye."))] == ["Say", "Hangup"]
