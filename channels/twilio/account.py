"""The account at Twilio: who we are there, where it is asked, and where it calls us back."""

from dataclasses import dataclass, field

from core.settings import Settings

API, CONTENT = "https://api.twilio.com", "https://content.twilio.com"


@dataclass(frozen=True, slots=True)
class Account:
    """Addresses end without a slash.

    `public_url` is the base of our webhooks as Twilio calls them: from settings, never from a
    request's headers, which anybody may write.
    """

    sid: str
    token: str = field(repr=False)
    public_url: str
    api_url: str = API
    content_url: str = CONTENT
    timeout_seconds: float = 10.0

    def resource(self, name: str) -> str:
        """The address of one of the account's resources, such as `Messages.json`."""
        return f"{self.api_url}/2010-04-01/Accounts/{self.sid}/{name}"

    def webhook(self, path: str) -> str:
        """The address at which Twilio calls `path`."""
        return f"{self.public_url}{path}"


def account_of(settings: Settings) -> Account | None:
    """The account that the settings name; None where there is none.

    A stand-in, on this machine, answers for the content templates too.
    """
    if not settings.has_twilio:
        return None
    api = settings.twilio_api_url or API
    is_twilios = api.startswith("https://")
    return Account(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token,
        public_url=settings.chat_url.rstrip("/"),
        api_url=api,
        content_url=CONTENT if is_twilios else api,
        timeout_seconds=settings.twilio_timeout_seconds,
    )
