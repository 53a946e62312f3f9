"""Changing contact details: who is told, what follows a bounce, and no code to a new address."""

from datetime import timedelta

import pytest

from actions.desk import DeskMaker
from actions.form import TaskForm
from actions.tasks import ALL
from core.settings import Settings
from mail.letter import AddressRefused, MailUnavailable
from store import audit
from store.database import Database
from tests.actions.conftest import NOW
from tests.actions.reference_shop import Clock, Postbox, embedded
from tests.actions.talk import Talk

WISH = "change my e-mail to new@example.com for HP-10442, BN1 4GH"


async def change(talk: Talk, wish: str = WISH) -> str:
    await talk.say(wish, "change_contact")
    return await talk.say("yes", "affirm")


@pytest.mark.parametrize(
    ("error", "told", "actions"),
    [
        (AddressRefused("refused: [550]"), "I have changed your e-mail", ["shop.notice_bounced"]),
        (MailUnavailable("down", retryable=True), "could not send the notice to your old", []),
    ],
)
async def test_a_notice_that_bounces_holds_nothing_up_a_dead_server_does(  # noqa: PLR0917
    talk: Talk,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    told: str,
    actions: list[str],
) -> None:
    async def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr("mail.folder.FileMail.send", fail)
    assert told in await change(talk)
    async with database.reading() as session:
        rows = await audit.rows_of(session, "C-1001")
    assert [row.action for row in rows if row.action.startswith("shop.")] == actions


@pytest.mark.parametrize(("hours", "letters"), [(23, 1), (25, 2)])
async def test_no_code_goes_to_an_address_that_is_new(
    database: Database, settings: Settings, chat: str, hours: int, letters: int
) -> None:
    clock, postbox = Clock(), Postbox()
    clock.now = NOW
    desk = DeskMaker(database, embedded(database, postbox, clock), settings.zone, clock)
    talk = Talk(TaskForm(ALL, desk.open), chat)
    assert "I have changed your e-mail" in await change(talk)
    clock.now = NOW + timedelta(hours=hours)
    await talk.say("where is HP-10530", "order_status")
    said = await talk.press("Send me a code")
    assert said.startswith("If we have an e-mail address for that order")
    await desk.tasks.finish()
    assert len(postbox.letters) == letters  # the notice, and a code


async def test_letters_that_mail_servers_seldom_take_are_not_taken(talk: Talk) -> None:
    await talk.say("change my e-mail for HP-10442 BN1 4GH", "change_contact")
    known = {**talk.slots["collected"], "email": "j\u00f6@example.com"}
    talk.slots |= {"collected": known}
    assert "plain letters" in await talk.repeat()
    assert talk.asked == "email"
    assert "to a@example.com" in await talk.say("a@example.com")
