"""Several wishes in one message: none is lost, and one at a time is asked about."""

from collections.abc import Sequence

import pytest

from actions.knowledge import Found
from actions.wishes import Wish, wishes_of
from tests.actions.talk import Talk

ARTICLE = Found("care-oak", "Oak", "Oil", "Oil it twice a year.", "/help/care-oak", 0.9)


def told(*parts: tuple[str, str, float]) -> Sequence[dict[str, object]]:
    return [
        {"text": text, "intent": name, "confidence": sure, "asks": True}
        for text, name, sure in parts
    ]


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ([("cancel 1", "cancel_order", 0.9), ("where is 2", "order_status", 0.9)],
         [("cancel 1", "cancel_order"), ("where is 2", "order_status")]),
        # unsure, or no task: of the wish before it
        ([("cancel 1", "cancel_order", 0.9), ("can you do it", "order_status", 0.3),
          ("where is 2", "order_status", 0.9)],
         [("cancel 1 and can you do it", "cancel_order"), ("where is 2", "order_status")]),
        ([("cancel 1", "cancel_order", 0.9), ("can you hurry", "out_of_scope", 0.9)], []),
        ([("where is it", "order_status", 0.9), ("when will it come", "order_status", 0.9)], []),
        ([("is it", "order_status", 0.2), ("cancel it", "cancel_order", 0.9)], []),
        # says not what it is about, and is not likely of the whole
        ([("the fitter comes on 1", "fitting_status", 0.9), ("I won't be in", "change_slot", 0.95)],
         []),
        # one matter
        ([("I will return it", "start_return", 0.9), ("get my money", "return_status", 0.9)], []),
        # questions beside a task, and no task at all
        ([("when are you open", "opening_hours", 0.9), ("where is it", "order_status", 0.9)],
         [("when are you open", "opening_hours"), ("where is it", "order_status")]),
        ([("when are you open", "opening_hours", 0.9), ("can I pay", "ask_article", 0.9)], []),
    ],
)  # fmt: skip
def test_wishes(parts: list[tuple[str, str, float]], wanted: list[tuple[str, str]]) -> None:
    assert wishes_of(told(*parts), {"order_status": 0.5}) == tuple(Wish(*each) for each in wanted)


async def test_one_after_the_other(talk: Talk) -> None:
    both = [("cancel 10538 EH3 9QQ", "cancel_order"), ("where is 10442", "order_status")]
    said = await talk.say("cancel 10538 EH3 9QQ and where is 10442", "cancel_order", wishes=both)
    assert "I will cancel order HP-10538" in said
    said = await talk.say("yes", "affirm")
    assert said.index("HP-10538 is cancelled") < said.index("Now to your question about an order.")
    assert "the postcode of the delivery address" in said
    assert "reading lamp" in await talk.say("BN1 4GH")
    assert talk.slots["paused"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the invoice for 10442 and a new phone. postcode BN1 4GH", "I have sent a copy"),
        ("the invoice for 10442 and a new delivery address, BN1 4GH", "And what is the postcode"),
        ("the invoice for 10442 and a new phone. BN1 4GH or EH3 9QQ", "And what is the postcode"),
    ],
)
async def test_a_postcode_at_the_end_is_for_all_of_it(talk: Talk, text: str, said: str) -> None:
    both = [("the invoice for 10442", "send_invoice"), ("a new phone", "change_contact")]
    assert said in await talk.say(text, "send_invoice", wishes=both)


async def test_the_second_is_about_the_same_order(talk: Talk) -> None:
    both = [
        ("where is my order 10517 LS6 2AB", "order_status"),
        ("can you change the delivery to next friday", "change_slot"),
        ("can you send me the invoice", "send_invoice"),
    ]
    said = await talk.say("all of that", "order_status", wishes=both)
    assert "linen sofa" in said
    assert "Now to changing the delivery time." in said
    assert talk.asked == "slot"
    assert all("Friday 13 June" in title for title in talk.buttons if title[0].isdigit())
    await talk.say("the first", "give_details")
    said = await talk.say("yes", "affirm")
    assert "invoice for order HP-10517" in said
    assert "in_between" not in str(talk.messages[-1])


async def test_a_no_to_the_first_does_not_drop_the_second(talk: Talk) -> None:
    both = [("cancel 10538 EH3 9QQ", "cancel_order"), ("send the invoice", "send_invoice")]
    await talk.say("both", "cancel_order", wishes=both)
    assert "invoice for order HP-10538" in await talk.say("no", "deny")


async def test_never_mind_drops_all(talk: Talk) -> None:
    both = [("cancel 10538 EH3 9QQ", "cancel_order"), ("send the invoice", "send_invoice")]
    await talk.say("both", "cancel_order", wishes=both)
    talk.leave()
    assert "invoice" not in await talk.say("where is my order", "order_status")


async def test_who_is_locked_out_is_asked_for_nothing_more(talk: Talk) -> None:
    both = [("cancel 10538", "cancel_order"), ("where is 10442", "order_status")]
    await talk.say("both", "cancel_order", wishes=both)
    for postcode in ("LS6 2AB", "LS6 2AC", "LS6 2AD"):
        said = await talk.say(postcode)
    assert "utter_offer_person_lookup" in said
    assert talk.asked is None


async def test_a_question_beside_a_task_is_answered_first(talk: Talk) -> None:
    async def find(question: str) -> Found | None:
        return ARTICLE if "oak" in question else None

    form = talk.form
    talk.form = type(form)(form.tasks, form.open_desk, find)
    said = await talk.say("both", "order_status", wishes=[
        ("how do I oil oak", "ask_article"), ("where is 10538 EH3 9QQ", "order_status"),
        ("when are you open", "opening_hours"),
    ])  # fmt: skip
    assert said.index("utter_article_in_between") < said.index("utter_opening_hours")
    assert said.index("utter_opening_hours") < said.index("wool rug")
