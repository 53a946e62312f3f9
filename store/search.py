"""Search through words that no query can read: each word is kept as its keyed hash.

The hashes stay useful when the words themselves are sealed, and erasure removes them.
"""

import re

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Select,
    String,
    bindparam,
    delete,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from store.columns import table_of
from store.database import keyed_hash
from store.prepared import often
from store.tables import SearchTermRow

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_TERMS, _CONVERSATION = table_of(SearchTermRow), bindparam("conversation", type_=String())
_COLUMNS = ["term", "conversation_id"]


def _each(term: ColumnElement[str]) -> Select[str, str]:
    """A row for each of them; `true`, or SQLite reads ON CONFLICT as the join's ON."""
    return select(term, _CONVERSATION).where(true())


# Built once; what is there already stays. A text's terms come as one list: handing over a row for
# each costs more than storing them.
_INSERTS = {
    "sqlite": often(
        sqlite.insert(_TERMS)
        .from_select(
            _COLUMNS,
            _each(func.json_each(bindparam("terms", type_=JSON())).table_valued("value").c.value),
        )
        .on_conflict_do_nothing()
    ),
    "postgresql": postgresql.insert(_TERMS)
    .from_select(
        _COLUMNS,
        _each(func.unnest(bindparam("terms", type_=ARRAY(String()))).column_valued("term")),
    )
    .on_conflict_do_nothing(),
}
MOST_TERMS = 12  # a query longer than this is cut: each term costs one index look-up


def terms_of(text: str) -> set[str]:
    """The words that are searched by: lower case, letters and digits."""
    return {word.replace("'", "") for word in _WORD.findall(text.casefold().replace("’", "'"))}


async def index(session: AsyncSession, conversation_id: str, *texts: str) -> None:
    """Make the conversation findable by every word of `texts`."""
    words = set().union(*(terms_of(text) for text in texts))
    wanted = sorted(keyed_hash(session, f"word:{word}") for word in words)
    if not wanted:
        return
    await session.flush()  # the conversation may be in this session alone
    insert = _INSERTS[session.get_bind().dialect.name]
    await session.execute(insert, {"terms": wanted, "conversation": conversation_id})


async def forget(session: AsyncSession, conversation_id: str) -> None:
    """Remove a conversation's words from the index."""
    await session.execute(
        delete(SearchTermRow).where(SearchTermRow.conversation_id == conversation_id)
    )


def matching(session: AsyncSession, query: str) -> list[Select[str]]:
    """One select of conversation ids per word of `query`; a match is in all of them."""
    return [
        select(SearchTermRow.conversation_id).where(
            SearchTermRow.term == keyed_hash(session, f"word:{word}")
        )
        for word in sorted(terms_of(query))[:MOST_TERMS]
    ]
