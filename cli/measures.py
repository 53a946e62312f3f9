"""`parley measures`: what was measured in a call's sound, each figure with what is behind it."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from cli.options import AsJson
from cli.printing import say_lines
from cli.storing import read_conversation
from core.conversation import Conversation, Role
from core.errors import NotFound
from core.exchange_measures import measures_out
from core.measures import CallMeasures, Share, Tone, VoiceMeasures
from core.settings import load_settings
from core.speakers import roles_of, talk_share

MINUS = "\N{MINUS SIGN}"


def measures(
    conversation_id: Annotated[str, typer.Argument(metavar="CONVERSATION_ID")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print what was measured in the sound of a call; the reading is audited."""
    conversation, recording = read_conversation(
        load_settings(), conversation_id, action="conversation.read"
    )
    notes = recording.notes if recording else ()
    found = conversation.measures
    if found is None:
        raise NotFound(
            f"{conversation_id} has no measures: it is a chat, or was heard before there were any"
        )
    if as_json:
        roles = {speaker: role.value for speaker, role in roles_of(conversation.turns).items()}
        typer.echo(json.dumps(measures_out(found) | {"roles": roles, "notes": list(notes)}))
    else:
        say_lines(lines(conversation, found, notes))


def lines(conversation: Conversation, found: CallMeasures, notes: Sequence[str]) -> Iterator[str]:
    """The measures to read, one to a line."""
    roles = roles_of(conversation.turns)
    yield f"{conversation.id}: {found.duration:.1f} s, definitions version {found.version}"
    yield from (f"  {note}" for note in notes)
    if talk := talk_share(found, roles):
        yield f"  talk share of the agent    {_percent(talk, 's')}"
    yield f"  talk-over                  {_percent(found.talk_over, 's')}"
    yield f"  dead air                   {_percent(found.dead_air_share, 's')}"
    for voice in found.voices:
        role = roles.get(voice.speaker, Role.UNKNOWN)
        yield f"  {voice.speaker} ({role})"
        yield from (f"    {line}" for line in _voice(voice))


def _voice(voice: VoiceMeasures) -> Iterator[str]:
    times = len(voice.interruptions)
    yield f"speaks {voice.talk_seconds:.1f} s, {voice.words} words, interrupts {times}×"
    if voice.pace.value is not None:
        yield f"pace {voice.pace.value:.0f} words a minute of speech"
    if voice.pitch:
        low, high = voice.pitch.low_hz, voice.pitch.high_hz
        yield f"pitch {voice.pitch.median_hz:.0f} Hz, four fifths in {low:.0f} to {high:.0f} Hz"
    if voice.loudness_dbfs is not None:
        yield f"loudness {voice.loudness_dbfs:.1f} dBFS".replace("-", MINUS)
    if voice.tone:
        shares = (f"{tone} {_percent(voice.share_of(tone), 'stretches')}" for tone in Tone)
        yield f"tone: {'; '.join(shares)}"


def _percent(share: Share, unit: str) -> str:
    if share.value is None:
        return "no data"
    return f"{100 * share.value:.0f} % ({share.part:g} of {share.whole:g} {unit})"
