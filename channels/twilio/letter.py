"""A turn as messages for Twilio: whose words, in which form, in how many parts.

Pure. Source: DOMAIN "Twilio"; https://www.twilio.com/docs/api/errors/21617 for the length.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.situation import Situation
from channels.twilio.choices import Rich, rich, written
from core.conversation import Channel, Role, Turn
from core.messaging import window_left

LONGEST = 1600  # characters of one message
LONGEST_VARIABLE = 1000  # characters; WhatsApp takes 1,024 of a template's whole body


@dataclass(frozen=True, slots=True)
class Letter:
    """A turn in its plain form, in parts, and with choices to tap where WhatsApp shows them."""

    parts: tuple[str, ...]
    is_numbered: bool
    rich: Rich | None = None


def letter_of(situation: Situation, turn: Turn) -> Letter:
    """The messages of a turn; a person's words begin with their name."""
    text = f"{turn.author}: {turn.text}" if turn.author and turn.role is Role.AGENT else turn.text
    under = situation.buttons.get(turn.id, ())
    how = written(situation, turn)
    whole = f"{text}\n\n{how}" if how else text
    is_whatsapp = situation.conversation.channel is Channel.WHATSAPP
    return Letter(
        parts=split(whole, LONGEST),
        is_numbered=bool(under),
        rich=rich(text, under) if is_whatsapp else None,
    )


def split(text: str, longest: int) -> tuple[str, ...]:
    """Cut at a line's end, else a sentence's, else a space, else anywhere; no sign is lost but
    the space that was cut at.
    """
    parts = []
    rest = text.strip()
    while len(rest) > longest:
        head = rest[:longest]
        cut = max(head.rfind("\n"), head.rfind(". ") + 1)
        if cut < longest // 2:
            cut = head.rfind(" ")
        if cut < longest // 2:
            cut = longest
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*parts, rest) if rest else tuple(parts)


def is_open(channel: Channel, wrote_at: datetime, *, now: datetime) -> bool:
    """Whether free words may go out: always by SMS, on WhatsApp within the window."""
    return window_left(channel, wrote_at, now=now) != timedelta()


def template_variables(patterns: Mapping[str, str], *, company: str, turn: Turn) -> str:
    """The variables of the template from the settings, filled in, as Twilio reads them.

    They may hold no line breaks and no runs of spaces; what is longer than fits ends in '…'.
    """
    words = {"{company}": company, "{agent}": turn.author or company, "{text}": turn.text}
    return json.dumps({name: _filled(pattern, words) for name, pattern in patterns.items()})


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """Each placeholder of the pattern; what looks like one inside the words is none."""
    names = "|".join(map(re.escape, words))
    return _flat(re.sub(names, lambda found: words[found[0]], pattern))


def _flat(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_VARIABLE else f"{flat[: LONGEST_VARIABLE - 1]}…"
