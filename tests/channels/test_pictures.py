"""Pictures by the web chat: what is kept, what is refused, and what the bot says."""

import asyncio
import io
import shutil
from pathlib import Path

import pytest

from channels import pictures as intake
from channels.picture_words import SENT_PICTURE
from channels.replies import FILES_KEPT, PICTURE_FOR_TICKET
from core.conversation import Role
from core.handoff import Holder
from store import attachments
from store.attachments import Attachment, Content
from tests.build import png
from tests.channels.stage import Json, Stage, Visitor, staging
from tests.channels.test_live import ANN, waiting


async def send(
    visitor: Visitor, body: bytes, id: str = "p1", *, token: str | None = None, **more: str
) -> tuple[int, Json]:
    headers = {"X-Parley-Visitor": token or visitor.token or "", "X-Parley-Turn": id, **more}
    url = visitor.stage.chat.make_url("/pictures")
    async with visitor.stage.browser.post(url, data=io.BytesIO(body), headers=headers) as response:
        return response.status, await response.json()


async def kept(stage: Stage, chat: str) -> dict[str, tuple[Attachment, ...]]:
    async with stage.room.database.reading() as session:
        return await attachments.of_conversation(session, chat)


def files(stage: Stage) -> list[Path]:
    return sorted(stage.settings.recordings.glob("*"))


async def test_a_picture_is_a_turn_and_the_bot_says_that_it_cannot_look(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        status, told = await send(visitor, png(64, 48))
        assert (status, told["id"]) == (201, "p1")
        turn = await visitor.until("turn", id="p1")
        assert (turn["role"], turn["text"]) == ("customer", SENT_PICTURE)
        answer = await visitor.until("turn", role="bot")
        assert "I cannot look at pictures" in answer["text"]
        assert [button["title"] for button in answer["buttons"]] == ["Talk to a person"]
        await stage.settle()
        assert stage.bot.asked == []
        (found,) = (await kept(stage, told["conversation"]))["p1"]
        assert found.content == Content("image/png", len(png(64, 48)), 64, 48)
        assert found.address is None
        path = stage.settings.recordings / found.id
        assert path.read_bytes() == png(64, 48)
        assert files(stage) == [path], "no draft is left"


async def test_in_a_task_a_picture_is_kept_and_the_question_asked_again(stage: Stage) -> None:
    stage.bot.answers["it is damaged"] = [
        {
            "text": "Which of these is damaged?",
            "buttons": [{"title": "1. glass vase", "payload": "/give_details"}],
            "custom": None,
        },
        {"text": None, "buttons": [], "custom": {"parley": "asks", "field": "item"}},
    ]
    async with stage.visitor() as visitor:
        await visitor.say("it is damaged")
        await stage.settle()
        for number in ("p1", "p2"):
            _, told = await send(visitor, png(4, 4), number)
            await stage.settle()
            *_, kept_it, asked = (await stage.conversation(told["conversation"])).turns
            assert kept_it.text == FILES_KEPT
            assert asked.text == "Which of these is damaged?"
        shown = await visitor.until("turn", id=asked.id)
        assert [button["title"] for button in shown["buttons"]] == ["1. glass vase"]
        assert [one.get("text") for one in stage.bot.asked] == ["it is damaged"]


@pytest.mark.parametrize(
    ("task", "outcome", "asked"),
    [
        ("report_damaged", "resolved", PICTURE_FOR_TICKET),
        ("complain", "resolved", PICTURE_FOR_TICKET),
        ("report_damaged", "refused", None),
        ("order_status", "resolved", None),
    ],
)
async def test_after_a_ticket_a_picture_is_noted_on_it(
    stage: Stage, task: str, outcome: str, asked: str | None
) -> None:
    ended = {"parley": "survey", "about": task, "outcome": outcome}
    stage.bot.answers["it is damaged"] = [
        {"text": "All right.", "buttons": [], "custom": None},
        {"text": None, "buttons": [], "custom": ended},
    ]
    async with stage.visitor() as visitor:
        await visitor.say("it is damaged")
        await stage.settle()
        await send(visitor, png(4, 4))
        await stage.settle()
    assert [one.get("button") for one in stage.bot.asked[1:]] == ([asked] if asked else [])


async def test_the_same_id_again_keeps_one_picture(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        answers = [await send(visitor, png(4, 4)) for _ in range(3)]
        assert [status for status, _ in answers] == [201, 201, 201]
        assert len({told["conversation"] for _, told in answers}) == 1
        assert len(files(stage)) == 1
        chat = await stage.conversation(answers[0][1]["conversation"])
        assert [turn.id for turn in chat.turns if turn.role is Role.CUSTOMER] == ["p1"]


async def test_a_person_gets_it_without_a_word_of_the_bot(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        await stage.command(chat, "take", ANN)
        await send(visitor, png(4, 4))
        await stage.settle()
        last = (await stage.conversation(chat)).turns[-1]
        assert (last.id, last.text) == ("p1", SENT_PICTURE)
        assert (await stage.handoff(chat)).holder is Holder.PERSON


@pytest.mark.parametrize(
    ("body", "id", "said"),
    [
        (b"<svg><script>alert(1)</script></svg>", "p1", "Only pictures"),
        (b"", "p1", "Only pictures"),
        (png(4, 4) + b"\x00" * 2**20, "p1", "larger than 1 MiB"),
        (png(4, 4), "bot:1", "id"),
        (png(4, 4), "", "id"),
    ],
)
async def test_what_is_no_picture_leaves_nothing(
    tmp_path: Path, empty_database: Path, body: bytes, id: str, said: str
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with staging(tmp_path, max_picture_mib=1) as stage, stage.visitor() as visitor:
        got, told = await send(visitor, body, id)
        assert (got, said in told["error"]["message"]) == (400, True)
        assert files(stage) == []
        assert (await visitor.connect())["conversation"] is None


async def test_only_visitors_of_ours_send_and_only_where_it_is_allowed(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with staging(tmp_path, max_picture_mib=0) as stage, stage.visitor() as visitor:
        assert (await send(visitor, png(4, 4), token="made.up"))[0] == 401
        assert (await send(visitor, png(4, 4), Origin="https://elsewhere.example"))[0] == 403
        status, told = await send(visitor, png(4, 4))
        assert (status, told["error"]["message"]) == (400, "Pictures cannot be sent here.")
        page = await (await stage.browser.get(stage.chat.make_url("/"))).text()
        assert 'id="picture"' not in page


async def test_too_many_are_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_IN_ONE", 2)
    async with stage.visitor() as visitor:
        chats = [(await send(visitor, png(4, 4), f"p{n}"))[0] for n in range(3)]
        assert chats == [201, 201, 400]
        assert len(files(stage)) == 2
        from_outside = {"X-Forwarded-For": "203.0.113.9"}
        many = await asyncio.gather(
            *(send(visitor, b"", f"q{n}", **from_outside) for n in range(12))
        )
    assert sorted({status for status, _ in many}) == [400, 429]
    assert [status for status, _ in many].count(400) == 10


async def test_a_picture_is_no_last_word(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("my lamp came like this"))["conversation"]
        await stage.settle()
        await send(visitor, png(4, 4))
        await visitor.say("agent")
        await stage.settle()
        summary = (await stage.handoff(chat)).summary
    assert summary == "Asked for a person. Last words: “my lamp came like this”"
