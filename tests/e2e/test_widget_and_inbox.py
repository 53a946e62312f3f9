"""Widget and inbox together, with everything real between them: a shop's page on another origin,
the bot, the console, and a line to the customer that breaks in the middle.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from playwright.async_api import FrameLocator, Page, expect

from console.access import SESSION
from core.conversation import Conversation, EventKind, Role
from core.people import UserRole
from core.survey import SurveyKind, SurveyResponse
from examples.widget.serve import shop
from store import conversations, surveys, users
from tests.browser import OpenPage
from tests.channels.broken_line import Line, breakable
from tests.channels.test_widget_page import inside, launcher
from tests.e2e.stack import Stack, stored

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.weights,
    pytest.mark.timeout(900),
]

ANSWER_MS = 45_000  # the bot has 15 s; a machine that runs everything at once takes its time
LOST, STILL_LOST = "asdkjh qwlekj", "qwlekj asdkjh"  # words that mean nothing anywhere
NOT_SURE = re.compile("cannot help with that|not sure what you mean|other words")


@asynccontextmanager
async def open_shop(stack: Stack) -> AsyncIterator[tuple[str, Line]]:
    """The shop's address, and the line that its widget reaches the chat by."""
    async with breakable(int(stack.environment["PARLEY_CHAT_PORT"])) as line:
        server = shop(f"http://127.0.0.1:{line.port}", stack.shop_port)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://localhost:{stack.shop_port}", line
        finally:
            await asyncio.to_thread(server.shutdown)
            server.server_close()
            serving.join()


async def at_work(stack: Stack, page: Page, name: str) -> None:
    """An agent who was made and signed in just now, before the inbox."""
    database = stored(stack)
    now = datetime.now(UTC)
    async with database.writing() as session:
        agent = frozenset({UserRole.AGENT})
        user = await users.create(
            session, email=f"{name.lower()}@example.com", name=name, roles=agent
        )
        token, _ = await users.start_session(session, user.id, now=now, hours=2)
    await database.close()
    await page.context.add_cookies([{"name": SESSION, "value": token, "url": stack.console_url}])
    await page.goto(f"{stack.console_url}/inbox")


async def looked_up(
    stack: Stack, chat: str
) -> tuple[Conversation, dict[SurveyKind, SurveyResponse]]:
    """What is stored of the conversation, and what its survey was answered."""
    database = stored(stack)
    async with database.reading() as session:
        found = await conversations.get(session, chat)
        invitation = await surveys.find_invitation(session, chat)
        given = () if invitation is None else await surveys.responses(session, invitation.id)
    await database.close()
    return found, {answer.kind: answer for answer in given}


async def write(page: Page, chat: FrameLocator, words: str) -> None:
    await chat.get_by_label("Your message").fill(words)
    await page.keyboard.press("Enter")


async def hears(chat: FrameLocator, words: str | re.Pattern[str], who: str = "bot") -> None:
    """The last turn of this kind holds these words."""
    said = chat.locator(f"#turns .{who} .words").last
    await expect(said).to_contain_text(words, timeout=ANSWER_MS)


async def test_from_a_lost_bot_to_an_agent_and_back_to_the_survey(
    stack: Stack, chromium_page: OpenPage
) -> None:
    customer, agent = await chromium_page(), await chromium_page()
    await at_work(stack, agent, "Ann")
    async with open_shop(stack) as (address, line):
        await customer.goto(address)
        await launcher(customer).click()
        chat = inside(customer)
        await expect(chat.locator("#connection")).to_have_text("Connected.")

        # The customer asks, and the bot does not understand, twice: it offers a person.
        await write(customer, chat, LOST)
        await hears(chat, NOT_SURE)
        await write(customer, chat, STILL_LOST)
        await hears(chat, "I still do not understand")
        await (
            chat.get_by_role("group", name="Quick replies")
            .last.get_by_role("button", name="Yes")
            .click()
        )
        await expect(chat.locator("#who")).to_contain_text("Waiting for a person")

        # The agent sees them come, reads why, and takes them; both talk.
        row = agent.locator(".row.waiting", has_text=STILL_LOST)
        await expect(row).to_be_visible(timeout=ANSWER_MS)
        await row.get_by_role("button", name="Take it").click()
        await agent.wait_for_url("**/conversations/**")
        name = agent.url.rsplit("/", maxsplit=1)[-1].split("?")[0]
        await expect(chat.locator("#who")).to_have_text("You are talking with Ann.")
        await agent.locator("#draft").fill("Hello, I am Ann. What can I do for you?")
        await agent.locator("#send").click()
        await hears(chat, "Hello, I am Ann.", "agent")

        # The line breaks while both write: nothing is lost, nothing comes twice.
        line.cut()
        await expect(chat.locator("#connection")).to_contain_text("Reconnecting")
        await write(customer, chat, "I only want to know where my order is.")
        await expect(chat.locator("#pending .words")).to_have_text(
            ["I only want to know where my order is."]
        )
        await agent.locator("#draft").fill("Are you still there?")
        await agent.locator("#send").click()
        await expect(agent.locator("#turns .text").last).to_have_text("Are you still there?")
        line.mend()
        await hears(chat, "Are you still there?", "agent")
        await expect(chat.locator("#pending .words")).to_have_count(0, timeout=ANSWER_MS)
        await expect(agent.locator("#turns .text").last).to_have_text(
            "I only want to know where my order is.", timeout=ANSWER_MS
        )
        await expect(agent.locator("#turns .delivery:visible")).to_have_text(
            ["✓ delivered"] * await agent.locator("#turns .delivery:visible").count()
        )
        silent = await chat.locator("#turns .bot").count()
        await write(customer, chat, "when are you open?")  # the bot knows, and holds its tongue
        await expect(agent.locator("#turns .text").last).to_have_text(
            "when are you open?", timeout=ANSWER_MS
        )
        assert await chat.locator("#turns .bot").count() == silent

        # The agent hands back; the bot answers what was left, and goes on to the end.
        await agent.get_by_text("Hand back to the bot…").click()
        await agent.locator('input[name="note"][required]').fill("The bot can look it up")
        await agent.get_by_role("button", name="Hand back", exact=True).click()
        await expect(chat.locator("#who")).to_contain_text("a bot", timeout=ANSWER_MS)
        await expect(
            chat.locator("#turns .bot .words").filter(has_text="Our shop and showroom")
        ).to_have_count(1, timeout=ANSWER_MS)
        await hears(chat, "order number")
        await write(customer, chat, "HP-10442")
        await hears(chat, "postcode")
        await write(customer, chat, "bn1 4gh")

        # It asks how that was, and is answered on its scales.
        for question, step in (("How was this for you", "5"), ("easy", "7")):
            scale = chat.get_by_role("radiogroup", name=re.compile(question)).last
            await scale.get_by_role("radio", name=re.compile(f"^{step}")).check(
                timeout=ANSWER_MS, force=True
            )
            await chat.get_by_role("button", name="Send answer").last.click()
        await hears(chat, re.compile("thank", re.IGNORECASE))
        shown = await chat.locator("#turns .turn .words").all_inner_texts()
    found, answers = await looked_up(stack, name)
    assert [turn.text for turn in found.turns] == shown, "seen is what is stored, once and in order"
    assert {kind: answer.score for kind, answer in answers.items()} == {
        SurveyKind.CSAT: 5,
        SurveyKind.CES: 7,
    }
    held, came_back = EventKind.TAKEN, EventKind.RETURNED
    kinds = [one.kind for one in found.events]
    assert [kind for kind in kinds if kind in (EventKind.HANDED_OFF, held, came_back)] == [
        EventKind.HANDED_OFF,
        held,
        came_back,
    ]
    customer_and_agent = [Role.AGENT, Role.AGENT, Role.CUSTOMER, Role.CUSTOMER]
    assert _between(found, held, came_back) == customer_and_agent, "the bot is silent meanwhile"
    await customer.close()


def _between(found: Conversation, first: EventKind, last: EventKind) -> list[Role]:
    """Who spoke between two events."""
    at = {event.kind: event.at for event in found.events if event.at is not None}
    return [
        turn.role
        for turn in found.turns
        if turn.said_at is not None and at[first] <= turn.said_at <= at[last]
    ]
