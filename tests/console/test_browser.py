"""The pages in a real browser: words that jump, evidence that lights up, drafts that survive."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from console.access import SESSION
from core.conversation import Role, Turn
from core.handoff import Holder
from core.recording import Mute
from core.spans import TimeSpan
from store import conversations, recordings, scorecards
from tests.browser import PHONE, OpenPage
from tests.build import call
from tests.console.conftest import LINES, START, House, store_call, store_chat, write_tone
from tests.console.test_coaching import made as make_task
from tests.console.test_measured import MEASURES
from tests.console.test_reviews import submitted
from tests.console.test_scorecards import FORM, ONE, imported

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PARLEY_PICTURES", "")  # a folder for the pictures of the README


async def opened(
    house: House, open_page: OpenPage, who: str, path: str, width: int = 1280, *, dark: bool = False
) -> Page:
    page = await open_page(width, dark=dark)
    base = str(house.server.make_url("/"))
    await page.context.add_cookies([{"name": SESSION, "value": house.tokens[who], "url": base}])
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    await page.goto(str(house.server.make_url(path)))
    return page


async def picture(page: Page, tmp_path: Path, name: str) -> None:
    folder = Path(PICTURES) if PICTURES else tmp_path
    path = folder / f"{name}.png"
    await page.screenshot(path=path)
    assert path.stat().st_size > 5_000  # an empty page of this size is smaller


async def second(page: Page) -> float:
    return float(await page.evaluate("document.getElementById('player').currentTime"))


async def reached(page: Page, wanted: float) -> float:
    """Wait until the player stands at `wanted` or behind it; Playwright's own wait needs eval."""
    for _ in range(100):
        if (at := await second(page)) >= wanted:
            return at
        await page.wait_for_timeout(50)
    pytest.fail(f"the player stands at {await second(page)}, not at {wanted}")


async def test_a_clicked_word_is_the_second_the_player_stands_at(
    house: House, call_id: str, chromium_page: OpenPage, tmp_path: Path
) -> None:
    page = await opened(house, chromium_page, "sam", f"/conversations/{call_id}")
    word = page.locator(".word", has_text="broke")
    start = float(await word.get_attribute("data-start") or "nan")
    await word.click()
    assert await reached(page, start) < start + 2
    await expect(page.locator(".word.now")).to_have_count(1)
    await page.evaluate("document.getElementById('player').pause()")
    await picture(page, tmp_path, "console-call")


async def test_words_are_reached_by_keyboard_with_one_tab_stop_per_turn(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    page = await opened(house, chromium_page, "sam", f"/conversations/{call_id}")
    assert await page.locator('.word[tabindex="0"]').count() == 3
    await page.locator('#turn-1 .word[tabindex="0"]').focus()
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowLeft", "Home", "ArrowRight"):
        await page.keyboard.press(key)
    assert await page.evaluate("document.activeElement.textContent") == "lamp"
    await page.keyboard.press("Enter")
    assert await reached(page, 4.4) < 6.4  # the second word of a turn that begins at 4.1
    assert await page.locator('#turn-1 .word[tabindex="0"]').count() == 1


async def test_a_finding_lights_its_evidence_and_seeks(
    house: House, call_id: str, chromium_page: OpenPage
) -> None:
    page = await opened(house, chromium_page, "sam", f"/conversations/{call_id}")
    await page.locator("#finding-empathy summary").click()
    await expect(page.locator("mark.lit")).to_have_text(["sorry"])
    await reached(page, 7)
    await page.locator("#finding-agent_name summary").click()
    assert await page.locator("mark.lit").all_inner_texts() == [
        "my",
        " ",
        "name",
        " ",
        "is",
        " ",
        "Ann",
    ]
    assert await page.locator("#finding-empathy[open]").count() == 0
    await page.locator("#finding-agent_name .quote a").click()
    assert await page.evaluate("document.activeElement.classList.contains('word')")


async def test_hostile_words_stay_words(house: House, chromium_page: OpenPage) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    page = await opened(house, chromium_page, "ann", f"/conversations/{held}")
    page.on("dialog", lambda _: pytest.fail("a customer's words ran as a script"))
    async with house.database.writing() as session:
        evil = Turn(
            "evil", Role.CUSTOMER, "<img src=x onerror=alert(1)><script>alert(2)</script>", START
        )
        await conversations.append_turn(session, held, evil, now=START)
    await expect(page.locator("#turn-2 .text")).to_have_text(evil.text)
    assert await page.locator("#turns img, #turns script").count() == 0


async def test_an_answer_keeps_its_draft_until_it_was_sent(
    house: House, chromium_page: OpenPage, tmp_path: Path
) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    page = await opened(house, chromium_page, "ann", f"/conversations/{held}")
    await page.locator("#draft").fill("Your order comes tomorrow.")
    await page.reload()
    await expect(page.locator("#draft")).to_have_value("Your order comes tomorrow.")
    house.chat.status, house.chat.message = 409, "Ben has this conversation"
    await page.locator("#send").click()
    await expect(page.locator("#answer-error")).to_contain_text("Ben has this conversation")
    await expect(page.locator("#draft")).to_have_value("Your order comes tomorrow.")
    house.chat.status = 200
    await page.locator("#draft").press("Control+Enter")
    await expect(page.locator("#draft")).to_have_value("")
    turns = [body["turn"] for command, body in house.chat.told if command == "say"]
    assert len(turns) == 2
    assert turns[0] == turns[1]  # the same answer tried again
    await page.reload()
    await expect(page.locator("#draft")).to_have_value("")
    await picture(page, tmp_path, "console-chat")


async def test_a_key_in_the_search_of_the_editor_saves_no_draft(
    house: House, chromium_page: OpenPage
) -> None:
    await imported(house)
    await store_call(house, external_id="CRM-7")
    page = await opened(house, chromium_page, "sam", f"{ONE}/edit")
    await page.get_by_label("Text").fill(FORM.replace("Thanked?", "Praised?"))
    await page.get_by_label("Another one").fill("CRM-7")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Try it on")).to_have_value("call-1")
    await expect(page.locator("#preview .question")).to_have_text("Praised?")
    async with house.database.reading() as session:
        assert (await scorecards.get(session, "small", 1)).yaml == FORM


async def test_an_error_in_a_draft_leads_to_its_line(house: House, chromium_page: OpenPage) -> None:
    await imported(house)
    page = await opened(house, chromium_page, "sam", f"{ONE}/edit")
    text = page.get_by_label("Text")
    await text.fill(
        FORM.replace("title: Only", "title: Only" + "\n" * 90).replace("phrase", "magic")
    )
    await page.locator("#preview [data-line]").click()
    marked = "t => t.value.slice(t.selectionStart, t.selectionEnd)"
    assert await text.evaluate(marked) == "        rule: magic"
    await expect(text).to_be_focused()
    assert await text.evaluate("t => t.scrollTop") > 0, "the line is in sight"


async def test_an_upload_shows_its_way(
    house: House, chromium_page: OpenPage, tmp_path: Path
) -> None:
    write_tone(tmp_path / "monday.wav", 2.0)
    (tmp_path / "notes.wav").write_text("these are notes, no sound " * 20)
    page = await opened(house, chromium_page, "sam", "/upload")
    await page.locator('input[type="file"]').set_input_files(
        [tmp_path / "monday.wav", tmp_path / "notes.wav"]
    )
    await page.locator("#upload button.primary").click()
    lines = page.locator("#sent-list li")
    await expect(lines.nth(0)).to_contain_text("written down next")
    await expect(lines.nth(1)).to_contain_text("notes.wav is not sound")
    await lines.nth(0).locator("a").click()
    await expect(page.locator("h1")).to_have_text("monday.wav")


async def test_a_wrong_field_of_an_upload_is_told_once_and_keeps_the_files(
    house: House, chromium_page: OpenPage, tmp_path: Path
) -> None:
    names = ("monday.wav", "tuesday.wav")
    for seconds, name in enumerate(names, start=1):
        write_tone(tmp_path / name, seconds)
    page = await opened(house, chromium_page, "sam", "/upload")
    await page.locator('input[type="file"]').set_input_files([tmp_path / name for name in names])
    variables = page.get_by_label("Variables of the scorecard")
    await variables.fill("company=Acme\nnonsense")
    await page.locator("#upload button.primary").click()
    await expect(page.locator("#variables-error")).to_contain_text("line 2: 'nonsense'")
    await expect(page.locator("#upload-error")).to_be_hidden()
    await expect(page.locator("#sent-section")).to_be_hidden()
    await expect(variables).to_be_focused()
    count = "document.querySelector('input[type=file]').files.length"
    assert await page.evaluate(count) == len(names)
    await picture(page, tmp_path, "console-upload-wrong")
    await variables.fill("company=Acme")
    await page.locator("#upload button.primary").click()
    await expect(page.locator("#variables-error")).to_be_hidden()
    await expect(page.locator("#sent-list li")).to_have_count(len(names))
    await expect(page.locator("#sent-list li").nth(1)).to_contain_text("written down next")


@pytest.mark.parametrize("width, dark", [(1280, False), (PHONE, False), (1280, True)])
async def test_no_page_is_wider_than_its_window(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    await store_call(house, external_id="CRM-" + "7" * 40)
    await store_chat(house)
    kind = ("phone" if width == PHONE else "wide") + ("-dark" if dark else "")
    for path in ("/conversations", "/conversations/call-1", "/alerts", "/upload", "/users"):
        page = await opened(house, chromium_page, "olga", path, width, dark=dark)
        room = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert room[0] <= room[1], path
        await picture(page, tmp_path, f"console-{path.split('/')[-1]}-{kind}")
        await page.close()


@pytest.mark.parametrize("width, dark", [(1280, False), (PHONE, False), (1280, True)])
async def test_measures_fit_are_read_aloud_and_their_times_are_heard(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int, dark: bool
) -> None:
    await store_call(house, measures=MEASURES)
    page = await opened(house, chromium_page, "sam", "/conversations/call-1", width, dark=dark)
    section = page.get_by_role("region", name="How it sounds")
    drawing = section.get_by_role("img", name="Loudness of each voice")
    await expect(drawing).to_have_attribute("aria-label", re.compile("2 stretches raised or flat"))
    await expect(section.get_by_role("img", name="Speech: Ann 0:30, Customer 0:10")).to_be_visible()
    ends = await section.evaluate(
        "(one) => [...one.querySelectorAll('*')].map((e) => e.getBoundingClientRect().right)"
    )
    assert max(ends) <= width
    await section.locator("summary").click()
    await expect(section.locator(".help dd").last).to_contain_text("nothing about what somebody")
    await section.locator("a.seek", has_text="0:05").first.click()
    assert await reached(page, 5.0) < 8
    kind = ("phone" if width == PHONE else "wide") + ("-dark" if dark else "")
    await picture(page, tmp_path, f"console-measures-{kind}")


async def test_findings_light_up_where_nothing_can_be_played(
    house: House, chromium_page: OpenPage
) -> None:
    await store_call(house)
    async with house.database.writing() as session:
        await recordings.hear_again(session, "r-call-1", (Mute(TimeSpan(0, 1)),))
    page = await opened(house, chromium_page, "sam", "/conversations/call-1")
    await expect(page.locator("#silencing")).to_be_visible()
    await page.locator("#finding-empathy summary").click()
    await expect(page.locator("mark.lit")).to_have_text(["sorry"])
    await page.locator(".word", has_text="broke").click()  # nothing to play, and no error


@pytest.mark.parametrize("width", [1400, 1000, PHONE])
async def test_one_long_word_widens_no_page(
    house: House, chromium_page: OpenPage, tmp_path: Path, width: int
) -> None:
    long = "https://shop.example/" + "a" * 160
    lines = (*LINES, ("customer", f"see {long}"))
    await store_call(house, turns=call(*lines).turns, agent="Ann" + "n" * 57)
    chat = await store_chat(house, holder=Holder.PERSON, summary=long)
    for about in ("call-1", chat):
        await house.post("sam", f"/conversations/{about}/notes", {"text": f"see {long}"})
    await house.post("sam", "/canned-answers", {"title": "t" * 60, "text": long})
    review = await submitted(house, comment=f"look at {long}")
    await house.post("ann", f"{review}/questions/empathy/dispute", {"reason": long})
    task = await make_task(house, skill="S" * 60, note=long)
    paths = ("/conversations", "/conversations/call-1", f"/conversations/{chat}", "/inbox?view=all",
             "/canned-answers", review, "/reviews", "/disputes", "/coaching",
             f"/coaching/{task}")  # fmt: skip
    for path in paths:
        page = await opened(house, chromium_page, "sam", path, width)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        cut = "[...document.querySelectorAll('.judged')].some(e => e.scrollWidth > e.clientWidth)"
        assert not await page.evaluate(cut), f"the column beside the words is cut off on {path}"
        await picture(page, tmp_path, f"long-{path.strip('/').split('/')[0]}-{width}")
        await page.close()
