"""What Twilio is told for a call: the voice, where it asks next, and what it listens for."""

from dataclasses import dataclass

from channels.phone import twiml
from channels.phone.hints import hints
from channels.phone.prompt import Prompt
from channels.phone.twiml import Through, Voice
from core.call import Call
from core.settings import Settings

PATH = "/twilio/voice"
HOLD_ON = "One moment, please."
NOTED = "I have noted that. Is there anything else?"
TOO_LONG = "I am sorry, this takes too long."
GOODBYE = "Thank you for calling. Goodbye."
NOT_UP = "Something went wrong here, I am sorry. Please call again in a few minutes. Goodbye."

# What the bot says when it makes nothing of a turn (domain.yml).
AT_A_LOSS = (
    "I did not understand that.",
    "I still do not understand",
    "I am not sure what you mean.",
)


@dataclass(frozen=True, slots=True)
class Mouth:
    """Makes TwiML for a call as it stands."""

    settings: Settings
    base: str

    def listen(self, call: Call, prompt: Prompt, *, first: str = "") -> str:
        """A prompt, and the address to which what is heard goes."""
        offered = [title for title in prompt.menu.titles if not title.isdecimal()]
        expected = hints(self.settings.names_to_hear, offered, digits=prompt.digits)
        action = self._at(f"heard?step={call.step}")
        return twiml.listen(self._voice(call), prompt, action=action, hints=expected, first=first)

    def key_in(self, call: Call, words: str) -> str:
        """Ask for a field of a card, by key alone."""
        return twiml.key_in(self._voice(call), words, action=self._at(f"card?step={call.step}"))

    def hold_on(self, call: Call, words: str, number: int) -> str:
        """A little patience, then a look whether the answer is there."""
        then = self._at(f"wait?step={call.step}&n={number}")
        return twiml.hold_on(self._voice(call), words, then=then)

    def put_through(self, call: Call, words: str) -> str:
        """Ring the people; what the agent sees as the caller's number is the house's own."""
        settings = self.settings
        through = Through(
            number=settings.phone_queue_number,
            caller_id=settings.phone_caller_id or call.called,
            ring_seconds=settings.phone_ring_seconds,
            whisper=self._at("whisper"),
            dialled=self._at(f"dialled?step={call.step}"),
            recorded=self._at("recorded"),
        )
        return twiml.put_through(self._voice(call), words, through)

    def whisper(self, words: str) -> str:
        """To the agent alone."""
        return twiml.whisper(Voice(self.settings.phone_voice, self.settings.phone_language), words)

    def goodbye(self, call: Call, words: str) -> str:
        """The end of the call."""
        return twiml.goodbye(self._voice(call), words)

    def once_more(self, path: str) -> str:
        """The database is away: a little patience, then Twilio asks the same again."""
        voice = Voice(self.settings.phone_voice, self.settings.phone_language)
        return twiml.hold_on(voice, HOLD_ON, then=f"{self.base}{path}")

    def give_up(self) -> str:
        """It stays away: said, and not left to Twilio's own words."""
        voice = Voice(self.settings.phone_voice, self.settings.phone_language)
        return twiml.goodbye(voice, NOT_UP)

    def _voice(self, call: Call) -> Voice:
        return Voice(self.settings.phone_voice, self.settings.phone_language, call.is_slow)

    def _at(self, rest: str) -> str:
        return f"{self.base}{PATH}/{rest}"
