"""On a conversation's page: its score with what people corrected, and the way to its reviews."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from console.cards import find_card
from console.context import Visit
from core.correction import corrected
from core.evaluation import Evaluation
from core.review import Review, ReviewState
from core.score import score
from store import agents, evaluations, reviews


@dataclass(frozen=True, slots=True)
class Other:
    """What another scorecard says of the conversation, and whether this person may review that."""

    evaluation: Evaluation
    may_begin: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers and the score that count; `machine` is the machine's own score beside them.

    What is corrected counts once it is submitted.

    `reviews` are those that this person may see, `may_begin` whether they may begin one of the main
    evaluation, `others` are those by other scorecards.
    """

    evaluation: Evaluation | None
    machine: float | None
    is_corrected: bool
    reviews: tuple[Review, ...]
    may_begin: bool
    others: tuple[Other, ...] = ()


async def judged(
    session: AsyncSession, visit: Visit, conversation_id: str, evaluation: Evaluation | None
) -> Judged:
    """The newest evaluation as it stands among people."""
    keys = await agents.keys_of(session, visit.user)
    found = [
        review
        for review in await reviews.of_conversation(session, conversation_id)
        if visit.is_reviewer or (review.agent in keys and review.state is not ReviewState.DRAFT)
    ]
    if evaluation is None:
        return Judged(None, None, False, tuple(found), False)
    standing = next(
        (
            each
            for each in found
            if each.evaluation == evaluation.id and each.state is not ReviewState.DRAFT
        ),
        None,
    )
    counts = await _corrected(session, evaluation, standing) if standing else evaluation
    is_own = (await agents.key_of(session, conversation_id)) in keys
    begun = {(each.scorecard, each.version) for each in found}

    def may_begin(one: Evaluation) -> bool:
        is_open = visit.is_reviewer and not is_own and one.not_scored is None
        return is_open and (one.scorecard, one.version) not in begun

    by_card = (await evaluations.latest_by_card(session, [conversation_id]))[conversation_id]
    others = (each for each in by_card if each.scorecard != evaluation.scorecard)
    return Judged(
        evaluation=counts,
        machine=evaluation.score,
        is_corrected=counts is not evaluation,
        reviews=tuple(found),
        may_begin=may_begin(evaluation),
        others=tuple(Other(each, may_begin(each)) for each in others),
    )


async def _corrected(session: AsyncSession, evaluation: Evaluation, review: Review) -> Evaluation:
    card = await find_card(session, evaluation)
    made = await reviews.corrections_of(session, review.id)
    if card is None or all(each.withdrawn_at is not None for each in made):
        return evaluation
    findings = corrected(card, evaluation.findings, made)
    result = score(card, findings)
    return replace(
        evaluation,
        findings=findings,
        score=result.points,
        failed=result.failed,
        before_fatal=result.before_fatal,
        critical=result.critical,
    )
