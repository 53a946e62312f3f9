"""The quality note of a recording: notes for people, and its figures in words; new ones too."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation import JsonValue
from core.recording import Recording
from core.spans import joined

DAMAGED = "The file is damaged"  # how speech/hearing.py begins what the page's own notice says
NAMES = {
    "codec": "Coding",
    "container": "File",
    "sample_rate_hz": "Sample rate",
    "voiced_seconds": "Speech",
    "level_dbfs": "Level",
    "echo_seconds": "Echo silenced",
}
UNITS = {"_seconds": "s", "_dbfs": "dB", "_db": "dB", "_hz": "Hz", "_share": "%"}

DIGITS = {"Hz": 0, "dB": 0, "s": 1}


@dataclass(frozen=True, slots=True)
class ShownQuality:
    """Sentences, facts of the whole file, and a table of its channels."""

    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    channels: int
    muted_seconds: float

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.notes or self.facts or self.rows or self.muted_seconds)


def quality_of(recording: Recording) -> ShownQuality:
    """What is known about a recording's sound; figures that nobody named here show their key."""
    quality = dict(recording.quality)
    channels = quality.pop("channels", [])
    tables = [c for c in channels if isinstance(c, dict)] if isinstance(channels, list) else []
    return ShownQuality(
        notes=tuple(note for note in recording.notes if not note.startswith(DAMAGED)),
        facts=tuple((named(key), shown(key, value)) for key, value in quality.items()),
        rows=_rows(tables),
        channels=len(tables),
        muted_seconds=sum(span.duration for span in joined(m.span for m in recording.mutes)),
    )


def _rows(tables: list[dict[str, JsonValue]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    keys = [key for key in (tables[0] if tables else {}) if key != "channel"]
    return tuple(
        (named(key), tuple(shown(key, table.get(key)) for table in tables))
        for key in keys
        if any(not _is_nothing(key, table) for table in tables)
    )


def _is_nothing(key: str, table: Mapping[str, JsonValue]) -> bool:
    """An echo of 0 s on every channel is not worth a line."""
    return key == "echo_seconds" and not table.get(key)


def named(key: str) -> str:
    """A figure's name: its own, or its key as words without the unit."""
    if key in NAMES:
        return NAMES[key]
    for ending in UNITS:
        key = key.removesuffix(ending)
    return key.replace("_", " ").capitalize()


def shown(key: str, value: JsonValue) -> str:
    """A figure with the unit that its key ends in; shares as per cent."""
    if value is None:
        return "no data"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if key.endswith("_share"):
        return f"{100 * value:.0f} %"
    unit = next((unit for ending, unit in UNITS.items() if key.endswith(ending)), "")
    digits = DIGITS.get(unit)
    text = f"{value:g}" if digits is None else f"{value:.{digits}f}"
    return f"{text} {unit}".strip().replace("-", "−")
