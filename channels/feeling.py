"""The customer's mood while a chat goes on, read in a thread: the encoder would hold up the others.

The model is loaded there too, at the start, so that no customer waits for it.
"""

import asyncio

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
    return await asyncio.to_thread(_has_fallen, room, said)


async def mood_so_far(room: Room, situation: Situation) -> SentimentTrace:
    """The mood of the whole conversation as it stands."""
    return await asyncio.to_thread(_trace, room, situation)


def _has_fallen(room: Room, texts: tuple[str, ...]) -> bool:
    model = _model(room)
    return is_falling(model.moods(texts), model.scale)


def _trace(room: Room, situation: Situation) -> SentimentTrace:
    return trace(situation.conversation, model=_model(room))


def _model(room: Room) -> SentimentModel:
    settings = room.settings
    return load_model(find_folder(settings.models, settings.encoder_model))
