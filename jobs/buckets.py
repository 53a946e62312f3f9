"""Recordings in object storage, and wherever else fsspec reaches by a client of its own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from core.errors import BadInput
from core.settings import Settings
from jobs.addresses import scheme_of
from store.files import StoredFiles
from store.incoming import BLOCK, Draft
from store.storage import client, shown_address, told


async def fetch_stored(settings: Settings, files: StoredFiles, address: str) -> Draft:
    """Fetch an object into a draft; whether it is sound is for the caller to see.

    Raises:
        BadInput: its kind of storage is not installed, or it holds too much.
        NotFound: there is no such object.
        Unavailable: the storage does not answer, or lets us in no more.
    """
    most = settings.max_upload_mib * 2**20
    with told(address):
        system = await asyncio.to_thread(client, scheme_of(address))
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
    with told(address):
        found = sorted(client(scheme_of(address)).find(address))
    scheme = scheme_of(address)
    return tuple(
        f"{scheme}://{name.removeprefix('/') if scheme != 'file' else name}"
        for name in found
        if PurePosixPath(name).suffix.lower() in suffixes
        and not PurePosixPath(name).name.startswith(".")
    )


async def _blocks(handle: BinaryIO) -> AsyncIterator[bytes]:
    while block := await asyncio.to_thread(handle.read, BLOCK):
        yield block
