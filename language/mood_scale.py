"""What values of mood mean. Models spread them differently, so each has borders of its own.

A trace keeps its model's name, so an old one is read by the scale that it was made with.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Borders in mood, -1..1.

    `bad`, `good`: a text at or beyond them is negative, positive. `low`: a low point, an unhappy
    turn and not only a dry one. `alarming`: two such turns of three offer a person in a chat.
    `level`: the least mean of a conversation that is still well. `turned`: a change that counts;
    smaller ones come and go with a word. `margin`: so near to a limit an answer is less sure.
    """

    bad: float
    good: float
    low: float
    alarming: float
    level: float
    turned: float
    margin: float


# VADER's borders are its own, README "About the Scoring". The others are by eye on dialogues
# between people; benchmarks/handoff/README.md, "Mood", says how many they find.
LEXICON = Scale(bad=-0.05, good=0.05, low=-0.3, alarming=-0.4, level=-0.2, turned=0.3, margin=0.15)
# Picked with the head that read all six layers, and kept with the one that reads three. `bad` and
# `good` from the choosing halves of two sets, docs/benchmarks.md, "Sentiment". The others from the
# development half of the dialogues above, 1,412 of which 4 % had an annoyed customer: two turns of
# three beyond `alarming` come in 7 % of them (13 % annoyed), a fall by `turned` in 5 % (12 %), a
# mean below `level` in 5 % (14 %), a turn beyond `low` in 38 %, as with the lexicon.
TRAINED = Scale(bad=-0.4, good=0.4, low=-0.7, alarming=-0.7, level=-0.4, turned=0.4, margin=0.2)
TRAINED_NAME = "parley-sentiment-"


def scale_of(model: str) -> Scale:
    """The scale of a model, by the name that stands in a trace."""
    return TRAINED if model.startswith(TRAINED_NAME) else LEXICON
