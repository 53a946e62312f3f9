"""The agent repeats a detail that the customer gave before."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from core.conversation import Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from language.details import Detail, DetailKind, find_content, find_details, find_items, is_same
from qa.rules.base import (
    Case,
    Passage,
    no,
    not_applicable,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)
from qa.rules.echo import Echo, find_echo

HARD = 0.92  # a number, amount, date, time or address said back; by hand on tests/qa
CUED = 0.85  # an item said back with 'so you would like' or 'just to confirm'
ECHOED = 0.75  # the customer's own words at the head of the next answer
PASSING = 0.3  # one item in passing, where numbers or dates were there to repeat
IN_PART = frozenset({DetailKind.NUMBER, DetailKind.TIME})  # may be repeated in part
NAME_REACH = 4  # words: 'my name is Paul Sims'
BARE = 0.65  # an item said back in passing


@dataclass(frozen=True, slots=True)
class Repeat:
    """A detail of the agent's that was the customer's before, and where the customer gave it."""

    passage: Passage
    detail: Detail
    source: tuple[Passage, Detail]
    is_cued: bool

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The agent's words, then the customer's."""
        given_in, given = self.source
        return self.passage.evidence(self.detail.span) + given_in.evidence(given.span)


def answer_restates(case: Case, question: Question) -> Finding:
    """Yes when a detail first given by the customer comes back from the agent."""
    given, repeats = _exchange(case, question)
    echo = find_echo(case)
    if not given and not echo and not repeats:
        return not_applicable(question, "the customer gave no detail to repeat", confidence=0.8)
    if repeats or echo:
        is_hard = any(detail.kind is not DetailKind.ITEM for _, detail in given)
        return _judge(question, repeats, echo, is_hard=is_hard)
    passage, detail = given[0]
    evidence = passage.evidence(detail.span) + window_evidence(case.by(Role.AGENT))[:1]
    return no(question, case.absent, "the agent repeated none of the customer's details", evidence)


def _cued(case: Case, question: Question) -> frozenset[int]:
    """Passages in which the agent says that something is being read back."""
    said = say(case, case.by(Role.AGENT), texts(question, "cues"))
    return frozenset(one.passage.order for one in said)


def _exchange(case: Case, question: Question) -> tuple[list[tuple[Passage, Detail]], list[Repeat]]:
    """What the customer gave, and what of it the agent said afterwards.

    What is said to be read back may be any word of the customer's; in passing only things named
    as such ('my boots') count, and not those in an answer ('your balance is').
    """
    cued = _cued(case, question)
    given: list[tuple[Passage, Detail]] = []
    content: list[tuple[Passage, Detail]] = []
    repeats: list[Repeat] = []
    known: set[str] = set()
    for passage in case.passages:
        is_cued = passage.order in cued
        items = find_content(passage.reading) if is_cued else find_items(passage.reading)
        details = find_details(passage.reading) + items
        if passage.role is Role.CUSTOMER:
            given += _new(passage, details, known)
            content += _new(passage, find_content(passage.reading), known)
            continue
        if passage.role is Role.AGENT:
            found = [
                Repeat(passage, detail, source, is_cued)
                for detail in details
                if (source := _source(given + content if is_cued else given, detail)) is not None
            ]
            repeats += found if is_cued else _outside_answers(case, question, found)
        known.update(detail.value for detail in details)
    return given, repeats


def _new(
    passage: Passage, details: Sequence[Detail], known: Set[str]
) -> list[tuple[Passage, Detail]]:
    """What the customer is the first to name, their own name left out."""
    return [
        (passage, detail)
        for detail in details
        if not _is_echo(detail, known) and not _is_own_name(passage, detail)
    ]


def _is_own_name(passage: Passage, detail: Detail) -> bool:
    """Whether a word stands after 'my name is': to be called by it repeats no request."""
    reading = passage.reading
    if detail.kind is not DetailKind.ITEM or "name" not in reading.vocabulary:
        return False
    at = reading.spans.index(detail.span)
    return "name" in reading.words[max(0, at - NAME_REACH) : at]


def _outside_answers(case: Case, question: Question, repeats: Iterable[Repeat]) -> Iterable[Repeat]:
    """What is repeated of one passage, without the things named in an answer."""
    for repeat in repeats:
        is_item = repeat.detail.kind is DetailKind.ITEM
        if not is_item or not _is_in(repeat.detail.span, _answers(case, question, repeat.passage)):
            yield repeat


def _answers(case: Case, question: Question, passage: Passage) -> tuple[TextSpan, ...]:
    phrases, places = case.pipeline.phrases(texts(question, "answers")), case.places
    start = places.starts[passage.order]
    found = phrases.find(places, places.texts[passage.order])
    return tuple(passage.reading.span(one.start - start, one.end - start) for one in found)


def _is_in(span: TextSpan, spans: Sequence[TextSpan]) -> bool:
    return any(span.overlaps(other) for other in spans)


def _is_echo(detail: Detail, known: Set[str]) -> bool:
    """Whether the agent named the thing first; a number or day chosen from an offer is given."""
    return detail.kind is DetailKind.ITEM and detail.value in known


def _source(given: list[tuple[Passage, Detail]], detail: Detail) -> tuple[Passage, Detail] | None:
    for pair in given:
        if pair[1].value == detail.value or (detail.kind in IN_PART and is_same(pair[1], detail)):
            return pair
    return None


def _judge(
    question: Question, repeats: list[Repeat], echo: Echo | None, *, is_hard: bool
) -> Finding:
    """The strongest repetition: hard details first, then items with a cue, then items alone.

    `is_hard`: the customer gave hard details too; one item in passing then repeats little.
    """
    hard = [repeat for repeat in repeats if repeat.detail.kind is not DetailKind.ITEM]
    cued = [repeat for repeat in repeats if repeat.is_cued]
    if hard:
        kind = hard[0].detail.kind
        return yes(question, HARD, f"repeats the customer's {kind}", hard[0].evidence)
    if cued:
        return yes(question, CUED, "repeats what the customer named", cued[0].evidence)
    if echo:
        return yes(question, ECHOED, "repeats the customer's words", echo.evidence)
    best = repeats[0]
    if len({repeat.detail.value for repeat in repeats}) > 1:
        return yes(question, BARE, "names what the customer named", best.evidence)
    if is_hard:
        return no(question, PASSING, "repeats one thing, but no number or date", best.evidence)
    return unsure(question, 0.5, "names one thing of the customer's, in passing", best.evidence)
