"""The way from a file to turns: `hear` is the whole of it, the rest are its steps."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from core.conversation import Turn
from core.measures import CallMeasures
from core.recording import ChannelLayout, Segment, Transcript
from core.spans import TimeSpan
from speech.activity import Activity, listen, median_level
from speech.audio import SAMPLE_RATE_HZ, AudioFile, Reading, Samples, probe
from speech.bleed import echoes, without
from speech.channel_notes import Told, tell_channels
from speech.clock import with_hours_spelled
from speech.doubles import note_of as doubled_words
from speech.engines import Engine, Piece
from speech.loops import is_loop, without_loops
from speech.measures import PitchMeters, Voice, measure, voices_of
from speech.memory import give_back, share_one_heap
from speech.pieces import Cut, cut, halves, plan
from speech.quality import ChannelQuality, ClippingMeter, count_words, described, warnings
from speech.shelf import Shelf
from speech.tone import VoiceSound
from speech.turns import spoken_turns
from speech.voices.changes import changes_of_voice
from speech.voices.diarization import Voices
from speech.voices.mono import Found, MonoSetup, find, mono_turns
from speech.voices.naming import label_of

Progress: TypeAlias = Callable[[str, float, float], None]  # step, seconds done, seconds in all

LISTENING = "listening"
TELLING_APART = "telling voices apart"
TRANSCRIBING = "transcribing"
MOST_SECONDS = 480.0  # of sound handed to an engine at once: 31 MB, 16 windows of Whisper
BLOCKS_KEPT = 20  # of 30 s, after which their memory is handed back


@dataclass(frozen=True, slots=True)
class Heard:
    """All that came of one file; `notes` are sentences for people.

    `layout` is the one that was used: mono for a file whose channels carry one sound, and for one
    in which the agent was looked for, where they were found. `incomplete_at` is the second where a
    damaged file breaks; `repeated` are the stretches in which the recogniser kept repeating itself
    or ran on, after they were decoded again.
    """

    file: AudioFile
    layout: ChannelLayout
    duration: float
    transcript: Transcript
    turns: tuple[Turn, ...]
    quality: tuple[ChannelQuality, ...]
    measures: CallMeasures
    incomplete_at: float | None
    notes: tuple[str, ...]
    repeated: tuple[TimeSpan, ...] = ()

    @property
    def described(self) -> str:
        """One sentence of numbers: codec, language, level, unsure words."""
        return described(self.file, self.quality, self.transcript.language)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the first pass over the sound settled."""

    layout: ChannelLayout
    duration: float
    incomplete_at: float | None
    activity: Activity
    echoes: tuple[tuple[TimeSpan, ...], ...]
    sounds: tuple[VoiceSound, ...]
    clipped: tuple[int, ...]
    cuts: tuple[Cut, ...]

    @property
    def spoken(self) -> list[tuple[TimeSpan, ...]]:
        """Where each channel holds speech of its own."""
        pairs = zip(self.activity.voiced, self.echoes, strict=True)
        return [without(voiced, holes) for voiced, holes in pairs]


def hear(
    path: Path,
    *,
    recording: str,
    layout: ChannelLayout,
    engine: Engine,
    language: str,
    max_hours: float,
    excluded: Sequence[TimeSpan] = (),
    company: str = "",
    mono: MonoSetup | None = None,
    progress: Progress | None = None,
) -> Heard:
    """Turn a file into turns with words and times.

    Silence, and 0 seconds of sound, give a transcript without segments.

    Args:
        recording: id that the transcript carries.
        layout: which channel is whom; a file with one channel is mono whatever it says.
        excluded: holds and mutes; silence there is no dead air.
        company: by which name the house answers, for finding the agent.
        mono: what tells the voices of one channel apart; without it their roles stay unknown.
        progress: called as the work goes on; what it raises ends the work.

    Raises:
        BadAudio: the file cannot be heard; the message says why and what to do.
        ModelUnavailable: the engine does not speak the language.
    """
    report = progress or _quietly
    share_one_heap()
    file = probe(path, max_hours=max_hours)
    ground = _survey(file, layout, max_hours, report)
    give_back()
    setup = mono or MonoSetup()
    found = _voices(file, ground, setup, max_hours, report)
    give_back()
    if found.voices is not None:
        ground = _cut_at_changes(ground, found.voices)
    pieces = cut(_blocks(file, ground.layout, max_hours), ground.cuts, ground.echoes)
    repeated: list[TimeSpan] = []
    shelf = Shelf()
    for segment in _transcribed(pieces, engine, language, ground, report=report, repeated=repeated):
        shelf.lay(segment)
    segments = tuple(shelf.taken())
    quality = _quality(ground, segments)
    told = _told(segments, ground, found, setup, language=language, company=company)
    return Heard(
        file=file,
        layout=told.layout,
        duration=ground.duration,
        transcript=_transcript(recording, engine, language, segments),
        turns=told.turns,
        quality=quality,
        measures=_measures(ground, found, told, excluded),
        incomplete_at=ground.incomplete_at,
        notes=(
            *_notes(file, layout, ground),
            *told.notes,
            *doubled_words(segments, len(ground.spoken)),
            *warnings(quality, repeated),
        ),
        repeated=tuple(repeated),
    )


def _survey(file: AudioFile, layout: ChannelLayout, max_hours: float, report: Progress) -> Ground:
    """First pass: who speaks when, which of it is echo, and where to cut."""
    if file.channels == 1:
        layout = ChannelLayout.MONO
    reading = Reading(file, max_hours=max_hours)
    blocks = _counted(_mixed(reading.blocks(), layout), file.duration or 0.0, report)
    meters = PitchMeters(_channels(layout))
    clipping = ClippingMeter(_channels(layout))
    activity = listen(meters.through(clipping.watch(blocks)), _channels(layout))
    if activity.is_one_sound:
        layout, activity = ChannelLayout.MONO, _first_channel(activity)
    bleed = echoes(activity.voiced, activity.levels) if _channels(layout) == 2 else ((),)
    own = [without(voiced, holes) for voiced, holes in zip(activity.voiced, bleed, strict=True)]
    cuts = (plan(c, own[c], activity.levels[c], reading.duration) for c in range(len(own)))
    return Ground(
        layout=layout,
        duration=reading.duration,
        incomplete_at=reading.incomplete_at,
        activity=activity,
        echoes=bleed,
        sounds=tuple(map(VoiceSound, activity.levels, meters.pitches)),  # one sound: the first
        clipped=tuple(int(count) for count in clipping.counts),
        cuts=tuple(each for of_channel in cuts for each in of_channel),
    )


def _blocks(file: AudioFile, layout: ChannelLayout, max_hours: float) -> Iterator[Samples]:
    return _mixed(Reading(file, max_hours=max_hours).blocks(), layout)


def _mixed(blocks: Iterable[Samples], layout: ChannelLayout) -> Iterator[Samples]:
    """The blocks as they are, or both channels as one when the call is mono."""
    for block in blocks:
        yield block if _channels(layout) == 2 else block.mean(axis=0, keepdims=True)


def _counted(
    blocks: Iterable[Samples], total: float, report: Progress, step: str = LISTENING
) -> Iterator[Samples]:
    done = 0.0
    for number, block in enumerate(blocks, start=1):
        yield block
        done += block.shape[1] / SAMPLE_RATE_HZ
        report(step, done, max(total, done))
        if number % BLOCKS_KEPT == 0:
            give_back()


def _voices(
    file: AudioFile, ground: Ground, setup: MonoSetup, max_hours: float, report: Progress
) -> Found:
    """The voices of a mono call; of a call on two channels nobody asks."""
    if _channels(ground.layout) == 2:
        return Found(None, "")

    def sound() -> Iterator[Samples]:
        blocks = _blocks(file, ground.layout, max_hours)
        return _counted(blocks, ground.duration, report, TELLING_APART)

    return find(setup, sound, ground.duration, ground.activity.voiced[0])


def _cut_at_changes(ground: Ground, voices: Voices) -> Ground:
    """The ground with pieces of which each holds one voice."""
    voiced, levels = ground.activity.voiced[0], ground.activity.levels[0]
    changes = changes_of_voice(voices.spans)
    return replace(ground, cuts=plan(0, voiced, levels, ground.duration, changes))


def _told(
    segments: Sequence[Segment],
    ground: Ground,
    found: Found,
    setup: MonoSetup,
    *,
    language: str,
    company: str,
) -> Told:
    """The turns with the roles that are known, and what is to be said of them."""
    if found.voices is None:
        told = tell_channels(spoken_turns(segments, ground.layout), ground.layout, company)
        return replace(told, notes=(*told.notes, found.note)) if found.note else told
    turns, notes = mono_turns(
        segments, found.voices, found.model, setup, company=company, language=language
    )
    return Told(turns, ground.layout, notes)


def _transcribed(
    pieces: Iterator[Piece],
    engine: Engine,
    language: str,
    ground: Ground,
    *,
    report: Progress,
    repeated: list[TimeSpan],
) -> Iterator[Segment]:
    """Second pass: decode the pieces, as many at a time as the engine likes."""
    total = sum(span.duration for each in ground.cuts for span in each.voiced)
    done = 0.0
    for batch in _batches(pieces, engine.batch):
        for piece, segment in zip(batch, engine.transcribe(batch, language=language), strict=True):
            for sane in _sane(piece, segment, engine, language, repeated):
                yield with_hours_spelled(sane, language=language)
        done += sum(piece.voiced_seconds for piece in batch)
        batch.clear()  # its sound must not lie beside that of the next one
        give_back()
        report(TRANSCRIBING, done, total)


def _batches(pieces: Iterator[Piece], most: int) -> Iterator[list[Piece]]:
    """The pieces in lists of at most `most`, and of at most so many seconds of sound."""
    batch: list[Piece] = []
    seconds = 0.0
    for piece in pieces:
        if batch and (len(batch) == most or seconds + piece.span.duration > MOST_SECONDS):
            yield batch
            batch, seconds = [], 0.0
        batch.append(piece)
        seconds += piece.span.duration
    if batch:
        yield batch


def _sane(
    piece: Piece,
    segment: Segment | None,
    engine: Engine,
    language: str,
    repeated: list[TimeSpan],
) -> Iterator[Segment]:
    """The segment; when it loops, what comes of decoding its halves instead.

    What cannot be halved any more keeps one round, and its span goes into `repeated`.
    """
    if segment is None:
        return
    if not is_loop(segment, piece.voiced_seconds):
        yield segment
        return
    parts = halves(piece)
    if parts is None:
        repeated.append(segment.span)
        yield without_loops(segment)
        return
    for part, again in zip(parts, engine.transcribe(parts, language=language), strict=True):
        yield from _sane(part, again, engine, language, repeated)


def _measures(
    ground: Ground, found: Found, told: Told, excluded: Sequence[TimeSpan]
) -> CallMeasures:
    """Of a mono call by its voices' own spans, so that talk-over is seen there too."""
    return measure(
        _mono_voices(found.voices) or voices_of(told.turns, ground.spoken),
        ground.sounds,
        told.turns,
        duration=ground.duration,
        excluded=excluded,
    )


def _mono_voices(voices: Voices | None) -> tuple[Voice, ...]:
    """Where each voice of one channel speaks; nothing where fewer than two were told apart."""
    if voices is None or voices.count < 2:
        return ()
    spans = [[each.span for each in voices.spans if each.voice == n] for n in range(voices.count)]
    return tuple(Voice(label_of(n), 0, tuple(own)) for n, own in enumerate(spans))


def _transcript(
    recording: str, engine: Engine, language: str, segments: Sequence[Segment]
) -> Transcript:
    card = engine.describe()
    ordered = sorted(segments, key=lambda each: (each.span.start, each.channel))
    return Transcript(recording, card.engine, card.model, card.revision, language, tuple(ordered))


def _quality(ground: Ground, segments: Sequence[Segment]) -> tuple[ChannelQuality, ...]:
    return tuple(
        _channel_quality(ground, number, segments) for number in range(len(ground.activity.voiced))
    )


def _channel_quality(ground: Ground, number: int, segments: Sequence[Segment]) -> ChannelQuality:
    voiced = ground.activity.voiced[number]
    seconds = sum(span.duration for span in voiced)
    words, unsure = count_words(segments, number)
    return ChannelQuality(
        channel=number,
        voiced_seconds=round(seconds, 2),
        level_dbfs=round(median_level(ground.activity.levels[number], voiced), 1),
        echo_seconds=round(sum(span.duration for span in ground.echoes[number]), 2),
        clipped_share=ground.clipped[number] / (seconds * SAMPLE_RATE_HZ) if seconds else 0.0,
        words=words,
        unsure_words=unsure,
    )


def _notes(file: AudioFile, wanted: ChannelLayout, ground: Ground) -> tuple[str, ...]:
    notes = []
    if ground.incomplete_at is not None:
        notes.append(f"The file is damaged: it breaks at {ground.incomplete_at:.1f} s.")
    if ground.layout is not wanted:
        why = "has one channel" if file.channels == 1 else "carries one sound on both channels"
        notes.append(f"The file {why}, so it is heard as mono.")
    for channel, voiced in enumerate(ground.activity.voiced):
        if not voiced:
            notes.append(f"Nobody speaks on channel {channel + 1}.")
    return tuple(notes)


def _first_channel(activity: Activity) -> Activity:
    return Activity(activity.voiced[:1], activity.levels[:1], is_one_sound=True)


def _channels(layout: ChannelLayout) -> int:
    return 1 if layout is ChannelLayout.MONO else 2


def _quietly(step: str, done: float, total: float) -> None:
    """Report to nobody."""
