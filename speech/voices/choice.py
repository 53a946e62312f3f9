"""Which networks find the voices: decided by the settings and what is on disk, never by a download.

Nothing here loads a network or imports its library before one is asked for.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from core.errors import ModelUnavailable
from core.settings import Settings
from speech.choice import revision
from speech.voices.diarization import Diarizer

FOLDER = "voices"  # under the models folder
SEGMENTATION, ENCODER = "segmentation.onnx", "encoder.onnx"
FILES = (SEGMENTATION, ENCODER)
COMMUNITY = "community-1"  # pyannote's pipeline of 2025
COMMUNITY_FOLDER = f"pyannote-{COMMUNITY}"
COMMUNITY_CONFIG = "config.yaml"
MEND = "run `parley models pull diarization`"
MEND_TORCH = "run `make mono`, which installs torch and pyannote.audio"


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """The networks that will be loaded: pyannote's pipeline, or the two that are carried along."""

    folder: Path
    is_community: bool

    @property
    def label(self) -> str:
        """One line for people."""
        return COMMUNITY if self.is_community else "segmentation 2022 with voice vectors"


def choose_voices(settings: Settings) -> VoiceChoice:
    """The networks for these settings.

    Raises:
        ModelUnavailable: they are not on disk, or their library is not installed; the message
            names the command that mends it.
    """
    named = settings.diarization_model
    folder = _folder(settings)
    if named == COMMUNITY or (folder / COMMUNITY_CONFIG).is_file():
        if not (folder / COMMUNITY_CONFIG).is_file():
            raise ModelUnavailable(f"no {COMMUNITY} in {folder.resolve()}; {MEND}")
        if importlib.util.find_spec("pyannote") is None:
            raise ModelUnavailable(f"{COMMUNITY} needs pyannote.audio; {MEND_TORCH}")
        return VoiceChoice(folder, is_community=True)
    if not is_whole(folder):
        raise ModelUnavailable(f"no networks for voices in {folder.resolve()}; {MEND}")
    return VoiceChoice(folder, is_community=False)


def load_voices(choice: VoiceChoice, *, threads: int = 0) -> Diarizer:
    """Load them into memory; to be called after a worker has forked.

    Raises:
        ModelUnavailable: a file is damaged.
    """
    if choice.is_community:
        from speech.voices.community import CommunityDiarizer  # noqa: PLC0415 - torch, when needed

        return CommunityDiarizer(
            choice.folder, revision=revision(choice.folder, mend=MEND), threads=threads
        )
    from speech.voices.diarization import EmbeddedDiarizer  # noqa: PLC0415 - when needed
    from speech.voices.encoder import VoiceEncoder  # noqa: PLC0415 - when needed
    from speech.voices.segmentation import Segmenter  # noqa: PLC0415 - when needed

    return EmbeddedDiarizer(
        Segmenter(choice.folder / SEGMENTATION, threads=threads),
        VoiceEncoder(choice.folder / ENCODER, threads=threads),
        revision=revision(choice.folder, mend=MEND),
    )


def is_whole(folder: Path) -> bool:
    """Whether the folder holds the two converted networks."""
    return all((folder / name).is_file() for name in FILES)


def _folder(settings: Settings) -> Path:
    if settings.diarization_model == COMMUNITY:
        return settings.models / COMMUNITY_FOLDER
    if settings.diarization_model:
        return Path(settings.diarization_model)
    return settings.models / FOLDER
