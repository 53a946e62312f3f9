"""What a customer hears while they wait for a person, the call-back they may leave included."""

from dataclasses import dataclass

from channels.bot import Message
from channels.call_back import Clock, promised_by_bot, step_call_back
from channels.reply import Line, Reply, line_id, turn_key
from channels.room import Room
from channels.situation import Situation
from channels.topics import Place
from channels.waiting import outlook, tell_place
from core.call_back import CallBack
from core.conversation import Turn
from core.handoff import Holder


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Makes replies without the bot; stores nothing."""

    room: Room

    @property
    def _clock(self) -> Clock:
        settings = self.room.settings
        return Clock(self.room.clock(), settings.zone, settings.hours)

    def call_back(self, situation: Situation, turn: Turn, payload: str | None) -> Reply | None:
        """A turn about a call-back, where the bot may not talk about it or we are at it already."""
        holder = situation.handoff.holder
        if holder is not Holder.WAITING and not (holder is Holder.BOT and situation.draft):
            return None
        step = step_call_back(
            situation.id, situation.draft, turn.text, payload, self._clock, phone=situation.phone
        )
        if step is None:
            return None
        return Reply(turn_key(turn.id), (step.line,), call_back=step.call_back)

    async def reply_to(self, situation: Situation, turn: Turn) -> Reply:
        """Careful words where there is danger; their place, once; else it is left to the people."""
        topic = self.room.topics.find(turn.text) if self.room.settings.escalation else None
        if topic is not None and topic.place is Place.INSTEAD:
            return Reply(turn_key(turn.id), (Line(topic.words),))
        if situation.has_turn(line_id(situation.waiting_key, 0)):
            return Reply(turn_key(turn.id))
        async with self.room.database.reading() as session:
            found = await outlook(
                session, situation.handoff, self.room.settings, now=self.room.clock()
            )
        return Reply(situation.waiting_key, (tell_place(found),))

    def promised(self, situation: Situation, messages: tuple[Message, ...]) -> CallBack | None:
        """The call-back that the bot has agreed with the customer."""
        asked = [m.custom for m in messages if m.custom.get("parley") == "call_back"]
        facts = asked[-1].get("facts") if asked else None
        return (
            promised_by_bot(situation.id, facts, self._clock) if isinstance(facts, dict) else None
        )
