"""How fast one connection may write: a bucket that messages empty and time fills."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

# A burst is what a page sends after an hour without a connection; a quick typist stays below
# one message a second for minutes.
BURST = 12.0
PER_SECOND = 1.0


@dataclass(slots=True)
class Pace:
    """Counts messages of one connection."""

    burst: float = field(default_factory=lambda: BURST)
    per_second: float = field(default_factory=lambda: PER_SECOND)
    clock: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._at = self.burst, self.clock()

    def allows(self) -> bool:
        """Whether one more message may come now; it is counted."""
        now = self.clock()
        self._left = min(self.burst, self._left + (now - self._at) * self.per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
