"""Files sent from the disk, closed whatever becomes of the one who asked."""

import asyncio

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter


class FileResponse(web.FileResponse):
    """aiohttp's, which opens its file in a thread and loses it when it is cancelled meanwhile.

    A player that seeks breaks off one request after the other, so this happens often.
    """

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the file; cancelling leaves the sending to end by itself, which closes the file."""
        return await asyncio.shield(super().prepare(request))
