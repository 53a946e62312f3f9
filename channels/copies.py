"""A customer's copy of the conversation by e-mail: asked for, sent as soon as it can be, told.

What is asked for is a row before it is answered, so nothing is lost while the mail server is away.
Who sends a letter has claimed its row, so that it goes out once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog

from channels.copy_letter import copy_letter
from channels.interface import interface_in
from channels.room import Room
from channels.wire import copy_out
from core.conversation import Role
from core.errors import BadInput
from core.people import Address
from core.tasks import Tasks, log_failure
from language.values.contacts import find_emails
from language.values.references import find_codes
from mail.letter import AddressRefused, Letter, Mail, MailUnavailable
from store import codes, conversations, copies
from store.copies import Copy, CopyState, Reason

# A copy is text that its reader did not ask for when somebody gives another's address. Two tries
# after a mistyped one are a customer's; more from one visitor, to one reader, are not.
MOST_A_DAY = 3
DAY = timedelta(days=1)
MOST_ATTEMPTS = 50  # in a day there are 27; more has a letter that fails for a reason of our own
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, with erratum 1690 of RFC 3696
CLAIM = timedelta(minutes=2)  # ten commands of SMTP, each within mail.smtp.TIMEOUT_SECONDS
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
GIVE_UP = timedelta(days=1)  # who asked for it yesterday has seen by now that it did not come

log: Any = structlog.get_logger()


class WrongAddress(BadInput):
    """What was given is no e-mail address."""


class TooMany(BadInput):
    """This visitor, or the owner of this address, had enough copies today."""


class NothingSaid(BadInput):
    """There is no conversation that a copy could be made of."""


@dataclass(eq=False, slots=True)
class Copies:
    """Takes requests for copies, and sends them."""

    room: Room
    mail: Mail
    tasks: Tasks = field(default_factory=Tasks)

    async def ask(self, visitor: Address, copy_id: str, address: str, language: str) -> Copy:
        """Keep what a visitor asks for and send it soon; a repeated id asks for nothing more.

        Raises:
            WrongAddress: it is none.
            NothingSaid: this visitor has no conversation.
            TooMany: that were enough for a day.
            NotFound: another visitor has this id.
            Unavailable: it could not be stored; retryable.
        """
        to = read_address(address)
        async with self.room.visiting(visitor.value), self.room.database.writing() as session:
            chat = await conversations.find_last_chat(session, visitor)
            last = -1 if chat is None else await conversations.last_position(session, chat)
            if chat is None or last < 0:
                raise NothingSaid("There is nothing to send yet.")
            now = self.room.clock()
            if await copies.find(session, copy_id) is not None:
                return await copies.get_own(session, visitor, copy_id)
            asked = await copies.asked(session, chat, to, since=now - DAY)
            if max(asked.by_customer, asked.for_address) >= MOST_A_DAY:
                raise TooMany("No more copies can be sent today.")
            tag = interface_in(language).language
            made = Copy(copy_id, chat, to, tag, last, CopyState.WAITING, None, 0, now)
            await copies.add(session, made)
        self.send_soon()
        return made

    async def look(self, visitor: Address, copy_id: str) -> Copy:
        """How far a copy has come, of this visitor's own.

        Raises:
            NotFound: they have asked for none with this id.
        """
        async with self.room.database.reading() as session:
            return await copies.get_own(session, visitor, copy_id)

    def send_soon(self) -> None:
        """Send in the background what is due."""
        self.tasks.start(self.send_due(), about="copies")

    async def send_due(self) -> None:
        """Try what is due, one letter after another; one that fails keeps no other back."""
        async with self.room.database.reading() as session:
            due = await copies.due(session, now=self.room.clock())
        for copy_id in due:
            try:
                await self._send(copy_id)
            except Exception as error:  # noqa: BLE001  # it is tried again once its claim is over
                log_failure("copy_failed", error, copy=copy_id)

    async def run(self) -> None:
        """Look for what is due, at the start and then each minute, until cancelled."""
        while True:
            try:
                await self.send_due()
            except Exception as error:  # noqa: BLE001  # the outermost frame of the loop
                log_failure("copies_not_sent", error)
            await asyncio.sleep(self.room.settings.sweep_seconds)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Letters go out while this is open; what was not sent waits in the store."""
        loop = asyncio.create_task(self.run())
        try:
            yield
        finally:
            loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await loop
            await self.tasks.stop()

    async def _send(self, copy_id: str) -> None:
        """Send one, unless another is at it."""
        now = self.room.clock()
        async with self.room.database.writing() as session:
            copy = await copies.claim(session, copy_id, now=now, until=now + CLAIM)
        if copy is None:
            return
        if copy.attempts > MOST_ATTEMPTS:
            await self._settle(copy, CopyState.REFUSED, Reason.LETTER)
            return
        try:
            await self.mail.send(await self._letter(copy))
        except MailUnavailable as error:
            log.warning("copy_not_sent", copy=copy.id, error=str(error), retryable=error.retryable)
            await self._failed(copy, error)
        else:
            await self._settle(copy, CopyState.SENT, None)

    async def _letter(self, copy: Copy) -> Letter:
        async with self.room.database.reading() as session:
            placed = await conversations.turns_after(session, copy.conversation, -1)
            turns = [one.turn for one in placed if one.position <= copy.last]
            mine = [turn.text for turn in turns if turn.role is Role.CUSTOMER]
            said = {one.value for text in mine for one in find_codes(text)}
            made = await codes.made_here(session, copy.conversation, said)
        return copy_letter(copy, turns, made, self.room.settings)

    async def _failed(self, copy: Copy, error: MailUnavailable) -> None:
        """Try again later, or say why it is not sent."""
        if isinstance(error, AddressRefused):
            await self._settle(copy, CopyState.REFUSED, Reason.ADDRESS)
        elif not error.retryable:
            await self._settle(copy, CopyState.REFUSED, Reason.LETTER)
        elif self.room.clock() - copy.asked_at >= GIVE_UP:
            await self._settle(copy, CopyState.REFUSED, Reason.GONE)
        else:
            await self._postpone(copy)

    async def _postpone(self, copy: Copy) -> None:
        wait = WAITS[min(copy.attempts, len(WAITS)) - 1]
        async with self.room.database.writing() as session:
            await copies.postpone(session, copy.id, until=self.room.clock() + wait)
        if copy.attempts == 1:  # once is enough to say so
            self._tell(replace(copy, reason=Reason.LATER))

    async def _settle(self, copy: Copy, state: CopyState, reason: Reason | None) -> None:
        async with self.room.database.writing() as session:
            await copies.settle(session, copy, state, reason, now=self.room.clock())
        self._tell(replace(copy, state=state, reason=reason))

    def _tell(self, copy: Copy) -> None:
        self.room.hub.publish(copy.conversation, copy_out(copy, self.room.clock()))


def read_address(given: str) -> str:
    """An e-mail address as it is typed into a field, in lower case.

    Raises:
        WrongAddress: it is none, or more than one.
    """
    typed = given.strip()
    found = find_emails(typed) if len(typed) <= LONGEST_ADDRESS else ()
    if len(found) != 1 or found[0].value != typed.lower():
        raise WrongAddress("This is no e-mail address. Please write it as name@example.com.")
    return found[0].value
