"""A review ready to be shown: each answer with the machine's beside it, and what was said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.findings import ShownFinding, shown_finding
from core.conversation import Conversation
from core.correction import corrected, counting, is_fatal
from core.evaluation import Evaluation, Finding, Verdict
from core.people import AuditRow
from core.review import Answer, Correction, Dispute, Outcome, Review
from core.score import Score, score
from core.scorecard import Scorecard

STEPS = {
    "review.opened": "Review begun",
    "review.submitted": "Submitted",
    "review.taken_back": "Taken back to a draft",
    "review.acknowledged": "Acknowledged",
    "review.disputed": "Disputed",
    "review.closed": "Closed",
    "review.words_replaced": "The words were replaced; a draft again",
    "answer.corrected": "Answer changed",
    "answer.restored": "Change undone",
    "dispute.withdrawn": "Dispute taken back",
    "dispute.decided": "Dispute decided",
}
NOBODY = {"machine": "the machine", "sweep": "time", "worker": "the worker", "cli": "the shell"}


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """What one person said to a dispute."""

    outcome: Outcome
    answer: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownDispute:
    """A dispute with its decisions; `needs_two` when it is about a fatal answer."""

    id: str
    reason: str
    by: str
    by_id: str
    at: datetime
    outcome: Outcome | None
    needs_two: bool
    decisions: tuple[ShownDecision, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question: what counts, the machine's own answer where that is another, and disputes.

    `correction` is the id of the person's answer that counts, None for the machine's.
    """

    counts: ShownFinding
    instructions: str
    machine: ShownFinding | None
    correction: str | None
    by: str
    at: datetime | None
    is_decided: bool
    undone: int
    dispute: ShownDispute | None

    @property
    def waits(self) -> bool:
        """Whether a person has to answer before it can be submitted."""
        return self.counts.verdict is Verdict.UNSURE and not self.counts.by_person


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A section of the form; its title is empty when the form is not on disk any more."""

    title: str
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a review's history."""

    name: str
    by: str
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that a review's page is made from."""

    review: Review
    conversation: Conversation
    evaluation: Evaluation | None
    card: Scorecard | None
    corrections: tuple[Correction, ...]
    disputes: tuple[Dispute, ...]
    names: Mapping[str, str]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The answers that count, in the form's order."""
        if self.evaluation is None:
            return ()
        if self.card is None:
            return self.evaluation.findings
        return corrected(self.card, self.evaluation.findings, self.corrections)

    def named(self, user_id: str) -> str:
        """What people call a user, or a step that nobody took."""
        return self.names.get(user_id) or NOBODY.get(user_id, "somebody who is gone")


def shown_groups(sources: Sources) -> tuple[ShownGroup, ...]:
    """The answers by the form's sections, in its order."""
    shown = {finding.question: _shown_answer(finding, sources) for finding in sources.findings}
    if sources.card is None:
        return (ShownGroup("", tuple(shown.values())),) if shown else ()
    groups = [
        ShownGroup(section.title, tuple(shown[q.id] for q in section.questions if q.id in shown))
        for section in sources.card.all_sections
    ]
    return tuple(group for group in groups if group.answers)


def shown_answer(sources: Sources, question: str) -> ShownAnswer | None:
    """One question alone; None when it has no answer."""
    found = next((each for each in sources.findings if each.question == question), None)
    return None if found is None else _shown_answer(found, sources)


def score_now(sources: Sources) -> Score | None:
    """The score with everything that counts now; None without the form or its answers."""
    if sources.card is None or sources.evaluation is None:
        return None
    return score(sources.card, sources.findings)


def history(rows: Sequence[AuditRow], sources: Sources) -> tuple[Step, ...]:
    """What was done with a review, in order; who looked at it is for the audit alone."""
    return tuple(
        Step(STEPS[row.action], sources.named(row.actor), row.at, _detail(row.detail, sources))
        for row in rows
        if row.action in STEPS
    )


def _shown_answer(finding: Finding, sources: Sources) -> ShownAnswer:
    question = sources.card.question(finding.question) if sources.card else None
    machine = sources.evaluation.finding(finding.question) if sources.evaluation else None
    counted = counting(sources.corrections).get(finding.question)
    is_machines = machine == finding
    return ShownAnswer(
        counts=shown_finding(finding, sources.conversation, sources.card),
        instructions=question.instructions if question else "",
        machine=None
        if is_machines or machine is None
        else shown_finding(machine, sources.conversation, sources.card),
        correction=counted.id if counted else None,
        by=sources.named(counted.by) if counted else "",
        at=counted.at if counted else None,
        is_decided=counted is not None and counted.dispute is not None,
        undone=sum(
            each.question == finding.question and each.withdrawn_at is not None
            for each in sources.corrections
        ),
        dispute=_shown_dispute(finding.question, sources),
    )


def _shown_dispute(question: str, sources: Sources) -> ShownDispute | None:
    found = next((each for each in sources.disputes if each.question == question), None)
    if found is None:
        return None
    asked = sources.card.question(question) if sources.card else None
    return ShownDispute(
        id=found.id,
        reason=found.reason,
        by=sources.named(found.by),
        by_id=found.by,
        at=found.at,
        outcome=found.outcome,
        needs_two=is_fatal(asked),
        decisions=tuple(
            ShownDecision(
                outcome=each.outcome,
                answer=_answer_word(question, each.answer, sources),
                reason=each.reason,
                by=sources.named(each.by),
                at=each.at,
            )
            for each in found.decisions
        ),
    )


def _answer_word(question: str, answer: Answer | None, sources: Sources) -> str:
    if answer is None:
        return ""
    finding = Finding(question, answer.verdict, 1.0, "", value=answer.value)
    return shown_finding(finding, sources.conversation, sources.card).word


def _detail(detail: str | None, sources: Sources) -> str:
    """A question by its text, and what became of it in words."""
    name, colon, what = (detail or "").partition(": ")
    question = sources.card.question(name) if sources.card else None
    text = question.text if question else name.replace("_", " ")
    return f"{text} {what.replace('_', ' ')}".strip() if colon else text
