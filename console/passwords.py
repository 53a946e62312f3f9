"""Passwords: what is asked of them, how they are checked, and how guessing is slowed down.

Source: NIST SP 800-63B-4, section 3.1.1.2 (length, no composition rules, NFC or NFKC) and 3.2.2
(rate limiting by growing waits).
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import BadInput

SHORTEST, LONGEST = 12, 1000  # characters; NIST asks for 8 or 15, the owner's issue for 12
RULE = f"At least {SHORTEST} characters. A few words you can remember are a good password."
WINDOW = timedelta(hours=1)  # failures older than this are forgotten
LONGEST_WAIT = 900  # seconds; a stranger may not keep an owner out for longer
LONGEST_WAIT_OF_PLACE = 30  # seconds; colleagues at the same place have done nothing
FREE_PER_ACCOUNT = 3  # typing errors
FREE_PER_ADDRESS = 100  # everybody may come through one proxy, and one of them must not lock it


class Passwords:
    """Hashes and checks in a thread; one sign-in at a time, so that guesses cannot overtake."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._decoy = ""
        self.turn = asyncio.Lock()

    async def prepare(self) -> None:
        """Make the hash that a sign-in of nobody is checked against, so it takes as long."""
        self._decoy = await self.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        """An argon2id hash with its salt and parameters."""
        return await asyncio.to_thread(self._hasher.hash, normalised(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; without a stored one, False after the same work."""
        found = await asyncio.to_thread(self._verify, stored or self._decoy, password)
        return found and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, normalised(password))
        except (VerificationError, InvalidHashError):
            return False


def normalised(password: str) -> str:
    """The same characters from every keyboard; a giant input is cut before it costs anything."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def check_password(password: str, again: str) -> None:
    """Raise BadInput unless this can become a password."""
    if len(normalised(password)) < SHORTEST:
        raise BadInput(f"The password is too short. {RULE}")
    if len(password) > LONGEST:
        raise BadInput(f"The password is longer than {LONGEST} characters.")
    if password != again:
        raise BadInput("The two passwords are not the same.")


def seconds_to_wait(
    failures: Sequence[datetime], now: datetime, *, free: int, longest: int = LONGEST_WAIT
) -> int:
    """How long until the next try: nothing for `free` failures, then 2, 4, 8 … seconds."""
    if len(failures) < free:
        return 0
    wait = min(longest, 2 ** (len(failures) - free + 1))
    left = (failures[-1] + timedelta(seconds=wait) - now).total_seconds()
    return max(0, -int(-left // 1))
