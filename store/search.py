"""Search through words that no query can read: each word is kept as its keyed hash.

The hashes stay useful when the words themselves are sealed, and erasure removes them.
"""

import re

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from store.columns import table_of
from store.database import keyed_hash
from store.tables import SearchTermRow

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Built once; what is there already stays.
_INSERTS = {
    "sqlite": sqlite.insert(table_of(SearchTermRow)).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(table_of(SearchTermRow)).on_conflict_do_nothing(),
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
    rows = [{"term": term, "conversation_id": conversation_id} for term in wanted]
    await session.execute(insert, rows)


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
