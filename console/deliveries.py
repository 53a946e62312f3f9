"""How a turn fares on its way, and the files that came with one, in words for the page."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.attachments import Attachment, Keeping
from store.outbox import Delivery, Report

_TOLD = {
    Delivery.PENDING: "on its way",
    Delivery.SENT: "sent",
    Delivery.DELIVERED: "✓ delivered",
    Delivery.READ: "✓ read",
}
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
KIB = 1024


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file of a turn; `href` is where it is downloaded, None when there is nothing to get."""

    told: str
    href: str | None = None


def tell_all(reports: Mapping[str, Report]) -> dict[str, str]:
    """Turn id → how it fares; a failure begins with a cross and says why."""
    return {turn: tell(report) for turn, report in reports.items()}


def tell(report: Report) -> str:
    """'✓ delivered', '✗ not delivered: The customer's phone is switched off …'."""
    if report.state is Delivery.FAILED:
        return f"✗ not delivered: {report.reason}" if report.reason else "✗ not delivered"
    return _TOLD[report.state]


def shown_files(files: Mapping[str, tuple[Attachment, ...]]) -> dict[str, tuple[ShownFile, ...]]:
    """Turn id → its files as links, or why there is none."""
    return {turn: tuple(map(_shown, kept)) for turn, kept in files.items()}


def ending_of(kind: str | None) -> str:
    """What a file's name ends in."""
    return ENDINGS.get(kind or "", "bin")


def _shown(file: Attachment) -> ShownFile:
    if file.keeping is Keeping.WAITING:
        return ShownFile("The file is being fetched.")
    if file.keeping is Keeping.REFUSED:
        return ShownFile(f"A file was not kept. {file.reason or ''}".strip())
    name = _NAMES.get((file.kind or "").partition("/")[0], "File")
    told = f"{name} ({ending_of(file.kind)}, {_size(file.size or 0)})"
    return ShownFile(told, f"/conversations/{file.conversation}/files/{file.id}")


def _size(count: int) -> str:
    return f"{count / KIB / KIB:.1f} MiB" if count >= KIB * KIB else f"{max(1, count // KIB)} KiB"
