"""What kind of picture some bytes are and how large: read from themselves, never from a name."""

import struct
from dataclasses import dataclass

from core.errors import BadInput

# Pixels; a phone's camera makes 12 to 50 million. What claims more is made to fill a memory.
MOST_PIXELS = 64_000_000
ENOUGH_BYTES = 256 * 1024  # of the beginning: a JPEG's size may stand behind its thumbnail
UNKNOWN = "Only pictures can be sent: PNG, JPEG, GIF or WebP."
TOO_LARGE = "This picture has too many pixels; please send a smaller one."
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG's SOF markers, ITU-T T.81 B.1


@dataclass(frozen=True, slots=True)
class PictureKind:
    """`name` as in image/NAME; `width` and `height` in pixels."""

    name: str
    width: int
    height: int


def read_picture(head: bytes) -> PictureKind:
    """What a picture is by its first bytes (`ENOUGH_BYTES` of them).

    Raises:
        BadInput: it is none of the kinds that a browser shows as a picture alone, it breaks off,
            or it has more pixels than anybody's camera.
    """
    try:
        found = _png(head) or _gif(head) or _webp(head) or _jpeg(head)
    except (struct.error, IndexError) as error:
        raise BadInput(UNKNOWN) from error
    if found is None or not found.width or not found.height:
        raise BadInput(UNKNOWN)
    if found.width * found.height > MOST_PIXELS:
        raise BadInput(TOO_LARGE)
    return found


def _png(head: bytes) -> PictureKind | None:
    """Source: PNG (Third Edition), 5.2 and 11.2.1."""
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR":
        return None
    return PictureKind("png", *struct.unpack(">II", head[16:24]))


def _gif(head: bytes) -> PictureKind | None:
    """Source: GIF89a specification, 17 and 18."""
    if head[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    return PictureKind("gif", *struct.unpack("<HH", head[6:10]))


def _webp(head: bytes) -> PictureKind | None:
    """Source: RFC 9649, 2.4 to 2.7, and RFC 6386, 9.1."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return PictureKind("webp", width, height) if len(head) >= 30 else None
    if head[12:16] == b"VP8L" and head[20] == 0x2F:
        (bits,) = struct.unpack("<I", head[21:25])
        return PictureKind("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if head[12:16] == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        return PictureKind("webp", width & 0x3FFF, height & 0x3FFF)
    return None


def _jpeg(head: bytes) -> PictureKind | None:
    """Walk the segments to the frame's header. Source: ITU-T T.81, B.1 and B.2.2."""
    if not head.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at < len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        if marker == 0xFF:  # fill bytes before a marker
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return PictureKind("jpeg", width, height)
        (length,) = struct.unpack(">H", head[at + 2 : at + 4])
        at += 2 + length
    return None
