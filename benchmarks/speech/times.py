"""How far word times are off: `python -m benchmarks.speech.times [--shared FOLDER]`.

Moonshine hears three kinds of sound, once with words interpolated by length, once aligned, and
each time it gave is compared with a reference it has nothing to do with:

- `sample.stm`: begin and end of 13 utterances of a telephone call. Cut to about 0.1 s: how far the
  same call's other reference, its .rttm, lies from it, is printed first; the edges on which both
  agree are shown apart.
- `jfk.flac`: the edges of its pauses, found by level alone (`quiet_edges`).
- synthetic voices: flite prints when it speaks each phone, so every word's times are exact; made
  worse as a telephone does (8 kHz, mu-law, noise 30 dB below). Voices that are too regular.

Only words that were heard right count, since a wrong word has no reference.
"""

import argparse
import difflib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.speech.sounds import load, save
from benchmarks.speech.words import bare
from core.conversation import Word
from core.recording import ChannelLayout
from core.settings import load_settings
from speech.alignment import Aligner
from speech.audio import Samples
from speech.choice import find_moonshine, revision
from speech.engines import Engine
from speech.hearing import hear
from speech.moonshine import Moonshine

SHARED = Path(__file__).parents[3] / "shared" / "data" / "speech"
JFK = (
    "and so my fellow americans | ask | not | what your country can do for you | "
    "ask what you can do for your country"
)
VOICES = ("slt", "rms", "kal", "awb")
SENTENCES = (
    "Good morning, thank you for calling. My name is Alice, how can I help you today?",
    "I ordered a sofa two weeks ago and it has not come. The number is four one one seven.",
    "I am sorry to hear that. Let me look it up for you, it takes a moment.",
    "Could you deliver it on Friday between eight and ten in the morning, please?",
    "Yes, I can book that. Is there anything else I can do for you?",
    "No, that is all. Thank you very much, goodbye.",
)
LOUD = -28.0  # dBFS; jfk.flac hisses at -40; from -32 to -24 no edge moves by over 0.03 s
AGREED = 0.1  # seconds within which two references confirm an edge
PAUSE = 0.25  # seconds; shorter dips are stops inside words


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a word begins or ends according to a reference: its number, and the second."""

    word: int
    second: float
    is_end: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A sound, what is said in it, and the edges that are known."""

    kind: str
    path: Path
    words: list[str]
    marks: list[Mark]


def stm_case(folder: Path) -> Case:
    """The telephone call with its utterances."""
    words: list[str] = []
    marks: list[Mark] = []
    for line in (folder / "sample.stm").read_text(encoding="utf-8").splitlines():
        _, _, _, begin, end, text = line.split(maxsplit=5)
        marks.append(Mark(len(words), float(begin), is_end=False))
        words.extend(bare(text))
        marks.append(Mark(len(words) - 1, float(end), is_end=True))
    return Case("sample.stm, utterances", folder / "sample.wav", words, marks)


def rttm_edges(folder: Path) -> list[tuple[float, bool]]:
    """Second, and whether it is an end, of each edge of the call's other reference."""
    edges: list[tuple[float, bool]] = []
    for line in (folder / "sample.rttm").read_text(encoding="utf-8").splitlines():
        begin, seconds = map(float, line.split()[3:5])
        edges += [(begin, False), (begin + seconds, True)]
    return edges


def apart(one: Sequence[tuple[float, bool]], other: Sequence[tuple[float, bool]]) -> list[float]:
    """How far each edge lies from the nearest one of its kind in the other reference."""
    return [min(abs(at - there) for there, end in other if end is kind) for at, kind in one]


def confirmed(case: Case, folder: Path) -> Case:
    """The case with those edges alone on which both references agree."""
    off = apart([(mark.second, mark.is_end) for mark in case.marks], rttm_edges(folder))
    marks = [mark for mark, far in zip(case.marks, off, strict=True) if far <= AGREED]
    return Case(f"{case.kind}, confirmed by its .rttm", case.path, case.words, marks)


def jfk_case(folder: Path) -> Case:
    """The speech with the edges of its pauses."""
    path = folder / "jfk.flac"
    words: list[str] = []
    marks: list[Mark] = []
    for phrase, (begin, end) in zip(JFK.split(" | "), quiet_edges(load(path)), strict=False):
        marks.append(Mark(len(words), begin, is_end=False))
        words.extend(phrase.split())
        marks.append(Mark(len(words) - 1, end, is_end=True))
    return Case("jfk.flac, pauses", path, words, marks[:-1])  # the last one ends in applause


def quiet_edges(samples: Samples, *, loud: float = LOUD) -> list[tuple[float, float]]:
    """Begin and end of what is louder than so many dBFS, from a sound of shape (time,)."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)  # of 10 ms
    is_loud = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12) > loud
    runs: list[tuple[float, float]] = []
    for number in np.flatnonzero(is_loud):
        begin, end = number / 100, (number + 1) / 100
        if runs and begin - runs[-1][1] < PAUSE:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((begin, end))
    return runs


def spoken_cases(folder: Path) -> Iterator[Case]:
    """Sentences by flite's voices, each word's edges by flite itself."""
    for voice in VOICES:
        for number, sentence in enumerate(SENTENCES):
            path = folder / f"{voice}-{number}.wav"
            phones = flite("-voice", voice, "-psdur", "-t", sentence, "-o", str(path))
            words = bare(sentence)
            parts = [flite("-voice", voice, "-ps", "-t", word).split() for word in words]
            marks = _word_marks(
                [phone.rsplit(":", 1) for phone in phones.split()],
                [[phone for phone in part if phone != "pau"] for part in parts],
            )
            yield Case("synthetic voices, telephone", telephone(path), words, marks)


def flite(*arguments: str) -> str:
    command = ["flite", *arguments, *([] if "-o" in arguments else ["-o", "/dev/null"])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def _word_marks(phones: list[list[str]], words: list[list[str]]) -> list[Mark]:
    """Edges of the words whose first (last) phone is found again in the sentence's phones."""
    names = [name for name, _ in phones]
    ends = [float(second) for _, second in phones]
    flat = [phone for word in words for phone in word]
    match = difflib.SequenceMatcher(None, flat, names, autojunk=False)
    place = {b.a + n: b.b + n for b in match.get_matching_blocks() for n in range(b.size)}
    marks: list[Mark] = []
    first = 0
    for number, word in enumerate(words):
        if (begin := place.get(first)) is not None:
            marks.append(Mark(number, ends[begin - 1] if begin else 0.0, is_end=False))
        first += len(word)
        if (last := place.get(first - 1)) is not None:
            marks.append(Mark(number, ends[last], is_end=True))
    return marks


def telephone(path: Path) -> Path:
    """The sound again at 8 kHz in mu-law, with noise 30 dB below the voice; times unchanged."""
    samples = load(path)
    noise = np.random.default_rng(0).normal(0, np.std(samples) * 10 ** (-30 / 20), len(samples))
    noisy = (samples + noise).astype(np.float32)  # (time,)
    return save(noisy, path.with_suffix(".mulaw.wav"), codec="pcm_mulaw", rate=8_000)


def errors(case: Case, engine: Engine) -> list[float]:
    """Seconds by which the edges of the words heard right are off."""
    heard = hear(
        case.path,
        recording="benchmark",
        layout=ChannelLayout.MONO,
        engine=engine,
        language="en",
        max_hours=1,
    )
    words = [word for turn in heard.turns if turn.speech for word in turn.speech.words]
    given = [(part, word) for word in words for part in bare(word.text)]
    found = _same_words(case.words, given)
    return [
        abs(
            (found[mark.word].span.end if mark.is_end else found[mark.word].span.start)
            - mark.second
        )
        for mark in case.marks
        if mark.word in found
    ]


def _same_words(said: Sequence[str], given: Sequence[tuple[str, Word]]) -> dict[int, Word]:
    match = difflib.SequenceMatcher(None, said, [part for part, _ in given], autojunk=False)
    return {b.a + n: given[b.b + n][1] for b in match.get_matching_blocks() for n in range(b.size)}


def main() -> None:
    """Print one line per reference and way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    folder = parser.parse_args().shared
    choice = find_moonshine(load_settings())
    if choice is None:
        parser.error("Moonshine is not in models/; run `parley models pull asr`")
    ways = {"interpolated": None, "aligned": Aligner()}
    engines = {
        name: Moonshine(choice.folder, revision=revision(choice.folder), aligner=aligner)
        for name, aligner in ways.items()
    }
    call = stm_case(folder)
    edges = [(mark.second, mark.is_end) for mark in call.marks]
    tell("sample.rttm against sample.stm", apart(rttm_edges(folder), edges))
    with tempfile.TemporaryDirectory() as made:
        cases = [call, confirmed(call, folder), jfk_case(folder), *spoken_cases(Path(made))]
        for name, engine in engines.items():
            people = [e for case in (call, jfk_case(folder)) for e in errors(case, engine)]
            tell(f"people, both sounds: {name}", people)
        for kind in dict.fromkeys(case.kind for case in cases):
            for name, engine in engines.items():
                off = [e for case in cases if case.kind == kind for e in errors(case, engine)]
                tell(f"{kind}: {name}", off)


def tell(what: str, off: Sequence[float]) -> None:
    """Print how many edges were compared and how far they are off."""
    median, ninth = np.quantile(off, [0.5, 0.9]) * 1000
    print(  # noqa: T201 - a command's answer
        f"{what}: {len(off)} edges, median {median:.0f} ms, 90 % within {ninth:.0f} ms"
    )


if __name__ == "__main__":
    main()
