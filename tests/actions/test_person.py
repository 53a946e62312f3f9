import pytest

from actions.person import answer_no, answer_yes, hand_off, leave_task
from actions.small_talk import fall_back
from tests.actions.build import Event, bot, customer, dispatcher, said, slots_of, tracker

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
            {"last_order": "HP-10517"},
            "asked_for_person",
            {"order_number": "HP-10517"},
        ),
        (  # what is collected goes along; what only proves who they are does not
            [customer("a person", "ask_person")],
            {
                "task": "report_damaged",
                "collected": {"order": "HP-10391", "postcode": "M4 1HQ", "note": "a leg is off"},
            },
            "asked_for_person",
            {"order_number": "HP-10391", "task": "report_damaged", "note": "a leg is off"},
        ),
        (  # in words that a person reads
            [customer("a person", "ask_person")],
            {
                "task": "change_slot",
                "collected": {
                    "day": "2026-11-24/2026-11-24",
                    "hours": "12:00/",
                    "return": "R-30001",
                    "item": "*",
                    "confirm": "yes",
                    "when": "2026-11-24T16:00:00+00:00/",
                },
                "unsettled": {"address": "5 Example Road, Leeds"},
            },
            "asked_for_person",
            {
                "address": "5 Example Road, Leeds",
                "day": "Tuesday 24 November",
                "hours": "from 12 noon",
                "return_number": "R-30001",
                "item": "all of it",
                "when": "from Tuesday 24 November, 4 pm",
                "task": "change_slot",
            },
        ),
        (
            [customer("refund", "cancel_order"), OFFER, customer("/ask_person", "ask_person")],
            {},
            "order_change",
            {},
        ),
        (
            [
                customer("refund", "cancel_order"),
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
    left = slots_of(await hand_off(spoken, tracker(*events, **slots), {}))
    assert said(spoken) == [{"parley": "handoff", "reason": reason, "facts": facts}]
    assert (left["task"], left["collected"], left["paused"]) == (None, None, None)


@pytest.mark.parametrize(
    ("answered", "handed_off"),
    [
        ("utter_offer_person_change", "order_change"),
        ("utter_offer_person_lookup", "order_not_found"),
        ("utter_offer_person_lost", "not_understood"),
        ("utter_other_language", "other_language"),
        ("utter_help", None),  # its buttons name a person too, but nobody was offered one
        (None, None),
        ("utter_no_article", "no_article"),
        ("utter_perhaps_articles", "no_article"),
        ("utter_no_article_in_between", None),
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


async def test_yes_to_a_question_about_their_order_begins_the_task() -> None:
    spoken = dispatcher()
    talk = tracker(customer("hi"), bot("utter_greet_order"), customer("yes", "affirm"))
    (event,) = await answer_yes(spoken, talk, {})
    assert (event["event"], event["name"]) == ("followup", "task_form")
    assert said(spoken) == []


@pytest.mark.parametrize(
    ("intent", "response"), [("never_mind", "utter_never_mind"), ("goodbye", "utter_goodbye")]
)
async def test_leaving_forgets_all_but_the_order(intent: str, response: str) -> None:
    spoken = dispatcher()
    begun = tracker(
        customer("x", intent),
        task="cancel_order",
        collected={"order": "HP-10538", "postcode": "EH3 9QQ"},
        paused=[["order_status", {}]],
        misread=1,
    )
    left = slots_of(await leave_task(spoken, begun, {}))
    ended = {"parley": "survey", "about": "cancel_order", "outcome": "declined"}
    assert said(spoken) == [response, ended]
    assert {name: value for name, value in left.items() if value} == {
        "last_order": "HP-10538",
        "last_subject": "order",
        "outcome": "left",
    }


RANKING = ["nlu_fallback", "cancel_order", "affirm", "ask_person", "start_return", "greet"]


@pytest.mark.parametrize(
    ("before", "ranking", "response"),
    [
        ([], RANKING, "utter_did_you_mean"),
        ([], ["nlu_fallback", "affirm", "start_return"], "utter_rephrase"),  # one is no choice
        ([customer("hi"), bot("utter_greet")], RANKING, "utter_did_you_mean"),
        ([customer("qwe", "nlu_fallback"), bot()], RANKING, "utter_offer_person_lost"),
        ([customer("qwe", "nlu_fallback"), bot(), customer("hi"), bot()], [], "utter_rephrase"),
        ([customer("oil oak?", "nlu_fallback"), bot("utter_article")], [], "utter_rephrase"),
        ([customer("oil?", "out_of_scope"), bot("utter_article_in_between")], [], "utter_rephrase"),
    ],
)
async def test_fallback_says_what_was_perhaps_meant_and_then_offers_a_person(
    before: list[Event], ranking: list[str], response: str
) -> None:
    spoken = dispatcher()
    lost = customer("asd", "nlu_fallback")
    lost["parse_data"]["intent_ranking"] = [{"name": name} for name in ranking]
    await fall_back(spoken, tracker(*before, lost), {})
    assert said(spoken) == [response]
    if response == "utter_did_you_mean":
        assert [button["payload"] for button in spoken.messages[0]["buttons"]] == [
            "/cancel_order",
            "/start_return",
            "/ask_person",
        ]
        assert spoken.messages[0]["first"] == "cancelling the order"


async def test_what_is_not_ours_to_answer_is_said_once_and_then_a_person_offered() -> None:
    heard = []
    for before in ([], [customer("qwe", "out_of_scope"), bot("utter_out_of_scope")]):
        spoken = dispatcher()
        await fall_back(spoken, tracker(*before, customer("will it rain", "out_of_scope")), {})
        heard += said(spoken)
    assert heard == ["utter_out_of_scope", "utter_offer_person_lost"]


@pytest.mark.parametrize(
    ("words", "slots", "goes_on"),
    [
        ("what time exactly", {"last_order": "HP-10442", "last_subject": "order"}, True),
        ("so when's it coming", {"last_order": "HP-10442", "last_subject": "order"}, True),
        ("what time exactly", {}, False),
        ("when is the shop open", {"last_order": "HP-10442", "last_subject": "order"}, False),
        ("blah it", {"last_order": "HP-10442", "last_subject": "order"}, False),
    ],
)
async def test_words_not_understood_may_go_on_with_the_order(
    words: str, slots: dict[str, str], goes_on: bool
) -> None:
    events = await fall_back(dispatcher(), tracker(customer(words, "nlu_fallback"), **slots), {})
    assert bool(events) is goes_on
