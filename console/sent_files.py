"""Files that customers sent: pictures are drawn, all else is downloaded, and nothing is run."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from console.context import Visit
from console.reading import check_may_see, note_once
from console.sound_response import response_of
from core.ids import check_id
from store import attachments
from store.attachments import Attachment, Content, Keeping

_NAMES = {"image": "Picture", "video": "Video", "audio": "Voice message"}
# Endings that programs know the kinds by; a file is named by us, never by who sent it.
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
}
DRAWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
KIB = 1024


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file of a turn; `href` is where it is got, None when there is nothing to get.

    With `width` and `height`, in pixels, it is a picture that the page draws.
    """

    told: str
    href: str | None = None
    width: int | None = None
    height: int | None = None


def shown_files(files: Mapping[str, tuple[Attachment, ...]]) -> dict[str, tuple[ShownFile, ...]]:
    """Turn id → its files as pictures or links, or why there is none."""
    return {turn: tuple(map(_shown, kept)) for turn, kept in files.items()}


async def sent_file(visit: Visit) -> web.StreamResponse:
    """One file under a name of ours; audited once in half an hour.

    A picture may stand in the page: its type is one of four that browsers only draw, read out of
    its bytes, sniffing is off, and what is opened by itself may run nothing and load nothing.
    """
    conversation_id = visit.part("conversation")
    file_id = check_id(visit.part("file"), where="file")
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        file = await attachments.get(session, conversation_id, file_id)
    kept = await asyncio.to_thread(visit.console.files.whole, file.id)
    await note_once(visit, "conversation.file_read", conversation_id)
    is_download = visit.request.query.get("download") == "yes" or not _is_drawn(file.content)
    shown = "attachment" if is_download else "inline"
    kind = file.content.kind if file.content else "application/octet-stream"
    name = f"{file.id[:12]}.{_ending_of(kind)}"
    return response_of(
        kept,
        kind,
        {
            "Content-Disposition": f'{shown}; filename="{name}"',
            "Cache-Control": "private, max-age=3600",
        },
    )


def _shown(file: Attachment) -> ShownFile:
    content = file.content
    if file.keeping is Keeping.WAITING:
        return ShownFile("The file is being fetched.")
    if file.keeping is Keeping.REFUSED or content is None:
        return ShownFile(f"A file was not kept. {file.reason or ''}".strip())
    name = _NAMES.get(content.kind.partition("/")[0], "File")
    told = f"{name} ({_ending_of(content.kind)}, {_size(content.size)})"
    href = f"/conversations/{file.conversation}/files/{file.id}"
    if not _is_drawn(content):
        return ShownFile(told, href)
    return ShownFile(told, href, content.width, content.height)


def _is_drawn(content: Content | None) -> bool:
    """Whether it is a picture whose pixels could be read."""
    return content is not None and content.width is not None and content.kind in DRAWN


def _ending_of(kind: str) -> str:
    return ENDINGS.get(kind, "bin")


def _size(count: int) -> str:
    return f"{count / KIB / KIB:.1f} MiB" if count >= KIB * KIB else f"{max(1, count // KIB)} KiB"
