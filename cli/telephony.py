"""What `parley doctor` finds of the account at Twilio: does it answer, and can it call us back."""

import base64
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

from core.hosts import HTTPS_PORT, Host
from core.settings import Settings

API = "https://api.twilio.com"
SECONDS = 5.0  # Twilio answers in a few hundred milliseconds
REFUSED = (401, 403, 404)


def look_at_twilio(settings: Settings) -> tuple[str, str]:
    """What was found, and what to do about it; the latter is empty when all is well."""
    mend = _look_at_address(settings.chat_url)
    if mend:
        return f"cannot call back at {settings.chat_url}", mend
    try:
        state = _state_of(settings)
        foreign = _foreign(settings) if state == "active" else ""
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in REFUSED:
            return (
                f"the account is refused ({error.code})",
                "copy PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN anew from Twilio",
            )
        return f"Twilio answered {error.code}", "look at status.twilio.com, and try again"
    except (OSError, ValueError):
        return (
            "Twilio cannot be reached",
            "let this machine reach it, or mend PARLEY_TWILIO_API_URL",
        )
    return _tell(settings, state, foreign)


def _tell(settings: Settings, state: str, foreign: str) -> tuple[str, str]:
    """The same of an account that answers."""
    if state != "active":
        return f"the account is {state or 'of no known state'}", "look into Twilio's console"
    if foreign:
        return (
            f"{foreign} is no number of the account",
            "write PARLEY_TWILIO_NUMBERS as Twilio's console shows them under Phone Numbers",
        )
    template = "a template" if settings.twilio_template else "no template"
    return f"account {settings.twilio_account_sid[:6]}… answers, {template} for WhatsApp", ""


def _look_at_address(address: str) -> str:
    """What to do when Twilio will not call there; a stand-in calls this machine unencrypted."""
    parts = urlsplit(address)
    is_here = Host((parts.hostname or "").lower(), parts.port or HTTPS_PORT).is_loopback
    if is_here or parts.scheme == "https":
        return ""
    return "Twilio calls encrypted addresses; set PARLEY_CHAT_URL to one with https://"


def _state_of(settings: Settings) -> str:
    """The account's status as Twilio tells it.

    Raises:
        urllib.error.HTTPError: it is refused, or Twilio fails.
        OSError, ValueError: there is no answer, or none that makes sense.
    """
    return str(_asked(settings, ".json").get("status", ""))


def _foreign(settings: Settings) -> str:
    """The first number for SMS that the account does not have; empty when it has all.

    Short codes and senders of WhatsApp stand in other lists, and are not looked up.

    Raises:
        urllib.error.HTTPError, OSError, ValueError: as `_state_of`.
    """
    for number in settings.twilio_numbers:
        if number.startswith("+"):
            asked = f"/IncomingPhoneNumbers.json?PhoneNumber={quote(number)}"
            if not _asked(settings, asked).get("incoming_phone_numbers"):
                return number
    return ""


def _asked(settings: Settings, resource: str) -> dict[str, Any]:
    """What Twilio answers for a resource of the account; empty where that is no object."""
    base = settings.twilio_api_url or API
    sid = settings.twilio_account_sid
    both = f"{sid}:{settings.twilio_auth_token}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(both).decode()}"}
    url = f"{base}/2010-04-01/Accounts/{sid}{resource}"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 -- Twilio's, or loopback
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 -- the same
        told = json.load(answer)
    return told if isinstance(told, dict) else {}
