"""What may be done at which point of an evaluation's life, and by whom.

Source: DOMAIN "Scorecard", life of an evaluation: who evaluated does not decide the dispute;
overturning a fatal needs two people.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from core.correction import counting
from core.errors import Conflict, NotAllowed, Overtaken
from core.evaluation import Finding, Source, Verdict
from core.review import Correction, Decision, Dispute, Outcome, Review, ReviewState

_NOW = {
    ReviewState.DRAFT: "is still a draft",
    ReviewState.SUBMITTED: "has been submitted",
    ReviewState.ACKNOWLEDGED: "has been acknowledged",
    ReviewState.DISPUTED: "is disputed",
    ReviewState.DECIDED: "has been decided",
    ReviewState.CLOSED: "is closed",
}
WITHDRAWABLE = (ReviewState.SUBMITTED, ReviewState.ACKNOWLEDGED)


def check_state(review: Review, *states: ReviewState, to: str) -> None:
    """Raise Conflict unless the review is in one of `states`; `to` is what was wanted."""
    if review.state not in states:
        raise Conflict(f"This review {_NOW[review.state]}, so you cannot {to}.")


def check_not_own(review: Review, keys: Collection[str]) -> None:
    """Raise NotAllowed for who would review their own conversation; `keys` are that user's."""
    if review.agent in keys:
        raise NotAllowed("This is a conversation of your own; somebody else reviews it.")


def check_submittable(review: Review, findings: Sequence[Finding]) -> None:
    """Raise Conflict while an answer is missing; `findings` hold what people corrected.

    What the machine is unsure of waits for a person; they may say that they cannot tell either.
    """
    check_state(review, ReviewState.DRAFT, to="submit it again")
    waiting = [
        finding.question
        for finding in findings
        if finding.verdict is Verdict.UNSURE and finding.source is Source.MACHINE
    ]
    if waiting:
        names = ", ".join(question.replace("_", " ") for question in waiting)
        raise Conflict(
            f"{len(waiting)} answer{'s are' if len(waiting) > 1 else ' is'} still unsure: {names}. "
            "Answer them first; where you cannot tell either, say so."
        )


def check_agents_turn(review: Review, keys: Collection[str], now: datetime, *, to: str) -> None:
    """Raise unless it is the agent's own evaluation and their window is open."""
    if review.agent not in keys:
        raise NotAllowed("Only who is evaluated may do this.")
    states = (ReviewState.SUBMITTED, ReviewState.ACKNOWLEDGED, ReviewState.DISPUTED)
    check_state(review, *states, to=to)
    if not review.is_open_to_agent(now):
        raise Conflict(f"The time in which you could {to} is over; talk to your supervisor.")


def check_decider(
    review: Review,
    dispute: Dispute,
    corrections: Iterable[Correction],
    *,
    user: str,
    keys: Collection[str],
) -> None:
    """Raise unless `user` had no part in the evaluation and has not decided yet."""
    if dispute.outcome is not None:
        raise Overtaken("This dispute has been decided.")
    if user == dispute.by or review.agent in keys:
        raise NotAllowed("This is about your own work; somebody else decides it.")
    if user in evaluators(review, corrections):
        raise NotAllowed("Who evaluated does not decide the dispute; somebody else has to.")
    if any(decision.by == user for decision in dispute.decisions):
        raise Conflict("You have said your part; overturning a fatal needs a second person.")


def evaluators(review: Review, corrections: Iterable[Correction]) -> frozenset[str]:
    """The people whose answers the evaluation holds."""
    hands = {each.by for each in counting(corrections).values() if each.dispute is None}
    return frozenset(hands | {review.submitted_by or review.opened_by})


def outcome_of(decisions: Sequence[Decision], *, is_fatal: bool) -> Outcome | None:
    """What the decisions come to; None while a fatal's second person is missing.

    One person is enough to uphold; two are needed to overturn a fatal, with the same answer.
    """
    if any(decision.outcome is Outcome.UPHELD for decision in decisions):
        return Outcome.UPHELD
    people = {decision.by for decision in decisions}
    return Outcome.OVERTURNED if len(people) >= (2 if is_fatal else 1) else None


def check_second(decisions: Sequence[Decision], decision: Decision) -> None:
    """Raise Conflict when two people overturn a fatal with different answers."""
    for first in decisions:
        if first.answer is None or decision.answer is None:
            continue
        wanted = (first.answer.verdict, first.answer.value)
        if wanted != (decision.answer.verdict, decision.answer.value):
            raise Conflict(
                f"The first person's answer is {first.answer.verdict.replace('_', ' ')}; a second "
                "one either gives the same answer or upholds the evaluation."
            )
