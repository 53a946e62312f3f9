"""The talks as a recogniser hears them: `python -m benchmarks.qa.conduct.heard --voice rms`.

flite speaks every turn, mu-law at 8 kHz and white noise carry it, Moonshine writes it down; then
the questions are asked of calls made of what was heard. Prints the share of wrong words and the
table. Synthetic voices are harder to hear than people: the same engine has 0.16 wrong words on
`speech/sample.wav` (benchmarks/speech).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np

from benchmarks.qa.conduct.figures import answers_of, read_labelled
from benchmarks.qa.conduct.report import TALKS, text_of
from benchmarks.speech.sounds import load, save
from benchmarks.speech.times import flite
from benchmarks.speech.words import bare
from core.conversation import Channel, Conversation
from core.errors import BadInput
from core.settings import load_settings
from core.spans import TimeSpan
from qa.examples import converse
from speech.audio import SAMPLE_RATE_HZ
from speech.choice import choose_engine, load_engine
from speech.consensus import distance
from speech.engines import Engine, Piece


def hear(text: str, folder: Path, engine: Engine, *, voice: str, noise_db: float) -> str:
    """What the engine writes of a text; nothing where it hears no words, or there are none."""
    path = folder / "said.wav"
    flite("-voice", voice, "-t", text, "-o", str(path))
    try:
        samples = load(path)
    except (BadInput, ValueError):  # flite makes an empty sound of a text without words
        return ""
    level = np.std(samples) * 10 ** (-noise_db / 20)
    noise = np.random.default_rng(crc32(f"{voice} {text}".encode())).normal(0, level, len(samples))
    noisy = ((samples + noise) / 2).astype(np.float32)
    heard = load(save(noisy, folder / "heard.wav", codec="pcm_mulaw", rate=8_000))
    span = TimeSpan(0, len(heard) / SAMPLE_RATE_HZ)
    segment = engine.transcribe([Piece(0, span, (span,), heard)], language="en")[0]
    return " ".join(word.text for word in segment.words) if segment else ""


def as_heard(
    labelled: list[tuple[str, Conversation]], heard: Mapping[str, str], engine: str
) -> Iterator[tuple[str, Conversation]]:
    """The same conversations as calls of what was heard, with their labels."""
    for source, talk in labelled:
        lines = [(turn.role, heard[turn.text]) for turn in talk.turns if heard[turn.text]]
        made = converse(talk.id, Channel.VOICE, lines)
        yield source, replace(made, variables=talk.variables, labels=talk.labels, engine=engine)


def main() -> None:
    """Speak, hear, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice", default="rms", help="a voice of flite")
    parser.add_argument("--noise", type=float, default=30, help="dB of the voice over the noise")
    given = parser.parse_args()
    engine = load_engine(choose_engine(load_settings()))
    labelled = list(read_labelled(TALKS))
    texts = sorted({turn.text for _, talk in labelled for turn in talk.turns})
    with tempfile.TemporaryDirectory() as folder:
        heard = {
            text: hear(text, Path(folder), engine, voice=given.voice, noise_db=given.noise)
            for text in texts
        }
    wrong = sum(distance(bare(text), bare(words)) for text, words in heard.items())
    share = wrong / sum(len(bare(text)) for text in texts)
    name = f"talks.txt, {given.voice} at {given.noise:g} dB, {share:.2f} of the words wrong"
    calls = as_heard(labelled, heard, engine.describe().label)
    sys.stdout.write(text_of(name, tuple(answers_of(calls, {}))) + "\n")


if __name__ == "__main__":
    main()
