"""What a desk shares and what it does not: turn ids are the customers' own."""

from datetime import UTC, datetime

from actions.desk import DeskMaker
from actions.embedded import EmbeddedShop
from actions.letters import Letters
from actions.mail import open_mail
from core.settings import Settings
from core.shop import TicketKind
from store.database import Database


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
