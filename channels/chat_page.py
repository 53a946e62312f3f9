"""The chat page, alone or in a frame, in the language and the colours that are asked for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.files import File, squeeze
from channels.interface import Interface, interface_in, shipped_interfaces
from channels.requests import TALK_TO_A_PERSON
from core.settings import Settings

PAGES = Path(__file__).parent / "pages"

BOT_LANGUAGE = "en"  # docs/languages.md: whatever the page's own words are, the bot's are English

Theme = Literal["auto", "light", "dark"]
SCHEMES: dict[Theme, str] = {"auto": "light dark", "light": "light", "dark": "dark"}
DARK_MEDIA: dict[Theme, str | None] = {
    "auto": "(prefers-color-scheme: dark)",
    "light": None,
    "dark": "all",
}
_COLOUR = re.compile(r"([0-9a-f]{6})")
_STYLE = re.compile(rf"{_COLOUR.pattern}\.css")
_SHADE = 0.18  # how much of black or white the hovered colour takes: seen, and still read on


@dataclass(frozen=True, slots=True)
class Look:
    """How one site wants the page; what it asked wrongly is as if it had not asked."""

    language: str = "en"
    theme: Theme = "auto"
    colour: str | None = None  # six hexadecimal digits


def read_look(query: Mapping[str, str]) -> Look:
    """The look that an address asks for."""
    asked = query.get("theme", "")
    theme = cast(Theme, asked) if asked in get_args(Theme) else "auto"
    colour = query.get("colour", "").casefold().removeprefix("#")
    return Look(
        interface_in(query.get("language", "")).language,
        theme,
        colour if _COLOUR.fullmatch(colour) else None,
    )


@dataclass(frozen=True, slots=True)
class ChatPage:
    """The page filled in for one company, and the script that puts it on other sites."""

    settings: Settings
    widget: File = field(init=False)
    _environment: Environment = field(init=False)

    def __post_init__(self) -> None:
        pages = Environment(
            loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined
        )
        object.__setattr__(self, "_environment", pages)
        object.__setattr__(self, "widget", _widget(self.settings.company))

    def page(self, look: Look, *, is_framed: bool = False) -> File:
        """The page in this look; in a frame it can be closed, and takes its whole room."""
        shown = interface_in(look.language)
        html = self._environment.get_template("chat.html").render(
            look=look,
            direction=shown.direction,
            words=_filled(shown, self.settings),
            script_words=json.dumps(dict(shown.script), ensure_ascii=False),
            scheme=SCHEMES[look.theme],
            dark_media=DARK_MEDIA[look.theme],
            is_framed=is_framed,
            company=self.settings.company,
            limit=self.settings.max_message_characters,
            openers=self.settings.openers,
            picture_mib=self.settings.max_picture_mib,
            has_mail=bool(self.settings.smtp_url),
            bot_language=BOT_LANGUAGE,
            talk_to_a_person=TALK_TO_A_PERSON,
        )
        return File(html.encode(), "text/html")


def _filled(shown: Interface, settings: Settings) -> dict[str, str]:
    """The page's words with the company's name and how long words are kept."""
    known = {"{company}": settings.company, "{days}": str(settings.retention_days)}
    filled = dict(shown.page)
    for place, value in known.items():
        filled = {key: text.replace(place, value) for key, text in filled.items()}
    return filled


def _widget(company: str) -> File:
    """widget.js, told in which words the launcher speaks."""
    languages = {
        tag: {
            "dir": shown.direction,
            **{key: text.replace("{company}", company) for key, text in shown.launcher.items()},
        }
        for tag, shown in shipped_interfaces().items()
    }
    told = json.dumps(languages, ensure_ascii=False).replace("<", "\\u003c")
    source = (PAGES / "widget.js").read_text(encoding="utf-8")
    return File(squeeze(source.replace("/* LANGUAGES */ {}", told, 1)), "text/javascript")


@lru_cache(maxsize=64)
def colour_style(name: str) -> File | None:
    """The stylesheet `1f5a45.css`: that colour in place of ours, and the ink that reads on it."""
    asked = _STYLE.fullmatch(name)
    if asked is None:
        return None
    colour = asked.group(1)
    ink, toward = ("#ffffff", 0) if _reads_in_white(colour) else ("#000000", 255)
    body = (
        f":root {{ --pine: #{colour}; --pine-strong: #{_mixed(colour, toward)}; --on-pine: {ink}; "
        f"--edge: var(--soft); }}\n"
    )
    return File(body.encode(), "text/css")


def _reads_in_white(colour: str) -> bool:
    """Whether white has more contrast on it than black; the better one has at least 4.58 to 1.

    Source: WCAG 2.2, relative luminance and contrast ratio; the two are equal at 0.179.
    """
    return _luminance(colour) < 0.179


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of sRGB."""
    shares = [share / 255 for share in bytes.fromhex(colour)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, toward: int) -> str:
    mixed = [round(part + (toward - part) * _SHADE) for part in bytes.fromhex(colour)]
    return bytes(mixed).hex()
