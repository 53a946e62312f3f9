"""Pages of scorecards: what is used, its questions, drafts, and the steps of a version's life."""

import re
from dataclasses import dataclass, replace

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit, see_other
from console.judging import NOBODY
from console.reading import note
from core.errors import BadInput, BadScorecard, NotFound
from core.scorecard import CardState, Scorecard
from qa.card_csv import csv_to_yaml, to_csv
from qa.card_values import to_yaml
from qa.cards import list_scorecards, load_scorecard, parse_scorecard, read_card
from qa.versions import check_follows, digest_of
from store import audit, scorecards, users
from store.scorecards import CardText, StoredCard

LONGEST = 200_000  # characters of a form; the service card has 30,000
_LINE = re.compile(r"[^:\s]+:(\d+): ")  # file and line, as errors of a form begin
_CHANGES = ("scorecard.imported", "scorecard.drafted", "scorecard.changed")


@dataclass(frozen=True, slots=True)
class Line:
    """One name with its versions; `fresh` is the file's form where none was kept yet."""

    name: str
    versions: tuple[StoredCard, ...]
    fresh: Scorecard | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a text, and the words of its line; `line` counts from 1, 0 is nowhere."""

    message: str
    line: int = 0
    words: str = ""


async def scorecards_page(visit: Visit) -> web.StreamResponse:
    """All forms with their versions."""
    async with visit.console.database.reading() as session:
        stored = await scorecards.every(session)
    known = sorted({card.name for card in stored} | set(list_scorecards()))
    lines = [_line(name, [card for card in stored if card.name == name]) for name in known]
    return visit.page("scorecards.html", lines=lines, main=visit.console.settings.scorecard)


async def scorecard_page(visit: Visit) -> web.StreamResponse:
    """One version: what it asks, how each question is answered, and what may be done with it."""
    async with visit.console.database.reading() as session:
        stored = await _find(session, visit)
    card, wrong = _read(stored)
    is_main = stored.name == visit.console.settings.scorecard
    return visit.page("scorecard.html", stored=stored, card=card, wrong=wrong, is_main=is_main)


async def export_yaml(visit: Visit) -> web.StreamResponse:
    """The text as it is kept."""
    async with visit.console.database.reading() as session:
        stored = await _find(session, visit)
    return _file(f"{stored.name}-{stored.version}.yml", stored.yaml, "application/yaml")


async def export_csv(visit: Visit) -> web.StreamResponse:
    """A row for each question."""
    async with visit.console.database.reading() as session:
        stored = await _find(session, visit)
    return _file(
        f"{stored.name}-{stored.version}.csv", to_csv(parse_scorecard(*stored.source)), "text/csv"
    )


async def import_page(visit: Visit) -> web.StreamResponse:
    """Where a form is pasted or chosen."""
    return visit.page("scorecard_import.html", text="", kind="yaml", wrong=None, known=None)


async def import_card(visit: Visit) -> web.StreamResponse:
    """A form from YAML or CSV becomes a draft; a wrong one stays in the page with its line.

    So does one that would replace another draft of its version, until that is said to be meant.
    """
    text, kind = visit.form.get("text", ""), visit.form.get("kind", "yaml")
    read = text
    try:
        if kind == "csv":
            read = csv_to_yaml(_short(text), "import.csv")
        told = text_of(read, f"import.{'csv' if kind == 'csv' else 'yml'}")
    except BadScorecard as error:
        wrong = wrong_with(error, read)
        if read is not text:  # the line is one of the YAML that was made, not of the table
            wrong = replace(wrong, line=0)
        return visit.page(
            "scorecard_import.html", text=text, kind=kind, wrong=wrong, known=None, status=400
        )
    async with visit.console.database.writing() as session:
        known = await scorecards.find(session, told.name, told.version)
        meant = (told.digest, visit.form.get("replaces", ""))
        if known is None or known.state is not CardState.DRAFT or known.digest in meant:
            return await _keep_draft(session, visit, told, "scorecard.imported")
        changed_by = await last_hand(session, known)
    return visit.page(
        "scorecard_import.html", text=text, kind=kind, wrong=None, known=known,
        changed_by=changed_by, status=409,
    )  # fmt: skip


async def new_version(visit: Visit) -> web.StreamResponse:
    """A draft with the next number, from this version's text."""
    async with visit.console.database.reading() as session:
        stored = await _find(session, visit)
        every = [card for card in await scorecards.every(session) if card.name == stored.name]
    number = max([stored.version, *(card.version for card in every)]) + 1
    copy = replace(parse_scorecard(*stored.source), version=number, dropped=frozenset())
    questions_text = to_yaml(_without_was(copy))
    told = text_of(questions_text, f"{stored.name}.yml")
    async with visit.console.database.writing() as session:
        return await _keep_draft(session, visit, told, "scorecard.drafted")


async def activate(visit: Visit) -> web.StreamResponse:
    """Score by this version from now on; the one before is retired."""
    name, version = _asked(visit)
    async with visit.console.database.writing() as session:
        stored = await _find(session, visit)
        card = parse_scorecard(*stored.source)
        before = await scorecards.latest_used(session, name, before=version)
        if before is not None and stored.state is CardState.DRAFT:
            check_follows(card, parse_scorecard(*before.source))
        if await scorecards.find(session, name, version) is None:
            told = text_of(stored.yaml, stored.file or name)
            now = visit.console.now()
            await scorecards.keep_file(session, told, file=stored.file or name, now=now)
        await scorecards.activate(session, name, version, now=visit.console.now())
        await note(session, visit, "scorecard.activated", f"{name}:{version}")
    return see_other(f"/scorecards/{name}/{version}")


async def retire(visit: Visit) -> web.StreamResponse:
    """Score nothing by it any more."""
    name, version = _asked(visit)
    if name == visit.console.settings.scorecard:
        raise BadInput(
            f"{name} is the scorecard that PARLEY_SCORECARD names; activate another version of it "
            "or change the setting first."
        )
    async with visit.console.database.writing() as session:
        await scorecards.retire(session, name, version, now=visit.console.now())
        await note(session, visit, "scorecard.retired", f"{name}:{version}")
    return see_other(f"/scorecards/{name}/{version}")


async def delete(visit: Visit) -> web.StreamResponse:
    """Throw a draft away."""
    name, version = _asked(visit)
    async with visit.console.database.writing() as session:
        await scorecards.delete_draft(session, name, version)
        await note(session, visit, "scorecard.draft_deleted", f"{name}:{version}")
    return see_other("/scorecards")


def text_of(text: str, file: str) -> CardText:
    """A form that is right, ready to be kept.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    card = parse_scorecard(_short(text), file)
    return CardText(card.name, card.version, card.title, text, digest_of(text))


def wrong_with(error: BadInput, text: str) -> Wrong:
    """The error with the line of the text that it names, if it names one."""
    found = _LINE.match(str(error))
    lines = text.splitlines()
    number = int(found[1]) if found else 0
    words = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return Wrong(str(error), number if words else 0, words)


async def last_hand(session: AsyncSession, stored: StoredCard) -> str:
    """The name of who changed a version last."""
    rows = await audit.rows_of(session, f"{stored.name}:{stored.version}")
    hands = [row.actor for row in rows if row.action in _CHANGES]
    names = {user.id: user.name for user in await users.everyone(session)}
    return (names | NOBODY).get(hands[-1] if hands else "", "somebody who is gone")


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise BadScorecard(f"The form has {len(text):,} characters; {LONGEST:,} are the most.")
    return text.replace("\r\n", "\n")


def _without_was(card: Scorecard) -> Scorecard:
    """Renaming is told once: in the version after this one every id is its own again."""
    sections = tuple(
        replace(
            section,
            questions=tuple(replace(question, was=None) for question in section.questions),
            sections=tuple(
                replace(child, questions=tuple(replace(q, was=None) for q in child.questions))
                for child in section.sections
            ),
        )
        for section in card.sections
    )
    return replace(card, sections=sections)


async def _keep_draft(
    session: AsyncSession, visit: Visit, told: CardText, action: str
) -> web.StreamResponse:
    await scorecards.draft(session, told, by=visit.user.id, now=visit.console.now())
    await note(session, visit, action, f"{told.name}:{told.version}")
    return see_other(f"/scorecards/{told.name}/{told.version}/edit")


def _asked(visit: Visit) -> tuple[str, int]:
    name, version = visit.part("name"), visit.part("version")
    if not version.isdecimal():
        raise NotFound("There is no such scorecard.")
    return name, int(version)


async def _find(session: AsyncSession, visit: Visit) -> StoredCard:
    """The version that the address names; one that comes with Parley may not be kept yet."""
    name, version = _asked(visit)
    stored = await scorecards.find(session, name, version)
    if stored is not None:
        return stored
    if name in list_scorecards():
        text, file = read_card(name)
        card = parse_scorecard(text, file)
        if card.version == version:
            now = visit.console.now()
            return StoredCard(
                name, version, CardState.ACTIVE, card.title, text, digest_of(text), file, None,
                now, now,
            )  # fmt: skip
    raise NotFound("There is no such scorecard.")


def _line(name: str, versions: list[StoredCard]) -> Line:
    fresh = load_scorecard(name) if name in list_scorecards() else None
    if fresh and any(card.version >= fresh.version for card in versions):
        fresh = None
    return Line(name, tuple(versions), fresh)


def _read(stored: StoredCard) -> tuple[Scorecard | None, str]:
    try:
        return parse_scorecard(*stored.source), ""
    except BadScorecard as error:
        return None, str(error)


def _file(name: str, text: str, kind: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)
