"""Customers of the shop, and the addresses at which it reaches them."""

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput, NotFound
from core.shop import Refused, ShopCustomer
from store.database import keyed_hash
from store.shop.orders import get_row
from store.tables import ShopCustomerRow

# One @, a dot after it, no space: whether a mail arrives is known only by sending one.
_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,190}\.[^@\s<>,;\".]{2,63}")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")  # E.164


async def find_customer(session: AsyncSession, customer: str) -> ShopCustomer | None:
    """The customer with this id, or None."""
    row = await session.get(ShopCustomerRow, customer)
    return None if row is None else _customer_of(row)


async def find_by_email(session: AsyncSession, email: str) -> ShopCustomer | None:
    """The customer with this e-mail address, or None; of several the one who came last."""
    await _hash_earlier(session)
    rows = await session.scalars(
        select(ShopCustomerRow)
        .where(ShopCustomerRow.email_hash == _email_hash(session, email))
        .order_by(ShopCustomerRow.id.desc())
    )
    row = rows.first()
    return None if row is None else _customer_of(row)


async def add_customer(session: AsyncSession, customer: ShopCustomer) -> None:
    """Store a customer, in place of an earlier one with this id."""
    await session.merge(
        ShopCustomerRow(
            id=customer.id,
            name=customer.name,
            email=customer.email,
            phone=customer.phone,
            email_hash=customer.email and _email_hash(session, customer.email),
        )
    )
    await session.flush()


async def customer_of_order(session: AsyncSession, number: str) -> ShopCustomer | None:
    """Whose order this is, when the shop knows; NotFound when there is no such order."""
    row = await get_row(session, number)
    return None if row.customer is None else await find_customer(session, row.customer)


async def email_of_order(session: AsyncSession, number: str) -> str:
    """The e-mail address on file; Refused: no_email."""
    customer = await customer_of_order(session, number)
    if customer is None or customer.email is None:
        raise Refused("no_email")
    return customer.email


async def get_customer(session: AsyncSession, customer: str) -> ShopCustomer:
    """The customer with this id; NotFound when there is none."""
    found = await find_customer(session, customer)
    if found is None:
        raise NotFound("no customer has this id")
    return found


async def change_contact(
    session: AsyncSession, customer: str, *, email: str | None, phone: str | None
) -> ShopCustomer:
    """Change e-mail or phone, or both; what is None stays."""
    check_contact(email, phone)
    row = await session.get(ShopCustomerRow, customer)
    if row is None:
        raise NotFound("no customer has this id")
    row.email, row.phone = email or row.email, phone or row.phone
    row.email_hash = row.email and _email_hash(session, row.email)
    await session.flush()
    return _customer_of(row)


def check_contact(email: str | None, phone: str | None) -> None:
    """Raise BadInput when this is nothing to change to."""
    if email is None and phone is None:
        raise BadInput("an e-mail address or a phone number is needed")
    if email is not None and not _EMAIL.fullmatch(email):
        raise BadInput("this is no e-mail address")
    if phone is not None and not _PHONE.fullmatch(phone):
        raise BadInput("this is no phone number with its country code, such as +441632960001")


def mask_email(email: str) -> str:
    """Enough to know one's own address by: 'r…@example.com'."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"


async def _hash_earlier(session: AsyncSession) -> None:
    """Hash the addresses that were stored before there were hashes; nothing, once it is done."""
    unhashed = ShopCustomerRow.email.is_not(None) & ShopCustomerRow.email_hash.is_(None)
    for row in (await session.scalars(select(ShopCustomerRow).where(unhashed))).all():
        row.email_hash = row.email and _email_hash(session, row.email)
    await session.flush()


def _email_hash(session: AsyncSession, email: str) -> str:
    return keyed_hash(session, f"shop-email:{email.strip().casefold()}")


def _customer_of(row: ShopCustomerRow) -> ShopCustomer:
    return ShopCustomer(row.id, row.name, row.email, row.phone)
