"""The agent repeats a detail that the customer gave before."""

from dataclasses import dataclass

from core.conversation import Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
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

HARD = 0.92  # a number, amount, date, time or address said back; by hand on tests/qa
CUED = 0.85  # an item said back with 'so you would like' or 'just to confirm'
PASSING = 0.3  # one item in passing, where numbers or dates were there to repeat
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
    given, repeats = _exchange(case, _cued(case, question))
    if not given:
        return not_applicable(question, "the customer gave no detail to repeat", confidence=0.8)
    if repeats:
        is_hard = any(detail.kind is not DetailKind.ITEM for _, detail in given)
        return _judge(question, repeats, is_hard=is_hard)
    passage, detail = given[0]
    evidence = passage.evidence(detail.span) + window_evidence(case.by(Role.AGENT))[:1]
    return no(question, case.absent, "no detail of the customer's was repeated", evidence)


def _cued(case: Case, question: Question) -> frozenset[int]:
    """Passages in which the agent says that something is being read back."""
    said = say(case, case.by(Role.AGENT), texts(question, "cues"))
    return frozenset(one.passage.order for one in said)


def _exchange(
    case: Case, cued: frozenset[int]
) -> tuple[list[tuple[Passage, Detail]], list[Repeat]]:
    """What the customer gave, and what of it the agent said afterwards."""
    given: list[tuple[Passage, Detail]] = []
    repeats: list[Repeat] = []
    known: list[Detail] = []
    for passage in case.passages:
        is_cued = passage.order in cued
        items = find_content(passage.reading) if is_cued else find_items(passage.reading)
        details = find_details(passage.reading) + items
        if passage.role is Role.CUSTOMER:
            given += [(passage, detail) for detail in details if not _is_echo(detail, known)]
            continue
        if passage.role is Role.AGENT:
            repeats += [
                Repeat(passage, detail, source, is_cued)
                for detail in details
                if (source := _source(given, detail)) is not None
            ]
        known += details
    return given, repeats


def _is_echo(detail: Detail, known: list[Detail]) -> bool:
    """Whether the agent named the thing first; a number or day chosen from an offer is given."""
    return detail.kind is DetailKind.ITEM and any(is_same(one, detail) for one in known)


def _source(given: list[tuple[Passage, Detail]], detail: Detail) -> tuple[Passage, Detail] | None:
    return next((pair for pair in given if is_same(pair[1], detail)), None)


def _judge(question: Question, repeats: list[Repeat], *, is_hard: bool) -> Finding:
    """The strongest repetition: hard details first, then items with a cue, then items alone.

    `is_hard`: the customer gave hard details too; one item in passing then repeats little.
    """
    hard = [repeat for repeat in repeats if repeat.detail.kind is not DetailKind.ITEM]
    cued = [repeat for repeat in repeats if repeat.is_cued]
    best = (hard or cued or repeats)[0]
    if hard:
        return yes(question, HARD, f"repeats the customer's {best.detail.kind}", best.evidence)
    if cued:
        return yes(question, CUED, "repeats what the customer named", best.evidence)
    if len({repeat.detail.value for repeat in repeats}) > 1:
        return yes(question, BARE, "names what the customer named", best.evidence)
    if is_hard:
        return no(question, PASSING, "repeats one thing, but no number or date", best.evidence)
    return unsure(question, 0.5, "names one thing of the customer's, in passing", best.evidence)
