"""Who served a customer, as a key that queries may compare: names are never looked into.

A user's chats are found by their id. Calls come with a name; its keyed hash stands for it, and a
user's calls are those with their name or e-mail address, as long as nobody else is called so.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Role
from core.people import User
from store import users
from store.database import keyed_hash
from store.tables import ConversationRow, EvaluationRow, TurnRow

BOT = "bot"  # nobody but the bot took part
UNKNOWN = "unknown"  # a person did, and nobody said who
USER, NAME = "user:", "name:"
AT_ONCE = 500  # evaluations of before that get their key in one go


async def key_of(session: AsyncSession, conversation_id: str) -> str:
    """The key of who served; of several people the one who wrote most, and the last of two."""
    rows = await session.execute(
        select(TurnRow.agent_id)
        .where(TurnRow.conversation_id == conversation_id, TurnRow.role == Role.AGENT.value)
        .group_by(TurnRow.agent_id)
        .order_by(func.count().desc(), func.max(TurnRow.position).desc())
    )
    agents = list(rows.scalars())
    known = [agent for agent in agents if agent]
    if known:
        return f"{USER}{known[0]}"
    conversation = await session.get(ConversationRow, conversation_id)
    if conversation is not None and conversation.agent and conversation.agent.strip():
        return name_key(session, conversation.agent)
    return UNKNOWN if agents or not await _has_bot(session, conversation_id) else BOT


def name_key(session: AsyncSession, name: str) -> str:
    """The key of a name, however it is spaced or capitalised."""
    return f"{NAME}{keyed_hash(session, f'agent:{_plain(name)}')}"


async def keys_of(session: AsyncSession, user: User) -> frozenset[str]:
    """Every key under which this user's evaluations are kept."""
    people = await users.everyone(session)
    return frozenset(key for key, one in _people(session, people).items() if one.id == user.id)


async def people(session: AsyncSession) -> Mapping[str, User]:
    """The users by each of their keys; a name that two of them have is nobody's."""
    return _people(session, await users.everyone(session))


def person(people: Mapping[str, User], key: str) -> str:
    """One key for all that a person does: the user's, or the key itself where nobody has it."""
    user = people.get(key)
    return f"{USER}{user.id}" if user else key


async def names_of(session: AsyncSession, keys: Collection[str]) -> dict[str, str]:
    """What people call the one behind each key: a user, the name a call came with, or the bot."""
    known = await people(session)
    names = {BOT: "The bot", UNKNOWN: "Nobody named"}
    names |= {key: known[key].name for key in keys if key in known}
    rows = await session.execute(
        select(EvaluationRow.agent_key, func.max(EvaluationRow.conversation_id))
        .where(EvaluationRow.agent_key.in_([key for key in keys if key not in names]))
        .group_by(EvaluationRow.agent_key)
    )
    for key, conversation_id in rows.all():
        conversation = await session.get(ConversationRow, conversation_id)
        if key and conversation is not None and conversation.agent:
            names[key] = conversation.agent
    return {key: names.get(key, "Somebody who is gone") for key in keys}


async def fill(session: AsyncSession) -> int:
    """Give evaluations that were stored without a key theirs; how many got one."""
    rows = list(
        await session.scalars(
            select(EvaluationRow)
            .where(EvaluationRow.agent_key.is_(None))
            .order_by(EvaluationRow.id)
            .limit(AT_ONCE)
        )
    )
    for row in rows:
        row.agent_key = await key_of(session, row.conversation_id)
    await session.flush()
    return len(rows)


def _people(session: AsyncSession, everyone: Iterable[User]) -> dict[str, User]:
    found: dict[str, User] = {}
    several: set[str] = set()
    for user in everyone:
        found[f"{USER}{user.id}"] = user
        for key in {name_key(session, user.name), name_key(session, user.email)}:
            if key in found:
                several.add(key)
            found[key] = user
    return {key: user for key, user in found.items() if key not in several}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


async def _has_bot(session: AsyncSession, conversation_id: str) -> bool:
    found = select(TurnRow.id).where(
        TurnRow.conversation_id == conversation_id, TurnRow.role == Role.BOT.value
    )
    return bool(await session.scalar(select(found.exists())))
