"""Sound sent by ranges, from this machine's disk or out of object storage."""

import asyncio
import logging
from collections.abc import Mapping

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from console.file_response import FileResponse
from core.errors import NotFound, Unavailable
from store.shelf import Sound

BLOCK = 1 << 20  # bytes asked of storage at a time: some 30 ms away, and held in memory
logger = logging.getLogger("console")


def response_of(
    sound: Sound, content_type: str, more: Mapping[str, str] | None = None
) -> web.StreamResponse:
    """The sound, or the part of it that the browser asks for, with `more` headers."""
    headers = {"Content-Type": content_type, **(more or {})}
    if sound.path is not None:
        return FileResponse(sound.path, headers=headers)
    return RangeResponse(sound, headers)


class RangeResponse(web.StreamResponse):
    """A part of something that is read by ranges: status 206, 416 for one that is not there.

    Source: RFC 9110, section 14; one range at a time, as players ask for. The routes are for GET.
    """

    def __init__(self, sound: Sound, headers: dict[str, str]) -> None:
        super().__init__(headers={**headers, "Accept-Ranges": "bytes"})
        self._sound = sound

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the head and the bytes, a block at a time."""
        size = self._sound.size
        try:
            start, end, _ = request.http_range.indices(size)
        except ValueError:  # not of the form that the standard gives
            return await self._refuse(request, size)
        if "Range" in request.headers:
            if start >= end:
                return await self._refuse(request, size)
            self.set_status(web.HTTPPartialContent.status_code)
            self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        self.content_length = end - start
        writer = await super().prepare(request)
        await self._send(start, end)
        await self.write_eof()
        return writer

    async def _send(self, start: int, end: int) -> None:
        """The bytes; when they end too early, so does the connection, so that all can tell."""
        for place in range(start, end, BLOCK):
            stop = min(place + BLOCK, end)
            try:
                block = await asyncio.to_thread(self._sound.read, place, stop)
            except (NotFound, Unavailable) as error:
                logger.warning("a recording was sent in part: %s", error)
                raise ConnectionResetError("storage gave no more") from error
            await self.write(block)

    async def _refuse(self, request: web.BaseRequest, size: int) -> AbstractStreamWriter | None:
        self.set_status(web.HTTPRequestRangeNotSatisfiable.status_code)
        self.headers["Content-Range"] = f"bytes */{size}"
        self.content_length = 0
        return await super().prepare(request)
