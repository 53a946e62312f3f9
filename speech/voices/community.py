"""pyannote's community-1, for those who have its weights; needs torch, so it is imported last.

Slower by far than the two networks that are carried along, and it takes the whole sound at once
(230 MB an hour). Nothing is fetched and nothing reported while it runs.

Source: Plaquet and Bredin, Powerset multi-class cross entropy loss for speaker diarization (2023).
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from core.errors import ModelUnavailable
from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ
from speech.voices.diarization import Source, Voices, VoiceSpan
from speech.voices.segmentation import Array

# Its maker is told each file's duration and number of speakers unless this stands before the
# import; and the hub must not be asked for what lies in the folder.
QUIET = {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


class CommunityDiarizer:
    """A pyannote pipeline out of a folder."""

    def __init__(self, folder: Path, *, revision: str, threads: int = 0) -> None:
        """Load it.

        Raises:
            ModelUnavailable: pyannote is not installed, or the folder holds no pipeline.
        """
        self._torch, pipeline_class = _imported()
        if threads:
            self._torch.set_num_threads(threads)
        try:
            self._pipeline = pipeline_class.from_pretrained(str(folder))
        except Exception as error:  # whatever its parts raise: it is a folder of pickles and YAML
            raise ModelUnavailable(
                f"the pipeline in {folder} does not load ({error}); fetch it again with "
                "`parley models pull diarization`"
            ) from error
        self._revision = revision

    def describe(self) -> str:
        """Name and revision."""
        return f"pyannote community-1 ({self._revision})"

    def find_voices(
        self,
        sound: Source,
        duration: float,
        voiced: Sequence[TimeSpan],
        *,
        count: int,
    ) -> Voices:
        """So many voices, or none in silence."""
        if not voiced:
            return Voices((), np.zeros((0, 0), dtype=np.float32))
        samples = np.concatenate(list(sound()), axis=1)  # (1, time)
        found = self._pipeline(
            {"waveform": self._torch.from_numpy(samples), "sample_rate": SAMPLE_RATE_HZ},
            num_speakers=count,
        )
        return _voices(found, duration)


def _voices(found: Any, duration: float) -> Voices:
    """pyannote's answer as ours: voices in order of appearance."""
    tracks = [
        (float(segment.start), float(segment.end), str(speaker))
        for segment, _, speaker in found.speaker_diarization.itertracks(yield_label=True)
    ]
    tracks = sorted((max(0.0, start), min(end, duration), who) for start, end, who in tracks)
    tracks = [(start, end, who) for start, end, who in tracks if start < end]
    order = list(dict.fromkeys(who for _, _, who in tracks))
    known = list(found.speaker_diarization.labels())
    vectors: Array = np.nan_to_num(np.asarray(found.speaker_embeddings, dtype=np.float32))
    chosen = vectors[[known.index(who) for who in order]].reshape(len(order), -1)
    lengths = np.maximum(np.linalg.norm(chosen, axis=1, keepdims=True), 1e-9)
    return Voices(
        spans=tuple(
            VoiceSpan(TimeSpan(start, end), order.index(who)) for start, end, who in tracks
        ),
        vectors=chosen / lengths,
    )


def _imported() -> tuple[Any, Any]:
    """Torch and pyannote's pipeline class, with reports off and torchaudio mended."""
    os.environ.update(QUIET)
    try:
        import torch  # noqa: PLC0415 - takes seconds, and is not always installed

        _mend_torchaudio(has_cuda=torch.cuda.is_available())
        from pyannote.audio import Pipeline  # noqa: PLC0415 - as above
    except ImportError as error:
        raise ModelUnavailable(
            f"community-1 needs pyannote.audio ({error}); run `make mono`"
        ) from error
    return torch, Pipeline


def _mend_torchaudio(*, has_cuda: bool) -> None:
    """Let torchaudio load beside a torch for the CPU.

    Its compiled part wants CUDA libraries even then; pyannote uses the Python parts only. Where
    it loads, or where there is CUDA, it is left alone.
    """
    if has_cuda or "torchaudio" in sys.modules:
        return
    try:
        import torchaudio  # noqa: F401, PLC0415 - to see whether it loads
    except (ImportError, OSError, RuntimeError):
        for name in [name for name in sys.modules if name.split(".")[0] == "torchaudio"]:
            del sys.modules[name]
        sys.modules["torchaudio._extension"] = _stand_in()


def _stand_in() -> ModuleType:
    def refuse(function: Callable[..., object]) -> Callable[..., object]:
        def absent(*_: object, **__: object) -> None:
            raise RuntimeError(f"{function.__name__} needs torchaudio's compiled part")

        return absent

    module = ModuleType("torchaudio._extension")
    vars(module).update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=refuse,
    )
    return module
