"""The gate in the console: what each question of a scorecard still needs to submit by itself."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console import cards
from console.coefficients import (
    ShownFigure,
    ShownShare,
    gwet_name,
    kappa_name,
    shown_coefficient,
    shown_prevalence,
    shown_rate,
)
from console.context import Visit
from core.asked import asked_of
from core.calibration import AskedQuestion, CalibrationSession, DoubleScore, Picked
from core.scorecard import Scorecard
from qa.comparison_report import gate_json
from qa.gate import LEAST, LEAST_KAPPA, LEAST_RECALL, Gate, gate, least_found
from store import audit, double_scores

WAYS = {
    Picked.HAND: "picked by hand",
    Picked.RANDOM: "drawn at random",
    Picked.UNIFORM: "drawn evenly for review",
}


@dataclass(frozen=True, slots=True)
class ShownGate:
    """How one question stands, in words."""

    id: str
    text: str
    section: str
    is_fatal: bool
    by_person: bool
    is_open: bool
    told: str
    n: int
    remarks: tuple[str, ...]
    agreement: ShownFigure
    kappa: ShownFigure
    kappa_name: str
    gwet: ShownFigure
    gwet_name: str
    recall: ShownFigure | None
    precision: ShownFigure | None
    prevalence: tuple[ShownShare, ...]


async def gates_page(visit: Visit) -> web.StreamResponse:
    """Each scorecard's questions, and what is missing before one submits by itself."""
    async with visit.console.database.reading() as session:
        used = await cards.in_use(session)
        found = [(card, await gates_of(session, asked_of(card))) for card in used]
    if visit.wants_json:
        return visit.data({"scorecards": [_card_json(card, gates) for card, gates in found]})
    return visit.page(
        "calibration_gates.html",
        cards=[
            (card, [_shown(asked, gates[asked.id]) for asked in asked_of(card)])
            for card, gates in found
        ],
        least=LEAST,
        least_kappa=LEAST_KAPPA,
        least_recall=LEAST_RECALL,
        least_noes=least_found(LEAST_RECALL),
    )


async def gates_of(session: AsyncSession, questions: Iterable[AskedQuestion]) -> Mapping[str, Gate]:
    """By question, how its gate stands now; computed beside the event loop."""
    asked = tuple(questions)
    scores = await double_scores.of_questions(session, {each.digest for each in asked})
    found = await asyncio.to_thread(lambda: [gate(each, scores) for each in asked])
    return {each.question: each for each in found}


async def note_gates(visit: Visit, found: CalibrationSession) -> None:
    """Write into the audit which gates a session's double scores opened or closed."""
    own = {(item.conversation, user) for item in found.items for user in found.people}
    async with visit.console.database.reading() as session:
        digests = {asked.digest for asked in found.questions}
        scores = await double_scores.of_questions(session, digests)
    before = [score for score in scores if (score.conversation, score.by) not in own]
    changed = await asyncio.to_thread(_changed, found.questions, before, scores)
    async with visit.console.database.writing() as session:
        for asked, is_open in changed:
            await audit.record(
                session, actor="parley", action=f"gate.{'opened' if is_open else 'closed'}",
                subject=f"{found.scorecard}:{asked.id}", now=visit.console.now(),
                detail=asked.digest,
            )  # fmt: skip


def _changed(
    questions: Iterable[AskedQuestion], before: list[DoubleScore], after: tuple[DoubleScore, ...]
) -> list[tuple[AskedQuestion, bool]]:
    """The questions that stand otherwise now, and whether they are open."""
    stands = [(q, gate(q, before).is_open, gate(q, after).is_open) for q in questions]
    return [(asked, now) for asked, was, now in stands if was is not now]


def _shown(asked: AskedQuestion, found: Gate) -> ShownGate:
    caught = found.detection
    return ShownGate(
        id=asked.id,
        text=asked.text,
        section=asked.section,
        is_fatal=asked.is_fatal,
        by_person=asked.by_person,
        is_open=found.is_open,
        told=found.told,
        n=found.n,
        remarks=tuple(_remarks(asked, found)),
        agreement=shown_rate(found.agreement.raw),
        kappa=shown_coefficient(found.agreement.kappa),
        kappa_name=kappa_name(found.agreement),
        gwet=shown_coefficient(found.agreement.gwet),
        gwet_name=gwet_name(found.agreement),
        recall=shown_rate(caught.recall) if caught else None,
        precision=shown_rate(caught.precision) if caught else None,
        prevalence=shown_prevalence(asked, found.agreement),
    )


def _remarks(asked: AskedQuestion, found: Gate) -> Iterable[str]:
    """How the conversations came, and which do not count."""
    if found.picked:
        yield ", ".join(f"{count} {WAYS[way]}" for way, count in sorted(found.picked.items()))
    if found.unsure:
        yield f"the machine was unsure of {found.unsure} more, where it submits nothing"
    if found.by_risk:
        yield f"{found.by_risk} drawn by risk do not count"
    if asked.is_fatal and found.detection and found.detection.recall.whole:
        noes = found.detection.recall
        yield f"{noes.part} of {noes.whole} noes found; {least_found(LEAST_RECALL)} is the least"


def _card_json(card: Scorecard, gates: Mapping[str, Gate]) -> dict[str, Any]:
    return {
        "scorecard": card.name,
        "version": card.version,
        "questions": [gate_json(asked, gates[asked.id]) for asked in asked_of(card)],
    }
