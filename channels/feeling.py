"""The customer's mood while a chat goes on, read in a thread: the encoder would hold up the others.

No more of it is read than can tell whether it falls: after two turns that were well, none.

The model is loaded there too, at the start, so that no customer waits for it.
"""

import asyncio
import re
from collections.abc import Sequence

from channels.escalation import BAD_TURNS, is_falling, last_said
from channels.room import Room
from channels.situation import Situation
from core.conversation import Turn
from core.evaluation import SentimentTrace
from language.encoder import find_folder
from language.sentiment import SentimentModel, load_model, trace


async def load_moods(room: Room) -> None:
    """Load what moods are read with, unless none will be read while a chat goes on."""
    if room.settings.escalation:
        await asyncio.to_thread(_model, room)


async def has_fallen(room: Room, situation: Situation, turn: Turn) -> bool:
    """Whether the mood has fallen so far with this turn that a person should be offered."""
    said = last_said(situation, turn)
    if len(said) < BAD_TURNS:  # one bad turn is no fall
        return False
    return await falls(said, _model(room))


# 'sorry about that, where were we', 'my mistake': the customer's own, which no model tells from
# being sorry that they ever bought it. 'sorry for your lies' and 'you should be sorry' are none.
_SORRY = r"(?:sorry|apologies|i\s+apologi[sz]e|pardon(?:\s+me)?|my\s+(?:bad|mistake|fault))\b"
_OWN_APOLOGY = re.compile(
    r"(?:\A|(?<=[.!?;,]\s)|(?<=\bso\s)|(?<=\bbut\s))"
    r"\W*(?:(?:oh|ah|ok(?:ay)?|h?mm+|u[hm]+|no|right|well|hi|hello)\b\W*)*"
    r"(?:i(?:[’']?m|\s+am)\s+)?(?:(?:so|very|really|terribly|ever\s+so)\s+)*"
    rf"{_SORRY}(?:\W+{_SORRY})*(?=\W*\Z|\s*[,.;:!?-]|\s+(?:about|for|but|i|i[’']m|we|it|that|to)\b)"
    r"(?:\s+(?:about|for)\b(?!\s+(?:your?|the\s+way\s+you)\b)[^,.;:!?]*)?",
    re.IGNORECASE,
)


def without_apology(text: str) -> str:
    """The words without the customer's own apologies."""
    return _OWN_APOLOGY.sub(" ", text).strip()


async def falls(said: Sequence[str], model: SentimentModel) -> bool:
    """Whether the moods of a customer's last turns are falling; the newest is read first."""
    said = [without_apology(text) for text in said]
    moods = model.known(said)
    while is_falling(_at_worst(moods), model.scale):
        unread = [at for at, mood in enumerate(moods) if mood is None]
        if not unread:
            return True
        moods[unread[-1]] = await asyncio.to_thread(model.mood, said[unread[-1]])
    return False


async def mood_so_far(room: Room, situation: Situation) -> SentimentTrace:
    """The mood of the whole conversation as it stands."""
    return await asyncio.to_thread(_trace, room, situation)


def _at_worst(moods: Sequence[float | None]) -> list[float]:
    """The moods as far as they are known, and the worst there is where one is not."""
    return [-1.0 if mood is None else mood for mood in moods]


def _trace(room: Room, situation: Situation) -> SentimentTrace:
    return trace(situation.conversation, model=_model(room))


def _model(room: Room) -> SentimentModel:
    settings = room.settings
    return load_model(find_folder(settings.models, settings.encoder_model))
