"""Files sent from the disk, closed whatever becomes of the one who asked."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeAlias, cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

Sending: TypeAlias = set[asyncio.Task[AbstractStreamWriter | None]]
SENDING: web.AppKey[Sending] = web.AppKey("sending")


class FileResponse(web.FileResponse):
    """aiohttp's, which opens its file in a thread and loses it when it is cancelled meanwhile.

    A player that seeks breaks off one request after the other, so this happens often. The sending
    is a task of its own, which ends by itself and closes the file; the app waits for the last ones.
    """

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the file to the end, or until nobody is there to read it."""
        open_yet = cast(web.Request, request).app[SENDING]  # a route's handler has such a one
        sending = asyncio.create_task(super().prepare(request))
        open_yet.add(sending)
        sending.add_done_callback(open_yet.discard)
        return await asyncio.shield(sending)


async def sending_files(app: web.Application) -> AsyncIterator[None]:
    """What an app that sends files cleans up with: the files that are still open are closed."""
    open_yet: Sending = set()
    app[SENDING] = open_yet
    yield
    if open_yet:
        await asyncio.wait(open_yet)
