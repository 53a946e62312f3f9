"""Addresses of recordings: what may be asked for, told apart before anything is asked."""

import posixpath
from collections.abc import Sequence
from urllib.parse import unquote

from yarl import URL

from core.errors import BadInput
from core.hosts import HTTPS_PORT, Host
from store.storage import STORES, shown_address

WEB = ("http", "https")
UNNAMED = "recording"
LONGEST_NAME = 200  # characters


def is_address(text: str) -> bool:
    """Whether it is no path: everything with `://`, so that a wrong scheme is told."""
    return "://" in text


def is_stored(address: str) -> bool:
    """Whether fsspec is to fetch it."""
    return scheme_of(address) in STORES


def scheme_of(address: str) -> str:
    """What stands before `://`.

    Raises:
        BadInput: nothing that can be fetched begins so.
    """
    scheme = address.partition("://")[0].lower()
    if scheme not in (*WEB, *STORES):  # simplecache::https:// and its like neither
        known = ", ".join(f"{each}://" for each in ("https", *STORES))
        raise BadInput(f"{scheme[:20]}:// is not fetched; Parley fetches {known}")
    return scheme


def name_of(address: str) -> str:
    """The last part of an address's path, as a file's name."""
    path = shown_address(address).partition("://")[2]
    _, slash, rest = path.partition("/")
    name = unquote(posixpath.basename(rest)) if slash else ""
    name = "".join(letter for letter in name if letter.isprintable() and letter not in "/\\")
    return name[-LONGEST_NAME:] or UNNAMED


def check_web(url: URL, hosts: Sequence[Host]) -> Host:
    """The host on the list that an address asks for.

    Raises:
        BadInput: it is on no list, unencrypted, or carries a name and a password.
    """
    shown = shown_address(str(url))
    if url.scheme not in WEB or not url.raw_host:
        raise BadInput(f"{shown[:200]} is no address of the web")
    if url.user is not None or url.password is not None:
        raise BadInput(f"{shown}: a name and a password do not belong into an address")
    host = next((h for h in hosts if (h.name, h.port) == (url.raw_host, url.port)), None)
    if host is None:
        port = "" if url.port == HTTPS_PORT else f":{url.port}"
        raise BadInput(
            f"{url.raw_host}{port} is not a host that recordings are fetched from; "
            "PARLEY_INGEST_HOSTS lists those"
        )
    if url.scheme != "https" and not host.is_loopback:
        raise BadInput(f"{shown}: only https:// is fetched, so that nobody on the way listens")
    return host
