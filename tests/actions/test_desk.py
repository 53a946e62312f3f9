"""What a desk shares and what it does not: turn ids are the customers' own."""

import asyncio
from datetime import UTC, datetime

import pytest

from actions.desk import DeskMaker
from actions.embedded import EmbeddedShop
from actions.letters import Letters
from core.settings import Settings
from core.shop import TicketKind
from mail.folder import FileMail
from mail.letter import Letter, MailUnavailable
from mail.opening import open_mail
from store.database import Database


async def test_no_answer_waits_for_the_mail(
    desks: DeskMaker, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long it takes would tell which orders exist."""
    gate, sent = asyncio.Event(), []

    async def wait(_mail: FileMail, letter: Letter) -> None:
        await gate.wait()
        sent.append(letter.to)

    monkeypatch.setattr(FileMail, "send", wait)
    async with asyncio.timeout(5):
        for number in ("HP-10442", "HP-99999"):
            assert await desks.open(chat, "turn-1").identity.send_code(number) == 2
    assert sent == []
    gate.set()
    await desks.tasks.finish()
    assert len(sent) == 1


async def test_a_mail_server_that_is_down_is_logged_and_nothing_else(
    desks: DeskMaker, chat: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_args: object) -> None:
        raise MailUnavailable("the mail server is down", retryable=True)

    monkeypatch.setattr(FileMail, "send", fail)
    assert await desks.open(chat, "turn-1").identity.send_code("HP-10442") == 2
    await desks.tasks.finish()
    assert "no code: the mail server is down" in caplog.text


async def test_equal_turn_ids_of_two_conversations_change_two_things(
    settings: Settings, database: Database
) -> None:
    now = datetime(2025, 6, 5, 9, tzinfo=UTC)
    shop = EmbeddedShop(
        database, settings.zone, open_mail(settings), Letters(settings.company), lambda: now
    )
    open_desk = DeskMaker(database, shop, settings.zone, lambda: now).open
    numbers = []
    for conversation in ("one", "other", "one"):
        key = open_desk(conversation, "turn-1").turn
        ticket = await shop.open_ticket(TicketKind.COMPLAINT, "late", order=None, key=key)
        numbers.append(ticket.number)
    assert numbers[0] == numbers[2] != numbers[1]
