"""A database that is away, and what nobody foresaw: the call is bridged, and never just dropped."""

from contextlib import AbstractAsyncContextManager

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from channels.phone.switchboard import Switchboard
from core.errors import Unavailable
from store.database import Database
from tests.channels.phone.line import House, path_of, verbs, words


class Locked(AbstractAsyncContextManager[AsyncSession]):
    """A transaction that cannot be begun."""

    async def __aenter__(self) -> AsyncSession:
        raise Unavailable("the database is locked", retryable=True)

    async def __aexit__(self, *_: object) -> None:
        """Nothing was begun."""


def locked(_database: Database) -> Locked:
    return Locked()


async def test_a_locked_database_is_bridged_and_the_call_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = house.phone()
    with monkeypatch.context() as away:
        away.setattr(Database, "writing", locked)
        assert await phone.post("/twilio/voice/incoming", {}) == "One moment, please."
        say, redirect = verbs(phone.last)
        assert (say.tag, redirect.tag) == ("Say", "Redirect")
    assert "How can I help?" in await phone.follow()
    assert "bot: hello" in await phone.say("hello")


async def test_a_database_that_stays_away_is_told_in_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = house.phone()
    monkeypatch.setattr(Database, "writing", locked)
    await phone.post("/twilio/voice/incoming", {})
    times = 0
    while (then := verbs(phone.last)[-1]).tag == "Redirect":
        times += 1
        await phone.post(path_of(then.text or ""), {})
    assert times == 3
    assert then.tag == "Hangup"
    assert "Please call again in a few minutes." in words(phone.last)


async def test_an_error_that_nobody_foresaw_is_said_by_us(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> str:
        raise KeyError("a bug")

    phone = house.phone()
    await phone.ring()
    monkeypatch.setattr(Switchboard, "heard", broken)
    await phone.post("/twilio/voice/heard?step=1", {"SpeechResult": "hello"})
    assert [verb.tag for verb in verbs(phone.last)] == ["Say", "Hangup"]
