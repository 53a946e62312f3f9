"""An agent's voice out of a recording, as numbers to recognise it by."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import BadAudio
from speech.activity import listen
from speech.audio import AudioFile, Reading, Samples, probe
from speech.voices.diarization import Diarizer, Voices
from speech.voices.naming import RECOGNISED

LEAST = 10.0  # seconds of voice; twice what the vectors of two halves of a call needed to agree
OTHER = 0.1  # share of the speech that a second voice may have: a word of somebody passing by


def voice_of(
    path: Path, diarizer: Diarizer, *, channel: int | None, max_hours: float
) -> tuple[float, ...]:
    """The unit vector of the one voice in a file.

    Args:
        channel: the agent's, counted from 1, in a file that has two.

    Raises:
        BadAudio: it cannot be heard, has no such channel, or two of which none was named, holds too
            little speech, or more than one person's.
    """
    file = probe(path, max_hours=max_hours)
    number = _channel(file, channel)

    def sound() -> Iterator[Samples]:
        for block in Reading(file, max_hours=max_hours).blocks():
            yield block[number : number + 1]

    activity = listen(sound(), 1)
    voiced = activity.voiced[0]
    seconds = sum(span.duration for span in voiced)
    if seconds < LEAST:
        raise BadAudio(
            f"{path.name} holds {seconds:.1f} s of speech, and a voice needs {LEAST:g} s; "
            "name a longer recording"
        )
    duration = max(span.end for span in voiced)
    _check_alone(path, diarizer.find_voices(sound, duration, voiced, count=2))
    found = diarizer.find_voices(sound, duration, voiced, count=1)
    if not found.count:
        raise BadAudio(f"{path.name} holds speech, but no voice that could be told")
    return tuple(float(each) for each in found.vectors[0])


def _channel(file: AudioFile, channel: int | None) -> int:
    if file.channels == 1:
        if channel not in (None, 1):
            raise BadAudio(
                f"{file.path.name} has one channel, so there is no channel {channel}; leave "
                "--channel out when the agent alone speaks in it"
            )
        return 0
    if channel is None:
        raise BadAudio(
            f"{file.path.name} has two channels; say with --channel 1 or 2 which is the agent's"
        )
    return channel - 1


def _check_alone(path: Path, voices: Voices) -> None:
    """Refuse a recording in which two people speak."""
    if voices.count < 2 or float(voices.vectors[0] @ voices.vectors[1]) >= RECOGNISED:
        return
    seconds = [0.0] * voices.count
    for each in voices.spans:
        seconds[each.voice] += each.span.duration
    if min(seconds) > OTHER * sum(seconds):
        raise BadAudio(
            f"two people speak in {path.name}; name a recording of the agent alone, or with "
            "--channel the agent's channel of a stereo call"
        )
