"""What is taken for a picture, by its bytes alone."""

import struct

import pytest

from core.errors import BadInput
from core.picture import PictureKind, read_picture
from tests.build import png

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xdb\x00\x04\x00\x01\xff\xff\xc2\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00"
)
GIF = b"GIF89a" + struct.pack("<HH", 7, 9) + b"\x00\x00\x00"
VP8X = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x3f\x00\x00\x2f\x00\x00"
VP8L = b"RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f" + struct.pack("<I", 63 | 47 << 14)
VP8 = b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack(
    "<HH", 64 | 1 << 14, 48
)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (png(64, 48), PictureKind("png", 64, 48)),
        (JPEG, PictureKind("jpeg", 64, 48)),
        (GIF, PictureKind("gif", 7, 9)),
        (VP8X, PictureKind("webp", 64, 48)),
        (VP8L, PictureKind("webp", 64, 48)),
        (VP8, PictureKind("webp", 64, 48)),
    ],
)
def test_a_picture_is_known_by_its_bytes(head: bytes, kind: PictureKind) -> None:
    assert read_picture(head) == kind
    for cut in range(len(head) if kind.name != "png" else 24):
        try:
            assert read_picture(head[:cut]) == kind
        except BadInput:
            continue  # broken off before its size


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"GIF89a<script>"[:6],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 30,
        b"\xff\xd8\xff\xe0\x00\x10",
        b"\xff\xd8\xff\xd9" + b"\x00" * 40,
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"MZ" + b"\x00" * 60,
        png(0, 9),
    ],
)
def test_nothing_else_is(head: bytes) -> None:
    with pytest.raises(BadInput, match="Only pictures"):
        read_picture(head)


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    huge = bytearray(png(2, 2))
    huge[16:24] = struct.pack(">II", 60_000, 60_000)
    with pytest.raises(BadInput, match="too many pixels"):
        read_picture(bytes(huge))
