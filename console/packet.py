"""An agent's packet as the page shows it: each line with the turns that it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation import Conversation
from core.handoff import Handoff
from language.packet import PacketKind, PacketLine, packet_in

NAMES: Mapping[PacketKind, str] = {
    PacketKind.WHO: "Who",
    PacketKind.WANTS: "Wants",
    PacketKind.TRIED: "Tried",
    PacketKind.VALUES: "Gave",
    PacketKind.MOOD: "Mood",
    PacketKind.SAID: "Last words",
    PacketKind.NEXT: "Next",
}
_MOOD = NAMES[PacketKind.MOOD]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line; `turns` are the places, counted from 0, of the turns it rests on."""

    name: str
    text: str
    turns: tuple[int, ...]


def shown_packet(handoff: Handoff, conversation: Conversation) -> tuple[ShownLine, ...]:
    """The lines of the packet that came with the handoff; none when there was none."""
    if not handoff.packet:
        return ()
    places = {turn.id: place for place, turn in enumerate(conversation.turns)}
    return tuple(_shown(line, places) for line in packet_in(handoff.packet).lines)


def packet_lines(packet: str | None) -> tuple[ShownLine, ...]:
    """The same without links, for a list that shows no turns."""
    return tuple(_shown(line, {}) for line in packet_in(packet).lines) if packet else ()


def mood_in(packet: str | None) -> str:
    """How the customer felt when the conversation was handed over; empty when nobody knows."""
    return next((one.text for one in packet_lines(packet) if one.name == _MOOD), "")


def _shown(line: PacketLine, places: Mapping[str, int]) -> ShownLine:
    text = line.text.partition(":")[2].strip()  # the page has its own label
    turns = sorted({places[one.turn] for one in line.evidence if one.turn in places})
    return ShownLine(NAMES[line.kind], text, tuple(turns))
