"""Words written so that a filter should miss them: 'f**k', 'Sh!t', 'fuuuuck'."""

import re
from collections.abc import Iterator, Set

_MARKS = "*#@$!%&+_"
_TOKEN = re.compile(rf"(?<![\w@])[^\W\d_](?:[^\W\d_]|[{re.escape(_MARKS)}]|-(?=-)|(?<=-)-)*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # no English word has a letter three times running
_END = re.compile(r"[.!?]\s*\Z")
_SIGNS = frozenset(_MARKS)
PLAIN_LETTERS = 2  # fewer, with a capital, are as often a name made unreadable ('J*** S***')
LONGEST = 40  # characters; a longer token is no word


def undisguise(text: str, words: Set[str]) -> str:
    """The text with each disguised one of `words` written plainly, and just as long.

    What is left over of a stretched word becomes spaces, so that every place stays where it is.
    """
    if _is_plain(text):
        return text
    parts, position = [], 0
    for token in _TOKEN.finditer(text):
        written = token.group().rstrip("!_-")
        word = _word_behind(written, words, is_first=_is_first(text, token.start()))
        if word is not None:
            parts += [text[position : token.start()], word.ljust(len(written))]
            position = token.start() + len(written)
    return "".join([*parts, text[position:]])


def _is_plain(text: str) -> bool:
    """Whether no word can be a disguised one: ASCII, no mark and no letter three times running."""
    has_marks = "--" in text or not _SIGNS.isdisjoint(text)
    return text.isascii() and not has_marks and not _STRETCHED.search(text.lower())


def _is_first(text: str, at: int) -> bool:
    """Whether a sentence begins here."""
    before = text[max(0, at - 4) : at]
    return at == 0 or bool(_END.search(before))


def _word_behind(written: str, words: Set[str], *, is_first: bool) -> str | None:
    lower = written.lower()
    if len(lower) > LONGEST:
        return None
    if _STRETCHED.search(lower):
        return next(iter(sorted(_unstretched(lower, words))), None)
    shown = sum(mark.isalpha() for mark in lower)
    if shown == len(lower):
        return None
    if shown < PLAIN_LETTERS and written[0].isupper() and not is_first:
        return None
    return min((word for word in words if _fits(lower, word)), default=None)


def _fits(masked: str, word: str) -> bool:
    """Whether each shown letter is the word's, and each mark stands for one letter."""
    return len(masked) == len(word) and all(
        mark == letter or not mark.isalpha() for mark, letter in zip(masked, word, strict=True)
    )


def _unstretched(lower: str, words: Set[str]) -> Iterator[str]:
    """The words that have the same runs of letters, each run as long or shorter."""
    runs = _runs(lower)
    for word in words:
        short = _runs(word)
        if len(short) == len(runs) and all(
            letter == other and size <= length
            for (letter, size), (other, length) in zip(short, runs, strict=True)
        ):
            yield word


def _runs(word: str) -> list[tuple[str, int]]:
    return [(run.group()[0], len(run.group())) for run in re.finditer(r"(.)\1*", word)]
