"""In which tongue a message is written, when that is clear and it is not English."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from language.word_lists import load_words

# English, what is mostly spoken beside it in Britain, and the scripts one meets
TONGUES = (
    "en", "ar", "cy", "de", "es", "fr", "hi", "it", "pl", "pt", "ro", "ru", "tr", "ur", "zh",
)  # fmt: skip
SURE = 0.7  # probability; docs/languages.md tells what others would give
LEAST_WORDS = 2  # one alone is a name, or is at home in several tongues
LEAST_PLAIN, MOSTLY = (
    3,
    0.75,
)  # words; and how many of them; "co to jest" and "no me gusta" have 1/3
UNSPACED = ("zh",)  # written without spaces between words
# of a message of four words or more: with less it is not English, whatever else it is. Of 5,137
# English sentences (shop_blind.csv, CLINC150's validation part, data/nlu) none is taken for foreign
# that was not before; at 0.1 one is, 'hp 10517 ls6 2ab'.
HARDLY = 0.05
LEAST_FOREIGN = 4
UNCLEAR = "und"  # ISO 639-2: some tongue, unclear which
_REACH = 500  # characters; a message does not change its tongue behind them


def find_other_tongue(text: str) -> str | None:
    """The ISO 639-1 code of a tongue other than English; None when it is English or unclear.

    'und' where it is clearly not English, and unclear what else ("hola, necesito cancelar").
    """
    start = text[:_REACH]
    if not any(character.isalpha() for character in start):
        return None
    if _is_plain_english(start):  # of "how do i pack it" the model thinks that it is Polish
        return None
    found = _identifier().classify(start)
    tongue, probability = str(found[0]), float(found[1])
    if tongue != "en" and probability < SURE and _is_hardly_english(start):
        return UNCLEAR
    if tongue == "en" or probability < SURE:
        return None
    is_long = len(start.split()) >= LEAST_WORDS or tongue in UNSPACED
    return tongue if is_long else None


def _is_hardly_english(text: str) -> bool:
    """Whether it is some other tongue, by how unlikely English is."""
    words = [word for word in text.split() if any(letter.isalpha() for letter in word)]
    chances = {str(tongue): float(chance) for tongue, chance in _identifier().rank(text)}
    return len(words) >= LEAST_FOREIGN and chances.get("en", 0.0) < HARDLY


def _is_plain_english(text: str) -> bool:
    """Whether most of its words are of the commonest English ones."""
    words = [word.strip(".,!?;:\"'()") for word in text.lower().split()]
    known = sum(word in load_words("common_words") for word in words)
    return len(words) >= LEAST_PLAIN and known >= MOSTLY * len(words)


@cache
def _identifier() -> LanguageIdentifier:
    """The library's own model, which it carries along; read once, at the first use."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(TONGUES))
    return identifier
