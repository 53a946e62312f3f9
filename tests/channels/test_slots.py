"""What the store tells the bot after a return: slots that domain.yml has, or the turn fails."""

from pathlib import Path

import yaml

from store import shop
from tests.channels.stage import Stage

DOMAIN = Path(__file__).parents[2] / "domain.yml"


async def test_only_slots_of_the_domain_are_sent(stage: Stage) -> None:
    known = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["slots"]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        await stage.command(chat, "take", {"user": "ann", "name": "Ann"})
        async with stage.room.database.writing() as session:
            await shop.record_verification(session, chat, "HP-10442", "m1", now=stage.room.clock())
        await stage.command(chat, "return", {"user": "ann"})
        await visitor.ask("and now?")
    slots = stage.bot.asked[-1]["slots"]
    assert slots == {"last_order": "HP-10442"}
    assert set(slots) <= set(known)
