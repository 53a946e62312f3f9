"""Which conversations a scorecard is for; a condition that is not given holds for all."""

from dataclasses import dataclass
from enum import StrEnum

from core.conversation import CallDirection, Channel, Conversation, Role
from core.errors import BadInput


class Side(StrEnum):
    """Who served the customer."""

    PERSON = "person"
    BOT = "bot"  # alone: no person took part


@dataclass(frozen=True, slots=True)
class Applicability:
    """Queues, doors, directions, languages and sides; and how long it must be at least."""

    queues: frozenset[str] = frozenset()
    channels: frozenset[Channel] = frozenset()
    directions: frozenset[CallDirection] = frozenset()
    languages: frozenset[str] = frozenset()
    served_by: frozenset[Side] = frozenset()
    least_seconds: float = 0.0
    least_turns: int = 0

    def __post_init__(self) -> None:
        if self.least_seconds < 0 or self.least_turns < 0:
            raise BadInput("the least seconds and turns are 0 or more")

    def why_not(self, conversation: Conversation) -> str | None:
        """The first condition that `conversation` does not meet, in words; None when it applies.

        What is not known of a conversation (its queue, its direction) meets no condition on it.
        """
        checks = (
            (self.channels, conversation.channel, "came by"),
            (self.queues, conversation.queue, "queue"),
            (self.directions, conversation.direction, "direction"),
            (self.languages, conversation.language, "language"),
            (self.served_by, side_of(conversation), "served by"),
        )
        for wanted, given, what in checks:
            if wanted and given not in wanted:
                shown = ", ".join(sorted(str(one) for one in wanted))
                return f"{what} {given or 'unknown'}, and this form is for {shown}"
        return self._too_short(conversation)

    def _too_short(self, conversation: Conversation) -> str | None:
        turns = sum(bool(turn.text.strip()) for turn in conversation.turns)
        if turns < self.least_turns:
            return f"{turns} turns, and this form is for {self.least_turns} or more"
        seconds = duration_of(conversation)
        if seconds is not None and seconds < self.least_seconds:
            return f"{seconds:.0f} s long, and this form is for {self.least_seconds:g} s or more"
        return None


EVERYWHERE = Applicability()


def side_of(conversation: Conversation) -> Side | None:
    """A person as soon as one took part; None where neither is known to have spoken."""
    roles = {turn.role for turn in conversation.turns}
    if Role.AGENT in roles:
        return Side.PERSON
    return Side.BOT if Role.BOT in roles else None


def duration_of(conversation: Conversation) -> float | None:
    """Seconds from its beginning to its last word; None where no time is known."""
    if conversation.measures:
        return conversation.measures.duration
    ends = [turn.speech.span.end for turn in conversation.turns if turn.speech]
    if ends:
        return max(ends)
    said = [turn.said_at for turn in conversation.turns if turn.said_at]
    return (max(said) - min(said)).total_seconds() if said else None
