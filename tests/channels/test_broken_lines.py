"""The benchmark's own client: lines that break at each of its places, and that it would notice."""

import pytest

from benchmarks.channels import widget
from benchmarks.channels.exactly_once import Exactness, compare, visitors_until
from benchmarks.channels.widget import Cut, Widget
from tests.channels.stage import Stage

SAID = ["note one", "note two", "note three"]


async def talk(stage: Stage, cut: Cut | None) -> Widget:
    page = Widget(stage.browser, str(stage.chat.make_url("/chat")))
    for text in SAID:  # as benchmarks.channels.scripted_bot
        stage.bot.answers[text] = [{"text": text, "buttons": [], "custom": None}]
    for turn, text in enumerate(SAID):
        await page.ask(f"m{turn}", text, cut)
    return page


@pytest.mark.parametrize("cut", [None, *Cut])
async def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, cut: Cut | None
) -> None:
    monkeypatch.setattr(widget, "AGAIN_SECONDS", 0.0)
    page = await talk(stage, cut)
    found = Exactness()
    await compare(page, SAID, found)
    assert (found.lost, found.doubled, found.disordered) == ([], [], [])
    assert found.messages == 2 * len(SAID)
    assert (page.reconnects > 0) is (cut is not None)
    assert [asked["text"] for asked in stage.bot.asked] == SAID
    await page.close()


async def test_what_is_lost_doubled_or_out_of_order_is_told(stage: Stage) -> None:
    page = await talk(stage, None)
    for said, wrong in [
        ([*SAID, "note four"], "lost"),
        ([SAID[1], SAID[0], SAID[2]], "disordered"),
    ]:
        found = Exactness()
        await compare(page, said, found)
        assert getattr(found, wrong) != []
        assert not found.is_clean
    await page.ask("m9", SAID[0])  # the same words under another id: stored twice
    found = Exactness()
    await compare(page, SAID, found)
    assert "stored, said: note one" in found.doubled
    assert "shown, answered: note one" in found.doubled
    await page.close()


def test_nobody_begins_when_the_time_is_over() -> None:
    assert list(visitors_until(float("inf"), 60)) == [0, 1, 2]  # twenty messages each
    assert list(visitors_until(0.0, 60)) == []
