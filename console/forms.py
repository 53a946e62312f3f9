"""What questions ask, as the version of the form has it that they belong to."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from console import cards
from core.coaching import Aim


async def question_texts(session: AsyncSession, aims: Iterable[Aim]) -> dict[Aim, str]:
    """Each question as its form asks it; its id as words when that version was never kept."""
    wanted = set(aims)
    forms = {
        key: await cards.find_version(session, *key)
        for key in sorted({(aim.scorecard, aim.version) for aim in wanted})
    }
    texts = {}
    for aim in wanted:
        card = forms[aim.scorecard, aim.version]
        question = card.question(aim.question) if card else None
        texts[aim] = question.text if question else aim.question.replace("_", " ")
    return texts
