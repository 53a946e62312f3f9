"""A call on one channel: its voices found, its words given to them, the voices named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.conversation import Role, Turn
from core.errors import ModelUnavailable
from core.recording import Segment
from core.spans import TimeSpan
from speech.turns import Speaker, turns_of
from speech.voices.attribution import attribute
from speech.voices.diarization import Diarizer, Source, Voices
from speech.voices.naming import KnownVoice, label_of, name_voices, named

TWO = 2  # people on the telephone, unless told otherwise


def _none() -> Diarizer:
    raise ModelUnavailable("nothing that tells voices apart was given")


@dataclass(frozen=True, slots=True, eq=False)
class MonoSetup:
    """What a mono call needs beside a recogniser.

    `load` gives what finds voices, loaded when the first mono call comes; `speakers` is how many
    there are at most; `known` are enrolled agents, of whom those count whose vectors the same
    networks made.
    """

    load: Callable[[], Diarizer] = _none
    speakers: int = TWO
    known: tuple[KnownVoice, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The voices of a call and what found them; None, and a sentence on why, when nothing could."""

    voices: Voices | None
    model: str
    note: str = ""


def find(setup: MonoSetup, sound: Source, duration: float, voiced: Sequence[TimeSpan]) -> Found:
    """The voices of a mono call; without networks on this machine, none and the reason."""
    try:
        diarizer = setup.load()
    except ModelUnavailable as error:
        return Found(None, "", f"Its voices are not told apart, so the roles are unknown: {error}.")
    voices = diarizer.find_voices(sound, duration, voiced, count=setup.speakers)
    return Found(voices, diarizer.describe())


def mono_turns(
    segments: Sequence[Segment],
    voices: Voices,
    model: str,
    setup: MonoSetup,
    *,
    language: str,
    company: str = "",
) -> tuple[tuple[Turn, ...], tuple[str, ...]]:
    """Turns with a voice and, where it is clear, a role each; and sentences for people."""
    words = [word for segment in segments for word in segment.words]
    if not words:
        return (), ()
    words.sort(key=lambda word: word.span.start)
    numbers = attribute(words, voices.spans)
    count = max([voices.count, *(number + 1 for number in numbers)])
    unnamed = [Speaker(label_of(number), Role.UNKNOWN) for number in range(count)]
    turns = turns_of(zip(numbers, words, strict=True), unnamed)
    naming = name_voices(
        turns,
        voices.vectors,
        count=count,
        known=[each for each in setup.known if each.model == model],
        company=company,
        language=language,
    )
    return named(turns, naming), naming.notes
