"""What a calibration session needs before it begins: people, conversations, time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calibration import Picked
from core.errors import BadInput, Conflict
from core.people import User
from store import agents, users
from store.calibration_tables import CalibrationItemRow, CalibrationSessionRow
from store.tables import EvaluationRow

MOST_ITEMS = 200  # conversations of one session: days of work for one person
LONGEST_TITLE = 100  # characters


def check(
    title: str,
    picked: Mapping[str, Picked],
    people: Sequence[str],
    due_at: datetime,
    now: datetime,
) -> None:
    """Raise BadInput for what a session cannot be without."""
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise BadInput(f"Give the session a title of at most {LONGEST_TITLE} characters.")
    if not people:
        raise BadInput("Choose at least one person; two or more can be compared with each other.")
    if not picked:
        raise BadInput("Choose at least one conversation.")
    if len(picked) > MOST_ITEMS:
        raise BadInput(f"{len(picked)} conversations are too many; {MOST_ITEMS} are the most.")
    if due_at <= now:
        raise BadInput("The due date has passed; choose a later one.")


async def invited(session: AsyncSession, people: Sequence[str]) -> list[User]:
    """Who scores.

    Raises:
        BadInput: somebody may not, or does not work here.
    """
    known = {user.id: user for user in await users.everyone(session)}
    for user_id in people:
        user = known.get(user_id)
        if user is None or not user.is_active or not user.may_see_all:
            name = user.name if user else "Somebody invited"
            raise BadInput(f"{name} cannot score: only supervisors and owners who work here can.")
    return [known[user_id] for user_id in people]


async def check_not_own(
    session: AsyncSession, scoring: Sequence[User], picked: Mapping[str, Picked]
) -> None:
    """Raise BadInput where somebody would score a conversation in which they served."""
    own = {key: user for user in scoring for key in await agents.keys_of(session, user)}
    rows = await session.execute(
        select(EvaluationRow.conversation_id, EvaluationRow.agent_key)
        .where(EvaluationRow.conversation_id.in_(list(picked)))
        .where(EvaluationRow.agent_key.in_(list(own)))
    )
    for conversation, key in rows:
        raise BadInput(
            f"{own[key or ''].name} served in conversation {conversation}, and nobody scores their "
            "own work; leave one of them out."
        )


async def check_free(session: AsyncSession, picked: Mapping[str, Picked]) -> None:
    """Raise Conflict where a conversation is in a session that is still open."""
    rows = await session.execute(
        select(CalibrationItemRow.conversation_id, CalibrationSessionRow.title)
        .join(CalibrationSessionRow, CalibrationSessionRow.id == CalibrationItemRow.session_id)
        .where(CalibrationSessionRow.closed_at.is_(None))
        .where(CalibrationItemRow.conversation_id.in_(list(picked)))
    )
    for conversation, title in rows:
        raise Conflict(f"Conversation {conversation} is in the session “{title}”, still open.")
