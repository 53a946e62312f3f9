"""How a conversation went between the two sides, in some fifty measures with a plain direction.

Who answers what was asked, who has to repeat, how curtly the agent writes, how it ends. `SIGNS`
says beforehand which way each may count for a calm and helpful agent, so that a judge of few
examples cannot learn the opposite.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qa.judges.digest import COMPARED, SHORT, Talk
from qa.judges.sides import Side, readers
from qa.judges.tone import TONES
from qa.vectors import Floats

# Thresholds were set beforehand by reading, not tried out.
SAME, ALIKE, SAME_MATTER = 0.95, 0.9, 0.8  # likeness of turns: word for word, nearly, in substance
LIKELY, RATHER = 0.5, 0.4  # chances of an act
END = 3  # of the customer's turns
NEUTRAL, NEUTRAL_ANSWER = 0.3, 0.4  # likeness of an answer, where there was no turn or no question
_GOOD, _BAD = ("joy", "gratitude", "praise"), ("anger", "disapproval")
_TROUBLE = ("complain", "confused", "repeat", "correct", "chase", "quit")
_POLITE = re.compile(
    r"\b(please|could|may i|thank|happy|great|sure|excellent|glad|welcome|of course|enjoy|alright"
    r"|good)\b"
)
_SORRY = re.compile(r"\b(sorry|unfortunately|apolog\w*)\b")
_STOP = re.compile(r"[.?!)]\s*$")
# 1: may only count for calm and helpful, -1: only against, 0: either.
SIGNS: Mapping[str, int] = {
    "customer pleased": 1, "customer pleased at the end": 1, "customer thanks": 1,
    "customer thanks turns": 1, "customer never thanks": -1, "customer closes": 1,
    "customer exclaims": 1, "customer exclaims at the end": 1, "customer upset": -1,
    "customer upset at the end": -1, "customer in trouble": -1, "customer in trouble mean": -1,
    "customer said it already": -1, "customer repeats": -1, "customer ends asking": -1,
    "customer words": 0,
    "agent repeats": -1, "agent repeats in a row": -1, "agent asks again": -1, "agent lost": -1,
    "agent refuses": -1, "agent greets late": -1, "agent done": 1, "agent offers more": 1,
    "agent says goodbye": 1, "agent ends with goodbye": 1, "agent ends badly": -1,
    "outcome good": 1, "outcome bad": -1, "agent words": 1, "agent short": -1,
    "agent lower case": -1, "agent without full stop": -1, "agent polite": 1,
    "agent exclaims": 1, "agent sorry": -1,
    "questions": 0, "unanswered": -1, "unanswered share": -1, "answers likeness": 1,
    "answers least likeness": 1, "replies likeness": 0, "turns": 0,
}  # fmt: skip


def manner(talk: Talk) -> Floats:
    """The measures in the order of `SIGNS`: float32, (len(SIGNS),); 0 of a side without turns."""
    told = _replies(talk)
    if talk.customer.turns:
        told |= _customer(talk.customer)
    if talk.house.turns:
        told |= _agent(talk.house)
    return np.array([told.get(name, 0.0) for name in SIGNS], dtype=np.float32)


def _customer(side: Side) -> dict[str, float]:
    feelings, acts = readers().feelings.labels, readers().customer.labels
    pleased = side.feelings[:, _places(feelings, _GOOD)].sum(axis=1)  # (n,)
    upset = side.feelings[:, _places(feelings, _BAD)].sum(axis=1)
    low = upset + side.feelings[:, _places(feelings, ("sadness", "confusion"))].sum(axis=1)
    trouble = side.acts[:, _places(acts, _TROUBLE)].sum(axis=1)
    thanks, ends = (side.acts[:, acts.index(name)] for name in ("thanks", "end"))
    said = {name: side.tones[:, TONES.index(name)] for name in ("thanks", "again", "exclaims")}
    words = np.array([len(turn.text.split()) for turn in side.turns])
    again = _earlier(side) > SAME_MATTER
    return {
        "customer pleased": pleased.mean(),
        "customer pleased at the end": pleased[-END:].mean(),
        "customer thanks": thanks.max(),
        "customer thanks turns": np.log1p((said["thanks"] > 0).sum()),
        "customer never thanks": not said["thanks"].any(),
        "customer closes": thanks[-1] + ends[-1],
        "customer exclaims": np.log1p(said["exclaims"].sum()),
        "customer exclaims at the end": said["exclaims"][-2:].any(),
        "customer upset": upset.max(),
        "customer upset at the end": low[-END:].mean(),
        "customer in trouble": trouble.max(),
        "customer in trouble mean": trouble.mean(),
        "customer said it already": said["again"].any(),
        "customer repeats": np.log1p((again & (words > SHORT + 1)).sum()),
        "customer ends asking": "?" in side.turns[-1].text,
        "customer words": np.log1p(words.mean()),
    }


def _agent(side: Side) -> dict[str, float]:
    labels = readers().house.labels
    act = {name: side.acts[:, place] for place, name in enumerate(labels)}  # each (n,)
    bad, good = np.maximum(act["refuse"], act["lost"]), np.maximum(act["done"], act["answer"])
    earlier = _earlier(side)
    in_a_row = (side.vectors[1:] * side.vectors[:-1]).sum(axis=1) > ALIKE
    matter = np.flatnonzero((act["bye"] < LIKELY) & (act["more"] < LIKELY))
    style = np.mean([_style(turn.text) for turn in side.turns], axis=0)
    return {
        "agent repeats": np.log1p((earlier > SAME).sum()),
        "agent repeats in a row": np.log1p(in_a_row.sum()),
        "agent asks again": np.log1p(((earlier > ALIKE) & (act["ask"] > LIKELY)).sum()),
        "agent lost": np.log1p((act["lost"] > RATHER).sum()),
        "agent refuses": np.log1p((act["refuse"] > RATHER).sum()),
        "agent greets late": (act["greet"][1:] > 0.6).sum(),
        "agent done": act["done"].max(),
        "agent offers more": act["more"].max(),
        "agent says goodbye": act["bye"].max(),
        "agent ends with goodbye": act["bye"][-1],
        "agent ends badly": bad[-1],
        "outcome good": good[matter[-1]] if len(matter) else 0.0,
        "outcome bad": bad[matter[-1]] if len(matter) else 0.0,
        "agent words": np.log1p(style[0]),
        "agent short": style[1],
        "agent lower case": style[2],
        "agent without full stop": style[3],
        "agent polite": style[4],
        "agent exclaims": style[5],
        "agent sorry": style[6],
    }


def _replies(talk: Talk) -> dict[str, float]:
    """What the agent said right after each of the customer's turns, and whether it answered."""
    pairs = _pairs(talk)
    asked, given = pairs[:, 0], pairs[:, 1]
    alike = (talk.customer.vectors[asked] * talk.house.vectors[given]).sum(axis=1)
    marks = talk.customer.tones[:, TONES.index("asks")] > 0
    questions = marks | (talk.customer.acts[:, _customer_act("question")] > LIKELY)
    is_question = questions[asked]
    asks, lost = (talk.house.acts[given, _agent_act(name)] for name in ("ask", "lost"))
    missed = (is_question & ((asks > LIKELY) | (lost > RATHER))).sum()
    answers = alike[is_question]
    return {
        "questions": np.log1p(is_question.sum()),
        "unanswered": np.log1p(missed),
        "unanswered share": missed / (is_question.sum() + 1),
        "answers likeness": answers.mean() if len(answers) else NEUTRAL_ANSWER,
        "answers least likeness": answers.min() if len(answers) else NEUTRAL_ANSWER,
        "replies likeness": alike.mean() if len(alike) else NEUTRAL,
        "turns": np.log1p(len(talk.customer.turns) + len(talk.house.turns)),
    }


def _pairs(talk: Talk) -> npt.NDArray[np.int64]:
    """Places of a customer's turn and of the agent's turn right behind it: (n, 2)."""
    customer = {turn.id: place for place, turn in enumerate(talk.customer.turns)}
    house = {turn.id: place for place, turn in enumerate(talk.house.turns)}
    order = [one for one in talk.order if one in customer or one in house]
    pairs = [
        (customer[one], house[after])
        for one, after in pairwise(order)
        if one in customer and after in house
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _earlier(side: Side) -> Floats:
    """How alike each of the last turns is to the nearest before it; of the first, 0."""
    rows = side.vectors[-COMPARED:]
    likeness = np.tril(rows @ rows.T, -1).max(axis=1, initial=0.0)
    return np.concatenate([np.zeros(len(side.vectors) - len(rows)), likeness])


@lru_cache(maxsize=4096)
def _style(text: str) -> tuple[float, ...]:
    """Words, whether so few that it is curt, and how it is written; agents say the same often."""
    words, low = len(text.split()), text.lower()
    return (
        words,
        words <= SHORT + 1,
        text[:1].islower(),
        _STOP.search(text) is None,
        _POLITE.search(low) is not None,
        "!" in text,
        _SORRY.search(low) is not None,
    )


def _places(labels: Collection[str], wanted: Collection[str]) -> list[int]:
    return [place for place, label in enumerate(labels) if label in wanted]


@cache
def _customer_act(name: str) -> int:
    return readers().customer.labels.index(name)


@cache
def _agent_act(name: str) -> int:
    return readers().house.labels.index(name)
