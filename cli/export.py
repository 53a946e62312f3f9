"""`parley export`: a stored conversation, to read or in the exchange format."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from cli.printing import say_json, say_lines
from cli.storing import read_conversation
from core.conversation import Conversation, Turn
from core.exchange import to_exchange
from core.settings import Settings, load_settings


def export(
    conversation_id: Annotated[str, typer.Argument(metavar="CONVERSATION_ID")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the exchange format, which `parley score` reads.")
    ] = False,
) -> None:
    """Print a stored conversation; the reading is audited."""
    settings = load_settings()
    conversation, recording = read_conversation(
        settings, conversation_id, action="conversation.exported"
    )
    notes = recording.notes if recording else ()
    if as_json:
        told = {"notes": list(notes)} if notes else {}
        say_json(to_exchange(conversation) | told)
    else:
        say_lines(_lines(settings, conversation, notes))


def _lines(settings: Settings, conversation: Conversation, notes: Sequence[str]) -> Iterator[str]:
    opened = conversation.opened_at
    when = opened.astimezone(settings.zone).strftime("%d %B %Y, %H:%M") if opened else "undated"
    yield f"{conversation.id}: {conversation.channel}, {when}"
    yield from (f"  {note}" for note in notes)
    for turn in conversation.turns:
        yield f"{_time(settings, turn):>8}  {turn.author or turn.role}: {turn.text}"


def _time(settings: Settings, turn: Turn) -> str:
    if turn.speech:
        minutes, tenths = divmod(round(turn.speech.span.start * 10), 600)
        return f"{minutes}:{tenths / 10:04.1f}"
    return turn.said_at.astimezone(settings.zone).strftime("%H:%M") if turn.said_at else ""
