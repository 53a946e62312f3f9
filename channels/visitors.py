"""Visitors of the web chat: a secret token each, made here and recognised without being kept.

The database holds a token's first half only; who reads it cannot pass for a visitor.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from core.people import Address, AddressKind

_BYTES = 24  # 192 random bits: not to be guessed


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Gives tokens out and knows its own again."""

    key: bytes

    def issue(self) -> str:
        """A new visitor's token: a random half, and its seal."""
        half = secrets.token_urlsafe(_BYTES)
        return f"{half}.{self._seal(half)}"

    def find_visitor(self, token: object) -> Address | None:
        """Whose token this is; None when we never issued it."""
        if not isinstance(token, str) or len(token) > 200 or not token.isascii():
            return None
        half, _, seal = token.partition(".")
        if not half or not hmac.compare_digest(seal, self._seal(half)):
            return None
        return Address(AddressKind.WEB, half)

    def _seal(self, half: str) -> str:
        return hmac.new(self.key, f"web visitor:{half}".encode(), hashlib.sha256).hexdigest()
