"""Who takes a step in a review, what they may see of it, and what a step answers."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.cards import find_version
from console.context import Visit, see_other
from console.reading import check_not_blind
from core.errors import BadInput, NotFound
from core.review import Review, ReviewState
from core.scorecard import Scorecard
from store import agents, reviews
from store.reviews import Actor

LONGEST_NOTE = 2000  # characters of a comment or a reason: half a page


async def actor_of(session: AsyncSession, visit: Visit) -> Actor:
    """The person who is signed in, with the keys of their own work."""
    return Actor(visit.user.id, await agents.keys_of(session, visit.user))


async def visible_review(session: AsyncSession, visit: Visit) -> Review:
    """The review of the path, for reviewers and for the agent it is about once it is submitted.

    Raises:
        NotFound: there is none, or it is none of theirs.
        Conflict: they score this conversation blind.
    """
    review = await reviews.get(session, visit.part("review"))
    if visit.is_reviewer:
        await check_not_blind(session, visit, review.conversation)
        return review
    keys = await agents.keys_of(session, visit.user)
    if review.agent in keys and review.state is not ReviewState.DRAFT:
        return review
    raise NotFound("There is no such review.")


async def card_of(session: AsyncSession, review: Review) -> Scorecard:
    """The scorecard by which it was made.

    Raises:
        BadInput: this version is not here any more, so nothing can be computed by it.
    """
    card = await find_version(session, review.scorecard, review.version)
    if card is None:
        raise BadInput(
            f"Version {review.version} of the scorecard {review.scorecard} is not here any more; "
            "its answers cannot be changed. Score the conversation again by another one."
        )
    return card


def note_in(visit: Visit, name: str) -> str:
    """A comment or a reason of the form.

    Raises:
        BadInput: it is too long.
    """
    text = visit.form.get(name, "").strip()
    if len(text) > LONGEST_NOTE:
        raise BadInput(f"The text has {len(text):,} characters; {LONGEST_NOTE:,} are enough.")
    return text


def done(visit: Visit, path: str, value: Mapping[str, Any]) -> web.StreamResponse:
    """What a step answers: JSON for a script, else the page that shows it."""
    return visit.data(value) if visit.wants_json else see_other(path)
