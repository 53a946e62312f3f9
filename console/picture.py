"""A picture that a customer sent, shown as nothing but a picture or given as a download."""

import asyncio

from aiohttp import web

from console.context import Visit
from console.reading import check_may_see, note_once
from console.sound_response import response_of
from store import pictures


async def picture(visit: Visit) -> web.StreamResponse:
    """The bytes, with the type that was read out of them; audited once in half an hour.

    The type is one of four that browsers only draw, sniffing is off, and what is opened by itself
    may run nothing and load nothing.
    """
    conversation_id = visit.part("conversation")
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        found = await pictures.get(session, conversation_id, visit.part("picture"))
    kept = await asyncio.to_thread(visit.console.files.whole, found.id)
    await note_once(visit, "picture.seen", conversation_id)
    is_download = visit.request.query.get("download") == "yes"
    shown = "attachment" if is_download else "inline"
    return response_of(
        kept,
        f"image/{found.kind}",
        {
            "Content-Disposition": f'{shown}; filename="picture-{found.id[-6:]}.{found.kind}"',
            "Cache-Control": "private, max-age=3600",
        },
    )
