"""What people agree on after a session, question by question."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calibration import Consensus
from core.errors import BadInput, Conflict
from store import audit, calibration
from store.calibration_mapping import consensus_of
from store.calibration_tables import CalibrationConsensusRow


async def decided(session: AsyncSession, session_id: str) -> tuple[Consensus, ...]:
    """Every consensus of a session."""
    rows = await session.scalars(
        select(CalibrationConsensusRow)
        .where(CalibrationConsensusRow.session_id == session_id)
        .order_by(CalibrationConsensusRow.at)
    )
    return tuple(consensus_of(row) for row in rows)


async def decide(session: AsyncSession, session_id: str, consensus: Consensus) -> None:
    """Keep what people agreed on, in place of an earlier consensus; audited.

    Raises:
        Conflict: the session is not over.
        BadInput: the session has no such question or conversation, or no such answer to it.
    """
    found = await calibration.get(session, session_id)
    if found.is_open:
        raise Conflict("People agree on an answer after everybody has given their own.")
    asked = found.question(consensus.question)
    if asked is None or found.item(consensus.conversation) is None:
        raise BadInput("This session has no such question or conversation.")
    if consensus.answer not in asked.allowed:
        raise BadInput(f"{consensus.answer[:40]!r} is no answer to this question.")
    await session.merge(
        CalibrationConsensusRow(
            session_id=session_id,
            conversation_id=consensus.conversation,
            question=consensus.question,
            answer=consensus.answer,
            reason=consensus.reason.strip(),
            user_id=consensus.by,
            at=consensus.at,
        )
    )
    await session.flush()
    await audit.record(
        session, actor=consensus.by, action="calibration.decided", subject=session_id,
        now=consensus.at, detail=f"{consensus.conversation}:{consensus.question}",
    )  # fmt: skip
