"""Sensitive matters are found, and what only looks like them is not."""

from pathlib import Path

import pytest

from channels.topics import Place, Topics, load_topics
from core.errors import BadSettings
from language.pipeline import Pipeline

SHIPPED = load_topics()
TOPICS = Topics(SHIPPED, Pipeline())


def found(text: str) -> str | None:
    topic = TOPICS.find(text)
    return topic.name if topic else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I want to kill myself", "self_harm"),
        ("honestly I don't want to live", "self_harm"),
        ("I just can't cope any more, I don't want to be here", "self_harm"),
        ("I can't go on like this", "self_harm"),
        ("there's no point in going on", "self_harm"),
        ("honestly whats the point of living anymore", "self_harm"),
        ("i feel like ending it all", "self_harm"),
        ("i cant do this anymore, i want it all to end", "self_harm"),
        ("no one would miss me if i was gone", "self_harm"),
        ("I might as well be dead", "self_harm"),
        ("the lamp you sent gave me a little shock when i touched it", "emergency"),
        ("i got a shock off the floor lamp, its sparking", "emergency"),
        ("that lamp gave my daughter a shock", "emergency"),
        ("The price gave me a shock when I saw it", None),
        ("end it all there please", None),
        ("I want it to end at the wall", None),
        ("I can't cope with everything at the moment", "vulnerable"),
        ("what data do you hold about me", "regulator"),
        ("what information have you got about me", "regulator"),
        ("I think I can smell gas near the heater", "emergency"),
        ("The lamp caught fire!", "emergency"),
        ("there is a burning smell from the lamp in order 10442", "emergency"),
        ("my new lamp smells of burning", "emergency"),
        ("the candle smells lovely when it is burning", None),
        ("there are sparks coming out of the plug", "emergency"),
        ("You'll hear from my solicitor", "legal"),
        ("I'll see you in court", "legal"),
        ("I'm going to sue", "legal"),
        ("I will report you to trading standards.", "legal"),
        ("I'm going to the ombudsman", "regulator"),
        ("please delete all my personal data", "regulator"),
        ("This is a GDPR request", "regulator"),
        ("your driver was racist to me", "discrimination"),
        ("I was discriminated against", "discrimination"),
        ("My husband has just died and I can't find the order", "bereaved"),
        ("my husband passed away and I need to cancel his order", "bereaved"),
        ("there's been a death in the family", "bereaved"),
        ("i have dementia and get confused", "vulnerable"),
        ("I have had a stroke", "vulnerable"),
        ("i can't afford to pay, i'm behind with rent", "hardship"),
        ("I'm blind, so I cannot read the label", "vulnerable"),
        ("I lost my job and I cannot afford it", "hardship"),
        ("This is ridiculous", "annoyed"),
        ("I already told you that", "annoyed"),
        ("useless bot", "annoyed"),
        ("Where is my order?", None),
        ("I want to complain", None),
        ("", None),
        ("😀" * 50, None),
    ],
)
def test_a_matter_is_found(text: str, name: str | None) -> None:
    assert found(text) == name


@pytest.mark.parametrize(
    ("name", "text"), [(t.name, near) for t in SHIPPED for near in t.near_misses]
)
def test_what_only_looks_like_a_matter_is_passed_over(name: str, text: str) -> None:
    assert found(text) is None, name


def test_every_topic_has_near_misses_and_words() -> None:
    assert [topic.name for topic in SHIPPED if len(topic.near_misses) < 4] == []
    assert {t.name for t in SHIPPED if t.place is Place.INSTEAD} == {"self_harm", "emergency"}


def test_the_gravest_matter_comes_first() -> None:
    assert found("My solicitor knows that I want to kill myself") == "self_harm"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: {place: never, words: x, phrases: [b]}", ":1: a.place: 'never' is not one of"),
        ("a: {place: with, words: x, phrases: ['(b']}", ":1: a.phrases[0]: "),
        ("a: {place: with, phrases: [b]}", "the key 'words' is missing"),
        ("a: {place: with, words: x, phrases: [b], nots: [c]}", "unknown key"),
        ("", "the file is empty"),
        ("[", "not YAML"),
    ],
)
def test_a_wrong_file_is_told_by_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "topics.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as caught:
        load_topics(path)
    assert complaint in str(caught.value)


def test_no_file_is_told() -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        load_topics(Path("no-such-file.yml"))
