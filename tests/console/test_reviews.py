"""Reviews in the console: begun, corrected with evidence, submitted, disputed, decided."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.evaluation import Verdict
from core.people import UserRole
from core.review import ReviewState
from store import audit, evaluations, reviews, users
from tests.build import call
from tests.console import test_calibration as calibrating
from tests.console.conftest import START, House, evaluation_of, store_call

ANN_SAYS = "w.0.28.30"  # the word "my" of "my name is Ann"


async def begin(house: House, who: str = "sam", conversation: str = "call-1") -> str:
    """Begin a review; its address."""
    status, _, onward = await house.post(who, f"/conversations/{conversation}/review")
    assert status == 303
    return onward


async def answer(
    house: House, review: str, question: str, who: str = "sam", **form: str
) -> tuple[int, str, str]:
    return await house.post(who, f"{review}/questions/{question}", form)


async def submitted(house: House, comment: str = "Mind the <b>greeting") -> str:
    """A review of Ann's call that Sam has submitted: two answers missing, one no."""
    review = await begin(house)
    await answer(house, review, "agent_name", answer="yes", comment="she does", **{ANN_SAYS: "on"})
    status, _, _ = await house.post("sam", f"{review}/submit", {"comment": comment})
    assert status == 303
    return review


async def as_json(house: House, who: str, path: str) -> tuple[int, Any]:
    client = await house.visitor(who)
    async with client.get(path, headers={"Accept": "application/json"}) as response:
        return response.status, json.loads(await response.text())


async def days_pass(house: House, days: int, who: str) -> None:
    """Later; `who` signs in again, for a session ends before."""
    house.clock.pass_seconds(days * 86_400)
    async with house.database.writing() as session:
        house.tokens[who], house.csrf[who] = await users.start_session(
            session, house.people[who].id, now=START + timedelta(days=days), hours=24
        )


def shown(text: str, question: str) -> str:
    """The part of a review's page about one question, without tags."""
    part = text.split(f'id="answer-{question}"', 1)[1].split('<details class="finding', 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


async def test_a_review_begins_from_the_conversation_and_is_one(house: House, call_id: str) -> None:
    _, text = await house.get("sam", f"/conversations/{call_id}")
    assert "Review this evaluation" in text
    review = await begin(house)
    assert await begin(house, "olga") == review
    _, text = await house.get("sam", f"/conversations/{call_id}")
    assert "Review this evaluation" not in text
    assert f'href="{review}"' in text


async def test_swapping_says_what_rests_on_the_roles(house: House, call_id: str) -> None:
    await begin(house)
    path, told = f"/conversations/{call_id}", "rests on the roles as they are now"
    assert told not in (await house.get("sam", path))[1]
    await submitted(house)
    assert told in (await house.get("sam", path))[1]


async def test_the_page_shows_each_answer_and_what_waits(house: House, call_id: str) -> None:
    review = await begin(house)
    status, text = await house.get("sam", review)
    assert status == 200
    assert "Thank you for calling Acme" in text
    assert "1 answer waits for you" in text
    assert "92 % sure" in shown(text, "greeting")
    assert "“Thank you for calling Acme”" in shown(text, "greeting")
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, review.rsplit("/", 1)[1])
        read = await audit.rows_of(session, call_id)
    assert [row.action for row in rows] == ["review.opened", "review.read"]
    assert [row.action for row in read] == ["conversation.read"]


async def test_a_correction_stands_beside_the_machines_answer(house: House, call_id: str) -> None:
    review = await begin(house)
    _, form = await house.get("sam", f"{review}/questions/empathy")
    assert 'name="w.2.5.10" checked' in form, "the machine's evidence is ticked already"
    status, _, onward = await answer(
        house, review, "empathy", answer="yes", comment="<b>she</b> is sorry",
        **{"w.2.5.10": "on", "w.2.14.18": "on"},
    )  # fmt: skip
    assert (status, onward) == (303, f"{review}#answer-empathy")
    _, text = await house.get("sam", review)
    part = shown(text, "empathy")
    by_sam = ("Yes", "changed", "&lt;b&gt;she&lt;/b&gt; is sorry.", "Sam, ", "“sorry to hear”")
    for expected in (*by_sam, "The machine: No", "70 % sure", "late.", "“sorry”"):
        assert expected in part
    assert "By the machine’s answers alone: 62" in text
    found = (await as_json(house, "sam", review))[1]
    (changed,) = [each for each in found["answers"] if each["question"] == "empathy"]
    assert changed["answer"]["verdict"] == "yes"
    assert changed["answer"]["evidence"][0]["quote"] == "sorry to hear"
    assert changed["machine"]["verdict"] == "no"
    assert found["review"]["machine_score"] == 62.5
    assert found["review"]["score"] > 62.5


async def test_undo_brings_the_machines_answer_back(house: House, call_id: str) -> None:
    review = await begin(house)
    await answer(house, review, "empathy", answer="yes", comment="she is")
    before = (await as_json(house, "sam", review))[1]
    (correction,) = [each["correction"] for each in before["answers"] if each["correction"]]
    status, _, _ = await house.post("sam", f"{review}/corrections/{correction}/undo")
    assert status == 303
    after = (await as_json(house, "sam", review))[1]
    assert after["review"]["score"] == after["review"]["machine_score"]
    _, text = await house.get("sam", review)
    assert "1 change undone" in shown(text, "empathy")
    assert "Change undone" in text


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"answer": "yes"}, "few words why"),
        ({"comment": "x"}, "Choose one of the answers"),
        ({"answer": "no", "comment": "x"}, "already"),
        ({"answer": "yes", "comment": "x", "w.9.0.1": "on"}, "no turn 10"),
        ({"answer": "yes", "comment": "x", "w.2.0.999": "on"}, "not in the transcript"),
        ({"answer": "yes", "comment": "x", "w.2.5.5": "on"}, "not in the transcript"),
        ({"answer": "yes", "comment": "y" * 2001}, "2,000 are enough"),
    ],
)
async def test_a_bad_answer_is_shown_again_with_what_is_wrong(
    house: House, call_id: str, form: dict[str, str], message: str
) -> None:
    review = await begin(house)
    status, text, _ = await answer(house, review, "empathy", **form)
    assert status == 400
    assert message in text
    if form.get("answer"):
        assert f'value="{form["answer"]}" checked' in text, "what was chosen stays chosen"
    state = (await as_json(house, "sam", review))[1]
    assert not any(each["correction"] for each in state["answers"])
    status, error, _ = await house.post("sam", f"{review}/questions/empathy", form, script=True)
    assert (status, message in json.loads(error)["error"]["message"]) == (400, True)


async def test_questions_that_do_not_exist_are_not_found(house: House, call_id: str) -> None:
    review = await begin(house)
    assert (await house.get("sam", f"{review}/questions/nothing"))[0] == 404
    assert (await answer(house, review, "nothing", answer="yes", comment="x"))[0] == 404
    assert (await house.post("sam", f"{review}/corrections/nothing/undo"))[0] == 404
    assert (await house.post("sam", "/conversations/nothing/review"))[0] == 404


async def test_evidence_of_a_long_call_is_picked_stretch_by_stretch(house: House) -> None:
    lines = tuple(("agent" if n % 2 else "customer", f"line number {n}") for n in range(150))
    long = replace(
        call(*lines, id="long"), opened_at=START, closed_at=START, agent="Ann", recording="r-long"
    )
    await store_call(house, "long", turns=long.turns)
    review = await begin(house, conversation="long")
    _, text = await house.get("sam", f"{review}/questions/greeting")
    assert "line</span>" in text
    assert text.count('class="turn ') == 60
    status, text, _ = await answer(
        house, review, "greeting", answer="no", comment="none", show="60", **{"w.3.0.4": "on"}
    )
    assert status == 200
    assert 'id="turn-60"' in text
    assert '<input type="hidden" name="w.3.0.4" value="on">' in text
    assert 'value="no" checked' in text
    assert ">none</textarea>" in text
    state = (await as_json(house, "sam", review))[1]
    assert not any(each["correction"] for each in state["answers"]), "nothing is saved by turning"
    await answer(
        house, review, "greeting", answer="no", comment="none",
        **{"w.3.0.4": "on", "t.70": "on"},
    )  # fmt: skip
    state = (await as_json(house, "sam", review))[1]
    (changed,) = [each for each in state["answers"] if each["question"] == "greeting"]
    quotes = [(each["turn"], each["quote"]) for each in changed["answer"]["evidence"]]
    assert quotes == [(3, "line"), (70, "line number 70")]


async def test_submitting_waits_for_every_answer_and_is_taken_back(
    house: House, call_id: str
) -> None:
    review = await begin(house)
    status, text, _ = await house.post("sam", f"{review}/submit")
    assert status == 409
    assert "still unsure: agent name" in text
    assert "Discard this draft" in text
    await answer(house, review, "agent_name", answer="unsure")
    assert "Discard this draft" not in (await house.get("sam", review))[1]
    status, text, _ = await house.post("sam", f"{review}/discard")
    assert (status, "<h1>This cannot be done</h1>" in text) == (409, True)
    assert (await house.post("sam", f"{review}/submit", {"comment": "well"}))[0] == 303
    status, _ = await house.get("sam", f"{review}/questions/empathy")
    assert status == 409
    assert (await answer(house, review, "empathy", answer="yes", comment="x"))[0] == 409
    assert (await house.post("sam", f"{review}/take-back"))[0] == 303
    assert (await answer(house, review, "empathy", answer="yes", comment="x"))[0] == 303
    async with house.database.reading() as session:
        found = await reviews.get(session, review.rsplit("/", 1)[1])
    assert (found.state, found.submitted_by) == (ReviewState.DRAFT, None)


async def test_a_review_that_cannot_be_submitted_keeps_what_was_typed(
    house: House, call_id: str
) -> None:
    review = await begin(house)
    form = {"comment": "Mind the <b>tone", "comment_was": ""}
    status, text, _ = await house.post("sam", f"{review}/submit", form)
    assert (status, "still unsure: agent name" in text) == (409, True)
    assert "Mind the &lt;b&gt;tone</textarea>" in text
    assert "Somebody was first" not in text
    long = {"comment": "y" * 2001}
    status, text, _ = await house.post("sam", f"{review}/submit", long)
    assert (status, "2,000 are enough" in text, long["comment"] in text) == (400, True, True)
    await answer(house, review, "agent_name", answer="unsure")
    assert (await house.post("olga", f"{review}/submit"))[0] == 303
    status, text, _ = await house.post("sam", f"{review}/submit", form)
    assert (status, "has been submitted, so you cannot submit it again" in text) == (409, True)
    assert "You wrote to the agent: “Mind the &lt;b&gt;tone”" in text
    status, text, _ = await house.post("sam", f"{review}/submit", form, script=True)
    assert (status, json.loads(text)["error"]["code"]) == (409, "Conflict")


async def test_a_comment_is_kept_while_answers_are_given(house: House, call_id: str) -> None:
    review = await begin(house)

    async def kept() -> str:
        async with house.database.reading() as session:
            return (await reviews.get(session, review.rsplit("/", 1)[1])).comment

    form = {"comment": "Mind the tone", "comment_was": "", "question": "empathy"}
    status, _, onward = await house.post("sam", f"{review}/comment", form)
    assert (status, onward, await kept()) == (303, f"{review}/questions/empathy", "Mind the tone")
    _, text = await house.get("sam", review)
    assert "Mind the tone</textarea>" in text
    assert "<blockquote" not in text, "the agent is not told yet"
    for older in ({"comment": "", "comment_was": ""}, {}):
        assert (await house.post("sam", f"{review}/comment", older))[2] == f"{review}#submit"
        assert await kept() == "Mind the tone", "nothing was typed in that page"
    await answer(house, review, "empathy", answer="yes", comment="she is")
    before = (await as_json(house, "sam", review))[1]
    (correction,) = [each["correction"] for each in before["answers"] if each["correction"]]
    typed = {"comment": "Well said", "comment_was": "Mind the tone"}
    await house.post("sam", f"{review}/corrections/{correction}/undo", typed)
    assert await kept() == "Well said"
    await answer(house, review, "agent_name", answer="unsure")
    assert (await house.post("sam", f"{review}/submit", {"comment": "Sent"}))[0] == 303
    status, text, _ = await house.post("sam", f"{review}/comment", typed)
    assert (status, "so you cannot write on" in text) == (409, True)
    assert "You wrote to the agent: “Well said”" in text
    assert await kept() == "Sent"


async def test_a_draft_can_be_discarded(house: House, call_id: str) -> None:
    review = await begin(house)
    status, _, onward = await house.post("sam", f"{review}/discard")
    assert (status, onward) == (303, f"/conversations/{call_id}")
    assert (await house.get("sam", review))[0] == 404


async def test_agents_see_their_own_once_it_is_submitted_and_nothing_else(
    house: House, call_id: str
) -> None:
    review = await begin(house)
    for who in ("ann", "ben"):
        assert (await house.get(who, review))[0] == 404, "a draft"
    _, own = await house.get("ann", "/evaluations")
    assert "Nothing has been said about your conversations yet" in own
    await house.post("sam", f"{review}/discard")
    review = await submitted(house)
    assert (await house.get("ben", review))[0] == 404
    assert (await house.get("ben", f"/conversations/{call_id}"))[0] == 404
    status, text = await house.get("ann", review)
    assert status == 200
    assert "Mind the &lt;b&gt;greeting" in text
    assert "I have read it and accept it" in text
    assert "in 7 days" in text
    assert "Take it back" not in text
    assert '/questions/empathy"' not in text, "they dispute, they do not change"
    assert (await house.get("ann", f"/conversations/{call_id}"))[0] == 200
    _, own = await house.get("ann", "/evaluations")
    assert f'href="{review}"' in own
    assert "to be read" in own
    _, none = await house.get("ben", "/evaluations")
    assert review not in none
    assert json.loads((await house.get("ann", "/waiting"))[1])["evaluations"] == 1
    assert json.loads((await house.get("ben", "/waiting"))[1])["evaluations"] == 0


async def test_an_agent_may_take_no_step_of_a_reviewer_nor_of_a_colleague(
    house: House, call_id: str
) -> None:
    review = await submitted(house)
    for step in ("submit", "take-back", "discard", "questions/empathy"):
        assert (await house.post("ann", f"{review}/{step}", {"answer": "yes"}))[0] == 403, step
    for who in ("ben",):
        assert (await house.post(who, f"{review}/acknowledge"))[0] == 404
        assert (await house.post(who, f"{review}/questions/empathy/dispute", {"reason": "x"}))[
            0
        ] == 404
    for step in ("acknowledge", "questions/empathy/dispute"):
        status, text, _ = await house.post("sam", f"{review}/{step}", {"reason": "x"})
        assert (status, "Only who is evaluated" in text) == (403, True)


async def test_accepting_is_once_and_disputing_still_possible(house: House, call_id: str) -> None:
    review = await submitted(house)
    assert (await house.post("ann", f"{review}/acknowledge"))[0] == 303
    assert (await house.post("ann", f"{review}/acknowledge"))[0] == 409
    _, text = await house.get("ann", review)
    assert "You have accepted it" in text
    path = f"{review}/questions/empathy/dispute"
    for reason, message in ((" ", "Say in a few words what i"), ("y" * 2001, "2,000 are enough")):
        status, text, _ = await house.post("ann", path, {"reason": reason})
        assert (status, message in shown(text, "empathy")) == (400, True)
        assert f">{reason}</textarea>" in text
        assert text.count(f">{reason}</textarea>") == 1, "of that question alone"
    assert (await house.post("ann", path, {"reason": "I say <i>sorry</i>"}))[0] == 303
    status, text, _ = await house.post("ann", path, {"reason": "and <again>"})
    assert (status, "disputed already" in shown(text, "empathy")) == (409, True)
    assert "You wrote: “and &lt;again&gt;”" in text
    _, text = await house.get("ann", review)
    assert "“I say &lt;i&gt;sorry&lt;/i&gt;”" in shown(text, "empathy")


async def disputed(house: House, question: str = "empathy") -> tuple[str, str]:
    """Ann disputes an answer; the addresses of review and dispute."""
    review = await submitted(house)
    await house.post("ann", f"{review}/questions/{question}/dispute", {"reason": "I say sorry"})
    found = (await as_json(house, "olga", "/disputes"))[1]
    return review, f"/disputes/{found['disputes'][0]['id']}"


async def test_a_dispute_waits_with_its_clock_and_an_alert(house: House, call_id: str) -> None:
    _, dispute = await disputed(house)
    _, text = await house.get("olga", "/disputes")
    assert "I say sorry" in text
    assert "in 3 days" in text
    assert f'href="{dispute}"' in text
    _, text = await house.get("sam", "/disputes")
    assert "Who evaluated does not decide" in text
    assert f'href="{dispute}"' not in text
    _, text = await house.get("olga", "/alerts")
    assert "An agent disputes an answer" in text
    assert f'href="{dispute}"' in text
    assert "Olga" in text.split('id="alert-', 1)[1].split("</tr>", 1)[0], "not Sam, who evaluated"
    await days_pass(house, 4, "olga")
    _, text = await house.get("olga", "/disputes")
    assert 'class="late"' in text


async def test_who_evaluated_cannot_decide_and_somebody_else_overturns(
    house: House, call_id: str
) -> None:
    review, dispute = await disputed(house)
    form = {
        "outcome": "overturned", "answer": "yes", "reason": "sorry is sorry",
        "w.2.5.10": "on",
    }  # fmt: skip
    status, text, _ = await house.post("sam", dispute, form)
    assert (status, "Who evaluated" in text) == (403, True)
    assert "Who evaluated" in (await house.get("sam", dispute))[1]
    for missing, message in (
        ({"outcome": ""}, "stands or is overturned"),
        ({"reason": " "}, "reason"),
        ({"answer": "no"}, "already"),
        ({"answer": ""}, "Choose one"),
    ):
        status, text, _ = await house.post("olga", dispute, form | missing)
        assert (status, message in text) == (400, True), missing
    status, _, onward = await house.post("olga", dispute, form)
    assert (status, onward) == (303, f"{review}#answer-empathy")
    _, text = await house.get("ann", review)
    part = shown(text, "empathy")
    for expected in ("Yes", "decided", "sorry is sorry.", "Olga, ", "Overturned : Yes"):
        assert expected in part
    assert "I have read the decisions" in text
    assert (await house.post("ann", f"{review}/acknowledge"))[0] == 303
    found = (await as_json(house, "ann", review))[1]
    assert found["review"]["state"] == "closed"
    assert (await house.post("olga", dispute, form))[0] == 409
    assert "Nothing is disputed" in (await house.get("olga", "/disputes"))[1]


@pytest.mark.parametrize("answered", [{"answer": "yes"}, {"answer": "unsure"}, {"words": "Ann"}])
async def test_a_decision_that_contradicts_itself_is_refused_and_kept_in_the_form(
    house: House, call_id: str, answered: dict[str, str]
) -> None:
    review, dispute = await disputed(house)
    form = {"outcome": "upheld", "reason": "it is <late>", "w.2.5.10": "on", **answered}
    status, text, _ = await house.post("olga", dispute, form)
    assert (status, "both that the answer stands and that another" in text) == (400, True)
    assert 'value="upheld" checked' in text
    assert "it is &lt;late&gt;</textarea>" in text
    assert 'name="w.2.5.10" checked' in text
    if "answer" in answered:
        assert f'name="answer" value="{answered["answer"]}" checked' in text
    found = (await as_json(house, "olga", dispute))[1]
    assert (found["outcome"], found["decisions"]) == (None, [])
    chosen = form | {"answer": "", "words": " "}
    assert (await house.post("olga", dispute, chosen))[2] == f"{review}#answer-empathy"
    assert "Upheld" in shown((await house.get("ann", review))[1], "empathy")
    status, text, _ = await house.post("olga", dispute, chosen)
    assert (status, "You wrote: “it is &lt;late&gt;”" in text) == (409, True)


async def test_taking_a_dispute_back(house: House, call_id: str) -> None:
    review, dispute = await disputed(house)
    assert (await house.post("ben", f"{dispute}/withdraw"))[0] == 403
    _, text = await house.get("ann", review)
    assert f'action="{dispute}/withdraw"' in text
    assert (await house.post("ann", f"{dispute}/withdraw"))[0] == 303
    assert (await house.get("olga", dispute))[0] == 404
    assert "This is wrong" in (await house.get("ann", review))[1]


async def test_a_fatal_answer_takes_two(house: House) -> None:
    await store_call(house)
    async with house.database.writing() as session:
        found = await evaluations.latest(session, "call-1")
        assert found is not None
        rude = replace(found.findings[3], question="no_prohibited")
        calm = replace(found.findings[0], question="courteous_close")
        judged = replace(found, id="e2", findings=(rude, calm), score=0.0)
        await evaluations.save(session, judged)
        other = await users.create(
            session, email="x@example.org", name="Xena", roles=frozenset({UserRole.SUPERVISOR})
        )
        token, csrf = await users.start_session(session, other.id, now=START, hours=24)
    house.people["xena"], house.tokens["xena"], house.csrf["xena"] = other, token, csrf
    review = await begin(house)
    await house.post("sam", f"{review}/submit")
    await house.post(
        "ann", f"{review}/questions/no_prohibited/dispute", {"reason": "that is no swearing"}
    )
    found_json = (await as_json(house, "olga", "/disputes"))[1]["disputes"][0]
    assert found_json["needs_two"]
    dispute = f"/disputes/{found_json['id']}"
    form = {"outcome": "overturned", "answer": "yes", "reason": "a harmless word"}
    status, body, _ = await house.post("olga", dispute, form, script=True)
    assert (status, json.loads(body)["outcome"]) == (200, None)
    assert "one of two has decided" in (await house.get("xena", "/disputes"))[1]
    assert (await house.post("olga", dispute, form))[0] == 409
    _, text = await house.get("xena", dispute)
    assert "you are the second" in text
    status, body, _ = await house.post("xena", dispute, form, script=True)
    assert json.loads(body)["outcome"] == "overturned"
    assert json.loads(body)["score"] == 100.0


async def test_the_corrected_score_counts_in_list_and_page_once_submitted(
    house: House, call_id: str
) -> None:
    review = await begin(house)
    for question in ("empathy", "agent_name"):
        await answer(house, review, question, answer="yes", comment="she does")
    assert ">62</strong>" in (await house.get("sam", "/conversations"))[1], "a draft"
    assert ">62</span>" in (await house.get("sam", f"/conversations/{call_id}"))[1]
    await house.post("sam", f"{review}/submit")
    score = (await as_json(house, "sam", review))[1]["review"]["score"]
    assert score == 100.0
    assert ">100</strong>" in (await house.get("sam", "/conversations"))[1]
    _, text = await house.get("sam", f"/conversations/{call_id}")
    assert ">100</span>" in text
    assert "By the machine’s answers alone: 62." in text
    assert "✓ passed" in text
    for result, is_found in (("passed", True), ("failed", False)):
        _, text = await house.get("sam", f"/conversations?result={result}")
        assert ("/conversations/call-1" in text) is is_found


async def test_lists_filter_and_say_when_they_are_empty(house: House, call_id: str) -> None:
    assert "No reviews yet" in (await house.get("sam", "/reviews"))[1]
    review = await submitted(house)
    found = (await as_json(house, "sam", "/reviews"))[1]
    (line,) = found["reviews"]
    assert (line["agent"], line["state"], line["corrections"]) == ("Ann", "submitted", 1)
    ann = f"user:{house.people['ann'].id}"
    for query, is_found in (
        ("", True), ("?state=submitted", True), ("?state=closed", False), (f"?agent={ann}", True),
        ("?agent=bot", False), ("?page=7", True), ("?page=x", True),
    ):  # fmt: skip
        _, text = await house.get("sam", f"/reviews{query}")
        assert (f'href="{review}"' in text) is is_found, query
    assert "Nothing was found" in (await house.get("sam", "/reviews?state=closed"))[1]
    assert (await house.get("sam", "/reviews?state=odd"))[0] == 400
    assert "Nothing was found" in (await house.get("ann", "/evaluations?state=closed"))[1]


async def test_after_its_time_nothing_can_be_disputed(house: House, call_id: str) -> None:
    review = await submitted(house)
    await days_pass(house, 7, "ann")
    status, text, _ = await house.post(
        "ann", f"{review}/questions/empathy/dispute", {"reason": "x"}
    )
    assert (status, "is over" in text) == (409, True)
    _, text = await house.get("ann", review)
    assert "This is wrong" not in text


async def test_who_is_evaluated_does_not_review_even_as_a_supervisor(house: House) -> None:
    await store_call(house, agent="Sam")
    _, text = await house.get("sam", "/conversations/call-1")
    assert "Review this evaluation" not in text
    status, text, _ = await house.post("sam", "/conversations/call-1/review")
    assert (status, "your own" in text) == (403, True)
    review = await begin(house, "olga")
    _, text = await house.get("sam", review)
    assert "somebody else reviews it" in text
    assert (await house.get("sam", f"{review}/questions/empathy"))[0] == 403


async def test_what_has_no_score_or_could_not_be_asked_is_not_reviewed(house: House) -> None:
    await store_call(house)
    async with house.database.writing() as session:
        found = await evaluations.latest(session, "call-1")
        assert found is not None
        await evaluations.save(
            session, replace(found, id="x", findings=(), score=None, not_scored="it is in German")
        )
    status, text, _ = await house.post("sam", "/conversations/call-1/review")
    assert (status, "it is in German" in text) == (409, True)
    async with house.database.writing() as session:
        await evaluations.forget(session, "call-1")
    status, text, _ = await house.post("sam", "/conversations/call-1/review")
    assert (status, "not been scored yet" in text) == (409, True)


async def test_a_scorecard_that_is_gone_can_be_read_and_not_changed(house: House) -> None:
    await store_call(house)
    async with house.database.writing() as session:
        found = await evaluations.latest(session, "call-1")
        assert found is not None
        await evaluations.save(session, replace(found, id="x", scorecard="gone"))
    review = await begin(house)
    status, text = await house.get("sam", review)
    assert status == 200
    assert "is not here any more" in text
    status, text, _ = await answer(house, review, "empathy", answer="yes", comment="x")
    assert (status, "not here any more" in text) == (400, True)


async def test_hostile_words_stay_words_on_every_page(house: House) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    spoken = call(("agent", hostile), ("customer", hostile), id="call-1")
    await store_call(house, turns=spoken.turns)
    async with house.database.writing() as session:
        found = evaluation_of(spoken)
        kept = tuple(replace(each, evidence=(), reason=hostile) for each in found.findings)
        await evaluations.save(session, replace(found, id="x", findings=kept))
    review = await begin(house)
    await answer(house, review, "agent_name", answer="no", comment=hostile, **{"t.0": "on"})
    await house.post("sam", f"{review}/submit", {"comment": hostile})
    await house.post("ann", f"{review}/questions/empathy/dispute", {"reason": hostile})
    dispute = (await as_json(house, "olga", "/disputes"))[1]["disputes"][0]["id"]
    for who, path in (
        ("olga", review), ("ann", review), ("olga", "/disputes"), ("olga", f"/disputes/{dispute}"),
        ("olga", "/reviews"), ("ann", "/evaluations"),
    ):  # fmt: skip
        status, text = await house.get(who, path)
        assert status == 200, path
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
    assert Verdict.NO in {each.verdict for each in kept}


async def test_who_scores_blind_is_shown_no_review_of_it(house: House, call_id: str) -> None:
    review, dispute = await disputed(house)
    await calibrating.begin(house, "olga", conversations=call_id)
    for path in (review, dispute):
        status, text = await house.get("olga", path)
        assert (status, "you score" in text.lower(), "blind" in text) == (409, True, True), path
    for path in ("/reviews", "/disputes", "/reviews/queue"):
        _, text = await house.get("olga", path)
        assert review not in text, path
        assert dispute not in text, path
        assert f"/conversations/{call_id}" not in text, path
    assert (await house.post("olga", f"/conversations/{call_id}/review"))[0] == 409
    assert (await house.get("sam", review))[0] == 200, "who does not score it sees it"


async def test_each_scorecard_has_a_review_of_its_own(house: House, call_id: str) -> None:
    async with house.database.writing() as session:
        found = await evaluations.latest(session, call_id)
        assert found is not None
        earlier = found.made_at - timedelta(seconds=1)
        other = replace(found, id="o", scorecard="payments", made_at=earlier, score=40.0)
        await evaluations.save(session, other)
    _, text = await house.get("sam", f"/conversations/{call_id}")
    assert "By other scorecards" in text
    assert "payments" in text
    path = f"/conversations/{call_id}/review"
    _, _, main = await house.post("sam", path)
    _, _, second = await house.post("sam", path, {"scorecard": "payments"})
    assert main != second
    assert (await as_json(house, "sam", main))[1]["review"]["scorecard"] == "service"
    assert (await as_json(house, "sam", second))[1]["review"]["scorecard"] == "payments"
    assert (await house.post("sam", path, {"scorecard": "nothing"}))[0] == 404
    _, text = await house.get("sam", f"/conversations/{call_id}")
    assert f'href="{main}"' in text
    assert f'href="{second}"' in text
    assert "Review it" not in text
