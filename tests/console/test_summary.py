"""The handoff's summary as the agent sees it: facts apart from the customer's own words."""

from types import SimpleNamespace
from typing import cast

import pytest

from channels.handover import summarise
from channels.situation import Situation
from console.summary import Brief, brief_of
from core.handoff import Holder
from tests.build import chat
from tests.console.conftest import House, store_chat


@pytest.mark.parametrize(
    "summary, known, words",
    [
        ("Asked for a person. Last words: “where is it”", "Asked for a person.", "“where is it”"),
        ("Last words: “the “big” one”", "", "“the “big” one”"),
        ("Wants to know where order HP-10442 is.", "Wants to know where order HP-10442 is.", ""),
        ("Last words: none", "Last words: none", ""),
        ("Last words: “cut off", "Last words: “cut off", ""),
        (None, "", ""),
    ],
)
def test_a_summary_is_cut_before_the_quote(summary: str | None, known: str, words: str) -> None:
    assert brief_of(summary) == Brief(known, words)


def test_what_the_chat_service_writes_is_understood() -> None:
    said = chat(("customer", "my lamp is broken"), ("customer", "I want to talk to a person"))
    seen = SimpleNamespace(
        conversation=said, verified_orders=("HP-10442",), responses=(), buttons={}
    )
    summary = summarise(cast(Situation, seen), "asked_for_person", {})
    known = "Asked for a person. Order HP-10442 (verified)."
    assert brief_of(summary) == Brief(known, "“my lamp is broken”")


async def test_the_summary_stands_once_on_the_page_of_an_open_chat(house: House) -> None:
    waiting = await store_chat(house, summary="Not understood by the bot. Last words: “<b>hm</b>”")
    _, text = await house.get("ann", f"/conversations/{waiting}")
    assert text.count("Not understood by the bot.") == 1
    assert text.count("“&lt;b&gt;hm&lt;/b&gt;”") == 1
    assert "Reason:" not in text
    closed = await store_chat(house, "b", holder=Holder.CLOSED, summary="Asked for a person")
    _, text = await house.get("sam", f"/conversations/{closed}")
    assert text.count("Asked for a person") == 1  # among the events
