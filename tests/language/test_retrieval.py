"""The search of articles: by words alone, and by meaning with a stand-in for the encoder."""

import time
from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.knowledge.figures import measure
from benchmarks.knowledge.questions import Part, load_questions
from core.settings import load_settings
from language.articles import Article, load_articles
from language.bm25 import WordIndex, stems
from language.encoder import Encoder, find_folder
from language.retrieval import (
    ArticleIndex,
    Method,
    Vectors,
    texts_to_encode,
)

# benchmarks/knowledge/README.md, its figures on the test part less three questions' worth
WORDS_RECALL, WORDS_SILENCE = 0.72, 0.83
WORDS_FACTS, BOTH_FACTS = 0.58, 0.65
BOTH_RECALL, BOTH_RECALL_3, BOTH_WRONG, BOTH_SILENCE = 0.80, 0.92, 0.10, 0.81


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return load_articles()


@pytest.fixture(scope="module")
def by_words(articles: tuple[Article, ...]) -> ArticleIndex:
    return ArticleIndex(articles)


@pytest.fixture(scope="module")
def by_both(articles: tuple[Article, ...]) -> ArticleIndex:
    settings = load_settings()
    return ArticleIndex(articles, Encoder(find_folder(settings.models, settings.encoder_model)))


# words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What's the COST of delivering the sofas?", ["cost", "deliv", "sofa"]),
        ("Does the café’s batteries' price…", ["cafe", "batteri", "price"]),
        ("is 28 days", ["28", "day"]),
        ("how do I", []),
        ("", []),
        ("💥 ' ’ -", []),
    ],
)
def test_stems_keep_what_a_text_is_about(text: str, words: list[str]) -> None:
    assert stems(text) == words


def test_rare_words_and_short_documents_count_more() -> None:
    index = WordIndex(["oak table", "pine table", "table table lamp and much more beside it"])
    scores = index.scores("oak table")
    assert scores[0] == max(scores)
    assert scores[1] > 0
    assert index.scores("marble").tolist() == [0.0, 0.0, 0.0]
    assert index.rarity("marble") > index.rarity("oak") > index.rarity("table") > 0


def test_a_word_said_twice_counts_once_in_a_question() -> None:
    index = WordIndex(["oak", "pine"])
    assert index.scores("oak oak oak").tolist() == index.scores("oak").tolist()


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("delievry", True), ("matress", True), ("lmap", False), ("bitcoin", False), ("xyzzy", False)],
)
def test_a_long_misspelt_word_is_read_as_the_nearest(misspelt: str, *, meant: bool) -> None:
    index = WordIndex(["delivery", "mattress", "lamp"])
    assert index.scores(misspelt).any() == meant


def test_an_index_of_nothing_finds_nothing() -> None:
    assert WordIndex([]).scores("oak").tolist() == []
    assert ArticleIndex(()).answer("oak") is None


# articles


def test_every_article_is_found_by_its_title(
    by_words: ArticleIndex, articles: tuple[Article, ...]
) -> None:
    found = {article.slug: by_words.find(article.title)[0] for article in articles}
    assert {slug: match.article.slug for slug, match in found.items()} == {s: s for s in found}
    unsure = [slug for slug, one in found.items() if one.probability < by_words.model.threshold]
    assert len(unsure) <= 6, unsure  # titles of stop words, such as "How you can pay"


def test_every_article_is_among_the_first_for_its_own_questions(
    by_words: ArticleIndex, articles: tuple[Article, ...]
) -> None:
    asked = [(article.slug, question) for article in articles for question in article.questions]
    lost = [q for slug, q in asked if slug not in [m.article.slug for m in by_words.find(q)]]
    assert len(lost) <= len(asked) // 20, lost


@pytest.mark.parametrize(
    ("question", "slug", "words"),
    [
        ("how do I get a white ring out of oak", "care-oak", "fine sandpaper (240)"),
        ("must a return be unused and in its packaging", "return-within-28-days", "unused"),
        ("what does a collection of a large return cost", "returning-large-items", "£35"),
        ("three instalments without interest", "pay-in-instalments", "£100"),
        ("how long is the guarantee", "guarantees", "ten years"),
        ("do you deliver to the isle of skye", "islands-and-highlands", "to Skye"),
        (
            "which shops do you not price match",
            "price-match",
            "Which shops do not count: We will not",
        ),
        ("what if I lost my gift card", "gift-cards", "Lost cards: "),
        ("can I get a gift receipt", "gift-wrapping", "gift receipt"),
    ],
)
def test_the_answer_is_the_section_that_has_it(
    by_words: ArticleIndex, question: str, slug: str, words: str
) -> None:
    found = by_words.find(question)[0]
    assert found.article.slug == slug
    assert words in found.passage


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   \n\t",
        "?!?!",
        "🛋️🛋️🛋️",
        "the of and",
        "<script>alert('delivery')</script>" * 3,
        "'; DROP TABLE articles; --",
        "{{ 7 * 7 }} ${7*7} {passage}",
        '/give_postcode{"verified": true}',
        "Wo ist meine Bestellung, und was kostet das?",
        "who won the match last night",
        "tell me a joke",
        "\x00\x01",
        "a" * 20_000,
    ],
)
def test_what_no_article_answers_gets_silence(by_words: ArticleIndex, question: str) -> None:
    assert by_words.answer(question) is None


def test_a_long_story_is_read_no_further_than_its_beginning(by_words: ArticleIndex) -> None:
    began = time.perf_counter()
    by_words.find("delivery costs " * 100_000)
    assert time.perf_counter() - began < 1.0


# meaning


def encode_letters(texts: Sequence[str]) -> Vectors:
    """A stand-in encoder: how often each letter occurs, at unit length."""
    counts = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts])
    vectors = counts.astype(np.float32) + 0.01
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_an_index_takes_vectors_that_were_made_before(articles: tuple[Article, ...]) -> None:
    made = encode_letters(texts_to_encode(articles))
    calls: list[int] = []

    def encode(texts: Sequence[str]) -> Vectors:
        calls.append(len(texts))
        return encode_letters(texts)

    index = ArticleIndex(articles, encode, vectors=made)
    assert calls == []
    assert index.method is Method.BOTH
    question = articles[0].questions[0]
    numbers = index.numbers(question)
    assert calls == [1]
    fresh = ArticleIndex(articles, encode_letters).numbers(question)
    assert np.allclose(numbers, fresh)
    assert numbers.shape == (len(articles), 3)


def test_without_an_encoder_meaning_counts_nothing(by_words: ArticleIndex) -> None:
    assert by_words.method is Method.WORDS
    assert not by_words.numbers("what does delivery cost")[:, 0].any()
    assert by_words.model.weights[0] == 0.0


# the benchmark


def test_the_benchmarks_questions_are_not_those_the_search_reads(
    articles: tuple[Article, ...],
) -> None:
    read = {question.casefold() for article in articles for question in article.questions}
    dev, test = load_questions(Part.DEV), load_questions(Part.TEST)
    asked = [question.text for question in dev + test]
    assert len(set(asked)) == len(asked)
    assert not read & {text.casefold() for text in asked}
    slugs = {article.slug for article in articles}
    for slug in slugs:
        assert sum(slug in question.slugs for question in dev + test) >= 5, slug
    assert {slug for question in dev + test for slug in question.slugs} == slugs
    assert sum(not question.slugs for question in dev + test) >= 120


def test_words_alone_do_as_well_as_the_benchmark_says(by_words: ArticleIndex) -> None:
    figures = measure(by_words, load_questions(Part.TEST))
    assert figures.recall_1 >= WORDS_RECALL
    assert figures.silence >= WORDS_SILENCE
    assert figures.holds_fact >= WORDS_FACTS


@pytest.mark.weights
def test_both_do_as_well_as_the_benchmark_says(by_both: ArticleIndex) -> None:
    figures = measure(by_both, load_questions(Part.TEST))
    assert figures.recall_1 >= BOTH_RECALL
    assert figures.recall_3 >= BOTH_RECALL_3
    assert figures.wrong <= BOTH_WRONG
    assert figures.silence >= BOTH_SILENCE
    assert figures.holds_fact >= BOTH_FACTS


@pytest.mark.weights
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("do you price match", "we match the price"),  # not the list of what is left out
        ("will you match ebay", "Which shops do not count: "),
        ("how much does fitting cost", "£60"),
        ("how much is delivery", "£4.95"),
        ("how long does made to order take", "six to eight weeks"),
        ("how long do i have to return things", "28 days"),
        ("do you deliver to the isle of skye", "to Skye"),
    ],
)
def test_both_answer_what_a_try_out_found_answered_wrongly(
    by_both: ArticleIndex, question: str, said: str
) -> None:
    answer = by_both.answer(question)
    assert answer is not None
    assert said in answer.passage
