"""The place where work is done: settings, database, files, and ears that load on first use."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import ModelUnavailable
from core.people import AgentVoice
from core.recording import ChannelLayout
from core.settings import Settings
from core.spans import TimeSpan
from jobs.transcriber import transcriber
from speech.choice import choose_engine, load_engine
from speech.engines import Engine
from speech.hearing import Heard, Progress, hear
from speech.voices.choice import choose_voices, load_voices
from speech.voices.diarization import Diarizer
from speech.voices.mono import MonoSetup
from speech.voices.naming import KnownVoice
from store.database import Database, open_database
from store.files import StoredFiles, open_files


class Ears:
    """A recogniser, and what tells voices apart, each loaded when the first call needs it and kept:
    after a worker has forked.
    """

    def __init__(
        self, load: Callable[[], Engine], load_diarizer: Callable[[], Diarizer] | None = None
    ) -> None:
        self._load = load
        self._load_diarizer = load_diarizer or _no_diarizer
        self._engine: Engine | None = None
        self._diarizer: Diarizer | None = None

    @property
    def engine(self) -> Engine:
        """The loaded recogniser.

        Raises:
            ModelUnavailable: none is on disk; the message names the command that mends it.
        """
        if self._engine is None:
            self._engine = self._load()
        return self._engine

    def diarizer(self) -> Diarizer:
        """What tells the voices of a mono call apart, loaded.

        Raises:
            ModelUnavailable: it is not on disk; the message names the command that mends it.
        """
        if self._diarizer is None:
            self._diarizer = self._load_diarizer()
        return self._diarizer


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What every step needs."""

    settings: Settings
    database: Database
    files: StoredFiles
    ears: Ears

    def hear(
        self,
        path: Path,
        *,
        recording: str,
        layout: ChannelLayout | None,
        excluded: Sequence[TimeSpan],
        company: str,
        progress: Progress,
        known: Sequence[AgentVoice] = (),
    ) -> Heard:
        """Listen to a file; a stereo call of which nobody said who is where uses the setting.

        Args:
            excluded: holds and mutes, in which silence is no dead air.
            company: by which name the house answers; the setting's when it is empty.
            known: agents whose voices are recognised in a mono call.

        Raises:
            BadAudio: it cannot be heard.
            ModelUnavailable: no recogniser for this language is on disk.
        """
        return hear(
            path,
            recording=recording,
            layout=layout or self.settings.channels,
            engine=self.ears.engine,
            language=self.settings.asr_language,
            max_hours=self.settings.max_recording_hours,
            excluded=excluded,
            company=company or self.settings.company,
            mono=self._mono(known),
            progress=progress,
        )

    def _mono(self, known: Sequence[AgentVoice]) -> MonoSetup:
        return MonoSetup(
            load=self.ears.diarizer,
            speakers=self.settings.speakers,
            known=tuple(_known(each) for each in known),
        )


@asynccontextmanager
async def opened(settings: Settings, ears: Ears | None = None) -> AsyncIterator[Place]:
    """The place for these settings; the database is closed at the end.

    Raises:
        Unavailable: no database answers.
    """
    database = await open_database(settings)
    try:
        yield Place(settings, database, open_files(settings), ears or ears_of(settings))
    finally:
        await database.close()


def ears_of(settings: Settings) -> Ears:
    """The recogniser, and what tells voices apart, that the settings and the disk allow."""
    return Ears(
        lambda: load_engine(
            choose_engine(settings),
            threads=settings.asr_threads,
            names=settings.names_to_hear,
            post=transcriber(settings),
        ),
        lambda: load_voices(choose_voices(settings), threads=settings.asr_threads),
    )


def _known(voice: AgentVoice) -> KnownVoice:
    return KnownVoice(voice.name, np.array(voice.vector, dtype=np.float32), voice.model)


def _no_diarizer() -> Diarizer:
    raise ModelUnavailable("nothing that tells voices apart was given")
