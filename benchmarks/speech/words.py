"""Word error rate of the recogniser at hand: `python -m benchmarks.speech.words SOUND TEXT`.

TEXT is a file with the words that were said, or a NIST .stm. Capitals and marks do not count.
"""

import argparse
import re
import time
from pathlib import Path

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
    asked = parser.parse_args()
    engine = load_engine(choose_engine(load_settings()))
    began = time.process_time()
    heard = hear(
        asked.sound,
        recording="benchmark",
        layout=ChannelLayout.MONO,
        engine=engine,
        language="en",
        max_hours=24,
    )
    seconds = time.process_time() - began
    said = reference(asked.text)
    wrong = distance(said, bare(" ".join(turn.text for turn in heard.turns)))
    print(  # noqa: T201 - a command's answer
        f"{engine.describe().label}: {asked.sound.name}: {wrong} of {len(said)} words wrong "
        f"({wrong / len(said):.3f}), {seconds / heard.duration:.2f} s of CPU per second"
    )


if __name__ == "__main__":
    main()
