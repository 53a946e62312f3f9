"""Whose voice is whose: the agent by an enrolled voice or by what is said, or nobody at all.

A role is given when the odds for it are clear and withheld otherwise: a call with unknown roles
is scored by nobody, a call with swapped roles is scored wrongly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.conversation import Role, Turn
from speech.channel_notes import why
from speech.channel_roles import FoundAgent, find_agent
from speech.turns import Speaker
from speech.voices.segmentation import Array

LANGUAGE = "en"  # of the cues; words tell nothing in another
# Cosine of an enrolled voice from which it is recognised, and how much nearer than the call's other
# voices it must be. The same person elsewhere in a call gave 0.96 and more, 0.76 to 0.89 in noise;
# two people at most 0.85. benchmarks/speech "Voices".
RECOGNISED = 0.88
NEARER = 0.05


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
    turns: Sequence[Turn],
    vectors: Array,
    *,
    count: int,
    known: Sequence[KnownVoice] = (),
    company: str = "",
    language: str = LANGUAGE,
) -> Naming:
    """Give each of `count` voices a role, or none.

    Args:
        turns: of the call, each with its voice's label.
        vectors: the voices, unit length, shape (voices, n).
        known: enrolled agents whose vectors the same networks made.
        company: the name by which the house answers the telephone.
        language: of the call.
    """
    names, notes = _recognised(vectors, known)
    if names:
        roles = _beside_known(count, names)
    else:
        roles, note = _by_words(turns, count, company=company, language=language)
        notes.append(note)
    return Naming(
        speakers=tuple(
            Speaker(label_of(voice), role, names.get(voice)) for voice, role in enumerate(roles)
        ),
        notes=tuple(notes),
    )


def label_of(voice: int) -> str:
    """'voice 1', for people and for `Speech.speaker`."""
    return f"voice {voice + 1}"


def named(turns: Sequence[Turn], naming: Naming) -> tuple[Turn, ...]:
    """The same turns with the roles and names of their voices."""
    speakers = {speaker.label: speaker for speaker in naming.speakers}
    found = ((turn, speakers[(turn.speech and turn.speech.speaker) or ""]) for turn in turns)
    return tuple(replace(turn, role=who.role, author=who.name) for turn, who in found)


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


def _by_words(
    turns: Sequence[Turn], count: int, *, company: str, language: str
) -> tuple[list[Role], str]:
    """Roles from what the two voices said that say most; a third's stays unknown."""
    unknown = [Role.UNKNOWN] * count
    two = _two_that_say_most(turns)
    if len(two) < 2:
        return unknown, "One voice speaks, so whose it is stays unknown."
    said = [turn for turn in turns if turn.speech and turn.speech.speaker in two]
    found = find_agent(said, company=company) if language == LANGUAGE else None
    if found is None or not found.is_sure:
        return unknown, _unclear(found)
    roles = {one: Role.AGENT if one == found.speaker else Role.CUSTOMER for one in two}
    note = f"The agent is {found.speaker} by what is said ({why(found)})."
    return [roles.get(label_of(voice), Role.UNKNOWN) for voice in range(count)], note


def _unclear(found: FoundAgent | None) -> str:
    """What was tried, with the little that was found."""
    tried = f" ({why(found)})" if found else ""
    return f"What is said does not tell which voice is the agent's, so both stay unknown{tried}."


def _two_that_say_most(turns: Sequence[Turn]) -> list[str]:
    """The labels of the voices with most words."""
    words: dict[str, int] = {}
    for turn in turns:
        if turn.speech and turn.speech.speaker:
            label = turn.speech.speaker
            words[label] = words.get(label, 0) + len(turn.text.split())
    return sorted(words, key=lambda label: (-words[label], label))[:2]
