"""Precision, recall and F1 of each question of conduct, with intervals over conversations.

Yes is what is looked for; unsure counts as not found, because it still needs a person.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.qa.conduct.talks import load_talks
from core.conversation import Conversation
from core.errors import BadInput
from core.evaluation import Verdict
from core.exchange import from_exchange
from core.intervals import share_interval
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.scoring import evaluate, settle_variables

QUESTIONS = (
    "greeting", "agent_name", "offer_help", "restates_request", "hold", "further_help",
    "courteous_close",
)  # fmt: skip
WHOLE = "all"
RESAMPLES = 1000  # the interval's ends then move by less than 0.005 from seed to seed
SEED = 20260301
ALIASES = {  # as other tools name the same questions
    "name": "agent_name", "read_back": "restates_request", "close": "courteous_close",
    "offer": "offer_help", "restates": "restates_request",
}  # fmt: skip
_TRUTH = {
    True: Verdict.YES, "yes": Verdict.YES, False: Verdict.NO, "no": Verdict.NO,
    None: Verdict.NOT_APPLICABLE, "not_applicable": Verdict.NOT_APPLICABLE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scorecard said of one question, beside what is true; `source` is the conversation.

    A talk and its edited twins share a source, so that an interval does not count them twice.
    """

    source: str
    question: str
    truth: Verdict
    said: Verdict


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers counted: `hits` are true yeses found, `strays` yeses that are none.

    `told` are the truly not applicable ones that were called so.
    """

    n: int
    yeses: int
    hits: int
    strays: int
    unsure: int
    not_applicable: int
    told: int

    @property
    def precision(self) -> float | None:
        """Of the yeses said, how many are true."""
        return _share(self.hits, self.hits + self.strays)

    @property
    def recall(self) -> float | None:
        """Of the true yeses, how many were said."""
        return _share(self.hits, self.yeses)

    @property
    def f1(self) -> float | None:
        """Their harmonic mean."""
        return _share(2 * self.hits, self.hits + self.strays + self.yeses)


@dataclass(frozen=True, slots=True)
class Row:
    """One question's line of the table."""

    question: str
    counts: Counts
    interval: tuple[float, float] | None


def read_labelled(path: Path) -> Iterator[tuple[str, Conversation]]:
    """Conversations with labels by question, each with the source it was made from.

    A folder stands for its files: talks with marks (.txt), the exchange format (.jsonl, .json).

    Raises:
        BadInput: the path is of another kind, or a file does not hold what its name says.
    """
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.suffix in (".txt", ".jsonl", ".json"))
        for file in found:
            yield from read_labelled(file)
    elif path.suffix == ".txt":
        yield from _twins(path)
    elif path.suffix in (".jsonl", ".json"):
        yield from _exchanged(path)
    else:
        raise BadInput(f"{path}: give a folder, or a file .jsonl, .json or .txt")


def _twins(path: Path) -> Iterator[tuple[str, Conversation]]:
    for talk in load_talks(path):
        whole = talk.labels()
        asked = [question for question in QUESTIONS if question in talk.questions]
        yield talk.company, talk.without(labels=whole)
        for question in asked:
            yield talk.company, talk.without(question, labels={question: False})


def _exchanged(path: Path) -> Iterator[tuple[str, Conversation]]:
    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            made = from_exchange(json.loads(line))
        except (json.JSONDecodeError, BadInput) as error:
            raise BadInput(f"{path}:{number}: {error}") from error
        yield f"{path}:{made.id}", made


def answers_of(
    labelled: Iterable[tuple[str, Conversation]], house: dict[str, str]
) -> Iterator[Answer]:
    """Every labelled question with the shipped scorecard's answer.

    Raises:
        BadInput: a label is none of yes, no and not applicable, or the company is unknown.
    """
    pipeline, card, now = Pipeline(), load_scorecard("service"), datetime.now(UTC)
    for source, talk in labelled:
        used = settle_variables(card, conversation=talk, house=house)
        made = evaluate(talk, card, pipeline=pipeline, now=now, variables=used)
        for key, label in talk.labels.items():
            question = ALIASES.get(key, key)
            if question not in QUESTIONS:
                continue
            if not isinstance(label, bool | str | None) or label not in _TRUTH:
                raise BadInput(f"{talk.id}: label {key} is {label!r}, not true, false or null")
            found = made.finding(question)  # none where the conversation was not scored at all
            said = found.verdict if found else Verdict.UNSURE
            yield Answer(source, question, _TRUTH[label], said)


def count(answers: Iterable[Answer]) -> Counts:
    """The answers counted."""
    pairs = [(answer.truth, answer.said) for answer in answers]
    truths, said = [truth for truth, _ in pairs], [said for _, said in pairs]
    hits = pairs.count((Verdict.YES, Verdict.YES))
    return Counts(
        n=len(pairs),
        yeses=truths.count(Verdict.YES),
        hits=hits,
        strays=said.count(Verdict.YES) - hits,
        unsure=said.count(Verdict.UNSURE),
        not_applicable=truths.count(Verdict.NOT_APPLICABLE),
        told=pairs.count((Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE)),
    )


def table(answers: Sequence[Answer]) -> tuple[Row, ...]:
    """A row for each question that was asked, and one for all of them."""
    rows = []
    for question in (*QUESTIONS, WHOLE):
        own = [answer for answer in answers if question in (answer.question, WHOLE)]
        if own:
            rows.append(Row(question, count(own), interval(own)))
    return tuple(rows)


def interval(answers: Sequence[Answer]) -> tuple[float, float] | None:
    """95 % of F1: the wider ends of two intervals.

    A percentile bootstrap over whole conversations has no width where nothing was wrong; Wilson's
    interval of hits among hits and errors (the Jaccard index J, F1 = 2J / (1 + J)) has, but takes
    answers of one conversation for independent.
    """
    whole = count(answers)
    shares = share_interval(whole.hits, whole.strays + whole.yeses)
    drawn = _bootstrap(answers)
    if shares is None or drawn is None:
        return None
    low, high = (2 * share / (1 + share) for share in shares)
    return min(low, drawn[0]), max(high, drawn[1])


def _bootstrap(answers: Sequence[Answer]) -> tuple[float, float] | None:
    by_source: dict[str, list[Answer]] = {}
    for answer in answers:
        by_source.setdefault(answer.source, []).append(answer)
    each = [count(own) for own in by_source.values()]
    draw = random.Random(SEED)  # noqa: S311  # a draw, no secret
    values = sorted(
        value
        for _ in range(RESAMPLES)
        if (value := _sum(draw.choices(each, k=len(each))).f1) is not None
    )
    if not values:
        return None
    return values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]


def _sum(parts: Sequence[Counts]) -> Counts:
    return Counts(*(sum(column) for column in zip(*map(astuple, parts), strict=True)))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
