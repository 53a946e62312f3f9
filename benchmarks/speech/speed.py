"""Ours against faster-whisper as its README uses it: `python -m benchmarks.speech.speed CALL`.

A stereo call of ten minutes (CALL again and again), a Whisper of base's dimensions whose weights
are random: the work is base's, the words mean nothing. Such a model never ends a text, so both
sides are told how many tokens to write for a window: as many in all as people say, four a second
of speech, shared out evenly over the side's own windows. Nothing is decoded twice on either side,
since words without meaning look like loops: faster-whisper's fallback to other temperatures is off,
and so is our look for loops.

Ours is the whole way from the file to turns, word times included; faster-whisper decodes one
channel after another, without word times unless `--words` is given.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path
from unittest.mock import patch

import numpy as np
from faster_whisper import WhisperModel  # type: ignore[import-untyped]  # no stubs

from benchmarks.speech.memory import Deaf, lengthen
from core.recording import ChannelLayout, Segment
from speech.audio import Reading, Samples, probe
from speech.engines import Engine, Piece
from speech.hearing import Heard, hear
from speech.pieces import trimmed
from speech.whisper import BEAM, MARGIN, PIECES, Whisper
from speech.windows import pack
from tests.speech.tiny_whisper import BASE, build_whisper

TOKENS_PER_SECOND = 4.0  # of speech: 3.2 words a second in jfk.flac, 1.25 tokens a word
TEN_MINUTES = 1 / 6  # hours


class Counter(Deaf):
    """Hears nothing, counts the windows that Whisper would be given."""

    batch = PIECES

    def __init__(self) -> None:
        self.windows = 0

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Count."""
        self.windows += len(pack([trimmed(piece, MARGIN) for piece in pieces]))
        return super().transcribe(pieces, language=language)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one side took, in seconds, and how much it wrote."""

    wall: float
    cpu: float
    windows: int
    tokens: int

    def line(self, name: str) -> str:
        """For people."""
        return (
            f"{name}: {self.wall:.1f} s, {self.cpu:.1f} s of CPU, "
            f"{self.windows} windows, {self.tokens} tokens"
        )


def listen(path: Path, engine: Engine) -> Heard:
    """The whole of our way."""
    return hear(
        path,
        recording="benchmark",
        layout=ChannelLayout.AGENT_CUSTOMER,
        engine=engine,
        language="en",
        max_hours=24,
    )


def ours(path: Path, model: Path, tokens: float, threads: int) -> Cost:
    """Parley's time from file to turns."""
    counter = Counter()
    listen(path, counter)
    most = round(tokens / counter.windows)
    engine = Whisper(model, model="base", revision="random", threads=threads, most_tokens=most)
    with (
        patch("speech.whisper._is_odd", return_value=False),
        patch("speech.hearing.is_loop", return_value=False),
    ):
        cost = timed(lambda: listen(path, engine))
    return Cost(*cost, counter.windows, most * counter.windows)


def theirs(
    channels: Sequence[Samples], model: Path, tokens: float, threads: int, **options: bool
) -> Cost:
    """faster-whisper's time for one channel after another."""
    loaded = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=threads)

    def windows(most: int) -> int:
        return sum(
            len({segment.seek for segment in segments})
            for segments, _ in (
                loaded.transcribe(
                    samples,
                    language="en",
                    beam_size=BEAM,
                    temperature=0.0,
                    max_new_tokens=most,
                    **options,
                )
                for samples in channels
            )
        )

    count = windows(4)  # a few tokens each, to see into how many windows it cuts the sound
    most = round(tokens / count)
    cost = timed(lambda: windows(most))
    return Cost(*cost, count, most * count)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("call", type=Path)
    parser.add_argument("--hours", type=float, default=TEN_MINUTES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--words", action="store_true", help="word times from faster-whisper too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, model = Path(folder) / "call.mp3", Path(folder) / "base"
        maker = Process(target=lengthen, args=(asked.call, asked.hours, path))
        maker.start()
        maker.join()
        build_whisper(model, BASE, writes_end=False)
        blocks = Reading(probe(path, max_hours=24), max_hours=24).blocks()
        channels = [np.ascontiguousarray(each) for each in np.concatenate(list(blocks), axis=1)]
        voiced = sum(each.voiced_seconds for each in listen(path, Deaf()).quality)
        tokens = TOKENS_PER_SECOND * voiced
        mine = ours(path, model, tokens, asked.threads)
        say(mine.line("parley, file to turns"))
        for name, vad in (("faster-whisper", False), ("faster-whisper, voice activity", True)):
            other = theirs(
                channels,
                model,
                tokens,
                asked.threads,
                vad_filter=vad,
                word_timestamps=asked.words,
            )
            ratio = f"{other.wall / mine.wall:.2f} times ours, CPU {other.cpu / mine.cpu:.2f} times"
            say(f"{other.line(name)}: {ratio}")


def say(line: str) -> None:
    """Print at once: each side takes a minute."""
    print(line, flush=True)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
