"""What customers said in conversations that went wrong: each a short talk that failed before."""

import pytest

from tests.actions.talk import Talk

TIMES = "A fitter can come at these times"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended

BOOK: Line = ("a fitting for order 10538, EH3 9QQ", "book_fitting", TIMES, "time")

TALKS: dict[str, list[Line]] = {
    "a weekday and an hour, no day of the month": [
        ("ring me on 07700 900123 wednesday at 5", "call_back",
         "on Wednesday 11 June from 5 pm to 6 pm", "confirm"),
        ("or monday 10", "give_details", "on Monday 9 June from 10 am to 11 am", "confirm"),
        ("ok monday 11 then", "give_details", "on Monday 9 June from 11 am to 12", "confirm"),
    ],
    "a fitter on a weekday at an hour": [
        ("book fitter 10538 EH3 9QQ thursday 10", "book_fitting",
         "Thursday 12 June, 10 am. Shall I?", "confirm"),
    ],
    "a weekday that is another than that of the day": [
        ("ring me on 07700 900123", "call_back", "When suits you?", "when"),
        ("Monday the 10th at 4", "give_details", "I could not tell when you mean.", "when"),
    ],
    "he is who comes": [
        ("when does he come, F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("can he come in the afternoon instead", "change_slot", TIMES, "time"),
    ],
    "she is who comes, too": [
        ("when does he come, F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("please tell her not to come", "cancel_order", "I will cancel the", "confirm"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, then in TALKS[name]:
        said = await talk.say(words, intent)
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words
