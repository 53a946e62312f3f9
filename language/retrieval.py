"""Finding the help article that answers a question: by shared words and by likeness of meaning.

Each article gets three numbers, and a logistic model turns them into the probability that it
answers; the section most like the question is what is shown. Without an encoder the words alone
decide, by a model and a threshold of their own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from language.articles import Article, Section
from language.bm25 import WordIndex

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Encode = Callable[[Sequence[str]], Vectors]

# An article this likely is worth naming where none is likely enough to answer: of the dev questions
# that some article answers, 17 in 20 are then answered or named its article (benchmarks/knowledge).
WORTH_NAMING = 0.10
SECTION_SCALE = 10.0  # a good match of a section scores about so much; keeps the numbers near 1
RARITY_FLOOR = 3.0  # added to a question's rarity, so that a single shared word is no full match
LONGEST_ANSWER = 60  # words; longer ones are not read in a chat
LONGEST_QUESTION = 400  # characters that are looked at; more is a story, and costs time
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Method(StrEnum):
    """What an index looks at."""

    BOTH = "both"
    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over (meaning, article's words, section's words), and when to answer.

    Fitted and chosen by `python -m benchmarks.knowledge --fit` on the dev part: the threshold is
    the least at which at most one in ten of the questions that no article answers is answered.
    """

    base: float
    weights: tuple[float, float, float]
    threshold: float

    def probability(self, numbers: Numbers) -> Numbers:
        """(articles, 3) → (articles,)."""
        return np.asarray(1 / (1 + np.exp(-(self.base + numbers @ np.array(self.weights)))))


MODELS = {
    Method.BOTH: Model(-10.71, (10.45, 4.18, 5.02), 0.36),
    Method.WORDS: Model(-8.57, (0.0, 6.72, 5.53), 0.36),
    Method.MEANING: Model(-9.89, (19.41, 0.0, 0.0), 0.44),
}


@dataclass(frozen=True, slots=True)
class Match:
    """An article, its section nearest to the question, and the probability that it answers."""

    article: Article
    section: Section
    probability: float

    @property
    def passage(self) -> str:
        """What is shown: whole sentences of the section, about sixty words."""
        return shorten(self.section.text)


class ArticleIndex:
    """The articles, ready to be searched; with an encoder by meaning too."""

    def __init__(
        self,
        articles: Sequence[Article],
        encode: Encode | None = None,
        *,
        vectors: Vectors | None = None,
        method: Method | None = None,
    ) -> None:
        """Read the articles.

        Args:
            articles: to be searched.
            encode: texts to unit vectors, shape (texts, dimensions).
            vectors: those of `texts_to_encode(articles)`; made here when left out.
            method: what to look at; everything there is when left out.
        """
        self.articles = tuple(articles)
        self.method = method or (Method.BOTH if encode else Method.WORDS)
        self.model = MODELS[self.method]
        self._places = [
            (place, section) for place, one in enumerate(articles) for section in one.sections
        ]
        self._owners = np.array([place for place, _ in self._places], dtype=np.intp)
        self._words = WordIndex([_article_words(one) for one in articles])
        self._section_words = WordIndex(
            [_section_words(self.articles[place], section) for place, section in self._places]
        )
        self._passages = WordIndex([f"{part.heading} {part.text}" for _, part in self._places])
        self._meaning = Meaning(self.articles, encode, vectors) if encode else None

    def find(self, question: str, *, count: int = 3) -> tuple[Match, ...]:
        """The `count` likeliest articles, best first."""
        asked = question.strip()[:LONGEST_QUESTION]
        if not asked or not self.articles:
            return ()
        numbers, sections = self._compare(asked)
        probabilities = self.model.probability(numbers)
        best = np.argsort(-probabilities, kind="stable")[:count]
        return tuple(self._match(int(place), probabilities, sections) for place in best)

    def answer(self, question: str) -> Match | None:
        """The article that answers, or None when none is likely enough to."""
        found = self.find(question, count=1)
        return found[0] if found and found[0].probability >= self.model.threshold else None

    def numbers(self, question: str) -> Numbers:
        """(meaning, article's words, section's words) of every article: shape (articles, 3)."""
        return self._compare(question.strip()[:LONGEST_QUESTION])[0]

    def _compare(self, question: str) -> tuple[Numbers, Numbers]:
        """The numbers of every article, and how near every section is."""
        words = self._words.scores(question) / (self._words.rarity(question) + RARITY_FLOOR)
        section_words = self._section_words.scores(question) / SECTION_SCALE
        meaning = np.zeros(len(self.articles))
        sections = self._passages.scores(question) / SECTION_SCALE
        if self._meaning is not None:
            meaning, alike = self._meaning.compare(question, self._owners)
            sections = sections + alike
        best_words = _largest(section_words, self._owners, len(self.articles))
        return np.stack([meaning, words, best_words], axis=1), sections

    def _match(self, place: int, probabilities: Numbers, sections: Numbers) -> Match:
        own = np.flatnonzero(self._owners == place)
        likeliest = own[np.argsort(-sections[own], kind="stable")]
        best = choose_section([self._places[int(index)][1] for index in likeliest])
        return Match(self.articles[place], best, float(probabilities[place]))


class Meaning:
    """The vectors of the articles' sections, questions and tags."""

    def __init__(
        self, articles: Sequence[Article], encode: Encode, vectors: Vectors | None = None
    ) -> None:
        self._encode = encode
        if vectors is None:
            vectors = encode(texts_to_encode(articles))  # (n_texts, 384), unit length
        sections = sum(len(one.sections) for one in articles)
        questions = sum(len(one.questions) for one in articles)
        self._sections, self._questions, self._tags = np.split(
            vectors, [sections, sections + questions]
        )
        self._asked = np.array(
            [place for place, one in enumerate(articles) for _ in one.questions], dtype=np.intp
        )

    def compare(self, question: str, owners: npt.NDArray[np.intp]) -> tuple[Numbers, Numbers]:
        """Mean cosine with an article's nearest section, nearest question and tags; by section."""
        asked = self._encode([question])[0].astype(np.float64)  # (384,)
        sections, tags = self._sections @ asked, self._tags @ asked
        size = len(tags)
        nearest = _largest(sections, owners, size)
        return (nearest + _largest(self._questions @ asked, self._asked, size) + tags) / 3, sections


def texts_to_encode(articles: Sequence[Article]) -> list[str]:
    """Every text whose vector an index needs: the sections, the questions, then the tags."""
    return [*_section_texts(articles), *_questions(articles), *_tag_texts(articles)]


def choose_section(likeliest: Sequence[Section]) -> Section:
    """What to show of an article, its sections given likeliest first.

    A lead states few facts, so where it is the likeliest it stands before the next, if both are
    short enough, and never alone.
    """
    lead, rest = likeliest[0], [section for section in likeliest if section.heading]
    if lead.heading or not rest:
        return lead
    both = f"{lead.text} {rest[0].text}"
    return Section(rest[0].heading, both) if len(both.split()) <= LONGEST_ANSWER else rest[0]


def shorten(text: str, words: int = LONGEST_ANSWER) -> str:
    """The first whole sentences of `text` up to so many words, at least one."""
    kept: list[str] = []
    for sentence in _SENTENCE_END.split(text.strip()):
        if kept and sum(len(one.split()) for one in [*kept, sentence]) > words:
            break
        kept.append(sentence)
    return " ".join(kept)


def _section_texts(articles: Sequence[Article]) -> Iterator[str]:
    for one in articles:
        yield from (f"{one.title}. {part.heading}. {part.text}" for part in one.sections)


def _questions(articles: Sequence[Article]) -> Iterator[str]:
    for one in articles:
        yield from one.questions


def _tag_texts(articles: Sequence[Article]) -> Iterator[str]:
    yield from (f"{one.title}: {', '.join(one.tags)}" for one in articles)


def _article_words(article: Article) -> str:
    return " ".join([article.title, *article.tags, *article.questions, article.body])


def _section_words(article: Article, section: Section) -> str:
    return " ".join([article.title, *article.tags, section.heading, section.text])


def _largest(values: npt.NDArray[np.floating], owners: npt.NDArray[np.intp], size: int) -> Numbers:
    """The largest value of each owner, 0 for one that has none or only negative ones."""
    largest = np.zeros(size)
    np.maximum.at(largest, owners, values)
    return largest
