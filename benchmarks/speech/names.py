"""Names of a house in what Moonshine hears: `python -m benchmarks.speech.names [--call SOUND]`.

flite's voices say sentences with invented companies, products and agents, at 8 kHz in mu-law; the
names are looked for without and with the vocabulary. Sentences without them, with words that sound
alike, and a real call of which none of the names is spoken, count what is changed wrongly.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speech.times import VOICES, flite, telephone
from core.conversation import Word
from core.recording import ChannelLayout
from core.settings import load_settings
from speech.alignment import Aligner
from speech.choice import find_moonshine, revision
from speech.engines import Engine
from speech.hearing import hear
from speech.loops import bare_word
from speech.moonshine import Moonshine
from speech.vocabulary import Vocabulary

NAMES = (
    *("Harbour & Pine", "Zendrix", "Wickstead", "Oslo Lounger", "Halvorsen", "Brightwater"),
    *("Fjordline", "Kestrel", "Sandringham", "Tamsin", "Quillon", "Marlowe", "Paige", "Imogen"),
)
SENTENCES = (  # with the name that is said
    ("Thank you for calling Harbour and Pine, how can I help?", "Harbour & Pine"),
    ("I bought a Zendrix from you last month.", "Zendrix"),
    ("It is about the Wickstead wardrobe.", "Wickstead"),
    ("The Oslo Lounger came with a scratch.", "Oslo Lounger"),
    ("My name is Halvorsen, with an h.", "Halvorsen"),
    ("I pay through Brightwater every month.", "Brightwater"),
    ("Is the Fjordline table still in stock?", "Fjordline"),
    ("We have the Kestrel in green and in grey.", "Kestrel"),
    ("Please send it to Sandringham Road.", "Sandringham"),
    ("You are speaking with Tamsin today.", "Tamsin"),
    ("Could you put me through to Quillon, please?", "Quillon"),
    ("I spoke to Marlowe yesterday about it.", "Marlowe"),
    ("My colleague Paige will call you back.", "Paige"),
    ("Imogen said it would be free of charge.", "Imogen"),
)
PLAIN = (  # nothing of the above, and much that sounds like it
    "We walked from the harbour to the pine trees.",
    "Please turn the page and read the line.",
    "The bright water in the glass is for you.",
    "He sat as low as he could in the lounge.",
    "There is sand in the ring and ham on the bread.",
    "Send the rest to my mother, I imagine she will like it.",
    "It is quite all right, thank you very much.",
    "I will be in town on Monday morning with my son.",
    "Could you mail a copy of the invoice, please?",
    "The fjord is wide and the line was long.",
)


def heard_words(path: Path, engine: Engine) -> list[Word]:
    """What is heard in a file."""
    layout = ChannelLayout.AGENT_CUSTOMER
    heard = hear(path, recording="b", layout=layout, engine=engine, language="en", max_hours=1)
    return [word for turn in heard.turns if turn.speech for word in turn.speech.words]


def holds(words: list[Word], name: str) -> bool:
    """Whether the name stands in the words, marks and capitals aside."""
    said = " ".join(bare_word(word.text.replace("&", "and")) for word in words)
    return bare_word(name.replace("&", "and").replace(" ", "")) in said.replace(" ", "")


def spoken(folder: Path, texts: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Each text by each voice, on the telephone."""
    for voice in VOICES:
        for number, text in enumerate(texts):
            path = folder / f"{voice}-{number}-{len(texts)}.wav"
            flite("-voice", voice, "-t", text, "-o", str(path))
            yield text, telephone(path)


def main() -> None:
    """Print what is found, and what is changed wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--call", type=Path, help="a call in which none of the names is said")
    parser.add_argument("--show", action="store_true", help="print each change")
    asked = parser.parse_args()
    choice = find_moonshine(load_settings())
    if choice is None:
        parser.error("Moonshine is not in models/; run `parley models pull asr`")
    aligner, vocabulary = Aligner(), Vocabulary(NAMES)
    plain, knowing = (
        Moonshine(choice.folder, revision=revision(choice.folder), aligner=aligner, names=each)
        for each in (None, vocabulary)
    )
    names = dict(SENTENCES)
    with tempfile.TemporaryDirectory() as made:
        before = after = total = 0
        for text, path in spoken(Path(made), tuple(names)):
            words = heard_words(path, knowing)
            total += 1
            before += holds(heard_words(path, plain), names[text])
            after += holds(words, names[text])
            if asked.show:
                say(f"{names[text]}: {' '.join(word.text for word in words)} {changes(words)}")
        say(f"names found: {before} of {total} as heard, {after} with the vocabulary")
        silent = [heard_words(path, knowing) for _, path in spoken(Path(made), PLAIN)]
    wrong = [change for words in silent for change in changes(words)]
    say(f"changed wrongly: {len(wrong)} of {sum(map(len, silent))} words without names {wrong}")
    if asked.call:
        words = heard_words(asked.call, knowing)
        say(f"in {asked.call.name}: {len(changes(words))} of {len(words)} words {changes(words)}")


def changes(words: list[Word]) -> list[str]:
    """'heard -> name' of each word that was put right."""
    return [f"{word.heard} -> {word.text}" for word in words if word.heard]


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
