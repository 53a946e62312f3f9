"""A report's filter as it stands in a URL: days, form and version, whose answers, and of whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from core.conversation import Channel
from core.errors import BadInput
from core.judged import Answers
from core.settings import Settings
from insight.windows import Window

KEYS = (
    *("from", "to", "scorecard", "version", "answers"),
    *("channel", "queue", "agent", "team", "question"),
)
DAYS = 28  # shown unless other days are given: four weeks, so that weekdays weigh the same
LONGEST = 200  # characters of a value; no name or key here is longer
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked to see; `values` as they were given, `version` None for the newest.

    `question` is of the report of weeks alone: one question in place of the score.
    """

    values: Mapping[str, str]
    window: Window
    scorecard: str
    version: int | None
    answers: Answers
    channel: Channel | None
    queue: str | None
    agent: str | None
    team: str | None
    question: str | None

    def url(self, path: str, **more: str | None) -> str:
        """An address with this filter, and `more` in place of what it has; None leaves one out."""
        kept = {
            key: value for key, value in (dict(self.values) | more).items() if value is not None
        }
        return f"{path}?{urlencode(kept)}" if kept else path


def asked_of(given: Mapping[str, str], settings: Settings, *, now: datetime) -> Asked:
    """The filter in a URL's values.

    Raises:
        BadInput: a value is none that a report has; it says which.
    """
    values = {key: given[key].strip() for key in KEYS if given.get(key, "").strip()}
    for key, value in values.items():
        if len(value) > LONGEST:
            raise BadInput(f"{key} is longer than the {LONGEST} characters of any there is.")
    return Asked(
        values=values,
        window=_window(values, settings, now),
        scorecard=values.get("scorecard", settings.scorecard),
        version=_version(values.get("version")),
        answers=choice_of(Answers, values.get("answers"), "answers") or Answers.MACHINE,
        channel=choice_of(Channel, values.get("channel"), "channel"),
        queue=values.get("queue"),
        agent=values.get("agent"),
        team=values.get("team"),
        question=values.get("question"),
    )


def choice_of(kind: type[Choice], value: str | None, name: str) -> Choice | None:
    """One of a few values; None when it is not given.

    Raises:
        BadInput: it is none of them.
    """
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as error:
        raise BadInput(f"{name}: {value[:40]!r} is not one of {', '.join(kind)}") from error


def _window(values: Mapping[str, str], settings: Settings, now: datetime) -> Window:
    today = now.astimezone(settings.zone).date()
    last = _day(values.get("to"), "to") or today
    first = _day(values.get("from"), "from") or last - timedelta(days=DAYS - 1)
    return Window(first, last, settings.zone)


def _day(value: str | None, name: str) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise BadInput(f"{name}: {value[:40]!r} is not a day such as 2026-11-21") from error
    if not 2000 <= day.year <= 2200:
        raise BadInput(f"{name}: {value} is in no year of any conversation")
    return day


def _version(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal() or not 0 < len(value) < 7:
        raise BadInput(f"version: {value[:40]!r} is not a whole number")
    return int(value)
