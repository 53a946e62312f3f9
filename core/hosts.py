"""Hosts that recordings may be fetched from: exact names, nothing near them."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from core.errors import BadInput

IpAddress: TypeAlias = IPv4Address | IPv6Address

HTTPS_PORT = 443
TWILIO = (".twilio.com", ".twiliocdn.com")  # its programs; where it keeps what customers send
# RFC 1123 2.1: letters, digits, hyphens; a label neither begins nor ends with a hyphen.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_ENTRY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:]+))(?::(\d{1,5}))?", re.ASCII)
# Ranges that carry an IPv4 address inside, which could be a private one: NAT64 (RFC 6052, 8215).
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class Host:
    """A host and its port; only one on this machine itself may be asked without encryption."""

    name: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, named as such."""
        if self.name == "localhost":
            return True
        address = literal(self.name)
        return address is not None and address.is_loopback


def parse_hosts(text: str) -> tuple[Host, ...]:
    """`files.example.com, 127.0.0.1:8000`: names or addresses, with a port where it is not 443.

    Raises:
        BadInput: naming the entry that is no host.
    """
    return tuple(_parse(entry.strip().lower()) for entry in text.split(",") if entry.strip())


def literal(name: str) -> IpAddress | None:
    """The address that a host's name is, or None for a name."""
    try:
        return ip_address(name.strip("[]"))
    except ValueError:
        return None


def is_twilios(address: str) -> bool:
    """Whether a web address is of Twilio's own programs or files, or of this machine itself.

    Twilio's are encrypted; a stand-in on this machine need not be.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if Host(host, port or HTTPS_PORT).is_loopback:
        return parts.scheme in ("http", "https")
    is_ours = parts.scheme == "https" and port in (None, HTTPS_PORT)
    return is_ours and host.endswith(TWILIO)


def is_public(address: IpAddress) -> bool:
    """Whether an address belongs to the internet at large, and carries no other one inside."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.sixtofour is not None or address.teredo is not None:
            return False
        if any(address in network for network in _NAT64):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parse(entry: str) -> Host:
    found = _ENTRY.fullmatch(entry)
    name = (found[1] or found[2]) if found else ""
    address = literal(name)
    is_one = address is not None or (_NAME.fullmatch(name) is not None and not _is_number(name))
    port = int(found[3] or HTTPS_PORT) if found else 0
    if not is_one or not 1 <= port <= 65535:
        raise BadInput(f"{entry[:60]!r} is no host; write files.example.com or 127.0.0.1:8000")
    if address is not None and not address.is_loopback and not is_public(address):
        raise BadInput(f"{entry[:60]!r} is a private address; recordings are not fetched from it")
    return Host(str(address) if address else name, port)


def _is_number(name: str) -> bool:
    """127.1, 0x7f.1 and 2130706433 are addresses to some resolvers, and no names."""
    return re.fullmatch(r"(0x[0-9a-f]*|\d+)", name.rsplit(".", 1)[-1]) is not None
