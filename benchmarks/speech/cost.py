"""Cost and memory as calls grow: `python -m benchmarks.speech.cost CALL [--minutes 1 10 60 240]`.

Each length is the call again and again, heard from file to turns in a process of its own, by a
Whisper of one layer with random weights, so that hours of decoding take minutes: everything but
the size of the recogniser is as it is in use. `--moonshine` decodes with Moonshine instead;
`--mono` mixes the channels, so that voices have to be told apart as well.
A short sound is heard beforehand, so that loading is not counted into the first minute. Of lengths
below that of the call, all its parts are heard one after the other: no minute is like another.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.speech.memory import lengthen, peak_mb
from core.recording import ChannelLayout
from core.settings import load_settings
from speech.audio import probe
from speech.choice import choose_engine, load_engine
from speech.engines import Engine
from speech.hearing import Heard, hear
from speech.voices.choice import choose_voices, load_voices
from speech.voices.mono import MonoSetup
from speech.whisper import Whisper
from tests.speech.tiny_whisper import build_whisper

MOST_TOKENS = 60  # of a window: some 15 s of voice
WARM_UP_MINUTES = 0.5


def measure(paths: Sequence[Path], warm: Path, engine: Engine, mono: MonoSetup | None) -> str:
    """Hear files of one length; CPU seconds a minute of sound, and the peak of memory in MB."""
    listen(warm, engine, mono)
    began = time.process_time()
    heard = [listen(path, engine, mono) for path in paths]
    seconds = time.process_time() - began
    minutes = sum(each.duration for each in heard) / 60
    return (
        f"{minutes / len(heard):6.1f} min: {seconds / minutes:.3f} s of CPU a minute, peak "
        f"{peak_mb():.0f} MB, {sum(len(each.turns) for each in heard)} turns"
    )


def listen(path: Path, engine: Engine, mono: MonoSetup | None) -> Heard:
    """From the file to turns."""
    layout = ChannelLayout.MONO if mono else ChannelLayout.AGENT_CUSTOMER
    return hear(
        path, recording="b", layout=layout, engine=engine, language="en", max_hours=24, mono=mono
    )


def main() -> None:
    """Make the calls, hear each in a child, print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("call", type=Path, nargs="+")
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 10, 60, 240])
    parser.add_argument("--moonshine", action="store_true")
    parser.add_argument("--mono", action="store_true")
    parser.add_argument("--heard", type=Path, nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.heard:
        warm, model = asked.heard
        print(measure(asked.call, warm, load(model), voices() if asked.mono else None))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        model = Path("moonshine") if asked.moonshine else build_whisper(folder / "tiny")
        warm = folder / "warm.mp3"
        (call,) = asked.call
        lengthen(call, WARM_UP_MINUTES / 60, warm)
        for minutes in asked.minutes:
            paths = list(parts(call, minutes, folder))
            command = [sys.executable, "-m", "benchmarks.speech.cost", *map(str, paths)]
            command += ["--heard", str(warm), str(model), *(["--mono"] if asked.mono else [])]
            subprocess.run(command, check=True)  # noqa: S603 - ourselves


def parts(call: Path, minutes: float, folder: Path) -> Iterator[Path]:
    """The call made so long, or all of its parts that are so short."""
    whole = probe(call, max_hours=24).duration or 0.0
    for number in range(max(1, int(whole // (minutes * 60)))):
        path = folder / f"call-{number}.mp3"
        lengthen(call, minutes / 60, path, start=number * minutes * 60)
        yield path


def voices() -> MonoSetup:
    """What tells voices apart, loaded once."""
    diarizer = load_voices(choose_voices(load_settings()))
    return MonoSetup(load=lambda: diarizer, speakers=2)


def load(model: Path) -> Engine:
    """The recogniser of a child."""
    if model == Path("moonshine"):
        return load_engine(choose_engine(load_settings()))
    return Whisper(model, model="random", revision="r", threads=2, most_tokens=MOST_TOKENS)


if __name__ == "__main__":
    main()
