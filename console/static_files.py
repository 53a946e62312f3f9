"""The stylesheet and the scripts."""

import re
from pathlib import Path

from aiohttp import web

from console.context import Visit
from console.file_response import FileResponse
from core.errors import NotFound

FOLDER = Path(__file__).parent / "static"
_NAME = re.compile(r"[a-z_]+\.(css|js|svg)\Z")


async def static_file(visit: Visit) -> web.StreamResponse:
    """One file by its plain name; the browser asks each time whether it has changed."""
    name = visit.part("name")
    path = FOLDER / name
    if not _NAME.match(name) or not path.is_file():
        raise NotFound("There is no such file.")
    return FileResponse(path, headers={"Cache-Control": "no-cache"})


async def health(visit: Visit) -> web.StreamResponse:
    """The console accepts requests."""
    return visit.data({"status": "ok"})
