"""The queue in the console: by chance and for a risk apart, skipped with a reason, and means."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from core.draw import Drawn, Risk, Way
from store import agents, audit, draws
from tests.console.conftest import START, House, store_call
from tests.console.test_reviews import as_json, begin

QUEUE = "/reviews/queue"


async def drawn(
    house: House, conversation: str, way: Way, *risks: Risk, chance: float = 1.0, days: float = 1
) -> str:
    """Put a stored call into the queue; the draw's id."""
    made = f"{way}-{conversation}"
    async with house.database.writing() as session:
        key = await agents.key_of(session, conversation)
        people = await agents.people(session)
        at = START - timedelta(days=days)
        await draws.add(
            session,
            [
                Drawn(
                    made,
                    conversation,
                    agents.person(people, key),
                    way,
                    chance,
                    risks,
                    at,
                    at,
                    scorecard="service",
                )
            ],
        )
    return made


def section(text: str, way: str) -> str:
    part = text.split(f'aria-labelledby="way-{way}"', 1)[1].split("</section>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


async def test_an_empty_queue_says_when_it_fills(house: House) -> None:
    _, text = await house.get("sam", QUEUE)
    assert "The next draw is made when the week is over" in text
    assert "no conversation of late shows a risk" in text
    assert "Nothing was drawn yet" in (await house.get("sam", "/reviews/means"))[1]


async def test_both_draws_stand_apart_with_how_and_why(house: House) -> None:
    for name in ("one", "two", "both"):
        await store_call(house, name)
    await drawn(house, "one", Way.UNIFORM, chance=0.1)
    await drawn(house, "two", Way.RISK, Risk.FATAL, Risk.NEW_AGENT)
    await drawn(house, "both", Way.UNIFORM, chance=0.1)
    await drawn(house, "both", Way.RISK, Risk.DETRACTOR)
    _, text = await house.get("sam", QUEUE)
    by_chance, by_risk = section(text, "uniform"), section(text, "risk")
    assert by_chance.count("10 %") == 2
    assert by_chance.count("drawn by chance and for a risk") == 1
    assert "a fatal answer, a new agent" in by_risk
    assert "a dissatisfied customer" in by_risk
    assert "fatal" not in by_chance
    found = (await as_json(house, "sam", QUEUE))[1]
    assert {each["conversation"] for each in found["uniform"]["drawn"]} == {"one", "both"}
    assert [each["probability"] for each in found["risk"]["drawn"]] == [1.0, 1.0]
    assert set((await as_json(house, "sam", f"{QUEUE}?way=risk"))[1]) == {"risk"}


async def test_nobody_is_offered_to_review_their_own(house: House) -> None:
    await store_call(house, agent="Sam")
    await drawn(house, "call-1", Way.RISK, Risk.FAINT)
    _, theirs = await house.get("sam", QUEUE)
    assert 'action="/conversations/call-1/review"' not in theirs
    assert "yours; somebody else reviews it" in section(theirs, "risk")
    assert (await house.post("sam", "/conversations/call-1/review"))[0] == 403
    _, text = await house.get("olga", QUEUE)
    assert 'action="/conversations/call-1/review"' in text
    assert "somebody else" not in section(text, "risk")


async def test_what_is_reviewed_leaves_the_queue(house: House) -> None:
    await store_call(house)
    await drawn(house, "call-1", Way.UNIFORM, chance=0.5)
    _, text = await house.get("sam", QUEUE)
    assert 'action="/conversations/call-1/review"' in text
    review = await begin(house)
    _, text = await house.get("sam", QUEUE)
    assert f'href="{review}"' in text
    assert "Go on" in text
    await house.post("sam", f"{review}/questions/agent_name", {"answer": "unsure"})
    await house.post("sam", f"{review}/submit")
    assert f'href="{review}"' not in (await house.get("sam", QUEUE))[1]
    _, text = await house.get("sam", f"{QUEUE}?state=reviewed")
    assert f'href="{review}"' in text


async def test_skipping_needs_a_reason_is_audited_and_can_be_undone(house: House) -> None:
    await store_call(house)
    made = await drawn(house, "call-1", Way.RISK, Risk.FAINT)
    status, text, _ = await house.post("sam", f"/draws/{made}/skip", {"reason": " "})
    assert (status, "few words" in text) == (400, True)
    assert (await house.post("sam", "/draws/nothing/skip", {"reason": "x"}))[0] == 404
    reason = {"reason": "a <b>test</b> call"}
    assert (await house.post("sam", f"/draws/{made}/skip", reason))[0] == 303
    assert (await house.post("sam", f"/draws/{made}/skip", reason))[0] == 409
    assert "call-1" not in (await house.get("sam", QUEUE))[1]
    _, text = await house.get("sam", f"{QUEUE}?state=skipped")
    assert "a &lt;b&gt;test&lt;/b&gt; call" in text
    assert (await house.post("sam", f"/draws/{made}/unskip"))[0] == 303
    assert (await house.post("sam", f"/draws/{made}/unskip"))[0] == 409
    assert "call-1" in (await house.get("sam", QUEUE))[1]
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, made)
    assert [row.action for row in rows] == ["draw.skipped", "draw.unskipped"]


@pytest.mark.parametrize(
    ("query", "status"), [("?state=odd", 400), ("?way=odd", 400), ("?page=99&way=risk", 200)]
)
async def test_odd_addresses(house: House, query: str, status: int) -> None:
    assert (await house.get("sam", f"{QUEUE}{query}"))[0] == status


async def test_the_queue_is_filtered_by_agent_and_paged(house: House) -> None:
    for number in range(27):
        await store_call(house, f"c{number:02}")
        await drawn(house, f"c{number:02}", Way.RISK, Risk.FALLING, days=27 - number)
    await store_call(house, "ben", agent="Ben")
    await drawn(house, "ben", Way.RISK, Risk.FALLING)
    _, text = await house.get("sam", QUEUE)
    assert "All 28" in text
    found = (await as_json(house, "sam", f"{QUEUE}?way=risk&page=2"))[1]["risk"]
    assert (found["page"], found["pages"], len(found["drawn"])) == (2, 2, 3)
    ben = f"user:{house.people['ben'].id}"
    found = (await as_json(house, "sam", f"{QUEUE}?agent={ben}"))[1]["risk"]
    assert [each["conversation"] for each in found["drawn"]] == ["ben"]
    _, text = await house.get("sam", f"{QUEUE}?way=risk&agent=user:{house.people['ann'].id}")
    assert "Page 1 of 2" in text


async def reviewed(house: House, conversation: str, *, empathy: str) -> None:
    review = await begin(house, conversation=conversation)
    await house.post("sam", f"{review}/questions/agent_name", {"answer": "unsure"})
    if empathy != "no":
        form = {"answer": empathy, "comment": "heard it"}
        await house.post("sam", f"{review}/questions/empathy", form)
    await house.post("sam", f"{review}/submit")


async def means(house: House) -> dict[str, Any]:
    found = json.loads(json.dumps((await as_json(house, "sam", "/reviews/means"))[1]))
    return {row["agent"]: row for row in found["agents"]}


async def test_means_are_of_what_was_drawn_and_reviewed(house: House) -> None:
    for name in ("good", "bad", "by-hand", "waits", "skipped"):
        await store_call(house, name)
    await drawn(house, "good", Way.UNIFORM, chance=0.25)
    await drawn(house, "waits", Way.UNIFORM, chance=0.25)
    await drawn(house, "bad", Way.RISK, Risk.FALLING)
    await house.post(
        "sam",
        f"/draws/{await drawn(house, 'skipped', Way.RISK, Risk.FAINT)}/skip",
        {"reason": "a test call"},
    )
    await reviewed(house, "good", empathy="yes")
    await reviewed(house, "bad", empathy="no")
    await reviewed(house, "by-hand", empathy="no")
    row = (await means(house))["Ann"]
    assert (row["reviewed"], row["drawn"], row["skipped"]) == (2, 4, 1)
    good = row["uniform"]["value"]
    assert (good, row["uniform"]["n"], row["uniform"]["low"]) == (100.0, 1, None)
    bad = 5 * row["weighted"]["value"] - 4 * good  # one of four counts for four
    assert 0 <= bad < good
    _, text = await house.get("sam", "/reviews/means")
    assert "<strong>100</strong>" in text
    assert "n = 2" in text
    assert '2 <span class="muted">of 4</span>' in text


async def test_old_draws_are_in_no_mean(house: House) -> None:
    await store_call(house)
    await drawn(house, "call-1", Way.UNIFORM, chance=0.5, days=57)
    await reviewed(house, "call-1", empathy="yes")
    assert await means(house) == {}
