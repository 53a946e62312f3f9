"""The owner's page of users: who may come in, as what."""

from aiohttp import web

from console.context import Visit, see_other
from console.first_run import link_url
from core.errors import BadInput
from core.people import User, UserRole
from store import audit, users


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
    """Shut a user out at once, or let them in again."""
    is_active = visit.form.get("active") == "yes"
    user_id = visit.part("user")
    if user_id == visit.user.id:
        raise BadInput("You cannot shut yourself out; another owner can.")
    async with visit.console.database.writing() as session:
        await users.set_active(session, user_id, is_active=is_active)
        action = "user.activated" if is_active else "user.deactivated"
        await audit.record(
            session, actor=visit.user.id, action=action, subject=user_id, now=visit.console.now()
        )
    return see_other("/users")


async def _page(
    visit: Visit,
    *,
    fresh: User | None = None,
    link: str = "",
    message: str = "",
    status: int = 200,
) -> web.Response:
    async with visit.console.database.reading() as session:
        everyone = await users.everyone(session)
    form = {} if fresh else visit.form
    return visit.page(
        "users.html", status=status, everyone=everyone, roles=tuple(UserRole),
        fresh=fresh, link=link, message=message, form=form,
    )  # fmt: skip
