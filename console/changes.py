"""What a reviewer may do with a conversation: swap its roles, score it again, export, delete."""

import asyncio
import json

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console import cards
from console.context import Visit, see_other
from console.reading import note
from core.errors import BadInput, Conflict
from core.exchange import to_exchange
from core.handoff import Holder
from store import conversations, erasure, evaluations, handoffs, recordings, roles


async def swap(visit: Visit) -> web.StreamResponse:
    """Agent and customer were taken for each other; the score is made again."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.writing() as session:
        await _check_closed(session, conversation_id)
        if not (await conversations.get(session, conversation_id)).is_voice:
            raise BadInput("Who wrote what in a chat is certain; only a call's roles are swapped.")
        await conversations.swap_roles(
            session, conversation_id, actor=visit.user.name, now=visit.console.now()
        )
        await note(session, visit, "conversation.roles_swapped", conversation_id)
    return see_other(f"/conversations/{conversation_id}")


async def tell_roles(visit: Visit) -> web.StreamResponse:
    """A person says which voice is the agent's; the score is made again."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.writing() as session:
        await _check_closed(session, conversation_id)
        await roles.tell_agent(
            session,
            conversation_id,
            visit.form.get("agent", ""),
            actor=visit.user.name,
            now=visit.console.now(),
        )
        await evaluations.ask(session, conversation_id)
        await note(session, visit, "conversation.roles_told", conversation_id)
    return see_other(f"/conversations/{conversation_id}")


async def rescore(visit: Visit) -> web.StreamResponse:
    """Ask for a new score, by another scorecard when one is named."""
    conversation_id = visit.part("conversation")
    scorecard = visit.form.get("scorecard") or None
    async with visit.console.database.writing() as session:
        if scorecard is not None and scorecard not in await cards.names(session):
            raise BadInput(f"There is no scorecard {scorecard[:40]!r}.")
        await _check_closed(session, conversation_id)
        await evaluations.ask(session, conversation_id, scorecard)
        await note(session, visit, "conversation.rescored", conversation_id)
    return see_other(f"/conversations/{conversation_id}")


async def export(visit: Visit) -> web.StreamResponse:
    """The conversation in the exchange format, as a file; audited."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.writing() as session:
        conversation = await conversations.get(session, conversation_id)
        await note(session, visit, "conversation.exported", conversation_id)
    text = json.dumps(to_exchange(conversation), ensure_ascii=False, indent=2)
    disposition = f'attachment; filename="{conversation_id}.json"'
    return web.Response(
        text=text, content_type="application/json", headers={"Content-Disposition": disposition}
    )


async def delete_page(visit: Visit) -> web.StreamResponse:
    """Say what would be deleted, and ask again."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.reading() as session:
        conversation = await conversations.get(session, conversation_id)
        recording = None
        if conversation.recording:
            recording = await recordings.find(session, conversation.recording)
        attached = await erasure.attached(session, conversation_id)
    return visit.page(
        "delete.html",
        conversation=conversation,
        recording=recording,
        attached=attached,
    )


async def delete(visit: Visit) -> web.StreamResponse:
    """Delete a closed conversation with its recording, and then the file."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.writing() as session:
        await _check_closed(session, conversation_id)
        gone = await erasure.erase_conversation(
            session, conversation_id, actor=visit.user.id, now=visit.console.now()
        )
    for recording_id in gone:
        await asyncio.to_thread(visit.console.files.delete, recording_id)
    return see_other("/conversations")


async def _check_closed(session: AsyncSession, conversation_id: str) -> None:
    """Raise Conflict while somebody may still write in it."""
    if (await handoffs.get(session, conversation_id)).holder is not Holder.CLOSED:
        raise Conflict("This conversation is still open. Close it first.")
