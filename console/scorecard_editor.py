"""Editing a draft, with what it would say of a conversation beside it."""

import asyncio
import functools
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit, see_other
from console.findings import ShownSection, shown_sections
from console.reading import note, note_once
from console.scorecards import Wrong, last_hand, text_of, wrong_with
from core.conversation import Conversation
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Evaluation
from core.handoff import Holder
from core.scorecard import CardState, Scorecard
from core.settings import Settings
from language.encoder import find_folder
from language.pipeline import Pipeline
from language.sentiment import load_model
from qa.cards import parse_scorecard
from qa.scoring import evaluate, settle_variables
from qa.vectors import Vectors, load_vectors
from store import blind, conversations, listing, scorecards
from store.listing import Filter, Summary
from store.scorecards import StoredCard

OFFERED = 50  # conversations to choose from, the latest that are closed; any other is searched


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft says of a conversation, or why it says nothing."""

    evaluation: Evaluation | None = None
    sections: tuple[ShownSection, ...] = ()
    wrong: Wrong | None = None


async def edit_page(visit: Visit) -> web.StreamResponse:
    """The draft's text, and the preview on the conversation that is chosen."""
    async with visit.console.database.reading() as session:
        stored = await _draft(session, visit)
    chosen = visit.request.query.get("conversation", "")
    return await _page(visit, stored, stored.yaml, chosen)


async def save(visit: Visit) -> web.StreamResponse:
    """Keep the draft, or only show what it would say; a wrong text stays in the page.

    So does one that would replace what somebody else has saved meanwhile; saved again, it does.
    """
    text, chosen = visit.form.get("text", ""), visit.form.get("conversation", "")
    async with visit.console.database.reading() as session:
        stored = await _draft(session, visit)
    if visit.form.get("do") in ("preview", "find"):
        return await _page(visit, stored, text, chosen)
    try:
        told = text_of(text, f"{stored.name}.yml")
        if (told.name, told.version) != (stored.name, stored.version):
            raise BadInput(
                f"name and version say which draft this is: {stored.name}, {stored.version}. "
                "For another one, import the text instead."
            )
    except BadInput as error:
        return await _page(visit, stored, text, chosen, wrong=wrong_with(error, text), status=400)
    async with visit.console.database.writing() as session:
        now = await _draft(session, visit)
        is_newest = now.digest in (visit.form.get("digest", ""), told.digest)
        if is_newest:
            await scorecards.draft(session, told, by=visit.user.id, now=visit.console.now())
            await note(session, visit, "scorecard.changed", f"{told.name}:{told.version}")
    if not is_newest:
        return await _page(visit, now, text, chosen, is_overtaken=True, status=409)
    where = f"/scorecards/{stored.name}/{stored.version}/edit"
    return see_other(f"{where}?conversation={chosen}" if chosen.isalnum() else where)


async def preview(visit: Visit) -> web.StreamResponse:
    """The preview alone, for the script that asks while somebody types."""
    chosen = visit.form.get("conversation", "")
    shown = await _preview(visit, visit.form.get("text", ""), chosen)
    return visit.page("scorecard_preview.html", preview=shown, chosen=chosen)


async def _page(
    visit: Visit,
    stored: StoredCard,
    text: str,
    chosen: str,
    *,
    wrong: Wrong | None = None,
    is_overtaken: bool = False,
    status: int = 200,
) -> web.Response:
    """The editor; where somebody else was first, with what they saved beside this text."""
    digest = stored.digest if is_overtaken else visit.form.get("digest", stored.digest)
    find = visit.form.get("find", "").strip()
    async with visit.console.database.reading() as session:
        changed_by = await last_hand(session, stored)
        found = await _offered(session, visit, find)
        if visit.form.get("do") == "find" and find and len(found) == 1:
            chosen = found[0].id
        own = await _offered(session, visit, chosen) if chosen else []
    shown = await _preview(visit, text, chosen)
    values: dict[str, Any] = {
        "stored": stored,
        "text": text,
        "chosen": chosen,
        "offered": list(dict.fromkeys([*found, *(one for one in own if one.id == chosen)])),
        "find": find,
        "found": len(found),
        "is_unsaved": text.splitlines() != stored.yaml.splitlines(),
        "preview": shown,
        "wrong": wrong,
        "digest": digest,
        "changed_by": changed_by,
        "theirs": marked(stored.yaml, text) if is_overtaken else (),
    }
    return visit.page("scorecard_edit.html", status=status, **values)


async def _offered(session: AsyncSession, visit: Visit, find: str) -> list[Summary]:
    """Closed conversations to try a draft on, the newest first; none that this person scores blind.

    `find` are words, an id, or one that another system gave.
    """
    hidden = await blind.blind_to(session, visit.user.id)
    wanted = Filter(query=find, holder=Holder.CLOSED, blind=hidden)
    found = await listing.page(session, wanted, size=OFFERED)
    return [one for one in found.items if one.id not in hidden]


def marked(theirs: str, own: str) -> tuple[tuple[str, bool], ...]:
    """The lines of another's text, each with whether the own one has it otherwise or not at all."""
    lines, others = theirs.splitlines(), own.splitlines()
    steps = SequenceMatcher(None, others, lines, autojunk=False).get_opcodes()
    return tuple(
        (line, step != "equal") for step, _, _, start, end in steps for line in lines[start:end]
    )


async def _preview(visit: Visit, text: str, chosen: str) -> Preview:
    """Judge the chosen conversation by a text, in a thread; nothing is stored."""
    try:
        card = parse_scorecard(text.replace("\r\n", "\n"), "draft.yml")
    except BadInput as error:
        return Preview(wrong=wrong_with(error, text))
    if not chosen:
        return Preview()
    try:
        async with visit.console.database.reading() as session:
            if chosen in await blind.blind_to(session, visit.user.id):
                raise BadInput("You score this conversation blind; choose another one to try on.")
            conversation = await conversations.get(session, chosen)
        await note_once(visit, "conversation.read", chosen)
        made = await asyncio.to_thread(_judge, visit, conversation, card)
    except (BadInput, NotFound) as error:
        return Preview(wrong=Wrong(str(error)))
    return Preview(made, shown_sections(made, conversation, card))


def _judge(visit: Visit, conversation: Conversation, card: Scorecard) -> Evaluation:
    settings: Settings = visit.console.settings
    variables = settle_variables(card, conversation=conversation, house=settings.house_variables)
    encoder = find_folder(settings.models, settings.encoder_model)
    return evaluate(
        conversation,
        card,
        pipeline=_pipeline(),
        now=visit.console.now(),
        variables=variables,
        sentiment=load_model(encoder),
        vectors=_vectors(encoder),
    )


@functools.cache
def _pipeline() -> Pipeline:
    """One per process: it keeps the compiled phrases."""
    return Pipeline()


@functools.cache
def _vectors(folder: Path) -> Vectors | None:
    """One per process: it keeps what was encoded."""
    return load_vectors(folder)


async def _draft(session: AsyncSession, visit: Visit) -> StoredCard:
    name, version = visit.part("name"), visit.part("version")
    found = await scorecards.find(session, name, int(version)) if version.isdecimal() else None
    if found is None:
        raise NotFound("There is no such scorecard.")
    if found.state is not CardState.DRAFT:
        raise Conflict(
            f"Version {version} of {name} is {found.state} and cannot be changed; "
            "make a new version of it."
        )
    return found
