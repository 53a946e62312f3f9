"""The list: who sees what, search, filters, pages, empty states, recordings on their way."""

import re
from datetime import timedelta

import pytest

from console.filters import cookie_of, query_of, wanted_of
from console.mood import mood_of
from core.call_back import CallBack, CallBackState
from core.conversation import Channel
from core.errors import BadInput
from core.handoff import Holder
from core.people import Address, AddressKind
from core.recording import Recording, RecordingState
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import call_backs, conversations, recordings, surveys
from tests.build import chat
from tests.console.conftest import START, House, store_call, store_chat


def ids_in(text: str) -> list[str]:
    return re.findall(r'class="whole" href="/conversations/([^"]+)"', text)


async def test_a_line_shows_score_mood_csat_channel_agent_and_when(house: House) -> None:
    await store_call(house, external_id="CRM-7")
    async with house.database.writing() as session:
        invitation = SurveyInvitation("i", "call-1", (SurveyKind.CSAT,), "order", START)
        await surveys.invite(session, invitation)
        answer = SurveyResponse("a", "i", SurveyKind.CSAT, START, 2)
        await surveys.respond(session, answer)
    _, text = await house.get("sam", "/conversations")
    line = text.split('class="whole"', 1)[1].split("</tr>", 1)[0]
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line))
    for expected in ("21 Nov 2026, 17:43", "CRM-7", "voice", "closed", "Ann", "62", "✗ failed",
                     "negative", "2 of 5", "0:09"):  # fmt: skip
        assert expected in shown


async def test_who_waits_is_marked_with_the_clock(house: House) -> None:
    waiting = await store_chat(house)
    await store_call(house, opened_at=START + timedelta(minutes=1), closed_at=None)
    house.clock.pass_seconds(260)
    _, text = await house.get("ann", "/conversations")
    assert ids_in(text) == [waiting]
    assert '<strong class="flag">waits</strong> since' in text
    assert "4 min" in text
    _, text = await house.get("sam", "/conversations")
    assert ids_in(text) == [waiting, "call-1"]
    status, counted = await house.get("ann", "/waiting")
    assert (status, counted) == (200, '{"waiting": 1, "evaluations": 0}')


async def test_agents_see_their_own_and_waiting_ones(house: House) -> None:
    await store_call(house)
    waiting = await store_chat(house, "w")
    of_ann = await store_chat(house, "a", holder=Holder.PERSON, agent="ann")
    of_bot = await store_chat(house, "b", holder=Holder.BOT)
    seen = {who: set(ids_in((await house.get(who, "/conversations"))[1])) for who in house.people}
    assert seen == {
        "olga": {"call-1", waiting, of_ann, of_bot},
        "sam": {"call-1", waiting, of_ann, of_bot},
        "ann": {waiting, of_ann},
        "ben": {waiting},
    }


async def search(house: House, who: str, **values: str) -> tuple[str, str]:
    """Send the search form and follow it; gives the URL and the page."""
    client = await house.visitor(who)
    form = {"csrf": house.csrf[who], **values}
    async with client.post("/conversations/search", data=form) as response:
        assert response.status == 200
        return response.url.path_qs, await response.text()


async def test_words_are_found_and_never_stand_in_the_url(house: House) -> None:
    await store_call(house, external_id="CRM-7")
    await store_chat(house)
    for words, found in [
        ("lamp broke", ["call-1"]), ("LAMP", ["call-1"]), ("CRM-7", ["call-1"]),
        ("call-1", ["call-1"]), ("lamp order", []), ("lam", []),
    ]:  # fmt: skip
        url, text = await search(house, "sam", q=words)
        assert url == "/conversations"
        assert ids_in(text) == found
        assert f'value="{words}"' in text


async def test_people_and_numbers_are_found(house: House) -> None:
    await store_call(house, external_id="EXT-1", agent="Olga")
    await store_call(house, "zoe", agent="Zoe van Dam")
    held = await store_chat(house, holder=Holder.PERSON, agent="ben")
    texter = Address(AddressKind.PHONE, "+447700900456")
    async with house.database.writing() as session:
        sms = (await conversations.open_chat(session, Channel.SMS, texter, now=START)).id
        promised = CallBack(
            "cb", held, START, CallBackState.OPEN, "+447700900123", "at four", START
        )
        await call_backs.save(session, promised)
    for words, found in [
        ("olga", ["call-1"]), ("Ben", [held]), ("zoe van  dam", ["zoe"]), ("Zoe van", []),
        ("ext-1", ["call-1"]), ("EXT-1", ["call-1"]), ("ext", []),
        ("+447700900123", [held]), ("+44 7700 900123", [held]), ("447700900123", [held]),
        ("+447700900456", [sms]), ("+447700900124", []), ("Nemo", []),
    ]:  # fmt: skip
        _, text = await search(house, "sam", q=words)
        assert ids_in(text) == found, words
    assert ids_in((await search(house, "ben", q="olga"))[1]) == [], "agents find what they may see"


async def test_a_search_is_cleared_again(house: House) -> None:
    await store_call(house)
    client = await house.visitor("sam")
    form = {"csrf": house.csrf["sam"]}
    async with client.post("/conversations/search", data={**form, "q": "zebra"}) as response:
        text = await response.text()
        assert "Nothing was found" in text
        assert "Clear the search" in text
    async with client.post("/conversations/search", data=form) as response:
        assert ids_in(await response.text()) == ["call-1"]


@pytest.mark.parametrize(
    "query, found",
    [
        ("channel=voice", {"call"}),
        ("channel=web", {"waiting", "bot"}),
        ("channel=sms", set()),
        ("state=waiting", {"waiting"}),
        ("state=closed", {"call"}),
        ("result=failed", {"call"}),
        ("result=passed", set()),
        ("from=2026-11-21", {"call", "waiting", "bot"}),
        ("to=2026-11-20", set()),
        ("from=2026-11-21&to=2026-11-21&state=bot", {"bot"}),
        ("from=2026-11-22", set()),
    ],
)
async def test_filters_narrow_the_list(house: House, query: str, found: set[str]) -> None:
    names = {await store_call(house): "call", await store_chat(house, "w"): "waiting"}
    names[await store_chat(house, "b", holder=Holder.BOT)] = "bot"
    _, text = await house.get("sam", f"/conversations?{query}")
    assert {names[one] for one in ids_in(text)} == found
    assert ("Nothing was found" in text) == (not found)


@pytest.mark.parametrize(
    "query", ["channel=pigeon", "state=x", "result=maybe", "from=21.11.2026", "to=9999-12-31"]
)
async def test_a_wrong_filter_is_named(house: House, query: str) -> None:
    status, text = await house.get("sam", f"/conversations?{query}")
    assert status == 400
    assert f"{query.partition('=')[0]}: " in text


async def test_pages_hold_25_lines_and_lead_on(house: House) -> None:
    async with house.database.writing() as session:
        for index in range(53):
            one = chat(("customer", "hello"), id=f"c{index:02}")
            await conversations.add(session, one, now=START + timedelta(minutes=index))
    _, first = await house.get("sam", "/conversations?channel=web")
    assert ids_in(first) == [f"c{index:02}" for index in range(52, 27, -1)]
    assert 'rel="next" href="/conversations?channel=web&amp;page=2"' in first
    assert 'rel="prev"' not in first
    _, last = await house.get("sam", "/conversations?page=3")
    assert ids_in(last) == ["c02", "c01", "c00"]
    assert "Page 3 of 3" in last
    assert 'rel="next"' not in last
    for wild in ("0", "-1", "999999999", "x", "²"):
        assert (await house.get("sam", f"/conversations?page={wild}"))[0] == 200


async def test_an_empty_house_says_how_to_begin(house: House) -> None:
    _, text = await house.get("sam", "/conversations")
    assert "No conversations yet" in text
    assert 'href="/upload"' in text
    assert 'href="http://127.0.0.1:8080/"' in text
    _, text = await house.get("ann", "/conversations")
    assert "Nobody waits" in text
    assert 'href="/upload"' not in text


async def test_recordings_on_their_way_and_failed_ones_are_listed(house: House) -> None:
    async with house.database.writing() as session:
        for name, state, error in [
            ("one", RecordingState.RECEIVED, None), ("two", RecordingState.TRANSCRIBED, None),
            ("bad", RecordingState.FAILED, "bad.wav has 3 channels"),
        ]:  # fmt: skip
            made = Recording(name, (name * 64)[:64], f"{name}.wav", state, START, error=error)
            await recordings.receive(session, made)
    _, text = await house.get("sam", "/conversations")
    assert "2 recordings being worked on" in text
    assert "bad.wav has 3 channels" in text
    assert 'action="/recordings/bad/retry"' in text
    assert 'href="/recordings/bad/delete"' in text
    _, text = await house.get("ann", "/conversations")
    assert "bad.wav" not in text


@pytest.mark.parametrize("words", ['größe; a=b, "x"', "日本", "", "a" * 500])
def test_a_search_survives_its_cookie(words: str) -> None:
    assert query_of(cookie_of(words)) == words[:200]
    assert not set(cookie_of(words)) & set(' ;,"\\')


def test_a_filter_keeps_its_values_in_the_url_and_its_words_out() -> None:
    wanted = wanted_of({"channel": "web", "state": " ", "csrf": "secret", "q": "x"}, "my words")
    assert wanted.url(2) == "/conversations?channel=web&page=2"
    assert wanted.is_limited


def test_days_are_those_of_the_house(house: House) -> None:
    zone = house.settings.zone
    wanted = wanted_of({"from": "2026-07-01", "to": "2026-07-01"}, "").filter(zone, seen_by=None)
    assert wanted.opened_from is not None
    assert wanted.opened_before is not None
    assert wanted.opened_from.isoformat() == "2026-07-01T00:00:00+01:00"
    assert wanted.opened_before - wanted.opened_from == timedelta(days=1)
    assert wanted.channel is None
    with pytest.raises(BadInput, match=", ".join(Channel)):
        wanted_of({"channel": "x"}, "").filter(zone, seen_by=None)


@pytest.mark.parametrize(
    "overall, shift, model, words",
    [
        (None, None, "", None), (0.4, 0.5, "vader-3.3.2-polite", "positive ↗ rising"),
        (-0.4, -0.31, "vader-3.3.2", "negative ↘ falling"),
        (0.0, 0.0, "vader-3.3.2", "neutral → steady"), (0.05, None, "vader-3.3.2", "positive  "),
        (-0.3, -0.29, "vader-3.3.2", "negative → steady"),
        (0.05, -0.31, "parley-sentiment-2", "neutral → steady"),
        (-0.6, -0.9, "parley-sentiment-2", "negative ↘ falling"),
        (0.6, 0.9, "parley-sentiment-2", "positive ↗ rising"),
    ],
)  # fmt: skip
def test_a_mood_is_told_in_words(
    overall: float | None, shift: float | None, model: str, words: str | None
) -> None:
    mood = mood_of(overall, shift, model)
    told = None if mood is None else f"{mood.overall} {mood.symbol} {mood.direction}"
    assert told == words
