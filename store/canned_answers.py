"""Answers that stand ready for agents, made and changed by supervisors."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput, NotFound
from core.ids import new_id
from core.inbox import CannedAnswer, check_placeholders
from store.inbox_tables import CannedAnswerRow

LONGEST_TITLE = 60  # characters: one line of a list on a phone


async def everyone(session: AsyncSession) -> tuple[CannedAnswer, ...]:
    """All answers, by title."""
    rows = await session.scalars(select(CannedAnswerRow))
    return tuple(sorted(map(_answer_of, rows), key=lambda one: (one.title.casefold(), one.id)))


async def get(session: AsyncSession, answer_id: str) -> CannedAnswer:
    """One answer.

    Raises:
        NotFound: there is none with this id.
    """
    return _answer_of(await _row(session, answer_id))


async def add(
    session: AsyncSession, title: str, text: str, *, longest: int, user: str, now: datetime
) -> CannedAnswer:
    """Keep an answer.

    Raises:
        BadInput: title or text is missing or too long, there is one of this title, or the text
            names a value that does not exist.
    """
    title, text = await _checked(session, title, text, longest=longest)
    row = CannedAnswerRow(id=new_id(), title=title, text=text, made_by=user, changed_at=now)
    session.add(row)
    await session.flush()
    return _answer_of(row)


async def change(
    session: AsyncSession, answer_id: str, title: str, text: str, *, longest: int, now: datetime
) -> CannedAnswer:
    """Put other words in an answer's place.

    Raises:
        NotFound: there is none with this id.
        BadInput: as for `add`.
    """
    row = await _row(session, answer_id)
    title, text = await _checked(session, title, text, longest=longest, besides=answer_id)
    row.title, row.text, row.changed_at = title, text, now
    await session.flush()
    return _answer_of(row)


async def remove(session: AsyncSession, answer_id: str) -> None:
    """Delete an answer; what was sent with it stays.

    Raises:
        NotFound: there is none with this id.
    """
    await session.delete(await _row(session, answer_id))
    await session.flush()


async def _checked(
    session: AsyncSession, title: str, text: str, *, longest: int, besides: str = ""
) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if not title or len(title) > LONGEST_TITLE:
        raise BadInput(f"Give the answer a title of 1 to {LONGEST_TITLE} characters.")
    if not text or len(text) > longest:
        raise BadInput(f"Give the answer words, at most {longest:,} characters.")
    check_placeholders(text)
    for other in await everyone(session):
        if other.title.casefold() == title.casefold() and other.id != besides:
            raise BadInput(f"There is an answer “{title}” already; change that one.")
    return title, text


async def _row(session: AsyncSession, answer_id: str) -> CannedAnswerRow:
    row = await session.get(CannedAnswerRow, answer_id)
    if row is None:
        raise NotFound("There is no such answer; somebody may have deleted it.")
    return row


def _answer_of(row: CannedAnswerRow) -> CannedAnswer:
    return CannedAnswer(row.id, row.title, row.text, row.made_by, row.changed_at)
