"""The words by which people stop and start SMS, and the reasons why a message did not arrive.

Source: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out (the default keywords) and
https://www.twilio.com/docs/api/errors.
"""

from enum import StrEnum


class Wish(StrEnum):
    """What a keyword of SMS asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


_STOP = "stop stopall unsubscribe cancel end quit optout revoke"
_KEYWORDS = {
    **dict.fromkeys((*_STOP.split(), "opt out", "opt-out", "stop all"), Wish.STOP),
    **dict.fromkeys(("start", "unstop", "opt in", "optin", "opt-in"), Wish.START),
    **dict.fromkeys(("help", "info"), Wish.HELP),
}
YES = "yes"  # starts again for who has stopped, and is an answer of everybody else


def read_wish(text: str, *, is_stopped: bool) -> Wish | None:
    """The keyword that a whole SMS is; None for a sentence, whatever words are in it."""
    said = " ".join(text.split()).strip(" .!\"'").casefold()
    if said == YES and is_stopped:
        return Wish.START
    return _KEYWORDS.get(said)


WINDOW_CLOSED = 63016
STOPPED = 21610
NO_TEMPLATE = (
    "The customer last wrote more than 24 hours ago. WhatsApp then delivers approved templates "
    "alone, and none is set (PARLEY_TWILIO_TEMPLATE). Ring them, or wait until they write again."
)
_REASONS = {
    21211: "The customer's number is no number that can be written to.",
    21408: "The account may not send to this country; an owner can allow it at Twilio.",
    21606: "Our number cannot send messages of this kind.",
    STOPPED: "The customer has written STOP and wants no messages. Ring, if they asked for it.",
    21612: "There is no way from our number to theirs.",
    21614: "The customer's number is no mobile phone.",
    21617: "The message is too long for one message.",
    21655: "The template that is set is not known to Twilio.",
    21656: "The variables of the template that is set do not fit it.",
    30001: "Too much was waiting to be sent.",
    30002: "The account at Twilio is suspended.",
    30003: "The customer's phone is switched off, or out of reach.",
    30004: "The customer's phone or carrier blocks messages from us.",
    30005: "The customer's number does not exist, or not any more.",
    30006: "The customer's number is a landline, or its carrier takes no messages.",
    30007: "The carrier has filtered the message out as unwanted.",
    30008: "The carrier did not deliver it, and does not say why.",
    30034: "Our number is not registered for business messages in the United States.",
    92007: "The variables of the template that is set do not fit it.",
    63003: "The customer cannot be found on WhatsApp.",
    63007: "Our number is no sender of WhatsApp at Twilio.",
    63013: "The message breaks a rule of WhatsApp.",
    WINDOW_CLOSED: (
        "WhatsApp did not deliver it: the customer last wrote more than 24 hours ago, and it was "
        "no approved template."
    ),
    63018: "Too much was sent to this customer in a short time.",
    63024: "The customer's number cannot be reached by WhatsApp.",
    63032: "WhatsApp did not deliver it: the customer is part of an experiment of WhatsApp's.",
    63049: "WhatsApp chose not to deliver it, to keep its users from too many business messages.",
}
TOO_LATE = "Twilio could not be reached for an hour, so it was not sent. Send it again, or ring."


def reason_of(code: int | None) -> str:
    """Why a message did not arrive, in words for an agent, with Twilio's number for the curious."""
    if code is None:
        return "Twilio did not deliver it, and does not say why."
    known = _REASONS.get(code, "Twilio did not deliver it.")
    return f"{known} (Twilio's error {code})"
