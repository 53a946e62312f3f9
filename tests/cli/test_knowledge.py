"""`parley knowledge`, as it is typed."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.conversation import Channel
from core.knowledge import ArticleAnswer
from core.people import Address, AddressKind
from core.settings import Settings
from store import conversations, knowledge
from store.database import open_database
from tests.cli.shell import parley

NOW = datetime.now(UTC)


async def seed(var: Path) -> None:
    """Two answers of one article, of which one was rated, one of an article since removed."""
    database = await open_database(Settings(var=var))
    async with database.writing() as session:
        address = Address(AddressKind.WEB, "visitor-1")
        chat = await conversations.open_chat(session, Channel.WEB, address, now=NOW)
        rows = [("t1", "gone", 0.41), ("t2", "care-oak", 0.72), ("t3", "care-oak", 0.95)]
        for turn, slug, score in rows:
            answer = ArticleAnswer(chat.id, turn, slug, "Oiling", score, NOW)
            await knowledge.record_answer(session, answer)
        await knowledge.rate_answer(session, chat.id, helpful=True)
        nothing = ArticleAnswer(chat.id, "t4", None, None, 0.1, NOW)
        await knowledge.record_answer(session, nothing)
    await database.close()


def test_the_list_shows_what_was_answered_and_whether_it_helped(tmp_path: Path) -> None:
    asyncio.run(seed(tmp_path / "var"))
    shown = parley(tmp_path, "knowledge", "list")
    assert shown.status == 0, shown.err
    rows = {line.split()[0]: line.split()[1:] for line in shown.out.splitlines() if line.strip()}
    assert rows["care-oak"] == ["2", "1", "of", "1", "21%", "to", "100%"]
    assert rows["care-pine"] == ["0", "no", "data"]
    assert "gone (no such article now)" in shown.out
    assert "60 articles; in 90 days 3 questions were answered.\n1 found no article." in shown.out


def test_the_threshold_is_judged_by_tenths(tmp_path: Path) -> None:
    assert "no question was answered" in parley(tmp_path, "knowledge", "threshold").err
    asyncio.run(seed(tmp_path / "var"))
    shown = parley(tmp_path, "knowledge", "threshold").out
    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert "0.9 to 1.0 1 1 of 1 21% to 100%" in rows
    assert "0.4 to 0.5 1 no data" in rows


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how do I remove a white ring from an oak table", "Looking after oak: /help/care-oak"),
        ("tell me a joke", "No answer: none is as likely as"),
    ],
)
def test_a_question_is_answered_as_the_bot_would(tmp_path: Path, question: str, said: str) -> None:
    shown = parley(tmp_path, "knowledge", "ask", question)
    assert shown.status == 0, shown.err
    assert said in shown.out


def test_a_broken_article_is_wrong_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beds.md").write_text("Beds.", encoding="utf-8")
    monkeypatch.setenv("PARLEY_KNOWLEDGE", str(tmp_path))
    failed = parley(tmp_path, "knowledge", "sentences")
    assert failed.status == 2
    assert "beds.md:1: an article begins with a line ---" in failed.err


def test_sentences_leave_the_file_when_an_article_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "questions.yml"
    assert parley(tmp_path, "knowledge", "sentences", "--to", "questions.yml").out == ""
    written = file.read_text(encoding="utf-8")
    assert written == parley(tmp_path, "knowledge", "sentences").out
    assert "  - intent: ask_article\n" in written
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "meters.md").write_text("---\ntitle: Meters\n---\n")
    monkeypatch.setenv("PARLEY_KNOWLEDGE", "own")
    failed = parley(tmp_path, "knowledge", "sentences", "--to", "questions.yml")
    assert (failed.status, file.read_text(encoding="utf-8")) == (2, written)
    failed = parley(tmp_path, "knowledge", "sentences", "--to", "own")
    assert failed.status == 2
