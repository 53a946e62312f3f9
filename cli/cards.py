"""Scorecards by their names, for commands that meet the store."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.scorecard import Scorecard
from qa.cards import list_scorecards, load_scorecard, parse_scorecard
from store import scorecards


async def find_named(session: AsyncSession, name_or_path: str) -> Scorecard:
    """The version that people have put in use, else the form of a file.

    Raises:
        NotFound, BadScorecard: naming the form, or the file, the line and the key.
    """
    stored = await scorecards.find_active(session, name_or_path)
    if stored is None or (stored.file is not None and name_or_path in list_scorecards()):
        return load_scorecard(name_or_path)
    return parse_scorecard(*stored.source)
