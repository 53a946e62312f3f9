"""Blind sessions: who may score, what nobody sees before the end, and what then counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest

from core.calibration import (
    AskedQuestion,
    BlindAnswer,
    CalibrationSession,
    Consensus,
    Picked,
)
from core.conversation import Channel
from core.draw import Drawn, Way
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.people import UserRole
from core.spans import TextSpan
from store import (
    agents,
    audit,
    blind,
    calibration,
    calibration_draw,
    consensus,
    conversations,
    double_scores,
    draws,
    erasure,
    evaluations,
    reviews,
    users,
)
from store.calibration_draw import Frame, Span
from store.database import Database
from store.reviews import Actor
from tests.build import call, chat
from tests.calibrating import NOW, asked, scale

GREETING, FATAL = asked(), asked("no_prohibited", is_fatal=True)
CALLS_ONLY = replace(asked("recording_notice"), channels=frozenset({Channel.VOICE}))
QUESTIONS = (GREETING, FATAL, CALLS_ONLY)
WEEK = timedelta(days=7)


@dataclass
class Floor:
    """Three people and some scored conversations."""

    database: Database
    people: dict[str, str] = field(default_factory=dict)

    async def talk(
        self, name: str, *, version: int = 1, spoken: bool = False, days: int = 0, agent: str = ""
    ) -> str:
        made = (call if spoken else chat)(("agent", "Good morning, Acme"), id=name)
        at = NOW - timedelta(days=days)
        made = replace(made, opened_at=at, closed_at=at, agent=agent or None)
        findings = tuple(
            Finding(q.id, Verdict.YES, 0.9, "heard", (Evidence("t0", TextSpan(0, 4)),))
            for q in QUESTIONS
        )
        async with self.database.writing() as session:
            await conversations.add(session, made, now=at)
            await evaluations.save(
                session,
                Evaluation(f"e-{name}", name, "service", version, findings, at, 80.0, False),
            )
        return name

    async def make(
        self,
        *names: str,
        people: Sequence[str] = ("sam", "sue"),
        questions: Sequence[AskedQuestion] = QUESTIONS,
        picked: Picked = Picked.HAND,
        title: str = "November",
        due_at: datetime = NOW + WEEK,
        version: int = 1,
    ) -> CalibrationSession:
        async with self.database.writing() as session:
            return await calibration.make(
                session, title=title, scorecard="service", version=version, questions=questions,
                picked=dict.fromkeys(names, picked), people=[self.people[name] for name in people],
                due_at=due_at, by=self.people["olga"], now=NOW,
            )  # fmt: skip

    async def submit(self, made: CalibrationSession, name: str, who: str, **answers: str) -> bool:
        given = {q.id: "yes" for q in QUESTIONS} | answers
        async with self.database.writing() as session:
            return await blind.submit(
                session, made, name, self.people[who],
                tuple(BlindAnswer(q, a, "so") for q, a in given.items()),
                now=NOW + timedelta(minutes=1),
            )  # fmt: skip

    async def scores(self, question: AskedQuestion = GREETING) -> list[tuple[str, str, str]]:
        async with self.database.reading() as session:
            found = await double_scores.of_questions(session, [question.digest])
        names = {user: name for name, user in self.people.items()}
        return sorted((names[each.by], each.machine, each.person) for each in found)


@pytest.fixture
async def floor(database: Database) -> Floor:
    made = Floor(database)
    roles = {
        "olga": UserRole.OWNER, "sam": UserRole.SUPERVISOR, "sue": UserRole.SUPERVISOR,
        "ann": UserRole.AGENT,
    }  # fmt: skip
    async with database.writing() as session:
        for name, role in roles.items():
            user = await users.create(
                session, email=f"{name}@example.org", name=name.title(), roles=frozenset({role})
            )
            made.people[name] = user.id
    return made


async def test_a_session_comes_back_as_it_was_made(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c2"), await floor.talk("c1"), picked=Picked.RANDOM)
    async with floor.database.reading() as session:
        found = await calibration.get(session, made.id)
        rows = await audit.rows_of(session, made.id)
        with pytest.raises(NotFound, match="no calibration session x"):
            await calibration.get(session, "x")
    assert found == replace(made, people=tuple(sorted(made.people)))
    assert [item.conversation for item in found.items] == ["c2", "c1"]
    assert found.items[0].findings[0].evidence == (Evidence("t0", TextSpan(0, 4)),)
    assert found.questions == QUESTIONS
    assert [row.action for row in rows] == ["calibration.made"]


async def test_a_question_of_every_form_is_kept(floor: Floor) -> None:
    questions = (scale(), replace(GREETING, instructions="Name and company.", may_not_apply=False))
    made = await floor.make(await floor.talk("c1"), questions=questions)
    async with floor.database.reading() as session:
        assert (await calibration.get(session, made.id)).questions == questions


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": "  "}, "a title"),
        ({"title": "x" * 101}, "a title"),
        ({"people": ()}, "at least one person"),
        ({"people": ("ann",)}, "Ann cannot score"),
        ({"due_at": NOW}, "has passed"),
        ({"version": 2}, "c1 is not scored by service version 2"),
    ],
)
async def test_what_cannot_be_made_says_why(
    floor: Floor, changes: dict[str, object], message: str
) -> None:
    await floor.talk("c1")
    with pytest.raises(BadInput, match=message):
        await floor.make("c1", **changes)  # type: ignore[arg-type] # what the table says
    async with floor.database.reading() as session:
        assert await calibration.every(session) == ()


async def test_somebody_who_is_shut_out_cannot_score(floor: Floor) -> None:
    await floor.talk("c1")
    async with floor.database.writing() as session:
        await users.set_active(session, floor.people["sue"], is_active=False)
    with pytest.raises(BadInput, match="Sue cannot score"):
        await floor.make("c1")


async def test_conversations_are_needed_and_not_too_many(floor: Floor) -> None:
    with pytest.raises(BadInput, match="at least one conversation"):
        await floor.make()
    with pytest.raises(BadInput, match="201 conversations are too many"):
        await floor.make(*(f"c{number}" for number in range(201)))
    with pytest.raises(BadInput, match="nothing is not scored"):
        await floor.make("nothing")


async def test_a_conversation_is_in_one_open_session(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    with pytest.raises(Conflict, match="in the session “November”"):
        await floor.make("c1", title="December")
    async with floor.database.writing() as session:
        await blind.close(session, made.id, by=floor.people["olga"], now=NOW)
    assert (await floor.make("c1", title="December")).title == "December"


async def test_who_scores_is_blind_until_the_end(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"), await floor.talk("c2"))

    async def hidden(who: str) -> frozenset[str]:
        async with floor.database.reading() as session:
            return await blind.blind_to(session, floor.people[who])

    assert await hidden("sam") == {"c1", "c2"}
    assert await hidden("olga") == frozenset()
    await floor.submit(made, "c1", "sam")
    await floor.submit(made, "c2", "sam")
    assert await hidden("sam") == {"c1", "c2"}, "what is learnt from one would colour the others"
    await floor.submit(made, "c1", "sue")
    await floor.submit(made, "c2", "sue")
    assert await hidden("sam") == frozenset()


async def test_nobody_is_given_the_answers_before_the_end(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    await floor.submit(made, "c1", "sam")
    async with floor.database.reading() as session:
        with pytest.raises(Conflict, match="when everybody is in"):
            await blind.sheets(session, await calibration.get(session, made.id))
        assert await blind.own_sheets(session, made.id, floor.people["sue"]) == ()
        (own,) = await blind.own_sheets(session, made.id, floor.people["sam"])
    assert own.submitted_at == NOW + timedelta(minutes=1)
    assert await floor.scores() == []


async def test_a_draft_is_kept_replaced_and_counts_nowhere(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    sam = floor.people["sam"]
    evidence = (Evidence("t0", TextSpan(0, 4)),)
    drafts = (
        (BlindAnswer("greeting", "no"),),
        (BlindAnswer("greeting", "", "hm"), BlindAnswer("no_prohibited", "yes", "", "1", evidence)),
    )
    async with floor.database.writing() as session:
        for draft in drafts:
            await blind.save(session, made, "c1", sam, draft, now=NOW)
    async with floor.database.reading() as session:
        (own,) = await blind.own_sheets(session, made.id, sam)
        (progress,) = await calibration.every(session)
    assert own.answers == drafts[1]
    assert own.submitted_at is None
    assert (progress.done, progress.wanted) == (0, 2)
    async with floor.database.writing() as session:
        await blind.close(session, made.id, by=sam, now=NOW)
        assert await blind.sheets(session, await calibration.get(session, made.id)) == ()
    assert await floor.scores() == []


async def test_submitted_is_locked_and_audited(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    assert not await floor.submit(made, "c1", "sam", greeting="no")
    with pytest.raises(Conflict, match="locked"):
        await floor.submit(made, "c1", "sam", greeting="yes")
    async with floor.database.writing() as session:
        with pytest.raises(Conflict, match="locked"):
            await blind.save(session, made, "c1", floor.people["sam"], (), now=NOW)
    async with floor.database.reading() as session:
        (own,) = await blind.own_sheets(session, made.id, floor.people["sam"])
        rows = await audit.rows_of(session, made.id)
    assert own.answer("greeting") == BlindAnswer("greeting", "no", "so")
    assert [(row.action, row.detail) for row in rows][1:] == [("calibration.submitted", "c1")]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"greeting": ""}, "1 of the questions has no answer yet, the first is “About greeting"),
        ({"greeting": "", "no_prohibited": ""}, "2 of the questions have"),
        ({"greeting": "perhaps"}, "'perhaps' is no answer to “About greeting"),
        ({"other": "yes"}, "no question 'other'"),
    ],
)
async def test_what_cannot_be_submitted_says_why(
    floor: Floor, answers: dict[str, str], message: str
) -> None:
    made = await floor.make(await floor.talk("c1"))
    with pytest.raises(BadInput, match=message):
        await floor.submit(made, "c1", "sam", **answers)
    async with floor.database.reading() as session:
        assert await blind.own_sheets(session, made.id, floor.people["sam"]) == ()


async def test_a_question_of_calls_is_not_asked_of_a_chat(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"), await floor.talk("c2", spoken=True))
    await floor.submit(made, "c1", "sam", recording_notice="")
    with pytest.raises(BadInput, match="recording_notice"):
        await floor.submit(made, "c2", "sam", recording_notice="")
    await floor.submit(made, "c2", "sam")
    async with floor.database.writing() as session:
        await blind.close(session, made.id, by=None, now=NOW)
    assert len(await floor.scores(GREETING)) == 2
    assert len(await floor.scores(CALLS_ONLY)) == 1


async def test_strangers_do_not_score(floor: Floor) -> None:
    await floor.talk("c2")
    made = await floor.make(await floor.talk("c1"))
    for name, who in (("c1", "olga"), ("c2", "sam")):
        with pytest.raises(NotFound, match="for you to score"):
            await floor.submit(made, name, who)


async def test_the_last_one_in_ends_it_and_the_answers_count(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    assert not await floor.submit(made, "c1", "sam", greeting="no")
    assert await floor.submit(made, "c1", "sue")
    assert await floor.scores() == [("sam", "yes", "no"), ("sue", "yes", "yes")]
    async with floor.database.reading() as session:
        found = await calibration.get(session, made.id)
        sheets = await blind.sheets(session, found)
        rows = await audit.rows_of(session, made.id)
    assert found.closed_at == NOW + timedelta(minutes=1)
    assert found.closed_by is None
    assert len(sheets) == 2
    assert rows[-1].action == "calibration.closed"
    with pytest.raises(Conflict, match="is over"):
        await floor.submit(made, "c1", "sue")


async def test_closing_early_counts_what_is_in_and_happens_once(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"), await floor.talk("c2"))
    await floor.submit(made, "c1", "sam")
    async with floor.database.writing() as session:
        closed = await blind.close(session, made.id, by=floor.people["olga"], now=NOW + WEEK)
        with pytest.raises(Conflict, match="over already"):
            await blind.close(session, made.id, by=floor.people["olga"], now=NOW + WEEK)
    assert closed.closed_by == floor.people["olga"]
    assert await floor.scores() == [("sam", "yes", "yes")]


async def test_the_machines_answers_are_those_of_the_beginning(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    async with floor.database.writing() as session:
        finding = Finding("greeting", Verdict.NO, 0.9, "scored again")
        await evaluations.save(
            session, Evaluation("e2", "c1", "service", 1, (finding,), NOW, 0.0, False)
        )
    await floor.submit(made, "c1", "sam")
    await floor.submit(made, "c1", "sue")
    assert {machine for _, machine, _ in await floor.scores()} == {"yes"}


@pytest.mark.parametrize(("hours", "counts"), [(-1, False), (1, True)])
async def test_who_had_read_the_score_before_is_not_blind(
    floor: Floor, hours: int, counts: bool
) -> None:
    """After the session began the page hides the score, so reading it then tells nothing."""
    await floor.talk("c1")
    async with floor.database.writing() as session:
        await audit.record(
            session, actor=floor.people["sam"], action="conversation.read", subject="c1",
            now=NOW + timedelta(hours=hours),
        )  # fmt: skip
    made = await floor.make("c1")
    await floor.submit(made, "c1", "sam", greeting="no")
    await floor.submit(made, "c1", "sue")
    assert [who for who, *_ in await floor.scores()] == (["sam"] if counts else []) + ["sue"]
    async with floor.database.reading() as session:
        sheets = await blind.sheets(session, await calibration.get(session, made.id))
    assert {s.person: s.had_seen for s in sheets}[floor.people["sam"]] is not counts


async def test_a_second_session_over_the_same_conversation_counts_nobody(floor: Floor) -> None:
    """Its comparison has been on a page that all who may score can open."""
    first = await floor.make(await floor.talk("c1"), people=["sam"])
    await floor.submit(first, "c1", "sam")
    second = await floor.make("c1", people=["sam", "sue"], title="Again")
    await floor.submit(second, "c1", "sam", greeting="no")
    await floor.submit(second, "c1", "sue", greeting="no")
    assert await floor.scores() == [("sam", "yes", "yes")]


async def test_progress_tells_how_many_and_sorts_by_what_is_due(floor: Floor) -> None:
    for name in ("c1", "c2", "c3"):
        await floor.talk(name)
    late = await floor.make("c1", title="late", due_at=NOW + 2 * WEEK)
    soon = await floor.make("c2", title="soon")
    over = await floor.make("c3", title="over")
    await floor.submit(soon, "c2", "sue")
    async with floor.database.writing() as session:
        await blind.close(session, over.id, by=None, now=NOW)
    async with floor.database.reading() as session:
        found = await calibration.every(session)
    assert [each.title for each in found] == ["soon", "late", "over"]
    assert found[0].submitted == {floor.people["sam"]: 0, floor.people["sue"]: 1}
    assert (found[0].done, found[0].wanted) == (1, 2)
    assert late.due_at == found[1].due_at


async def test_a_mistake_can_be_dropped_until_somebody_has_submitted(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))
    olga = floor.people["olga"]
    async with floor.database.writing() as session:
        await blind.save(session, made, "c1", floor.people["sam"], (), now=NOW)
        await calibration.drop(session, made.id, by=olga, now=NOW)
    async with floor.database.reading() as session:
        assert await calibration.every(session) == ()
        assert await blind.blind_to(session, floor.people["sam"]) == frozenset()
        assert (await audit.rows_of(session, made.id))[-1].action == "calibration.deleted"
    again = await floor.make("c1")
    await floor.submit(again, "c1", "sam")
    async with floor.database.writing() as session:
        with pytest.raises(Conflict, match="close the session instead"):
            await calibration.drop(session, again.id, by=olga, now=NOW)


async def test_a_consensus_comes_after_the_end_and_can_be_rewritten(floor: Floor) -> None:
    made = await floor.make(await floor.talk("c1"))

    async def decide(answer: str = "no", *, question: str = "greeting", name: str = "c1") -> None:
        async with floor.database.writing() as session:
            await consensus.decide(
                session, made.id,
                Consensus(name, question, answer, " no name ", floor.people["sam"], NOW),
            )  # fmt: skip

    with pytest.raises(Conflict, match="after everybody"):
        await decide()
    async with floor.database.writing() as session:
        await blind.close(session, made.id, by=None, now=NOW)
    for wrong in ({"answer": "perhaps"}, {"question": "x"}, {"name": "c2"}):
        with pytest.raises(BadInput):
            await decide(**wrong)
    await decide("yes")
    await decide("no")
    async with floor.database.reading() as session:
        (found,) = await consensus.decided(session, made.id)
        actions = [row.action for row in await audit.rows_of(session, made.id)]
    assert (found.answer, found.reason) == ("no", "no name")
    assert actions.count("calibration.decided") == 2
    assert await floor.scores() == [], "what people agree on afterwards is not blind"


async def test_erasing_a_conversation_keeps_its_answers_and_nothing_that_leads_to_it(
    floor: Floor,
) -> None:
    made = await floor.make(await floor.talk("c1"), await floor.talk("c2"))
    for name in ("c1", "c2"):
        await floor.submit(made, name, "sam")
    await floor.submit(made, "c2", "sue")
    assert await floor.scores() == []
    async with floor.database.writing() as session:
        await erasure.erase_conversation(session, "c1", actor="olga", now=NOW)
    assert len(await floor.scores()) == 2, "all that is left is in, so the session is over"
    async with floor.database.reading() as session:
        assert [i.conversation for i in (await calibration.get(session, made.id)).items] == ["c2"]
    async with floor.database.writing() as session:
        await erasure.erase_conversation(session, "c2", actor="olga", now=NOW)
    assert await floor.scores() == [("sam", "yes", "yes"), ("sue", "yes", "yes")]
    async with floor.database.reading() as session:
        assert await calibration.every(session) == ()
        kept = await double_scores.of_questions(session, [GREETING.digest])
    assert len({score.conversation for score in kept}) == 1
    assert kept[0].conversation not in ("c1", "c2")


FRAME = Frame("service", 1)


async def drawn(
    floor: Floor, count: int, frame: Frame = FRAME, *, seed: int = 1, span: Span | None = None
) -> tuple[str, ...]:
    async with floor.database.reading() as session:
        return await calibration_draw.draw(
            session, frame, count=count, span=span or Span(), dice=Random(seed)
        )


async def test_a_draw_is_even_and_takes_what_is_free(floor: Floor) -> None:
    for number in range(6):
        await floor.talk(f"c{number}", days=number)
    await floor.talk("other", version=2)
    await floor.make("c0")
    assert sorted(await drawn(floor, 5)) == ["c1", "c2", "c3", "c4", "c5"]
    assert len({await drawn(floor, 2, seed=seed) for seed in range(20)}) > 5
    assert await drawn(floor, 2) == await drawn(floor, 2)
    days = Span(NOW - timedelta(days=3), NOW - timedelta(days=1))
    assert sorted(await drawn(floor, 2, span=days)) == ["c2", "c3"]
    with pytest.raises(BadInput, match="there are 2 closed ones of these days"):
        await drawn(floor, 3, span=days)
    with pytest.raises(BadInput, match="there are 3 closed ones that are scored by service"):
        await drawn(floor, 4, replace(FRAME, besides=frozenset({"c4", "c5"})))


async def test_nobody_scores_their_own_work(floor: Floor) -> None:
    await floor.talk("c1", agent="Sue")
    await floor.talk("c2", agent="Ann")
    with pytest.raises(BadInput, match="Sue served in conversation c1"):
        await floor.make("c1", "c2")
    async with floor.database.reading() as session:
        sue = await users.get(session, floor.people["sue"])
        keys = await agents.keys_of(session, sue)
    assert await drawn(floor, 1, replace(FRAME, not_by=keys)) == ("c2",)
    assert (await floor.make("c1", "c2", people=["sam", "olga"])).title == "November"


async def test_the_review_queue_gives_its_oldest_that_nobody_reviewed(floor: Floor) -> None:
    sam = floor.people["sam"]
    for number in range(1, 7):
        await floor.talk(f"c{number}")
    async with floor.database.writing() as session:
        await draws.add(
            session,
            [
                Drawn(
                    f"d{number}", f"c{number}", "name:x", way, 1.0, (), NOW,
                    NOW - timedelta(minutes=number),
                )
                for number, way in enumerate([Way.UNIFORM] * 4 + [Way.RISK] * 2, start=1)
            ],
        )  # fmt: skip
        await draws.skip(session, "d4", Actor(sam), reason="a test call", now=NOW)
        evaluation = await evaluations.latest(session, "c3")
        assert evaluation is not None
        await reviews.begin(session, evaluation, Actor(sam), now=NOW)

    async def taken(way: Way, count: int) -> tuple[str, ...]:
        async with floor.database.reading() as session:
            return await calibration_draw.from_queue(session, FRAME, way, count=count)

    assert await taken(Way.UNIFORM, 1) == ("c2",)
    assert await taken(Way.UNIFORM, 2) == ("c2", "c1")
    assert await taken(Way.RISK, 2) == ("c6", "c5")
    with pytest.raises(BadInput, match="there are 2 drawn evenly that nobody has reviewed"):
        await taken(Way.UNIFORM, 3)
