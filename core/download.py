"""Fetching one file over HTTP: resumed where it broke off, checked, and renamed when whole."""

import hashlib
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias

from core.errors import ModelUnavailable

Progress: TypeAlias = Callable[[str, int, int], None]  # file, bytes done, bytes in all

TIMEOUT_SECONDS = 10.0  # without an answer or the next byte
_READ_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch; `digest` is hex, of SHA-256 (64 digits) or a git blob's SHA-1 (40)."""

    name: str
    url: str
    size: int
    digest: str


def fetch_file(wanted: Wanted, folder: Path, progress: Progress, *, token: str = "") -> Path:
    """Fetch a file into `folder`, or leave it when it is there and whole.

    Args:
        token: sent to the server when it asks who wants the file; none by default.

    Raises:
        OSError: the server does not answer; what has come so far is kept.
        ModelUnavailable: what came is not what was promised.
    """
    target = folder / wanted.name
    if target.is_file() and has_digest(target, wanted.digest):
        progress(wanted.name, wanted.size, wanted.size)
        return target
    part = target.with_name(f"{target.name}.part")
    _fetch_rest(wanted, part, progress, token)
    if part.stat().st_size < wanted.size:
        raise OSError(f"{wanted.name} broke off at {part.stat().st_size} of {wanted.size} bytes")
    if not has_digest(part, wanted.digest):
        part.unlink()
        raise ModelUnavailable(
            f"{wanted.url} came damaged (its checksum differs); try again", retryable=True
        )
    return part.replace(target)


def has_digest(path: Path, digest: str) -> bool:
    """Whether the file is the one with this SHA-256, or this git blob SHA-1."""
    is_blob = len(digest) == 40
    found = hashlib.sha1(usedforsecurity=False) if is_blob else hashlib.sha256()
    if is_blob:
        found.update(f"blob {path.stat().st_size}\0".encode())
    with path.open("rb") as file:
        while chunk := file.read(_READ_BYTES):
            found.update(chunk)
    return found.hexdigest() == digest


def _fetch_rest(wanted: Wanted, part: Path, progress: Progress, token: str) -> None:
    done = part.stat().st_size if part.exists() else 0
    if done >= wanted.size:
        return
    request = urllib.request.Request(wanted.url)  # noqa: S310 - the hub's address, see core.weights
    if token:  # not sent on when the hub points to another server
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    if done:
        request.add_header("Range", f"bytes={done}-")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
        is_rest = answer.status == HTTPStatus.PARTIAL_CONTENT
        done = done if is_rest else 0
        with part.open("ab" if is_rest else "wb") as file:
            while chunk := answer.read(_READ_BYTES):
                file.write(chunk)
                done += len(chunk)
                progress(wanted.name, done, wanted.size)
