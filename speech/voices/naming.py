"""Whose voice is whose: the agent by an enrolled voice or by what is said, or nobody at all.

A role is given when the odds for it are clear and withheld otherwise: a call with unknown roles
is scored by nobody, a call with swapped roles is scored wrongly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.conversation import Role
from speech.turns import Speaker
from speech.voices.clues import LANGUAGE, Clue, clues_in
from speech.voices.segmentation import Array

SURE = 0.85  # probability from which a role is given; 0 of 2,899 dialogues were named wrongly at it
# Cosine of an enrolled voice from which it is recognised, and how much nearer than the call's other
# voices it must be. The same person elsewhere in a call gave 0.96 and more, 0.76 to 0.89 in noise;
# two people at most 0.85. benchmarks/speech "Voices".
RECOGNISED = 0.88
NEARER = 0.05
MOST_REASONS = 3  # that a note names


@dataclass(frozen=True, slots=True, eq=False)
class KnownVoice:
    """An agent's voice as it was enrolled: name, unit vector, and what made the vector."""

    name: str
    vector: Array
    model: str


@dataclass(frozen=True, slots=True)
class Naming:
    """The speakers of a call by voice, and sentences for people on how they were told apart."""

    speakers: tuple[Speaker, ...]
    notes: tuple[str, ...]


def name_voices(
    lines: Sequence[Sequence[str]],
    vectors: Array,
    *,
    known: Sequence[KnownVoice] = (),
    company: str = "",
    language: str = LANGUAGE,
) -> Naming:
    """Give each voice a role, or none.

    Args:
        lines: what each voice said, in order, one sequence a voice.
        vectors: the voices, unit length, shape (voices, n).
        known: enrolled agents whose vectors the same networks made.
        company: the house's name.
        language: of the call; words tell nothing in any other than English.
    """
    names, notes = _recognised(vectors, known)
    clues = [
        tuple(clues_in(said, company=company)) if language == LANGUAGE else () for said in lines
    ]
    if names:
        roles = _beside_known(len(lines), names)
    else:
        roles, note = _by_words(clues)
        notes.append(note)
    return Naming(
        speakers=tuple(
            Speaker(f"voice {voice + 1}", role, names.get(voice))
            for voice, role in enumerate(roles)
        ),
        notes=tuple(notes),
    )


def _recognised(vectors: Array, known: Sequence[KnownVoice]) -> tuple[dict[int, str], list[str]]:
    """The voices that an enrolled one is like, and like no other in the call."""
    names: dict[int, str] = {}
    notes: list[str] = []
    for each in known:
        likeness = vectors @ each.vector if len(vectors) else np.zeros(0)
        if not len(likeness):
            continue
        best = int(likeness.argmax())
        rest = float(np.delete(likeness, best).max(initial=-1.0))
        better = best not in names or float(likeness[best]) > _likeness(vectors, best, known, names)
        if likeness[best] >= RECOGNISED and likeness[best] - rest >= NEARER and better:
            names[best] = each.name
    for voice, name in sorted(names.items()):
        alike = _likeness(vectors, voice, known, names)
        notes.append(f"Voice {voice + 1} is {name}'s, as enrolled ({alike:.2f} alike).")
    return names, notes


def _likeness(
    vectors: Array, voice: int, known: Sequence[KnownVoice], names: dict[int, str]
) -> float:
    return max(float(vectors[voice] @ each.vector) for each in known if each.name == names[voice])


def _beside_known(count: int, names: dict[int, str]) -> list[Role]:
    """A known agent's call with one other voice is with a customer; of more, nobody knows."""
    others = Role.CUSTOMER if count - len(names) == 1 else Role.UNKNOWN
    return [Role.AGENT if voice in names else others for voice in range(count)]


def _by_words(clues: Sequence[Sequence[Clue]]) -> tuple[list[Role], str]:
    """Roles from what was said: the likeliest agent against the likeliest customer."""
    if not clues:
        return [], "No voice was found."
    scores = [sum(clue.weight for clue in said) for said in clues]
    agent, customer = max(range(len(scores)), key=scores.__getitem__), _least(scores)
    if len(scores) == 1:
        return _alone(scores[0], clues[0])
    sure = _probability(scores[agent] - scores[customer])
    if sure < SURE:
        return [Role.UNKNOWN] * len(scores), (
            "Which voice is the agent's is not clear from what was said "
            f"({max(sure, 0.5):.2f} sure, {SURE:g} is needed), so the roles are unknown."
        )
    roles = [_own_role(score) for score in scores]  # of a third voice; the two ends are clear
    roles[agent], roles[customer] = Role.AGENT, Role.CUSTOMER
    return roles, (
        f"Voice {agent + 1} is the agent's ({sure:.2f} sure), from what was said: "
        f"{_reasons(clues[agent], clues[customer])}."
    )


def _alone(score: float, clues: Sequence[Clue]) -> tuple[list[Role], str]:
    sure, role = _probability(abs(score)), _own_role(score)
    if role is Role.UNKNOWN:
        return [role], "One voice speaks, and what it says does not tell whose it is."
    told = [clue.name for clue in clues if (clue.weight > 0) == (score > 0)][:MOST_REASONS]
    return [role], f"One voice speaks, the {role}'s ({sure:.2f} sure): it {', '.join(told)}."


def _own_role(score: float) -> Role:
    """The role that a voice's own words are clear about."""
    if _probability(abs(score)) < SURE:
        return Role.UNKNOWN
    return Role.AGENT if score > 0 else Role.CUSTOMER


def _reasons(agent: Sequence[Clue], customer: Sequence[Clue]) -> str:
    """The clues that weigh most, in words."""
    said = sorted((clue for clue in agent if clue.weight > 0), key=lambda clue: -clue.weight)
    if said:
        return "it " + ", ".join(clue.name for clue in said[:MOST_REASONS])
    told = sorted((clue for clue in customer if clue.weight < 0), key=lambda clue: clue.weight)
    return "the other " + ", ".join(clue.name for clue in told[:MOST_REASONS])


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _least(scores: Sequence[float]) -> int:
    """The last of the lowest, so that it is another voice than the first of the highest."""
    return max(range(len(scores)), key=lambda voice: (-scores[voice], voice))
