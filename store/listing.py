"""The list of conversations: filtered, searched and paged, each with its numbers."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.call_back import CallBackState
from core.conversation import Channel
from core.handoff import Holder
from core.judged import Behind
from core.people import Address, AddressKind
from core.review import ReviewState
from core.survey import SurveyKind
from store import agents, conversations, evaluations, report_lists, search
from store.review_tables import ReviewRow
from store.tables import (
    AddressRow,
    CallBackRow,
    ConversationRow,
    EvaluationRow,
    RecordingRow,
    SurveyInvitationRow,
    SurveyResponseRow,
    TurnRow,
)

PAGE_SIZE = 25
_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")  # with its country, as pages show it
BLIND = "blind"  # in place of how far the score has come


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; None means no limit; what has no score has neither failed nor passed.

    `seen_by` is an agent, who sees what waits, what they hold, what they wrote in, and whom they
    rang. `blind` are conversations whose judgement this person must not see: they are listed
    without it, and a limit on it leaves them out. `behind` are those behind a number of a report,
    which is such one.
    """

    query: str = ""
    channel: Channel | None = None
    holder: Holder | None = None
    failed: bool | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    seen_by: str | None = None
    blind: frozenset[str] = frozenset()
    behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list; `mood` and `mood_shift` in −1..1, `csat` 1..5, `duration` seconds."""

    id: str
    channel: Channel
    opened_at: datetime | None
    closed_at: datetime | None
    holder: Holder
    holder_since: datetime
    held_by: str | None
    reason: str | None
    summary: str | None
    priority: int
    agent: str | None
    external_id: str | None
    turns: int
    score: float | None
    failed: bool
    score_state: str
    mood: float | None
    mood_shift: float | None
    mood_model: str
    csat: int | None
    duration: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; pages count from 1, `total` counts all that match."""

    items: tuple[Summary, ...]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


async def page(
    session: AsyncSession, wanted: Filter, *, number: int = 1, size: int = PAGE_SIZE
) -> Page:
    """One page: who waits first (who waits too long, then longest), then the newest."""
    ids = await _filtered(session, wanted)
    total = await session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    last = max(1, -(-total // size))
    number = min(max(1, number), last)
    waits = ConversationRow.holder == Holder.WAITING.value
    rows = await session.scalars(
        select(ConversationRow)
        .where(ConversationRow.id.in_(ids))
        .order_by(
            waits.desc(),
            case((waits, -ConversationRow.handoff_priority)),
            case((waits, ConversationRow.holder_since)),
            ConversationRow.listed_at.desc(),
            ConversationRow.id.desc(),
        )
        .limit(size)
        .offset((number - 1) * size)
    )
    items = await _summaries(session, list(rows))
    shown = (_unjudged(one) if one.id in wanted.blind else one for one in items)
    return Page(tuple(shown), number, total, size)


async def waiting(session: AsyncSession) -> int:
    """How many customers wait for a person."""
    count = await session.scalar(
        select(func.count())
        .select_from(ConversationRow)
        .where(ConversationRow.holder == Holder.WAITING.value)
    )
    return count or 0


async def held(session: AsyncSession) -> dict[str, tuple[str, ...]]:
    """The conversations each user holds, longest first, by the user's id."""
    rows = await session.execute(
        select(ConversationRow.held_by, ConversationRow.id)
        .where(ConversationRow.holder == Holder.PERSON.value)
        .order_by(ConversationRow.holder_since, ConversationRow.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for user, conversation in rows.all():
        if user is not None:
            found[user] = (*found.get(user, ()), conversation)
    return found


async def may_see(session: AsyncSession, conversation_id: str, user_id: str) -> bool:
    """Whether an agent may open it: it or its call-back waits, it is theirs, or they rang."""
    found = await session.scalar(
        select(ConversationRow.id)
        .where(ConversationRow.id == conversation_id)
        .where(_of_agent(user_id))
    )
    return found is not None


def _of_agent(user_id: str) -> Any:
    answered = select(TurnRow.conversation_id).where(TurnRow.agent_id == user_id)
    to_ring = select(CallBackRow.conversation_id).where(
        or_(CallBackRow.state == CallBackState.OPEN.value, CallBackRow.done_by == user_id)
    )
    return or_(
        ConversationRow.holder == Holder.WAITING.value,
        ConversationRow.id.in_(to_ring),
        ConversationRow.held_by == user_id,
        ConversationRow.id.in_(answered),
    )


async def _filtered(session: AsyncSession, wanted: Filter) -> Select[str]:
    limits: list[Any] = []
    if wanted.channel:
        limits.append(ConversationRow.channel == wanted.channel.value)
    if wanted.holder:
        limits.append(ConversationRow.holder == wanted.holder.value)
    if wanted.opened_from:
        limits.append(ConversationRow.listed_at >= wanted.opened_from)
    if wanted.opened_before:
        limits.append(ConversationRow.listed_at < wanted.opened_before)
    if wanted.seen_by:
        limits.append(_of_agent(wanted.seen_by))
    if wanted.failed is not None:
        limits.append(_judged(failed=wanted.failed))
    if wanted.behind is not None:
        limits.append(ConversationRow.id.in_(report_lists.ids_behind(wanted.behind)))
    if wanted.failed is not None or wanted.behind is not None:
        limits.append(ConversationRow.id.not_in(wanted.blind))
    if wanted.query.strip():
        limits.append(await _found(session, wanted.query.strip()))
    return select(ConversationRow.id).where(and_(True, *limits))


def _judged(*, failed: bool) -> Any:
    """What the newest evaluation says, as the list shows it; an older one counts no more."""
    newest = (
        select(EvaluationRow.id)
        .where(EvaluationRow.conversation_id == ConversationRow.id, evaluations.counts())
        .order_by(EvaluationRow.made_at.desc(), EvaluationRow.id.desc())
        .limit(1)
        .correlate(ConversationRow)
        .scalar_subquery()
    )
    judged = (
        select(EvaluationRow.id)
        .outerjoin(ReviewRow, _stands_for(EvaluationRow))
        .where(
            EvaluationRow.id == newest,
            _answered_for(ReviewRow.failed, EvaluationRow.failed).is_(failed),
            _answered_for(ReviewRow.score, EvaluationRow.score).is_not(None),
        )
    )
    return judged.correlate(ConversationRow).exists()


def _stands_for(evaluation: type[EvaluationRow]) -> Any:
    """The review whose score people answer for, in place of the machine's."""
    return and_(
        ReviewRow.evaluation_id == evaluation.id, ReviewRow.state != ReviewState.DRAFT.value
    )


async def _found(session: AsyncSession, query: str) -> Any:
    """What has the query for a name of its own, who served or wrote, or all of its words."""
    ways = [
        ConversationRow.id == query,
        func.lower(ConversationRow.external_id) == query.lower(),
        await _served_by(session, query),
    ]
    texts = [query]
    if _NUMBER.fullmatch(query):
        number = "+" + re.sub(r"\D", "", query)
        texts.append(number)
        hashed = conversations.address_hash(session, Address(AddressKind.PHONE, number))
        of = select(AddressRow.customer_id).where(AddressRow.hash == hashed)
        ways.append(ConversationRow.customer_id.in_(of))
    for words in filter(None, (search.matching(session, text) for text in texts)):
        ways.append(and_(*(ConversationRow.id.in_(ids) for ids in words)))
    return or_(*ways)


async def _served_by(session: AsyncSession, name: str) -> Any:
    """Who is called so served or holds it: a user by any part of their name, else the whole."""
    asked = search.terms_of(name)
    people = await agents.people(session)
    keys = {key for key, user in people.items() if asked and asked <= search.terms_of(user.name)}
    ids = {people[key].id for key in keys}
    answered = select(TurnRow.conversation_id).where(TurnRow.agent_id.in_(ids))
    judged = select(EvaluationRow.conversation_id).where(
        EvaluationRow.agent_key.in_({*keys, agents.name_key(session, name)})
    )
    return or_(
        ConversationRow.held_by.in_(ids),
        ConversationRow.id.in_(answered),
        ConversationRow.id.in_(judged),
    )


def _unjudged(one: Summary) -> Summary:
    return replace(one, score=None, failed=False, score_state=BLIND, mood=None, mood_shift=None)


async def _summaries(session: AsyncSession, rows: list[ConversationRow]) -> list[Summary]:
    ids = [row.id for row in rows]
    turns = await _turn_counts(session, ids)
    scores = await _scores(session, ids)
    csat = await _csat(session, ids)
    durations = await _durations(session, ids)
    return [
        Summary(
            id=row.id,
            channel=Channel(row.channel),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            holder=Holder(row.holder),
            holder_since=row.holder_since,
            held_by=row.held_by,
            reason=row.handoff_reason,
            summary=row.handoff_summary,
            priority=row.handoff_priority,
            agent=row.agent,
            external_id=row.external_id,
            turns=turns.get(row.id, 0),
            **_numbers(scores.get(row.id)),
            score_state=row.score_state,
            csat=csat.get(row.id),
            duration=durations.get(row.id),
        )
        for row in rows
    ]


async def _turn_counts(session: AsyncSession, ids: list[str]) -> dict[str, int]:
    rows = await session.execute(
        select(TurnRow.conversation_id, func.count())
        .where(TurnRow.conversation_id.in_(ids))
        .group_by(TurnRow.conversation_id)
    )
    return {row[0]: row[1] for row in rows.all()}


def _answered_for(by_people: Any, by_machine: Any) -> Any:
    return case((ReviewRow.id.is_not(None), by_people), else_=by_machine)


async def _scores(
    session: AsyncSession, ids: list[str]
) -> dict[str, tuple[EvaluationRow, ReviewRow | None]]:
    rows = await session.execute(
        select(EvaluationRow, ReviewRow)
        .outerjoin(ReviewRow, _stands_for(EvaluationRow))
        .where(EvaluationRow.conversation_id.in_(ids), evaluations.counts())
        .order_by(EvaluationRow.made_at, EvaluationRow.id)
    )
    return {row.conversation_id: (row, review) for row, review in rows.all()}


def _numbers(found: tuple[EvaluationRow, ReviewRow | None] | None) -> dict[str, Any]:
    """What the newest evaluation says, with the score of who answers for it."""
    if found is None:
        return {"score": None, "failed": False, "mood": None, "mood_shift": None, "mood_model": ""}
    row, review = found
    return {
        "score": review.score if review else row.score,
        "failed": review.failed if review else row.failed,
        "mood": row.mood,
        "mood_shift": row.mood_shift,
        "mood_model": row.mood_model,
    }


async def _csat(session: AsyncSession, ids: list[str]) -> dict[str, int]:
    rows = await session.execute(
        select(SurveyInvitationRow.conversation_id, SurveyResponseRow.score)
        .join(SurveyResponseRow, SurveyResponseRow.invitation_id == SurveyInvitationRow.id)
        .where(SurveyInvitationRow.conversation_id.in_(ids))
        .where(SurveyResponseRow.kind == SurveyKind.CSAT.value)
        .where(SurveyResponseRow.score.is_not(None))
    )
    return {conversation: score for conversation, score in rows.all() if score is not None}


async def _durations(session: AsyncSession, ids: list[str]) -> dict[str, float]:
    rows = await session.execute(
        select(RecordingRow.conversation_id, RecordingRow.duration).where(
            RecordingRow.conversation_id.in_(ids)
        )
    )
    return {
        conversation: duration
        for conversation, duration in rows.all()
        if conversation is not None and duration is not None
    }
