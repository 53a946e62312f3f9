"""Versions of scorecards: drafts that change, active ones in use, retired ones that keep meaning.

The text is YAML, whose form `qa` knows; here it is kept, told apart by its digest, and never
changed once it has left the draft.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Conflict, NotFound
from core.scorecard import CardState
from store.tables import EvaluationRow, ScorecardRow


@dataclass(frozen=True, slots=True)
class StoredCard:
    """One version; `file` is set where it came from a file, `used` says how often it scored."""

    name: str
    version: int
    state: CardState
    title: str
    yaml: str
    digest: str
    file: str | None
    made_by: str | None
    made_at: datetime
    changed_at: datetime
    activated_at: datetime | None = None
    retired_at: datetime | None = None
    used: int = 0

    @property
    def source(self) -> tuple[str, str]:
        """Its text, and the file that errors in it name."""
        return self.yaml, self.file or f"{self.name}.yml"


@dataclass(frozen=True, slots=True)
class CardText:
    """A form as it is handed in: its own name, version and title, and its text."""

    name: str
    version: int
    title: str
    yaml: str
    digest: str


async def find(session: AsyncSession, name: str, version: int) -> StoredCard | None:
    """One version, or None."""
    row = await session.get(ScorecardRow, (name, version))
    return None if row is None else _card_of(row, await _used(session, name, version))


async def get(session: AsyncSession, name: str, version: int) -> StoredCard:
    """One version.

    Raises:
        NotFound: there is none.
    """
    found = await find(session, name, version)
    if found is None:
        raise NotFound(f"there is no scorecard {name}, version {version}")
    return found


async def active(session: AsyncSession) -> list[StoredCard]:
    """The versions in use, one of each name, by name."""
    rows = await session.scalars(
        select(ScorecardRow)
        .where(ScorecardRow.state == CardState.ACTIVE.value)
        .order_by(ScorecardRow.name)
    )
    return [_card_of(row, 0) for row in rows]


async def find_active(session: AsyncSession, name: str) -> StoredCard | None:
    """The version of a name that is in use, or None."""
    row = await session.scalar(
        select(ScorecardRow)
        .where(ScorecardRow.name == name)
        .where(ScorecardRow.state == CardState.ACTIVE.value)
    )
    return None if row is None else _card_of(row, await _used(session, row.name, row.version))


async def every(session: AsyncSession) -> list[StoredCard]:
    """All versions, by name, the newest first, with how often each has scored."""
    counted = await session.execute(
        select(EvaluationRow.scorecard, EvaluationRow.version, func.count()).group_by(
            EvaluationRow.scorecard, EvaluationRow.version
        )
    )
    used = {(name, version): count for name, version, count in counted}
    rows = await session.scalars(
        select(ScorecardRow).order_by(ScorecardRow.name, ScorecardRow.version.desc())
    )
    return [_card_of(row, used.get((row.name, row.version), 0)) for row in rows]


async def latest_used(session: AsyncSession, name: str, *, before: int) -> StoredCard | None:
    """The newest version below `before` that is or was active, or None."""
    row = await session.scalar(
        select(ScorecardRow)
        .where(ScorecardRow.name == name, ScorecardRow.version < before)
        .where(ScorecardRow.state != CardState.DRAFT.value)
        .order_by(ScorecardRow.version.desc())
        .limit(1)
    )
    return None if row is None else _card_of(row, await _used(session, row.name, row.version))


async def keep_file(
    session: AsyncSession, text: CardText, *, file: str, now: datetime
) -> StoredCard:
    """Keep the text of a file's form at its first use, active; the same text again is harmless.

    Raises:
        Conflict: this version has scored with another text.
    """
    known = await find(session, text.name, text.version)
    if known is not None and known.digest != text.digest and known.used:
        raise Conflict(
            f"{file}: version: version {text.version} of {text.name} has scored with another "
            "text; raise the number, so that its scores keep their meaning"
        )
    if known is not None and (known.digest == text.digest or known.file is None):
        return known
    row = await session.get(ScorecardRow, (text.name, text.version)) or _new(text, now)
    row.yaml, row.digest, row.title = text.yaml, text.digest, text.title
    row.file, row.changed_at = file, now
    session.add(row)
    await _activate(session, row, now)
    return _card_of(row, 0)


async def draft(
    session: AsyncSession, text: CardText, *, by: str | None, now: datetime
) -> StoredCard:
    """Store a draft, new or in place of the draft of that version.

    Raises:
        Conflict: that version is in use or was.
    """
    row = await session.get(ScorecardRow, (text.name, text.version))
    if row is not None and row.state != CardState.DRAFT.value:
        raise Conflict(
            f"version {text.version} of {text.name} is {row.state} and cannot be changed; "
            "make a new version"
        )
    if row is None:
        row = _new(text, now)
        row.made_by = by
        session.add(row)
    row.yaml, row.digest, row.title, row.changed_at = text.yaml, text.digest, text.title, now
    await session.flush()
    return _card_of(row, 0)


async def activate(session: AsyncSession, name: str, version: int, *, now: datetime) -> StoredCard:
    """Use this version from now on; the one that was in use is retired.

    Raises:
        NotFound: there is no such version.
    """
    row = await _row(session, name, version)
    if row.state != CardState.ACTIVE.value:
        await _activate(session, row, now)
    return _card_of(row, 0)


async def retire(session: AsyncSession, name: str, version: int, *, now: datetime) -> StoredCard:
    """Score nothing by it any more; what it scored keeps its meaning.

    Raises:
        NotFound: there is no such version.
        Conflict: it is a draft, which is deleted instead.
    """
    row = await _row(session, name, version)
    if row.state == CardState.DRAFT.value:
        raise Conflict(f"version {version} of {name} is a draft; delete it instead")
    row.state, row.retired_at = CardState.RETIRED.value, row.retired_at or now
    await session.flush()
    return _card_of(row, 0)


async def delete_draft(session: AsyncSession, name: str, version: int) -> None:
    """Delete a draft.

    Raises:
        NotFound: there is no such version.
        Conflict: it is or was in use.
    """
    row = await _row(session, name, version)
    if row.state != CardState.DRAFT.value:
        raise Conflict(f"version {version} of {name} was used, so it stays; retire it instead")
    await session.delete(row)
    await session.flush()


async def _activate(session: AsyncSession, row: ScorecardRow, now: datetime) -> None:
    others = await session.scalars(
        select(ScorecardRow)
        .where(ScorecardRow.name == row.name, ScorecardRow.version != row.version)
        .where(ScorecardRow.state == CardState.ACTIVE.value)
    )
    for other in others:
        other.state, other.retired_at = CardState.RETIRED.value, now
    row.state, row.activated_at, row.retired_at = CardState.ACTIVE.value, now, None
    await session.flush()


def _new(text: CardText, now: datetime) -> ScorecardRow:
    return ScorecardRow(
        name=text.name,
        version=text.version,
        state=CardState.DRAFT.value,
        title=text.title,
        yaml=text.yaml,
        digest=text.digest,
        made_at=now,
        changed_at=now,
    )


async def _row(session: AsyncSession, name: str, version: int) -> ScorecardRow:
    row = await session.get(ScorecardRow, (name, version))
    if row is None:
        raise NotFound(f"there is no scorecard {name}, version {version}")
    return row


async def _used(session: AsyncSession, name: str, version: int) -> int:
    count = await session.scalar(
        select(func.count())
        .select_from(EvaluationRow)
        .where(EvaluationRow.scorecard == name, EvaluationRow.version == version)
    )
    return count or 0


def _card_of(row: ScorecardRow, used: int) -> StoredCard:
    return StoredCard(
        name=row.name,
        version=row.version,
        state=CardState(row.state),
        title=row.title,
        yaml=row.yaml,
        digest=row.digest,
        file=row.file,
        made_by=row.made_by,
        made_at=row.made_at,
        changed_at=row.changed_at,
        activated_at=row.activated_at,
        retired_at=row.retired_at,
        used=used,
    )
