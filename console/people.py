"""The owner's page of users: who may come in, as what."""

import logging

from aiohttp import web

from console.context import Visit, see_other
from console.first_run import link_url
from core.errors import BadInput, Conflict, NotFound, Unavailable
from core.people import User, UserRole
from store import audit, listing, users

logger = logging.getLogger("console")


async def users_page(visit: Visit) -> web.StreamResponse:
    """Everybody, and the form for one more."""
    return await _page(visit)


async def add_user(visit: Visit) -> web.StreamResponse:
    """Add a user and show the link with which they set their password, this once."""
    roles = frozenset(role for role in UserRole if visit.form.get(f"role_{role}") == "on")
    try:
        async with visit.console.database.writing() as session:
            user = await users.create(
                session,
                email=visit.form.get("email", ""),
                name=visit.form.get("name", ""),
                roles=roles,
            )
            token = await users.make_link(session, user.id, now=visit.console.now())
            await audit.record(
                session, actor=visit.user.id, action="user.added", subject=user.id,
                now=visit.console.now(), detail=",".join(sorted(roles)),
            )  # fmt: skip
    except BadInput as error:
        return await _page(visit, message=str(error), status=400)
    return await _page(visit, fresh=user, link=link_url(visit.console.settings, token))


async def new_link(visit: Visit) -> web.StreamResponse:
    """Let a user in again: a link with which they set a new password."""
    async with visit.console.database.writing() as session:
        user = await users.get(session, visit.part("user"))
        if not user.is_active:
            raise BadInput(f"{user.name} is shut out; let them in first.")
        token = await users.make_link(session, user.id, now=visit.console.now())
        await audit.record(
            session, actor=visit.user.id, action="user.linked", subject=user.id,
            now=visit.console.now(),
        )  # fmt: skip
    return await _page(visit, fresh=user, link=link_url(visit.console.settings, token))


async def set_active(visit: Visit) -> web.StreamResponse:
    """Shut a user out at once and queue what they hold, or let them in again."""
    is_active = visit.form.get("active") == "yes"
    user_id = visit.part("user")
    if user_id == visit.user.id:
        raise BadInput("You cannot shut yourself out; another owner can.")
    async with visit.console.database.writing() as session:
        user = await users.get(session, user_id)
        await users.set_active(session, user_id, is_active=is_active)
        action = "user.activated" if is_active else "user.deactivated"
        if user.is_active is not is_active:
            await audit.record(
                session, actor=visit.user.id, action=action, subject=user_id,
                now=visit.console.now(),
            )  # fmt: skip
    if is_active:
        return see_other("/users")
    return await _queue_again(visit, user)


async def set_teams(visit: Visit) -> web.StreamResponse:
    """Say which teams a user belongs to, divided by commas; audited."""
    user_id = visit.part("user")
    try:
        async with visit.console.database.writing() as session:
            before = await users.get(session, user_id)
            after = await users.set_teams(session, user_id, [visit.form.get("teams", "")])
            if after != before:
                await audit.record(
                    session, actor=visit.user.id, action="user.teams_changed", subject=user_id,
                    now=visit.console.now(),
                )  # fmt: skip
    except BadInput as error:
        return await _page(visit, message=str(error), status=400)
    return see_other("/users")


async def _queue_again(visit: Visit, user: User) -> web.StreamResponse:
    """Put what somebody holds who is shut out back to the queue; say how many stayed theirs."""
    for conversation_id in await _held_by(visit, user):
        try:
            await visit.console.live.transfer(conversation_id, user=visit.user.id, to=None)
        except (Conflict, NotFound):
            continue  # closed or passed on at this moment
        except Unavailable as error:
            logger.warning("what user %s holds was not put back to the queue: %s", user.id, error)
            break
    if left := len(await _held_by(visit, user)):
        return await _page(visit, left=(user, left), status=503)
    return see_other("/users")


async def _held_by(visit: Visit, user: User) -> tuple[str, ...]:
    async with visit.console.database.reading() as session:
        return (await listing.held(session)).get(user.id, ())


async def _page(
    visit: Visit,
    *,
    fresh: User | None = None,
    link: str = "",
    left: tuple[User, int] | None = None,
    message: str = "",
    status: int = 200,
) -> web.Response:
    """The page; `left` is who was shut out, how many they still hold."""
    async with visit.console.database.reading() as session:
        everyone = await users.everyone(session)
        held = await listing.held(session)
    form = {} if fresh else visit.form
    return visit.page(
        "users.html", status=status, everyone=everyone, roles=tuple(UserRole),
        fresh=fresh, link=link, left=left, message=message, form=form,
        held={user: len(conversations) for user, conversations in held.items()},
    )  # fmt: skip
