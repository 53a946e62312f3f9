"""The inbox in real browsers, with the real chat beside it: two agents, one customer, a bot."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from channels.routing import Routing
from console.access import SESSION
from console.app import make_app
from console.live import LiveCommands
from core.handoff import Holder
from core.inbox import WorkQueue
from core.people import User, UserRole
from core.survey import SurveyKind
from store import agent_states, canned_answers, handoffs, inbox, users, work_queues
from tests.axe import violations
from tests.browser import PHONE, OpenPage
from tests.build import png
from tests.channels.stage import LIVE_SECRET, Stage, staging
from tests.console.conftest import CHEAP
from tests.console.test_browser import picture

pytestmark = pytest.mark.browser
PEOPLE = {"Ann": UserRole.AGENT, "Ben": UserRole.AGENT, "Sam": UserRole.SUPERVISOR}


@dataclass
class Company:
    """A chat and a console over one database, and people who are signed in."""

    stage: Stage
    console: TestServer
    open_page: OpenPage
    people: dict[str, User]
    tokens: dict[str, str]

    async def at_work(self, who: str, path: str = "/inbox", width: int = 1280, *,
                      dark: bool = False) -> Page:  # fmt: skip
        """A browser in which this person is signed in."""
        page = await self.open_page(width, dark=dark)
        base = str(self.console.make_url("/"))
        await page.context.add_cookies([{"name": SESSION, "value": self.tokens[who], "url": base}])
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        await page.goto(str(self.console.make_url(path)))
        return page

    async def customer(self) -> Page:
        """A browser with the chat."""
        page = await self.open_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        await page.goto(str(self.stage.chat.make_url("/")))
        await expect(page.locator("#connection")).to_have_text("Connected.")
        return page

    async def waiting(self) -> str:
        """The id of the one who waits."""
        async with self.stage.room.database.reading() as session:
            (row,) = await inbox.waiting(session)
        return row.id


@pytest.fixture
async def company(
    tmp_path: Path, migrated: Path, chromium_page: OpenPage
) -> AsyncIterator[Company]:
    shutil.copy(migrated, tmp_path / "parley.db")
    async with staging(tmp_path) as stage:
        database = stage.room.database
        live = LiveCommands(str(stage.live.make_url("/")), LIVE_SECRET)
        server = TestServer(make_app(stage.settings, database, live=live, hasher=CHEAP))
        await server.start_server()
        made = Company(stage, server, chromium_page, {}, {})
        now = datetime.now(UTC)
        for name, role in PEOPLE.items():
            async with database.writing() as session:
                user = await users.create(
                    session, email=f"{name}@example.org", name=name, roles=frozenset({role})
                )
                made.tokens[name], _ = await users.start_session(session, user.id, now=now, hours=9)
            made.people[name] = user
        yield made
        await server.close()
        await live.close()


async def write(page: Page, words: str) -> None:
    await page.locator("#words").fill(words)
    await page.locator("#words").press("Enter")


async def until(look: Callable[[], Awaitable[object]]) -> None:
    """Wait until something is there, for ten seconds."""
    async with asyncio.timeout(10):
        while not await look():
            await asyncio.sleep(0.05)


async def test_two_agents_and_a_customer_from_the_first_word_to_the_survey(
    company: Company, tmp_path: Path
) -> None:
    ann, ben = await company.at_work("Ann"), await company.at_work("Ben")
    await ann.get_by_role("button", name="I am available").click()
    await expect(ann.locator(".here")).to_contain_text("You are available")
    customer = await company.customer()
    await write(customer, "My lamp came broken.")
    await expect(customer.locator(".turn.bot .words").last).to_contain_text("bot: My lamp")
    await write(customer, "agent")

    # It arrives by itself; of two who take it one has it, and the other is told who.
    for page in (ann, ben):
        await expect(page.locator(".row.waiting")).to_have_count(1)
        await expect(page.locator("#waiting")).to_have_text("1 waiting")
    await expect(ann).to_have_title("(1) Inbox · Parley")
    await expect(ann.locator(".row .words")).to_contain_text("My lamp came broken.")
    chat = await company.waiting()
    for page in (ann, ben):  # else the row is gone from the slower one's list before they press
        await page.route("**/inbox/list*", lambda route: route.abort())
    await asyncio.gather(*(page.locator(f"#take-{chat}").click() for page in (ann, ben)))
    for page in (ann, ben):
        await page.wait_for_url(f"**/conversations/{chat}**")
    async with company.stage.room.database.reading() as session:
        holder = (await handoffs.get(session, chat)).agent
    has_ann = holder == company.people["Ann"].id
    mine, theirs = (ann, ben) if has_ann else (ben, ann)
    for page in (ann, ben):
        await page.unroute("**/inbox/list*")
    name, other = ("Ann", "Ben") if has_ann else ("Ben", "Ann")
    await expect(theirs.locator("main")).to_contain_text(f"{name} has this conversation.")
    await expect(customer.locator("#who")).to_have_text(f"You are talking with {name}.")

    # A draft survives a reload, and another device has it too.
    await mine.locator("#draft").fill("I am sorry about the la")
    await expect(mine.locator("#kept")).to_have_text("Kept until it is sent.")
    await mine.evaluate("localStorage.clear()")
    await mine.reload()
    await expect(mine.locator("#draft")).to_have_value("I am sorry about the la")
    await mine.locator("#draft").fill("I am sorry about the lamp.")
    await mine.reload()
    await expect(mine.locator("#draft")).to_have_value("I am sorry about the lamp.")

    # A note stays among colleagues; an answer arrives, also after the connection was cut.
    await mine.locator("#note").fill("Second broken lamp this month.")
    await mine.get_by_role("button", name="Keep the note").click()
    await expect(mine.locator(".note-list")).to_contain_text("Second broken lamp")
    await expect(mine.locator("#draft")).to_have_value("I am sorry about the lamp.")
    await customer.context.set_offline(True)
    await mine.locator("#send").click()
    await expect(mine.locator("#draft")).to_have_value("")
    await customer.context.set_offline(False)
    await expect(customer.locator(".turn.agent .words")).to_have_text("I am sorry about the lamp.")
    await expect(customer.locator(".turn.agent .said")).to_contain_text(name)
    await customer.locator("#picture-file").set_input_files(
        {"name": "lamp.png", "mimeType": "image/png", "buffer": png(40, 30)}
    )
    shown = mine.locator("#turns .picture img")
    await expect(shown).to_have_count(1)
    await expect(customer.locator(".turn.customer .words").last).to_have_text("(picture)")
    for _ in range(100):  # Playwright's own wait needs eval, which the page's policy forbids
        if await shown.evaluate("image => image.naturalWidth") == 40:
            break
        await mine.wait_for_timeout(50)
    assert await shown.evaluate("image => image.naturalWidth") == 40
    await write(customer, "Thank you, what now?")
    await expect(mine.locator("#turns .turn.customer").last).to_contain_text("what now?")
    await picture(mine, tmp_path, "inbox-answering")
    assert await violations(mine) == []

    # Passed on with a note: the colleague sees it come, with what they should know.
    await theirs.goto(str(company.console.make_url("/inbox?view=mine")))
    await expect(theirs.locator(".empty")).to_be_visible()
    await mine.get_by_text("Transfer…").click()
    await mine.locator('select[name="to"]').select_option(company.people[other].id)
    await mine.locator('textarea[name="note"]').last.fill("Wants a new one, not the money.")
    await mine.get_by_role("button", name="Transfer", exact=True).click()
    await expect(mine.locator(".handoff")).to_contain_text(f"{other} has this conversation")
    await expect(customer.locator("#who")).to_have_text(f"You are talking with {other}.")
    await expect(theirs.locator(f"#row-{chat} .passed")).to_contain_text("Wants a new one")
    await picture(theirs, tmp_path, "inbox-passed")
    await theirs.locator(f"#open-{chat}").click()
    await expect(theirs.locator(".handoff .passed")).to_contain_text("not the money.")
    await picture(theirs, tmp_path, "inbox-passed-on")
    await expect(theirs.locator(".note-list")).to_contain_text("Wants a new one, not the money.")

    # Back to the bot, which goes on; it was silent all the while.
    said = [asked.get("text") for asked in company.stage.bot.asked]
    assert said == ["My lamp came broken."]
    await theirs.get_by_text("Hand back to the bot…").click()
    await theirs.locator('input[name="note"][required]').fill("The bot can order the new lamp")
    await theirs.get_by_role("button", name="Hand back", exact=True).click()
    await expect(customer.locator("#who")).to_have_text(
        "You are talking with our assistant, a bot."
    )
    await expect(customer.locator(".turn.bot .words").last).to_have_text(
        "bot: Thank you, what now?"
    )

    # Again a person, who closes it; the customer says how it went.
    await write(customer, "agent")
    await theirs.goto(str(company.console.make_url("/inbox")))
    await theirs.locator(f"#take-{chat}").click()
    await theirs.locator("#draft").fill("One more th")
    await theirs.get_by_text("Close…").click()
    await theirs.locator("#close").click()  # the tick is missing
    await expect(theirs.locator("#draft")).to_have_value("One more th")
    async with company.stage.room.database.reading() as session:
        assert (await handoffs.get(session, chat)).holder is Holder.PERSON
    await picture(theirs, tmp_path, "inbox-closing")
    assert await violations(theirs) == []
    await theirs.locator("#draft").fill("")
    await expect(theirs.locator("#drop")).to_be_hidden()
    await theirs.locator("#draft").fill("Bye")
    await theirs.locator("#drop input").check()
    await theirs.locator("#close").click()
    await theirs.wait_for_url("**/inbox")
    await expect(customer.locator(".step").first).to_be_visible()
    for old in ("Call me back", "Go on with the bot"):
        await expect(customer.get_by_role("button", name=old)).to_have_count(0)
    await customer.locator(".step", has_text="5").first.click()
    await customer.get_by_role("button", name="Send answer").click()
    await expect(customer.locator(".turn.customer .words").last).to_contain_text("5")
    await until(lambda: company.stage.responses(chat))  # shown as sent before it is stored
    (answer, *_) = await company.stage.responses(chat)
    assert (answer.kind, answer.score) == (SurveyKind.CSAT, 5)
    seen = await customer.locator("#turns").inner_text()
    asked_bot = str(company.stage.bot.asked)
    for words in ("Second broken lamp", "not the money", "can order the new lamp"):
        assert words not in seen
        assert words not in asked_bot


async def test_an_offer_comes_to_who_is_there_and_a_ready_answer_is_filled_in(
    company: Company, tmp_path: Path
) -> None:
    async with company.stage.room.database.writing() as session:
        await canned_answers.add(
            session, "Where it is", "Hello {customer}, I am {agent}.", longest=2000,
            user="sam", now=datetime.now(UTC),
        )  # fmt: skip
        await work_queues.add(session, WorkQueue("Orders", (), ("order_change",)))
    ann = await company.at_work("Ann")
    await ann.get_by_role("button", name="I am available").click()
    await expect(ann.locator(".here")).to_contain_text("hold 0 of 3")
    customer = await company.customer()
    await write(customer, "agent")
    await expect(ann.locator(".row.waiting")).to_have_count(1)
    await Routing(company.stage.dialogue).sweep()
    await expect(ann.locator(".offer")).to_contain_text("For you")
    await expect(ann.locator("#inbox-news")).to_have_text("A conversation is offered to you.")
    await picture(ann, tmp_path, "inbox-offer")
    assert await violations(ann) == []
    await ann.locator(".offer").get_by_role("button", name="Take it").click()
    await ann.locator("#put-in").click()
    await expect(ann.locator("#draft")).to_have_value("Hello {customer}, I am Ann.")
    await expect(ann.locator("#missing")).to_have_text("Still to be filled in: {customer}")
    await ann.locator("#send").click()
    await expect(ann.locator("#answer-error")).to_contain_text("place of {customer} first")
    await ann.locator("#draft").fill("Hello {Customer}, I am Ann.")
    await expect(ann.locator("#missing")).to_have_text("Still to be filled in: {customer}")
    await ann.locator("#draft").fill("Hello {name}, I am Ann.")
    await expect(ann.locator("#missing")).to_be_hidden()
    await ann.locator("#draft").fill("Hello, I am Ann.")
    await ann.locator("#draft").press("Control+Enter")
    await expect(customer.locator(".turn.agent .words")).to_have_text("Hello, I am Ann.")


async def test_an_offer_that_a_colleague_took_is_announced_no_more(company: Company) -> None:
    ann = await company.at_work("Ann")
    await ann.get_by_role("button", name="I am available").click()
    await expect(ann.locator(".here")).to_contain_text("hold 0 of 3")
    customer = await company.customer()
    await write(customer, "agent")
    await expect(ann.locator(".row.waiting")).to_have_count(1)
    await Routing(company.stage.dialogue).sweep()
    news = ann.locator("#inbox-news")
    await expect(news).to_have_text("A conversation is offered to you.")
    ben = {"user": company.people["Ben"].id, "name": "Ben"}
    await company.stage.command(await company.waiting(), "take", ben)
    await expect(news).to_have_text("What was offered to you is with somebody else now.")


async def test_a_customer_who_closes_the_chat_is_seen_to_be_away(company: Company) -> None:
    customer, ann = await company.customer(), await company.at_work("Ann")
    await write(customer, "agent")
    await ann.locator(".row.waiting .do button").click()
    await ann.wait_for_url("**/conversations/**")
    await expect(customer.locator("#who")).to_have_text("You are talking with Ann.")
    await expect(ann.locator("#left")).to_be_hidden()
    await customer.goto("about:blank")
    await expect(ann.locator("#left")).to_be_visible()
    await ann.locator("#draft").fill("Are you there?")
    await ann.locator("#send").click()
    await expect(ann.locator("#turns .turn.agent .delivery")).to_have_text("on its way")
    await customer.goto(str(company.stage.chat.make_url("/")))
    await expect(customer.locator(".turn.agent .words")).to_have_text("Are you there?")
    await expect(ann.locator("#left")).to_be_hidden()


async def test_a_note_outlives_the_session_and_a_change_of_hands(company: Company) -> None:
    customer, ann = await company.customer(), await company.at_work("Ann")
    await write(customer, "agent")
    await ann.locator(".row.waiting .do button").click()
    await ann.wait_for_url("**/conversations/**")
    chat = ann.url.rpartition("/")[2]
    await ann.locator("#note").fill("Second broken lam")
    await company.stage.command(chat, "transfer", {"user": company.people["Ann"].id, "to": None})
    await expect(ann.locator("#live-change")).to_be_visible()
    await expect(ann.locator("#note")).to_have_value("Second broken lam")
    await ann.locator("#draft").fill("One moment")
    await ann.locator("#send").click()
    await expect(ann.locator("#answer-error")).to_have_text(
        "Nobody has this conversation yet; take it first. Your words are still here."
    )
    await ann.reload()
    await expect(ann.locator("#note")).to_have_value("Second broken lam")

    async with company.stage.room.database.writing() as session:
        await users.end_session(session, company.tokens["Ann"])
    await ann.locator("#note").fill("Second broken lamp.")
    await ann.get_by_role("button", name="Keep the note").click()
    await expect(ann.locator("#note-error")).to_have_text(
        "You are signed out. Reload the page to sign in. Your words are still here."
    )
    async with company.stage.room.database.writing() as session:
        now = datetime.now(UTC)
        user = company.people["Ann"].id
        company.tokens["Ann"], _ = await users.start_session(session, user, now=now, hours=9)
    base = str(company.console.make_url("/"))
    await ann.context.add_cookies([{"name": SESSION, "value": company.tokens["Ann"], "url": base}])
    await ann.reload()
    await expect(ann.locator("#note")).to_have_value("Second broken lamp.")
    await ann.get_by_role("button", name="Keep the note").click()
    await expect(ann.locator(".note-list")).to_contain_text("Second broken lamp.")
    await expect(ann.locator("#note")).to_have_value("")
    await ann.reload()
    await expect(ann.locator("#note")).to_have_value("")


async def test_signs_are_as_the_person_wants_them(company: Company) -> None:
    ann = await company.at_work("Ann")
    await ann.get_by_text("Signs of new work").click()
    await ann.locator('input[name="sound"]').check()
    await ann.locator('input[name="title"]').uncheck()
    await ann.get_by_role("button", name="Keep").click()
    await ann.wait_for_url("**/inbox")
    async with company.stage.room.database.reading() as session:
        state = await agent_states.find(session, company.people["Ann"].id)
    assert (state.plays_sound, state.marks_title) == (True, False)
    customer = await company.customer()
    await write(customer, "agent")
    await expect(ann.locator(".row.waiting")).to_have_count(1)
    await expect(ann).to_have_title("Inbox · Parley")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, PHONE])
async def test_the_pages_fit_and_read_well(
    company: Company, tmp_path: Path, width: int, *, dark: bool
) -> None:
    async with company.stage.room.database.writing() as session:
        await work_queues.add(session, WorkQueue("Orders", ("returns",), ("order_change",)))
        await canned_answers.add(
            session, "Hello", "Hello {customer}", longest=99, user="s", now=datetime.now(UTC)
        )
    async with company.stage.visitor() as one, company.stage.visitor() as two:
        for visitor in (one, two):
            await visitor.say("My order HP-10442 has not come and nobody tells me anything at all.")
            await company.stage.settle()
            await visitor.say("agent")
            await company.stage.settle()
        async with company.stage.room.database.reading() as session:
            rows = await inbox.waiting(session)
        take = {"user": company.people["Sam"].id, "name": "Sam"}
        await company.stage.command(rows[0].id, "take", take)
        paths = {
            "waiting": "/inbox",
            "mine": "/inbox?view=mine",
            "list": "/inbox?view=all",
            "people": "/inbox/people",
            "answers": "/canned-answers",
            "answering": f"/conversations/{rows[0].id}",
            "not-taken": f"/conversations/{rows[1].id}",
            "all": "/conversations",
        }
        page = await company.at_work("Sam", width=width, dark=dark)
        for name, path in paths.items():
            await page.goto(str(company.console.make_url(path)))
            wide = "document.documentElement.scrollWidth <= innerWidth"
            assert await page.evaluate(wide), f"{name} is wider than the window"
            await picture(page, tmp_path, f"inbox-{name}-{width}{'-dark' * dark}")
            assert await violations(page) == [], name
