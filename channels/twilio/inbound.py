"""A customer's message as Twilio posts it, read field by field; unknown fields are left alone.

Source: DOMAIN "Twilio".
"""

import re
from dataclasses import dataclass

from channels.files_sent import name_file
from channels.twilio.signed import Fields
from core.conversation import Channel
from core.errors import BadInput
from core.ids import check_id
from core.people import Address, AddressKind
from language.cards import mask_cards

WHATSAPP = "whatsapp:"
LONGEST_NAME = 80  # characters; WhatsApp itself takes 25, a business's name is longer
MOST_MEDIA = 10  # Twilio's own limit of one message
# E.164 has at most 15 digits; short codes, which have no plus, are numbers of ours alone.
_NUMBER = re.compile(r"\+[1-9]\d{4,14}", re.ASCII)
_OURS = re.compile(r"\+?\d{3,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message; `ours` is the number it was sent to, `button` the id that we gave a choice."""

    sid: str
    channel: Channel
    customer: Address
    ours: str
    body: str
    button: str | None
    button_title: str | None
    replied_to: str | None
    name: str | None  # as the customer calls themselves on WhatsApp; nobody has checked it
    media: tuple[tuple[str, str], ...]  # address and claimed type of each file
    location: str | None

    @property
    def text(self) -> str:
        """What is stored as the turn's words: a file or a place in brackets, then what was said."""
        said = self.body.strip()
        named = [name_file(kind) for _, kind in self.media]
        place = [f"[Location] {self.location}"] if self.location else []
        return "\n".join(part for part in (" ".join(named), *place, said) if part)


def read_inbound(fields: Fields) -> Inbound:
    """Read a message.

    Raises:
        BadInput: a field is missing or cannot be what it should be; the field is named.
    """
    sid = check_id(_needed(fields, "MessageSid"), where="MessageSid")
    if ":" in sid or len(sid) > 64:
        raise BadInput("MessageSid: at most 64 letters and digits")
    sender, receiver = _needed(fields, "From"), _needed(fields, "To")
    is_whatsapp = sender.startswith(WHATSAPP)
    number, ours = sender.removeprefix(WHATSAPP), receiver.removeprefix(WHATSAPP)
    if not _NUMBER.fullmatch(number):
        raise BadInput("From: must be a telephone number, or whatsapp: and one")
    if not _OURS.fullmatch(ours) or receiver.startswith(WHATSAPP) is not is_whatsapp:
        raise BadInput("To: must be a number of ours on the same channel as From")
    return Inbound(
        sid=sid,
        channel=Channel.WHATSAPP if is_whatsapp else Channel.SMS,
        customer=Address(AddressKind.PHONE, number),
        ours=ours,
        body=fields.get("Body", ""),
        button=fields.get("ButtonPayload") or fields.get("ListId") or None,
        button_title=fields.get("ButtonText") or fields.get("ListTitle") or None,
        replied_to=fields.get("OriginalRepliedMessageSid") or None,
        name=_name(fields) if is_whatsapp else None,
        media=_media(fields),
        location=_location(fields),
    )


def _needed(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    if not value:
        raise BadInput(f"{name}: is missing")
    return value


def _name(fields: Fields) -> str | None:
    """The name of their profile on one line; None where it is empty or nothing one can read."""
    signs = (sign if sign.isprintable() else " " for sign in fields.get("ProfileName", ""))
    name = " ".join("".join(signs).split())[:LONGEST_NAME].strip()
    return mask_cards(name) or None


def _media(fields: Fields) -> tuple[tuple[str, str], ...]:
    count = fields.get("NumMedia", "0")
    if not count.isascii() or not count.isdecimal():
        raise BadInput("NumMedia: must be a whole number")
    found = []
    for number in range(min(int(count[:3]), MOST_MEDIA)):
        address = fields.get(f"MediaUrl{number}", "")
        if address:
            found.append((address, fields.get(f"MediaContentType{number}", "")))
    return tuple(found)


def _location(fields: Fields) -> str | None:
    """Where the customer is, as people read it; None where they do not say, or nonsense."""
    try:
        latitude, longitude = float(fields["Latitude"]), float(fields["Longitude"])
    except (KeyError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    named = [fields.get(name, "").strip() for name in ("Label", "Address")]
    told = ", ".join(dict.fromkeys(name for name in named if name))
    return f"{latitude:.5f}, {longitude:.5f}" + (f" ({told})" if told else "")
