"""Word error rate of the recogniser at hand: `python -m benchmarks.speech.words SOUND TEXT`.

TEXT is a file with the words that were said, or a NIST .stm. Capitals and marks do not count.
`--rate 8000` hears the first channel as a telephone line carries it.
"""

import argparse
import re
import tempfile
import time
from pathlib import Path

from benchmarks.speech.sounds import load, save
from core.recording import ChannelLayout
from core.settings import load_settings
from speech.choice import choose_engine, load_engine
from speech.consensus import distance
from speech.hearing import hear

_STM_FIELDS = 5  # file, channel, speaker, begin, end; then the words


def reference(path: Path) -> list[str]:
    """The words that were said."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".stm":
        lines = [line.split(maxsplit=_STM_FIELDS)[-1] for line in lines if line.strip()]
    return bare(" ".join(lines))


def bare(text: str) -> list[str]:
    """Small letters, digits and apostrophes."""
    return re.findall(r"[a-z0-9']+", text.lower())


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sound", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--rate", type=int, help="write it again with so many samples a second")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sound = asked.sound
        if asked.rate:
            path = Path(folder) / f"{sound.stem}-{asked.rate}.wav"
            sound = save(load(sound), path, codec="pcm_s16le", rate=asked.rate)
        measure(sound, asked.text)


def measure(sound: Path, text: Path) -> None:
    """Hear it and print how many words are wrong."""
    engine = load_engine(choose_engine(load_settings()))
    began = time.process_time()
    heard = hear(
        sound,
        recording="benchmark",
        layout=ChannelLayout.MONO,
        engine=engine,
        language="en",
        max_hours=24,
    )
    seconds = time.process_time() - began
    said = reference(text)
    wrong = distance(said, bare(" ".join(turn.text for turn in heard.turns)))
    print(  # noqa: T201 - a command's answer
        f"{engine.describe().label}: {sound.name}: {wrong} of {len(said)} words wrong "
        f"({wrong / len(said):.3f}), {seconds / heard.duration:.2f} s of CPU per second"
    )


if __name__ == "__main__":
    main()
