"""What a customer hears while they wait for a person, the call-back they may leave included."""

from dataclasses import dataclass
from datetime import timedelta

from channels.bot import Message
from channels.call_back import Clock, promised_by_bot, step_call_back
from channels.phone.through import PUTTING_THROUGH, WAIT, tell_offer
from channels.reply import Line, Reply, line_id, turn_key
from channels.requests import asks_for_person, wants_bot
from channels.room import Room
from channels.situation import Situation
from channels.topics import Place
from channels.waiting import TO_BOT, Outlook, outlook, tell_kept, tell_place, tell_return
from core.call_back import CallBack
from core.conversation import Channel, Turn
from core.handoff import Holder
from language.questions import is_question
from language.telling import is_courtesy


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

    async def reply_to(self, situation: Situation, turn: Turn, payload: str | None) -> Reply:
        """Back to the bot for who wants that; careful words where there is danger; where they are
        in line, and that their words are kept; else it is left to the people.
        """
        if payload == TO_BOT or (payload is None and wants_bot(turn.text)):
            has_words = situation.left_over_from < situation.place_of(turn)
            return Reply(turn_key(turn.id), (tell_return(has_words=has_words),), returns=True)
        topic = self.room.topics.find(turn.text) if self.room.settings.escalation else None
        if topic is not None and topic.place is Place.INSTEAD:
            return Reply(turn_key(turn.id), (Line(topic.words),))
        if situation.conversation.channel is Channel.VOICE:
            return await self._on_the_line(situation, turn, payload)
        if situation.has_turn(line_id(situation.waiting_key, 0)):
            return await self._keep(situation, turn)
        return Reply(situation.waiting_key, (tell_place(await self._outlook(situation)),))

    async def _on_the_line(self, situation: Situation, turn: Turn, payload: str | None) -> Reply:
        """A caller who waits is put through when they want that, else told what can be done."""
        if payload == WAIT or (payload is None and asks_for_person(turn.text)):
            return Reply(turn_key(turn.id), (Line(PUTTING_THROUGH),))
        line = tell_offer(await self._outlook(situation), self.room.settings)
        return Reply(turn_key(turn.id), (line,))

    async def _keep(self, situation: Situation, turn: Turn) -> Reply:
        """Say that more words are kept: at once for the first and to who asks something or calls
        out, then once in a few minutes.
        """
        every = timedelta(minutes=self.room.settings.reassure_minutes)
        kept = f"{situation.waiting_key}:kept"
        is_first = not any(one.id.startswith(kept) for one in situation.conversation.turns)
        heard = situation.last_heard
        is_late = heard is not None and self.room.clock() - heard >= every
        asks = is_question(turn.text)
        if not asks and (is_courtesy(turn.text) or not (is_first or is_late)):
            return Reply(turn_key(turn.id))
        return Reply(f"{kept}:{turn.id}", (tell_kept(await self._outlook(situation)),))

    async def _outlook(self, situation: Situation) -> Outlook:
        async with self.room.database.reading() as session:
            return await outlook(
                session, situation.handoff, self.room.settings, now=self.room.clock()
            )

    def promised(self, situation: Situation, messages: tuple[Message, ...]) -> CallBack | None:
        """The call-back that the bot has agreed with the customer."""
        asked = [m.custom for m in messages if m.custom.get("parley") == "call_back"]
        facts = asked[-1].get("facts") if asked else None
        return (
            promised_by_bot(situation.id, facts, self._clock) if isinstance(facts, dict) else None
        )


def cancelled(messages: tuple[Message, ...]) -> str | None:
    """The id of the call-back that the customer told the bot to cancel."""
    asked = [m.custom.get("cancels") for m in messages if m.custom.get("parley") == "call_back"]
    return next((str(one) for one in asked if one), None)
