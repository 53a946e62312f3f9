"""A database with many judged conversations, as a centre of fifty agents has them in a quarter.

Answers hang together as they do in life: each agent has a strength, and each conversation a day.
Turns and words are left out, as no report reads them.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from core.evaluation import Finding, Verdict
from core.packed import pack
from core.score import score
from core.scorecard import Scorecard
from store.database import Database
from store.tables import (
    ConversationRow,
    EvaluationRow,
    SurveyInvitationRow,
    SurveyResponseRow,
    UserRow,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 180  # the window of 90, and the 90 before it that changes are measured against
AGENTS, QUEUES, TEAMS = 50, ("orders", "returns", "fittings", "sofas"), 6
SURVEYED = 0.15  # share of conversations with an answer to CSAT
AT_ONCE = 2_000  # rows written in one go
Row = dict[str, Any]


async def fill(database: Database, card: Scorecard, *, conversations: int, seed: int = 1) -> None:
    """Write users, conversations, evaluations and survey answers."""
    random = np.random.default_rng(seed)
    strengths: list[float] = random.normal(1.2, 0.5, AGENTS).tolist()
    async with database.writing() as session:
        await session.execute(insert(UserRow), [_user(number) for number in range(AGENTS)])
        for start in range(0, conversations, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, conversations))
            made = [_conversation(random, number, card, strengths) for number in numbers]
            await session.execute(insert(ConversationRow), [talk for talk, _, _ in made])
            await session.execute(insert(EvaluationRow), [judged for _, judged, _ in made])
            await _surveys(session, [csat for _, _, csat in made if csat])


async def _surveys(session: Any, answers: Sequence[tuple[str, datetime, int]]) -> None:
    invitations = [
        {"id": f"i-{talk}", "conversation_id": talk, "kinds": ["csat"], "about": "",
         "offered_at": at, "repeated": []}
        for talk, at, _ in answers
    ]  # fmt: skip
    responses = [
        {"id": f"r-{talk}", "invitation_id": f"i-{talk}", "kind": "csat", "answered_at": at,
         "score": csat, "is_dismissed": False}
        for talk, at, csat in answers
    ]  # fmt: skip
    if answers:
        await session.execute(insert(SurveyInvitationRow), invitations)
        await session.execute(insert(SurveyResponseRow), responses)


def _user(number: int) -> Row:
    return {
        "id": f"u{number}", "email_hash": f"h{number}", "email": f"u{number}@example.org",
        "name": f"Agent {number}", "roles": ["agent"], "teams": [f"team {number % TEAMS}"],
        "is_active": True, "password_hash": None,
    }  # fmt: skip


def _conversation(
    random: np.random.Generator, number: int, card: Scorecard, strengths: Sequence[float]
) -> tuple[Row, Row, tuple[str, datetime, int] | None]:
    agent = int(random.integers(AGENTS))
    at = START + timedelta(days=DAYS * float(random.random()))
    day = float(random.normal(strengths[agent], 0.7))
    findings = tuple(_findings(random, card, day))
    found = score(card, findings)
    talk = {
        "id": f"c{number:07}", "channel": "voice", "opened_at": at, "closed_at": at,
        "listed_at": at, "variables": {}, "labels": {}, "holder": "closed", "holder_since": at,
        "version": 1, "score_state": "scored", "attempts": 0,
        "queue": QUEUES[int(random.integers(len(QUEUES)))],
    }  # fmt: skip
    judged = {
        "id": f"e{number:07}", "conversation_id": talk["id"], "scorecard": card.name,
        "version": card.version, "made_at": at, "score": found.points, "failed": found.failed,
        "source": "machine", "variables": {}, "mood_model": "", "mood_turns": [],
        "findings": json.dumps([]), "agent_key": f"user:u{agent}", "answers": pack(findings, card),
    }  # fmt: skip
    csat = int(np.clip(round(float(random.normal(2.6 + day, 1.0))), 1, 5))
    return talk, judged, (str(talk["id"]), at, csat) if random.random() < SURVEYED else None


def _findings(random: np.random.Generator, card: Scorecard, day: float) -> Iterator[Finding]:
    for place, question in enumerate(card.questions):
        drawn, chance = float(random.random()), 1 / (1 + np.exp(-day - 0.2 * (place % 5)))
        verdict = Verdict.YES if drawn < chance * 0.9 else Verdict.NO
        if random.random() < 0.08:
            verdict = Verdict.UNSURE
        elif random.random() < 0.1:
            verdict = Verdict.NOT_APPLICABLE
        elif question.id == "no_prohibited":
            verdict = Verdict.NO if random.random() < 0.01 else Verdict.YES
        yield Finding(question.id, verdict, 0.8, "")
