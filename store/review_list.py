"""Lists for people: reviews, and the queue of what was drawn, filtered and paged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Channel
from core.draw import Drawn, Way
from core.evaluation import Evaluation
from core.review import MACHINE, Review, ReviewState
from store import agents, evaluations
from store.listing import PAGE_SIZE
from store.review_rows import drawn_of, review_of
from store.review_tables import CorrectionRow, DisputeRow, DrawRow, ReviewRow
from store.tables import ConversationRow


class QueueState(StrEnum):
    """Where a drawn conversation stands."""

    OPEN = "open"
    REVIEWED = "reviewed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews; None means no limit. `seen_by`: an agent's keys; drafts are not theirs yet.

    `besides` are conversations whose scores must not be shown, as in `QueueFilter`.
    """

    agent: str | None = None
    state: ReviewState | None = None
    seen_by: frozenset[str] | None = None
    besides: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which drawn conversations; `agent` None means everybody's."""

    way: Way | None = None
    agent: str | None = None
    state: QueueState = QueueState.OPEN
    besides: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review of the list; `agent` is the name of who is judged, as people know it."""

    review: Review
    channel: Channel
    opened_at: datetime | None
    agent: str
    corrections: int
    open_disputes: int


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One drawn conversation; score and review are the newest by the form it was drawn for."""

    drawn: Drawn
    channel: Channel
    opened_at: datetime | None
    agent: str
    score: float | None
    failed: bool
    review: Review | None
    by_both: bool


@dataclass(frozen=True, slots=True)
class Paged:
    """Which page of how many; pages count from 1, `total` counts all that match."""

    number: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


async def list_reviews(
    session: AsyncSession, wanted: ReviewFilter, *, number: int = 1
) -> tuple[tuple[ReviewLine, ...], Paged]:
    """One page of reviews, the newest first."""
    limits: list[ColumnElement[bool]] = []
    if wanted.agent:
        limits.append(ReviewRow.agent_key.in_(await _keys(session, wanted.agent)))
    if wanted.state:
        limits.append(ReviewRow.state == wanted.state.value)
    if wanted.seen_by is not None:
        limits.append(ReviewRow.agent_key.in_(wanted.seen_by))
        limits.append(ReviewRow.state != ReviewState.DRAFT.value)
    if wanted.besides:
        limits.append(ReviewRow.conversation_id.not_in(wanted.besides))
    where = and_(True, *limits)
    total = await session.scalar(select(func.count()).select_from(ReviewRow).where(where)) or 0
    page = _paged(number, total)
    order = func.coalesce(ReviewRow.submitted_at, ReviewRow.opened_at)
    rows = list(
        await session.scalars(
            select(ReviewRow)
            .where(where)
            .order_by(order.desc(), ReviewRow.id.desc())
            .limit(PAGE_SIZE)
            .offset((page.number - 1) * PAGE_SIZE)
        )
    )
    return await _review_lines(session, [review_of(row) for row in rows]), page


async def list_queue(
    session: AsyncSession, wanted: QueueFilter, *, number: int = 1
) -> tuple[tuple[QueueItem, ...], Paged]:
    """One page of the queue, what was drawn first on top; what is done the other way round."""
    limits = [_state(wanted.state)]
    if wanted.way:
        limits.append(DrawRow.way == wanted.way.value)
    if wanted.agent:
        limits.append(DrawRow.agent_key.in_(await _keys(session, wanted.agent)))
    if wanted.besides:
        limits.append(DrawRow.conversation_id.not_in(wanted.besides))
    where = and_(*limits)
    total = await session.scalar(select(func.count()).select_from(DrawRow).where(where)) or 0
    page = _paged(number, total)
    is_open = wanted.state is QueueState.OPEN
    order: tuple[Any, ...] = (DrawRow.drawn_at, DrawRow.ended_at, DrawRow.id)
    if not is_open:
        order = tuple(column.desc() for column in order)
    rows = await session.scalars(
        select(DrawRow)
        .where(where)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page.number - 1) * PAGE_SIZE)
    )
    return await _queue_items(session, [drawn_of(row) for row in rows]), page


async def to_read(session: AsyncSession, keys: Collection[str], *, now: datetime) -> int:
    """How many evaluations wait for the agent with these keys to read them."""
    count = await session.scalar(
        select(func.count())
        .select_from(ReviewRow)
        .where(ReviewRow.agent_key.in_(keys), ReviewRow.due_at > now)
        .where(ReviewRow.state.in_((ReviewState.SUBMITTED.value, ReviewState.DECIDED.value)))
    )
    return count or 0


async def known_agents(session: AsyncSession) -> dict[str, str]:
    """Everybody of whom something was drawn or reviewed: key of the person → name, by name."""
    keys = {
        *await session.scalars(select(DrawRow.agent_key).distinct()),
        *await session.scalars(select(ReviewRow.agent_key).distinct()),
    }
    people = await agents.people(session)
    names = await agents.names_of(session, keys)
    found = {agents.person(people, key): names[key] for key in sorted(keys)}
    return dict(sorted(found.items(), key=lambda each: each[1].casefold()))


async def _review_lines(session: AsyncSession, found: Collection[Review]) -> tuple[ReviewLine, ...]:
    talks = await _conversations(session, [one.conversation for one in found])
    names = await agents.names_of(session, {one.agent for one in found})
    ids = [one.id for one in found]
    corrected = await _counts(
        session, CorrectionRow, CorrectionRow.review_id.in_(ids), CorrectionRow.withdrawn_at
    )
    disputed = await _counts(session, DisputeRow, DisputeRow.review_id.in_(ids), DisputeRow.outcome)
    return tuple(
        ReviewLine(
            review=one,
            channel=Channel(talks[one.conversation].channel),
            opened_at=talks[one.conversation].opened_at,
            agent=names[one.agent],
            corrections=corrected.get(one.id, 0),
            open_disputes=disputed.get(one.id, 0),
        )
        for one in found
    )


async def _queue_items(session: AsyncSession, found: Collection[Drawn]) -> tuple[QueueItem, ...]:
    ids = [one.conversation for one in found]
    talks = await _conversations(session, ids)
    names = await agents.names_of(session, {one.agent for one in found})
    judged = await evaluations.latest_by_card(session, ids)
    rows = await session.scalars(
        select(ReviewRow)
        .where(ReviewRow.conversation_id.in_(ids))
        .order_by(ReviewRow.opened_at, ReviewRow.id)
    )
    reviews = [review_of(row) for row in rows]
    ways = await session.execute(
        select(DrawRow.conversation_id, func.count())
        .where(DrawRow.conversation_id.in_(ids))
        .group_by(DrawRow.conversation_id)
    )
    both = {conversation for conversation, count in ways.all() if count > 1}
    return tuple(
        _queue_item(
            one,
            talks[one.conversation],
            names[one.agent],
            [each for each in judged.get(one.conversation, ()) if _is_of(one, each.scorecard)],
            [
                each
                for each in reviews
                if each.conversation == one.conversation and _is_of(one, each.scorecard)
            ],
            by_both=one.conversation in both,
        )
        for one in found
    )


def _is_of(drawn: Drawn, scorecard: str) -> bool:
    """Whether a scorecard is the one that something was drawn to be reviewed by."""
    return drawn.scorecard in (None, scorecard)


def _queue_item(
    drawn: Drawn,
    talk: ConversationRow,
    agent: str,
    judged: Sequence[Evaluation],
    reviews: Sequence[Review],
    *,
    by_both: bool,
) -> QueueItem:
    evaluation = judged[-1] if judged else None
    return QueueItem(
        drawn=drawn,
        channel=Channel(talk.channel),
        opened_at=talk.opened_at,
        agent=agent,
        score=evaluation.score if evaluation else None,
        failed=evaluation is not None and evaluation.failed,
        review=reviews[-1] if reviews else None,
        by_both=by_both,
    )


def _state(state: QueueState) -> ColumnElement[bool]:
    reviewed = (
        select(ReviewRow.id)
        .where(ReviewRow.conversation_id == DrawRow.conversation_id)
        .where(ReviewRow.submitted_by.is_not(None), ReviewRow.submitted_by != MACHINE)
        .where(DrawRow.scorecard.is_(None) | (ReviewRow.scorecard == DrawRow.scorecard))
        .correlate(DrawRow)
        .exists()
    )
    if state is QueueState.SKIPPED:
        return DrawRow.skipped_at.is_not(None)
    is_here = DrawRow.skipped_at.is_(None)
    return is_here & (reviewed if state is QueueState.REVIEWED else ~reviewed)


async def _keys(session: AsyncSession, agent: str) -> set[str]:
    """All keys of the person who has this one."""
    people = await agents.people(session)
    person = agents.person(people, agent)
    return {agent, *(key for key in people if agents.person(people, key) == person)}


async def _conversations(session: AsyncSession, ids: Collection[str]) -> dict[str, ConversationRow]:
    rows = await session.scalars(select(ConversationRow).where(ConversationRow.id.in_(ids)))
    return {row.id: row for row in rows}


async def _counts(
    session: AsyncSession, table: Any, where: ColumnElement[bool], closed: Any
) -> dict[str, int]:
    """How many rows of each review are still open: `closed` is the column that ends them."""
    rows = await session.execute(
        select(table.review_id, func.count())
        .where(where, closed.is_(None))
        .group_by(table.review_id)
    )
    return dict(rows.all())


def _paged(number: int, total: int) -> Paged:
    last = Paged(1, total).count
    return Paged(min(max(1, number), last), total)
