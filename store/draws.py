"""What is drawn for people to review: the conversations to draw from, and what was drawn.

A conversation's agent is a person here: a user's chats and the calls with their name are one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.draw import Drawn, Risk, Way
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Evaluation
from core.survey import SurveyResponse
from store import agents, audit, evaluations, surveys
from store.review_rows import drawn_of
from store.review_tables import DrawPeriodRow, DrawRow
from store.reviews import Actor
from store.tables import (
    ConversationRow,
    EvaluationRow,
    RecordingRow,
    SurveyInvitationRow,
    SurveyResponseRow,
)

DRAWING_LOCK = 7_253_904  # any number, the same in every Parley on one PostgreSQL database


@dataclass(frozen=True, slots=True)
class Ended:
    """A conversation that has ended and been scored; `agent` is the person's key.

    `scorecard` names the main form: the one that lists and reports show.
    """

    conversation: str
    agent: str
    ended_at: datetime
    scorecard: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of one, when its risks are looked for; `unsure_words` is a share.

    `evaluations` are the newest of each scorecard, the main one last.
    """

    ended: Ended
    evaluations: tuple[Evaluation, ...]
    unsure_words: float | None
    answers: tuple[SurveyResponse, ...]


def ended_at() -> Any:
    """When a conversation ended; an imported one when it was listed."""
    return func.coalesce(ConversationRow.closed_at, ConversationRow.listed_at)


async def alone(session: AsyncSession) -> None:
    """Let one worker draw at a time; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DRAWING_LOCK})


async def frame(
    session: AsyncSession, begins: datetime, ends: datetime
) -> dict[str, tuple[Ended, ...]]:
    """Everything scored that ended in the half-open period, in that order, by agent."""
    found = await _ended(session, (ended_at() >= begins) & (ended_at() < ends))
    groups: dict[str, tuple[Ended, ...]] = {}
    for one in found:
        groups[one.agent] = (*groups.get(one.agent, ()), one)
    return groups


async def to_look_at(
    session: AsyncSession, *, since: datetime, ended_from: datetime
) -> list[Ended]:
    """What was scored or answered a survey after `since`, and no risk has drawn yet.

    `ended_from`: what ended before is of no period that is still looked at.
    """
    scored = select(EvaluationRow.conversation_id).where(EvaluationRow.made_at >= since)
    answered = (
        select(SurveyInvitationRow.conversation_id)
        .join(SurveyResponseRow, SurveyResponseRow.invitation_id == SurveyInvitationRow.id)
        .where(SurveyResponseRow.answered_at >= since)
    )
    drawn = select(DrawRow.conversation_id).where(DrawRow.way == Way.RISK.value)
    return await _ended(
        session,
        or_(ConversationRow.id.in_(scored), ConversationRow.id.in_(answered))
        & (ended_at() >= ended_from)
        & ConversationRow.id.not_in(drawn),
    )


async def sights(session: AsyncSession, ended: Sequence[Ended]) -> tuple[Sight, ...]:
    """What is known of these conversations; one that was deleted since is left out."""
    ids = [one.conversation for one in ended]
    judged = await evaluations.latest_by_card(session, ids)
    unsure = await _unsure_words(session, ids)
    answers = await surveys.of_conversations(session, ids)
    return tuple(
        Sight(
            one,
            judged[one.conversation],
            unsure.get(one.conversation),
            answers.get(one.conversation, ()),
        )
        for one in ended
        if one.conversation in judged
    )


async def first_seen(session: AsyncSession) -> dict[str, datetime]:
    """By agent, when their first conversation ended; the bot and who is unknown have none.

    The draws remember it when the conversation itself has been deleted.
    """
    first = await session.execute(
        select(EvaluationRow.agent_key, func.min(ended_at()))
        .join(ConversationRow, ConversationRow.id == EvaluationRow.conversation_id)
        .group_by(EvaluationRow.agent_key)
    )
    drawn = await session.execute(
        select(DrawPeriodRow.agent_key, func.min(DrawPeriodRow.starts_at)).group_by(
            DrawPeriodRow.agent_key
        )
    )
    people = await agents.people(session)
    found: dict[str, datetime] = {}
    for key, at in [*first.all(), *drawn.all()]:
        if key is None or at is None or key in (agents.BOT, agents.UNKNOWN):
            continue
        person = agents.person(people, key)
        found[person] = min(found.get(person, at), at)
    return found


async def taken(session: AsyncSession, begins: datetime) -> Counter[tuple[str, datetime, Risk]]:
    """How many each risk has drawn, by agent, end of the conversation and risk, since `begins`."""
    rows = await session.scalars(
        select(DrawRow).where(DrawRow.way == Way.RISK.value, DrawRow.ended_at >= begins)
    )
    return Counter((row.agent_key, row.ended_at, Risk(risk)) for row in rows for risk in row.risks)


async def add(session: AsyncSession, drawn: Iterable[Drawn]) -> int:
    """Put conversations into the queue, each by each way at most once; how many are new."""
    many = list(drawn)
    known = await session.execute(
        select(DrawRow.conversation_id, DrawRow.way).where(
            DrawRow.conversation_id.in_([one.conversation for one in many])
        )
    )
    there = {(conversation, way) for conversation, way in known.all()}
    new = [one for one in many if (one.conversation, one.way.value) not in there]
    session.add_all(
        DrawRow(
            id=one.id,
            conversation_id=one.conversation,
            agent_key=one.agent,
            way=one.way.value,
            scorecard=one.scorecard,
            probability=one.probability,
            risks=[risk.value for risk in one.risks],
            ended_at=one.ended_at,
            drawn_at=one.drawn_at,
        )
        for one in new
    )
    await session.flush()
    return len(new)


async def made(session: AsyncSession, begins: datetime) -> frozenset[str]:
    """The agents for whom the uniform draw of the period that began then has been made."""
    return frozenset(
        await session.scalars(
            select(DrawPeriodRow.agent_key).where(DrawPeriodRow.starts_at == begins)
        )
    )


async def last_made(session: AsyncSession) -> datetime | None:
    """When the latest period of which a uniform draw was made began; None before the first."""
    return await session.scalar(select(func.max(DrawPeriodRow.starts_at)))


async def note_made(
    session: AsyncSession,
    agent: str,
    period: tuple[datetime, datetime],
    *,
    conversations: int,
    drawn: int,
    seed: str,
    now: datetime,
) -> None:
    """Keep that the uniform draw of an agent and period was made, so that it is made once."""
    session.add(
        DrawPeriodRow(
            agent_key=agent,
            starts_at=period[0],
            ends_at=period[1],
            conversations=conversations,
            drawn=drawn,
            seed=seed,
            made_at=now,
        )
    )
    await session.flush()


async def skip(
    session: AsyncSession, draw_id: str, actor: Actor, *, reason: str, now: datetime
) -> Drawn:
    """Leave a drawn conversation out, with a reason; audited. Its place in the draw is kept.

    Raises:
        NotFound: nothing with this id was drawn.
        Conflict: it was skipped already.
        BadInput: no reason.
    """
    if not reason.strip():
        raise BadInput("Say in a few words why it is left out.")
    row = await _get_row(session, draw_id)
    if row.skipped_at is not None:
        raise Conflict("This conversation was skipped already.")
    row.skipped_at, row.skipped_by, row.skip_reason = now, actor.id, reason.strip()
    await audit.record(session, actor=actor.id, action="draw.skipped", subject=draw_id, now=now)
    return drawn_of(row)


async def unskip(session: AsyncSession, draw_id: str, actor: Actor, *, now: datetime) -> Drawn:
    """Put it back into the queue; audited.

    Raises:
        NotFound: nothing with this id was drawn.
        Conflict: it was not skipped.
    """
    row = await _get_row(session, draw_id)
    if row.skipped_at is None:
        raise Conflict("This conversation is in the queue.")
    row.skipped_at = row.skipped_by = row.skip_reason = None
    await audit.record(session, actor=actor.id, action="draw.unskipped", subject=draw_id, now=now)
    return drawn_of(row)


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[Drawn, ...]:
    """By which ways a conversation was drawn."""
    rows = await session.scalars(
        select(DrawRow).where(DrawRow.conversation_id == conversation_id).order_by(DrawRow.way)
    )
    return tuple(drawn_of(row) for row in rows)


async def _ended(session: AsyncSession, where: ColumnElement[bool]) -> list[Ended]:
    """The conversations that `where` finds and that questions were asked of, as they ended."""
    rows = await session.execute(
        select(ConversationRow.id, ended_at(), EvaluationRow.agent_key, EvaluationRow.scorecard)
        .join(EvaluationRow, EvaluationRow.conversation_id == ConversationRow.id)
        .where(where, EvaluationRow.not_scored.is_(None), evaluations.counts())
        .order_by(ended_at(), ConversationRow.id, EvaluationRow.made_at)
    )
    people = await agents.people(session)
    newest = {row[0]: row for row in rows.all()}  # the last of several evaluations
    return [
        Ended(conversation, agents.person(people, key or agents.UNKNOWN), at, scorecard)
        for conversation, at, key, scorecard in newest.values()
    ]


async def _unsure_words(session: AsyncSession, ids: Sequence[str]) -> dict[str, float]:
    """Of calls, the share of words that the recogniser was not sure of, where it says so."""
    rows = await session.execute(
        select(RecordingRow.conversation_id, RecordingRow.quality).where(
            RecordingRow.conversation_id.in_(ids)
        )
    )
    shares = {conversation: _share(quality) for conversation, quality in rows.all()}
    return {one: share for one, share in shares.items() if one and share is not None}


def _share(quality: Mapping[str, Any]) -> float | None:
    channels: Sequence[Mapping[str, Any]] = quality.get("channels", [])
    told = [each for each in channels if each.get("unsure_words") is not None]
    words = sum(each.get("words", 0) for each in told)
    return sum(each["unsure_words"] for each in told) / words if words else None


async def _get_row(session: AsyncSession, draw_id: str) -> DrawRow:
    row = await session.get(DrawRow, draw_id, with_for_update=True)
    if row is None:
        raise NotFound("Nothing with this id was drawn.")
    return row
