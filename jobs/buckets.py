"""Recordings in object storage, and wherever else fsspec reaches by a client of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

import fsspec  # type: ignore[import-untyped] # ships no types

from core.errors import BadInput, NotFound, Unavailable
from core.settings import Settings
from jobs.addresses import scheme_of, shown_address
from store.files import BLOCK, Draft, RecordingFiles

PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs",
            "abfs": "adlfs"}  # fmt: skip
# Errors of clients that are no OSError, by the module that they come from.
FOREIGN = (("botocore.exceptions", "BotoCoreError"), ("botocore.exceptions", "ClientError"),
           ("gcsfs.retry", "HttpError"), ("azure.core.exceptions", "AzureError"))  # fmt: skip


async def fetch_stored(settings: Settings, files: RecordingFiles, address: str) -> Draft:
    """Fetch an object into a draft; whether it is sound is for the caller to see.

    Raises:
        BadInput: its kind of storage is not installed, or it holds too much.
        NotFound: there is no such object.
        Unavailable: the storage does not answer, or lets us in no more.
    """
    most = settings.max_upload_mib * 2**20
    with _told(address):
        system = await asyncio.to_thread(_opened, address)
        size = await asyncio.to_thread(system.size, address)
        if (size or 0) > most:
            raise BadInput(f"{shown_address(address)} holds more than {most // 2**20} MiB")
        handle = await asyncio.to_thread(system.open, address, "rb")
        try:
            return await files.stream_in(_blocks(cast(BinaryIO, handle)), most_bytes=most)
        finally:
            await asyncio.to_thread(handle.close)


def list_stored(address: str, suffixes: frozenset[str]) -> tuple[str, ...]:
    """The addresses of the sound files below a folder (an address that ends in `/`), in order.

    Raises:
        BadInput, NotFound, Unavailable: as `fetch_stored`.
    """
    with _told(address):
        found = sorted(_opened(address).find(address))
    scheme = scheme_of(address)
    return tuple(
        f"{scheme}://{name.removeprefix('/') if scheme != 'file' else name}"
        for name in found
        if PurePosixPath(name).suffix.lower() in suffixes
        and not PurePosixPath(name).name.startswith(".")
    )


def _opened(address: str) -> Any:
    scheme = scheme_of(address)
    try:
        system = fsspec.filesystem(scheme)
    except ImportError as error:
        package = PACKAGES.get(scheme, "a package for it")
        raise BadInput(
            f"{scheme}:// needs {package}: .venv/bin/python -m pip install {package}"
        ) from error
    return system


async def _blocks(handle: BinaryIO) -> AsyncIterator[bytes]:
    while block := await asyncio.to_thread(handle.read, BLOCK):
        yield block


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Errors of storage in words that name the address and nothing secret."""
    shown = shown_address(address)
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"{shown} is not there") from error
    except (IsADirectoryError, PermissionError) as error:
        raise BadInput(f"{shown} cannot be read: {type(error).__name__}") from error
    except _failures() as error:
        kind = type(error).__name__
        raise Unavailable(f"{shown} could not be fetched ({kind})", retryable=True) from error


def _failures() -> tuple[type[Exception], ...]:
    """What storage raises when it cannot be reached; a client that is not loaded raises nothing."""
    found = (getattr(sys.modules.get(module), name, None) for module, name in FOREIGN)
    return (OSError, *(each for each in found if each is not None))
