"""Wrong tries at showing that an order is one's own, and the locks that they make.

Three of one person lock for an hour, in whichever of their conversations; ten of anybody at one
order do. Everything here is audited.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from store import audit
from store.columns import table_of
from store.persons import person_of
from store.prepared import often
from store.tables import ConversationRow, WrongTryRow

ACTOR = "bot"
WRONG_TRY, LOCKED = "order.lookup_failed", "identity.locked"

# A wrong number, a wrong postcode and one more; then a stranger would only be guessing.
MAX_WRONG_TRIES = 3
# A new visitor begins to count anew, so an order counts too: three customers who are all wrong
# three times, and one more. At 10 an hour, the 1.7 million postcodes (ONS, 2023) last 19 years.
MAX_WRONG_TRIES_OF_ORDER = 10
LOCK = timedelta(hours=1)  # three wrong tries lock for so long
TRY_LOCK = 7_253_905  # any number, the same in every Parley on one PostgreSQL database
KEPT = timedelta(hours=24)  # wrong tries older than this count nowhere


# Statements that every turn asks are built once: building one costs as much as running it.
_ROWS = table_of(WrongTryRow).c
_CONVERSATION = bindparam("conversation", type_=ConversationRow.id.type)
# Whose wrong tries count together: the person's, or the conversation's without one.
_VISITOR = func.coalesce(person_of(_CONVERSATION), _CONVERSATION)


def _latest(whose: ColumnElement[bool], most: int) -> Select[datetime]:
    """When the latest `most` tries were, of those that can still make a lock."""
    tries = select(_ROWS.at).where(whose, _ROWS.at > bindparam("since", type_=_ROWS.at.type))
    return tries.order_by(_ROWS.at.desc()).limit(most)


_IS_THEIRS = _ROWS.visitor == _VISITOR
_IS_OF_ORDER = _ROWS.order_number == bindparam("order")
_ANY = often(_latest(_IS_THEIRS | _IS_OF_ORDER, 1))
_FORGIVE = often(delete(table_of(WrongTryRow)).where(_IS_THEIRS, _IS_OF_ORDER))
_OF_VISITOR = _latest(_IS_THEIRS, MAX_WRONG_TRIES)
_OF_ORDER = _latest(_IS_OF_ORDER, MAX_WRONG_TRIES_OF_ORDER)


async def record_failure(
    session: AsyncSession, conversation_id: str, order_number: str, *, now: datetime
) -> datetime | None:
    """A wrong postcode, number or code was tried; returns until when this locks, if it does."""
    number = order_number.upper()
    await session.execute(delete(WrongTryRow).where(WrongTryRow.at < now - KEPT))
    visitor = await _visitor(session, conversation_id)
    session.add(WrongTryRow(visitor=visitor, order_number=number, at=now))
    await session.flush()
    await note(session, WRONG_TRY, number, conversation_id, now)
    until = await locked_until(session, conversation_id, number, now=now)
    if until is not None:
        await note(session, LOCKED, number, conversation_id, now)
    return until


async def locked_until(
    session: AsyncSession, conversation_id: str, order_number: str | None = None, *, now: datetime
) -> datetime | None:
    """Until when nothing is checked for this person, or of this order; None when it may be.

    A person is locked for an hour by three wrong tries within an hour, in whichever of their
    conversations; an order by ten of anybody.
    """
    order = "" if order_number is None else order_number.upper()
    asked = {"conversation": conversation_id, "order": order, "since": now - 2 * LOCK}
    if not (await session.execute(_ANY, asked)).first():  # as it is of almost everybody
        return None
    latest = (await session.scalars(_OF_VISITOR, asked)).all()
    ends = [_lock(latest, MAX_WRONG_TRIES, now)]
    if order:
        latest = (await session.scalars(_OF_ORDER, asked)).all()
        ends.append(_lock(latest, MAX_WRONG_TRIES_OF_ORDER, now))
    return max((end for end in ends if end is not None), default=None)


async def forgive(session: AsyncSession, conversation_id: str, order_number: str) -> None:
    """Wrong tries of this person at an order that is theirs were slips."""
    await session.execute(_FORGIVE, {"conversation": conversation_id, "order": order_number})


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Delete wrong tries that count nowhere any more."""
    await session.execute(delete(WrongTryRow).where(WrongTryRow.at < now - KEPT))


async def one_at_a_time(session: AsyncSession) -> None:
    """Let tries wait for each other; SQLite's transactions that write do so by themselves."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRY_LOCK})


def _lock(latest: Sequence[datetime], most: int, now: datetime) -> datetime | None:
    """The end of the lock that the latest `most` tries within an hour make, when it is ahead."""
    if len(latest) < most or latest[0] - latest[-1] >= LOCK:
        return None
    until = latest[0] + LOCK
    return until if until > now else None


async def _visitor(session: AsyncSession, conversation_id: str) -> str:
    found = await session.scalar(select(_VISITOR), {"conversation": conversation_id})
    return found or conversation_id


async def note(
    session: AsyncSession, action: str, subject: str, conversation_id: str, now: datetime
) -> None:
    """Audit what was shown, tried or sent in a conversation, in the bot's name."""
    await audit.record(
        session, actor=ACTOR, action=action, subject=subject, now=now, detail=conversation_id
    )
