"""Files that customers sent: downloaded, never shown or run in the page."""

import asyncio

from aiohttp import web

from console.context import Visit
from console.deliveries import ending_of
from console.reading import check_may_see, note_once
from console.sound_response import response_of
from core.ids import check_id
from store import attachments


async def sent_file(visit: Visit) -> web.StreamResponse:
    """One file, as a download under a name of ours; audited once in half an hour."""
    conversation_id = visit.part("conversation")
    file_id = check_id(visit.part("file"), where="file")
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        file = await attachments.get(session, conversation_id, file_id)
    kept = await asyncio.to_thread(visit.console.files.whole, file.id)
    await note_once(visit, "conversation.file_read", conversation_id)
    name = f"{file.id[:12]}.{ending_of(file.kind)}"
    return response_of(
        kept,
        file.kind or "application/octet-stream",
        {"Content-Disposition": f'attachment; filename="{name}"'},
    )
