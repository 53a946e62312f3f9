"""A transcript cut into pieces that a page can show: words with seconds, and marked evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.conversation import Conversation, Role, Turn
from core.evaluation import Finding
from core.spans import TextSpan, TimeSpan

QUOTED = 120  # characters of a quote: two lines on a telephone, as messengers show
NAMES = {Role.CUSTOMER: "Customer", Role.AGENT: "Agent", Role.BOT: "Bot"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that the same findings rest on, often none."""

    text: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A spoken word with its seconds, or what stands between two words (`span` None)."""

    pieces: tuple[Piece, ...]
    span: TimeSpan | None


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn ready to be shown; `position` counts from 0, `delivery` is in words.

    `quote` is what it replies to, where that is not the turn just before.
    """

    position: int
    id: str
    role: Role
    who: str
    said_at: datetime | None
    span: TimeSpan | None
    chunks: tuple[Chunk, ...]
    delivery: str | None
    quote: str | None = None


def shown_turns(
    conversation: Conversation,
    findings: Sequence[Finding] = (),
    deliveries: Mapping[str, str] | None = None,
    quoted: Mapping[str, Turn] | None = None,
) -> tuple[ShownTurn, ...]:
    """All turns in order, each cut at its words and at the evidence of `findings`."""
    states = deliveries or {}
    before = (None, *conversation.turns)
    return tuple(
        ShownTurn(
            position=position,
            id=turn.id,
            role=turn.role,
            who=speaker_of(turn, conversation.agent),
            said_at=turn.said_at,
            span=turn.speech.span if turn.speech else None,
            chunks=chunks_of(turn, _marks(turn, findings)),
            delivery=states.get(turn.id),
            quote=quote_of(turn, before[position], quoted or {}),
        )
        for position, turn in enumerate(conversation.turns)
    )


def quote_of(turn: Turn, before: Turn | None, quoted: Mapping[str, Turn]) -> str | None:
    """Who said what the turn replies to, and how it begins; None where the page shows it anyway."""
    replied = quoted.get(turn.id)
    if replied is None or (before is not None and before.id == replied.id):
        return None
    words = " ".join(replied.text.split())
    told = words if len(words) <= QUOTED else f"{words[:QUOTED].rstrip()}…"
    return f"Replies to {speaker_of(replied, None)}: {told}"


def speaker_of(turn: Turn, agent: str | None) -> str:
    """Who spoke, by name where one is known."""
    if turn.role is Role.AGENT:
        return turn.author or agent or NAMES[Role.AGENT]
    if turn.role is Role.UNKNOWN:
        return (turn.speech.speaker if turn.speech else None) or "Speaker"
    return NAMES[turn.role]


def chunks_of(turn: Turn, marks: Sequence[tuple[TextSpan, str]]) -> tuple[Chunk, ...]:
    """Cut the text into words and gaps; every character is in exactly one chunk."""
    chunks: list[Chunk] = []
    position = 0
    words = turn.speech.words if turn.speech else ()
    for word, place in zip(words, turn.word_spans(), strict=True):
        if place is None:
            continue
        if place.start > position:
            gap = TextSpan(position, place.start)
            chunks.append(Chunk(_pieces(turn.text, gap, marks), None))
        chunks.append(Chunk(_pieces(turn.text, place, marks), word.span))
        position = place.end
    if position < len(turn.text):
        rest = TextSpan(position, len(turn.text))
        chunks.append(Chunk(_pieces(turn.text, rest, marks), None))
    return tuple(chunks)


def _marks(turn: Turn, findings: Sequence[Finding]) -> list[tuple[TextSpan, str]]:
    return [
        (evidence.span, finding.question)
        for finding in findings
        for evidence in finding.evidence
        if evidence.turn == turn.id
    ]


def _pieces(text: str, place: TextSpan, marks: Sequence[tuple[TextSpan, str]]) -> tuple[Piece, ...]:
    """Cut `place` where evidence begins or ends."""
    cuts = {place.start, place.end}
    for span, _ in marks:
        cuts |= {cut for cut in (span.start, span.end) if place.start < cut < place.end}
    edges = sorted(cuts)
    pieces = []
    for start, end in pairwise(edges):
        here = TextSpan(start, end)
        names = dict.fromkeys(name for span, name in marks if span.overlaps(here))
        pieces.append(Piece(here.of(text), tuple(names)))
    return tuple(pieces)
