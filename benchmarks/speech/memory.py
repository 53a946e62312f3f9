"""Peak memory of hearing a long call: `python -m benchmarks.speech.memory CALL --hours 2`.

The call is written over and over into one MP3. `--no-engine` leaves decoding out, so that the two
passes over the sound can be measured on hours of it in a minute.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from multiprocessing import Process
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from core.conversation import Timing
from core.recording import ChannelLayout, Segment
from core.settings import load_settings
from speech.audio import SAMPLE_RATE_HZ, Reading, probe
from speech.choice import choose_engine, load_engine
from speech.engines import Engine, EngineCard, Piece
from speech.hearing import hear


class Deaf:
    """An engine that takes every piece and hears nothing."""

    batch = 8

    def describe(self) -> EngineCard:
        """Its card."""
        return EngineCard("none", "none", "none", ("en",), Timing.INTERPOLATED)

    def transcribe(
        self,
        pieces: Sequence[Piece],
        *,
        language: str,  # noqa: ARG002 - of the interface
    ) -> tuple[Segment | None, ...]:
        """Nothing, for every piece."""
        return tuple(None for _ in pieces)


def lengthen(call: Path, hours: float, path: Path, *, start: float = 0.0) -> None:
    """Write the call again and again until it is so long, as a stereo MP3 of 16 kHz.

    `start` is the second of the call at which it begins the first time.
    """
    reading = Reading(probe(call, max_hours=24), max_hours=24)
    sound = np.concatenate(list(reading.blocks()), axis=1)  # (channels, time)
    sound = np.roll(sound, -round(start * SAMPLE_RATE_HZ), axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE_HZ)
        if not isinstance(stream, AudioStream):
            raise TypeError("MP3 is sound")
        stream.layout = "stereo"
        left = round(hours * 3600 * SAMPLE_RATE_HZ)
        while left > 0:
            part = np.ascontiguousarray(sound[:, :left])
            left -= part.shape[1]
            frame = AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate = SAMPLE_RATE_HZ
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def peak_mb() -> float:
    """Most memory this process has had, libraries and models included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("call", type=Path)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--no-engine", action="store_true")
    asked = parser.parse_args()
    engine: Engine = Deaf() if asked.no_engine else load_engine(choose_engine(load_settings()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.mp3"
        maker = Process(target=lengthen, args=(asked.call, asked.hours, path))  # not in our peak
        maker.start()
        maker.join()
        began = time.process_time()
        heard = hear(
            path,
            recording="benchmark",
            layout=ChannelLayout.AGENT_CUSTOMER,
            engine=engine,
            language="en",
            max_hours=24,
        )
    hours, turns = heard.duration / 3600, len(heard.turns)
    print(  # noqa: T201 - a command's answer
        f"{engine.describe().label}: {hours:.2f} h of sound, {turns} turns, "
        f"peak {peak_mb():.0f} MB, {time.process_time() - began:.0f} s of CPU"
    )


if __name__ == "__main__":
    main()
