"""Showing that an order is the customer's: its postcode, or a code sent to the address on file.

Nothing here says whether an order number exists: a number of nobody is asked for its postcode and
is promised a code like any other, and a wrong try is told in the same words.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from actions.backend import Backend
from core.errors import NotAllowed, Unavailable
from core.shop import Order, Refused, normalise_postcode
from core.tasks import Tasks
from store import codes, identity, tries
from store.database import Database
from store.identity import Known

logger = logging.getLogger(__name__)

COMPARED = 2  # orders shown last: who speaks of another has shown one of them a moment ago
MOST_SHOWN = 20  # orders, the newest: who asks for an older one has its number


class Identity(Protocol):
    """What is known of who the customer of one conversation is; kept in the store, not in Rasa."""

    async def known(self) -> Known:
        """What they have shown today: a name, and orders, the latest last."""

    async def is_verified(self, order: str) -> bool:
        """Whether this order was shown to be theirs today."""

    async def goes_with_shown(self, order: str) -> bool:
        """Whether it goes to the customer and the postcode of one that was shown; then it is too.

        What showed the one shows the other: the postcode would be the same, or the code's address.
        """

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

    async def send_code_to(self, email: str) -> int | None:
        """As `send_code`, to an e-mail address, if it is that of a customer with an order."""

    async def try_code_of(self, email: str, code: str) -> bool:
        """As `try_code`; a right one shows all orders of the address's customer."""

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

    async def goes_with_shown(self, order: str) -> bool:
        """Whether it goes where one that was shown goes; then it is shown too."""
        shown = (await self.known()).verified_orders
        found = await self.backend.find_order(order) if shown else None
        if found is None or found.customer is None or not await self._is_with(found, shown):
            return False
        async with self.database.writing() as session:
            await identity.record_verification(
                session, self.conversation, found.number, self.turn,
                now=self.now, shop_customer=found.customer, name=found.customer_name,
            )  # fmt: skip
        self._seen.clear()
        return True

    async def _is_with(self, found: Order, shown: Sequence[str]) -> bool:
        """Whether one of those that were shown has this customer and this postcode."""
        place = normalise_postcode(found.postcode)
        for number in shown[-COMPARED:]:
            other = await self.backend.find_order(number)
            is_theirs = other is not None and other.customer == found.customer
            if other is not None and is_theirs and normalise_postcode(other.postcode) == place:
                return True
        return False

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
        return await self._issue(lambda _: order, found)

    async def send_code_to(self, email: str) -> int | None:
        """Send one to an e-mail address; that of nobody sounds the same."""
        owned = await self._orders_of(email)
        return await self._issue(
            lambda session: identity.account_of(session, email), owned[0] if owned else None
        )

    async def _issue(
        self, subject_in: Callable[[AsyncSession], str], found: Order | None
    ) -> int | None:
        """Make a code under a subject, and mail it to the customer of an order that was found."""
        try:
            async with self.database.writing() as session:
                subject = subject_in(session)
                code = await codes.issue_code(session, self.conversation, subject, now=self.now)
                left = await codes.codes_left(session, subject, now=self.now)
        except NotAllowed:
            logger.info("conversation %s: no more codes", self.conversation)
            return None
        if found is not None:
            self.tasks.start(self._mail(found, code), about=self.conversation)
        return left

    async def _orders_of(self, email: str) -> tuple[Order, ...]:
        """All orders of the customer whose address this is, the newest first."""
        customer = await self.backend.find_customer_by_email(email)
        return await self.backend.orders_of(customer.id) if customer else ()

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

    async def try_code_of(self, email: str, code: str) -> bool:
        """Whether this is the code that was sent to the address; that, or the failure, is kept."""
        owned = await self._orders_of(email)
        async with self.database.writing() as session:
            is_right = await identity.try_account_code(
                session, self.conversation, email, code, self.turn,
                orders=owned[:MOST_SHOWN], now=self.now,
            )  # fmt: skip
        self._seen.clear()
        return is_right
