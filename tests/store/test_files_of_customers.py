"""Pictures of the web chat became files like those of WhatsApp; none is lost on either way."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from store import attachments
from store.attachments import Attachment, Content, Keeping
from store.database import Database

MIGRATIONS = Path(attachments.__file__).parent / "migrations"
AT = "2026-11-23 12:00:00"
CHAT = (
    "INSERT INTO conversations (id, channel, listed_at, variables, labels, holder, holder_since,"
    " version, score_state, score_attempts)"
    f" VALUES ('c', 'web', '{AT}', '{{}}', '{{}}', 'bot', '{AT}', 1, 'none', 0)"
)
PICTURE = (
    "INSERT INTO pictures (id, conversation_id, turn_id, kind, size, width, height, received_at)"
    f" VALUES ('p1', 'c', 't1', 'webp', 900, 40, 30, '{AT}')"
)
FILE = (
    "INSERT INTO attachments (id, conversation_id, turn_id, address, state, kind, size, attempts,"
    f" received_at) VALUES ('a1', 'c', 't2', 'https://a', 'kept', 'image/png', 7, 1, '{AT}')"
)


async def migrate(database: Database, revision: str, *statements: str) -> None:
    """Go to a version, whichever way it lies, and write what is to be there."""
    go: Callable[[Config, str], None] = command.upgrade if revision == "head" else command.downgrade

    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        go(config, revision)
        for statement in statements:
            connection.execute(text(statement))

    async with database.engine.begin() as connection:
        await connection.run_sync(run)


async def files(database: Database) -> dict[str, Attachment]:
    async with database.reading() as session:
        found = await attachments.of_conversation(session, "c")
    return {turn: one for turn, (one,) in found.items()}


async def test_pictures_and_files_are_one_table_both_ways(database: Database) -> None:
    await migrate(database, "0018", CHAT, PICTURE, FILE)
    await migrate(database, "head")
    before = await files(database)
    picture, fetched = before["t1"], before["t2"]
    assert (picture.id, picture.address, picture.keeping) == ("p1", None, Keeping.KEPT)
    assert picture.content == Content("image/webp", 900, 40, 30)
    assert (fetched.id, fetched.address) == ("a1", "https://a")
    assert fetched.content == Content("image/png", 7)
    await migrate(database, "0018")
    async with database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT id, kind, size, width, height FROM pictures"))
        assert [tuple(row) for row in rows] == [("p1", "webp", 900, 40, 30)]
        rows = await connection.execute(text("SELECT id FROM attachments"))
        assert [tuple(row) for row in rows] == [("a1",)]
    await migrate(database, "head")
    assert await files(database) == before
