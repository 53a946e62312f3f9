"""Judged conversations of two agents in two weeks, reviewed, disputed and rated, for reports."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from core.calibration import DoubleScore, Picked
from core.evaluation import Evaluation, Finding, Verdict
from core.review import Answer, Outcome
from core.score import score
from core.survey import SurveyKind, SurveyResponse
from qa.cards import load_scorecard
from store import (
    agents,
    conversations,
    corrections,
    disputes,
    double_scores,
    evaluations,
    reviews,
    surveys,
    users,
)
from store.review_tables import DrawRow
from store.reviews import Actor
from store.tables import SurveyInvitationRow
from tests.build import call
from tests.console.conftest import House

CARD = load_scorecard("service")
Talk: TypeAlias = tuple[str, str, int, str | None, dict[str, str], int | None]
FIRST = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
# id, agent, day after FIRST, queue, answers that are not yes, CSAT
TALKS: tuple[Talk, ...] = (
    ("r0", "Ann", -10, None, {"greeting": "no"}, None),
    ("r1", "Ann", 0, "sofas", {"greeting": "no", "empathy": "no"}, 2),
    ("r2", "Ann", 1, "sofas", {"greeting": "unsure"}, 5),
    ("r3", "Ann", 8, "beds", {"hold": "not_applicable"}, 4),
    ("r4", "Ben", 8, "beds", {"no_prohibited": "no"}, 1),
    ("r5", "Ben", 9, None, {"greeting": "no", "hold": "not_applicable"}, None),
    ("r6", "Zoe", 10, None, {}, 5),
)


async def store_talks(house: House) -> None:
    """All of TALKS, scored by the service scorecard as it is; r1 is reviewed and disputed."""
    for talk in TALKS:
        await _store(house, talk)
    async with house.database.writing() as session:
        await users.set_teams(session, house.people["ann"].id, ["sofas", "night"])
        await users.set_teams(session, house.people["ben"].id, ["night"])
    await _review(house)
    async with house.database.writing() as session:
        for name, answer in (("sam", "no"), ("olga", "yes")):
            blind = DoubleScore(
                digest="greeting", question="greeting", scorecard=CARD.name, version=CARD.version,
                conversation="r2", picked=Picked.UNIFORM, machine="yes", person=answer,
                by=house.people[name].id, at=FIRST + timedelta(days=9),
            )  # fmt: skip
            await double_scores.add(session, [blind])


async def _store(house: House, talk: Talk) -> None:
    name, agent, day, queue, answers, csat = talk
    at = FIRST + timedelta(days=day)
    spoken = replace(
        call(("agent", "hello"), ("customer", "hi there"), id=name),
        opened_at=at, closed_at=at, agent=agent, queue=queue,
    )  # fmt: skip
    findings = tuple(
        Finding(question.id, Verdict(answers.get(question.id, "yes")), 0.9, "heard")
        for question in CARD.questions
    )
    found = score(CARD, findings)
    async with house.database.writing() as session:
        await conversations.add(session, spoken, now=at)
        await evaluations.save(
            session,
            Evaluation(f"e-{name}", name, CARD.name, CARD.version, findings, at, found.points,
                       found.failed),
        )  # fmt: skip
        if csat is not None:
            session.add(
                SurveyInvitationRow(
                    id=f"i-{name}", conversation_id=name, kinds=["csat"], about="", offered_at=at
                )
            )
            await session.flush()
            response = SurveyResponse(f"s-{name}", f"i-{name}", SurveyKind.CSAT, at, csat)
            await surveys.respond(session, response)


async def _review(house: House) -> None:
    """Sam gives r1 its greeting, Ann disputes its empathy, and Olga overturns it."""
    sam, ann = Actor(house.people["sam"].id), Actor(house.people["ann"].id)
    async with house.database.reading() as session:
        ann = Actor(ann.id, await agents.keys_of(session, house.people["ann"]))
    at, yes = FIRST + timedelta(days=9), Answer(Verdict.YES)
    async with house.database.writing() as session:
        session.add(
            DrawRow(
                id="d1", conversation_id="r1", agent_key="x", way="uniform", probability=0.5,
                risks=[], ended_at=FIRST, drawn_at=at,
            )
        )  # fmt: skip
        evaluation = await evaluations.latest(session, "r1")
        assert evaluation is not None
        review = await reviews.begin(session, evaluation, sam, now=at)
        await corrections.correct(
            session, review.id, "greeting", yes, sam, comment="it is there", card=CARD, now=at
        )
        await reviews.submit(session, review.id, sam, card=CARD, window=timedelta(days=7), now=at)
        dispute = await disputes.dispute(
            session, review.id, "empathy", ann, reason="I said sorry",
            due_at=at + timedelta(days=3), now=at,
        )  # fmt: skip
        await disputes.decide(
            session, dispute.id, Outcome.OVERTURNED, Actor(house.people["olga"].id), answer=yes,
            reason="they did", card=CARD, window=timedelta(days=7), now=at,
        )  # fmt: skip
