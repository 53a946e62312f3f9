import pytest

from actions.order_form import validate_order_form
from tests.actions.build import customer, dispatcher, said, slots_of, tracker


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("where is my order", {"order_number": None, "postcode": None}),
        ("where is HP-10442", {"order_number": "HP-10442", "postcode": None}),
        ("BN1 4GH, 10442", {"order_number": "HP-10442", "postcode": "BN1 4GH"}),
    ],
)
async def test_form_begins_with_what_the_message_tells(text: str, slots: dict[str, str]) -> None:
    begun = tracker(customer(text, "order_status"), order_number="HP-99999", requested_slot=None)
    assert slots_of(await validate_order_form(dispatcher(), begun, {})) == slots


async def test_form_does_not_read_a_button() -> None:
    pressed = tracker(customer('/order_status{"order_number": "HP-10442"}', "order_status"))
    events = await validate_order_form(dispatcher(), pressed, {})
    assert slots_of(events) == {"order_number": None, "postcode": None}


@pytest.mark.parametrize(
    ("asked", "text", "intent", "slots", "hint"),
    [
        ("order_number", "10442", "give_details", {"order_number": "HP-10442"}, []),
        ("order_number", "bn1 4gh", "give_details", {"postcode": "BN1 4GH"}, []),
        (
            "postcode",
            "sorry, it is 10517 and LS6 2AB",
            "give_details",
            {"order_number": "HP-10517", "postcode": "LS6 2AB"},
            [],
        ),
        ("order_number", "hi, 10442", "greet", {"order_number": "HP-10442"}, []),
        ("order_number", "1044", "give_details", {"order_number": None}, ["utter_no_order_number"]),
        ("postcode", "no idea", "nlu_fallback", {"postcode": None}, ["utter_no_postcode"]),
        ("postcode", "/order_status", "order_status", {"postcode": None}, []),
        # these are left to the rules: no slot, no sentence
        ("order_number", "when are you open", "opening_hours", {}, []),
        ("order_number", "hello", "greet", {}, []),
        ("postcode", "never mind", "never_mind", {}, []),
        ("postcode", "get me a person about 10442", "ask_person", {}, []),
        ("postcode", "cancel 10442", "change_order", {}, []),
    ],
)
async def test_form_reads_an_answer(
    asked: str, text: str, intent: str, slots: dict[str, str], hint: list[str]
) -> None:
    spoken = dispatcher()
    asking = tracker(customer(text, intent), requested_slot=asked)
    assert slots_of(await validate_order_form(spoken, asking, {})) == slots
    assert said(spoken) == hint
