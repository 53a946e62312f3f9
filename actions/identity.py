"""Showing that an order is the customer's: its postcode, or a code sent to the address on file.

Nothing here says whether an order number exists: a number of nobody is asked for its postcode and
is promised a code like any other, and a wrong try is told in the same words.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Protocol

from actions.backend import Backend
from core.errors import NotAllowed, Unavailable
from core.shop import Order, Refused
from core.tasks import Tasks
from store import codes, identity, tries
from store.database import Database
from store.identity import Known

logger = logging.getLogger(__name__)


class Identity(Protocol):
    """What is known of who the customer of one conversation is; kept in the store, not in Rasa."""

    async def known(self) -> Known:
        """What they have shown today: a name, and orders, the latest last."""

    async def is_verified(self, order: str) -> bool:
        """Whether this order was shown to be theirs today."""

    async def is_locked(self, order: str) -> bool:
        """Whether there were too many wrong tries, by them or at this order."""

    async def try_postcode(self, order: str, postcode: str) -> bool:
        """Whether they belong together; that, or the failure, is recorded."""

    async def locked_until(self) -> datetime | None:
        """Until when nothing is looked up for them, after too many wrong tries."""

    async def has_code(self, order: str) -> bool:
        """Whether a code for this order was sent to them that would be right now."""

    async def send_code(self, order: str) -> int | None:
        """Send a one-time code to the address on file, if there is such an order.

        How many more can be sent within the hour; None when none could be sent now.
        """

    async def try_code(self, order: str, code: str) -> bool:
        """Whether this is the code that was sent; that, or the failure, is recorded."""

    async def expect_new_email(self, customer: str) -> None:
        """Their e-mail address is about to be changed: for a day no code is sent to it."""


@dataclass(frozen=True, slots=True)
class StoreIdentity:
    """One conversation's customer, at one turn."""

    database: Database
    backend: Backend
    conversation: str
    turn: str
    now: datetime
    zone: tzinfo
    tasks: Tasks
    _seen: list[Known] = field(default_factory=list, compare=False, repr=False)

    async def known(self) -> Known:
        """What they have shown today; looked up once in a turn, and again after they show more."""
        if not self._seen:
            async with self.database.reading() as session:
                self._seen.append(
                    await identity.known(session, self.conversation, now=self.now, zone=self.zone)
                )
        return self._seen[0]

    async def is_verified(self, order: str) -> bool:
        """Whether this order was shown to be theirs today."""
        return order in (await self.known()).verified_orders

    async def is_locked(self, order: str) -> bool:
        """Whether there were too many wrong tries, by them or at this order."""
        async with self.database.reading() as session:
            until = await tries.locked_until(session, self.conversation, order, now=self.now)
        return until is not None

    async def try_postcode(self, order: str, postcode: str) -> bool:
        """Whether they belong together; that, or the failure, is recorded."""
        found = await self.backend.find_order(order)
        async with self.database.writing() as session:
            is_right = await identity.try_postcode(
                session, self.conversation, order, postcode, self.turn, order=found, now=self.now
            )
        self._seen.clear()
        if not is_right:
            logger.info("conversation %s turn %s: no such order", self.conversation, self.turn)
        return is_right

    async def locked_until(self) -> datetime | None:
        """Until when nothing is looked up for them, after too many wrong tries."""
        async with self.database.reading() as session:
            return await tries.locked_until(session, self.conversation, now=self.now)

    async def has_code(self, order: str) -> bool:
        """Whether a code for this order was sent to them that would be right now."""
        async with self.database.reading() as session:
            return await codes.has_code(session, self.conversation, order, now=self.now)

    async def send_code(self, order: str) -> int | None:
        """Send a one-time code; a number of nobody, or without an address, sounds the same."""
        found = await self.backend.find_order(order)
        try:
            async with self.database.writing() as session:
                code = await codes.issue_code(session, self.conversation, order, now=self.now)
                left = await codes.codes_left(session, order, now=self.now)
        except NotAllowed:
            logger.info("conversation %s: no more codes", self.conversation)
            return None
        if found is not None:
            self.tasks.start(self._mail(found, code), about=self.conversation)
        return left

    async def _mail(self, order: Order, code: str) -> None:
        """Send it while the customer is answered already.

        How long the mail takes, or that it fails, would tell which orders exist.
        """
        try:
            if not await self._has_new_email(order):
                await self.backend.send_code(order.number, code, key=self.turn)
        except Refused as error:
            logger.info("conversation %s: no code: %s", self.conversation, error.reason)
        except Unavailable as error:
            logger.error("conversation %s: no code: %s", self.conversation, error)

    async def expect_new_email(self, customer: str) -> None:
        """Their e-mail address is about to be changed: for a day no code is sent to it."""
        async with self.database.writing() as session:
            await codes.note_new_email(session, self.conversation, customer, now=self.now)

    async def _has_new_email(self, order: Order) -> bool:
        if order.customer is None:
            return False
        async with self.database.reading() as session:
            return await codes.has_new_email(session, order.customer, now=self.now)

    async def try_code(self, order: str, code: str) -> bool:
        """Whether this is the code that was sent; that, or the failure, is recorded."""
        found = await self.backend.find_order(order)
        async with self.database.writing() as session:
            is_right = await identity.try_code(
                session, self.conversation, order, code, self.turn, order=found, now=self.now
            )
        self._seen.clear()
        return is_right
