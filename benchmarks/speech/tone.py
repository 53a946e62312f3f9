"""Tone of voice on real calls: `python -m benchmarks.speech.tone SOUND...`.

Nothing is transcribed: the voice detector tells where each channel speaks. Prints the figures of
each channel, how its stretches are called, between what its pitch ranges lie, and what measuring
cost beside the voice detection that is done anyway.
"""

import sys
import time
from collections import Counter
from pathlib import Path

from core.measures import CallMeasures
from speech.activity import listen
from speech.audio import Reading, probe
from speech.measures import PitchMeters, measure, voices_of
from speech.tone import VoiceSound


def main(paths: list[str]) -> None:
    """Print a line for each channel of each file, and one for all of it."""
    ranges: list[float] = []
    for path in paths:
        made = _measured(Path(path))
        for voice in made.voices:
            called = Counter(point.tone.value for point in voice.tone)
            own = [p.range_semitones for p in voice.tone if p.range_semitones is not None]
            ranges += own
            sys.stdout.write(
                f"{Path(path).name} {voice.speaker}: {voice.talk_seconds:.1f} s of speech, "
                f"{voice.pitch}, {dict(called)}, pitch ranges "
                f"{min(own, default=0):.1f} to {max(own, default=0):.1f} semitones\n"
            )
    sys.stdout.write(
        f"{len(ranges)} stretches with a pitch, ranges {min(ranges):.1f} to {max(ranges):.1f}\n"
    )


def _measured(path: Path) -> CallMeasures:
    file = probe(path, max_hours=8)
    blocks = list(Reading(file, max_hours=8).blocks())
    duration = sum(block.shape[1] for block in blocks) / 16_000
    meters = PitchMeters(file.channels)
    begun = time.process_time()
    for _ in meters.through(blocks):
        pass
    pitch_cpu = time.process_time() - begun
    activity = listen(blocks, file.channels)
    begun = time.process_time()
    sounds = list(map(VoiceSound, activity.levels, meters.pitches))
    made = measure(voices_of((), activity.voiced), sounds, (), duration=duration)
    cpu = pitch_cpu + time.process_time() - begun
    sys.stdout.write(
        f"{path.name}: {cpu:.2f} s of CPU for {duration * file.channels:.0f} s of channels, "
        f"{cpu / (duration * file.channels):.5f} s a second\n"
    )
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
