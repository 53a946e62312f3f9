"""The answers that reports count are written with each evaluation, and with each correction."""

import importlib.util
import json
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text

from core.evaluation import Evaluation, Finding, Source, Verdict
from core.packed import pack
from store import conversations, evaluations
from store.database import Database
from store.tables import EvaluationRow
from tests.build import call

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIGRATIONS = Path(__file__).parents[2] / "store" / "migrations"
FINDINGS = (
    Finding("greeting", Verdict.YES, 0.9, "named the company", value=0.83),
    Finding("tone", Verdict.NO, 0.7, "calm", value=2.0),
    Finding("end", Verdict.YES, 0.7, "", value="kind"),
    Finding("words", Verdict.YES, 1.0, "", value="Anna said", source=Source.PERSON),
    Finding("name", Verdict.YES, 1.0, "", value="anna", source=Source.PERSON),
    Finding("empathy", Verdict.UNSURE, 0.5, "", value=1.0),
    Finding("notice", Verdict.NOT_APPLICABLE, 0.5, ""),
)


async def saved(database: Database) -> EvaluationRow:
    async with database.writing() as session:
        await conversations.add(session, call(("agent", "hello")), now=NOW)
        made = Evaluation("e1", "c1", "service", 1, FINDINGS, NOW, 50.0, failed=False)
        await evaluations.save(session, made)
    async with database.reading() as session:
        rows: list[EvaluationRow] = list(await session.scalars(select(EvaluationRow)))
    return rows[0]


async def test_answers_are_kept_without_words(database: Database) -> None:
    row = await saved(database)
    assert json.loads(row.answers) == {
        "greeting": "y", "tone": "n:2", "end": "y:kind", "words": "y", "name": "y",
        "empathy": "?", "notice": "-",
    }  # fmt: skip


def migration() -> ModuleType:
    (path,) = (MIGRATIONS / "versions").glob("*_reports.py")
    spec = importlib.util.spec_from_file_location("reports_migration", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_evaluations_of_before_get_the_same_line(database: Database) -> None:
    row = await saved(database)
    assert migration().packed(json.loads(row.findings)) == row.answers == pack(FINDINGS)


async def test_upgrading_writes_the_answers_of_what_is_there(database: Database) -> None:
    findings = (await saved(database)).findings
    engine = create_engine("sqlite://")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, migration().down_revision)
        connection.execute(
            text("INSERT INTO conversations (id, channel, listed_at, variables, labels, holder,"
                 " holder_since, version, score_state, score_attempts)"
                 " VALUES ('c', 'web', '2026-01-01', '{}', '{}', 'closed', '2026-01-01', 1, '', 0)")
        )  # fmt: skip
        insert = text(
            "INSERT INTO evaluations (id, conversation_id, scorecard, version, made_at, failed,"
            " source, variables, mood_model, mood_turns, findings)"
            " VALUES (:id, 'c', 's', 1, '2026-01-01', 0, 'machine', '{}', '', '[]', :findings)"
        )
        for number in range(1100):
            told = "[]" if number % 2 else findings
            connection.execute(insert, {"id": f"e{number:04}", "findings": told})
        command.upgrade(config, "head")
        rows = connection.execute(text("SELECT id, answers FROM evaluations ORDER BY id")).all()
    engine.dispose()
    assert len(rows) == 1100
    assert {line for _, line in rows[::2]} == {pack(FINDINGS)}
    assert {line for _, line in rows[1::2]} == {"{}"}


@pytest.mark.parametrize("value", [float("1e9"), -1.0, 2.5, "Two words", "x" * 41])
def test_what_is_no_mark_is_left_out_by_both(value: float | str) -> None:
    finding = {"question": "q", "verdict": "yes", "value": value, "source": "machine"}
    made = Finding("q", Verdict.YES, 1.0, "", value=value)
    assert migration().packed([finding]) == pack([made]) == '{"q":"y"}'
