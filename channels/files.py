"""Files of the pages: read once, sent with a tag, not sent again while they are the same."""

import hashlib
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class File:
    """One file of a page, read once."""

    body: bytes
    content_type: str

    @property
    def tag(self) -> str:
        """Changes when the file does."""
        return hashlib.sha256(self.body).hexdigest()[:16]


def send(request: web.Request, file: File) -> web.Response:
    """The file, or 304 when the browser has it already."""
    headers = {"ETag": f'"{file.tag}"', "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(
        body=file.body, content_type=file.content_type, charset="utf-8", headers=headers
    )
