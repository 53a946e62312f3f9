"""What happens with a customer's message: stored and answered as one of the web chat is."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from sqlalchemy.ext.asyncio import AsyncSession

from channels.dialogue import Dialogue
from channels.situation import Situation
from channels.twilio.choices import pressed
from channels.twilio.inbound import Inbound, read_inbound
from channels.twilio.media import MediaKeeper
from channels.twilio.once import Answer
from channels.twilio.signed import Fields
from channels.twilio.words import Wish, read_wish
from channels.wire import Pressed, Said
from core.conversation import Channel, Event, EventKind
from core.errors import BadInput
from core.handoff import Holder
from store import attachments, conversations, dispatches, messaging, replied
from store.replied import Place

CANNOT_READ = "I cannot read this kind of message. Please write what you need in words."


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Takes messages of WhatsApp and SMS in."""

    dialogue: Dialogue
    media: MediaKeeper

    async def take(self, fields: Fields) -> Answer:
        """Store one message and begin to answer it; a repeated one changes nothing.

        Raises:
            BadInput: it is no message, or to a number that we do not answer.
        """
        inbound = read_inbound(fields)
        if not self.dialogue.room.settings.is_our_number(inbound.channel, inbound.ours):
            raise BadInput("To: is none of PARLEY_TWILIO_NUMBERS")
        is_stopped = inbound.channel is Channel.SMS and await self._is_stopped(inbound)
        if inbound.channel is Channel.SMS:
            wish = read_wish(inbound.body, is_stopped=is_stopped)
            if wish is Wish.HELP:
                return say(self._help_text)
            if wish is not None:
                return Answer(conversation=await self._note_wish(inbound, wish))
        try:
            if not inbound.text and not inbound.button_title:
                raise BadInput(CANNOT_READ)
            return await self._store(inbound)
        except BadInput as error:  # no words, or too many; who wrote it is told
            return Answer() if is_stopped else say(str(error))

    @property
    def _help_text(self) -> str:
        settings = self.dialogue.room.settings
        return settings.twilio_help_text or (
            f"{settings.company}: write what you need and we answer here. "
            "Reply STOP to get no more messages."
        )

    async def _is_stopped(self, inbound: Inbound) -> bool:
        async with self.dialogue.room.database.reading() as session:
            return await messaging.is_opted_out(session, inbound.customer)

    async def _note_wish(self, inbound: Inbound, wish: Wish) -> str | None:
        """Keep it, and tell the people in the open conversation; the conversation's id."""
        room = self.dialogue.room
        async with room.database.writing() as session:
            if wish is Wish.STOP:
                await messaging.opt_out(session, inbound.customer, now=room.clock())
            else:
                await messaging.opt_in(session, inbound.customer)
            found = await conversations.find_open_chat(session, inbound.customer, inbound.channel)
            if found is not None:
                kind = EventKind.OPTED_OUT if wish is Wish.STOP else EventKind.OPTED_IN
                await conversations.add_event(session, found, Event(kind, room.clock()))
        return found

    async def _store(self, inbound: Inbound) -> Answer:
        said = await self._meaning(inbound)
        room = self.dialogue.room

        async def also(session: AsyncSession, conversation_id: str) -> None:
            now = room.clock()
            await messaging.note_written(session, conversation_id, ours=inbound.ours, now=now)
            if inbound.name is not None:
                await messaging.note_name(session, conversation_id, inbound.name)
            addresses = [address for address, _ in inbound.media]
            await attachments.add(session, conversation_id, inbound.sid, addresses, now=now)

        stored = await self.dialogue.receive(inbound.customer, said, inbound.channel, also=also)
        if inbound.media:
            self.media.fetch_soon()
        return Answer(conversation=stored.conversation)

    async def _meaning(self, inbound: Inbound) -> Said | Pressed:
        """The words, or the choice that was tapped or typed, and which turn it is a reply to."""
        homes = await self.dialogue.find_homes(inbound.customer, inbound.channel)
        known = [home for home in homes if home is not None]
        place = await self._replied(inbound)
        to = None if place is None else place.turn
        if inbound.button and any(home.button(inbound.button) for home in known):
            return Pressed(inbound.sid, inbound.button, to)
        is_plain = not inbound.media and inbound.location is None
        asking = known[0] if known and place is None else _home_of(place, known)
        if is_plain and asking is not None:
            typed = await self._typed(asking, inbound.button_title or inbound.body, to)
            if typed is not None:
                return Pressed(inbound.sid, typed, to)
        return Said(inbound.sid, inbound.text or inbound.button_title or "", to)

    async def _replied(self, inbound: Inbound) -> Place | None:
        """Where the message is that this one is a reply to; None of one that we do not know."""
        if inbound.replied_to is None:
            return None
        async with self.dialogue.room.database.reading() as session:
            return await replied.find_message(session, inbound.customer, inbound.replied_to)

    async def _typed(self, home: Situation, text: str, replied_to: str | None) -> str | None:
        """The id of the button that is typed; of one with a person, words are words."""
        if home.handoff.holder is Holder.PERSON:
            return None
        async with self.dialogue.room.database.reading() as session:
            numbered = await dispatches.numbered(session, home.id)
        found = pressed(home, text, numbered, replied_to)
        return None if found is None else found.id


def _home_of(place: Place | None, homes: Sequence[Situation]) -> Situation | None:
    """The conversation, of those that the message may belong to, that the place is in."""
    return next((home for home in homes if place and home.id == place.conversation), None)


def say(text: str) -> Answer:
    """A message of the house that is part of no conversation, sent by Twilio itself."""
    body = f"<Response><Message>{escape(text)}</Message></Response>"
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?>{body}')
