"""How well badly heard passages are noticed, with a recogniser's probabilities and without.

A recording is heard as it is, and again under white noise; eight words in a row are badly heard
when more than half of what was heard in the same seconds without noise is wrong.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.speech.sounds import load, save
from core.conversation import Channel, Conversation, Role, Speech, Turn, Word
from core.evaluation import Evidence, Finding, Verdict
from core.recording import ChannelLayout
from core.settings import load_settings
from core.spans import TextSpan, TimeSpan
from qa.hearing import heard_well
from speech.audio import Samples
from speech.choice import choose_engine, load_engine
from speech.consensus import distance
from speech.engines import Engine
from speech.hearing import hear

WORDS = 8  # of a passage
LEAST = 4
NOISES_DB = (15, 8, 3, -2)  # signal to noise, telephone bandwidth
BAD = 0.5  # share of words that are wrong
REACH = 0.2  # seconds; word times of two hearings differ by so much
RATE_HZ = 8000
SEED = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words in a row, whether they were badly heard, and whether that was noticed."""

    is_bad: bool
    by_probability: bool
    by_signs: bool


def hearing(paths: Sequence[Path]) -> str:
    """The report: of badly and well heard passages, how many are noticed either way."""
    engine = load_engine(choose_engine(load_settings()))
    found = [passage for path in paths for passage in _passages(engine, load(path))]
    bad = [passage for passage in found if passage.is_bad]
    well = [passage for passage in found if not passage.is_bad]
    lines = [f"{engine.describe().label}: {len(found)} passages, {len(bad)} badly heard"]
    for name in ("by_probability", "by_signs"):
        caught = sum(getattr(passage, name) for passage in bad)
        alarms = sum(getattr(passage, name) for passage in well)
        right = caught / (caught + alarms) if caught + alarms else float("nan")
        lines.append(
            f"{name}: {caught / max(1, len(bad)):.2f} of the badly heard noticed, "
            f"right in {right:.2f} of {caught + alarms}"
        )
    return "\n".join(lines)


def _passages(engine: Engine, samples: Samples) -> Iterator[Passage]:
    dice = np.random.default_rng(SEED)
    power = float(np.mean(samples[np.abs(samples) > 1e-3] ** 2))
    clean = [word for turn in _heard(engine, samples) for word in _said(turn)]
    for noise_db in NOISES_DB:
        noise = dice.normal(0, np.sqrt(power / 10 ** (noise_db / 10)), samples.shape)
        noisy = np.clip(samples + noise, -1, 1).astype(np.float32)
        for turn in _heard(engine, noisy):
            for start in range(0, len(_said(turn)), WORDS):
                words = _said(turn)[start : start + WORDS]
                if len(words) >= LEAST:
                    yield _passage(words, clean)


def _passage(words: tuple[Word, ...], clean: Sequence[Word]) -> Passage:
    span = TimeSpan(max(0, words[0].span.start - REACH), words[-1].span.end + REACH)
    meant = [w.text for w in clean if span.start <= (w.span.start + w.span.end) / 2 <= span.end]
    said = _bare(" ".join(meant))
    wrong = distance(said, _bare(" ".join(word.text for word in words)))
    bare = tuple(replace(word, probability=None) for word in words)
    return Passage(wrong > BAD * max(1, len(said)), _is_doubted(words), _is_doubted(bare))


def _is_doubted(words: tuple[Word, ...]) -> bool:
    """Whether the shipped code leaves an answer that rests on these words unsure."""
    text = " ".join(word.text for word in words)
    speech = Speech(TimeSpan(words[0].span.start, max(w.span.end for w in words)), None, words)
    talk = Conversation("c", Channel.VOICE, (Turn("t", Role.AGENT, text, speech=speech),))
    finding = Finding("q", Verdict.YES, 0.9, "", (Evidence("t", TextSpan(0, len(text))),))
    return heard_well(talk, finding).verdict is Verdict.UNSURE


def _heard(engine: Engine, samples: Samples) -> tuple[Turn, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = save(samples, Path(folder, "x.wav"), codec="pcm_s16le", rate=RATE_HZ)
        heard = hear(
            path, recording="benchmark", layout=ChannelLayout.MONO, engine=engine, language="en",
            max_hours=24,
        )  # fmt: skip
    return heard.turns


def _said(turn: Turn) -> tuple[Word, ...]:
    return turn.speech.words if turn.speech else ()


def _bare(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())
