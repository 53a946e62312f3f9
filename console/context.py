"""What a page needs: the console's parts, and one visit of one person."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from console.live import LiveCommands
from console.pages import Pages
from console.passwords import Passwords
from core.errors import NotAllowed
from core.people import User, UserRole
from core.settings import Settings
from store.database import Database
from store.files import StoredFiles
from store.users import SignedIn

REVIEWERS = frozenset({UserRole.OWNER, UserRole.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Console:
    """The parts that all pages share."""

    settings: Settings
    database: Database
    files: StoredFiles
    live: LiveCommands
    passwords: Passwords
    pages: Pages
    now: Callable[[], datetime]

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by https, so that cookies may demand it."""
        return self.settings.public_url.startswith("https://")


CONSOLE: web.AppKey[Console] = web.AppKey("console", Console)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: by whom, and with which form."""

    request: web.Request
    console: Console
    signed: SignedIn | None
    csrf: str
    form: Mapping[str, str]
    wants_json: bool = False

    @property
    def user(self) -> User:
        """Who is signed in.

        Raises:
            NotAllowed: nobody is.
        """
        if self.signed is None:
            raise NotAllowed("Sign in first.")
        return self.signed.user

    @property
    def is_reviewer(self) -> bool:
        """Whether the person may score, correct, export and delete."""
        return bool(self.user.roles & REVIEWERS)

    def part(self, name: str) -> str:
        """A part of the path, such as the conversation's id."""
        return self.request.match_info[name]

    def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page of HTML for this person."""
        user = self.signed.user if self.signed else None
        text = self.console.pages.render(
            template,
            user=user,
            csrf=self.csrf,
            path=self.request.path,
            is_reviewer=bool(user and user.roles & REVIEWERS),
            **values,
        )
        return web.Response(text=text, status=status, content_type="text/html")

    def data(self, value: Mapping[str, Any], *, status: int = 200) -> web.Response:
        """JSON for one of our scripts."""
        text = json.dumps(value, ensure_ascii=False)
        return web.Response(text=text, status=status, content_type="application/json")


def see_other(path: str) -> web.Response:
    """Send the browser on after a change, so that reloading does not repeat it."""
    return web.Response(status=303, headers={"Location": path})
