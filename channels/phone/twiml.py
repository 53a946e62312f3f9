"""TwiML: the XML that tells Twilio what to say, what to listen for, whom to ring.

Source: Twilio, "TwiML for Programmable Voice".
"""

from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, Say, VoiceResponse

from channels.phone.prompt import Prompt

LISTEN_SECONDS = 6  # of silence before the caller is taken to say nothing; Twilio's own are 5
SLOW_LISTEN_SECONDS = 10
SLOW_RATE = "75%"  # of the usual pace; by ear the slowest that still sounds like a person
KEY_SECONDS = 15  # between two keys of a card, which is looked at meanwhile
PAUSE_SECONDS = 1
CONTENT_TYPE = "application/xml"


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, in which language (BCP-47), and whether slowly."""

    name: str
    language: str
    is_slow: bool = False


@dataclass(frozen=True, slots=True)
class Through:
    """A call to the people: their number, ours, and where Twilio tells what came of it."""

    number: str
    caller_id: str | None
    ring_seconds: int
    whisper: str
    dialled: str
    recorded: str


def listen(voice: Voice, prompt: Prompt, *, action: str, hints: str, first: str = "") -> str:
    """Say a prompt and hear what comes, which may interrupt it; silence is told as well.

    Args:
        first: said before it and not to be interrupted, such as the notice of recording.
    """
    response = VoiceResponse()
    if first:
        response.append(_say(voice, first))
    response.append(_gather(voice, prompt, action, hints))
    return str(response)


def key_in(voice: Voice, words: str, *, action: str) -> str:
    """Say what to key, and take keys alone, up to hash; nobody listens to what is said."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        action=action,
        method="POST",
        action_on_empty_result=True,
        barge_in=True,
        finish_on_key="#",
        timeout=KEY_SECONDS,
    )
    gather.append(_say(voice, words))
    response.append(gather)
    return str(response)


def hold_on(voice: Voice, words: str, *, then: str) -> str:
    """Say a little, wait a second, and ask us again."""
    response = VoiceResponse()
    if words:
        response.append(_say(voice, words))
    else:
        response.pause(length=PAUSE_SECONDS)
    response.redirect(then, method="POST")
    return str(response)


def put_through(voice: Voice, words: str, through: Through) -> str:
    """Ring the people; both legs are recorded from the answer on, the caller's channel first."""
    response = VoiceResponse()
    if words:
        response.append(_say(voice, words))
    dial = Dial(
        action=through.dialled,
        method="POST",
        timeout=through.ring_seconds,
        caller_id=through.caller_id,
        record="record-from-answer-dual",
        recording_status_callback=through.recorded,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )
    dial.number(through.number, url=through.whisper, method="POST")
    response.append(dial)
    return str(response)


def whisper(voice: Voice, words: str) -> str:
    """Said to the agent alone; the legs are joined when it ends."""
    response = VoiceResponse()
    response.append(_say(voice, words))
    return str(response)


def goodbye(voice: Voice, words: str) -> str:
    """Say it and end the call."""
    response = VoiceResponse()
    response.append(_say(voice, words))
    response.hangup()
    return str(response)


def nothing() -> str:
    """An empty answer: all is well."""
    return str(VoiceResponse())


def _gather(voice: Voice, prompt: Prompt, action: str, hints: str) -> Gather:
    length = {"num_digits": 1} if prompt.awaits_one_key else {}
    if prompt.digits is not None:
        length = {"num_digits": prompt.digits}
    gather = Gather(
        input="dtmf speech",
        action=action,
        method="POST",
        action_on_empty_result=True,
        barge_in=True,
        speech_timeout="auto",
        timeout=SLOW_LISTEN_SECONDS if voice.is_slow else LISTEN_SECONDS,
        language=voice.language,
        hints=hints,
        profanity_filter=False,
        **length,
    )
    gather.append(_say(voice, prompt.said))
    return gather


def _say(voice: Voice, words: str) -> Say:
    if not voice.is_slow:
        return Say(words, voice=voice.name, language=voice.language)
    say = Say(voice=voice.name, language=voice.language)
    say.prosody(words, rate=SLOW_RATE)
    return say
