"""The talks as a recogniser hears them: `python -m benchmarks.qa.conduct.heard --voice rms`.

flite speaks every turn, mu-law at 8 kHz and white noise carry it, Moonshine writes it down; then
the questions are asked of calls made of what was heard. Prints the share of wrong words and the
table. Synthetic voices are harder to hear than people: the same engine has 0.16 wrong words on
`speech/sample.wav` (benchmarks/speech).
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
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
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.choice import choose_engine, load_engine
from speech.consensus import distance
from speech.engines import Engine, Piece

BATCH = 32  # sounds decoded side by side


def hear(
    texts: Sequence[str], engine: Engine, *, voice: str, noise_db: float, keep: Path
) -> dict[str, str]:
    """What the engine writes of each text; nothing where it hears no words, or there are none.

    `keep` is a folder for the sounds and for what was heard, so that a run goes on where the one
    before it ended.
    """
    file = keep / f"{voice}-{noise_db:g}.json"
    heard: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    rest = [text for text in texts if text not in heard]
    for start in range(0, len(rest), BATCH):
        batch = rest[start : start + BATCH]
        sounds = {
            text: sound
            for text in batch
            if (sound := _spoken(text, keep, voice=voice, noise_db=noise_db)) is not None
        }
        segments = engine.transcribe([_piece(sound) for sound in sounds.values()], language="en")
        heard |= dict.fromkeys(batch, "")
        for text, segment in zip(sounds, segments, strict=True):
            heard[text] = " ".join(word.text for word in segment.words) if segment else ""
        file.write_text(json.dumps(heard), "utf-8")
    return {text: heard[text] for text in texts}


def _spoken(text: str, folder: Path, *, voice: str, noise_db: float) -> Samples | None:
    """The text on a noisy telephone line; flite makes an empty sound of one without words."""
    path = folder / "said.wav"
    flite("-voice", voice, "-t", text, "-o", str(path))
    try:
        samples = load(path)
    except (BadInput, ValueError):
        return None
    level = np.std(samples) * 10 ** (-noise_db / 20)
    noise = np.random.default_rng(crc32(f"{voice} {text}".encode())).normal(0, level, len(samples))
    noisy = ((samples + noise) / 2).astype(np.float32)
    return load(save(noisy, folder / "heard.wav", codec="pcm_mulaw", rate=8_000))


def _piece(samples: Samples) -> Piece:
    span = TimeSpan(0, len(samples) / SAMPLE_RATE_HZ)
    return Piece(0, span, (span,), samples)


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
    parser.add_argument("--keep", type=Path, help="a folder, to go on in another run")
    given = parser.parse_args()
    engine = load_engine(choose_engine(load_settings()))
    labelled = list(read_labelled(TALKS))
    texts = sorted({turn.text for _, talk in labelled for turn in talk.turns})
    with tempfile.TemporaryDirectory() as made:
        keep = given.keep or Path(made)
        heard = hear(texts, engine, voice=given.voice, noise_db=given.noise, keep=keep)
    wrong = sum(distance(bare(text), bare(words)) for text, words in heard.items())
    share = wrong / sum(len(bare(text)) for text in texts)
    name = f"talks.txt, {given.voice} at {given.noise:g} dB, {share:.2f} of the words wrong"
    calls = as_heard(labelled, heard, engine.describe().label)
    sys.stdout.write(text_of(name, tuple(answers_of(calls, {}))) + "\n")


if __name__ == "__main__":
    main()
