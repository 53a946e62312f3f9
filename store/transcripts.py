"""What the machine heard, kept as it was heard."""

import json
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.recording import Segment, Transcript
from core.spans import TimeSpan
from store.mapping import words_in, words_out
from store.tables import TranscriptRow


async def save(session: AsyncSession, transcript: Transcript) -> None:
    """Keep the transcript of its recording, in place of an earlier one."""
    segments = [
        [s.channel, s.span.start, s.span.end, s.text, words_out(s.words)]
        for s in transcript.segments
    ]
    await session.merge(
        TranscriptRow(
            recording_id=transcript.recording,
            engine=transcript.engine,
            model=transcript.model,
            revision=transcript.revision,
            language=transcript.language,
            segments=json.dumps(segments, ensure_ascii=False),
        )
    )
    await session.flush()


async def find(session: AsyncSession, recording_id: str) -> Transcript | None:
    """The transcript of a recording, or None."""
    row = await session.get(TranscriptRow, recording_id)
    if row is None:
        return None
    segments: list[list[Any]] = json.loads(row.segments)
    return Transcript(
        recording=row.recording_id,
        engine=row.engine,
        model=row.model,
        revision=row.revision,
        language=row.language,
        segments=tuple(
            Segment(channel, TimeSpan(start, end), text, words_in(words))
            for channel, start, end, text, words in segments
        ),
    )
