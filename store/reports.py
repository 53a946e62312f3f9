"""What reports count, row by row as the database gives it: streamed, so that memory stays flat.

Rows of a window come in the order of their conversations. Nothing a person said is read.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.conversation import Channel
from core.draw import Way
from core.evaluation import Source
from core.judged import Answered, Answers, Blindly, Contested, Judged, Surveyed, Version, Wanted
from core.packed import NO_ANSWERS
from core.people import User
from core.review import MACHINE, Outcome, ReviewState
from core.survey import SurveyKind
from store import agents
from store.calibration_tables import DoubleScoreRow
from store.review_tables import DisputeRow, DrawRow, ReviewRow
from store.tables import (
    ConversationRow,
    EvaluationRow,
    SurveyInvitationRow,
    SurveyResponseRow,
)

AT_ONCE = 1000  # rows fetched at a time: some hundred kilobytes
Columns = ColumnElement[Any]
# The evaluation that a review stands on; the machine may have judged once more since.
_STOOD_ON = aliased(EvaluationRow)


async def judged(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Judged]:
    """Each conversation that was judged, with the answers that `wanted` asks for.

    Where the machine judged it twice by one version, the newer one counts.
    """
    people = await agents.people(session)
    async for row in _stream(session, _judged(wanted)):
        yield _judged_of(row, people)


async def surveyed(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Surveyed]:
    """Each conversation that has a score and an answer to the question of satisfaction.

    Who answered twice counts with the newer answer.
    """
    found = (
        _judged(wanted)
        .add_columns(SurveyResponseRow.score.label("csat"))
        .join(SurveyInvitationRow, SurveyInvitationRow.conversation_id == ConversationRow.id)
        .join(SurveyResponseRow, SurveyResponseRow.invitation_id == SurveyInvitationRow.id)
        .where(SurveyResponseRow.kind == SurveyKind.CSAT.value)
        .where(SurveyResponseRow.score.is_not(None))
        .order_by(SurveyResponseRow.answered_at, SurveyResponseRow.id)
    )
    async for row in _stream(session, found):
        if row.score is not None:
            yield Surveyed(row.conversation, row.at, row.score, row.csat)


async def contested(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Contested]:
    """Each answer that was disputed between `start` and `end`, and what was decided."""
    people = await agents.people(session)
    rows = await session.stream(
        select(
            ReviewRow.conversation_id, DisputeRow.at, ReviewRow.agent_key, ConversationRow.queue,
            DisputeRow.question, ReviewRow.submitted_by, DisputeRow.outcome,
        )
        .join(ReviewRow, ReviewRow.id == DisputeRow.review_id)
        .join(ConversationRow, ConversationRow.id == ReviewRow.conversation_id)
        .where(DisputeRow.at >= wanted.start, DisputeRow.at < wanted.end)
        .where(*of_form(wanted, ReviewRow), *of_conversation(wanted, ReviewRow.agent_key))
        .order_by(DisputeRow.at, DisputeRow.id)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    async for conversation, at, key, queue, question, evaluator, outcome in rows:
        yield Contested(
            conversation=conversation,
            at=at,
            agent=_person(people, key),
            queue=queue,
            question=question,
            evaluator=evaluator or MACHINE,
            overturned=None if outcome is None else outcome == Outcome.OVERTURNED.value,
        )


async def answered(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Answered]:
    """Each review that a person submitted between `start` and `end`, beside the machine's answers.

    What came out of a dispute counts: it is what stands under the person's name.
    """
    rows = await session.stream(
        select(
            ReviewRow.conversation_id, ReviewRow.submitted_at, ReviewRow.submitted_by,
            EvaluationRow.answers, func.coalesce(ReviewRow.answers, EvaluationRow.answers),
        )
        .join(EvaluationRow, EvaluationRow.id == ReviewRow.evaluation_id)
        .join(ConversationRow, ConversationRow.id == ReviewRow.conversation_id)
        .where(_by_person(), ReviewRow.submitted_at.is_not(None))
        .where(ReviewRow.submitted_at >= wanted.start, ReviewRow.submitted_at < wanted.end)
        .where(*of_form(wanted, ReviewRow), *of_conversation(wanted, ReviewRow.agent_key))
        .order_by(ReviewRow.submitted_at, ReviewRow.id)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    async for conversation, at, evaluator, machine, person in rows:
        if at is not None and evaluator is not None:  # the statement asks for both
            yield Answered(conversation, at, evaluator, machine, person)


async def blindly(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Blindly]:
    """Each blind answer that was submitted between `start` and `end`, conversation by conversation.

    Answers outlive their conversation; where `wanted` has a channel, a queue or agents, only those
    count whose conversation is still there.
    """
    limits: list[Columns] = [DoubleScoreRow.unit.not_in(sorted(wanted.without))]
    if narrows := of_conversation(replace(wanted, without=frozenset()), EvaluationRow.agent_key):
        known = select(ConversationRow.id).join(
            EvaluationRow, EvaluationRow.conversation_id == ConversationRow.id
        )
        limits.append(DoubleScoreRow.unit.in_(known.where(*narrows)))
    rows = await session.stream(
        select(DoubleScoreRow)
        .where(DoubleScoreRow.scorecard == wanted.scorecard)
        .where(DoubleScoreRow.version == wanted.version)
        .where(DoubleScoreRow.at >= wanted.start, DoubleScoreRow.at < wanted.end, *limits)
        .order_by(DoubleScoreRow.unit, DoubleScoreRow.question, DoubleScoreRow.id)
        .execution_options(yield_per=AT_ONCE)
    )
    async for row in rows.scalars():
        yield Blindly(row.unit, row.at, row.user_id, row.question, row.machine, row.person)


async def versions(session: AsyncSession, *, start: datetime, end: datetime) -> tuple[Version, ...]:
    """Every scorecard and version by which the machine judged conversations of these days."""
    rows = await session.execute(
        select(
            EvaluationRow.scorecard,
            EvaluationRow.version,
            func.count(EvaluationRow.conversation_id.distinct()),
        )
        .join(ConversationRow, ConversationRow.id == EvaluationRow.conversation_id)
        .where(ConversationRow.listed_at >= start, ConversationRow.listed_at < end)
        .where(EvaluationRow.source == Source.MACHINE.value)
        .group_by(EvaluationRow.scorecard, EvaluationRow.version)
        .order_by(EvaluationRow.scorecard, EvaluationRow.version.desc())
    )
    return tuple(Version(name, version, count) for name, version, count in rows.all())


async def queues(session: AsyncSession) -> tuple[str, ...]:
    """The names of all queues that conversations waited in, in order."""
    rows = await session.scalars(
        select(ConversationRow.queue)
        .where(ConversationRow.queue.is_not(None))
        .distinct()
        .order_by(ConversationRow.queue)
    )
    return tuple(queue for queue in rows if queue)


async def drawn(session: AsyncSession, wanted: Wanted) -> tuple[int, int]:
    """How many conversations of the window the uniform draw drew, and how many it still waits for.

    A person has neither submitted nor skipped the latter.
    """
    submitted = exists().where(
        ReviewRow.conversation_id == DrawRow.conversation_id,
        *of_form(wanted, ReviewRow),
        _by_person(),
    )
    waits = case((or_(submitted, DrawRow.skipped_at.is_not(None)), 0), else_=1)
    row = (
        await session.execute(
            select(func.count(), func.coalesce(func.sum(waits), 0))
            .select_from(DrawRow)
            .join(ConversationRow, ConversationRow.id == DrawRow.conversation_id)
            .where(DrawRow.way == Way.UNIFORM.value)
            .where(*_in_window(wanted), *of_conversation(wanted, DrawRow.agent_key))
        )
    ).one()
    return row[0], row[1]


def matching(wanted: Wanted, *more: Columns) -> Select[str]:
    """The ids of the conversations that `judged` gives and that meet `more`; for the list."""
    found = _judged(wanted, *more).with_only_columns(ConversationRow.id)
    return found.order_by(None)


async def counted(
    session: AsyncSession, wanted: Wanted, conversations: Collection[str]
) -> dict[str, Judged]:
    """Some conversations as `judged` counts them, by their ids."""
    found = _judged(wanted, ConversationRow.id.in_(conversations))
    people = await agents.people(session)
    return {row.conversation: _judged_of(row, people) for row in await session.execute(found)}


def standing_answers(wanted: Wanted) -> Columns:
    """The packed answers that `wanted` counts, for a condition on them."""
    if wanted.answers is Answers.MACHINE:
        return EvaluationRow.answers.expression
    return func.coalesce(ReviewRow.answers, _STOOD_ON.answers, EvaluationRow.answers)


def standing_failed(wanted: Wanted) -> Columns:
    """Whether the conversation failed, as `wanted` counts it."""
    if wanted.answers is Answers.MACHINE:
        return EvaluationRow.failed.expression
    return case((ReviewRow.id.is_not(None), ReviewRow.failed), else_=EvaluationRow.failed)


def standing_score(wanted: Wanted) -> Columns:
    """The score that `wanted` counts; NULL where nothing applied."""
    if wanted.answers is Answers.MACHINE:
        return EvaluationRow.score.expression
    return case((ReviewRow.id.is_not(None), ReviewRow.score), else_=EvaluationRow.score)


def _judged(wanted: Wanted, *more: Columns) -> Select[*tuple[Any, ...]]:
    """The machine's newest evaluation of each conversation, and people's review where it counts."""
    found: Select[*tuple[Any, ...]] = (
        select(
            ConversationRow.id.label("conversation"),
            ConversationRow.listed_at.label("at"),
            EvaluationRow.agent_key,
            ConversationRow.queue,
            standing_score(wanted).label("score"),
            standing_failed(wanted).label("failed"),
            standing_answers(wanted).label("answers"),
            _chance(wanted).label("chance"),
        )
        .select_from(ConversationRow)
        .join(EvaluationRow, EvaluationRow.conversation_id == ConversationRow.id)
        .where(EvaluationRow.source == Source.MACHINE.value, ~_has_newer(wanted))
        .where(*of_form(wanted, EvaluationRow), *_in_window(wanted))
        .where(*of_conversation(wanted, EvaluationRow.agent_key), *more)
        .order_by(ConversationRow.id)
    )
    if wanted.answers is Answers.MACHINE:
        return found
    stands = and_(
        ReviewRow.conversation_id == ConversationRow.id,
        *of_form(wanted, ReviewRow),
        ReviewRow.state != ReviewState.DRAFT.value,
    )
    on = _STOOD_ON.id == ReviewRow.evaluation_id
    if wanted.answers is Answers.CORRECTED:
        return found.outerjoin(ReviewRow, stands).outerjoin(_STOOD_ON, on)
    uniform = and_(
        DrawRow.conversation_id == ConversationRow.id,
        DrawRow.way == Way.UNIFORM.value,
        DrawRow.skipped_at.is_(None),
    )
    reviewed = found.join(ReviewRow, and_(stands, _by_person())).outerjoin(_STOOD_ON, on)
    return reviewed.join(DrawRow, uniform)


def _chance(wanted: Wanted) -> Columns:
    return DrawRow.probability.expression if wanted.answers is Answers.REVIEWED else literal(1.0)


def _has_newer(wanted: Wanted) -> Columns:
    """The machine judged the conversation once more by the same version."""
    newer = aliased(EvaluationRow)
    return exists().where(
        newer.conversation_id == EvaluationRow.conversation_id,
        newer.scorecard == wanted.scorecard,
        newer.version == wanted.version,
        newer.source == Source.MACHINE.value,
        or_(
            newer.made_at > EvaluationRow.made_at,
            and_(newer.made_at == EvaluationRow.made_at, newer.id > EvaluationRow.id),
        ),
    )


def of_form(wanted: Wanted, table: type[EvaluationRow | ReviewRow]) -> tuple[Columns, ...]:
    """It is by the wanted version of the wanted scorecard."""
    return table.scorecard == wanted.scorecard, table.version == wanted.version


def _in_window(wanted: Wanted) -> tuple[Columns, ...]:
    return ConversationRow.listed_at >= wanted.start, ConversationRow.listed_at < wanted.end


def of_conversation(wanted: Wanted, agent_key: Any) -> list[Columns]:
    """It came by the wanted channel and queue, and one of the wanted agents served."""
    limits: list[Columns] = []
    if wanted.channel is not None:
        limits.append(ConversationRow.channel == Channel(wanted.channel).value)
    if wanted.queue is not None:
        is_it = ConversationRow.queue == wanted.queue
        limits.append(is_it if wanted.queue else or_(is_it, ConversationRow.queue.is_(None)))
    if wanted.agents is not None:
        is_one = agent_key.in_(sorted(wanted.agents))
        is_unknown = (
            agents.UNKNOWN in wanted.agents
        )  # nobody has looked yet whose it is, or in vain
        limits.append(or_(is_one, agent_key.is_(None)) if is_unknown else is_one)
    if wanted.without:
        limits.append(ConversationRow.id.not_in(sorted(wanted.without)))
    return limits


def _by_person() -> Columns:
    """A person, not the gate, has submitted it."""
    return and_(ReviewRow.submitted_by.is_not(None), ReviewRow.submitted_by != MACHINE)


def _judged_of(row: Row[*tuple[Any, ...]], people: Mapping[str, User]) -> Judged:
    return Judged(
        conversation=row.conversation,
        at=row.at,
        agent=_person(people, row.agent_key),
        queue=row.queue,
        score=row.score,
        failed=row.failed,
        answers=row.answers or NO_ANSWERS,
        weight=1.0 / row.chance,
    )


def _person(people: Mapping[str, User], key: str | None) -> str:
    return agents.person(people, key or agents.UNKNOWN)


async def _stream(
    session: AsyncSession, statement: Select[*tuple[Any, ...]]
) -> AsyncIterator[Row[*tuple[Any, ...]]]:
    """Rows as they come; of several of one conversation the last."""
    result = await session.stream(statement.execution_options(yield_per=AT_ONCE))
    last: Row[*tuple[Any, ...]] | None = None
    async for rows in result.partitions():  # a step of the event loop for each thousand, not each
        for row in rows:
            if last is not None and last.conversation != row.conversation:
                yield last
            last = row
    if last is not None:
        yield last
