"""Cost and memory as calls grow: `python -m benchmarks.speech.cost CALL [--minutes 1 10 60 240]`.

Each length is the call again and again, heard from file to turns in a process of its own, by a
Whisper of one layer with random weights, so that hours of decoding take minutes: everything but
the size of the recogniser is as it is in use. `--moonshine` decodes with Moonshine instead.
A short sound is heard beforehand, so that loading is not counted into the first minute.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.speech.memory import lengthen, peak_mb
from core.recording import ChannelLayout
from core.settings import load_settings
from speech.choice import choose_engine, load_engine
from speech.engines import Engine
from speech.hearing import Heard, hear
from speech.whisper import Whisper
from tests.speech.tiny_whisper import build_whisper

MOST_TOKENS = 60  # of a window: some 15 s of voice
WARM_UP_MINUTES = 0.5


def measure(path: Path, warm: Path, engine: Engine) -> str:
    """Hear one file; CPU seconds a minute of sound, and the peak of memory in MB."""
    listen(warm, engine)
    began = time.process_time()
    heard = listen(path, engine)
    seconds = time.process_time() - began
    minutes = heard.duration / 60
    return (
        f"{minutes:6.1f} min: {seconds / minutes:.3f} s of CPU a minute, peak {peak_mb():.0f} MB, "
        f"{len(heard.turns)} turns"
    )


def listen(path: Path, engine: Engine) -> Heard:
    """From the file to turns."""
    layout = ChannelLayout.AGENT_CUSTOMER
    return hear(path, recording="b", layout=layout, engine=engine, language="en", max_hours=24)


def main() -> None:
    """Make the calls, hear each in a child, print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("call", type=Path)
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 10, 60, 240])
    parser.add_argument("--moonshine", action="store_true")
    parser.add_argument("--heard", type=Path, nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.heard:
        print(measure(asked.call, asked.heard[0], load(asked.heard[1])))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        model = Path("moonshine") if asked.moonshine else build_whisper(folder / "tiny")
        warm = folder / "warm.mp3"
        lengthen(asked.call, WARM_UP_MINUTES / 60, warm)
        for minutes in asked.minutes:
            path = folder / "call.mp3"
            lengthen(asked.call, minutes / 60, path)
            command = [sys.executable, "-m", "benchmarks.speech.cost", str(path)]
            command += ["--heard", str(warm), str(model)]
            subprocess.run(command, check=True)  # noqa: S603 - ourselves


def load(model: Path) -> Engine:
    """The recogniser of a child."""
    if model == Path("moonshine"):
        return load_engine(choose_engine(load_settings()))
    return Whisper(model, model="random", revision="r", threads=2, most_tokens=MOST_TOKENS)


if __name__ == "__main__":
    main()
