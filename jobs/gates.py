"""The machine submits an evaluation by itself where the gates of all its questions are open."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.calibration import AskedQuestion, DoubleScore
from core.conversation import Conversation
from core.evaluation import Evaluation
from core.review import MACHINE, ReviewState
from core.scorecard import Scorecard
from qa.gate import LEAST, gate
from qa.submitting import depends_on
from store import agents, double_scores, reviews
from store.reviews import Actor

NOBODY = frozenset({agents.BOT, agents.UNKNOWN})  # who would read and dispute it


class Gates:
    """Which gates are open; an interval is computed once for the double scores it is of."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], tuple[tuple[int, datetime], bool]] = {}

    async def submits(
        self,
        session: AsyncSession,
        evaluation: Evaluation,
        card: Scorecard,
        conversation: Conversation,
    ) -> bool:
        """Whether this evaluation is submitted without a person."""
        asked = depends_on(evaluation, card, conversation.channel)
        if asked is None:
            return False
        scores = await double_scores.of_questions(session, {each.digest for each in asked})
        for each in asked:  # most often the first one is shut
            own = [score for score in scores if score.digest == each.digest]
            if not await self._is_open(each, own):
                return False
        return True

    async def _is_open(self, asked: AskedQuestion, scores: list[DoubleScore]) -> bool:
        if len({score.conversation for score in scores}) < LEAST:
            return False
        key, stamp = (asked.digest, asked.is_fatal), (len(scores), scores[-1].at)
        known = self._known.get(key)
        if known is None or known[0] != stamp:
            found = await asyncio.to_thread(gate, asked, scores)
            known = self._known[key] = stamp, found.is_open
        return known[1]


async def submit(
    session: AsyncSession,
    evaluation: Evaluation,
    card: Scorecard,
    *,
    window: timedelta,
    now: datetime,
) -> bool:
    """Submit it for the machine; False where a person is at it, or nobody would read it."""
    if await agents.key_of(session, evaluation.conversation) in NOBODY:
        return False
    machine = Actor(MACHINE)
    review = await reviews.begin(session, evaluation, machine, now=now)
    if review.state is not ReviewState.DRAFT or review.opened_by != MACHINE:
        return False
    await reviews.submit(session, review.id, machine, card=card, window=window, now=now)
    return True
