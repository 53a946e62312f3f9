"""`python -m benchmarks.knowledge [--part dev|test] [--fit] [--misses]`: the search of articles.

Compares shared words, likeness of meaning, and both. `--fit` prints the models fitted on dev, as
they stand in language/retrieval.py; `--misses` lists what goes wrong with both (on dev).
"""

import argparse
import sys
from collections.abc import Iterator

from benchmarks.knowledge.figures import Figures, measure
from benchmarks.knowledge.fitting import fit
from benchmarks.knowledge.questions import Part, Question, load_questions
from core.settings import Settings, load_settings
from language.articles import Article, load_articles
from language.encoder import Encoder, find_folder
from language.retrieval import ArticleIndex, Encode, Method

HEADER = (
    "| | recall@1 | recall@3 | answered right | answered wrong | right, answered or named "
    "| answer holds the fact | no answer to the unanswerable | nothing named either | ms |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def table(indices: list[ArticleIndex], questions: tuple[Question, ...]) -> str:
    """The figures of every method, as Markdown."""
    return "\n".join([HEADER, *(_row(each.method, measure(each, questions)) for each in indices)])


def misses(index: ArticleIndex, questions: tuple[Question, ...]) -> Iterator[str]:
    """Each question that gets a wrong answer, or none, or an answer that it should not get."""
    for question in questions:
        best = index.find(question.text, count=1)[0]
        told = best.probability >= index.model.threshold
        if (best.article.slug not in question.slugs and told) or (question.slugs and not told):
            wanted = ",".join(sorted(question.slugs)) or question.kind
            verdict = "told" if told else "silent"
            found = f"{best.article.slug} {best.probability:.2f}"
            yield f"{verdict}\t{wanted}\t{found}\t{question.text}"


def main() -> None:
    """Read the arguments and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.knowledge")
    parser.add_argument("--part", type=Part, choices=tuple(Part), default=Part.TEST)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    settings = load_settings()
    indices = _indices(load_articles(settings.knowledge), _encoder(settings))
    if given.fit:
        dev = load_questions(Part.DEV)
        for index in indices:
            sys.stdout.write(f"Method.{index.method.name}: {fit(index, dev)}\n")
    elif given.misses:
        sys.stdout.write("\n".join(misses(indices[0], load_questions(Part.DEV))) + "\n")
    else:
        questions = load_questions(given.part)
        known = sum(bool(question.slugs) for question in questions)
        sys.stdout.write(f"{given.part}: {known} answerable, {len(questions) - known} not\n\n")
        sys.stdout.write(table(indices, questions) + "\n")


def _encoder(settings: Settings) -> Encode:
    return Encoder(find_folder(settings.models, settings.encoder_model))


def _indices(articles: tuple[Article, ...], encode: Encode) -> list[ArticleIndex]:
    return [
        ArticleIndex(articles, encode, method=Method.BOTH),
        ArticleIndex(articles, method=Method.WORDS),
        ArticleIndex(articles, encode, method=Method.MEANING),
    ]


def _row(method: Method, figures: Figures) -> str:
    kinds = ", ".join(f"{kind} {share:.2f}" for kind, (share, _) in figures.silence_by_kind.items())
    return (
        f"| {method} | {figures.recall_1:.3f} | {figures.recall_3:.3f} | {figures.right:.3f} | "
        f"{figures.wrong:.3f} | {figures.helped:.3f} | "
        f"{figures.holds_fact:.3f} | {figures.silence:.3f} ({kinds}) | "
        f"{figures.nothing:.3f} | {figures.milliseconds:.0f} |"
    )


if __name__ == "__main__":
    main()
