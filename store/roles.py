"""Whose voice is whose, as a person says it; the recording keeps it for when it is heard anew."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Event, EventKind, Role
from core.errors import BadInput, NotFound
from core.recording import ChannelLayout
from store.mapping import event_row
from store.tables import ConversationRow, RecordingRow, TurnRow

AGENTS_CHANNEL = {
    "channel 1": ChannelLayout.AGENT_CUSTOMER.value,
    "channel 2": ChannelLayout.CUSTOMER_AGENT.value,
}
SWAPPED = {
    ChannelLayout.AGENT_CUSTOMER.value: ChannelLayout.CUSTOMER_AGENT.value,
    ChannelLayout.CUSTOMER_AGENT.value: ChannelLayout.AGENT_CUSTOMER.value,
}


async def tell_agent(
    session: AsyncSession, conversation_id: str, speaker: str, *, actor: str, now: datetime
) -> None:
    """This voice is the agent's; of two, the other is the customer's. The caller asks for a score.

    Raises:
        NotFound: there is no such conversation.
        BadInput: no turn of it has this voice.
    """
    if await session.get(ConversationRow, conversation_id) is None:
        raise NotFound(f"no conversation {conversation_id}")
    turns = list(
        await session.scalars(select(TurnRow).where(TurnRow.conversation_id == conversation_id))
    )
    speakers = {turn.speaker for turn in turns if turn.speaker}
    if speaker not in speakers:
        raise BadInput(f"nobody in this conversation is called {speaker[:40]!r}")
    others = Role.CUSTOMER.value if len(speakers) == 2 else None
    for turn in turns:
        if turn.speaker == speaker:
            turn.role = Role.AGENT.value
        elif turn.speaker:
            turn.role, turn.author = others or turn.role, None
    await _keep(session, conversation_id, AGENTS_CHANNEL.get(speaker))
    event = Event(EventKind.ROLES_TOLD, now, actor, note=f"{speaker} is the agent")
    session.add(event_row(conversation_id, event))
    await session.flush()


async def swap_layout(session: AsyncSession, conversation_id: str) -> None:
    """Agent and customer changed places, so they do on the recording's channels."""
    layout = await session.scalar(
        select(RecordingRow.layout).where(RecordingRow.conversation_id == conversation_id)
    )
    await _keep(session, conversation_id, SWAPPED.get(layout or ""))


async def _keep(session: AsyncSession, conversation_id: str, layout: str | None) -> None:
    """Write the layout down; on one channel there is none to write."""
    if layout is not None:
        await session.execute(
            update(RecordingRow)
            .where(RecordingRow.conversation_id == conversation_id)
            .where(RecordingRow.layout != ChannelLayout.MONO.value)
            .values(layout=layout)
        )
