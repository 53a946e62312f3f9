"""What complains of how one is treated is no wish for what it names."""

from collections.abc import Sequence

import pytest

from actions.grievance import is_grievance
from actions.reading import Heard
from actions.wishes import is_one_complaint, split, wishes_within
from tests.actions.talk import Talk

Part = tuple[str, str, float, bool]  # words, what they were taken for, how surely, whether they ask


@pytest.mark.parametrize(
    "text",
    [
        "nobody calls me back",
        "nobody has called me back",
        "no one answers the phone",
        "no-one ever replies to my emails",
        "none of you lot can be bothered",
        "you never rang me",
        "you haven't called me back",
        "you keep ignoring me",
        "I'm being ignored",
        "I was promised a call and nobody rang",
        "you said you would call but never did",
        "why does nobody call me back",
        "you kept promising it",
        "you lot keep not answering",
    ],
)
def test_a_grievance(text: str) -> None:
    assert is_grievance(text)


@pytest.mark.parametrize(
    "text",
    [
        "call me back please",
        "can somebody call me back",
        "can nobody call me before four?",
        "I would like a call back",
        "nobody is at home on Monday",
        "nobody will be in when you come",
        "I never got the chair legs",
        "no one else has the key",
        "you can call me after four",
        "I was told it comes on Friday",
        "I have not called you yet",
        "my parcel still has not arrived",
        "you keep ringing the old one",
        "nobody has got back to me, any news",
    ],
)
def test_no_grievance(text: str) -> None:
    assert not is_grievance(text)


def told(*parts: Part) -> Sequence[dict[str, object]]:
    keys = ("text", "intent", "confidence", "asks")
    return [dict(zip(keys, part, strict=True)) for part in parts]


LATE: Part = ("My parcel still has not arrived", "report_missing", 0.92, False)
IGNORED: Part = ("nobody calls me back", "call_back", 1.0, False)


@pytest.mark.parametrize(
    ("parts", "is_one"),
    [
        ([LATE, IGNORED], True),
        ([IGNORED, ("I wait for my table", "order_status", 0.69, False)], True),
        ([("my sofa never came", "order_status", 0.49, False),
          ("no one answers the phone", "call_back", 0.38, False)], True),
        ([LATE, ("you never told me", "deny", 0.27, False)], True),
        # a part that asks, or tells of another matter, is a wish of its own
        ([("where is my parcel", "order_status", 1.0, True), IGNORED], False),
        ([("two chairs are missing", "report_missing", 0.95, False), IGNORED], False),
        ([("the table is scratched", "report_damaged", 0.95, False), IGNORED], False),
        ([("cancel it", "cancel_order", 1.0, True), IGNORED], False),
        # nothing complains of how it was handled
        ([LATE, ("the driver was rude", "complain", 1.0, False)], False),
        ([LATE, ("please call me back", "call_back", 1.0, True)], False),
        ([], False),
    ],
)  # fmt: skip
def test_one_complaint(parts: list[Part], is_one: bool) -> None:
    assert is_one_complaint(told(*parts)) is is_one


@pytest.mark.parametrize(
    ("parts", "first", "later"),
    [
        ([LATE, IGNORED], "complain", []),
        ([("where is my parcel", "order_status", 1.0, True), IGNORED],
         "order_status", ["complain"]),
        ([("two chairs are missing", "report_missing", 0.95, False), IGNORED],
         "report_missing", ["complain"]),
        ([LATE, ("please call me back", "call_back", 1.0, True)], "report_missing", ["call_back"]),
        ([("where is my bed", "order_status", 1.0, True),
          ("can you ring me", "call_back", 1.0, True)], "order_status", ["call_back"]),
    ],
)  # fmt: skip
def test_what_comes_first(parts: list[Part], first: str, later: list[str]) -> None:
    heard = Heard("all of it", "report_missing", "turn-1", parts=tuple(told(*parts)))
    apart = split(heard)
    assert (apart.first.intent, [wish.intent for wish in apart.later]) == (first, later)


@pytest.mark.parametrize(
    ("task", "parts", "found"),
    [
        ("complain", [("he swore at me", "complain", 1.0, False),
                      ("I want my money back", "start_return", 1.0, True)], ["start_return"]),
        ("complain", [("I want my money back", "start_return", 1.0, True)], ["start_return"]),
        ("complain", [("it was late", "order_status", 0.95, False),
                      ("please cancel my order", "cancel_order", 1.0, True)], ["cancel_order"]),
        # tells, asks what is not sure, or is the matter itself
        ("complain", [("he cancelled the visit", "cancel_fitting", 1.0, False)], []),
        ("complain", [("can you believe it", "order_status", 0.6, True)], []),
        ("complain", [("I want an apology", "complain", 1.0, True)], []),
        ("complain", [("I want you to ring me", "call_back", 1.0, True)], []),
        ("report_damaged", [("I want to send it back", "start_return", 1.0, True)], []),
    ],
)  # fmt: skip
def test_wishes_within_a_report(task: str, parts: list[Part], found: list[str]) -> None:
    text, intent, sure, _ = parts[0]
    several = tuple(told(*parts)) if len(parts) > 1 else ()
    heard = Heard(text, intent, "turn-1", confidence=sure, parts=several)
    assert [wish.intent for wish in wishes_within(heard, task)] == found


async def test_the_wish_in_a_complaint_comes_after_it(talk: Talk) -> None:
    await talk.say("I want to complain about order 10391", "complain")
    both = [("he swore at me", "complain"), ("I want my money back", "start_return")]
    said = await talk.say("he swore at me and I want my money back", "complain", wishes=both)
    assert "Your complaint is ticket T-" in said
    assert "Now to your return." in said
    assert "about order HP-10391, which you named" in said  # not asked for again
    assert talk.asked == "postcode"


async def test_a_complaint_that_wishes_for_nothing_ends_there(talk: Talk) -> None:
    await talk.say("I want to complain", "complain")
    both = [("he swore at me", "complain"), ("he slammed the door", "complain")]
    said = await talk.say("he swore at me and slammed the door", "complain", wishes=both)
    assert "Your complaint is ticket T-" in said
    assert talk.asked is None
    assert talk.slots["paused"] is None
