"""What is made of a caller's keys and words: a turn for the dialogue, or something about the call.

Pure: a call as it stands, the prompt that was heard and what came go in; what to do comes out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from channels.phone.ladder import Misses, Rung, say_rung
from channels.phone.menu import NO_MENU
from channels.phone.prompt import Prompt
from channels.phone.readback import NOT_RIGHT, Values, answer_of, hear_values
from channels.phone.request import Heard
from channels.phone.requests import Wish, wish_keyed, wish_said
from channels.requests import TALK_TO_A_PERSON
from channels.wire import Pressed, Said
from core.call import Call

# Below it the words are as likely noise. A guess: what Twilio's recogniser means by its numbers is
# not published, and no calls with both were at hand; what is refused so is only asked once more.
LEAST_CONFIDENCE = 0.3
SLOWLY = "Of course, I speak more slowly."
NO_ANSWER = "I cannot hear you. Please call again when it suits you. Goodbye."
PARTING_SILENCES = (
    2  # who was asked twice whether there is anything else, and says nothing, is done
)
READ_BACK = Prompt("", digits=1)  # one key is yes or no


@dataclass(frozen=True, slots=True)
class Turned:
    """The call from now on, and one of: what is said to the dialogue, or words to the caller.

    `gives_up` when all rungs are behind and only a person can help; `words` then end the call
    where there is none. `is_done` when the caller has what they rang for.
    """

    call: Call
    says: Said | Pressed | None = None
    words: str = ""
    gives_up: bool = False
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Ear:
    """Listens on behalf of one call; words of danger (`is_danger`) are answered before all else."""

    call: Call
    prompt: Prompt
    is_danger: Callable[[str], bool] = lambda _: False

    def turn(self, heard: Heard) -> Turned:
        """What a caller's answer leads to."""
        if heard.is_silence:
            return self._missed(is_silent=True)
        if heard.text and self.is_danger(heard.text):
            return self._unread(heard.text)
        return self._heard(heard)

    def _heard(self, heard: Heard) -> Turned:
        """What is no silence and no danger."""
        wish = self._wish(heard)
        if wish is Wish.PERSON:
            return self._say(Said(self._turn_id, TALK_TO_A_PERSON))
        if wish is not None:
            return self._again(is_slower=wish is Wish.SLOWER)
        if heard.confidence is not None and heard.text and heard.confidence < LEAST_CONFIDENCE:
            return self._missed(is_silent=False)
        if self.call.pending is not None:
            return self._answered(heard, self.call.pending)
        return self._keyed(heard.keys) if heard.keys else self._said(heard.text)

    def _unread(self, text: str) -> Turned:
        """The words as they are, with their numbers in one spelling and none of them read back."""
        values = hear_values(text, digits=None)
        return self._say(Said(self._turn_id, values.said if values else text))

    def _wish(self, heard: Heard) -> Wish | None:
        if heard.keys:
            return wish_keyed(heard.keys, is_zero_a_person=not self.prompt.menu.has_zero)
        return wish_said(heard.text)

    def _keyed(self, keys: str) -> Turned:
        """A key of the menu, or the digits that were asked for; what is keyed is certain."""
        button = self.prompt.menu.keyed(keys)
        if button is not None:
            return self._say(Pressed(self._turn_id, button.id))
        if len(keys) > 1 and not self.prompt.menu.is_scale:
            return self._say(Said(self._turn_id, keys.replace("*", " ").strip() or keys))
        return self._missed(is_silent=False)

    def _said(self, text: str) -> Turned:
        button = self.prompt.menu.said(text)
        if button is not None:
            return self._say(Pressed(self._turn_id, button.id))
        values = None if self.prompt.menu.is_scale else hear_values(text, digits=self.prompt.digits)
        return self._read_back(values) if values else self._say(Said(self._turn_id, text))

    def _answered(self, heard: Heard, pending: str) -> Turned:
        """Yes or no to what was read back; another number in its place is read back in turn."""
        said = answer_of(heard.keys, heard.text)
        if said:
            return self._say(Said(self._turn_id, pending))
        if said is False:
            call = replace(self.call, pending=None, misheard=self.call.misheard + 1)
            return Turned(call, words=NOT_RIGHT)
        if len(heard.keys) > 1:
            return self._keyed(heard.keys)
        values = hear_values(heard.text, digits=self.prompt.digits)
        if values is not None:
            return self._read_back(values)
        known = hear_values(pending, digits=self.prompt.digits)
        question = known.question if known else pending
        return self._missed(is_silent=False, question=question)

    def _read_back(self, values: Values) -> Turned:
        call = replace(self.call, pending=values.said, silences=0)
        return Turned(call, words=values.question)

    def _again(self, *, is_slower: bool) -> Turned:
        call = replace(self.call, is_slow=True) if is_slower else self.call
        words = self._question
        return Turned(call, words=f"{SLOWLY} {words}" if is_slower else words)

    @property
    def _question(self) -> str:
        """What the caller is to answer: what was read back, else the last prompt."""
        if self.call.pending is None:
            return self.prompt.said
        known = hear_values(self.call.pending, digits=self.prompt.digits)
        return known.question if known else self.prompt.said

    def _missed(self, *, is_silent: bool, question: str = "") -> Turned:
        misses = Misses(self.call.silences, self.call.misheard)
        misses = misses.silent() if is_silent else misses.missed()
        call = replace(self.call, silences=misses.silences, misheard=misses.misheard)
        if self.prompt.is_parting and misses.silences == PARTING_SILENCES:
            return Turned(call, is_done=True)
        if misses.rung is Rung.PERSON:
            return Turned(call, words=NO_ANSWER, gives_up=True)
        is_pending = self.call.pending is not None
        rung = Rung.REPHRASE if self.prompt.is_parting and is_silent else misses.rung
        words = say_rung(
            rung,
            is_silent=is_silent,
            question=question or self._question,
            menu=NO_MENU if is_pending else self.prompt.menu,
            digits=None if is_pending else self.prompt.digits,
        )
        return Turned(call, words=words)

    def _say(self, said: Said | Pressed) -> Turned:
        return Turned(replace(self.call, pending=None, silences=0), says=said)

    @property
    def _turn_id(self) -> str:
        return f"{self.call.sid}-{self.call.step}"
