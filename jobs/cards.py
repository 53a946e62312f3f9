"""Which scorecards a conversation is judged by: as named, else all in use that are for it."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Conversation
from core.scorecard import Scorecard
from core.settings import Settings
from qa.cards import list_scorecards, load_scorecard, parse_scorecard, read_card
from qa.versions import digest_of
from store import scorecards
from store.scorecards import CardText, StoredCard


async def cards_for(
    session: AsyncSession, settings: Settings, conversation: Conversation, named: str | None
) -> tuple[Scorecard, ...]:
    """The forms to judge by, the main one last: it is the one that lists and reports show.

    Args:
        session: one that writes; a file's form is kept at its first use.
        named: what the conversation was asked to be scored by. Where it is None, the setting's
            form is the main one, and all others in use that are for the conversation come too.

    Raises:
        NotFound, BadScorecard: naming the form, or the file, the line and the key.
        Conflict: a file has changed without a new version.
    """
    main = await load_card(session, named or settings.scorecard)
    if named is not None:
        return (main,)
    used = [
        parse_scorecard(*card.source)
        for card in await scorecards.active(session)
        if card.name != main.name
    ]
    return (*(card for card in used if card.applies_to.why_not(conversation) is None), main)


async def load_card(session: AsyncSession, name_or_path: str) -> Scorecard:
    """The version of a name that people have put in use, else the form of a file.

    Raises:
        NotFound, BadScorecard: naming the form, or the file, the line and the key.
        Conflict: the file has changed without a new version.
    """
    stored = await _put_in_use(session, name_or_path)
    if stored is not None:
        return parse_scorecard(*stored.source)
    text, file = await asyncio.to_thread(read_card, name_or_path)
    card = await asyncio.to_thread(parse_scorecard, text, file)
    told = CardText(card.name, card.version, card.title, text, digest_of(text))
    kept = await scorecards.keep_file(session, told, file=file, now=datetime.now(UTC))
    return parse_scorecard(*kept.source)


async def read_named(session: AsyncSession, name_or_path: str) -> Scorecard:
    """The same form, without keeping anything.

    Raises:
        NotFound, BadScorecard: naming the form, or the file, the line and the key.
    """
    stored = await _put_in_use(session, name_or_path)
    return (
        parse_scorecard(*stored.source)
        if stored
        else await asyncio.to_thread(load_scorecard, name_or_path)
    )


async def _put_in_use(session: AsyncSession, name: str) -> StoredCard | None:
    """The version that people have put in use; a form that comes with Parley is read anew."""
    stored = await scorecards.find_active(session, name)
    is_file = stored is not None and stored.file is not None and name in list_scorecards()
    return None if is_file else stored


def beside_the_code(name: str, version: int) -> Scorecard | None:
    """A version that comes with Parley, or None."""
    if name not in list_scorecards():
        return None
    card = load_scorecard(name)
    return card if card.version == version else None
