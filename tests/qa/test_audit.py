"""What people really say, question by question: each row a sentence, its near misses beside it."""

import pytest

from tests.qa.judging import verdict

# fmt: off
ROWS = [
    ("agent_name", "yes", ["It's Dave from Northwind.", "Dave from Northwind here",
        "Carol at Northwind, hello", "You've reached Carol", "Name's Carol",
        "Your agent today is Carol", "This is Mo.", "Wei here.", "Siobhan speaking",
        "this is will from northwind", "This is Bob."]),
    ("agent_name", "no", ["My name isn't Bob.", "My name is not for you to know.",
        "Hello, and my name is not important", "Thanks Bob. This is Bob's account.",
        "This is May's invoice.", "I am American.", "I am here."]),
    ("offer_help", "yes", ["How may I direct your call?", "Tell me how I can help.",
        "Let me see if I can help you.", "How can I help?"]),
    ("offer_help", "no", ["How else may I help you?", "Can I help you any further?",
        "I was happy to help you last week.", "How are you today?"]),
    ("further_help", "yes", ["Can I help you any further?", "Do you need anything else?",
        "Could I help you with another matter?", "Is there anything else?"]),
    ("further_help", "no", ["Anything else damaged on it?", "Is there anything I've missed?",
        "Before anything else I need your name.", "Is there anything you'd like to add?",
        "Does anything else happen when you press it?"]),
    ("courteous_close", "yes", ["ok / C: bye / Speak soon.", "ok / C: bye / Ta-ra love."]),
    ("courteous_close", "no", ["ok / C: bye / I hope you have a terrible day."]),
    ("empathy", "yes", ["hi / C: it broke / I'm sorry you've had trouble.",
        "hi / C: My internet is down. / I'm so sorry to hear that",
        "hi / C: it broke / I do apologise.", "hi / C: it broke / Poor you"]),
    ("empathy", "unsure", ["hi / C: it broke / I'm sorry.", "hi / C: it broke / Apologies."]),
    ("empathy", "no", [f"hi / C: {problem} / ok" for problem in (
        "My internet is down.", "Nobody called me back.", "my heater stopped work",
        "The screen went black.", "It keeps cutting out.", "it has packed in")]),
    ("empathy", "not_applicable", ["hi / C: I live by the fire station / ok",
        "hi / C: it is down the road / ok"]),
    ("identity_check", "no", ["Your payment of £20 went out on Monday.",
        "Your account number is 12345."]),
    ("resolution", "no", ["C: hi / I'm unable to change it.", "C: hi / It hasn't been changed.",
        "C: hi / ok / C: No, it's still not working.", "C: hi / ok / C: That didn't fix it.",
        "C: hi / ok / C: worst service ever", "C: hi / I would have changed it if I could.",
        "C: hi / I've changed it. / C: No! I wanted Thursday. / The system is down / C: Useless."]),
    ("resolution", "yes", ["C: hi / ok / C: Yes that fixed it.",
        "C: hi / YOUR CARD IS NOW UNBLOCKED",
        "C: hi / I've cancelled it. Unfortunately the fee isn't refundable. / C: ok fine thanks"]),
]
NAMES = [
    ("Harbour & Pine", "Hello, Harbour Pine", "yes"), ("Café Zoë", "hello this is cafe zoe", "yes"),
    ("AT&T", "welcome to a t and t", "yes"), ("3M", "hello this is three m", "yes"),
    ("A1 Taxis", "hello a one taxis", "yes"), ("The Home Depot", "Welcome to Home Depot", "yes"),
    ("Northwind", "Hello, this isn't Northwind.", "no"), ("AT&T", "hello at last", "no"),
]
# fmt: on


@pytest.mark.parametrize(
    ("question", "expected", "lines"),
    [(question, expected, line) for question, expected, lines in ROWS for line in lines],
)
def test_service_scorecard_reads_what_people_say(question: str, expected: str, lines: str) -> None:
    assert verdict(lines, question) == expected


@pytest.mark.parametrize(("company", "said", "expected"), NAMES)
def test_greeting_knows_a_name_however_it_is_said(company: str, said: str, expected: str) -> None:
    assert verdict(said, "greeting", company=company) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Is this being recorded?", "no"), ("Your meter reading is recorded.", "no"),
        ("this is for training purposes only", "no"),
        ("for training purposes I'm shadowed by Bob", "no"),
        ("This call is being recorded", "yes"), ("calls are kept for training purposes", "yes"),
    ],
)  # fmt: skip
def test_recording_notice_is_about_the_call(said: str, expected: str) -> None:
    assert verdict(said, "recording_notice", channel="voice") == expected
