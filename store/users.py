"""People at work: their accounts, one-time links, sessions and failed sign-ins.

Tokens are kept as SHA-256 only; who reads the database cannot sign in with what it holds.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput, NotFound
from core.ids import new_id
from core.people import User, UserRole, read_teams
from store.database import keyed_hash
from store.tables import SessionRow, SignInFailureRow, SignInLinkRow, UserRow

LINK_HOURS = 24  # a one-time link is used the day it is made
FAILURE_HOURS = 24  # longer than any wait that failed sign-ins cause


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: whose it is, and what its forms must carry."""

    user: User
    csrf: str


async def create(
    session: AsyncSession, *, email: str, name: str, roles: frozenset[UserRole]
) -> User:
    """Add a user without a password; they set it through a one-time link.

    Raises:
        BadInput: the address is no address, is taken, or no role is given.
    """
    address = _checked_address(email)
    if not roles:
        raise BadInput(f"Choose a role, or several: {', '.join(UserRole)}.")
    if await find_by_email(session, address) is not None:
        raise BadInput(f"There is already a user {address}.")
    row = UserRow(
        id=new_id(),
        email_hash=_email_hash(session, address),
        email=address,
        name=name.strip() or address.split("@", maxsplit=1)[0],
        roles=sorted(role.value for role in roles),
        is_active=True,
    )
    session.add(row)
    await session.flush()
    return _user_of(row)


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    """The user who signs in with this address, or None."""
    row = await session.scalar(
        select(UserRow).where(UserRow.email_hash == _email_hash(session, email))
    )
    return None if row is None else _user_of(row)


async def get(session: AsyncSession, user_id: str) -> User:
    """A user.

    Raises:
        NotFound: there is none with this id.
    """
    return _user_of(await _get_row(session, user_id))


async def everyone(session: AsyncSession) -> tuple[User, ...]:
    """All users, in the order they were added."""
    rows = await session.scalars(select(UserRow).order_by(UserRow.id))
    return tuple(_user_of(row) for row in rows)


async def rename(session: AsyncSession, user_id: str, *, email: str, name: str) -> User:
    """Give a user another address and name; they sign in with the new address.

    Raises:
        NotFound: there is none with this id.
        BadInput: the address is no address, or somebody else's.
    """
    address = _checked_address(email)
    row = await _get_row(session, user_id)
    taken = await find_by_email(session, address)
    if taken is not None and taken.id != user_id:
        raise BadInput(f"There is already a user {address}.")
    row.email_hash = _email_hash(session, address)
    row.email = address
    row.name = name.strip() or address.split("@", maxsplit=1)[0]
    await session.flush()
    return _user_of(row)


async def set_teams(session: AsyncSession, user_id: str, teams: Iterable[str]) -> User:
    """Say which teams a user belongs to; none at all is fine.

    Raises:
        NotFound: there is none with this id.
        BadInput: a name is too long, or there are too many.
    """
    row = await _get_row(session, user_id)
    row.teams = list(read_teams(teams))
    await session.flush()
    return _user_of(row)


async def teams(session: AsyncSession) -> tuple[str, ...]:
    """The teams that anybody belongs to, in order."""
    found = {team for user in await everyone(session) for team in user.teams}
    return tuple(sorted(found, key=str.casefold))


async def set_active(session: AsyncSession, user_id: str, *, is_active: bool) -> None:
    """Let a user in, or shut them out at once."""
    (await _get_row(session, user_id)).is_active = is_active
    if not is_active:
        await session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


async def make_link(session: AsyncSession, user_id: str, *, now: datetime) -> str:
    """A token for one visit within a day; earlier links of this user stop working."""
    await _get_row(session, user_id)
    await session.execute(delete(SignInLinkRow).where(SignInLinkRow.user_id == user_id))
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLinkRow(
            token_hash=_token_hash(token),
            user_id=user_id,
            expires_at=now + timedelta(hours=LINK_HOURS),
        )
    )
    await session.flush()
    return token


async def link_owner(session: AsyncSession, token: str, *, now: datetime) -> User | None:
    """Whose link this is, while it is unused and fresh; None otherwise."""
    row = await session.get(SignInLinkRow, _token_hash(token))
    if row is None or row.used_at is not None or row.expires_at < now:
        return None
    return _user_of(await _get_row(session, row.user_id))


async def use_link(
    session: AsyncSession, token: str, password_hash: str, *, now: datetime
) -> User | None:
    """Set the password through a link, once; all earlier sessions of the user end."""
    used = await session.execute(
        update(SignInLinkRow)
        .where(SignInLinkRow.token_hash == _token_hash(token))
        .where(SignInLinkRow.used_at.is_(None), SignInLinkRow.expires_at >= now)
        .values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined] # an UPDATE has a rowcount
        return None
    link = await session.get(SignInLinkRow, _token_hash(token))
    if link is None:
        return None
    row = await _get_row(session, link.user_id)
    row.password_hash = password_hash
    await session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
    await session.flush()
    return _user_of(row)


async def password_hash(session: AsyncSession, user_id: str) -> str | None:
    """The stored argon2 hash, or None when no password was set yet."""
    return (await _get_row(session, user_id)).password_hash


async def set_password_hash(session: AsyncSession, user_id: str, hashed: str) -> None:
    """Replace the stored hash: the same password, stronger parameters."""
    (await _get_row(session, user_id)).password_hash = hashed


async def start_session(
    session: AsyncSession, user_id: str, *, now: datetime, hours: int
) -> tuple[str, str]:
    """A new session's token and its CSRF value."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    session.add(
        SessionRow(
            token_hash=_token_hash(token),
            user_id=user_id,
            csrf=csrf,
            expires_at=now + timedelta(hours=hours),
        )
    )
    await session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
    await session.flush()
    return token, csrf


async def find_session(session: AsyncSession, token: str, *, now: datetime) -> SignedIn | None:
    """Who is signed in with this token, or None."""
    row = await session.get(SessionRow, _token_hash(token))
    if row is None or row.expires_at < now:
        return None
    user = await get(session, row.user_id)
    return SignedIn(user, row.csrf) if user.is_active else None


async def end_session(session: AsyncSession, token: str) -> None:
    """Sign out."""
    await session.execute(delete(SessionRow).where(SessionRow.token_hash == _token_hash(token)))


async def record_failure(session: AsyncSession, what: str, *, now: datetime) -> None:
    """A sign-in failed, for an address or from a place; those of yesterday are forgotten."""
    old = now - timedelta(hours=FAILURE_HOURS)
    await session.execute(delete(SignInFailureRow).where(SignInFailureRow.at < old))
    session.add(SignInFailureRow(key=keyed_hash(session, f"sign-in:{what}"), at=now))
    await session.flush()


async def failures_since(session: AsyncSession, what: str, since: datetime) -> int:
    """How many sign-ins failed for `what` since then."""
    count = await session.scalar(
        select(func.count())
        .select_from(SignInFailureRow)
        .where(SignInFailureRow.key == keyed_hash(session, f"sign-in:{what}"))
        .where(SignInFailureRow.at >= since)
    )
    return count or 0


async def failures(session: AsyncSession, what: str, since: datetime) -> tuple[datetime, ...]:
    """When sign-ins failed for `what` since then, in order: who waits is told how long."""
    rows = await session.scalars(
        select(SignInFailureRow.at)
        .where(SignInFailureRow.key == keyed_hash(session, f"sign-in:{what}"))
        .where(SignInFailureRow.at >= since)
        .order_by(SignInFailureRow.at)
    )
    return tuple(rows)


async def forget_failures(session: AsyncSession, what: str) -> None:
    """A sign-in succeeded."""
    key = keyed_hash(session, f"sign-in:{what}")
    await session.execute(delete(SignInFailureRow).where(SignInFailureRow.key == key))


def _checked_address(email: str) -> str:
    address = email.strip()
    if not address:
        raise BadInput("Give an e-mail address.")
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise BadInput(f"“{address}” is no e-mail address.")
    return address


def _email_hash(session: AsyncSession, email: str) -> str:
    return keyed_hash(session, f"user:{email.strip().casefold()}")


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _get_row(session: AsyncSession, user_id: str) -> UserRow:
    row = await session.get(UserRow, user_id)
    if row is None:
        raise NotFound(f"no user {user_id}")
    return row


def _user_of(row: UserRow) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(UserRole(role) for role in row.roles),
        is_active=row.is_active,
        has_password=row.password_hash is not None,
        teams=tuple(row.teams),
    )
