"""Mail to customers: by a real SMTP server, or into a folder where none is set up."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from core.errors import BadSettings, Unavailable
from core.settings import Settings

TIMEOUT_SECONDS = 6.0  # the customer waits, and the bot has 15 s for its whole answer
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}  # RFC 6409, RFC 8314, RFC 5321


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


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Hands letters to an SMTP server; an encrypted connection unless `smtp+plain` is asked for."""

    scheme: str
    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    timeout_seconds: float = TIMEOUT_SECONDS

    async def send(self, letter: Letter) -> None:
        """Send it.

        Raises:
            AddressRefused: the address is refused for good (5xx), or has letters that the server
                cannot take.
            MailUnavailable: nobody answered, refused us, or refused the letter; retryable unless
                for good (5xx).
        """
        try:
            await aiosmtplib.send(
                message_of(letter, self.sender),
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                timeout=self.timeout_seconds,
                use_tls=self.scheme == "smtps",
                start_tls=self.scheme == "smtp",
                tls_context=self.tls,
            )
        except aiosmtplib.SMTPResponseException as error:
            raise MailUnavailable(
                f"the mail server refuses: {error.code}", retryable=error.code < 500
            ) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = sorted({refusal.code for refusal in error.recipients})
            told = f"the mail server refuses the address: {codes}"
            if min(codes) >= 500:
                raise AddressRefused(told) from error
            raise MailUnavailable(told, retryable=True) from error
        except aiosmtplib.SMTPNotSupported as error:  # SMTPUTF8 (RFC 6531)
            raise AddressRefused("the mail server takes plain letters only") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailUnavailable(
                f"no mail server at {self.host}:{self.port}: {type(error).__name__}", retryable=True
            ) from error


@dataclass(frozen=True, slots=True)
class FileMail:
    """Lays letters into a folder, one .eml file each, readable by this user alone."""

    folder: Path
    sender: str

    async def send(self, letter: Letter) -> None:
        """Write it; the file is complete once it has its name."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> None:
        message = message_of(letter, self.sender)
        name = "".join(each if each.isalnum() else "-" for each in letter.key)
        draft = self.folder / f"{name}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.touch(mode=0o600)
            draft.write_bytes(message.as_bytes())
            draft.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise MailUnavailable(
                f"{self.folder} takes no mail: {error.strerror}", retryable=True
            ) from error


def open_mail(settings: Settings) -> Mail:
    """The mail that the settings choose.

    Raises:
        BadSettings: PARLEY_SMTP_URL is none.
    """
    if not settings.smtp_url:
        return FileMail(settings.var / "mail", settings.mail_from)
    parts = urlsplit(settings.smtp_url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadSettings(
            "PARLEY_SMTP_URL: write smtp://user:password@host (STARTTLS), smtps://... (TLS) or "
            "smtp+plain://127.0.0.1 (no encryption, for a relay on this machine)"
        )
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise BadSettings(f"PARLEY_SMTP_URL: {error}") from error
    return SmtpMail(
        parts.scheme,
        parts.hostname,
        port,
        settings.mail_from,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


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
