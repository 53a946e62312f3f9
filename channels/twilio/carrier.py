"""Carries what is said on WhatsApp and SMS to the customer: out of the outbox, in order, retried.

A conversation's turns go one after another. What Twilio cannot take now (429, 5xx, no answer) is
tried again; what it refuses (4xx) has failed, and the agent reads why at the turn.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from channels.room import Room
from channels.situation import Situation
from channels.twilio.contents import Contents
from channels.twilio.inbound import WHATSAPP
from channels.twilio.letter import is_open, letter_of, template_variables
from channels.twilio.rest import Twilio, TwilioError
from channels.twilio.status import put, show
from channels.twilio.words import NO_TEMPLATE, STOPPED, TOO_LATE, reason_of
from core.conversation import Channel, Turn
from core.errors import NotFound, TelephonyUnavailable
from core.people import Address, AddressKind
from core.tasks import Tasks
from store import dispatches, messaging, outbox
from store.dispatches import Dispatch, Progress
from store.messaging import Line
from store.outbox import Delivery, Parcel

CHANNELS = (Channel.WHATSAPP, Channel.SMS)
# Seconds between tries, an hour in all: a conversation that waits longer has gone cold, and the
# agent had better ring. The second try comes after Twilio's own report of a message whose answer
# was lost, so that it is not sent twice.
PAUSES = (5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 2400.0)
NOT_OURS = (
    "The number that the customer wrote to is none of PARLEY_TWILIO_NUMBERS any more. Ring them, "
    "or wait until they write to one that is."
)
NO_LINE = "It is not known which number of ours the customer wrote to."

log: Any = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Carrier:
    """Sends what is pending."""

    room: Room
    twilio: Twilio
    tasks: Tasks = field(default_factory=Tasks)

    def carry_soon(self, conversation_id: str) -> None:
        """Send in the background what is pending in a conversation."""
        self.tasks.start(self.carry(conversation_id), about=conversation_id)

    async def carry_waiting(self) -> None:
        """Send what is pending anywhere: after a start, and for what was missed."""
        async with self.room.database.reading() as session:
            found = await outbox.with_pending(session, CHANNELS)
        for conversation_id in found:
            await self.carry(conversation_id)

    async def carry(self, conversation_id: str) -> None:
        """Send a conversation's pending turns in order, until none is left or one must wait."""
        async with self.room.locks.of(f"carrying {conversation_id}"):
            while (parcel := await self._next(conversation_id)) is not None:
                now = self.room.clock()
                if parcel.next_at is not None and parcel.next_at > now:
                    return
                try:
                    await self._send(parcel)
                except NotFound:  # deleted meanwhile
                    return
                except TelephonyUnavailable as error:
                    if not await self._postpone(parcel, error):
                        return

    async def _next(self, conversation_id: str) -> Parcel | None:
        async with self.room.database.reading() as session:
            return await outbox.next_pending(session, conversation_id)

    async def _send(self, parcel: Parcel) -> None:
        """Send one turn whole, or note why it cannot be sent.

        Raises:
            TelephonyUnavailable: Twilio could not take it now.
            NotFound: the conversation is gone.
        """
        situation = await self.room.look(parcel.conversation)
        turn = situation.conversation.turn(parcel.turn)
        async with self.room.database.reading() as session:
            line = await messaging.find_line(session, parcel.conversation)
        if turn is None or line is None:
            return await self._fail(parcel, NO_LINE)
        channel, now = situation.conversation.channel, self.room.clock()
        if not self.room.settings.is_our_number(channel, line.ours):
            return await self._fail(parcel, NOT_OURS)
        if channel is Channel.SMS and await self._is_stopped(line):
            return await self._fail(parcel, reason_of(STOPPED))
        if not is_open(channel, line.wrote_at, now=now):
            return await self._send_template(parcel, turn, line)
        await self._send_letter(parcel, situation, turn, line)
        return None

    async def _is_stopped(self, line: Line) -> bool:
        async with self.room.database.reading() as session:
            return await messaging.is_opted_out(session, Address(AddressKind.PHONE, line.customer))

    async def _send_letter(
        self, parcel: Parcel, situation: Situation, turn: Turn, line: Line
    ) -> None:
        """In its own words: with choices to tap where that works, else plain and in parts."""
        letter = letter_of(situation, turn)
        ends = _ends(situation.conversation.channel, line)
        if letter.rich is not None:
            try:
                fields = await Contents(self.room, self.twilio).fields(letter.rich)
                await self._post(parcel, [ends | fields], is_numbered=False)
                return
            except TwilioError as error:
                if error.retryable:
                    raise
                log.warning("sent_plain", conversation=parcel.conversation, error=str(error))
        parts = [ends | {"Body": part} for part in letter.parts]
        await self._post_or_fail(parcel, parts, is_numbered=letter.is_numbered)

    async def _send_template(self, parcel: Parcel, turn: Turn, line: Line) -> None:
        """Outside WhatsApp's window: the approved template, or the reason why not."""
        settings = self.room.settings
        if not settings.twilio_template:
            return await self._fail(parcel, NO_TEMPLATE)
        variables = template_variables(
            settings.twilio_template_variables, company=settings.company, turn=turn
        )
        fields = {"ContentSid": settings.twilio_template}
        if settings.twilio_template_variables:
            fields["ContentVariables"] = variables
        ends = _ends(Channel.WHATSAPP, line)
        await self._post_or_fail(parcel, [ends | fields], is_numbered=False)
        return None

    async def _post_or_fail(
        self, parcel: Parcel, parts: Sequence[Mapping[str, str]], *, is_numbered: bool
    ) -> None:
        """Send the messages of a turn; what Twilio refuses for good is noted.

        Raises:
            TwilioError: one could not be taken now.
        """
        try:
            await self._post(parcel, parts, is_numbered=is_numbered)
        except TwilioError as error:
            if error.retryable:
                raise
            await self._fail(parcel, reason_of(error.code))

    async def _post(
        self, parcel: Parcel, parts: Sequence[Mapping[str, str]], *, is_numbered: bool
    ) -> None:
        """Send what has not gone out; the reports of each come to an address of its own.

        All parts are known before the first goes out, so that a turn counts as sent when all are.
        """
        made = await self._begin(parcel, len(parts), is_numbered=is_numbered)
        for dispatch, fields in zip(made, parts, strict=True):
            if dispatch.sid is not None:
                continue
            reports = self.twilio.account.webhook(f"/twilio/status/{dispatch.id}")
            answer = await self.twilio.post("Messages.json", {**fields, "StatusCallback": reports})
            sid = answer.get("sid")
            await self._note_taken(dispatch, sid if isinstance(sid, str) else None)
        async with self.room.database.writing() as session:
            await show(session, self.room, made[0])

    async def _begin(self, parcel: Parcel, count: int, *, is_numbered: bool) -> list[Dispatch]:
        async with self.room.database.writing() as session:
            return [
                await dispatches.begin(
                    session,
                    parcel.conversation,
                    parcel.turn,
                    part,
                    is_numbered=is_numbered,
                    now=self.room.clock(),
                )
                for part in range(count)
            ]

    async def _note_taken(self, dispatch: Dispatch, sid: str | None) -> None:
        async with self.room.database.writing() as session:
            noted = await dispatches.report(
                session, dispatch.id, Progress.ACCEPTED, sid=sid, now=self.room.clock()
            )
        if noted is None:
            raise NotFound("the conversation was deleted")

    async def _fail(self, parcel: Parcel, reason: str) -> None:
        async with self.room.database.writing() as session:
            await put(
                session, self.room, parcel.conversation, parcel.turn, Delivery.FAILED, reason=reason
            )

    async def _postpone(self, parcel: Parcel, error: TelephonyUnavailable) -> bool:
        """Try again later; True when it is given up and the next turn may go out."""
        log.warning(
            "message_not_sent",
            conversation=parcel.conversation,
            turn=parcel.turn,
            attempt=parcel.attempts + 1,
            error=str(error),
        )
        if parcel.attempts >= len(PAUSES):
            await self._fail(parcel, TOO_LATE)
            return True
        asked = error.retry_after if isinstance(error, TwilioError) else None
        pause = max(PAUSES[parcel.attempts], min(asked or 0.0, PAUSES[-1]))
        next_at = self.room.clock() + timedelta(seconds=pause)
        async with self.room.database.writing() as session:
            await outbox.postpone(session, parcel.conversation, parcel.turn, next_at=next_at)
        self.tasks.start(self._carry_after(parcel.conversation, pause), about=parcel.conversation)
        return False

    async def _carry_after(self, conversation_id: str, pause: float) -> None:
        await asyncio.sleep(pause)
        await self.carry(conversation_id)


def _ends(channel: Channel, line: Line) -> dict[str, str]:
    """From whom to whom."""
    prefix = WHATSAPP if channel is Channel.WHATSAPP else ""
    return {"From": f"{prefix}{line.ours}", "To": f"{prefix}{line.customer}"}
