"""Which recogniser: decided by the settings and what is on disk, never by a download."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import ModelUnavailable
from core.settings import Settings
from core.weights import RECORD
from speech.engines import Engine, Post

MOONSHINE = "moonshine"
WHISPER = "faster-whisper"
HTTP = "http"
MOONSHINE_FOLDER = "moonshine-tiny-en"
MOONSHINE_FILES = ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin")
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
# In the order of published word error rates, Radford et al., table 14; best first.
WHISPER_MODELS = ("large-v3", "large-v3-turbo", "medium", "small", "base", "tiny")
_MULTILINGUAL_TOKENS = 51_865  # least vocabulary of a Whisper that speaks more than English
_MEND = "run `parley models pull asr`"


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The recogniser that will be loaded."""

    engine: str
    model: str
    folder: Path

    @property
    def label(self) -> str:
        """One line for people: 'moonshine tiny-en'."""
        return f"{self.engine} {self.model}"


def choose_engine(settings: Settings) -> EngineChoice:
    """The recogniser for these settings.

    Raises:
        ModelUnavailable: nothing on disk fits; the message names the command that mends it.
    """
    if settings.asr_engine == HTTP:
        return _remote(settings)
    whisper = find_whisper(settings)
    moonshine = find_moonshine(settings)
    wanted = settings.asr_engine
    choice = {"auto": whisper or moonshine, WHISPER: whisper, MOONSHINE: moonshine}[wanted]
    if choice is None:
        name = "speech-to-text" if wanted == "auto" else wanted
        raise ModelUnavailable(f"no {name} model in {settings.models.resolve()}; {_MEND}")
    if not speaks(choice, settings.asr_language):
        raise ModelUnavailable(_wrong_language(choice, settings))
    return choice


def _remote(settings: Settings) -> EngineChoice:
    if not settings.asr_url:
        raise ModelUnavailable(
            "PARLEY_ASR_ENGINE is http, and PARLEY_ASR_URL names no server; give the address of "
            "its /v1/audio/transcriptions"
        )
    return EngineChoice(HTTP, settings.asr_model, Path())


def find_whisper(settings: Settings) -> EngineChoice | None:
    """The Whisper that `asr_model` names, else (auto) the best one on disk."""
    named = Path(settings.asr_model)
    model = whisper_name(settings.asr_model)
    if _holds(named, WHISPER_FILES):
        return EngineChoice(WHISPER, model, named)
    others = WHISPER_MODELS if settings.asr_engine == "auto" else ()
    for each in (model, *others):
        folder = settings.models / f"{WHISPER}-{each}"
        if _holds(folder, WHISPER_FILES):
            return EngineChoice(WHISPER, each, folder)
    return None


def whisper_name(asr_model: str) -> str:
    """The short name of a Whisper given as 'small', as a hub repository or as a folder."""
    return asr_model.rstrip("/").rsplit("/", 1)[-1].removeprefix(f"{WHISPER}-")


def find_moonshine(settings: Settings) -> EngineChoice | None:
    """Moonshine tiny-en, when it is on disk."""
    folder = settings.models / MOONSHINE_FOLDER
    return EngineChoice(MOONSHINE, "tiny-en", folder) if _holds(folder, MOONSHINE_FILES) else None


def speaks(choice: EngineChoice, language: str) -> bool:
    """Whether the model on disk may be asked for this language."""
    if language == "en" or choice.engine == HTTP:
        return True
    return choice.engine == WHISPER and _vocabulary_size(choice.folder) >= _MULTILINGUAL_TOKENS


def load_engine(
    choice: EngineChoice,
    *,
    threads: int = 0,
    names: Sequence[str] = (),
    post: Post | None = None,
) -> Engine:
    """Load it into memory; to be called after a worker has forked.

    Args:
        names: that it should know: the company's, products', agents'.
        post: sends sound to a server; only the engine `http` needs it.

    Raises:
        ModelUnavailable: its files are damaged, or nothing was given to reach its server with.
    """
    hotwords = ", ".join(names)
    if choice.engine == WHISPER:
        from speech.whisper import Whisper  # noqa: PLC0415 - a second of imports, when needed

        return Whisper(
            choice.folder,
            model=choice.model,
            revision=revision(choice.folder),
            threads=threads,
            hotwords=hotwords or None,
        )
    from speech.alignment import Aligner  # noqa: PLC0415 - a dictionary of 33 MB, when needed

    if choice.engine == HTTP:
        if post is None:
            raise ModelUnavailable(f"{choice.label} needs a way to its server")
        from speech.remote import Remote  # noqa: PLC0415 - with the aligner, when needed

        return Remote(post, model=choice.model, hotwords=hotwords, aligner=Aligner())
    from speech.moonshine import Moonshine  # noqa: PLC0415 - onnxruntime, only when needed
    from speech.vocabulary import Vocabulary  # noqa: PLC0415 - a language model, only when needed

    return Moonshine(
        choice.folder,
        revision=revision(choice.folder),
        threads=threads,
        aligner=Aligner(),
        names=Vocabulary(names) if names else None,
    )


def revision(folder: Path, *, mend: str = _MEND) -> str:
    """The revision recorded when the weights were fetched; 'unrecorded' for other folders."""
    record = folder / RECORD
    if not record.is_file():
        return "unrecorded"
    try:
        return str(json.loads(record.read_text(encoding="utf-8"))["revision"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{record} is damaged; {mend}") from error


def _holds(folder: Path, files: tuple[str, ...]) -> bool:
    return all((folder / name).is_file() for name in files)


def _vocabulary_size(folder: Path) -> int:
    for name in ("vocabulary.json", "vocabulary.txt"):
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            return len(json.loads(text)) if name.endswith("json") else text.count("\n")
    return 0


def _wrong_language(choice: EngineChoice, settings: Settings) -> str:
    return (
        f"{choice.label} speaks English only, and PARLEY_ASR_LANGUAGE is "
        f"{settings.asr_language!r}; {_MEND} to fetch Whisper {settings.asr_model}"
        + ("" if settings.asr_engine != MOONSHINE else ", and set PARLEY_ASR_ENGINE=auto")
    )
