"""Alerts: raised once for each thing they cite, given to a supervisor, taken and closed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.alert import Alert, AlertKind, Citation, Cited
from core.errors import BadInput, NotFound, Overtaken
from core.people import User, UserRole
from store import audit, users
from store.tables import AlertRow, TurnRow

SHOWN_CLOSED = 50  # closed alerts on a page: some weeks of a small team


async def raise_alert(
    session: AsyncSession, alert: Alert, *, besides: Collection[str] = ()
) -> bool:
    """Store an alert; False when there is one for what it cites.

    Without an owner it gets one, `besides` the users to whom it must not fall.
    """
    known = await session.scalar(
        select(AlertRow.id)
        .where(AlertRow.cites == alert.cites.of.value)
        .where(AlertRow.cited_id == alert.cites.id)
    )
    if known is not None:
        return False
    session.add(
        AlertRow(
            id=alert.id,
            conversation_id=alert.conversation,
            kind=alert.kind.value,
            cites=alert.cites.of.value,
            cited_id=alert.cites.id,
            turn_id=alert.cites.turn,
            raised_at=alert.raised_at,
            due_at=alert.due_at,
            owner_id=alert.owner or await next_owner(session, besides=besides),
        )
    )
    await session.flush()
    return True


async def next_owner(session: AsyncSession, *, besides: Collection[str] = ()) -> str | None:
    """The active supervisor, else owner, with the fewest open alerts; None when there is neither.

    Of two with as many it is the one who has been here longer.
    """
    everyone = [
        user for user in await users.everyone(session) if user.is_active and user.id not in besides
    ]
    for role in (UserRole.SUPERVISOR, UserRole.OWNER):
        found = [user for user in everyone if role in user.roles]
        if found:
            return await _least_busy(session, found)
    return None


async def get(session: AsyncSession, alert_id: str) -> Alert:
    """One alert.

    Raises:
        NotFound: there is none with this id.
    """
    return _alert_of(await _get_row(session, alert_id))


async def open_alerts(session: AsyncSession) -> tuple[Alert, ...]:
    """All that somebody still has to see to, the most urgent first."""
    rows = await session.scalars(
        select(AlertRow).where(AlertRow.closed_at.is_(None)).order_by(AlertRow.due_at, AlertRow.id)
    )
    return tuple(map(_alert_of, rows))


async def closed_alerts(session: AsyncSession, *, limit: int = SHOWN_CLOSED) -> tuple[Alert, ...]:
    """The latest that were closed, newest first."""
    rows = await session.scalars(
        select(AlertRow)
        .where(AlertRow.closed_at.is_not(None))
        .order_by(AlertRow.closed_at.desc(), AlertRow.id.desc())
        .limit(limit)
    )
    return tuple(map(_alert_of, rows))


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[Alert, ...]:
    """What was raised about a conversation, oldest first."""
    rows = await session.scalars(
        select(AlertRow)
        .where(AlertRow.conversation_id == conversation_id)
        .order_by(AlertRow.raised_at, AlertRow.id)
    )
    return tuple(map(_alert_of, rows))


async def places(session: AsyncSession, found: Sequence[Alert]) -> dict[str, int]:
    """Alert id → place of the turn it cites, counted from 0; one without a turn is left out."""
    rows = await session.execute(
        select(AlertRow.id, TurnRow.position)
        .join(TurnRow, TurnRow.conversation_id == AlertRow.conversation_id)
        .where(TurnRow.id == AlertRow.turn_id)
        .where(AlertRow.id.in_([alert.id for alert in found]))
    )
    return dict(rows.all())


async def count_open(session: AsyncSession) -> int:
    """How many somebody still has to see to."""
    found = await session.scalar(
        select(func.count()).select_from(AlertRow).where(AlertRow.closed_at.is_(None))
    )
    return found or 0


async def take(session: AsyncSession, alert_id: str, user: User, *, now: datetime) -> Alert:
    """The user sees to it from now on; audited, but for who has taken it already.

    Raises:
        NotFound: there is no such alert.
        Conflict: it is closed.
    """
    row = await _get_open(session, alert_id)
    if row.taken_at is not None and row.owner_id == user.id:
        return _alert_of(row)
    row.owner_id, row.taken_at = user.id, now
    await audit.record(session, actor=user.id, action="alert.taken", subject=alert_id, now=now)
    return _alert_of(row)


async def close(
    session: AsyncSession, alert_id: str, user: User, *, note: str, now: datetime
) -> Alert:
    """It is seen to; the note says how. Audited.

    Raises:
        NotFound: there is no such alert.
        Conflict: it is closed already.
        BadInput: the note is empty.
    """
    if not note.strip():
        raise BadInput("Say in a few words what was done about it.")
    row = await _get_open(session, alert_id)
    row.closed_at, row.closed_by, row.note = now, user.id, note.strip()
    row.owner_id = row.owner_id or user.id
    await audit.record(session, actor=user.id, action="alert.closed", subject=alert_id, now=now)
    return _alert_of(row)


async def settle(
    session: AsyncSession, of: Cited, ids: Collection[str], *, by: str, note: str, now: datetime
) -> int:
    """What these alerts cite has been seen to elsewhere: close those still open; how many."""
    rows = list(
        await session.scalars(
            select(AlertRow)
            .where(AlertRow.cites == of.value, AlertRow.cited_id.in_(ids))
            .where(AlertRow.closed_at.is_(None))
            .order_by(AlertRow.id)
            .with_for_update()
        )
    )
    for row in rows:
        row.closed_at, row.closed_by, row.note = now, by, note
        row.owner_id = row.owner_id or by
        await audit.record(session, actor=by, action="alert.closed", subject=row.id, now=now)
    return len(rows)


async def _least_busy(session: AsyncSession, found: Sequence[User]) -> str:
    rows = await session.execute(
        select(AlertRow.owner_id, func.count())
        .where(AlertRow.closed_at.is_(None))
        .group_by(AlertRow.owner_id)
    )
    busy = dict(rows.all())
    return min(found, key=lambda user: (busy.get(user.id, 0), user.id)).id


async def _get_open(session: AsyncSession, alert_id: str) -> AlertRow:
    row = await _get_row(session, alert_id)
    if row.closed_at is not None:
        raise Overtaken("This alert was closed by somebody already.")
    return row


async def _get_row(session: AsyncSession, alert_id: str) -> AlertRow:
    row = await session.get(AlertRow, alert_id, with_for_update=True)
    if row is None:
        raise NotFound(f"no alert {alert_id}")
    return row


def _alert_of(row: AlertRow) -> Alert:
    return Alert(
        id=row.id,
        conversation=row.conversation_id,
        kind=AlertKind(row.kind),
        cites=Citation(Cited(row.cites), row.cited_id, row.turn_id),
        raised_at=row.raised_at,
        due_at=row.due_at,
        owner=row.owner_id,
        taken_at=row.taken_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        note=row.note,
    )
