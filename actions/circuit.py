"""A circuit breaker: a server that keeps failing is left alone for a while, then tried once."""

import time
from collections.abc import Callable

from core.errors import Unavailable


class Circuit:
    """Opens after so many failures in a row, rests, then lets one call through to see.

    Source: Nygard, Release It! (2007), chapter 5.
    """

    def __init__(
        self, failures: int, rest_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest, self._clock = failures, rest_seconds, clock
        self._failed = 0
        self._opened_at: float | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused without being made."""
        return self._opened_at is not None

    def enter(self) -> None:
        """Ask to make a call, which `succeed`, `fail` or `leave` ends.

        Raises:
            Unavailable: the server is resting, or somebody is trying it already.
        """
        if self._opened_at is None:
            return
        if self._is_probing or self._clock() < self._opened_at + self._rest:
            raise Unavailable("the shop's back end keeps failing; it is left alone", retryable=True)
        self._is_probing = True

    def succeed(self) -> None:
        """The server answered, whatever it said."""
        self._failed, self._opened_at, self._is_probing = 0, None, False

    def fail(self) -> None:
        """The server did not answer, or is out of order."""
        self._failed += 1
        self._is_probing = False
        if self._opened_at is not None or self._failed >= self._most:
            self._opened_at = self._clock()

    def leave(self) -> None:
        """The call was given up from outside; nothing is learned."""
        self._is_probing = False
