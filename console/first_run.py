"""The way in before anybody has a password: one link, printed where Parley was started."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.people import User, UserRole
from core.settings import Settings
from store import users
from store.database import Database

NEWCOMER = "owner@example.invalid"  # RFC 2606: nobody's; the link's page asks for the real one


async def owner_link(settings: Settings, database: Database) -> str | None:
    """A one-time link that makes an owner; None once an active owner has a password.

    An earlier link stops working: the one printed last is the one that counts.
    """
    now = datetime.now(UTC)
    async with database.writing() as session:
        everyone = await users.everyone(session)
        owners = [user for user in everyone if UserRole.OWNER in user.roles and user.is_active]
        if any(user.has_password for user in owners):
            return None
        owner = owners[0] if owners else await _newcomer(session)
        token = await users.make_link(session, owner.id, now=now)
    return link_url(settings, token)


def link_url(settings: Settings, token: str) -> str:
    """The address of a one-time link, as a person opens it."""
    return f"{base_url(settings)}/link/{token}"


def base_url(settings: Settings) -> str:
    """Where people reach the console."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 -- read, not bound
    return f"http://{host}:{settings.console_port}"


async def _newcomer(session: AsyncSession) -> User:
    return await users.create(
        session, email=NEWCOMER, name="Owner", roles=frozenset({UserRole.OWNER})
    )
