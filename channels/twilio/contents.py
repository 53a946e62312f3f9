"""Content templates by which WhatsApp shows choices: one for each number of choices, words apart.

All words are variables, so nothing that a customer reads stays at Twilio as a template, and
fourteen templates serve every message. Source: https://www.twilio.com/docs/content
"""

import json
from dataclasses import dataclass
from typing import Any

from channels.room import Room
from channels.twilio.choices import QUICK_REPLY, Rich
from channels.twilio.rest import Twilio
from core.errors import TelephonyUnavailable
from store import messaging

CHOOSE = "Choose"  # on the button that opens a list
VERSION = 1  # of the shape of the templates below


@dataclass(frozen=True, slots=True)
class Contents:
    """Makes each template at Twilio when it is needed first, and knows it from then on."""

    room: Room
    twilio: Twilio

    async def fields(self, message: Rich) -> dict[str, str]:
        """What a message with choices is sent with.

        Raises:
            TwilioError: the template could not be made.
        """
        count = len(message.buttons)
        variables = {"1": message.body}
        for number, button in enumerate(message.buttons):
            variables |= {str(2 * number + 2): button.title, str(2 * number + 3): button.id}
        sid = await self._sid(message.kind, count)
        return {"ContentSid": sid, "ContentVariables": json.dumps(variables, ensure_ascii=False)}

    async def _sid(self, kind: str, count: int) -> str:
        name = f"parley-{kind}-{count}-{VERSION}"
        async with self.room.locks.of(f"content {name}"):
            async with self.room.database.reading() as session:
                known = await messaging.find_content(session, name)
            if known is not None:
                return known
            answer = await self.twilio.post_content(template(name, kind, count))
            sid = answer.get("sid")
            if not isinstance(sid, str) or not sid:
                raise TelephonyUnavailable("Twilio made a template and did not say which")
            async with self.room.database.writing() as session:
                await messaging.keep_content(session, name, sid)
            return sid


def template(name: str, kind: str, count: int) -> dict[str, Any]:
    """The template's shape; its samples are what reviewers at Twilio would see."""
    numbers = range(count)
    pairs = [(f"{{{{{2 * n + 2}}}}}", f"{{{{{2 * n + 3}}}}}") for n in numbers]
    samples = {"1": "What can I do for you?"}
    for n in numbers:
        samples |= {str(2 * n + 2): f"Choice {n + 1}", str(2 * n + 3): f"choice{n + 1}"}
    shape: dict[str, Any] = {"body": "{{1}}"}
    if kind == QUICK_REPLY:
        shape["actions"] = [{"title": title, "id": key} for title, key in pairs]
    else:
        shape |= {"button": CHOOSE, "items": [{"item": title, "id": key} for title, key in pairs]}
    return {
        "friendly_name": name,
        "language": "en",
        "variables": samples,
        "types": {f"twilio/{kind}": shape},
    }
