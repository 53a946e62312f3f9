"""Finding the help article that answers a question: by shared words and by likeness of meaning.

Each article gets three numbers, and a logistic model turns them into the probability that it
answers. Without an encoder the words alone decide, by a model and a threshold of their own. What is
shown is one section, that with the sentence nearest to the question; a question for a figure
prefers sentences that say one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from language.articles import Article, Section
from language.bm25 import WordIndex
from language.passage import has_figure, lines, passage

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Encode = Callable[[Sequence[str]], Vectors]

# An article this likely is worth naming where none is likely enough to answer: of the dev questions
# that some article answers, 17 in 20 are then answered or named its article (benchmarks/knowledge).
WORTH_NAMING = 0.10
SECTION_SCALE = 10.0  # a good match of a section scores about so much; keeps the numbers near 1
RARITY_FLOOR = 3.0  # added to a question's rarity, so that a single shared word is no full match
# What a figure counts beside a cosine, where one is asked for: of 21 mixtures tried on the facts of
# benchmarks/knowledge (both parts) one of the best; dev does not tell it from 0.1.
FIGURE = 0.2
LONGEST_QUESTION = 400  # characters that are looked at; more is a story, and costs time


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
    sentence: int = 0  # of the section, the nearest

    @property
    def passage(self) -> str:
        """What is shown: whole sentences of the section under its heading, about sixty words."""
        return passage(self.section, self.sentence)


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
        self._lines = _Lines(self.articles)
        self._meaning = Meaning(self.articles, encode, vectors) if encode else None

    def find(self, question: str, *, count: int = 3) -> tuple[Match, ...]:
        """The `count` likeliest articles, best first."""
        asked = question.strip()[:LONGEST_QUESTION]
        if not asked or not self.articles:
            return ()
        numbers, lines = self._compare(asked)
        probabilities = self.model.probability(numbers)
        best = np.argsort(-probabilities, kind="stable")[:count]
        shown = [self._lines.best(int(place), asked, lines) for place in best]
        return tuple(
            Match(self.articles[place], section, float(probabilities[place]), sentence)
            for place, (section, sentence) in zip(best, shown, strict=True)
        )

    def answer(self, question: str) -> Match | None:
        """The article that answers, or None when none is likely enough to."""
        found = self.find(question, count=1)
        return found[0] if found and found[0].probability >= self.model.threshold else None

    def numbers(self, question: str) -> Numbers:
        """(meaning, article's words, section's words) of every article: shape (articles, 3)."""
        return self._compare(question.strip()[:LONGEST_QUESTION])[0]

    def _compare(self, question: str) -> tuple[Numbers, Numbers]:
        """The numbers of every article, and how near every line is."""
        words = self._words.scores(question) / (self._words.rarity(question) + RARITY_FLOOR)
        section_words = self._section_words.scores(question) / SECTION_SCALE
        meaning = np.zeros(len(self.articles))
        if self._meaning is not None:
            meaning, alike, lines = self._meaning.compare(question, self._owners)
            shared = self._lines.passages.scores(question) / SECTION_SCALE
            lines = lines / 2 + (alike / 2 + shared)[self._lines.sections]
        else:
            lines = self._lines.words.scores(question) / SECTION_SCALE
        best_words = _largest(section_words, self._owners, len(self.articles))
        return np.stack([meaning, words, best_words], axis=1), lines


class _Lines:
    """Every sentence of every section under its heading, and which of them answers best."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._places = [
            (place, section, sentence)
            for place, one in enumerate(articles)
            for section in one.sections
            for sentence in range(len(lines(section)))
        ]
        self._texts = list(_lines(articles))
        self._owners = np.array([place for place, _, _ in self._places], dtype=np.intp)
        self.words = WordIndex(self._texts)
        parts = [part for one in articles for part in one.sections]
        self.passages = WordIndex([f"{part.heading} {part.text}" for part in parts])
        sizes = [len(lines(part)) for part in parts]
        self.sections = np.repeat(np.arange(len(parts)), sizes)  # of each line

    def best(self, article: int, question: str, scores: Numbers) -> tuple[Section, int]:
        """The section to answer with, and its nearest sentence.

        The lead says what an article is about: it answers only where nothing else stands.
        """
        own = [int(index) for index in np.flatnonzero(self._owners == article)]
        own = [index for index in own if self._places[index][1].heading] or own
        figures = has_figure(question, [self._texts[index] for index in own])
        worth = [scores[i] + FIGURE * has for i, has in zip(own, figures, strict=True)]
        _, section, sentence = self._places[own[int(np.argmax(worth))]]
        return section, sentence


class Meaning:
    """The vectors of the articles' sections, questions, tags and sentences."""

    def __init__(
        self, articles: Sequence[Article], encode: Encode, vectors: Vectors | None = None
    ) -> None:
        self._encode = encode
        if vectors is None:
            vectors = encode(texts_to_encode(articles))  # (n_texts, 384), unit length
        sections = sum(len(one.sections) for one in articles)
        questions = sum(len(one.questions) for one in articles)
        tagged = sections + questions + len(articles)
        self._sections, self._questions, self._tags, self._lines = np.split(
            vectors, [sections, sections + questions, tagged]
        )
        self._asked = np.array(
            [place for place, one in enumerate(articles) for _ in one.questions], dtype=np.intp
        )

    def compare(
        self, question: str, owners: npt.NDArray[np.intp]
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Mean cosine with an article's nearest section, question and tags; by section; by line."""
        asked = self._encode([question])[0].astype(np.float64)  # (384,)
        sections, tags = self._sections @ asked, self._tags @ asked
        size = len(tags)
        nearest = _largest(sections, owners, size)
        alike = (nearest + _largest(self._questions @ asked, self._asked, size) + tags) / 3
        return alike, sections, self._lines @ asked


def texts_to_encode(articles: Sequence[Article]) -> list[str]:
    """Every text whose vector an index needs: sections, questions, tags, then sentences."""
    return [
        *_section_texts(articles),
        *_questions(articles),
        *_tag_texts(articles),
        *_lines(articles),
    ]


def _section_texts(articles: Sequence[Article]) -> Iterator[str]:
    for one in articles:
        yield from (f"{one.title}. {part.heading}. {part.text}" for part in one.sections)


def _questions(articles: Sequence[Article]) -> Iterator[str]:
    for one in articles:
        yield from one.questions


def _tag_texts(articles: Sequence[Article]) -> Iterator[str]:
    yield from (f"{one.title}: {', '.join(one.tags)}" for one in articles)


def _lines(articles: Sequence[Article]) -> Iterator[str]:
    for one in articles:
        for part in one.sections:
            yield from lines(part)


def _article_words(article: Article) -> str:
    return " ".join([article.title, *article.tags, *article.questions, article.body])


def _section_words(article: Article, section: Section) -> str:
    return " ".join([article.title, *article.tags, section.heading, section.text])


def _largest(values: npt.NDArray[np.floating], owners: npt.NDArray[np.intp], size: int) -> Numbers:
    """The largest value of each owner, 0 for one that has none or only negative ones."""
    largest = np.zeros(size)
    np.maximum.at(largest, owners, values)
    return largest
