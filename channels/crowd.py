"""How many connections one address holds open: each costs memory, and anybody may open them."""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST_SOCKETS = 50  # an office behind one address fits; a flood of sockets from one place does not
IPV6_PREFIX = 64  # what one line is given at least, RFC 6177; its holder may use all of it


@dataclass(eq=False, slots=True)
class Crowd:
    """Counts open connections by the address they come from."""

    _open: Counter[str] = field(default_factory=Counter)

    def is_full(self, address: str | None) -> bool:
        """Whether this address has as many as it may; programs of this machine are not counted."""
        return address is not None and self._open[address] >= MOST_SOCKETS

    @contextmanager
    def counting(self, address: str | None) -> Iterator[None]:
        """One more from this address while it is open."""
        if address is None:
            yield
            return
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


def find_address(remote: str | None, forwarded: str) -> str | None:
    """Where a connection comes from; None for this machine itself.

    A proxy in the own network adds the address that it saw to the end of X-Forwarded-For; from
    elsewhere the header is anybody's word and does not count.
    """
    peer = _parse(remote or "")
    if peer is None:
        return remote
    if peer.is_private and forwarded:
        named = forwarded.rsplit(",", maxsplit=1)[-1].strip()
        found = _parse(named)
        return named if found is None else _place(found)
    return None if peer.is_loopback else _place(peer)


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _place(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
