"""Conversations built by hand, in one line each."""

import struct
import zlib

from core.conversation import Channel, Conversation, Role, Speech, Timing, Turn, Word
from core.spans import TimeSpan

SPOKEN_WORDS_PER_SECOND = 2.5  # a usual telephone pace; only shapes of tests hang on it


def turn(role: str, text: str, *, start: float | None = None, id: str = "") -> Turn:
    """A turn; with `start` it is spoken, its words spread evenly at a usual pace."""
    speech = None
    if start is not None:
        words = text.split()
        step = 1 / SPOKEN_WORDS_PER_SECOND
        speech = Speech(
            TimeSpan(start, start + step * len(words)),
            speaker=f"channel {1 if role == 'agent' else 2}",
            words=tuple(
                Word(word, TimeSpan(start + i * step, start + (i + 1) * step), None, Timing.HEARD)
                for i, word in enumerate(words)
            ),
        )
    return Turn(id=id or "t", role=Role(role), text=text, speech=speech)


def conversation(*turns: Turn, channel: str = "web", id: str = "c1") -> Conversation:
    """A conversation; turns without an id of their own become t0, t1 and so on."""
    named = tuple(
        Turn(
            id=f"t{index}" if made.id == "t" else made.id,
            role=made.role,
            text=made.text,
            said_at=made.said_at,
            speech=made.speech,
            author=made.author,
            replies_to=made.replies_to,
        )
        for index, made in enumerate(turns)
    )
    return Conversation(id=id, channel=Channel(channel), turns=named)


def chat(*lines: tuple[str, str], id: str = "c1") -> Conversation:
    """A web chat from (role, text) pairs."""
    return conversation(*(turn(role, text) for role, text in lines), id=id)


def call(*lines: tuple[str, str], gap: float = 0.5, id: str = "c1") -> Conversation:
    """A call from (role, text) pairs, one after another with `gap` seconds between them."""
    spoken, clock = [], 0.0
    for role, text in lines:
        made = turn(role, text, start=clock)
        spoken.append(made)
        clock = (made.speech.span.end if made.speech else clock) + gap
    return conversation(*spoken, channel="voice", id=id)


def png(width: int, height: int) -> bytes:
    """A grey picture that every browser draws."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\x00" + b"\x80" * width) * height
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
