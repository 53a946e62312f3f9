"""Who speaks in mono calls, how right and how fast: `python -m benchmarks.speech.speakers CALL`.

A stereo call is mixed to mono and judged by its channels; a sound with an `.rttm` beside it by
that, and with an `.stm` by its words too. `--minutes 10` repeats a call: time and memory.
"""

import argparse
import itertools
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.speech.diarization import (
    COLLAR,
    FRAMES_PER_SECOND,
    Tracks,
    energy_reference,
    error_rate,
    read_rttm,
    tracks_of,
    voice_reference,
)
from core.conversation import Role, Word
from core.recording import ChannelLayout
from core.settings import load_settings
from core.spans import TimeSpan
from speech.activity import listen
from speech.audio import SAMPLE_RATE_HZ, Reading, Samples, probe
from speech.choice import choose_engine, load_engine
from speech.hearing import Heard, hear
from speech.timing import word_times
from speech.voices.attribution import attribute
from speech.voices.choice import choose_voices, load_voices
from speech.voices.diarization import Diarizer, VoiceSpan
from speech.voices.mono import MonoSetup


def main() -> None:
    """Measure each sound and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sounds", type=Path, nargs="+")
    parser.add_argument("--minutes", type=float, help="repeat each to this length: time and memory")
    parser.add_argument("--words", action="store_true", help="recognise too: roles, whole time")
    parser.add_argument("--speakers", type=int, default=2)
    asked = parser.parse_args()
    diarizer = load_voices(choose_voices(load_settings()))
    for path in asked.sounds:
        if asked.minutes:
            _measure_time(path, diarizer, asked.minutes, asked.speakers)
        else:
            _measure_errors(path, diarizer, asked.speakers)
        if asked.words:
            _measure_words(path, diarizer, asked.speakers)


def _measure_errors(path: Path, diarizer: Diarizer, speakers: int) -> None:
    channels = _sound(path)
    mono = channels.mean(axis=0, keepdims=True)
    seconds = mono.shape[1] / SAMPLE_RATE_HZ
    voiced = listen([mono], 1).voiced[0]
    wall, cpu = time.perf_counter(), time.process_time()
    found = diarizer.find_voices(lambda: [mono], seconds, voiced, count=speakers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    tracks = tracks_of(found.spans, int(seconds * FRAMES_PER_SECOND))
    print(f"{path.name}: {seconds:.0f} s, {found.count} voices, {diarizer.describe()}")  # noqa: T201
    print(f"  RTF {wall / seconds:.3f}, {cpu / seconds:.3f} s of CPU a second")  # noqa: T201
    if len(channels) == 2:
        for name, reference in (("loudness", energy_reference), ("silero", voice_reference)):
            truth = reference(channels)
            rate = error_rate(truth, tracks[:, : truth.shape[1]], collar=COLLAR)
            print(f"  by {name} of the channels, collar {COLLAR} s: {rate}")  # noqa: T201
    rttm = path.with_suffix(".rttm")
    if rttm.is_file():
        truth = read_rttm(rttm, seconds)
        rate = error_rate(truth, tracks[:, : truth.shape[1]])
        print(f"  by {rttm.name}, no collar: {rate}")  # noqa: T201
    stm = path.with_suffix(".stm")
    if stm.is_file():
        wrong, words = _wrong_words(_stm_words(stm), found.spans)
        print(f"  words of {stm.name} at the wrong voice: {wrong} of {words}")  # noqa: T201


def _measure_time(path: Path, diarizer: Diarizer, minutes: float, speakers: int) -> None:
    """A call over and over, in blocks as a file gives them; memory is of the whole process."""
    sound = _sound(path).mean(axis=0, keepdims=True)
    seconds = minutes * 60

    def blocks() -> Iterator[Samples]:
        left = round(seconds * SAMPLE_RATE_HZ)
        while left > 0:
            yield sound[:, :left]
            left -= sound.shape[1]

    voiced = listen(blocks(), 1).voiced[0]
    wall, cpu = time.perf_counter(), time.process_time()
    found = diarizer.find_voices(blocks, seconds, voiced, count=speakers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"{path.name}, {minutes:g} minutes of it: RTF {wall / seconds:.4f}, "
        f"{cpu / seconds:.4f} s of CPU a second, peak {peak:.0f} MB, "
        f"{found.count} voices, {len(found.spans)} spans"
    )


def _measure_words(path: Path, diarizer: Diarizer, speakers: int) -> None:
    settings = load_settings()
    engine = load_engine(choose_engine(settings))
    setup = MonoSetup(load=lambda: diarizer, speakers=speakers)

    def run(layout: ChannelLayout) -> Heard:
        return hear(
            path,
            recording="benchmark",
            layout=layout,
            engine=engine,
            language="en",
            max_hours=24,
            mono=setup,
        )

    wall, cpu = time.perf_counter(), time.process_time()
    heard = run(ChannelLayout.MONO)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"  heard whole: RTF {wall / heard.duration:.3f}, {cpu / heard.duration:.3f} s of CPU")  # noqa: T201
    for note in heard.notes:
        print(f"  {note}")  # noqa: T201
    if probe(path, max_hours=24).channels == 2:
        truth = energy_reference(_sound(path))
        right = _right_roles(heard, truth)
        print(f"  words whose role is that of the louder channel: {right:.4f}")  # noqa: T201


def _right_roles(heard: Heard, truth: Tracks) -> float:
    """Share of words with the agent's role on the first channel, the customer's on the second."""
    right = total = 0
    for turn in heard.turns:
        for word in turn.speech.words if turn.speech else ():
            start, end = (round(s * FRAMES_PER_SECOND) for s in (word.span.start, word.span.end))
            first, second = truth[:, start : end + 1].sum(axis=1)
            if first != second:
                total += 1
                right += turn.role is (Role.AGENT if first > second else Role.CUSTOMER)
    return right / max(1, total)


def _stm_words(path: Path) -> list[tuple[str, Word]]:
    """Who said which word, its time spread over its line."""
    words = []
    for line in path.read_text(encoding="utf-8").splitlines():
        _, _, who, start, end, text = line.split(maxsplit=5)
        said = text.split()
        for word, span in zip(
            said, word_times(said, [TimeSpan(float(start), float(end))]), strict=True
        ):
            words.append((who, Word(word, span)))
    return sorted(words, key=lambda each: each[1].span.start)


def _wrong_words(words: Sequence[tuple[str, Word]], spans: Sequence[VoiceSpan]) -> tuple[int, int]:
    """How many words went to another voice, under the best pairing of people and voices."""
    voices = attribute([word for _, word in words], spans)
    people = sorted({who for who, _ in words})
    count = max(len(people), 1 + max(voices, default=0))
    right = max(
        sum(
            order[people.index(who)] == voice for (who, _), voice in zip(words, voices, strict=True)
        )
        for order in itertools.permutations(range(count))
    )
    return len(words) - right, len(words)


def _sound(path: Path) -> Samples:
    reading = Reading(probe(path, max_hours=24), max_hours=24)
    return np.concatenate(list(reading.blocks()), axis=1)  # (channels, time)


if __name__ == "__main__":
    main()
