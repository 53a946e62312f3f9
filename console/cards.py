"""The scorecards that the console shows: those kept in the database, and those beside the code."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadScorecard, NotFound
from core.evaluation import Evaluation
from core.scorecard import CardState, Scorecard
from qa.cards import list_scorecards, load_scorecard, parse_scorecard
from store import scorecards


async def names(session: AsyncSession) -> tuple[str, ...]:
    """What a conversation may be scored by: all in use, and those that come with Parley."""
    stored = {card.name for card in await scorecards.active(session)}
    return tuple(sorted(stored | set(list_scorecards())))


async def in_use(session: AsyncSession) -> tuple[Scorecard, ...]:
    """Each form that scores, by name; one that comes with Parley counts before its first use."""
    stored = {card.name: parse_scorecard(*card.source) for card in await scorecards.active(session)}
    files = {name: load_scorecard(name) for name in list_scorecards() if name not in stored}
    return tuple(card for _, card in sorted((stored | files).items()))


async def find_card(session: AsyncSession, evaluation: Evaluation) -> Scorecard | None:
    """The form as it was used; None when this version was never kept, then only ids are known."""
    return await find_version(session, evaluation.scorecard, evaluation.version)


async def find_version(session: AsyncSession, name: str, version: int) -> Scorecard | None:
    """One version of a form, not a draft; None when it is not known."""
    stored = await scorecards.find(session, name, version)
    if stored is not None and stored.state is not CardState.DRAFT:
        return parse_scorecard(*stored.source)
    try:
        card = load_scorecard(name)
    except (NotFound, BadScorecard):
        return None
    return card if card.version == version else None
