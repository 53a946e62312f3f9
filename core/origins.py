"""Origins of the web: the sites that may show the chat in a frame."""

import re

from core.errors import BadInput

# What frame-ancestors of CSP level 3 takes as a host-source, without a path: nothing that could
# end the directive or begin another.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"https?://(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}(?::[0-9]{{1,5}})?")


def parse_origins(text: str) -> tuple[str, ...]:
    """Read comma-separated origins, such as `https://shop.example, https://*.shop.example`.

    Raises:
        BadInput: naming the one that is none, and what one looks like.
    """
    parts = [part.strip().casefold().rstrip("/") for part in text.split(",")]
    return tuple(dict.fromkeys(_check(part) for part in parts if part))


def _check(origin: str) -> str:
    if not _ORIGIN.fullmatch(origin) or ("*." in origin and origin.count(".") < 2):
        raise BadInput(
            f"{origin!r} is no origin of a site; write https://shop.example, with a port where it "
            "is not the usual one, or https://*.shop.example for all that belong to it"
        )
    return origin
