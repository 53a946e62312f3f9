"""Object storage, and wherever else fsspec reaches by a client of its own: S3, Google, Azure."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import fsspec  # type: ignore[import-untyped] # ships no types

from core.errors import BadInput, NotFound, Unavailable

# Storage that fsspec reaches by its own client. Its protocols over others (http, zip, cached…) are
# left out: they would go round the list of hosts.
STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "memory", "file")
PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs",
            "abfs": "adlfs"}  # fmt: skip
# Errors of clients that are no OSError, by the module that they come from.
FOREIGN = (("botocore.exceptions", "BotoCoreError"), ("botocore.exceptions", "ClientError"),
           ("aiohttp", "ClientError"), ("gcsfs.retry", "HttpError"),
           ("google.auth.exceptions", "GoogleAuthError"),
           ("azure.core.exceptions", "AzureError"))  # fmt: skip
NO_CREDENTIALS = ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError")
PIECE = 8 << 20  # bytes held at a time; S3 takes no part below 5 MiB but the last, and 10,000 parts
S3_OPTIONS: Mapping[str, Any] = {
    "max_concurrency": 1,  # s3fs holds ten parts of 50 MiB else
    "default_block_size": PIECE,
    # Two tries of botocore and two around them, so that a page waits for a dead server a minute at
    # most; a job tries again by itself.
    "config_kwargs": {"retries": {"mode": "standard", "total_max_attempts": 2}},
}
S3_TRIES = 2
S3 = ("s3", "s3a")


def client(scheme: str) -> Any:
    """What reaches storage of this kind, the same one each time; it remembers no listings.

    To be called where the work is done, not before a worker forks.

    Raises:
        BadInput: its package is not installed; the message says how to.
    """
    check_installed(scheme)
    if scheme not in S3:
        return fsspec.filesystem(scheme, use_listings_cache=False)
    told = fsspec.config.conf.get(scheme, {}).get("config_kwargs", {})  # FSSPEC_S3_CONFIG_KWARGS
    options = {**S3_OPTIONS, "config_kwargs": {**S3_OPTIONS["config_kwargs"], **told}}
    system = fsspec.filesystem(scheme, use_listings_cache=False, **options)
    system.retries = S3_TRIES
    return system


def check_installed(scheme: str) -> None:
    """Make sure that its package is there.

    Raises:
        BadInput: it is not; the message says how to get it.
    """
    try:
        fsspec.get_filesystem_class(scheme)
    except ImportError as error:
        package = PACKAGES.get(scheme, "a package for it")
        raise BadInput(
            f"{scheme}:// needs {package}: .venv/bin/python -m pip install {package}"
        ) from error


def shown_address(address: str) -> str:
    """An address without what may be secret in it: name, password, query, fragment."""
    scheme, _, rest = address.partition("://")
    rest = rest.split("#", 1)[0].split("?", 1)[0]
    place, slash, path = rest.partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"


@contextmanager
def told(address: str) -> Iterator[None]:
    """Errors of storage in words that name the address and nothing secret."""
    shown = shown_address(address)
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"{shown} is not there") from error
    except (IsADirectoryError, PermissionError) as error:
        raise BadInput(f"{shown} cannot be read: {type(error).__name__}") from error
    except failures() as error:
        kind = type(error).__name__
        if kind in NO_CREDENTIALS:
            raise Unavailable(
                f"{shown} could not be fetched: this machine has no credentials for it; "
                "docs/calls.md names where they are read from"
            ) from error
        raise Unavailable(f"{shown} could not be fetched ({kind})", retryable=True) from error


def failures() -> tuple[type[Exception], ...]:
    """What storage raises when it cannot be reached; a client that is not loaded raises nothing."""
    found = (getattr(sys.modules.get(module), name, None) for module, name in FOREIGN)
    return (OSError, *(each for each in found if each is not None))
