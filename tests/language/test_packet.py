"""The packet of an agent: 120 words at most, each quote verbatim from its turn."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation import Conversation
from language.packet import (
    MOST_WORDS,
    Known,
    Packet,
    PacketKind,
    make_packet,
    packet_in,
    packet_out,
)
from language.pipeline import Pipeline
from language.telling import find_outcomes, find_wants, is_courtesy, label_of
from tests.build import chat

PIPELINE = Pipeline()
ORDER = chat(
    ("customer", "Hi there"),
    ("bot", "Hello, how can I help?"),
    ("customer", "Where is my order HP-10442? It should have been here on Monday."),
    ("bot", "What is your postcode?"),
    ("customer", "it's BN1 4GH"),
    ("bot", "Your order has been delayed until Friday."),
    ("customer", "That is awful, I hate this. Change it to 12 Mill Lane please."),
)


def texts(packet: Packet) -> dict[PacketKind, str]:
    return {line.kind: line.text for line in packet.lines}


def test_a_packet_tells_who_what_tried_given_mood_said_and_next() -> None:
    known = Known(
        verified=("HP-10442",),
        reason="order_change",
        values={"order_number": "HP-10442"},
        tried=(("order_status", "resolved"),),
    )
    told = texts(make_packet(ORDER, pipeline=PIPELINE, known=known))
    assert told[PacketKind.WHO] == "Who: verified, order HP-10442"
    assert "“Where is my order HP-10442?”" in told[PacketKind.WANTS]
    assert told[PacketKind.TRIED].startswith("Tried: order status (resolved) “Your order has been")
    assert "postcode: BN1 4GH" in told[PacketKind.VALUES]
    assert "Monday" in told[PacketKind.VALUES]
    assert told[PacketKind.MOOD] == "Mood: bad, falling"
    assert told[PacketKind.SAID].startswith("Last: “it's BN1 4GH” “That is awful")
    assert told[PacketKind.NEXT] == "Next: change the order, then read it back"


def test_what_the_store_knows_names_its_turns() -> None:
    known = Known(
        verified=("HP-10442",), shown_in=("t4",),
        tried=(("change_slot", "refused"),), tried_in=("t5", "gone"),
    )  # fmt: skip
    packet = make_packet(ORDER, pipeline=PIPELINE, known=known)
    for kind, turn in ((PacketKind.WHO, "t4"), (PacketKind.TRIED, "t5")):
        line = packet.line(kind)
        assert line is not None
        assert turn in [one.turn for one in line.evidence]
        assert "gone" not in [one.turn for one in line.evidence]


def test_who_is_not_verified_is_to_be_verified_first() -> None:
    known = Known(reason="order_change", values={"order_number": "HP-10442"})
    told = texts(make_packet(ORDER, pipeline=PIPELINE, known=known))
    assert told[PacketKind.WHO] == "Who: not verified"
    assert told[PacketKind.NEXT].startswith("Next: verify who they are first; change")
    assert "order number HP-10442" in told[PacketKind.VALUES]


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        ([("customer", "My name is Anna Smith and I need help")], "Who: Anna Smith, not verified"),
        ([("agent", "Could I get your full name, please?"), ("customer", "Tyler Jones")],
         "Who: Tyler Jones, not verified"),
        ([("agent", "What is the name of your pet?"), ("customer", "Buddy")], "Who: not verified"),
        ([("customer", "I'm not happy")], "Who: not verified"),
        ([("customer", "I am Really annoyed with you")], "Who: not verified"),
        ([("bot", "My name is Bob")], "Who: not verified"),
    ],
)  # fmt: skip
def test_a_name_is_what_they_call_themselves(lines: list[tuple[str, str]], who: str) -> None:
    assert texts(make_packet(chat(*lines), pipeline=PIPELINE))[PacketKind.WHO] == who


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Can you tell me your account number, please?", "account number"),
        ("What was your mother's maiden name?", "mother's maiden name"),
        ("On what day would you like your party organised?", "day"),
        ("How many guests will come?", "how many"),
        ("When would you like it?", "when"),
        ("Anything else?", ""),
        ("", ""),
    ],
)
def test_a_question_names_what_it_asks_for(question: str, label: str) -> None:
    assert label_of(question) == label


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Thanks!", True),
        ("Yes please, that's all", True),
        ("ok bye", True),
        ("", True),
        ("yes, to Leeds", False),
        ("7", False),
        ("no refund", False),
    ],
)
def test_courtesies_say_nothing(text: str, is_one: bool) -> None:
    assert is_courtesy(text) is is_one


def test_an_answer_to_a_question_is_no_new_request() -> None:
    talk = chat(
        ("customer", "Hello"),
        ("customer", "I want to book a fitting"),
        ("bot", "Which day do you want?"),
        ("customer", "I would like Tuesday"),
        ("bot", "Done."),
        ("customer", "Can I also cancel my order?"),
    )
    assert [one.quote(talk) for one in find_wants(talk)] == [
        "I want to book a fitting",
        "Can I also cancel my order?",
    ]


def test_a_request_for_a_person_is_passed_over() -> None:
    talk = chat(("customer", "My lamp arrived broken"), ("customer", "Talk to a person"))
    packet = make_packet(talk, pipeline=PIPELINE, known=Known(passed_over=("t1",)))
    assert "Talk to a person" not in packet.text
    assert "“My lamp arrived broken”" in packet.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("my neighbour can take it any day of the week that is Tuesday, 8 to 12", "8 to 12”"),
        ("my neighbour can take it any day of the week that is Tuesday, 8 to 12, or so then",
         "that is Tuesday, 8…”"),
        ("my neighbour can take it any day of the week but not on Sundays. Please be on time",
         "but not on Sundays.”"),
        ("my neighbour can take it any day of the week but not on Sundays\nPlease be on time",
         "but not on Sundays”"),
    ],
)  # fmt: skip
def test_a_quote_is_left_whole_where_little_is_missing_or_says_that_it_is_cut(
    said: str, told: str
) -> None:
    line = make_packet(chat(("customer", said)), pipeline=PIPELINE).line(PacketKind.SAID)
    assert line is not None
    assert line.text.endswith(told)


def test_an_empty_conversation_has_a_packet() -> None:
    packet = make_packet(chat(), pipeline=PIPELINE)
    assert [line.kind for line in packet.lines] == [PacketKind.WHO, PacketKind.NEXT]


def check(talk: Conversation, packet: Packet) -> None:
    assert packet.words <= MOST_WORDS
    for line in packet.lines:
        for one in line.evidence:
            assert one.quote(talk)  # the span lies in its turn
        quotes = {one.quote(talk) for one in line.evidence}
        if line.kind in (PacketKind.WANTS, PacketKind.SAID):
            assert all(f"“{quote}”" in line.text or f"“{quote}…”" in line.text for quote in quotes)
    assert packet_in(packet_out(packet)) == packet


def test_a_long_conversation_keeps_to_its_words() -> None:
    lines = []
    for n in range(60):
        lines.append(("bot", f"Unfortunately number {n} is not available. Which number is it?"))
        lines.append(("customer", f"I need HP-{10000 + n} changed to 1{n} Mill Lane on May {n}th"))
    talk = chat(*lines)
    packet = make_packet(talk, pipeline=PIPELINE)
    check(talk, packet)
    assert {line.kind for line in packet.lines} == set(PacketKind)


WORDS = st.text(st.sampled_from("ab1 .?!,“”’\n█£Ä@-/MI'"), max_size=80)
TURNS = st.lists(
    st.tuples(
        st.sampled_from(["customer", "bot", "agent", "unknown"]),
        st.one_of(WORDS, st.sampled_from(["My name is Dr. Who", "May 3rd to 4th", "£5", "😀"])),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(TURNS)
def test_any_conversation_gives_a_packet_that_quotes_it(lines: list[tuple[str, str]]) -> None:
    talk = chat(*lines)
    check(talk, make_packet(talk, pipeline=PIPELINE))


def test_hostile_text_is_read_in_a_moment() -> None:
    for text in (
        "a" * 2000,
        "A " * 1000,
        "1." * 1000,
        "my name is " * 180,
        "(" * 2000,
        "I, " * 600,
    ):
        talk = chat(("customer", text), ("bot", "Sorry?"), ("customer", text))
        packet = make_packet(talk, pipeline=PIPELINE)
        assert re.search("Who:", packet.text)
        check(talk, packet)


@pytest.mark.parametrize(
    ("answer", "wants", "tried"),
    [
        (
            "no hang on, can you deliver it to my mum instead",
            ["cancel it", "no hang on, can you deliver it to my mum instead"],
            [],
        ),
        ("yes please", ["cancel it"], []),
    ],
)
def test_what_waits_for_a_yes_is_no_outcome_and_a_no_may_wish_for_more(
    answer: str, wants: list[str], tried: list[str]
) -> None:
    ahead = [("customer", "cancel it"), ("bot", "It will be cancelled. Shall I?")]
    told = chat(*ahead, ("customer", answer), ("bot", "What is the address?"))
    assert [one.quote(told) for one in find_wants(told)] == wants
    assert [one.quote(told) for one in find_outcomes(told)] == tried
    open_still = find_outcomes(chat(*ahead))
    assert [one.quote(chat(*ahead)) for one in open_still] == ["It will be cancelled. Shall I?"]
