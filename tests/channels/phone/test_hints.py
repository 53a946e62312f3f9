"""Hints come from the intents' own examples, the present menu and the house's names."""

from channels.phone.hints import LONGEST, MOST, hints, shipped_phrases


def test_the_examples_of_every_intent_give_short_phrases() -> None:
    phrases = shipped_phrases()
    assert "where is my order" in phrases
    assert 40 <= len(phrases) <= 150
    assert not any("[" in phrase or any(sign.isdigit() for sign in phrase) for phrase in phrases)


def test_what_is_offered_now_comes_before_what_is_always_said() -> None:
    listed = hints(["Harbour & Pine"], ["Return something", "a, b"], digits=5).split(",")
    assert listed[:2] == ["$OOV_CLASS_ALPHANUMERIC_SEQUENCE", "$OOV_CLASS_DIGIT_SEQUENCE"]
    assert listed.index("Return something") < listed.index("operator")
    assert {"Harbour & Pine", "a  b"} <= set(listed)
    assert len(listed) <= MOST and all(len(one) <= LONGEST for one in listed)
