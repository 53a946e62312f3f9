"""Every error Parley raises on purpose; this file also runs on Python 3.10, inside Rasa."""

from __future__ import annotations


class ParleyError(Exception):
    """Base of all errors that carry a sentence for the person who can act on it."""


class BadInput(ParleyError):
    """The caller can fix it; the message is shown as it is."""


class BadAudio(BadInput):
    """Unreadable, empty, too long, or not sound."""


class BadScorecard(BadInput):
    """A scorecard file is wrong; the message names the file and the line."""


class BadDomain(BadInput):
    """The bot's words are wrong; names the file and the line."""


class BadSurveys(BadInput):
    """A file of survey rules is wrong; the message names the file, the lines and the keys."""


class BadArticle(BadInput):
    """A help article is wrong; the message names the file and the line."""


class BadSettings(BadInput):
    """A setting is wrong; the message names it."""


class NotFound(ParleyError):
    """Nothing has this id."""


class NotAllowed(ParleyError):
    """This person may not do this."""


class Conflict(ParleyError):
    """It is in no state in which this can be done; the message says in which one it is."""


class Overtaken(Conflict):
    """Somebody else changed it first; the message says who or what."""


class Unavailable(ParleyError):
    """Another service failed; `retryable` says whether to try again."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class Unsure(Unavailable):
    """Another service failed amid a change: whether it was made is not known."""


class PaymentUnavailable(Unavailable):
    """The payment service did not answer; `is_unsure` when it may have charged all the same."""

    def __init__(self, message: str, *, retryable: bool = False, is_unsure: bool = False) -> None:
        super().__init__(message, retryable=retryable)
        self.is_unsure = is_unsure


class BotUnavailable(Unavailable):
    """Rasa did not answer, or answered with an error."""


class TelephonyUnavailable(Unavailable):
    """The telephone provider did not answer, or answered with an error."""


class ModelUnavailable(Unavailable):
    """A model's weights are not on this machine; the message names the command that mends it."""
