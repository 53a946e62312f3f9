"""Calibration sessions: made, read, listed, and dropped while they are still empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calibration import AskedQuestion, CalibrationSession, Item, Picked
from core.conversation import Channel
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Evaluation, Source
from core.ids import new_id
from store import audit, evaluations
from store.calibration_checks import check, check_free, check_not_own, invited
from store.calibration_mapping import item_of, item_row, session_of, session_row
from store.calibration_tables import (
    CalibrationItemRow,
    CalibrationPersonRow,
    CalibrationSessionRow,
    CalibrationSheetRow,
)
from store.tables import ConversationRow, EvaluationRow


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session has come: conversations submitted by each person, never what they said."""

    id: str
    title: str
    scorecard: str
    version: int
    made_at: datetime
    due_at: datetime
    closed_at: datetime | None
    conversations: int
    submitted: Mapping[str, int]

    @property
    def done(self) -> int:
        """Conversations submitted, over everybody."""
        return sum(self.submitted.values())

    @property
    def wanted(self) -> int:
        """Conversations to submit, over everybody."""
        return self.conversations * len(self.submitted)


async def make(
    session: AsyncSession,
    *,
    title: str,
    scorecard: str,
    version: int,
    questions: Sequence[AskedQuestion],
    picked: Mapping[str, Picked],
    people: Sequence[str],
    due_at: datetime,
    by: str,
    now: datetime,
) -> CalibrationSession:
    """Begin a session; the machine's answers are kept with it as they are now. Audited.

    Raises:
        BadInput: it has no title, people, conversations or future; a conversation is not scored by
            this version; somebody invited may not score.
        Conflict: a conversation is in another session that is still open.
    """
    check(title, picked, people, due_at, now)
    scoring = await invited(session, people)
    await check_free(session, picked)
    items = await _items(session, picked, scorecard, version)
    await check_not_own(session, scoring, picked)
    made = CalibrationSession(
        id=new_id(),
        title=title.strip(),
        scorecard=scorecard,
        version=version,
        questions=tuple(questions),
        items=items,
        people=tuple(dict.fromkeys(people)),
        made_by=by,
        made_at=now,
        due_at=due_at,
    )
    session.add(session_row(made))
    await session.flush()
    session.add_all(item_row(made.id, place, item) for place, item in enumerate(made.items))
    session.add_all(CalibrationPersonRow(session_id=made.id, user_id=user) for user in made.people)
    await session.flush()
    await audit.record(session, actor=by, action="calibration.made", subject=made.id, now=now)
    return made


async def get(session: AsyncSession, session_id: str) -> CalibrationSession:
    """A session with its conversations and people.

    Raises:
        NotFound: there is none with this id.
    """
    row = await get_row(session, session_id)
    people = await session.scalars(
        select(CalibrationPersonRow.user_id)
        .where(CalibrationPersonRow.session_id == session_id)
        .order_by(CalibrationPersonRow.user_id)
    )
    items = await session.scalars(
        select(CalibrationItemRow)
        .where(CalibrationItemRow.session_id == session_id)
        .order_by(CalibrationItemRow.position)
    )
    return session_of(row, tuple(people), tuple(item_of(item) for item in items))


async def get_row(
    session: AsyncSession, session_id: str, *, locked: bool = False
) -> CalibrationSessionRow:
    """The session's own row; `locked` keeps two people from ending it at once.

    Raises:
        NotFound: there is none with this id.
    """
    row = await session.get(
        CalibrationSessionRow, session_id, with_for_update=locked or None, populate_existing=True
    )
    if row is None:
        raise NotFound(f"no calibration session {session_id}")
    return row


async def every(session: AsyncSession) -> tuple[Progress, ...]:
    """All sessions: the open ones by due date, then those that are over, latest first."""
    rows = list(await session.scalars(select(CalibrationSessionRow)))
    sizes = await _sizes(session)
    submitted = await _submitted(session)
    found = [
        Progress(
            id=row.id,
            title=row.title,
            scorecard=row.scorecard,
            version=row.version,
            made_at=row.made_at,
            due_at=row.due_at,
            closed_at=row.closed_at,
            conversations=sizes.get(row.id, 0),
            submitted=submitted.get(row.id, {}),
        )
        for row in rows
    ]
    still = sorted((p for p in found if p.closed_at is None), key=lambda p: (p.due_at, p.id))
    over = sorted((p for p in found if p.closed_at), key=lambda p: (p.closed_at, p.id))
    return (*still, *reversed(over))


async def drop(session: AsyncSession, session_id: str, *, by: str, now: datetime) -> None:
    """Delete a session that was a mistake, while nobody has submitted anything; audited.

    Raises:
        NotFound: there is no such session.
        Conflict: somebody has submitted answers, or it is over.
    """
    row = await get_row(session, session_id, locked=True)
    submitted = await _submitted(session)
    if row.closed_at is not None or any(submitted[session_id].values()):
        raise Conflict("Somebody has submitted answers; close the session instead.")
    await session.execute(
        delete(CalibrationSessionRow).where(CalibrationSessionRow.id == session_id)
    )
    await audit.record(session, actor=by, action="calibration.deleted", subject=session_id, now=now)


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[str, ...]:
    """The sessions that a conversation is in."""
    rows = await session.scalars(
        select(CalibrationItemRow.session_id)
        .where(CalibrationItemRow.conversation_id == conversation_id)
        .order_by(CalibrationItemRow.session_id)
    )
    return tuple(rows)


async def channels_of(session: AsyncSession, found: CalibrationSession) -> dict[str, Channel]:
    """By conversation, the channel it came by: not every question is asked on every one."""
    ids = [item.conversation for item in found.items]
    rows = await session.execute(
        select(ConversationRow.id, ConversationRow.channel).where(ConversationRow.id.in_(ids))
    )
    return {conversation: Channel(channel) for conversation, channel in rows}


async def _items(
    session: AsyncSession, picked: Mapping[str, Picked], scorecard: str, version: int
) -> tuple[Item, ...]:
    """The conversations with the machine's findings by this version."""
    items = []
    for conversation, way in picked.items():
        found = await _machines(session, conversation, scorecard, version)
        if found is None or not found.findings:
            raise BadInput(
                f"Conversation {conversation} is not scored by {scorecard} version {version}. "
                "Score it again on its page first, or leave it out."
            )
        items.append(Item(conversation, way, found.findings))
    return tuple(items)


async def _machines(
    session: AsyncSession, conversation: str, scorecard: str, version: int
) -> Evaluation | None:
    row = await session.scalar(
        select(EvaluationRow)
        .where(EvaluationRow.conversation_id == conversation)
        .where(EvaluationRow.scorecard == scorecard, EvaluationRow.version == version)
        .where(EvaluationRow.source == Source.MACHINE.value)
        .order_by(EvaluationRow.made_at.desc(), EvaluationRow.id.desc())
        .limit(1)
    )
    return None if row is None else evaluations.evaluation_of(row)


async def _sizes(session: AsyncSession) -> dict[str, int]:
    """By session, how many conversations it has."""
    rows = await session.execute(
        select(CalibrationItemRow.session_id, func.count()).group_by(CalibrationItemRow.session_id)
    )
    return dict(rows.all())


async def _submitted(session: AsyncSession) -> dict[str, dict[str, int]]:
    """By session and person, how many conversations are submitted."""
    people = await session.execute(
        select(CalibrationPersonRow.session_id, CalibrationPersonRow.user_id)
    )
    counts: dict[str, dict[str, int]] = {}
    for session_id, user_id in people:
        counts.setdefault(session_id, {})[user_id] = 0
    rows = await session.execute(
        select(CalibrationSheetRow.session_id, CalibrationSheetRow.user_id, func.count())
        .where(CalibrationSheetRow.submitted_at.is_not(None))
        .group_by(CalibrationSheetRow.session_id, CalibrationSheetRow.user_id)
    )
    for session_id, user_id, done in rows:
        counts.setdefault(session_id, {})[user_id] = done
    return counts
