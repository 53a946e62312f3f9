"""What was measured in a call's sound, ready to be shown: figures in words, and two drawings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from console.pages import clock
from core.conversation import Conversation, Role
from core.measures import CallMeasures, Share, Tone, TonePoint, VoiceMeasures
from core.spans import TimeSpan
from core.speakers import roles_of, talk_share
from speech.tone import FLAT_SEMITONES, HIGHER_SEMITONES, LOUDER_DB, RAISED_DB

WIDTH, HEIGHT, MARGIN = 320.0, 96.0, 8.0  # units of the drawings
MOST_DB = 12.0  # the drawing's upper and lower end; loud speech lies 12 dB above normal, ANSI S3.5
MOST_MOMENTS = 12  # times of a kind that are listed; a call with more has them in `parley measures`


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and what it was made of; without data it says so."""

    value: str
    made_of: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One voice's part of the talk, in the drawing's units."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Dot:
    """One stretch in the drawing of tone; `told` are its numbers."""

    x: float
    y: float
    tone: Tone
    told: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch whose tone is not calm: where it is, whose, and its numbers."""

    start: float
    who: str
    tone: Tone
    told: str


@dataclass(frozen=True, slots=True)
class ShownVoice:
    """A column of the table; `kind` is the role, for its colour."""

    who: str
    kind: str
    speech: Figure
    pace: Figure
    interruptions: tuple[TimeSpan, ...]
    pitch: Figure
    loudness: Figure
    raised: Figure
    flat: Figure
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of the page's section."""

    talk: Figure | None
    bars: tuple[Bar, ...]
    talk_over: Figure
    dead_air: Figure
    gaps: tuple[TimeSpan, ...]
    more_gaps: int
    excluded: float
    voices: tuple[ShownVoice, ...]
    moments: tuple[Moment, ...]
    raised_y: float
    is_tone_drawn: bool


def measured(conversation: Conversation) -> Measured | None:
    """The measures of a call as they are shown; None for a chat, and for a call without any."""
    found = conversation.measures
    if found is None:
        return None
    roles = roles_of(conversation.turns)
    names = {
        voice.speaker: _name(voice.speaker, roles.get(voice.speaker), conversation.agent)
        for voice in found.voices
    }
    voices = tuple(
        _voice(voice, names[voice.speaker], roles.get(voice.speaker), found)
        for voice in found.voices
    )
    talk = talk_share(found, roles)
    moments = sorted(
        (moment for voice in found.voices for moment in _moments(voice, names[voice.speaker])),
        key=lambda moment: moment.start,
    )
    return Measured(
        talk=share(talk, "of speech") if talk else None,
        bars=_bars(found.voices, [voice.kind for voice in voices]),
        talk_over=share(found.talk_over),
        dead_air=share(found.dead_air_share),
        gaps=found.dead_air[:MOST_MOMENTS],
        more_gaps=max(0, len(found.dead_air) - MOST_MOMENTS),
        excluded=sum(span.duration for span in found.excluded),
        voices=voices,
        moments=tuple(moments[:MOST_MOMENTS]),
        raised_y=_height(RAISED_DB),
        is_tone_drawn=any(len(voice.dots) > 1 for voice in voices),
    )


def share(found: Share, of_what: str = "") -> Figure:
    """A share of seconds: '4 %', 'from 0:09 of 3:58'."""
    if found.value is None:
        return Figure("no data")
    told = f"{clock(round(found.part))} of {clock(round(found.whole))}"
    percent = 100 * found.value
    value = "under 1 %" if 0 < percent < 0.5 else f"{percent:.0f} %"
    return Figure(value, f"{told} {of_what}".strip())


def _voice(voice: VoiceMeasures, who: str, role: Role | None, call: CallMeasures) -> ShownVoice:
    pace, pitch, level = voice.pace, voice.pitch, voice.loudness_dbfs
    return ShownVoice(
        who=who,
        kind=(role or Role.UNKNOWN).value,
        speech=Figure(clock(round(voice.talk_seconds)), f"{voice.words} words"),
        pace=Figure("no data" if pace.value is None else f"{pace.value:.0f}"),
        interruptions=voice.interruptions,
        pitch=Figure(f"{pitch.median_hz:.0f} Hz", f"{pitch.low_hz:.0f} to {pitch.high_hz:.0f}")
        if pitch
        else Figure("no data"),
        loudness=Figure("no data" if level is None else _signed(level, "dB", digits=0)),
        raised=_stretches(voice, Tone.RAISED),
        flat=_stretches(voice, Tone.FLAT),
        dots=tuple(_dot(point, call.duration) for point in voice.tone),
    )


def _stretches(voice: VoiceMeasures, tone: Tone) -> Figure:
    found = voice.share_of(tone)
    return Figure(f"{found.part:g} of {found.whole:g}") if found.whole else Figure("no data")


def _moments(voice: VoiceMeasures, who: str) -> list[Moment]:
    return [
        Moment(point.span.start, who, point.tone, numbers(point))
        for point in voice.tone
        if point.tone is not Tone.CALM
    ]


def numbers(point: TonePoint) -> str:
    """What is behind a tone: '+6.5 dB, +2.0 semitones, range 5.1'."""
    parts = [_signed(point.loudness_db, "dB")]
    if point.pitch_semitones is not None:
        parts.append(_signed(point.pitch_semitones, "semitones"))
    if point.range_semitones is not None:
        parts.append(f"range {point.range_semitones:.1f}")
    return ", ".join(parts)


def _dot(point: TonePoint, duration: float) -> Dot:
    middle = (point.span.start + point.span.end) / 2
    room = WIDTH - 2 * MARGIN
    x = MARGIN + room * (middle / duration if duration else 0.0)
    told = f"{clock(point.span.start)}: {point.tone}, {numbers(point)}"
    return Dot(round(x, 1), _height(point.loudness_db), point.tone, told)


def _height(decibels: float) -> float:
    """Louder is higher; what lies beyond the drawing's ends is drawn at them."""
    held = max(-MOST_DB, min(MOST_DB, decibels))
    return round(HEIGHT / 2 - held / MOST_DB * (HEIGHT / 2 - MARGIN), 1)


def _bars(voices: Sequence[VoiceMeasures], kinds: Sequence[str]) -> tuple[Bar, ...]:
    total = sum(voice.talk_seconds for voice in voices)
    if total <= 0 or len(voices) < 2:
        return ()
    widths = [WIDTH * voice.talk_seconds / total for voice in voices]
    begins = [0.0, *accumulate(widths)]
    parts = zip(kinds, begins, widths, strict=False)
    return tuple(Bar(kind, round(x, 1), round(width, 1)) for kind, x, width in parts)


def _name(speaker: str, role: Role | None, agent: str | None) -> str:
    if role is Role.AGENT:
        return agent or "Agent"
    return "Customer" if role is Role.CUSTOMER else speaker.capitalize()


def _signed(number: float, unit: str, *, digits: int = 1) -> str:
    """With its sign, and a real minus."""
    return f"{number:+.{digits}f} {unit}".replace("-", "−")


HELP = (
    ("Talk share", "The agent’s speech of both parties’ speech."),
    ("Talk-over", "Seconds in which both speak, of the whole call."),
    (
        "Interrupts",
        "How often somebody begins while the other speaks, both go on for half a second, the other "
        "stops first, and they go on alone for a second. “Mm-hm” is no interruption.",
    ),
    (
        "Dead air",
        "Gaps over 3 seconds in which nobody speaks, of the call without holds and mutes.",
    ),
    ("Pace", "Words in a minute of the person’s own speech."),
    ("Pitch", "The middle of the voice’s pitch, and the range that holds four fifths of it."),
    ("Loudness", "The middle level, in decibels below the loudest that the recording can hold."),
    (
        "Tone",
        "A voice beside its own usual, in stretches of 10 seconds or more. Raised: "
        f"{RAISED_DB:g} dB louder, or {LOUDER_DB:g} dB louder and {HIGHER_SEMITONES:g} semitones "
        f"higher. Flat: its pitch stays within {FLAT_SEMITONES:g} semitones. Calm: neither. It is "
        "a signal about the sound and says nothing about what somebody feels.",
    ),
)
