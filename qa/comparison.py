"""What a calibration session found: question by question, who agreed and where people differ."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.asked import answer_of
from core.calibration import (
    UNSURE,
    AskedQuestion,
    BlindAnswer,
    CalibrationSession,
    Consensus,
    Item,
    Picked,
    Sheet,
)
from core.conversation import Channel
from core.evaluation import Finding
from qa.agreement import Agreement, Detection, kappa, table_of, weights_of
from qa.chance import Coefficient
from qa.gate import (
    agreement_of,
    caught_of,
    most_said,
    places,
    used_answers,
    weighting_of,
)
from qa.several import SeveralAgreement, several_agreement


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answer; `had_seen`: they knew the machine's, so it counts in no figure."""

    person: str
    answer: BlindAnswer
    had_seen: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One conversation and one question: what everybody answered; `most` is None of nobody."""

    conversation: str
    picked: Picked
    finding: Finding | None
    machine: str
    given: tuple[Given, ...]
    most: str | None
    consensus: Consensus | None

    @property
    def blind(self) -> tuple[str, ...]:
        """The answers of those who had not seen the machine's."""
        return tuple(each.answer.answer for each in self.given if not each.had_seen)

    @property
    def do_people_differ(self) -> bool:
        """Whether not all gave one answer."""
        return len({each.answer.answer for each in self.given}) > 1

    @property
    def is_split(self) -> bool:
        """Whether no answer was given more often than every other."""
        counts = [count for _, count in Counter(self.blind).most_common(2)]
        return len(counts) == 2 and counts[0] == counts[1]

    @property
    def does_machine_differ(self) -> bool:
        """Whether the machine, where it was sure, says something else than most people."""
        return self.machine != UNSURE and self.most is not None and self.machine != self.most


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question over a session's conversations.

    `machine` compares the machine, where it was sure, with what most people said; `people` are
    compared with each other, `cohen` where they are two.
    """

    asked: AskedQuestion
    compared: tuple[Compared, ...]
    machine: Agreement
    machine_unsure: int
    detection: Detection | None
    people: SeveralAgreement
    cohen: Coefficient | None

    @property
    def people_differ(self) -> int:
        """In how many of the `people.n` conversations those differ who had not seen the score."""
        return sum(len(set(each.blind)) > 1 for each in self.compared)


def compare(
    session: CalibrationSession,
    sheets: Iterable[Sheet],
    decided: Iterable[Consensus],
    channels: Mapping[str, Channel],
) -> tuple[QuestionResult, ...]:
    """Every question of the session, in the form's order; drafts do not count.

    Args:
        channels: by conversation; a question that the form does not ask there is left out.
    """
    by_conversation: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        if sheet.submitted_at is not None:
            by_conversation.setdefault(sheet.conversation, []).append(sheet)
    consensus = {(each.conversation, each.question): each for each in decided}
    return tuple(
        _result(
            asked,
            tuple(
                _compared(asked, item, by_conversation.get(item.conversation, []), consensus)
                for item in session.items
                if asked.is_asked_of(channels[item.conversation])
            ),
        )
        for asked in session.questions
    )


def _compared(
    asked: AskedQuestion,
    item: Item,
    sheets: Iterable[Sheet],
    consensus: Mapping[tuple[str, str], Consensus],
) -> Compared:
    finding = next((each for each in item.findings if each.question == asked.id), None)
    machine = answer_of(asked, finding)
    given = tuple(
        Given(sheet.person, found, sheet.had_seen)
        for sheet in sheets
        if (found := sheet.answer(asked.id)) is not None
    )
    blind = [each.answer.answer for each in given if not each.had_seen]
    return Compared(
        conversation=item.conversation,
        picked=item.picked,
        finding=finding,
        machine=machine,
        given=given,
        most=most_said(blind, against=machine) if blind else None,
        consensus=consensus.get((item.conversation, asked.id)),
    )


def _result(asked: AskedQuestion, compared: tuple[Compared, ...]) -> QuestionResult:
    met = [(each.machine, each.most) for each in compared if each.most is not None]
    sure = [(machine, most) for machine, most in met if machine != UNSURE]
    table = table_of(sure, used_answers(asked, sure))
    return QuestionResult(
        asked=asked,
        compared=compared,
        machine=agreement_of(asked, table),
        machine_unsure=len(met) - len(sure),
        detection=caught_of(asked, sure) if asked.is_fatal else None,
        people=_people(asked, compared),
        cohen=_cohen(asked, compared),
    )


def _people(asked: AskedQuestion, compared: tuple[Compared, ...]) -> SeveralAgreement:
    ratings = [each.blind for each in compared]
    used = used_answers(asked, ratings)
    return several_agreement(
        ratings, used, weighting=weighting_of(asked), scale=places(asked, used)
    )


def _cohen(asked: AskedQuestion, compared: tuple[Compared, ...]) -> Coefficient | None:
    """Cohen's kappa of the only two people who scored blind; None of fewer or more."""
    people = sorted({e.person for each in compared for e in each.given if not e.had_seen})
    if len(people) != 2:
        return None
    answers = [
        {e.person: e.answer.answer for e in each.given if not e.had_seen} for each in compared
    ]
    pairs = [(a[people[0]], a[people[1]]) for a in answers if len(a) == 2]
    used = used_answers(asked, pairs)
    weights = weights_of(len(used), weighting_of(asked), places(asked, used))
    return kappa(table_of(pairs, used), weights)
