"""What is decided from words alone: cards, requests for a person, fit text, tokens, origins."""

import time

import pytest

from channels.crowd import find_address
from channels.pace import Pace
from channels.requests import TALK_TO_A_PERSON, asks_for_person
from channels.shield import is_own_origin
from channels.visitors import Doorkeeper
from channels.wire import Hello, Ping, Pressed, Said, Seen, parse
from channels.words import accept_words
from core.errors import BadInput
from core.spans import TextSpan
from language.cards import MASK, find_cards, mask_cards


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("my card is 4111 1111 1111 1111", TextSpan(11, 30)),
        ("my card is 4111 1111 1111 1112", None),  # checksum fails
        ("4111111111111111", TextSpan(0, 16)),
        ("4111-1111-1111-1111.", TextSpan(0, 19)),
        ("4111–1111–1111–1111", TextSpan(0, 19)),
        ("amex 3782 822463 10005 ok", TextSpan(5, 22)),
        ("two: 12 4111 1111 1111 1111", TextSpan(8, 27)),  # a number before it
        ("4111 1111 1111 1111 12/27 123", TextSpan(0, 19)),  # expiry and code behind it
        ("4222222222222", TextSpan(0, 13)),  # the shortest
        ("6304000000000000000", TextSpan(0, 19)),  # the longest
        ("٤١١١ ١١١١ ١١١١ ١١١١", TextSpan(0, 19)),  # the digits of another script
        ("41111111111111110000000000", None),  # too long to be a card
        ("order HP-10442, postcode BN1 4GH", None),
        ("call 020 7946 0958", None),
        ("4111 1111", None),
    ],
)
def test_find_cards_in_a_text(text: str, span: TextSpan | None) -> None:
    assert find_cards(text) == (() if span is None else (span,))


def test_find_cards_knows_each_digit() -> None:
    numbers = [f"{n * 7919:012d}{check}" for n in range(1, 200) for check in range(10)]
    found = [number for number in numbers if find_cards(number)]
    assert len(found) == 199, "exactly one check digit fits each number"


def test_mask_cards_keeps_length_and_finds_two() -> None:
    text = "4111 1111 1111 1111 and 5500 0000 0000 0004"
    assert mask_cards(text) == f"{MASK * 19} and {MASK * 19}"


@pytest.mark.parametrize(
    "text",
    [
        "agent",
        "Agent!",
        "operator please",
        "a person",
        "HUMAN",
        "human please",
        "real person please",
        "talk to someone",
        "I want to talk to a person",
        "can I speak to someone?",
        "can i talk to someone about my sofa",
        "Please put me through to an agent.",
        "I'd like to speak to an advisor",
        "get me a human",
        "let me talk to your colleague",
        "is there somebody I can talk to",
        "I need a human",
        "customer service",
        "no, I want an agent now",
        "talk to a person, please, now",
        "agent today please",
        "Can I talk to a person please about about my about order about that?",
        TALK_TO_A_PERSON,
    ],
)
def test_asks_for_person_when_that_is_all_it_says(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "is there a person who delivers?",
        "are you a person?",
        "I talked to an agent yesterday",
        "the delivery person was rude",
        "I need a person to sign for the parcel",
        "don't put me through to an agent",
        "I do not want to talk to a person",
        "what does an operator do?",
        "do you sell Agent Orange paint",
        "someone",
        "personal details",
        "talk to a person about",
        "talk to a person about " + "x" * 200,  # too long for a plain request
        "4",
        "",
    ],
)
def test_asks_for_person_leaves_the_rest_to_the_bot(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "talk to a person" + " about a" * 20 + " " + "x" * 250 + "\n?!",
        "talk to a person" + " about a" * 20 + " thanks about",
        "let me " * 27 + "!",
        "i would like to " * 12 + "x",
        "human " * 33,
        "agent" + ", please" * 24 + "x",
        "talk to a person" + ", " * 90,
        "1 " * 2000,
        "12" * 2000,
        "4111 1111 1111 1112 " * 200,
        "1- " * 1300,
    ],
)
def test_hostile_repetitions_take_no_time(text: str) -> None:
    begun = time.perf_counter()
    asks_for_person(text)
    mask_cards(text)
    assert time.perf_counter() - begun < 1.5  # milliseconds when sound, many seconds when not


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  hello \n", "hello"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("half \ud800 sign", "half  sign"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 100, "x" * 100),
    ],
)
def test_accept_words_cleans_without_cutting(text: str, kept: str) -> None:
    assert accept_words(text, limit=100) == kept


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x01", "x" * 101])
def test_accept_words_refuses_nothing_and_too_much(text: str) -> None:
    with pytest.raises(BadInput, match=r"empty|101 characters; at most 100"):
        accept_words(text, limit=100)


def test_doorkeeper_knows_only_its_own_tokens() -> None:
    door = Doorkeeper(b"key")
    token = door.issue()
    half, _, seal = token.partition(".")
    visitor = door.find_visitor(token)
    assert visitor is not None
    assert visitor.value == half
    for other in (None, 7, "", half, f"{half}x.{seal}", f"{half}.{seal[:-1]}", "é.x", "." + seal):
        assert door.find_visitor(other) is None
    assert Doorkeeper(b"other key").find_visitor(token) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"hello","token":null,"after":null}', Hello(None)),
        (
            '{"type":"hello","token":"t","after":{"conversation":"c1","position":3}}',
            Hello("t", "c1", 3),
        ),
        ('{"type":"say","id":"m1","text":"hi"}', Said("m1", "hi")),
        ('{"type":"person","id":"m1"}', Said("m1", TALK_TO_A_PERSON)),
        ('{"type":"press","id":"m1","button":"b1"}', Pressed("m1", "b1")),
        ('{"type":"seen","conversation":"c1","position":0}', Seen("c1", 0)),
        ('{"type":"ping"}', Ping()),
    ],
)
def test_parse_reads_each_kind(text: str, message: object) -> None:
    assert parse(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "[" * 100_000,
        "{}",
        '{"type":"take"}',
        '{"type":"say","id":"m1"}',
        '{"type":"say","id":"bot:m1:0","text":"hi"}',  # the bot's ids are not to be had
        '{"type":"say","id":"../x","text":"hi"}',
        '{"type":"say","id":7,"text":"hi"}',
        '{"type":"press","id":"m1","button":"/give_postcode{}"}',
        '{"type":"seen","conversation":"c1","position":true}',
        '{"type":"seen","conversation":"c1","position":-2}',
        '{"type":"hello","token":7}',
        '{"type":"hello","after":"c1"}',
    ],
)
def test_parse_refuses_the_rest(text: str) -> None:
    with pytest.raises(BadInput):
        parse(text)


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        (None, "127.0.0.1:8080", True),  # no browser
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("https://Chat.example.org", "chat.example.org", True),
        ("https://evil.example", "127.0.0.1:8080", False),
        ("http://127.0.0.1:9999", "127.0.0.1:8080", False),
        ("null", "127.0.0.1:8080", False),
    ],
)
def test_origin_of_another_page_is_refused(origin: str | None, host: str, is_own: bool) -> None:
    assert is_own_origin(origin, host) is is_own


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("8.8.8.8", "10.0.0.1", "8.8.8.8"),  # no proxy of ours
        ("127.0.0.1", "", None),
        ("::1", "", None),
        ("127.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.2", "made up, 8.8.8.8", "8.8.8.8"),  # a proxy in the own network
        ("10.0.0.2", "", "10.0.0.2"),
        ("127.0.0.1", "unknown", "unknown"),
        ("2a00:1450:4001:800::1", "", "2a00:1450:4001:800::/64"),
        ("2a00:1450:4001:800:9::2", "", "2a00:1450:4001:800::/64"),
        ("::ffff:8.8.8.8", "", "8.8.8.8"),
        (None, "", None),
    ],
)
def test_find_address_trusts_own_proxies_only(
    remote: str | None, forwarded: str, address: str | None
) -> None:
    assert find_address(remote, forwarded) == address


def test_pace_allows_a_burst_and_then_one_a_second() -> None:
    seconds = [0.0]
    pace = Pace(burst=2.0, per_second=1.0, clock=lambda: seconds[0])
    assert [pace.allows() for _ in range(3)] == [True, True, False]
    seconds[0] = 1.0
    assert [pace.allows() for _ in range(2)] == [True, False]
