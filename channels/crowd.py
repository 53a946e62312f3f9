"""How much one address may do: connections cost memory, words cost the bot, anybody may send both.

Each connection has a pace of its own (channels.visit); this holds all of one address together.
"""

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from channels.pace import Pace

MOST_SOCKETS = 50  # an office behind one address fits; a flood of sockets from one place does not
IPV6_PREFIX = 64  # what one line is given at least, RFC 6177; its holder may use all of it

# All pages of one address together. Fifty customers of one office write ten messages a second at
# the very most (one in five seconds each); after a lost line all fifty connect again at once.
WORDS = (100.0, 10.0)  # a burst, and so many a second
CONNECTIONS = (100.0, 2.0)
MOST_ADDRESSES = 10_000  # remembered; a forgotten one begins anew, and it was silent the longest


@dataclass(eq=False, slots=True)
class Crowd:
    """Counts open connections by the address they come from."""

    _open: Counter[str] = field(default_factory=Counter)
    _words: OrderedDict[str, Pace] = field(default_factory=OrderedDict)
    _connections: OrderedDict[str, Pace] = field(default_factory=OrderedDict)

    def pace(self, address: str | None) -> Pace | None:
        """How fast all pages of this address together may write; None for this machine."""
        return None if address is None else _remembered(self._words, address, *WORDS)

    def may_connect(self, address: str | None) -> bool:
        """Whether one more connection may be opened now; it is counted."""
        if address is None:
            return True
        return _remembered(self._connections, address, *CONNECTIONS).allows()

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


def _remembered(paces: OrderedDict[str, Pace], address: str, burst: float, rate: float) -> Pace:
    """The pace of an address, made when it is new; the one that was silent longest gives way."""
    pace = paces.get(address)
    if pace is None:
        pace = paces[address] = Pace(burst, rate)
    paces.move_to_end(address)
    if len(paces) > MOST_ADDRESSES:
        paces.popitem(last=False)
    return pace


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
