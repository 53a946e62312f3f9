"""The mail that the settings choose."""

from urllib.parse import unquote, urlsplit

from core.errors import BadSettings
from core.settings import Settings
from mail.folder import FileMail
from mail.letter import Mail
from mail.smtp import SmtpMail

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}  # RFC 6409, RFC 8314, RFC 5321


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
