"""Letters by SMTP, over an encrypted connection unless a relay on this machine takes them."""

import ssl
from dataclasses import dataclass, field

import aiosmtplib

from mail.letter import AddressRefused, Letter, MailUnavailable, message_of

TIMEOUT_SECONDS = 6.0  # the customer waits, and the bot has 15 s for its whole answer


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
