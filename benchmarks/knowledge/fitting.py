"""Fitting the logistic model and its threshold on the dev part."""

from collections.abc import Sequence

import numpy as np

from benchmarks.knowledge.questions import Question
from language.retrieval import ArticleIndex, Method, Model, Numbers

RIDGE = 0.01  # keeps the weights finite; the fit does not change from 0.001 to 0.1
MOST_ANSWERED = 0.10  # of the questions that no article answers
COLUMNS = {Method.BOTH: (0, 1, 2), Method.WORDS: (1, 2), Method.MEANING: (0,)}


def fit(index: ArticleIndex, questions: Sequence[Question]) -> Model:
    """The weights by Newton's method over every pair of question and article."""
    numbers = [index.numbers(question.text) for question in questions]  # each (articles, 3)
    slugs = [article.slug for article in index.articles]
    answers = [[slug in question.slugs for slug in slugs] for question in questions]
    columns = list(COLUMNS[index.method])
    found = _newton(np.concatenate(numbers)[:, columns], np.concatenate(answers).astype(float))
    weights = np.zeros(3)
    weights[columns] = found[1:]
    base, (meaning, words, section) = round(float(found[0]), 2), weights.round(2).tolist()
    model = Model(base, (meaning, words, section), 0.0)
    best = np.array([model.probability(each).max() for each in numbers])
    unanswered = best[[not question.slugs for question in questions]]
    threshold = float(np.quantile(unanswered, 1 - MOST_ANSWERED))
    return Model(model.base, model.weights, round(threshold + 0.005, 2))


def _newton(inputs: Numbers, answers: Numbers) -> Numbers:
    """Base and weights of a logistic regression: shape (1 + columns,)."""
    design = np.column_stack([np.ones(len(inputs)), inputs])
    ridge = RIDGE * np.eye(design.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(design @ weights)))
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + ridge
        weights -= np.linalg.solve(curve, design.T @ (chance - answers) + ridge @ weights)
    return np.asarray(weights)
