"""Measures of a call as plain JSON values, out and in again without loss."""

from core.conversation import JsonValue
from core.exchange_reader import Json, Reader, WrongKey, located
from core.measures import CallMeasures, Pitch, Tone, TonePoint, VoiceMeasures
from core.spans import TimeSpan


def measures_out(measures: CallMeasures) -> Json:
    """The measures as JSON; what is not known is left out."""
    return {
        "version": measures.version,
        "duration": measures.duration,
        "talk_over": measures.talk_over_seconds,
        "dead_air": [_span_out(span) for span in measures.dead_air],
        "excluded": [_span_out(span) for span in measures.excluded],
        "voices": [_voice_out(voice) for voice in measures.voices],
    }


def measures_in(reader: Reader) -> CallMeasures:
    """Read measures.

    Raises:
        BadInput: naming the path of the first wrong or missing key.
    """
    return CallMeasures(
        duration=reader.amount("duration"),
        talk_over_seconds=reader.amount("talk_over"),
        dead_air=_spans_in(reader, "dead_air"),
        excluded=_spans_in(reader, "excluded"),
        voices=tuple(_voice_in(voice) for voice in reader.list("voices")),
        version=int(reader.amount("version")),
    )


def _voice_out(voice: VoiceMeasures) -> Json:
    out: Json = {
        "speaker": voice.speaker,
        "talk": voice.talk_seconds,
        "words": voice.words,
        "loudness_dbfs": voice.loudness_dbfs,
        "interruptions": [_span_out(span) for span in voice.interruptions],
        "tone": [_point_out(point) for point in voice.tone],
    }
    if voice.pitch:
        out["pitch_hz"] = {
            "median": voice.pitch.median_hz,
            "low": voice.pitch.low_hz,
            "high": voice.pitch.high_hz,
        }
    return _known(out)


def _voice_in(reader: Reader) -> VoiceMeasures:
    pitch = reader.maybe_object("pitch_hz")
    return VoiceMeasures(
        speaker=reader.text("speaker"),
        talk_seconds=reader.amount("talk"),
        words=int(reader.amount("words")),
        loudness_dbfs=reader.number("loudness_dbfs"),
        pitch=None if pitch is None else _pitch_in(pitch),
        interruptions=_spans_in(reader, "interruptions"),
        tone=tuple(_point_in(point) for point in reader.list("tone")),
    )


def _pitch_in(reader: Reader) -> Pitch:
    median, low, high = (reader.amount(key) for key in ("median", "low", "high"))
    return located(reader.path, lambda: Pitch(median, low, high))


def _point_out(point: TonePoint) -> Json:
    return _known(
        _span_out(point.span)
        | {
            "tone": point.tone.value,
            "loudness_db": point.loudness_db,
            "pitch_semitones": point.pitch_semitones,
            "range_semitones": point.range_semitones,
        }
    )


def _point_in(reader: Reader) -> TonePoint:
    loudness = reader.number("loudness_db")
    if loudness is None:
        raise WrongKey(f"{reader.at('loudness_db')}: missing")
    span, tone = _span_in(reader), reader.choice("tone", Tone)
    pitch, spread = reader.number("pitch_semitones"), reader.number("range_semitones")
    return located(reader.path, lambda: TonePoint(span, tone, loudness, pitch, spread))


def _spans_in(reader: Reader, key: str) -> tuple[TimeSpan, ...]:
    return tuple(_span_in(span) for span in reader.list(key))


def _span_in(reader: Reader) -> TimeSpan:
    span = reader.span()
    if span is None:
        raise WrongKey(f"{reader.at('start')}: missing")
    return span


def _span_out(span: TimeSpan) -> Json:
    return {"start": span.start, "end": span.end}


def _known(values: dict[str, JsonValue]) -> Json:
    return {key: value for key, value in values.items() if value is not None}
