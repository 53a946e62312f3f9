"""The customer's own words at the head of the agent's next answer: 'Dunleavy.' 'Dunleavy, okay.'"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.conversation import Role
from core.evaluation import Evidence
from core.spans import TextSpan
from language.details import find_content
from language.pipeline import Reading
from language.word_lists import load_words
from qa.rules.base import Case, Passage

HEAD_WORDS = 10  # of the answer; what comes later is about the matter, not the words
SHORT_WORD = 3  # letters; 'app', 'pin', 'fee'
SHORT_ANSWER = 3  # words; of such an answer one word said back is all of it
LEADS = frozenset(
    {"ok", "so", "all", "right", "and", "got", "it", "yes", "great", "perfect", "sure"}
)
ADDRESS = frozenset({
    "thank", "thanks", "you", "hi", "hello", "mr", "mrs", "ms", "miss", "mister", "sorry", "dear",
})  # fmt: skip  # before a name they address somebody and repeat nothing


@dataclass(frozen=True, slots=True)
class Echo:
    """Words of the agent's, and the customer's that they repeat."""

    evidence: tuple[Evidence, ...]


def find_echo(case: Case) -> Echo | None:
    """The first answer that begins with words of what it answers."""
    for said, answer in pairwise(case.passages):
        if said.role is Role.CUSTOMER and answer.role is Role.AGENT:
            found = _echo(said, answer)
            if found:
                return found
    return None


def _echo(said: Passage, answer: Passage) -> Echo | None:
    run = _run(said.reading, answer.reading) or _single(said.reading, answer.reading)
    if run is None:
        return None
    at, source, size = run
    own = answer.reading.span(at, at + size)
    theirs = said.reading.span(source, source + size)
    return Echo(answer.evidence(own) + said.evidence(theirs))


def _run(said: Reading, answer: Reading) -> tuple[int, int, int] | None:
    """Where words in a row come back, one of them telling: places in both, and how many.

    Two words with a long telling one ('debit card'), three with a short one ('a new pin').
    """
    if said.vocabulary.isdisjoint(answer.words[:HEAD_WORDS]):
        return None
    for size, telling in ((2, _telling), (3, _short_telling)):
        runs = {run: at for at, run in reversed(list(enumerate(_runs(said.words, size))))}
        for at, run in enumerate(_runs(answer.words[:HEAD_WORDS], size)):
            source = runs.get(run)
            if source is None or _is_address(answer, at):
                continue
            told = telling(said)
            if any(said.spans[place] in told for place in range(source, source + size)):
                return at, source, size
    return None


def _runs(words: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    return (words[at : at + size] for at in range(len(words) - size + 1))


def _short_telling(said: Reading) -> frozenset[TextSpan]:
    common = _everyday_words()
    return frozenset(
        span
        for word, span in zip(said.words, said.spans, strict=True)
        if len(word) >= SHORT_WORD and word.isalpha() and word not in common
    )


@cache
def _everyday_words() -> frozenset[str]:
    return load_words("common_words") | load_words("stop_words")


def _single(said: Reading, answer: Reading) -> tuple[int, int, int] | None:
    """A short answer's one telling word at the very head, after 'okay' and the like."""
    if len(said.words) > 2 * SHORT_ANSWER:
        return None
    telling = _telling(said)
    at = next((at for at, word in enumerate(answer.words) if word not in LEADS), len(answer.words))
    if len(telling) > SHORT_ANSWER or at >= len(answer.words):
        return None
    for source, word in enumerate(said.words):
        if word == answer.words[at] and said.spans[source] in telling:
            return at, source, 1
    return None


def _telling(said: Reading) -> frozenset[TextSpan]:
    return frozenset(detail.span for detail in find_content(said))


def _is_address(answer: Reading, at: int) -> bool:
    return at > 0 and answer.words[at - 1] in ADDRESS
