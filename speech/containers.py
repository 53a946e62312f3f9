"""What a file's own bytes promise where ffmpeg does not tell: a WAV's size, an Ogg's last page."""

import struct
from pathlib import Path

_MICROSECONDS = 1_000_000  # of ffmpeg's AV_TIME_BASE
_HEADER_BYTES = 1 << 16  # chunks before a WAV's sound (LIST, bext) are shorter than this
_TAIL_BYTES = 1 << 17  # an Ogg page is at most 65,307 bytes, so the last one starts in here
_STREAMED = (0, 0xFFFF_FFFF)  # sizes of a WAV whose header was never filled in
_END_OF_STREAM = 0x04  # header type flag of an Ogg page, RFC 3533 section 6


def claimed_seconds(path: Path, container_duration: int | None) -> float | None:
    """How long the file says it is: the longer of its own header and of what ffmpeg reports."""
    claims = [_wav_seconds(path)]
    if container_duration is not None:
        claims.append(container_duration / _MICROSECONDS)
    known = [claim for claim in claims if claim is not None]
    return max(known) if known else None


def is_cut_short(path: Path) -> bool:
    """Whether an Ogg file ends without its end-of-stream page."""
    with path.open("rb") as file:
        if file.read(4) != b"OggS":
            return False
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    last = tail.rfind(b"OggS")
    return last < 0 or len(tail) <= last + 5 or not tail[last + 5] & _END_OF_STREAM


def _wav_seconds(path: Path) -> float | None:
    """Bytes of sound by the header over bytes per second; ffmpeg trims this to what is there."""
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    position, bytes_per_second = 12, 0
    while position + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, position)
        if name == b"fmt " and position + 20 <= len(head):
            (bytes_per_second,) = struct.unpack_from("<I", head, position + 16)
        if name == b"data":
            return size / bytes_per_second if bytes_per_second and size not in _STREAMED else None
        position += 8 + size + size % 2
    return None
