"""Behind each number of a report stand exactly the conversations that it counts."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.errors import BadInput
from core.evaluation import Verdict
from core.judged import Answers, Behind, DisputeState, Result
from core.review import Answer
from core.survey import SurveyKind, SurveyResponse
from store import agents, listing, surveys
from store.database import Database
from store.listing import Filter
from store.tables import EvaluationRow, SurveyInvitationRow
from tests.store.reviewing import NOW, YES, Desk, opened_desk
from tests.store.test_reports import DAY, WANTED, store_call

CORRECTED = replace(WANTED, answers=Answers.CORRECTED)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    """A chat of Ann's that fails by its name and greeting, and a call of Ben's that is well."""
    made = await opened_desk(database)
    await made.judge(name="no", rude="unsure")
    await store_call(made, "k1")
    yield made


async def listed(desk: Desk, behind: Behind, blind: frozenset[str] = frozenset()) -> list[str]:
    async with desk.database.reading() as session:
        page = await listing.page(session, Filter(behind=behind, blind=blind))
    names = {desk.conversation: "chat"}
    return sorted(names.get(one.id, one.id) for one in page.items)


@pytest.mark.parametrize(
    "changes, found",
    [
        ({}, ["chat", "k1"]),
        ({"result": Result.FAILED}, ["chat"]),
        ({"result": Result.PASSED}, ["k1"]),
        ({"result": Result.SCORED}, ["chat", "k1"]),
        ({"result": Result.UNSCORED}, []),
        ({"surveyed": True}, ["chat"]),
        ({"question": "greeting"}, ["chat", "k1"]),
        ({"question": "greeting", "verdict": Verdict.YES}, ["k1"]),
        ({"question": "greeting", "verdict": Verdict.NO}, ["chat"]),
        ({"question": "rude", "verdict": Verdict.UNSURE}, ["chat"]),
        ({"question": "rude"}, []),
        ({"question": "gree%", "verdict": Verdict.NO}, []),
        ({"question": "g_eeting"}, []),
        ({"csat": 2}, ["chat"]),
        ({"csat": 1}, []),
    ],
)
async def test_the_machines_answers(
    desk: Desk, changes: dict[str, object], found: list[str]
) -> None:
    async with desk.database.writing() as session:
        session.add(
            SurveyInvitationRow(
                id="i", conversation_id=desk.conversation, kinds=["csat"], about="", offered_at=NOW
            )
        )
        await session.flush()
        await surveys.respond(session, SurveyResponse("r", "i", SurveyKind.CSAT, NOW, 2))
    behind = replace(Behind(WANTED), **changes)  # type: ignore[arg-type] # its fields
    assert await listed(desk, behind) == found


async def test_the_answers_that_people_corrected(desk: Desk) -> None:
    review = await desk.begin(await desk.judge(name="no"))
    await desk.correct(review, "name", YES)
    await desk.correct(review, "greeting", YES)
    await desk.submit(review)
    no_name = Behind(CORRECTED, question="name", verdict=Verdict.NO)
    assert await listed(desk, no_name) == []
    assert await listed(desk, replace(no_name, wanted=WANTED)) == ["chat"]
    assert await listed(desk, Behind(CORRECTED, result=Result.FAILED)) == []
    assert await listed(desk, Behind(CORRECTED, result=Result.PASSED)) == ["chat", "k1"]


async def test_disputes_by_what_became_of_them_and_by_their_own_day(desk: Desk) -> None:
    review = await desk.submit(await desk.begin(await desk.judge()))
    dispute = await desk.dispute(review)
    waiting = Behind(WANTED, question="name", disputed=DisputeState.WAITING)
    assert await listed(desk, waiting) == ["chat"]
    assert await listed(desk, replace(waiting, question="greeting")) == []
    assert await listed(desk, replace(waiting, evaluator=desk.people["sue"].id)) == []
    assert await listed(desk, replace(waiting, evaluator=desk.people["sam"].id)) == ["chat"]
    await desk.decide(dispute, "sue", Answer(Verdict.YES))
    states = {state: await listed(desk, replace(waiting, disputed=state)) for state in DisputeState}
    assert states == {
        DisputeState.WAITING: [], DisputeState.UPHELD: [],
        DisputeState.OVERTURNED: ["chat"], DisputeState.DECIDED: ["chat"],
    }  # fmt: skip
    later = replace(WANTED, start=NOW + DAY, end=NOW + 2 * DAY)
    assert await listed(desk, Behind(later, disputed=DisputeState.DECIDED)) == []


async def test_what_a_person_submitted(desk: Desk) -> None:
    review = await desk.begin(await desk.judge())
    behind = Behind(WANTED, evaluator=desk.people["sam"].id)
    assert await listed(desk, behind) == []
    await desk.submit(review)
    assert await listed(desk, behind) == ["chat"]
    assert await listed(desk, Behind(WANTED, evaluator=desk.people["sue"].id)) == []


async def test_who_scores_blind_is_not_led_there(desk: Desk) -> None:
    blind = frozenset({desk.conversation})
    assert await listed(desk, Behind(WANTED), blind) == ["k1"]


async def test_what_has_no_score_is_a_list_of_its_own(desk: Desk) -> None:
    async with desk.database.writing() as session:
        row = await session.get(EvaluationRow, "e-k1")
        assert row is not None
        row.score = None
    assert await listed(desk, Behind(WANTED, result=Result.UNSCORED)) == ["k1"]
    assert await listed(desk, Behind(WANTED, result=Result.PASSED)) == []


async def test_whose_conversation_nobody_knows_is_found_as_unknown(desk: Desk) -> None:
    async with desk.database.writing() as session:
        row = await session.get(EvaluationRow, "e-k1")
        assert row is not None
        row.agent_key = None
    unknown = replace(WANTED, agents=frozenset({agents.UNKNOWN}))
    assert await listed(desk, Behind(unknown)) == ["k1"]


def test_what_means_nothing_is_refused() -> None:
    with pytest.raises(BadInput):
        Behind(WANTED, verdict=Verdict.NO)
    with pytest.raises(BadInput):
        Behind(WANTED, csat=6)
