"""A letter, whatever takes letters, and why one was not taken."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol

from core.errors import Unavailable


class MailUnavailable(Unavailable):
    """No mail server took the letter."""


class AddressRefused(MailUnavailable):
    """The mail server will never take a letter to this address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail; `key` makes its Message-ID, so that a repeated one can be told as such."""

    to: str
    subject: str
    text: str
    html: str
    key: str


class Mail(Protocol):
    """Whatever takes letters."""

    async def send(self, letter: Letter) -> None:
        """Send it; Unavailable when it was not taken."""


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it goes over the wire: plain text, and the same as simple HTML."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2].strip('> ')}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes back
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
