"""What people answered outlives the machine: scored again, or heard anew."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.evaluation import Verdict
from core.recording import Mute, Recording
from core.review import Answer, Review, ReviewState
from core.spans import TimeSpan
from jobs import steps
from jobs.follow import run_to_end
from jobs.ingest import IngestRequest, receive_file
from jobs.place import Place
from qa.cards import load_scorecard
from store import corrections, evaluations, reviews
from store.reviews import Actor

NOW = datetime.now(UTC)
SAM = Actor("sam")


async def corrected(place: Place, recording: Recording) -> Review:
    """The call is scored, and Sam has said that no help was offered."""
    done, _ = await run_to_end(place, recording.id, lambda stage, share: None)
    async with place.database.writing() as session:
        evaluation = await evaluations.latest(session, done.conversation or "")
        assert evaluation is not None
        review = await reviews.begin(session, evaluation, SAM, now=NOW)
        found = evaluation.finding("offer_help")
        assert found is not None
        assert found.verdict is Verdict.YES
        answer = Answer(Verdict.NO, evidence=found.evidence)
        answers = {"offer_help": answer} | {
            each.question: Answer(Verdict.UNSURE)
            for each in evaluation.findings
            if each.verdict is Verdict.UNSURE
        }
        for question, given in answers.items():
            await corrections.correct(
                session, review.id, question, given, SAM,
                comment="as I hear it", card=load_scorecard("service"), now=NOW,
            )  # fmt: skip
        return await reviews.get(session, review.id)


async def test_a_new_score_keeps_the_correction(place: Place, recording: Recording) -> None:
    review = await corrected(place, recording)
    async with place.database.writing() as session:
        await evaluations.ask(session, review.conversation)
    await steps.score(place, review.conversation, worker="w/9")
    async with place.database.reading() as session:
        after = await reviews.get(session, review.id)
        newest = await evaluations.latest(session, review.conversation)
        kept, *_ = await reviews.corrections_of(session, review.id)
    assert newest is not None
    assert after.evaluation == newest.id != review.evaluation
    assert (after.score, after.machine_score) == (review.score, review.machine_score)
    assert after.score != after.machine_score
    assert len(kept.answer.evidence) == 1


async def test_a_call_heard_anew_is_a_draft_with_its_answers(
    place: Place, recording: Recording, call: Path
) -> None:
    review = await corrected(place, recording)
    async with place.database.writing() as session:
        await reviews.submit(
            session,
            review.id,
            SAM,
            card=load_scorecard("service"),
            window=timedelta(days=7),
            now=NOW,
        )
    muted = IngestRequest(call, mutes=(Mute(TimeSpan(3.1, 5.9)),))
    again, _ = await receive_file(place, muted, now=NOW)
    await run_to_end(place, again.id, lambda stage, share: None)
    async with place.database.reading() as session:
        after = await reviews.get(session, review.id)
        newest = await evaluations.latest(session, review.conversation)
        kept, *_ = await reviews.corrections_of(session, review.id)
    assert newest is not None
    assert (after.state, after.evaluation) == (ReviewState.DRAFT, newest.id)
    assert kept.answer == Answer(Verdict.NO), "the old words are gone, and the evidence with them"
