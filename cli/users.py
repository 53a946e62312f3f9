"""`parley user`: people at work, and the way back in."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.storing import ACTOR, in_store
from console.first_run import link_url
from core.errors import NotFound
from core.people import User, UserRole
from core.settings import Settings, load_settings
from store import audit, users

app = typer.Typer(
    help="People at work: add, list, let in again.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Email = Annotated[str, typer.Argument(metavar="EMAIL")]


@app.command("list")
def show() -> None:
    """List everybody who may sign in."""
    everyone = in_store(load_settings(), users.everyone)
    if not everyone:
        typer.echo("Nobody yet: `parley run` prints the owner's first link.")
    for user in everyone:
        state = "" if user.is_active else ", shut out"
        password = "" if user.has_password else ", has not signed in yet"
        teams = f", {', '.join(user.teams)}" if user.teams else ""
        typer.echo(f"{user.email}  {user.name}  {_roles(user)}{teams}{state}{password}")


@app.command()
def add(
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="As customers and colleagues see it.")] = "",
    role: Annotated[list[UserRole] | None, typer.Option(help="May be given again.")] = None,
) -> None:
    """Add somebody (an agent, unless --role says more) and print their one-time link."""
    settings = load_settings()
    roles = frozenset(role or [UserRole.AGENT])

    async def work(session: AsyncSession) -> str:
        user = await users.create(session, email=email, name=name, roles=roles)
        await _audit(session, "user.added", user)
        return await users.make_link(session, user.id, now=datetime.now(UTC))

    _print_link(settings, in_store(settings, work))


@app.command()
def link(email: Email) -> None:
    """Print a new one-time link to set a password, for somebody who cannot get in."""
    settings = load_settings()

    async def work(session: AsyncSession) -> str:
        user = await _named(session, email)
        await _audit(session, "user.link_made", user)
        return await users.make_link(session, user.id, now=datetime.now(UTC))

    _print_link(settings, in_store(settings, work))


@app.command("shut-out")
def shut_out(email: Email) -> None:
    """End somebody's sessions and let them in no more."""
    _set_active(email, is_active=False)
    typer.echo(f"{email} is shut out; `parley user let-in {email}` undoes it.")


@app.command("let-in")
def let_in(email: Email) -> None:
    """Let somebody in again who was shut out."""
    _set_active(email, is_active=True)
    typer.echo(f"{email} may sign in again.")


@app.command()
def teams(
    email: Email,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[TEAM]...", help="None takes them out of all.")
    ] = None,
) -> None:
    """Say which teams somebody belongs to, for reports by team."""

    async def work(session: AsyncSession) -> User:
        user = await _named(session, email)
        after = await users.set_teams(session, user.id, names or [])
        await _audit(session, "user.teams_changed", user)
        return after

    after = in_store(load_settings(), work)
    typer.echo(f"{email}: {', '.join(after.teams) or 'in no team'}")


def _set_active(email: str, *, is_active: bool) -> None:
    async def work(session: AsyncSession) -> None:
        user = await _named(session, email)
        await users.set_active(session, user.id, is_active=is_active)
        await _audit(session, "user.let_in" if is_active else "user.shut_out", user)

    in_store(load_settings(), work)


async def _named(session: AsyncSession, email: str) -> User:
    user = await users.find_by_email(session, email)
    if user is None:
        raise NotFound(f"nobody signs in as {email}; `parley user list` shows who does")
    return user


async def _audit(session: AsyncSession, action: str, user: User) -> None:
    await audit.record(session, actor=ACTOR, action=action, subject=user.id, now=datetime.now(UTC))


def _print_link(settings: Settings, token: str) -> None:
    typer.echo(f"Open within {users.LINK_HOURS} hours, once: {link_url(settings, token)}")


def _roles(user: User) -> str:
    return ", ".join(sorted(user.roles))
