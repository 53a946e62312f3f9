import pytest

from actions.person import answer_no, answer_yes, hand_off
from actions.small_talk import SmallTalk, fall_back
from tests.actions.build import Event, bot, customer, dispatcher, said, tracker

OFFER = bot("utter_offer_person_change")


@pytest.mark.parametrize(
    ("events", "slots", "reason", "facts"),
    [
        ([customer("a person please", "ask_person")], {}, "asked_for_person", {}),
        (
            [customer("a person about hp 10442", "ask_person")],
            {"last_order": "HP-10517"},
            "asked_for_person",
            {"order_number": "HP-10442"},
        ),
        (
            [customer("a person", "ask_person")],
            {"order_number": None, "last_order": "HP-10517"},
            "asked_for_person",
            {"order_number": "HP-10517"},
        ),
        (
            [customer("refund", "change_order"), OFFER, customer("/ask_person", "ask_person")],
            {},
            "order_change",
            {},
        ),
        (
            [
                customer("refund", "change_order"),
                OFFER,
                customer("hi"),
                bot("utter_greet"),
                customer("a person", "ask_person"),
            ],
            {},
            "asked_for_person",
            {},
        ),
    ],
)
async def test_hand_off_says_why_and_what_is_known(
    events: list[Event], slots: dict[str, str], reason: str, facts: dict[str, str]
) -> None:
    spoken = dispatcher()
    assert await hand_off(spoken, tracker(*events, **slots), {}) == []
    assert said(spoken) == [{"parley": "handoff", "reason": reason, "facts": facts}]


@pytest.mark.parametrize(
    ("answered", "handed_off"),
    [
        ("utter_offer_person_change", "order_change"),
        ("utter_offer_person_lookup", "order_not_found"),
        ("utter_offer_person_lost", "not_understood"),
        ("utter_help", None),  # its buttons name a person too, but nobody was offered one
        (None, None),
    ],
)
async def test_yes_counts_only_after_an_offer(answered: str | None, handed_off: str | None) -> None:
    spoken = dispatcher()
    talk = tracker(customer("x"), bot(answered), customer("yes", "affirm"))
    await answer_yes(spoken, talk, {})
    if handed_off is None:
        assert said(spoken) == ["utter_what_else"]
    else:
        assert said(spoken) == [{"parley": "handoff", "reason": handed_off, "facts": {}}]


async def test_no_hands_nothing_off() -> None:
    spoken = dispatcher()
    await answer_no(spoken, tracker(customer("x"), OFFER, customer("no", "deny")), {})
    assert said(spoken) == ["utter_what_else"]


@pytest.mark.parametrize(
    ("before", "response"),
    [
        ([], "utter_rephrase"),
        ([customer("hi"), bot("utter_greet")], "utter_rephrase"),
        ([customer("qwe", "nlu_fallback"), bot("utter_rephrase")], "utter_offer_person_lost"),
        (
            [customer("qwe", "nlu_fallback"), bot("utter_rephrase"), customer("hi"), bot()],
            "utter_rephrase",
        ),
    ],
)
async def test_fallback_offers_a_person_the_second_time(before: list[Event], response: str) -> None:
    spoken = dispatcher()
    await fall_back(spoken, tracker(*before, customer("asd", "nlu_fallback")), {})
    assert said(spoken) == [response]


async def test_greeting_carries_company_and_days() -> None:
    spoken = dispatcher()
    talk = SmallTalk("Harbour & Pine", 90)
    await talk.greet(spoken, tracker(customer("hi")), {})
    await talk.explain_bot(spoken, tracker(customer("are you a bot")), {})
    assert said(spoken) == ["utter_greet", "utter_explain_bot"]
    assert [m["company"] for m in spoken.messages] == ["Harbour & Pine"] * 2
    assert [m["retention_days"] for m in spoken.messages] == ["90", "90"]
