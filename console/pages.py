"""HTML from Jinja2 templates: everything is escaped, times are shown in the house's zone."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.handoff import told_reason


class Pages:
    """The templates of one folder."""

    def __init__(
        self, folder: Path, zone: ZoneInfo, now: Callable[[], datetime], company: str
    ) -> None:
        self._zone = zone
        self._now = now
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["company"] = company
        self._environment.filters |= {
            "moment": self.moment,
            "hour": self.hour,
            "ago": self.ago,
            "due": self.due,
            "clock": clock,
            "door": door,
            "words": words,
            "why": told_reason,
            "signed": signed,
            "day": day,
        }

    def render(self, template: str, **values: Any) -> str:
        """The page as text.

        Raises:
            jinja2.UndefinedError: a value the template names was not given.
        """
        return self._environment.get_template(template).render(**values)

    def moment(self, at: datetime | None) -> Markup:
        """Day and time: 21 Nov 2026, 19:43."""
        if at is None:
            return Markup("unknown")
        local = at.astimezone(self._zone)
        return _time(at, f"{local.day} {local:%b %Y, %H:%M}", f"{local:%A} {local:%H:%M:%S %Z}")

    def hour(self, at: datetime | None) -> Markup:
        """The time alone, with the day too when it is not today's."""
        if at is None:
            return Markup("")
        local, today = at.astimezone(self._zone), self._now().astimezone(self._zone)
        form = "%H:%M" if local.date() == today.date() else "%-d %b, %H:%M"
        return _time(at, f"{local.strftime(form)}", f"{local:%A %-d %b %Y %H:%M:%S %Z}")

    def ago(self, at: datetime) -> str:
        """How long since: 40 s, 4 min, 3 h, 2 days."""
        return _length(max(0, int((self._now() - at).total_seconds())))

    def due(self, at: datetime) -> str:
        """How long until a clock runs out, or since it has: in 3 h, overdue by 40 min."""
        seconds = int((at - self._now()).total_seconds())
        return f"in {_rounded(seconds)}" if seconds >= 0 else f"overdue by {_length(-seconds)}"


def _rounded(seconds: int) -> str:
    """The same to the nearest of its unit: of seven days that began just now none is over."""
    for size, within in ((86_400, 1800), (3600, 30), (60, 0)):
        least = 2 * size if size == 86_400 else size
        if seconds + within >= least:
            return _length((seconds + size // 2) // size * size)
    return _length(seconds)


def _length(seconds: int) -> str:
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size * (2 if unit == "days" else 1):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def door(channel: str) -> str:
    """A channel's name at the head of a line: Web, WhatsApp, SMS."""
    return {"whatsapp": "WhatsApp", "sms": "SMS"}.get(channel, channel.capitalize())


def clock(seconds: float | None) -> str:
    """Seconds as on a player: 1:02, or 1:00:02."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def words(name: str) -> str:
    """A key as words: 'not_applicable' → 'not applicable'."""
    return name.replace("_", " ")


def signed(value: float) -> str:
    """A value between −1 and +1: +0.40, −0.28."""
    return f"{value:+.2f}".replace("-", "−")


def day(on: date) -> str:
    """A day: 1 Dec 2026."""
    return f"{on:%-d %b %Y}"


def _time(at: datetime, shown: str, title: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), title, shown)
