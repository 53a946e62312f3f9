"""Signing in and out, and the one-time link that sets a password."""

from datetime import datetime

from aiohttp import web

from console.access import FORM, SESSION, find_signed_in
from console.context import Visit, see_other
from console.first_run import NEWCOMER
from console.passwords import (
    FREE_PER_ACCOUNT,
    FREE_PER_ADDRESS,
    LONGEST_WAIT_OF_PLACE,
    RULE,
    WINDOW,
    check_password,
    seconds_to_wait,
)
from console.presence import leave
from core.errors import BadInput, NotFound
from core.people import User
from store import audit, users

WRONG = "This e-mail address and password do not belong together."
DEAD_LINK = (
    "This link was used already, or it is older than a day. Ask an owner for a new one; "
    "on the machine itself, `parley user link EMAIL` makes one."
)


async def sign_in_page(visit: Visit) -> web.StreamResponse:
    """The form, or straight on for who is signed in already."""
    onward = _onward(visit.request.query.get("next", ""))
    if await find_signed_in(visit.request, visit.console) is not None:
        return see_other(onward)
    return _sign_in_form(visit, onward=onward)


async def sign_in(visit: Visit) -> web.StreamResponse:
    """Check the password, unless too many were wrong just now."""
    email, password = visit.form.get("email", "").strip(), visit.form.get("password", "")
    onward = _onward(visit.form.get("next", ""))
    passwords = visit.console.passwords
    async with passwords.turn:
        if wait := await _seconds_to_wait(visit, email):
            return _slowed_down(visit, email, onward, wait)
        user = await _user_with(visit, email, password)
        if user is None:
            await _remember_failure(visit, email)
            return _sign_in_form(visit, onward=onward, email=email, message=WRONG, status=401)
        await _remember_success(visit, email, user)
    return await _started(visit, user, onward)


async def sign_out(visit: Visit) -> web.StreamResponse:
    """End the session in the store, not only in the browser."""
    await leave(visit)
    async with visit.console.database.writing() as session:
        await users.end_session(session, visit.request.cookies.get(SESSION, ""))
    response = see_other("/sign-in")
    response.del_cookie(SESSION, path="/")
    response.del_cookie("parley_search", path="/")
    return response


async def link_page(visit: Visit) -> web.StreamResponse:
    """Ask for a password; opening the page does not use the link up."""
    return _link_form(visit, await _link_owner(visit))


async def use_link(visit: Visit) -> web.StreamResponse:
    """Set the password, and for the first owner also the name and the address; then sign in."""
    owner = await _link_owner(visit)
    password, again = visit.form.get("password", ""), visit.form.get("again", "")
    try:
        check_password(password, again)
        hashed = await visit.console.passwords.hash(password)
        async with visit.console.database.writing() as session:
            now = visit.console.now()
            if owner.email == NEWCOMER:
                email, name = visit.form.get("email", ""), visit.form.get("name", "")
                owner = await users.rename(session, owner.id, email=email, name=name)
            if await users.use_link(session, visit.part("token"), hashed, now=now) is None:
                raise NotFound(DEAD_LINK)
            await users.forget_failures(session, _account(owner.email))
            await audit.record(
                session, actor=owner.id, action="user.password_set", subject=owner.id, now=now
            )
    except BadInput as error:
        return _link_form(visit, await _link_owner(visit), message=str(error), status=400)
    return await _started(visit, owner, "/conversations")


async def _link_owner(visit: Visit) -> User:
    async with visit.console.database.reading() as session:
        owner = await users.link_owner(session, visit.part("token"), now=visit.console.now())
    if owner is None or not owner.is_active:
        raise NotFound(DEAD_LINK)
    return owner


async def _user_with(visit: Visit, email: str, password: str) -> User | None:
    """The active user with this address and password; as slow when there is none."""
    passwords = visit.console.passwords
    async with visit.console.database.reading() as session:
        user = await users.find_by_email(session, email)
        stored = await users.password_hash(session, user.id) if user else None
    is_right = await passwords.matches(stored, password)
    if user is None or stored is None or not is_right or not user.is_active:
        return None
    if passwords.is_outdated(stored):
        renewed = await passwords.hash(password)
        async with visit.console.database.writing() as session:
            await users.set_password_hash(session, user.id, renewed)
    return user


async def _started(visit: Visit, user: User, onward: str) -> web.Response:
    console, now = visit.console, visit.console.now()
    async with console.database.writing() as session:
        token, _ = await users.start_session(
            session, user.id, now=now, hours=console.settings.session_hours
        )
        await audit.record(
            session, actor=user.id, action="user.signed_in", subject=user.id, now=now
        )
    response = see_other(onward)
    response.set_cookie(
        SESSION, token, path="/", httponly=True, samesite="Lax", secure=console.is_secure,
        max_age=console.settings.session_hours * 3600,
    )  # fmt: skip
    response.del_cookie(FORM, path="/")
    return response


async def _seconds_to_wait(visit: Visit, email: str) -> int:
    now: datetime = visit.console.now()
    async with visit.console.database.reading() as session:
        account = await users.failures(session, _account(email), now - WINDOW)
        address = await users.failures(session, _place(visit), now - WINDOW)
    return max(
        seconds_to_wait(account, now, free=FREE_PER_ACCOUNT),
        seconds_to_wait(address, now, free=FREE_PER_ADDRESS, longest=LONGEST_WAIT_OF_PLACE),
    )


async def _remember_failure(visit: Visit, email: str) -> None:
    now = visit.console.now()
    async with visit.console.database.writing() as session:
        await users.record_failure(session, _account(email), now=now)
        await users.record_failure(session, _place(visit), now=now)


async def _remember_success(visit: Visit, email: str, user: User) -> None:
    """The account's failures are forgiven; the place's are not, it may try other accounts."""
    del user
    async with visit.console.database.writing() as session:
        await users.forget_failures(session, _account(email))


def _account(email: str) -> str:
    return f"account:{email.strip().casefold()}"


def _place(visit: Visit) -> str:
    """The visitor's address; behind a proxy on this machine, the one the proxy saw."""
    remote = visit.request.remote or "unknown"
    forwarded = visit.request.headers.get("X-Forwarded-For", "")
    if remote in ("127.0.0.1", "::1") and forwarded:
        return f"address:{forwarded.rsplit(',', maxsplit=1)[-1].strip()}"
    return f"address:{remote}"


def _onward(path: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else "/conversations"


def _slowed_down(visit: Visit, email: str, onward: str, wait: int) -> web.Response:
    unit = f"{wait} seconds" if wait < 120 else f"{-(-wait // 60)} minutes"
    message = f"Too many sign-ins went wrong. Wait {unit}, then try again."
    response = _sign_in_form(visit, onward=onward, email=email, message=message, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _sign_in_form(
    visit: Visit, *, onward: str, email: str = "", message: str = "", status: int = 200
) -> web.Response:
    return _with_token(
        visit,
        visit.page("sign_in.html", status=status, onward=onward, email=email, message=message),
    )


def _link_form(visit: Visit, owner: User, *, message: str = "", status: int = 200) -> web.Response:
    page = visit.page(
        "link.html", status=status, owner=owner, is_newcomer=owner.email == NEWCOMER,
        form=visit.form, message=message, rule=RULE,
    )  # fmt: skip
    return _with_token(visit, page)


def _with_token(visit: Visit, response: web.Response) -> web.Response:
    response.set_cookie(
        FORM, visit.csrf, path="/", httponly=True, samesite="Strict", secure=visit.console.is_secure
    )
    return response
